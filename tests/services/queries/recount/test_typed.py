"""What clerks type is read a second time, and never otherwise than the gates read what they accepted."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.schemas import RAW_CELLS
from domain.wording import number, short_day
from ingest.workbook.raw_workbook import RawCell
from services.queries.recount.typed import Value, value_of, vnd_of, written_value
from tests.builders import FIRST_FORM
from transforms.cells import type_cells


def cell(field: str, text: str | None, table: str = "activities", kind: str = "text", row: int = 8) -> RawCell:
    return RawCell("f", table, row, 2, field, kind, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10.000.000", 10_000_000),
        ("10 000 000", 10_000_000),
        ("10000000", 10_000_000),
        ("4,5 tỷ", 4_500_000_000),
        ("30 triệu đồng", 30_000_000),
        ("30tr", 30_000_000),
        ("(5.000)", -5_000),
        ("−7", -7),
        ("１２.０００", 12_000),
        ("-", 0),
        ("KPS", 0),
        ("không phát sinh", 0),
        ("15,000", None),
        ("1.234.5", None),
        ("mười", None),
        ("2,5", None),
        ("95%", None),
    ],
)
def test_money_as_typed(text: str, value: int | None) -> None:
    assert value_of(cell("value_total_vnd", text), 1) == value


@pytest.mark.parametrize(("text", "value"), [("3,5", 3_500), ("20", 20_000), ("1.950", None), ("1.950,5", 1_950_500)])
def test_quantities_are_kept_in_thousandths(text: str, value: int | None) -> None:
    assert value_of(cell("quantity", text), 1) == value


@pytest.mark.parametrize(("text", "value"), [("95%", 95_000), ("95,5 %", 95_500), ("95", 95_000)])
def test_percentages_may_bear_their_sign(text: str, value: int) -> None:
    assert value_of(cell("bhyt_pct", text, "households"), 1) == value


def test_a_number_cell_shown_as_percent_is_one() -> None:
    shown = RawCell("f", "households", 8, 2, "bhyt_pct", "number", "0.955", 0.955, is_percent=True)
    assert value_of(shown, 1) == 95_500


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20/2/2024", "2024-02-20"),
        ("20-02-24", "2024-02-20"),
        ("20.2.2024", "2024-02-20"),
        ("ngày 05 tháng 3 năm 2024", "2024-03-05"),
        ("2024-03-05", "2024-03-05"),
        ("2024-03-05 00:00:00", "2024-03-05"),
        ("31/2/2024", None),
        ("hôm qua", None),
    ],
)
def test_days_as_typed(text: str, value: str | None) -> None:
    assert value_of(cell("activity_date", text), 1) == value


def test_a_day_that_lost_its_format_is_excels_number() -> None:
    assert value_of(RawCell("f", "activities", 8, 2, "activity_date", "number", "45342", 45_342.0), 1) == "2024-02-20"
    assert (
        value_of(RawCell("f", "activities", 8, 2, "activity_date", "day", "", day=date(2024, 2, 20)), 1) == "2024-02-20"
    )


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("status", "Hoàn thành", "hoan_thanh"),
        ("status", " đang  THỰC hiện ", "dang_thuc_hien"),
        ("status", "hoan_thanh", "hoan_thanh"),
        ("activity_code", "Quà Tết Nguyên đán", "QUA_TET"),
        ("funding_source", "Xã hội hoá", "XHH"),
        ("status", "xong", None),
    ],
)
def test_codes_may_be_typed_as_names(field: str, text: str, value: str | None) -> None:
    assert value_of(cell(field, text), 1) == value


def test_money_is_scaled_by_the_files_own_unit_unless_the_cell_names_its_own() -> None:
    assert value_of(cell("value_total_vnd", "10,5"), vnd_of("triệu đồng")) == 10_500_000
    assert value_of(cell("value_total_vnd", "10 triệu"), vnd_of("NGHIN")) == 10_000_000
    assert value_of(cell("unit_value", "500.000"), vnd_of("TRIEU")) == 500_000
    assert value_of(cell("hh_total", "20"), vnd_of("TRIEU")) == 20
    assert vnd_of(None) == vnd_of("DONG") == 1


@pytest.mark.parametrize("kind", ["blank", "error", "legacy"])
def test_what_says_nothing_is_nothing(kind: str) -> None:
    assert value_of(cell("hh_total", "20", kind=kind), 1) is None
    assert value_of(cell("nothing_of_the_form", "20"), 1) is None


def test_corrections_are_written_plainly() -> None:
    assert written_value("activities", "value_total_vnd", "12000000") == 12_000_000
    assert written_value("activities", "quantity", "12.5") == 12_500
    assert written_value("activities", "activity_date", "2024-02-05") == "2024-02-05"
    assert written_value("activities", "hh_total", "") is None


@given(st.integers(-(10**12), 10**12))
def test_whole_numbers_written_in_vietnamese_are_read_back(value: int) -> None:
    assert value_of(cell("hh_total", number(value)), 1) == value


@given(st.decimals(0, 10**6, places=2))
def test_fractions_written_in_vietnamese_are_read_back(value: Decimal) -> None:
    # 1.950 alone is doubtful in a column of fractions, and refused.
    assert value_of(cell("quantity", f"{number(value)},0" if value % 1 == 0 else number(value)), 1) == int(value * 1000)


@given(st.dates(date(2013, 1, 1), date(2030, 12, 31)))
def test_days_written_in_vietnamese_are_read_back(day: date) -> None:
    assert value_of(cell("activity_date", short_day(day)), 1) == day.isoformat()


_ODD = st.text(alphabet="0123456789.,-+()% đtrỷngày/", max_size=14)
_FIELDS = ("value_total_vnd", "quantity", "hh_total", "activity_date", "status")


@pytest.mark.slow
@given(st.lists(_ODD.filter(lambda text: bool(text.strip())), min_size=1, max_size=20), st.sampled_from([1, 1_000_000]))
def test_what_the_gates_accept_is_read_alike(texts: list[str], worth: int) -> None:
    cells = [cell(field, text.strip(), row=8 + row) for row, text in enumerate(texts) for field in _FIELDS]
    frame = pl.LazyFrame(cells, schema=RAW_CELLS, orient="row")
    typed = type_cells(frame, pl.LazyFrame({"file": ["f"], "vnd_per_unit": [worth]}), FIRST_FORM)
    by_place = {(each.source_row, each.field): each for each in cells}
    for row in typed.filter(pl.col("problem").is_null()).collect().iter_rows(named=True):
        again = value_of(by_place[row["source_row"], row["field"]], worth)
        assert again == _gate_value(row), row["text"]


def _gate_value(row: dict[str, object]) -> Value:
    match row["type"]:
        case "decimal":
            decimal = row["decimal"]
            return int(decimal * 1000) if isinstance(decimal, Decimal) else None
        case "day":
            return str(row["day"])
        case "code":
            return str(row["code"])
    whole = row["whole"]
    return whole if isinstance(whole, int) else None
