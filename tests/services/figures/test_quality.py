"""What protects a figure's credibility: doubles are decided by people, rules waived by name, odd figures asked about."""

import csv
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text

from cli.lines.burden import burden_lines
from cli.lines.duplicates import pair_lines
from cli.lines.questions import question_lines
from domain.calendar import VIETNAM
from domain.errors import BadReference, UnknownUnit, UnreadableFile
from domain.findings import Finding, Severity, Verdict
from domain.indicators import FigureKey
from domain.period import Period, month_range
from domain.reference import Reference
from reports.pdf.inspect import open_pdf
from samples.history import write_sample_history
from samples.months import sample_month
from services.settings import Settings
from storage import submissions
from storage.database import open_database
from tests.commands import (
    burden,
    collect_submissions,
    import_history,
    monthly_report,
    open_questions,
    plan_backfill,
    summary_of,
    take_answers,
    verify_ledger,
    write_question_sheets,
)
from tests.commands import find_duplicates as doubles

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quality")]
FEBRUARY = Period.parse("2024-02")
Row = dict[str, str]


def page_of(settings: Settings, period: Period = FEBRUARY) -> str:
    return re.sub(r"\s+", " ", open_pdf(monthly_report(settings, period).path.read_bytes()).text)


def rewrite(table: Path, change: Callable[[list[Row]], Iterable[Row]]) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


@pytest.fixture
def told_twice(settings: Settings, sample_reference: Reference, tmp_path: Path) -> Settings:
    """Two districts' February, in which a second agency tells the first gift of Pleiku again."""
    tables = tmp_path / "tables"
    write_sample_history(sample_reference, [FEBRUARY], tables, only={"622", "630"})

    def again(rows: list[Row]) -> list[Row]:
        gift = next(row for row in rows if row["unit_code"] == "622" and row["status"] == "hoan_thanh")
        return [*rows, gift | {"org_id": "Hội Nông dân xã"}]

    rewrite(tables / "activities.csv", again)
    import_history(settings, tables)
    local = settings.home / "reference"
    kept = local.resolve()
    local.unlink()
    shutil.copytree(kept, local)
    return settings


def decide(settings: Settings, row: str) -> None:
    header = "kept,dropped,value_total_vnd,decision,reason,decided_by,valid_from,valid_to"
    (settings.home / "reference" / "double_counting.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")


def test_a_gift_told_twice_counts_twice_until_a_person_decides(told_twice: Settings) -> None:
    [pair] = doubles(told_twice, FEBRUARY)
    assert pair.decision is None
    assert pair.second_partner == "Hội Nông dân xã"
    assert f"{pair.first},{pair.second},{pair.value_total_vnd},same|different" in "\n".join(pair_lines([pair]))
    before = summary_of(told_twice, FEBRUARY, None)
    assert "chưa quyết định" in page_of(told_twice)

    decide(
        told_twice, f"{pair.first},{pair.second},{pair.value_total_vnd},same,Cùng một đợt quà,Nguyễn Văn A,2024-03-01,"
    )
    after = summary_of(told_twice, FEBRUARY, None)
    for code, less in (("value_total_vnd", pair.value_total_vnd), ("activities", 1)):
        assert before.value(FigureKey(code)) - less == after.value(FigureKey(code))  # type: ignore[operator]
    page = page_of(told_twice)
    assert f"{pair.second} trùng {pair.first}: Cùng một đợt quà (Nguyễn Văn A)" in page
    assert "trùng, bỏ dòng thứ hai, Cùng một đợt quà (Nguyễn Văn A)" in page  # why the figures changed
    # As of a day before the decision, both rows still count.
    then = summary_of(told_twice, FEBRUARY, datetime(2024, 2, 28, tzinfo=VIETNAM))
    assert then.value(FigureKey("activities")) == before.value(FigureKey("activities"))


