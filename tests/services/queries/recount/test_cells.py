"""The archived cells are read again as they were accepted, with the province's decisions laid over them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.period import Period
from domain.reference import Reference
from domain.schemas import stored
from samples.months import SampleFile, sample_month
from services.queries.recount.measures import Reach, count
from services.queries.recount.scratch import Scratch, open_scratch
from services.run import open_run
from services.settings import Settings
from storage.facts import fetch_facts
from tests.builders import edited
from tests.clerk import Clerk
from tests.commands import arrive, collect_submissions
from tests.services.queries.recount.small_months import AS_OF, FEBRUARY, GIFT, workbook

pytestmark = pytest.mark.slow
MONTHS = ["2023-12", "2024-01", "2024-02"]
TABLES = ("activities", "households", "politics_security")


def scratch_of(settings: Settings, months: Sequence[str] = MONTHS) -> Scratch:
    with open_run(settings) as run:
        return open_scratch(run, months, AS_OF)


def plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value * 1000)
        case date():
            return value.isoformat()
    return value


def assert_read_alike(settings: Settings, months: Sequence[str], *apart_from: str) -> int:
    """Every stored fact of the months is what its cell says; gives how many rows were compared."""
    scratch, compared = scratch_of(settings, months), 0
    for table in TABLES:
        left_out = ("submission_id", "revision", "sha256", "source_row", *apart_from)
        fields = [name for name in stored(table) if name not in left_out]
        query = f"SELECT {', '.join(fields)}, row FROM {table} ORDER BY period, unit, row".replace("unit_code", "unit")
        with open_run(settings) as run, run.ledger.read() as session:
            facts = fetch_facts(session, table, months, AS_OF).collect()
        rows = facts.select(*fields, "source_row").rows()
        assert scratch.database.execute(query).fetchall() == [tuple(plain(each) for each in row) for row in rows]
        compared += len(rows)
    return compared


def test_every_stored_row_is_what_its_cells_say(small: Settings) -> None:
    assert assert_read_alike(small, MONTHS) == 8 + 22


def test_what_the_second_form_leaves_out_is_completed_alike(
    settings: Settings, fill_inbox: Callable[..., None], sample_reference: Reference
) -> None:
    fill_inbox("2024-02", with_faults=False, only={"622", "626", "628"})
    [sample] = sample_month(sample_reference, Period.parse("2024-02"), with_faults=False, only={"627"})
    clerk = Clerk(sample.content)
    clerk.write("activities", "village_id", "Toàn xã", 8)
    for row in range(8, 12):
        clerk.write("activities", "occasion", None, row)
    sheet = clerk.book["02_HoatDong"]
    cash = sheet[clerk.cell("activities", "cash_vnd", 9)].value
    for field, value in (("status", "Đang thực hiện"), ("paid_vnd", cash), ("cash_vnd", None)):
        clerk.write("activities", field, value, 9)
    arrive(settings, replace(sample, content=clerk.saved()))
    assert {each.verdict.counts for each in collect_submissions(settings)} == {True}
    # Nothing counts by the name of a village.
    assert assert_read_alike(settings, ["2024-02"], "village_name") > 30


MESSY = (
    ("B8", "5/2/2024"),
    ("G8", "Quà Tết Nguyên đán"),
    ("J8", "20,0"),
    ("M8", "20"),
    ("R8", "8 triệu"),
    ("S8", "2.000.000 đồng"),
    ("T8", "10.000.000"),
    ("V8", "Xã hội hoá"),
    ("W8", "Hoàn thành"),
    ("A10", "Tổng cộng"),
    ("M10", 20),
    ("T10", 10_000_000),
)


def test_a_file_typed_by_hand_is_read_alike(small: Settings, reference: Reference) -> None:
    statement = {"revision": 2, "submission_kind": "THAY_THE", "reason": "Ghi lại cho rõ hơn"}
    sound = workbook(
        reference, "627", FEBRUARY,
        [GIFT | {"activity_date": date(2024, 2, 5), "village_id": "23738-01", "village_name": "làng Díp"}], {}, statement,
    )  # fmt: skip
    content = edited(sound, *(("02_HoatDong", *each) for each in MESSY))
    arrive(small, SampleFile("again.xlsx", content, reference.calendar.due(FEBRUARY) + timedelta(days=1)))
    [collected] = collect_submissions(small)
    assert collected.verdict.counts, collected
    assert_read_alike(small, MONTHS)
    database = scratch_of(small).database
    typed = database.execute("SELECT activity_date, activity_code, quantity, value_total_vnd, status FROM activities "
                             "WHERE period = '2024-02' AND unit = '627'").fetchall()  # fmt: skip
    assert typed == [("2024-02-05", "QUA_TET", 20_000, 10_000_000, "hoan_thanh")]


def _table(settings: Settings, name: str, header: str, *rows: str) -> None:
    folder = settings.home / "reference"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def money(settings: Settings) -> Decimal | None:
    return count(scratch_of(settings).database, "value_total_vnd", Reach(["2024-02"], ["622", "625", "627"]))


CORRECTIONS = "locator,old_value,new_value,reason,source,valid_from,valid_to,unlock_reason"
DECISIONS = "kept,dropped,value_total_vnd,decision,reason,decided_by,valid_from,valid_to"


def test_a_corrected_cell_counts_from_its_day_on(small: Settings) -> None:
    cell = "2024-02/622/02_HoatDong!T8,10000000,12500000,nhầm,biên bản 1"
    _table(small, "corrections.csv", CORRECTIONS, f"{cell},2024-02-20,,")
    assert money(small) == 62_500_000
    _table(small, "corrections.csv", CORRECTIONS, f"{cell},2024-03-20,,")
    assert money(small) == 60_000_000
    _table(small, "corrections.csv", CORRECTIONS, f"{cell},2024-02-18,2024-02-20,")
    assert money(small) == 60_000_000


def test_a_blank_that_was_corrected_and_a_number_that_was_taken_out(small: Settings) -> None:
    _table(
        small, "corrections.csv", CORRECTIONS,
        "2024-02/622/02_HoatDong!Q8,,35,thiếu,biên bản 1,2024-02-20,,",
        "2024-02/622/02_HoatDong!M8,20,,nhầm,biên bản 1,2024-02-20,,",
    )  # fmt: skip
    database = scratch_of(small).database
    reach = Reach(["2024-02"], ["622"])
    assert (count(database, "persons", reach), count(database, "hh_total", reach)) == (35, 0)


def test_a_row_that_was_found_to_be_told_twice_does_not_count(small: Settings) -> None:
    rows = "2024-02/622/02_HoatDong!8,2024-02/625/02_HoatDong!8,10000000"
    _table(small, "double_counting.csv", DECISIONS, f"{rows},same,một việc,Nguyễn Văn A,2024-02-20,")
    assert money(small) == 50_000_000
    _table(small, "double_counting.csv", DECISIONS, f"{rows},different,hai việc,Nguyễn Văn A,2024-02-20,")
    assert money(small) == 60_000_000
