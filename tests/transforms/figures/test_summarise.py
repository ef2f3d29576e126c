from datetime import date, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar, CalendarRow, MonthRule
from domain.catalogue import INDICATORS
from domain.indicators import FigureKey, Kind
from domain.period import Period
from domain.schemas import PARTNER_KEYS, REGISTER_ROWS, stored
from domain.spans import spans_of
from transforms.figures.countable import complete, with_partner, with_twinning
from transforms.figures.summarise import Countable, bases_of, moves, summarise

FEBRUARY = Period.parse("2024-02")
EVERY_MONTH_ENDS_ON_THE_14TH = Calendar([CalendarRow(date(2000, 1, 1), MonthRule.DAY_15_TO_14, 2, time(17), "")], {})
SPANS = spans_of(FEBRUARY, EVERY_MONTH_ENDS_ON_THE_14TH, None, {})


def activity(**odd: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(stored("activities"))
    return row | {
        "submission_id": 1, "period": "2024-02", "unit_code": "622", "revision": 1, "sha256": "x", "source_row": 8,
        "village_id": "23586-01", "org_id": "DV-001", "occasion": "TET", "activity_code": "QUA_TET", "quantity": Decimal(20), "quantity_unit": "suất",
        "hh_total": 20, "cash_vnd": 8, "inkind_vnd": 2, "value_total_vnd": 10, "funding_source": "XHH",
        "status": "hoan_thanh",
    } | odd  # fmt: skip


TWINNED = [(1, "2024-02", "622", 1, "x", 0, "23586-01", True, True)]
"""One village with a partner, in the month that is looked at."""


def countable(**rows: Any) -> Countable:
    """Just these rows, by table."""
    tables = {table: pl.LazyFrame(list(own), schema=stored(table)) for table, own in rows.items()}
    if "activities" in tables:
        register = tables.get("register", pl.LazyFrame(TWINNED, schema=REGISTER_ROWS, orient="row"))
        partnered = with_partner(tables["activities"], pl.LazyFrame(schema=PARTNER_KEYS))
        tables["activities"] = with_twinning(partnered, register)
    return Countable(complete(tables), bases_of(SPANS).lazy(), moves(), moves())


def measured(*rows: dict[str, Any]) -> dict[str, Decimal]:
    frame = summarise(countable(activities=rows)).collect()
    return {
        str(FigureKey(row["indicator"], row["basis"], row["dimension"], row["member"])): row["value"]
        for row in frame.iter_rows(named=True)
    }


def test_commitments_are_no_results_and_works_under_way_count_only_what_was_paid() -> None:
    figures = measured(activity(), activity(status="cam_ket"), activity(status="dang_thuc_hien"))
    assert figures["activities@period"] == 1
    assert figures["hh_total@period"] == 20
    assert figures["value_total_vnd@period"] == 20


def test_cumulative_totals_begin_with_the_first_month_of_the_reporting_year() -> None:
    figures = measured(activity(), activity(period="2024-01"), activity(period="2023-12"), activity(period="2023-02"))
    assert figures["value_total_vnd@cumulative"] == 20
    assert figures["value_total_vnd@previous"] == 10
    assert figures["value_total_vnd@same_last_year"] == 10


def test_a_village_is_active_once_however_often_it_is_visited() -> None:
    assert measured(activity(), activity(source_row=9))["villages_active@period"] == 1


def test_a_village_without_a_partner_is_not_among_the_twinned_ones_that_are_active() -> None:
    figures = measured(activity(), activity(village_id="23586-02"), activity(village_id=None))
    assert (figures["villages_active@period"], figures["activities@period"]) == (1, 3)


def test_what_is_finished_and_what_is_under_way_make_the_money() -> None:
    figures = measured(activity(), activity(status="dang_thuc_hien", value_total_vnd=7), activity(status="cam_ket"))
    assert figures["completed_value_vnd@period"] == 10
    assert figures["under_way_value_vnd@period"] == 7
    assert figures["value_total_vnd@period"] == 17


def test_what_a_programme_began_with_is_counted_from_its_first_day() -> None:
    rows = [activity(period="2023-12", activity_date=date(2023, 12, day)) for day in (4, 5, 6)]
    spans = spans_of(FEBRUARY, EVERY_MONTH_ENDS_ON_THE_14TH, date(2023, 12, 5), {})
    own = countable(activities=rows)
    found = summarise(Countable(own.tables, bases_of(spans).lazy(), moves(), moves())).collect()
    programme = found.filter(pl.col("basis") == "programme", pl.col("dimension") == "")
    assert dict(programme.select("indicator", "value").iter_rows())["activities"] == 2


rows = st.lists(
    st.builds(
        lambda unit, code, source, status, value, quantity: activity(
            unit_code=unit, activity_code=code, funding_source=source, status=status, value_total_vnd=value,
            quantity=Decimal(quantity).scaleb(-3),
        ),
        st.sampled_from(["622", "623", "624"]),
        st.sampled_from(["QUA_TET", "BHYT", "NHA_MOI"]),
        st.sampled_from(["XHH", "DN"]),
        st.sampled_from(["hoan_thanh", "dang_thuc_hien", "cam_ket"]),
        st.integers(0, 10**12),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=30,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=30)
@given(rows)
def test_units_activities_and_sources_each_add_up_to_the_province(rows: list[dict[str, Any]]) -> None:
    figures = measured(*rows)
    additive = [
        entry.code for entry in INDICATORS
        if entry.kind is Kind.FLOW and entry.table == "activities" and entry.aggregate != "distinct"
    ]  # fmt: skip
    for code in additive:
        for dimension in ("unit", "activity", "funding", "occasion", "partner", "village"):
            parts = [
                value
                for key, value in figures.items()
                if key.startswith(f"{code}:{dimension}=") and key.endswith("@period")
            ]
            assert sum(parts) == figures[f"{code}@period"], (code, dimension)


def test_a_blank_in_sheet_04_is_no_zero_and_a_zero_is() -> None:
    origin = {name: value for name, value in activity().items() if name in stored("politics_security")}
    row: dict[str, Any] = dict.fromkeys(stored("politics_security")) | origin | {"cases_received": 0}
    frame = summarise(countable(politics_security=[row])).collect()
    found = {
        key["indicator"]: key["value"]
        for key in frame.iter_rows(named=True)
        if (key["basis"], key["dimension"]) == ("period", "")
    }
    assert found["cases_received"] == 0
    assert found["cases_resolved"] is None
