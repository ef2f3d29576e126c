"""A gift that two agencies report is counted twice until a person decides."""

import html
import re
from datetime import datetime
from pathlib import Path

import pytest

from cli.lines.duplicates import pair_lines
from domain.calendar import VIETNAM
from domain.errors import BadReference
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Reference
from reports.pdf.inspect import open_pdf
from samples.history import write_sample_history
from services.settings import Settings
from tests.builders import Row, rewrite_table
from tests.commands import (
    find_duplicates,
    import_history,
    monthly_report,
    plan_backfill,
    summary_of,
)

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


def workings_of(settings: Settings, period: Period = FEBRUARY) -> str:
    """The office's own page beside the report: how good the figures are is told there, not to the reader."""
    page = monthly_report(settings, period).path.with_suffix("") / "cach-tinh.html"
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))))


def page_of(settings: Settings, period: Period = FEBRUARY) -> str:
    return re.sub(r"\s+", " ", open_pdf(monthly_report(settings, period).path.read_bytes()).text)


@pytest.fixture
def reported_twice(settings: Settings, sample_reference: Reference, tmp_path: Path) -> Settings:
    """Two districts' February, in which a second agency tells the first gift of Pleiku again."""
    tables = tmp_path / "tables"
    write_sample_history(sample_reference, [FEBRUARY], tables, only={"622", "630"})

    def again(rows: list[Row]) -> list[Row]:
        gift = next(row for row in rows if row["unit_code"] == "622" and row["status"] == "hoan_thanh")
        return [*rows, gift | {"org_id": "Hội Nông dân xã"}]

    rewrite_table(tables / "activities.csv", again)
    import_history(settings, tables)
    return settings


def decide(settings: Settings, row: str) -> None:
    header = "kept,dropped,value_total_vnd,decision,reason,decided_by,valid_from,valid_to"
    (settings.home / "reference" / "double_counting.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")


def test_a_gift_reported_twice_counts_twice_until_a_person_decides(reported_twice: Settings) -> None:
    [pair] = find_duplicates(reported_twice, FEBRUARY)
    assert pair.decision is None
    assert pair.second_partner == "Hội Nông dân xã"
    assert f"{pair.first},{pair.second},{pair.value_total_vnd},same|different" in "\n".join(pair_lines([pair]))
    before = summary_of(reported_twice, FEBRUARY, None)
    assert "chưa quyết định" in workings_of(reported_twice)

    decide(
        reported_twice,
        f"{pair.first},{pair.second},{pair.value_total_vnd},same,Cùng một đợt quà,Nguyễn Văn A,2024-03-01,",
    )
    after = summary_of(reported_twice, FEBRUARY, None)
    for code, less in (("value_total_vnd", pair.value_total_vnd), ("activities", 1)):
        assert before.value(FigureKey(code)) - less == after.value(FigureKey(code))  # type: ignore[operator]
    page = page_of(reported_twice)
    told = workings_of(reported_twice)
    assert f"{pair.second} trùng {pair.first}: Cùng một đợt quà (Nguyễn Văn A)" in told
    assert "trùng, bỏ dòng thứ hai, Cùng một đợt quà (Nguyễn Văn A)" in page  # why the figures changed
    # As of a day before the decision, both rows still count.
    then = summary_of(reported_twice, FEBRUARY, datetime(2024, 2, 28, tzinfo=VIETNAM))
    assert then.value(FigureKey("activities")) == before.value(FigureKey("activities"))


def test_a_decision_that_two_rows_differ_changes_no_figure_and_settles_the_doubt(reported_twice: Settings) -> None:
    [pair] = find_duplicates(reported_twice, FEBRUARY)
    before = summary_of(reported_twice, FEBRUARY, None).value(FigureKey("activities"))
    monthly_report(reported_twice, FEBRUARY)
    decide(
        reported_twice, f"{pair.second},{pair.first},{pair.value_total_vnd},different,Hai đợt,Nguyễn Văn A,2024-03-01,"
    )
    summary = summary_of(reported_twice, FEBRUARY, None)
    assert summary.value(FigureKey("activities")) == before
    assert [each.decision is not None for each in summary.quality.pairs] == [True]
    [planned] = plan_backfill(reported_twice, FEBRUARY, FEBRUARY)
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
def test_a_decision_that_matches_nothing_stops_the_run(reported_twice: Settings, row: str, said: str) -> None:
    [pair] = find_duplicates(reported_twice, FEBRUARY)
    decide(reported_twice, row.format(first=pair.first, second=pair.second))
    with pytest.raises(BadReference, match=said):
        summary_of(reported_twice, FEBRUARY, None)