def test_a_decision_that_two_rows_differ_changes_no_figure_and_settles_the_doubt(told_twice: Settings) -> None:
    [pair] = doubles(told_twice, FEBRUARY)
    before = summary_of(told_twice, FEBRUARY, None).value(FigureKey("activities"))
    monthly_report(told_twice, FEBRUARY)
    decide(told_twice, f"{pair.second},{pair.first},{pair.value_total_vnd},different,Hai đợt,Nguyễn Văn A,2024-03-01,")
    summary = summary_of(told_twice, FEBRUARY, None)
    assert summary.value(FigureKey("activities")) == before
    assert [each.decision is not None for each in summary.quality.pairs] == [True]
    [planned] = plan_backfill(told_twice, FEBRUARY, FEBRUARY)
    assert "quyết định về dòng trùng" in planned.why


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{first},{second},1,same,Trùng,A,2024-03-01,", "không khớp, dòng này ghi"),
        ("{first},2024-02/622/02_HoatDong!999,1,same,Trùng,A,2024-03-01,", "không có dòng này"),
        ("{first},{second},1,same,,A,2024-03-01,", "thiếu lý do"),
        ("{first},x,1,same,Trùng,A,2024-03-01,", "không phải vị trí dòng"),
    ],
)
def test_a_decision_that_matches_nothing_stops_the_run(told_twice: Settings, row: str, said: str) -> None:
    [pair] = doubles(told_twice, FEBRUARY)
    decide(told_twice, row.format(first=pair.first, second=pair.second))
    with pytest.raises(BadReference, match=said):
        summary_of(told_twice, FEBRUARY, None)


WAIVED = ("E-SUM", "E-CTRL")


