"""A table that says two things at once stops the report that would print them, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import BadReference
from domain.period import Period
from services.settings import PROGRAM, Settings
from storage.edition_files import pdf_path
from tests.builders import Row, rewrite_table
from tests.commands import collect_submissions, monthly_report

pytestmark = pytest.mark.slow
JANUARY, FEBRUARY = Period.parse("2024-01"), Period.parse("2024-02")


@pytest.fixture
def home(new_home: Callable[[], Settings]) -> Settings:
    settings = new_home()
    facts = settings.home / "reference" / "published_facts.csv"
    facts.write_bytes((PROGRAM / "reference" / "published_facts.csv").read_bytes())
    return settings


def put(table: Path, fact_id: str, value: str) -> None:
    def altered(rows: list[Row]) -> list[Row]:
        return [row | {"value": value} if row["fact_id"] == fact_id else row for row in rows]

    rewrite_table(table, altered)


def test_more_dtts_poor_than_poor_stops_the_report_and_not_the_intake(
    home: Settings, fill: Callable[..., None]
) -> None:
    facts = home.home / "reference" / "published_facts.csv"
    put(facts, "S08", "38173")
    fill(home, "2024-01", "2024-02", with_faults=False, only={"622"})
    assert [str(each.verdict) for each in collect_submissions(home)] == ["accepted", "accepted"]
    with pytest.raises(BadReference) as refused:
        monthly_report(home, FEBRUARY)
    first, wrong, *_ = str(refused.value).splitlines()
    assert first == "Chưa lập báo cáo vì bảng số liệu sẽ in mâu thuẫn nhau:"
    assert wrong.startswith(
        f"{facts}: S08 (hộ nghèo dân tộc thiểu số: 38.173 hộ) nhiều hơn S06 (hộ nghèo: 31.502 hộ), mà chỉ là một phần; sửa"
    )
    assert not home.editions.exists() or not list(home.editions.rglob("*.pdf"))
    # January prints none of these facts.
    assert monthly_report(home, JANUARY).pages > 0
    put(facts, "S08", "28173")
    printed = monthly_report(home, FEBRUARY)
    assert pdf_path(home.editions, printed.edition.sha256).is_file()


def test_two_targets_of_one_plan_stop_the_report_of_their_year(home: Settings, fill: Callable[..., None]) -> None:
    targets = home.home / "reference" / "targets.csv"
    rewrite_table(
        targets, lambda rows: [*rows, next(row for row in rows if row["year"] == "2024") | {"value": "40000"}]
    )
    fill(home, "2023-12", "2024-01", with_faults=False, only={"622"})
    collect_submissions(home)
    with pytest.raises(BadReference, match=r"targets.csv, năm 2024: đạt 36\.000 .* và đạt 40\.000 .* cùng loại"):
        monthly_report(home, JANUARY)
    assert monthly_report(home, Period.parse("2023-12")).pages > 0
