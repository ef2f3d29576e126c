"""One month, from the inbox to the mail, the way the command line runs it."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from cli.lines.trace import trace_lines
from domain import wording
from domain.errors import KetnghiaError, NothingToReport, NotReleasable, UnknownFigure
from domain.findings import Verdict
from domain.period import Period
from domain.reference import Reference
from domain.standing import Standing
from reports.pdf.inspect import numbers_in, open_pdf
from samples.months import sample_month
from services.queries.traced import Traced
from services.settings import Settings
from storage import archive, editions, submissions
from storage.database import open_database
from storage.edition_files import pdf_path
from tests.commands import (
    arrive,
    collect_submissions,
    export,
    find_by_text,
    monthly_report,
    release,
    send_report,
    status,
    trace,
    verify_edition,
)

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")
Fill = Callable[..., None]


@pytest.fixture(scope="module")
def collected_home(tmp_path_factory: pytest.TempPathFactory, sample_registers: Path, fill: Fill) -> Path:
    """A home in which January and February 2024 are collected; each test gets a copy."""
    home = tmp_path_factory.mktemp("collected") / "home"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    settings = Settings(home=home, _env_file=None)
    fill(settings, "2024-01", "2024-02")
    collect_submissions(settings)
    return home


@pytest.fixture
def month(tmp_path: Path, collected_home: Path) -> Settings:
    """January and February 2024 collected."""
    home = tmp_path / "month"
    shutil.copytree(collected_home, home, symlinks=True)
    return Settings(home=home, _env_file=None)


def workbook_of_pleiku(month: Settings) -> bytes:
    """The first file that Pleiku sent, of January."""
    with open_database(month.ledger_url) as database, database.read() as session:
        [record] = submissions.counting_submissions(session, ["2024-01"], unit_code="622")
    return archive.place_of(month.archive, record.sha256).read_bytes()


def cells(traced: Traced) -> int:
    return sum(int(float(cell.value)) for cell in traced.cells)


def test_an_honest_month_has_every_kind_of_unit(month: Settings) -> None:
    found = status(month, FEBRUARY)
    assert (found.expected, found.accepted) == (17, 15)
    assert [found.missing, found.rejected, found.late, found.nil] == [["627"], ["633"], ["625"], ["631"]]
    states = {row.unit.code: (row.standing, row.notes) for row in found.units}
    assert states["622"] == (Standing.REVISED, ["lần nộp 2"])
    assert states["635"] == (Standing.ACCEPTED_WITH_WARNINGS, [])


def test_the_same_bytes_are_one_submission_and_acknowledged_as_the_same(month: Settings) -> None:
    assert collect_submissions(month) == []
    (month.inbox / "again.xlsx").write_bytes(workbook_of_pleiku(month))
    [acknowledged] = collect_submissions(month)
    assert (acknowledged.is_again, acknowledged.verdict) == (True, Verdict.ACCEPTED)
    assert collect_submissions(month) == []


def test_every_received_byte_is_kept(month: Settings, sample_reference: Reference) -> None:
    kept = {path.read_bytes() for path in month.archive.rglob("*") if path.is_file()}
    sent = [sample for each in ("2024-01", "2024-02") for sample in sample_month(
        sample_reference, Period.parse(each), with_faults=each == "2024-02")]  # fmt: skip
    assert {sample.content for sample in sent} == kept


def test_what_cannot_be_read_is_kept_answered_and_stops_nothing(settings: Settings, fill_inbox: Fill) -> None:
    fill_inbox("2024-01", with_faults=False)
    settings.inbox.mkdir()
    (settings.inbox / "ghi chú.xlsx").write_bytes(b"not a workbook")
    outcome = collect_submissions(settings)
    assert sorted(str(one.verdict) for one in outcome) == ["accepted"] * 17 + ["unreadable"]
    [answer] = (settings.home / "findings" / "unreadable").iterdir()
    assert "Tệp chỉ là văn bản" in answer.read_text(encoding="utf-8")
    assert status(settings, Period.parse("2024-01")).unexpected


@pytest.mark.prints_anew
def test_the_report_is_the_same_byte_for_byte_and_one_edition(month: Settings) -> None:
    first = monthly_report(month, FEBRUARY)
    content = first.path.read_bytes()
    second = monthly_report(month, FEBRUARY)
    assert (second.edition, second.path.read_bytes()) == (first.edition, content)
    assert not month.mail_sink.exists()


def test_every_number_on_the_page_is_a_figure_of_the_edition(month: Settings) -> None:
    printed = monthly_report(month, FEBRUARY)
    database = open_database(month.ledger_url)
    with database.write() as session:
        figures = editions.figures_of(session, printed.edition.edition_id)
    database.close()
    known = {group for figure in figures for group in numbers_in(figure.text)}
    page = open_pdf(printed.path.read_bytes())
    assert numbers_in(page.text) - known == set()
    assert page.font_families == {"Tinos"}


def test_the_page_says_what_it_is_and_whom_it_counts(month: Settings) -> None:
    page = re.sub(r"\s+", " ", open_pdf(monthly_report(month, FEBRUARY).path.read_bytes()).text)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SỐ LIỆU GIẢ ĐỊNH", "15/17", "Huyện Chư Păh", "31.502 hộ nghèo",
        "8,11%", "6,11%", "hơn 4,5 tỷ đồng", "Nơi nhận:", "TM. ỦY BAN NHÂN DÂN", "Phụ lục I",
    ):  # fmt: skip
        assert words in page, words


def test_every_measured_figure_is_the_sum_of_its_traced_cells(month: Settings) -> None:
    edition = monthly_report(month, FEBRUARY).edition.edition_id
    for figure_id in ("value_total_vnd@period", "value_total_vnd:unit=622@period", "hh_total:activity=QUA_TET@period",
                      "value_total_vnd@cumulative", "value_total_vnd:funding=XHH@period", "poor_exits@period"):  # fmt: skip
        traced = trace(month, edition, figure_id)
        assert str(cells(traced)) == traced.value, figure_id
    ratio = trace(month, edition, "poverty_rate_pct@period")
    poor, households = (cells(part) for part in ratio.parts)
    assert ratio.formula == f"{wording.number(poor)} ÷ {wording.number(households)} = {ratio.text}%"


def test_a_traced_quantity_reads_as_it_was_typed(month: Settings) -> None:
    edition = monthly_report(month, FEBRUARY).edition.edition_id
    traced = trace(month, edition, "tet_gifts@period")
    assert {cell.value for cell in traced.cells} & {"29", "23"}
    assert any(" = 29 · " in line for line in trace_lines(traced))
    assert not any(".000" in cell.value for cell in traced.cells)


def test_a_traced_cell_is_where_the_workbook_has_it(month: Settings) -> None:
    import openpyxl

    edition = monthly_report(month, FEBRUARY).edition.edition_id
    cell = trace(month, edition, "value_total_vnd:unit=623@period").cells[0]
    book = openpyxl.load_workbook(
        io.BytesIO(archive.place_of(month.archive, str(cell.sha256)).read_bytes()), data_only=True
    )
    assert float(book[cell.sheet][cell.cell].value) == float(cell.value)


def test_a_published_number_leads_to_its_article(month: Settings) -> None:
    edition = monthly_report(month, FEBRUARY).edition.edition_id
    [(where, found)] = find_by_text(month, "31.502")
    assert where == edition
    assert "Báo Gia Lai" in trace(month, edition, found.figure_id).explanation
    with pytest.raises(UnknownFigure, match="không in số nào viết là"):
        find_by_text(month, "31.503", edition)
    with pytest.raises(UnknownFigure, match="value_total_vnd"):
        trace(month, edition, "value_total_vnd@nowhere")


def test_nothing_is_sent_that_nobody_released_and_each_recipient_gets_one_mail(month: Settings) -> None:
    edition = monthly_report(month, FEBRUARY).edition.edition_id
    with pytest.raises(NotReleasable, match="ketnghia release"):
        send_report(month, edition)
    release(month, edition, "Nguyễn Văn A")
    first, second = send_report(month, edition), send_report(month, edition)
    assert [mail.is_new for mail in first] == [True] * 3
    assert [mail.is_new for mail in second] == [False] * 3
    assert len(list((month.mail_sink / edition).iterdir())) == 3


def test_an_edited_pdf_is_neither_released_nor_sent(month: Settings) -> None:
    edition = monthly_report(month, FEBRUARY).edition
    path = pdf_path(month.editions, edition.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(NotReleasable, match="bị sửa"):
        release(month, edition.edition_id, "Nguyễn Văn A")


def test_nothing_goes_to_a_recipient_outside_the_allowed_domains(month: Settings) -> None:
    edition = monthly_report(month, FEBRUARY).edition.edition_id
    release(month, edition, "Nguyễn Văn A")
    month.mail_domains = "gialai.gov.vn"
    outcome = send_report(month, edition)
    assert {each.state for each in outcome} == {"deferred"}
    assert all("nằm ngoài các tên miền" in each.answer for each in outcome)
    assert not month.mail_sink.exists()


def test_a_new_revision_voids_an_unsent_release(month: Settings, sample_reference: object) -> None:
    from domain.forms import CURRENT
    from samples.months import _Sample

    edition = monthly_report(month, FEBRUARY).edition.edition_id
    release(month, edition, "Nguyễn Văn A")
    unit = sample_reference.reporting_unit("627", FEBRUARY)  # type: ignore[attr-defined]
    due = sample_reference.calendar.due(FEBRUARY)  # type: ignore[attr-defined]
    late = _Sample(sample_reference, FEBRUARY, unit, CURRENT).file(due)  # type: ignore[arg-type]
    arrive(month, late)
    [outcome] = collect_submissions(month)
    assert outcome.verdict is Verdict.ACCEPTED
    with pytest.raises(NotReleasable, match="627"):
        send_report(month, edition)
    assert monthly_report(month, FEBRUARY).edition.edition_id == "2024-02-2"


def test_what_came_after_an_edition_is_not_known_at_its_moment(month: Settings) -> None:
    before = monthly_report(month, FEBRUARY)
    (month.inbox / "late.xlsx").write_bytes(workbook_of_pleiku(month))
    again = monthly_report(month, FEBRUARY, before.edition.as_of)
    assert again.edition.sha256 == before.edition.sha256


def test_months_are_rolled_up_and_a_month_without_reports_is_no_zero(month: Settings) -> None:
    quarter = monthly_report(month, Period.parse("2024-Q1"))
    january, february = (
        trace(month, monthly_report(month, Period.parse(text)).edition.edition_id, "value_total_vnd@period")
        for text in ("2024-01", "2024-02")
    )
    whole = trace(month, quarter.edition.edition_id, "value_total_vnd@period")
    assert cells(whole) == cells(january) + cells(february)
    with pytest.raises(NothingToReport, match="2023-05"):
        monthly_report(month, Period.parse("2023-05"))


def test_a_report_may_say_that_nobody_has_reported(settings: Settings) -> None:
    printed = monthly_report(settings, FEBRUARY, even_empty=True)
    text = " ".join(open_pdf(printed.path.read_bytes()).text.split())
    assert "0/17 đơn vị có báo cáo được chấp nhận" in text
    assert "chưa có số liệu trong kỳ để tổng hợp" in text
    assert "17 đơn vị chưa báo cáo" in text
    assert verify_edition(settings, printed.path).faults == []
    assert monthly_report(settings, FEBRUARY, even_empty=True).edition.sha256 == printed.edition.sha256


def test_an_export_is_the_same_from_two_separate_ledgers(
    month: Settings, fill: Fill, tmp_path: Path, sample_registers: Path
) -> None:
    twin = Settings(home=tmp_path / "twin", _env_file=None)
    twin.home.mkdir()
    shutil.copytree(sample_registers, twin.home / "reference")
    fill(twin, "2024-01", "2024-02")
    collect_submissions(twin)
    for home in (month, twin):
        monthly_report(home, FEBRUARY)
        counts = export(home, FEBRUARY, home.home / "out")
        assert all(counts[name] for name in ("submissions", "facts", "measures", "figures", "editions"))
    for path in sorted((month.home / "out").iterdir()):
        assert path.read_bytes() == (twin.home / "out" / path.name).read_bytes(), path.name
    facts = [json.loads(line) for line in (month.home / "out" / "facts.jsonl").read_text().splitlines()]
    assert {"unit", "table", "row_key", "column", "value", "sheet", "cell"} <= set(facts[0])
    assert pl.read_parquet(month.home / "out" / "facts.parquet").height == len(facts)


def test_errors_are_sentences_that_say_what_to_do(settings: Settings) -> None:
    for call in (lambda: monthly_report(settings, FEBRUARY), lambda: release(settings, "2024-02-7", "A")):
        with pytest.raises(KetnghiaError, match="ketnghia"):
            call()


def test_a_file_still_being_written_waits(settings: Settings) -> None:
    settings.inbox.mkdir()
    path = settings.inbox / "new.xlsx"
    path.write_bytes(b"half")
    started = time.monotonic()
    outcome = collect_submissions(settings)
    assert [one.verdict for one in outcome] == [Verdict.UNREADABLE]
    assert time.monotonic() - started > 1


def test_the_page_is_the_same_in_another_process_zone_locale_and_hash_seed(month: Settings) -> None:
    here = monthly_report(month, FEBRUARY).edition.sha256
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "report", "2024-02"],
        capture_output=True, text=True, cwd="/", check=False,
        env=os.environ | {"KETNGHIA_HOME": str(month.home), "TZ": "America/Lima", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert f"SHA-256 {here}" in done.stdout, done.stderr


def test_the_same_month_on_postgresql_is_the_same_page(
    month: Settings, fill: Fill, postgres_url: str, tmp_path: Path
) -> None:
    twin = month.model_copy(update={"home": tmp_path / "twin", "database_url": postgres_url})
    shutil.copytree(month.home / "reference", twin.home / "reference")
    fill(twin, "2024-01", "2024-02")
    assert [outcome.verdict for outcome in collect_submissions(twin)].count(Verdict.REJECTED) == 1
    assert monthly_report(twin, FEBRUARY).edition.sha256 == monthly_report(month, FEBRUARY).edition.sha256
