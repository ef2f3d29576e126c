"""A clerk fills in the form of the month, wrongly first; what comes back is mended at the marks alone, and accepted."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from domain.findings import Verdict
from domain.form import FIRST_ROW
from domain.kn_02 import KN_02
from domain.period import Period
from samples.months import SampleFile
from services.intake.outcome import Collected
from services.settings import Settings
from storage import submissions
from storage.database import open_database
from tests.clerk import PEOPLE, STOCKS, Clerk
from tests.commands import arrive, collect_submissions, reference_of, write_forms

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:(Data Validation|Conditional Formatting) extension"),
]
MARCH, APRIL = Period.parse("2026-03"), Period.parse("2026-04")
Commune = tuple[Settings, str, list[str], list[str]]
SENT = {MARCH: datetime(2026, 3, 16, 3, 0, tzinfo=UTC), APRIL: datetime(2026, 4, 15, 3, 0, tzinfo=UTC)}


@pytest.fixture
def commune(new_home: Callable[[], Settings]) -> Commune:
    """A home, and a commune of two villages: its code, its villages as the form calls them, their partners."""
    settings = new_home()
    reference = reference_of(settings)
    day = reference.calendar.window(MARCH).last_day
    twins = reference.villages.partners_during(reference.calendar.window(MARCH).first_day, day)
    for unit in reference.expected_units(MARCH):
        villages = reference.villages.of_unit(unit, reference.units, day)
        partners = [twins[each.village_id][0].name for each in villages if twins.get(each.village_id)]
        if len(villages) == len(partners) == 2:
            return settings, unit.code, [f"{each.village_id} {each.name}" for each in villages], partners
    raise AssertionError("no commune has two villages, each with a partner")


def form_of(settings: Settings, code: str, month: Period) -> Clerk:
    [path] = write_forms(settings, month, code, None)
    return Clerk(path.read_bytes())


def send(settings: Settings, month: Period, content: bytes, turn: int = 0) -> Collected:
    at = SENT[month].replace(hour=3 + turn)
    arrive(settings, SampleFile("biểu mẫu.xlsx", content, at))
    [collected] = collect_submissions(settings)
    return collected


def marked(settings: Settings, collected: Collected) -> bytes:
    [path] = (settings.home / "findings").rglob(f"{collected.receipt:06d}_*.xlsx")
    return Path(path).read_bytes()


def test_the_model_month_is_120_cells_and_accepted(commune: Commune) -> None:
    settings, code, villages, partners = commune
    clerk = form_of(settings, code, MARCH)
    clerk.write_month(villages, partners, reference_of(settings).calendar.window(MARCH).first_day)
    assert len(set(clerk.typed)) <= 120
    clerk.write_what_is_carried(2)
    collected = send(settings, MARCH, clerk.saved())
    assert (collected.verdict, told_of(settings, collected)) == (Verdict.ACCEPTED, [])


def told_of(settings: Settings, collected: Collected) -> list[tuple[str, str, str]]:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        [record] = [
            each
            for each in submissions.all_submissions(session, [str(collected.period)])
            if each.sha256 == collected.sha256
        ]
        found = submissions.findings_of(session, [record.submission_id])[record.submission_id].found
    return [(each.rule, each.sheet, each.cell) for each in found]


def test_wrong_cells_come_back_marked_and_nothing_else_need_be_touched(
    commune: Commune,
) -> None:
    settings, code, villages, partners = commune
    first_day = reference_of(settings).calendar.window(MARCH).first_day
    clerk = form_of(settings, code, MARCH)
    clerk.write_what_is_carried(2)
    clerk.write_month(villages, partners, first_day)
    right = {
        ("activities", "activity_date", 8): first_day,
        ("activities", "activity_code", 9): "Hỗ trợ thẻ bảo hiểm y tế",
        ("activities", "quantity_unit", 10): "hộ",
        ("activities", "hh_poor", 11): 0,
        ("activities", "cash_vnd", 12): 3_000_000,
        ("households", "poor_exit", 9): 1,
        ("statement", "control_value_vnd", 0): 79_954_000,
    }
    wrong = ("hôm qua", "Bảo hiểm", "thẻ", 5, "ba triệu", 99, 79_954)
    for (table, field, row), value in zip(right, wrong, strict=True):
        clerk.write(table, field, value, row)
    first = send(settings, MARCH, clerk.saved())
    assert first.verdict is Verdict.REJECTED
    told = {(sheet, cell) for _, sheet, cell in told_of(settings, first)}
    places = {(KN_02.sheet_by_table[table].name, clerk.cell(table, field, row)): value
              for (table, field, row), value in right.items()}  # fmt: skip
    # The total of the book is compared once every amount can be read.
    assert told >= set(places) - {("00_ThongTin", clerk.cell("statement", "control_value_vnd"))}
    book = openpyxl.load_workbook(io.BytesIO(marked(settings, first)))
    for (sheet, cell), value in places.items():
        book[sheet][cell] = value
    mended = io.BytesIO()
    book.save(mended)
    second = send(settings, MARCH, mended.getvalue(), turn=1)
    assert (second.verdict, told_of(settings, second)) == (Verdict.ACCEPTED, [])


def test_the_next_form_carries_what_seldom_changes(commune: Commune) -> None:
    settings, code, villages, partners = commune
    clerk = form_of(settings, code, MARCH)
    clerk.write_what_is_carried(2)
    clerk.write_month(villages, partners, reference_of(settings).calendar.window(MARCH).first_day)
    send(settings, MARCH, clerk.saved())
    later = form_of(settings, code, APRIL)
    for name, value in PEOPLE.items():
        assert later.book["00_ThongTin"][later.cell("statement", name)].value == value
    for table, stocks in STOCKS.items():
        sheet = later.book[KN_02.sheet_by_table[table].name]
        for place in (FIRST_ROW, FIRST_ROW + 1):
            known = {name: sheet[later.cell(table, name, place)].value for name in stocks}
            # One household of each kind left in March.
            assert known == stocks | ({"poor_open": 19, "nearpoor_open": 14} if table == "households" else {})
    totals = {row[0].value: row[6].value for row in later.book["06_TongHop"].iter_rows(min_row=8, max_row=24)}
    assert (totals["Hỗ trợ sinh kế"], totals["Nhà ở xây mới"]) == (18_000_000, 0)
    later.write_month(villages, partners, reference_of(settings).calendar.window(APRIL).first_day)
    assert send(settings, APRIL, later.saved()).verdict is Verdict.ACCEPTED


def test_a_second_file_needs_its_kind_and_reason_and_no_number(commune: Commune) -> None:
    settings, code, villages, partners = commune
    clerk = form_of(settings, code, MARCH)
    clerk.write_what_is_carried(2)
    clerk.write_month(villages, partners, reference_of(settings).calendar.window(MARCH).first_day)
    assert send(settings, MARCH, clerk.saved()).verdict is Verdict.ACCEPTED
    clerk.write("politics_security", "joint_meetings", 3, FIRST_ROW)
    again = send(settings, MARCH, clerk.saved(), turn=1)
    assert (again.verdict, told_of(settings, again)) == (
        Verdict.REJECTED,
        [("E-KIND", "00_ThongTin", clerk.cell("statement", "submission_kind"))],
    )
    clerk.write("statement", "submission_kind", "Bản đính chính")
    clerk.write("statement", "reason", "Bổ sung hai cuộc họp")
    third = send(settings, MARCH, clerk.saved(), turn=2)
    assert (third.verdict, third.revision) == (Verdict.ACCEPTED, 2)
