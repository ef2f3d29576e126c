"""Years of history come in as one CSV per table, and are judged by the same rules."""

import csv
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from domain.calendar import VIETNAM
from domain.errors import NothingToReport, UnreadableFile
from domain.findings import Verdict
from domain.indicators import FigureKey
from domain.period import Period, month_range
from domain.reference import Reference
from samples.history import write_sample_history
from services.settings import Settings
from storage.archive import place_of
from tests.commands import collect_submissions, import_history, monthly_report, summary_of, trace

pytestmark = pytest.mark.slow
MARCH_2016 = Period.parse("2016-03")
TOTAL = FigureKey("value_total_vnd")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory, sample_reference: Reference) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    months = [*month_range(Period.parse("2016-02"), MARCH_2016), Period.parse("2024-02")]
    write_sample_history(sample_reference, months, folder, only={"622", "630"})
    return folder


@pytest.fixture
def own_tables(tables: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tables, tmp_path / "tables"))


def change(path: Path, alter: Callable[[dict[str, str]], None]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        alter(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_many_months_come_in_at_once_and_only_once(settings: Settings, tables: Path) -> None:
    outcome = import_history(settings, tables)
    assert [(each.period, each.unit_code) for each in outcome] == [
        (period, unit) for period in ("2016-02", "2016-03", "2024-02") for unit in ("622", "630")
    ]
    assert {each.verdict for each in outcome} == {Verdict.ACCEPTED_WITH_WARNINGS}
    before = summary_of(settings, MARCH_2016, None).value(TOTAL)
    import_history(settings, tables)
    assert summary_of(settings, MARCH_2016, None).value(TOTAL) == before
    assert not (settings.home / "findings").exists()


def test_the_same_month_gives_the_same_figures_as_its_workbooks(
    settings: Settings, tables: Path, fill: Callable[..., None], sample_registers: Path, tmp_path: Path
) -> None:
    import_history(settings, tables)
    other = tmp_path / "workbooks"
    other.mkdir()
    shutil.copytree(sample_registers, other / "reference")
    beside = Settings(home=other, _env_file=None)
    fill(beside, "2024-02", with_faults=False, only={"622", "630"})
    collect_submissions(beside)
    february = Period.parse("2024-02")
    here, there = (summary_of(home, february, None) for home in (settings, beside))
    own, others = (
        {key: found.value for key, found in home.measured.items() if key.basis == "period"} for home in (here, there)
    )
    assert own == others


def test_history_is_known_from_the_day_on_which_it_was_received(settings: Settings, tables: Path) -> None:
    import_history(settings, tables)
    early, late = (datetime(2016, 3, day, 23, 0, tzinfo=VIETNAM) for day in (14, 20))
    with pytest.raises(NothingToReport):
        summary_of(settings, MARCH_2016, early)
    assert summary_of(settings, MARCH_2016, late).coverage.received_reports["period"] == 2


def test_a_figure_of_history_is_traced_to_a_kept_package(settings: Settings, tables: Path) -> None:
    import_history(settings, tables)
    edition = monthly_report(settings, MARCH_2016).edition.edition_id
    traced = trace(settings, edition, "value_total_vnd@period")
    assert str(sum(int(cell.value) for cell in traced.cells)) == traced.value
    assert all(place_of(settings.archive, cell.sha256).is_file() for cell in traced.cells)


def test_what_makes_a_figure_wrong_is_still_an_error_and_stops_no_other(settings: Settings, own_tables: Path) -> None:
    def break_sum(row: dict[str, str]) -> None:
        if (row["unit_code"], row["period"]) == ("622", "2024-02"):
            row["value_total_vnd"] = str(int(row["value_total_vnd"]) + 1_000_000)

    change(own_tables / "activities.csv", break_sum)
    outcome = import_history(settings, own_tables)
    returned = [each for each in outcome if not each.verdict.counts]
    assert [(each.unit_code, each.period, each.verdict) for each in returned] == [("622", "2024-02", Verdict.REJECTED)]
    assert any("E-SUM" in cause for cause in returned[0].causes)
    assert list((settings.home / "findings" / "2024-02").glob("*KN_622_2024-02_v1.txt"))


def test_what_history_brings_back_is_mailed_to_nobody(new_home: Callable[[], Settings], own_tables: Path) -> None:
    def break_sum(row: dict[str, str]) -> None:
        row["value_total_vnd"] = str(int(row["value_total_vnd"]) + 1_000_000)

    settings = new_home()
    mailboxes = "email,unit_code,valid_from,valid_to,note\nvanthu.622@gialai.gov.vn,622,2010-01-01,,\n"
    (settings.home / "reference" / "unit_mailboxes.csv").write_text(mailboxes, encoding="utf-8")
    change(own_tables / "activities.csv", break_sum)
    assert any(not each.verdict.counts for each in import_history(settings, own_tables))
    assert list(settings.mail_sink.rglob("*.eml")) == []


def test_what_only_lacks_paper_is_a_warning(settings: Settings, own_tables: Path) -> None:
    (own_tables / "control_totals.csv").unlink()
    (own_tables / "statements.csv").unlink()

    def forget(row: dict[str, str]) -> None:
        row |= {"description": "", "hh_poor": "", "org_id": ""}

    change(own_tables / "activities.csv", forget)
    outcome = import_history(settings, own_tables)
    assert {each.verdict for each in outcome} == {Verdict.ACCEPTED_WITH_WARNINGS}


def test_a_later_revision_replaces_the_first(settings: Settings, own_tables: Path) -> None:
    import_history(settings, own_tables)
    before = summary_of(settings, MARCH_2016, None).value(FigureKey("poor_households"))

    def raise_revision(row: dict[str, str]) -> None:
        row["revision"] = "2" if row["period"] == "2016-03" else "1"
        if row["period"] == "2016-03" and "poor_close" in row:
            row |= {"poor_close": str(int(row["poor_close"]) + 1), "poor_new": str(int(row["poor_new"]) + 1)}

    for name in ("activities.csv", "households.csv", "control_totals.csv", "statements.csv"):
        change_columns(own_tables / name, raise_revision)
    import_history(settings, own_tables)
    summary = summary_of(settings, MARCH_2016, None)
    assert before is not None
    assert summary.value(FigureKey("poor_households")) > before  # type: ignore[operator]
    assert {state.revision for state in summary.units if state.is_counted} == {2}


def change_columns(path: Path, alter: Callable[[dict[str, str]], None]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        alter(row)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sorted({name for row in rows for name in row}), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_a_folder_that_is_none_is_told_from_one_without_tables(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_text("x")
    (tmp_path / "empty").mkdir()
    for name, told in (("none", "Không có thư mục"), ("file.csv", "là tệp"), ("empty", "không có bảng nào")):
        with pytest.raises(UnreadableFile, match=told):
            import_history(settings, tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("activities.csv", "period,activity_date\n2016-03,2016-03-01\n", "Mã đơn vị báo cáo"),
        ("activities.csv", "unit_code,period,activity_date\n,2016-03,2016-03-01\n", "dòng 2"),
        ("statements.csv", "unit_code,period,received_at\n622,2016-03,hôm qua\n", "hôm qua"),
        ("notes.csv", "a,b\n1,2\n", "không có bảng nào"),
    ],
)
def test_a_table_that_cannot_be_read_is_named_and_nothing_is_taken_in(
    settings: Settings, tmp_path: Path, name: str, text: str, told: str
) -> None:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        import_history(settings, folder)
