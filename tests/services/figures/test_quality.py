"""A rule waived by name is counted as waived, for the waiver that was made use of."""

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from domain.findings import Finding, Severity, Verdict
from domain.period import Period
from domain.reference import Reference
from samples.months import sample_month
from services.settings import Settings
from storage import submissions
from storage.database import open_database
from tests.commands import (
    arrive,
    collect_submissions,
    monthly_report,
    summary_of,
    verify_ledger,
)

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


def workings_of(settings: Settings, period: Period = FEBRUARY) -> str:
    """The office's own page beside the report: how good the figures are is told there, not to the reader."""
    page = monthly_report(settings, period).path.with_suffix("") / "cach-tinh.html"
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))))


WAIVED = ("E-SUM", "E-CTRL")


@pytest.fixture
def waive(settings: Settings, sample_reference: Reference) -> Callable[..., list[Finding]]:
    """Waive rules for Chư Sê, take February's faulty workbooks in, and give the findings that were waived."""

    def collect(*rows: str) -> list[Finding]:
        local = settings.home / "reference"
        header = "rule,unit_code,first_period,last_period,granted_by,reason,valid_from,valid_to"
        (local / "waivers.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        for unit in ("633", "622"):
            arrive(settings, *sample_month(sample_reference, FEBRUARY, with_faults=True, only={unit}))
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
    page = workings_of(settings)
    assert re.search(r"Huyện Chư Sê: E-CTRL, \d+ ô, Hệ thống kế toán mới \(Trần Thị B, đến 29/02/2024\)", page)
    (settings.home / "reference" / "waivers.csv").unlink()
    assert workings_of(settings) == page, "what was made use of is printed, whatever becomes of the row"
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
