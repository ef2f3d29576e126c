"""An agency or a village acts only while it is there: who is of another time is asked about, at its cell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.findings import Finding
from domain.form import KN_01
from domain.period import Period
from domain.reference import Reference
from domain.villages import Village
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from reports.form.content import FormContent
from reports.form.workbook import write_form
from services.intake.judge import Circumstances, examine
from tests.builders import ACTIVITY, HOUSEHOLD, PEOPLE
from transforms.history import NO_HISTORY

pytestmark = pytest.mark.slow
FEBRUARY, MARCH_2025, JULY_2026 = (Period.parse(month) for month in ("2024-02", "2025-03", "2026-07"))
Questions = Callable[..., list[Finding]]


@pytest.fixture
def questions(tmp_path: Any) -> Questions:
    """What is asked about agency and village of one activity of one unit."""

    def ask(reference: Reference, unit_code: str, month: Period, village_id: str, org: str, on: date) -> list[Finding]:
        unit, window = reference.reporting_unit(unit_code, month), reference.subperiod_of(unit_code, month)
        villages = reference.villages.of_unit(unit, reference.units, window.last_day)
        village = next(each for each in villages if each.village_id == village_id)
        named = {"village_id": village.village_id, "village_name": village.name}
        households = [HOUSEHOLD | {"village_id": each.village_id, "village_name": each.name} for each in villages]
        activity = ACTIVITY | named | {"org_id": org, "activity_date": on, "occasion": "THUONG_XUYEN"}
        rows = {"activities": [activity], "households": households}
        path = tmp_path / "book.xlsx"
        content = FormContent(unit, month, window, villages, {}, statement=PEOPLE, rows=rows, form=KN_01)
        path.write_bytes(write_form(content))
        given = Circumstances({"0000": window.last_day}, reference, NO_HISTORY, Period.parse("2013-01"))
        [examined] = examine([pack(read_workbook(path, "0000"))], given)
        about = ("W-UNASSIGNED", "W-PARTNER-DATES", "W-VILLAGE-DATES")
        return [finding for finding in examined.findings.found if finding.rule in about]

    return ask


@pytest.mark.parametrize("typed", ["Phòng Tư pháp TP. Pleiku", "phòng  tư pháp TP. PLEIKU", "DV-001"])
def test_an_office_of_the_district_gives_nothing_a_year_after_its_end(
    questions: Questions, reference: Reference, typed: str
) -> None:
    [asked] = questions(reference, "23586", JULY_2026, "23586-01", typed, date(2026, 7, 5))
    assert (asked.rule, asked.sheet, asked.cell) == ("W-PARTNER-DATES", "02_HoatDong", "F8")
    assert asked.sentence == ("Phòng Tư pháp TP. Pleiku hoạt động đến hết ngày 30/6/2025, việc này ghi ngày 05/7/2026.")


def test_an_agency_that_was_merged_is_asked_about_with_its_successor(
    questions: Questions, reference: Reference
) -> None:
    [asked] = questions(reference, "23650", JULY_2026, "23650-01", "Ban Dân tộc tỉnh", date(2026, 7, 5))
    assert asked.sentence.endswith(
        "đến hết ngày 28/02/2025, việc này ghi ngày 05/7/2026; nay là Sở Dân tộc và Tôn giáo."
    )


def test_a_department_does_nothing_before_it_was_made(questions: Questions, reference: Reference) -> None:
    [asked] = questions(reference, "635", FEBRUARY, "24013-01", "Sở Nông nghiệp và Môi trường", date(2024, 2, 5))
    assert asked.rule == "W-PARTNER-DATES"
    assert "hoạt động từ ngày 01/3/2025, việc này ghi ngày 05/02/2024" in asked.sentence
    assert "trước đó là Sở Nông nghiệp và Phát triển nông thôn, Sở Tài nguyên và Môi trường" in asked.sentence


@pytest.mark.parametrize(
    ("unit", "month", "village", "org", "on"),
    [
        # The merged department carries on the agreement of those merged into it.
        ("635", FEBRUARY, "24013-01", "Sở Tài nguyên và Môi trường", date(2024, 2, 5)),
        # Its last and its first day lie in one month.
        ("625", MARCH_2025, "23650-01", "Ban Dân tộc tỉnh", date(2025, 2, 28)),
        ("625", MARCH_2025, "23650-01", "Sở Dân tộc và Tôn giáo", date(2025, 3, 1)),
        ("622", FEBRUARY, "23586-01", "Phòng Tư pháp TP. Pleiku", date(2024, 2, 5)),
    ],
)
def test_an_agency_of_its_time_is_not_asked_about(
    questions: Questions, reference: Reference, unit: str, month: Period, village: str, org: str, on: date
) -> None:
    assert questions(reference, unit, month, village, org, on) == []


def test_the_day_decides_where_an_agency_ends_within_the_month(questions: Questions, reference: Reference) -> None:
    [asked] = questions(reference, "625", MARCH_2025, "23650-01", "Sở Dân tộc và Tôn giáo", date(2025, 2, 28))
    assert asked.rule == "W-PARTNER-DATES"


def test_a_village_is_asked_about_before_its_first_day_and_not_on_it(
    questions: Questions, reference: Reference
) -> None:
    def later(village: Village) -> Village:
        return replace(village, valid_from=date(2024, 2, 5)) if village.village_id == "23586-01" else village

    rows = [later(village) for village in reference.villages.rows]
    altered = replace(reference, villages=replace(reference.villages, rows=rows))
    org = "Phòng Tư pháp TP. Pleiku"
    [asked] = questions(altered, "622", FEBRUARY, "23586-01", org, date(2024, 2, 4))
    assert (asked.rule, asked.cell) == ("W-VILLAGE-DATES", "D8")
    assert asked.sentence == "làng Châm ANẻh (23586-01) có từ ngày 05/02/2024, việc này ghi ngày 04/02/2024."
    assert questions(altered, "622", FEBRUARY, "23586-01", org, date(2024, 2, 5)) == []
    # That the register begins somewhere is no birthday of its villages.
    of_2019 = questions(reference, "622", Period.parse("2019-02"), "23586-01", org, date(2019, 2, 5))
    assert "W-VILLAGE-DATES" not in {finding.rule for finding in of_2019}