@pytest.fixture
def waive(settings: Settings, sample_reference: Reference) -> Callable[..., list[Finding]]:
    """Waive rules for Chư Sê, take February's faulty workbooks in, and give the findings that were waived."""

    def collect(*rows: str) -> list[Finding]:
        local = settings.home / "reference"
        kept = local.resolve()
        local.unlink()
        shutil.copytree(kept, local)
        header = "rule,unit_code,first_period,last_period,granted_by,reason,valid_from,valid_to"
        (local / "waivers.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        for unit in ("633", "622"):
            for sample in sample_month(sample_reference, FEBRUARY, with_faults=True, only={unit}):
                path = settings.inbox / sample.name
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(sample.content)
                os.utime(path, (sample.arrives_at.timestamp(),) * 2)
        collected = {(each.unit_code, each.revision): each.verdict for each in collect_submissions(settings)}
        assert collected["633", 1] is Verdict.ACCEPTED_WITH_WARNINGS
        with open_database(settings.ledger_url) as database, database.read() as session:
            [record] = submissions.counting_submissions(session, ["2024-02"], unit_code="633")
            found = submissions.findings_of(session, [record.submission_id])[record.submission_id].found
        return [finding for finding in found if finding.rule in WAIVED]

    return collect


def test_a_rule_waived_by_a_named_person_no_longer_returns_the_workbook(
    settings: Settings, waive: Callable[..., list[Finding]]
) -> None:
    waived = waive(*(f"{rule},633,2024-02,,Trần Thị B,Hệ thống kế toán mới,2024-02-01,2024-02-29" for rule in WAIVED))
    assert {finding.severity for finding in waived} == {Severity.WARNING}
    assert "Được miễn: Hệ thống kế toán mới (Trần Thị B, đến 29/02/2024)" in waived[0].sentence
    page = page_of(settings)
    assert re.search(r"Huyện Chư Sê: E-SUM, \d+ ô, Hệ thống kế toán mới \(Trần Thị B, đến 29/02/2024\)", page)
    (settings.home / "reference" / "waivers.csv").unlink()
    assert page_of(settings) == page, "what was made use of is printed, whatever becomes of the row"
    assert verify_ledger(settings).faults == []


def test_of_two_waivers_with_the_same_reason_only_the_one_made_use_of_is_counted(
    settings: Settings, waive: Callable[..., list[Finding]]
) -> None:
    waived = waive(
        *(
            f"{rule},633,2024-02,{last},Trần Thị B,Hệ thống kế toán mới,2024-02-01,2024-02-29"
            for rule in WAIVED
            for last in ("2024-02", "2024-03")
        )
    )
    counted = summary_of(settings, FEBRUARY, None).quality.waived
    assert {each.waiver.last_period for each in counted} == {FEBRUARY}
    assert sum(each.cells for each in counted) == len(waived)
    assert {each.waiver.key for each in counted} == {finding.waived_by for finding in waived}


def test_a_waiver_of_a_ledger_older_than_keys_is_counted_by_what_it_says(
    settings: Settings, waive: Callable[..., list[Finding]]
) -> None:
    waived = waive(*(f"{rule},633,2024-02,,Trần Thị B,Hệ thống kế toán mới,2024-02-01,2024-02-29" for rule in WAIVED))
    before = summary_of(settings, FEBRUARY, None).quality.waived
    words = {each.waiver.sentence for each in before}
    with open_database(settings.ledger_url) as database, database.write() as session:
        session.execute(text("UPDATE findings SET waived_by = :words WHERE waived_by != ''"), {"words": words.pop()})
    assert not words
    assert summary_of(settings, FEBRUARY, None).quality.waived == before
    assert sum(each.cells for each in before) == len(waived)


@pytest.fixture
def jumping(settings: Settings, sample_reference: Reference, tmp_path: Path) -> Settings:
    """Thirteen months of Pleiku, in the last of which poverty jumps."""
    tables = tmp_path / "tables"
    write_sample_history(sample_reference, month_range(Period.parse("2023-02"), FEBRUARY), tables, only={"622"})

    def jump(rows: list[Row]) -> list[Row]:
        return [
            row | {"poor_new": str(int(row["poor_new"]) + 9), "poor_close": str(int(row["poor_close"]) + 9)}
            if row["period"] == "2024-02"
            else row
            for row in rows
        ]

    rewrite(tables / "households.csv", jump)
    import_history(settings, tables)
    return settings


@pytest.mark.filterwarnings("ignore:Sparkline Group")
def test_an_odd_figure_is_asked_about_and_its_explanation_follows_it_as_a_footnote(jumping: Settings) -> None:
    asked = open_questions(jumping, FEBRUARY)
    by_id = {each.question_id: each for each in asked}
    poverty = by_id["2024-02/622/poor_households/jump"]
    assert len(poverty.last_values) == 13
    assert poverty.usual.startswith("tháng trước")
    assert any(set(line.strip()) <= set("▁▂▃▄▅▆▇█") for line in question_lines([poverty])[1:])
    assert "chưa có giải trình" in page_of(jumping)

    [sheet] = write_question_sheets(jumping, FEBRUARY, asked)
    book = openpyxl.load_workbook(sheet)
    page = book["CÂU HỎI"]
    row = next(cell.row for cell in page["A"] if cell.value == poverty.question_id)
    page.cell(row, 7).value, page.cell(row, 8).value = "Rà soát lại sau bão số 9", "Rơ Châm H’Ly"
    book.save(sheet)
    assert take_answers(jumping, sheet) == (1, 0)
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


def test_the_burden_counts_the_cells_of_a_year_and_names_the_idle_ones(jumping: Settings) -> None:
    asked = {(each.sheet, each.field): each for each in burden(jumping, FEBRUARY)}
    villages = asked["03_HoDan", "poor_close"].cells_per_year / 12
    assert villages == int(villages) > 0
    assert "poor_households" in asked["03_HoDan", "poor_close"].used_for
    assert "cases_received" in asked["04_HTCT_ANTT", "cases_received"].used_for
    assert "tet_value_vnd" in asked["02_HoatDong", "occasion"].used_for
    idle = {place for place, each in asked.items() if each.is_idle}
    assert {("03_HoDan", "bhyt_pct"), ("02_HoatDong", "note"), ("00_ThongTin", "preparer_phone")} <= idle
    assert not {("02_HoatDong", "value_total_vnd"), ("02_HoatDong", "status"), ("03_HoDan", "ntm")} & idle
    assert "không số in nào dùng" in "\n".join(burden_lines(list(asked.values())))
