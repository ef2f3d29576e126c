"""One altered byte, row or digit is found, and told where it is."""

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, NameObject
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from domain.errors import UnreadableFile
from domain.period import Period
from domain.reference import Reference
from ingest.tables.files import Tables
from reports.pdf.inspect import open_pdf
from samples.months import SampleFile, sample_month
from services.editions import version
from services.run import open_run
from services.settings import PROGRAM, Settings
from services.tables import keep_tables
from storage import editions
from storage.database import open_database
from storage.kept import KeptFiles
from tests.builders import FEBRUARY, edited
from tests.commands import arrive, collect_submissions, monthly_report, release, verify_edition, verify_ledger

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path, printed_months: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(printed_months, home)
    return Settings(home=home, _env_file=None)


def _edit_a_table(settings: Settings) -> None:
    known = (PROGRAM / "reference" / "directives.csv").read_text(encoding="utf-8")
    (settings.home / "reference" / "directives.csv").write_text(
        known + "2031-01-01,Chỉ thị mới,về việc mới\n", encoding="utf-8"
    )


def rewritten(pdf: Path, change: Callable[[pypdf.PdfWriter], Any]) -> Path:
    """The PDF after somebody edited it with a tool."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf.read_bytes()))
    change(writer)
    edited = pdf.with_name("edited.pdf")
    writer.write(edited)
    return edited


@pytest.mark.prints_anew
def test_an_untouched_edition_is_confirmed_from_the_page_down_to_the_ledger(settings: Settings, pdf: Path) -> None:
    check = verify_edition(settings, pdf)
    assert check.faults == []
    told = "; ".join(check.sound)
    for words in (
        "mã kiểm tra ở trang cuối",
        "mọi số trên trang",
        "so-lieu.csv khớp",
        "bản 2024-02-1",
        "ra đúng từng byte",
    ):
        assert words in told, words


def test_a_digit_of_the_attached_data_is_found(settings: Settings, pdf: Path) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        [attached] = [each for each in writer.attachment_list if each.name == "so-lieu.json"]
        text = attached.content.decode()
        value = re.search(r'"id": "value_total_vnd@period".*?"value": "(\d)', text, re.S)
        assert value is not None
        digit = "1" if value[1] != "1" else "2"
        attached.content = (text[: value.start(1)] + digit + text[value.end(1) :]).encode()

    faults = "; ".join(verify_edition(settings, rewritten(pdf, change)).faults)
    assert "mã kiểm tra in ở trang cuối không phải của so-lieu.json" in faults
    assert "value_total_vnd@period" in faults
    assert "không đúng từng byte" in faults


def test_a_number_changed_in_the_text_of_the_page_is_found_even_without_a_ledger(
    settings: Settings, pdf: Path, tmp_path: Path
) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        # The page's own text is covered by another number in a standard font, as an editor would do it.
        page = writer.pages[0]
        stream = DecodedStreamObject()
        stream.set_data(page.get_contents().get_data() + b"\nBT /Times 12 Tf 100 500 Td (77.777,7) Tj ET\n")
        page[NameObject("/Contents")] = writer._add_object(stream)
        fonts = page["/Resources"]["/Font"]
        fonts[NameObject("/Times")] = pypdf.generic.DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Times-Roman"),
            }
        )

    edited = rewritten(pdf, change)
    assert any("77.777,7" in fault for fault in verify_edition(settings, edited).faults)
    elsewhere = Settings(home=tmp_path / "elsewhere", _env_file=None)
    check = verify_edition(elsewhere, edited)
    assert any("77.777,7" in fault for fault in check.faults)
    assert any("không có sổ" in note for note in check.notes)


def test_an_attachment_that_was_taken_out_is_missed(settings: Settings, pdf: Path) -> None:
    def change(writer: pypdf.PdfWriter) -> None:
        for attached in list(writer.attachment_list):
            if attached.name == "so-lieu.csv":
                attached.delete()

    assert any(
        "thiếu tệp đính kèm so-lieu.csv" in fault for fault in verify_edition(settings, rewritten(pdf, change)).faults
    )


def test_a_figure_altered_in_the_ledger_differs_from_the_printed_one(settings: Settings, pdf: Path) -> None:
    _do(
        settings,
        "UPDATE figures SET text = '1,0' WHERE figure_id = 'value_total_vnd@period' AND edition_id = '2024-02-1'",
    )
    faults = "; ".join(verify_edition(settings, pdf).faults)
    assert "value_total_vnd@period" in faults
    assert any("2024-02-1: đã bị sửa" in fault for fault in verify_ledger(settings).faults)


def test_a_row_altered_in_the_ledger_no_longer_gives_the_edition(settings: Settings, pdf: Path) -> None:
    _do(settings, "UPDATE activities SET value_total_vnd = value_total_vnd + 1000000 WHERE source_row = 8")
    faults = "; ".join(verify_edition(settings, pdf).faults)
    assert "lập lại từ sổ được" in faults
    assert "value_total_vnd" in faults


def test_a_manifest_that_was_altered_is_a_fault_and_no_crash(settings: Settings, pdf: Path) -> None:
    for forged in ("{", "[]", "{}", '{"settings": {"differences": "nope"}}'):
        _do(settings, f"UPDATE editions SET manifest = '{forged}' WHERE edition_id = '2024-02-1'")
        assert any("Bản kê điều kiện lập bản" in fault for fault in verify_edition(settings, pdf).faults), forged


@pytest.mark.prints_anew
def test_every_claim_is_counted_again_and_a_false_one_is_a_fault(settings: Settings, pdf: Path) -> None:
    assert any(
        re.search(r"\d\d nhận định đếm lại từ các ô đã lưu: khớp", line) for line in verify_edition(settings, pdf).sound
    )
    database = open_database(settings.ledger_url)
    with database.write() as session:
        money = next(
            claim
            for claim in editions.claims_of(session, "2024-02-1")
            if claim.claim_id == "total.value_total_vnd.cumulative"
        )
        assert money.now is not None
        few = replace(money, now=replace(money.now, units=money.now.units[:1]))
        session.execute(
            text("UPDATE claims SET body = :body WHERE edition_id = '2024-02-1' AND claim_id = :claim"),
            {"body": json.dumps(few.as_json()), "claim": money.claim_id},
        )
    faults = verify_edition(settings, pdf).faults
    assert any(f"nhận định {money.claim_id}" in fault and "bỏ sót" in fault for fault in faults), faults
    database.close()


@pytest.mark.prints_anew
def test_tables_that_were_edited_since_are_told_of_though_the_edition_is_sound(settings: Settings, pdf: Path) -> None:
    assert verify_edition(settings, pdf).notes == []
    _edit_a_table(settings)
    check = verify_edition(settings, pdf)
    assert check.faults == []
    assert any("đã đổi từ khi lập bản này" in note for note in check.notes)


def test_where_its_tables_are_lost_nothing_is_counted_by_others(settings: Settings, pdf: Path) -> None:
    _edit_a_table(settings)
    shutil.rmtree(settings.kept_tables)
    [fault] = verify_edition(settings, pdf).faults
    assert "các bảng mà bản 2024-02-1 được lập theo không còn nguyên" in fault


def test_kept_tables_that_this_program_refuses_are_no_crash(settings: Settings, pdf: Path) -> None:
    _edit_a_table(settings)
    with open_run(settings) as run:
        broken = Tables(run.tables.files | {"sender.toml": b"["})
        keep_tables(KeptFiles(settings.home), settings.kept_tables, broken)
    _do(settings, f"UPDATE editions SET reference_version = '{broken.version}' WHERE edition_id = '2024-02-1'")
    check = verify_edition(settings, pdf)
    assert any("không dùng được nữa" in note for note in check.notes), check.notes


def test_under_another_program_figures_are_compared_and_it_is_said(
    settings: Settings, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports.monthly.annexes import order as annexes

    monkeypatch.setattr(version, "code_version", lambda: "0" * 64)
    monkeypatch.setattr(annexes, "ROMAN", tuple(map(str, range(1, 11))))
    check = verify_edition(settings, pdf)
    assert check.faults == []
    assert any("chương trình đã khác" in note for note in check.notes)
    assert any("ra đúng mọi số" in line for line in check.sound)


@pytest.mark.prints_anew
def test_an_edition_is_made_again_as_it_was_though_later_ones_followed(settings: Settings, pdf: Path) -> None:
    release(settings, "2024-01-1", "Nguyễn Văn A")
    for name in ("2024-01", "2024-02"):
        assert verify_edition(settings, monthly_report(settings, Period.parse(name)).path).faults == []
    assert verify_edition(settings, pdf).faults == []


def test_what_is_no_edition_is_refused_with_a_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(UnreadableFile, match=r"x\.pdf"):
        verify_edition(settings, tmp_path / "x.pdf")
    blank = pypdf.PdfWriter()
    blank.add_blank_page(100, 100)
    blank.write(tmp_path / "blank.pdf")
    faults = verify_edition(settings, tmp_path / "blank.pdf").faults
    assert any("thiếu tệp đính kèm" in fault for fault in faults)
    assert any("không phải bản nào trong sổ" in fault for fault in faults)


def test_an_altered_edition_or_its_data_is_found(settings: Settings, pdf: Path) -> None:
    data = pdf.with_suffix("") / "so-lieu.json"
    data.write_bytes(data.read_bytes() + b" ")
    assert "2024-02-1: tệp" in verify_ledger(settings).faults[0]
    pdf.unlink()
    assert any(
        f"{pdf} đã mất; làm lại đúng tệp ấy bằng “ketnghia repair 2024-02-1”" in fault
        for fault in verify_ledger(settings).faults
    )


def test_the_command_tells_and_ends_as_it_should(
    settings: Settings, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETNGHIA_HOME", str(settings.home))
    sound = CliRunner().invoke(app, ["verify", str(pdf), "--ledger"])
    assert sound.exit_code == 0, sound.output
    assert "Không tìm thấy chỗ nào sai" in sound.output
    pdf.write_bytes(pdf.read_bytes() + b" ")
    assert CliRunner().invoke(app, ["verify", str(pdf)]).exit_code == 1


def _do(settings: Settings, statement: str) -> None:
    from sqlalchemy import text

    database = open_database(settings.ledger_url)
    with database.write() as session:
        session.execute(text(statement))
    database.close()


@pytest.mark.parametrize("with_another", [True, False])
def test_an_edition_of_after_a_file_was_returned_comes_out_again(
    tmp_path: Path, sample_registers: Path, sample_reference: Reference, *, with_another: bool
) -> None:
    """Whether a unit's report is lacking or was returned is said on the page: it must be known when the page is made again."""
    home = tmp_path / "returned"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    own = Settings(home=home, _env_file=None)
    for sample in sample_month(sample_reference, FEBRUARY, with_faults=False, only={"622", "623"}):
        if "_623_" in sample.name:
            content = edited(sample.content, ("02_HoatDong", "B8", "15/13/2026"))
            arrive(own, SampleFile(sample.name, content, sample.arrives_at + timedelta(days=1)))
        elif with_another:
            arrive(own, sample)
    collect_submissions(own)
    printed = monthly_report(own, FEBRUARY, even_empty=True)
    assert "bị trả lại" in " ".join(open_pdf(printed.path.read_bytes()).text.split())
    faults = verify_edition(own, printed.path).faults
    assert not faults, "\n".join(faults)
