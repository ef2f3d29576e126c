"""A clerk fills in the form of the month, wrongly first; what comes back is mended at the marks alone, and accepted."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from domain.findings import Verdict
from domain.form import FIRST_ROW, KN_01
from domain.kn_02 import KN_02
from domain.period import Period
from reports.form.content import FormContent
from reports.form.workbook import write_form
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
MARCH, APRIL, MAY = (Period.parse(f"2026-0{month}") for month in (3, 4, 5))
Commune = tuple[Settings, str, list[str], list[str]]
SENT = {MARCH: datetime(2026, 3, 16, 3, 0, tzinfo=UTC), APRIL: datetime(2026, 4, 15, 3, 0, tzinfo=UTC),
        MAY: datetime(2026, 5, 15, 3, 0, tzinfo=UTC)}  # fmt: skip


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
    digest = sha256(content).hexdigest()
    return next(each for each in collect_submissions(settings) if each.sha256 == digest)


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


@pytest.fixture
def accepted(commune: Commune) -> tuple[Settings, str, Clerk]:
    """March of the commune, accepted."""
    settings, code, villages, partners = commune
    clerk = form_of(settings, code, MARCH)
    clerk.write_what_is_carried(2)
    clerk.write_month(villages, partners, reference_of(settings).calendar.window(MARCH).first_day)
    assert send(settings, MARCH, clerk.saved()).verdict is Verdict.ACCEPTED
    return settings, code, clerk


def test_a_replacement_for_its_words_alone_is_a_replacement(accepted: tuple[Settings, str, Clerk]) -> None:
    settings, _, clerk = accepted
    clerk.write("narrative", "proposals", "Đề nghị hỗ trợ thêm cây giống.")
    clerk.write("statement", "submission_kind", "Bản thay thế")
    clerk.write("statement", "reason", "Bổ sung kiến nghị")
    second = send(settings, MARCH, clerk.saved(), turn=1)
    assert (second.verdict, second.revision) == (Verdict.ACCEPTED, 2)


def test_after_a_conflict_with_the_first_form_a_replacement_counts(accepted: tuple[Settings, str, Clerk]) -> None:
    settings, code, clerk = accepted
    reference = reference_of(settings)
    unit, window = reference.reporting_unit(code, MARCH), reference.calendar.window(MARCH)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    nil = {"nil_return": "Có", "preparer_email": "a@gialai.example", **PEOPLE}
    first_form = write_form(FormContent(unit, MARCH, window, villages, {}, nil, form=KN_01))
    assert send(settings, MARCH, first_form, turn=1).verdict is Verdict.CONFLICTING
    clerk.write("statement", "submission_kind", "Bản thay thế")
    clerk.write("statement", "reason", "Bản này đúng")
    again = send(settings, MARCH, clerk.saved(), turn=2)
    assert (again.verdict, again.revision) == (Verdict.ACCEPTED, 2)


def test_over_an_idle_month_the_stocks_are_carried(commune: Commune, accepted: tuple[Settings, str, Clerk]) -> None:
    settings, code, _ = accepted
    idle = form_of(settings, code, APRIL)
    idle.write("statement", "nil_return", "Có")
    assert send(settings, APRIL, idle.saved()).verdict is Verdict.ACCEPTED
    later = form_of(settings, code, MAY)
    opening = later.cell("households", "poor_open", FIRST_ROW)
    assert later.book["03_HoDan"][opening].value == 19
    _, _, villages, partners = commune
    later.write_month(villages, partners, reference_of(settings).calendar.window(MAY).first_day)
    later.write("households", "poor_open", 25, FIRST_ROW)
    assert ("E-CARRY", "03_HoDan", opening) in told_of(settings, send(settings, MAY, later.saved()))


def test_an_idle_month_with_totals_in_the_book_is_none(accepted: tuple[Settings, str, Clerk]) -> None:
    settings, code, _ = accepted
    idle = form_of(settings, code, APRIL)
    idle.write("statement", "nil_return", "Có")
    idle.write("statement", "control_activities", 5)
    collected = send(settings, APRIL, idle.saved())
    assert told_of(settings, collected) == [("E-CTRL", "00_ThongTin", idle.cell("statement", "control_activities"))]


def test_a_row_for_the_whole_commune_is_a_row(commune: Commune) -> None:
    settings, code, villages, partners = commune
    clerk = form_of(settings, code, MARCH)
    clerk.write_what_is_carried(2)
    clerk.write_month(villages, partners, reference_of(settings).calendar.window(MARCH).first_day)
    clerk.write("activities", "village_id", "Toàn xã, phường", 14)
    clerk.write("activities", "cash_vnd", 5_000_000, 14)
    told = told_of(settings, send(settings, MARCH, clerk.saved()))
    assert {("E-REQ", "02_HoatDong", "A14"), ("E-REQ", "02_HoatDong", "D14")} <= set(told)
    assert not {rule for rule, _, _ in told} & {"E-TOTAL", "W-TOTAL", "W-UNREAD"}


def test_what_the_workbook_computed_is_asked_nothing_else(accepted: tuple[Settings, str, Clerk]) -> None:
    settings, code, _ = accepted
    later = form_of(settings, code, APRIL)
    later.write("activities", "value_total_vnd", -5, 8)
    later.write("statement", "nil_return", "Có")
    told = told_of(settings, send(settings, APRIL, later.saved()))
    assert told == [("W-UNREAD", "02_HoatDong", "P8")]


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
