"""Unusual figures are asked about; what a unit answers follows the figure as a footnote."""

import html
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from cli.lines.questions import question_lines
from domain.calendar import VIETNAM
from domain.errors import UnknownUnit, UnreadableFile
from domain.period import Period, month_range
from domain.reference import Reference
from reports.pdf.inspect import open_pdf
from samples.history import write_sample_history
from services.settings import Settings
from tests.builders import Row, rewrite_table
from tests.commands import (
    import_history,
    monthly_report,
    open_questions,
    summary_of,
    take_answers,
    verify_ledger,
    write_question_sheets,
)

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


def workings_of(settings: Settings, period: Period = FEBRUARY) -> str:
    """The office's own page beside the report: how good the figures are is told there, not to the reader."""
    page = monthly_report(settings, period).path.with_suffix("") / "cach-tinh.html"
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))))


def page_of(settings: Settings, period: Period = FEBRUARY) -> str:
    return re.sub(r"\s+", " ", open_pdf(monthly_report(settings, period).path.read_bytes()).text)


@pytest.fixture(scope="module")
def jumping_home(
    tmp_path_factory: pytest.TempPathFactory, new_home: Callable[[], Settings], sample_reference: Reference
) -> Path:
    """Thirteen months of Pleiku, in the last of which poverty jumps."""
    tables = tmp_path_factory.mktemp("tables")
    settings = new_home()
    write_sample_history(sample_reference, month_range(Period.parse("2023-02"), FEBRUARY), tables, only={"622"})

    def jump(rows: list[Row]) -> list[Row]:
        return [
            row | {"poor_new": str(int(row["poor_new"]) + 9), "poor_close": str(int(row["poor_close"]) + 9)}
            if row["period"] == "2024-02"
            else row
            for row in rows
        ]

    rewrite_table(tables / "households.csv", jump)
    import_history(settings, tables)
    return settings.home


@pytest.fixture
def jumping(tmp_path: Path, jumping_home: Path) -> Settings:
    shutil.copytree(jumping_home, tmp_path / "jumping")
    return Settings(home=tmp_path / "jumping", _env_file=None)


@pytest.mark.filterwarnings("ignore:Sparkline Group")
def test_an_odd_figure_is_asked_about_and_its_explanation_follows_it_as_a_footnote(jumping: Settings) -> None:
    asked = open_questions(jumping, FEBRUARY)
    by_id = {each.question_id: each for each in asked}
    poverty = by_id["2024-02/622/poor_households/jump"]
    assert len(poverty.last_values) == 13
    assert poverty.usual.startswith("tháng trước")
    assert any(set(line.strip()) <= set("▁▂▃▄▅▆▇█") for line in question_lines([poverty])[1:])
    assert "chưa có giải trình" in workings_of(jumping)

    [sheet] = write_question_sheets(jumping, FEBRUARY, asked)
    book = openpyxl.load_workbook(sheet)
    page = book["CÂU HỎI"]
    row = next(cell.row for cell in page["A"] if cell.value == poverty.question_id)
    page.cell(row, 7).value, page.cell(row, 8).value = "Rà soát lại sau bão số 9", "Rơ Châm H’Ly"
    book.save(sheet)
    status_page = jumping.home / "status" / "2024-02.html"
    status_page.unlink()
    assert take_answers(jumping, sheet) == (1, 0)
    assert status_page.is_file(), "an answer voids drafts, and the page says so at once"
    assert take_answers(jumping, sheet) == (0, 1)

    assert poverty.question_id not in {each.question_id for each in open_questions(jumping, FEBRUARY)}
    printed = page_of(jumping)
    assert re.search(r"TP\. Pleiku.*? (\d+) \(1\) ", printed) or " (1) " in printed
    assert "(1) Rà soát lại sau bão số 9 (Rơ Châm H’Ly)." in printed
    assert verify_ledger(jumping).faults == []
    # Before the answer came, the page did not have it.
    before = summary_of(jumping, FEBRUARY, datetime(2024, 3, 1, tzinfo=VIETNAM))
    assert before.quality.explanations == []


@pytest.mark.filterwarnings("ignore:Sparkline Group")
def test_answers_that_lead_nowhere_are_refused(jumping: Settings, tmp_path: Path) -> None:
    from reports.unit.question_sheet import write_question_sheet

    [question, *_] = open_questions(jumping, FEBRUARY)
    (tmp_path / "x.xlsx").write_bytes(b"x")
    with pytest.raises(UnreadableFile, match="không phải phiếu câu hỏi"):
        take_answers(jumping, tmp_path / "x.xlsx")

    def answered(asked: object, by: str | None) -> Path:
        sheet = tmp_path / "sheet.xlsx"
        sheet.write_bytes(write_question_sheet("TP. Pleiku", "tháng 02 năm 2024", [asked]))  # type: ignore[list-item]
        book = openpyxl.load_workbook(sheet)
        book["CÂU HỎI"].cell(5, 7).value, book["CÂU HỎI"].cell(5, 8).value = "Vì mưa", by
        book.save(sheet)
        return sheet

    with pytest.raises(UnreadableFile, match="chưa ghi người trả lời"):
        take_answers(jumping, answered(question, None))
    with pytest.raises(UnknownUnit):
        take_answers(jumping, answered(replace(question, unit_code="999"), "A"))


def test_a_sheet_of_questions_is_the_same_bytes_each_time(jumping: Settings) -> None:
    asked = open_questions(jumping, FEBRUARY)
    first, second = ([path.read_bytes() for path in write_question_sheets(jumping, FEBRUARY, asked)] for _ in range(2))
    assert first == second
