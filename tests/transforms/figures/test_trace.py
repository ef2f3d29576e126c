"""On any month: the rows behind a figure add up to it."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar, CalendarRow, MonthRule
from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import Aggregate, FigureKey
from domain.period import Period
from domain.schemas import PARTNER_KEYS, REGISTER_ROWS, REPORT_ROWS, stored
from domain.spans import spans_of
from transforms.figures.countable import complete, with_partner, with_twinning
from transforms.figures.summarise import Countable, bases_of, moves, summarise
from transforms.figures.trace import contributions

CALENDAR = Calendar([CalendarRow(date(2000, 1, 1), MonthRule.DAY_15_TO_14, 2, time(17), "")], {})
TET = {2023: date(2023, 1, 22), 2024: date(2024, 2, 10), 2025: date(2025, 1, 29)}
MONTHS = ["2023-01", "2023-02", "2023-12", "2024-01", "2024-02", "2024-03"]
counts = st.one_of(st.none(), st.integers(0, 500))
units = st.sampled_from(["622", "623", "23575"])
villages = st.sampled_from([None, "23586-01", "23590-02"])


def origin(number: int, month: str, unit: str) -> dict[str, Any]:
    return {
        "submission_id": MONTHS.index(month) * 10 + len(unit) + int(unit[-1]), "period": month, "unit_code": unit,
        "revision": 1, "sha256": unit, "source_row": number,
    }  # fmt: skip


@st.composite
def countables(draw: st.DrawFn) -> Countable:
    """A few rows of every table, of a few months and units."""
    rows: dict[str, list[dict[str, Any]]] = {"activities": [], "households": [], "politics_security": []}
    for number in range(draw(st.integers(0, 15))):
        month, unit = draw(st.sampled_from(MONTHS)), draw(units)
        row = dict.fromkeys(stored("activities")) | origin(number, month, unit)
        rows["activities"].append(
            row
            | {
                "activity_date": date.fromisoformat(f"{month}-01") + timedelta(days=draw(st.integers(-17, 13))),
                "village_id": draw(villages),
                "org_id": draw(st.sampled_from(["DV-001", "Hội Phụ nữ", None])),
                "activity_code": draw(st.sampled_from(["QUA_TET", "NHA_MOI", "SINH_KE", None])),
                "occasion": draw(st.sampled_from(["TET", "THUONG_XUYEN", None])),
                "status": draw(st.sampled_from(["hoan_thanh", "dang_thuc_hien", "cam_ket", None])),
                "funding_source": draw(st.sampled_from(["XHH", "NSNN", None])),
                "quantity_unit": draw(st.sampled_from(["suất", "căn", None])),
                "quantity": draw(st.one_of(st.none(), st.integers(0, 10**6).map(lambda n: Decimal(n).scaleb(-3)))),
                **{
                    name: draw(counts)
                    for name in ("hh_total", "hh_poor", "persons", "cash_vnd", "inkind_vnd", "value_total_vnd")
                },
            }
        )
    for table in ("households", "politics_security"):
        columns = [name for name, dtype in stored(table).items() if dtype == pl.Int64]
        for number in range(draw(st.integers(0, 8))):
            month, unit = draw(st.sampled_from(MONTHS)), draw(units)
            row = dict.fromkeys(stored(table)) | {name: draw(counts) for name in columns}
            rows[table].append(
                row
                | origin(number, month, unit)
                | {"village_id": draw(villages)}
                | ({"ntm": draw(st.sampled_from(["Có", "Không", None]))} if table == "households" else {})
            )
    tables = {table: pl.LazyFrame(own, schema=stored(table)) for table, own in rows.items()}
    marks = {name: draw(st.integers(0, 1)) for name in REPORT_ROWS if name.startswith("is_")}
    reports = [origin(0, month, "622") | marks for month in MONTHS]
    register = [
        origin(0, month, "622") | {"village_id": "23586-01", "has_report": True, "has_partner": draw(st.booleans())}
        for month in MONTHS
    ]
    tables["reports"] = pl.LazyFrame(reports, schema=REPORT_ROWS)
    tables["register"] = pl.LazyFrame(register, schema=REGISTER_ROWS)
    partnered = with_partner(tables["activities"], pl.LazyFrame(schema=PARTNER_KEYS))
    tables["activities"] = with_twinning(partnered, tables["register"])
    spans = spans_of(Period.parse("2024-02"), CALENDAR, date(2023, 12, 5), TET)
    gone = draw(st.sampled_from([[], [("2024-02", "623"), ("2023-12", "622")]]))
    return Countable(complete(tables), bases_of(spans).lazy(), moves(gone), moves(gone))


@pytest.mark.slow
@settings(max_examples=25)
@given(countable=countables(), data=st.data())
def test_the_rows_behind_a_figure_add_up_to_it(countable: Countable, data: st.DataObject) -> None:
    measured = summarise(countable).collect()
    for row in data.draw(st.lists(st.sampled_from(measured.to_dicts()), max_size=12, unique_by=str)):
        key = FigureKey(row["indicator"], row["basis"], row["dimension"], row["member"])
        entry = INDICATOR_BY_CODE[key.indicator]
        behind = contributions(countable, key, entry).collect()
        values = behind["value"].to_list()
        match entry.aggregate:
            case Aggregate.SUM:
                total = sum((Decimal(value) for value in values), Decimal(0))
            case Aggregate.COUNT:
                total = Decimal(len(values))
            case Aggregate.DISTINCT:
                total = Decimal(len(set(values)))
        if row["value"] is None:
            assert entry.blank_is_unknown
            assert not values
            continue
        assert total == row["value"], key
        assert behind.height == row["cells"], key
        assert sorted(behind["submission_id"].drop_nulls().unique()) == row["sources"], key
