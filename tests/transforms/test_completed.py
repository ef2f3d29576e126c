"""What form KN-02 leaves out is computed from what it asks; form KN-01 is left as it is."""

from typing import Any

import polars as pl
import pytest

from domain import codes
from domain.codes import COMMITTED, COMPLETED, UNDER_WAY
from domain.kn_02 import PAID
from domain.schemas import TYPED_ROWS
from tests.builders import FIRST_FORM, HOUSEHOLD
from transforms.completed import completed

SECOND_FORM = pl.LazyFrame({"file": ["f"], "form": [codes.KN_02]})
VILLAGE = ("village_id", "village_name", "scope")
MONEY = ("cash_vnd", "inkind_vnd", "value_total_vnd")
FAULTS = ("money_missing", "payment_missing", "cash_of_work_under_way", "payment_of_other_work")


def typed(table: str, cells: dict[str, Any]) -> pl.DataFrame:
    """One row of a table as typed, blank but for these cells."""
    schema, known = TYPED_ROWS[table], {"file": "f", "source_row": 8} | cells
    return pl.DataFrame({name: [known.get(name)] for name in schema}, strict=False).cast(dict(schema))


def in_second_form(table: str, **cells: Any) -> dict[str, Any]:
    """The row with what follows from it."""
    return completed(typed(table, cells).lazy(), table, SECOND_FORM).collect().row(0, named=True)


def activity(**cells: Any) -> dict[str, Any]:
    return in_second_form("activities", **{"activity_code": "QUA_TET", "status": COMPLETED} | cells)


@pytest.mark.parametrize(
    ("written", "village"),
    [
        ("23586-01 làng Châm ANẻh", ("23586-01", "làng Châm ANẻh", "LANG")),
        ("23586-01 - làng Châm ANẻh ", ("23586-01", "làng Châm ANẻh", "LANG")),
        ("23586-01", ("23586-01", None, "LANG")),
        ("làng Châm ANẻh", (None, "làng Châm ANẻh", "LANG")),
        ("Toàn xã, phường", (None, None, "XA")),
        ("  TOÀN XÃ,  phường", (None, None, "XA")),
        ("toàn xã", (None, None, "XA")),
        (None, (None, None, None)),
    ],
)
def test_a_village_is_told_by_its_one_cell(written: str | None, village: tuple[str | None, ...]) -> None:
    row = activity(village_id=written)
    assert tuple(row[name] for name in VILLAGE) == village


@pytest.mark.parametrize(
    ("group", "stated", "occasion"),
    [
        ("QUA_TET", None, "TET"),
        ("NHA_MOI", None, "THUONG_XUYEN"),
        (None, None, "THUONG_XUYEN"),
        ("QUA_TET", "THIEN_TAI", "THIEN_TAI"),
        ("NHA_MOI", "TET", "TET"),
    ],
)
def test_a_blank_occasion_is_told_by_the_group_and_a_stated_one_stays(
    group: str | None, stated: str | None, occasion: str
) -> None:
    assert activity(activity_code=group, occasion=stated)["occasion"] == occasion


@pytest.mark.parametrize("status", [COMPLETED, COMMITTED])
@pytest.mark.parametrize(
    ("stated", "money"),
    [
        ({"cash_vnd": 8, "inkind_vnd": 2}, (8, 2, 10)),
        ({"cash_vnd": 8}, (8, 0, 8)),
        ({"inkind_vnd": 2}, (0, 2, 2)),
        ({"cash_vnd": 0}, (0, 0, 0)),
        ({PAID: 0}, (0, 0, 0)),
        ({}, (None, None, None)),
    ],
)
def test_a_blank_is_nothing_once_any_money_is_stated(
    status: str, stated: dict[str, int], money: tuple[int | None, ...]
) -> None:
    row = activity(status=status, **stated)
    assert tuple(row[name] for name in MONEY) == money


@pytest.mark.parametrize(
    ("stated", "money"),
    [
        ({PAID: 30, "inkind_vnd": 2}, (30, 2, 32)),
        ({PAID: 30, "cash_vnd": 70}, (100, 0, 100)),
        ({"inkind_vnd": 2}, (0, 2, 2)),
        ({"cash_vnd": 70}, (70, 0, 70)),
        ({}, (None, None, None)),
    ],
)
def test_of_work_under_way_the_part_that_was_paid_is_its_cash(
    stated: dict[str, int], money: tuple[int | None, ...]
) -> None:
    row = activity(status=UNDER_WAY, **stated)
    assert tuple(row[name] for name in MONEY) == money


def test_what_the_workbook_showed_as_the_total_stands_beside_what_it_is() -> None:
    row = activity(cash_vnd=8, inkind_vnd=2, value_total_vnd=11)
    assert (row["value_total_vnd"], row["shown_value_total_vnd"]) == (10, 11)


@pytest.mark.parametrize(
    ("status", "stated", "faults"),
    [
        (COMPLETED, {"cash_vnd": 8}, {}),
        (COMPLETED, {"cash_vnd": 0}, {}),
        (COMPLETED, {}, {"money_missing": COMPLETED}),
        (COMMITTED, {}, {"money_missing": COMMITTED}),
        (COMPLETED, {"money_unread": True}, {}),
        (UNDER_WAY, {"money_unread": True}, {}),
        (None, {}, {}),
        (UNDER_WAY, {PAID: 30}, {}),
        (UNDER_WAY, {PAID: 0}, {}),
        (UNDER_WAY, {"inkind_vnd": 2}, {"payment_missing": UNDER_WAY}),
        (UNDER_WAY, {}, {"payment_missing": UNDER_WAY}),
        (UNDER_WAY, {PAID: 30, "cash_vnd": 70}, {"cash_of_work_under_way": 70}),
        (UNDER_WAY, {PAID: 30, "cash_vnd": 0}, {}),
        (UNDER_WAY, {"cash_vnd": 70}, {"payment_missing": UNDER_WAY, "cash_of_work_under_way": 70}),
        (COMPLETED, {PAID: 30, "cash_vnd": 8}, {"payment_of_other_work": 30}),
        (COMMITTED, {PAID: 30}, {"payment_of_other_work": 30}),
        (COMPLETED, {PAID: 0, "cash_vnd": 8}, {}),
    ],
)
def test_money_that_is_missing_or_stands_in_the_column_of_other_work_is_named(
    status: str | None, stated: dict[str, int], faults: dict[str, object]
) -> None:
    row = activity(status=status, **stated)
    assert {name: row[name] for name in FAULTS if row[name] is not None} == faults


def test_what_could_not_be_read_makes_no_total() -> None:
    row = activity(cash_vnd=8, money_unread=True)
    assert [row[name] for name in MONEY] == [None, None, None]


def test_a_stock_below_none_is_no_stock_and_told_of() -> None:
    row = in_second_form("households", **HOUSEHOLD | {"poor_exit": 99})
    assert (row["poor_close"], row["poor_below_zero"]) == (None, -77)


def test_closing_stocks_follow_from_what_changed() -> None:
    shown = HOUSEHOLD | {"poor_exit": 5, "nearpoor_other": -1}
    row = in_second_form("households", **shown)
    assert (row["poor_close"], row["shown_poor_close"]) == (17, HOUSEHOLD["poor_close"])
    assert (row["nearpoor_close"], row["shown_nearpoor_close"]) == (8, HOUSEHOLD["nearpoor_close"])


def test_a_closing_stock_over_a_blank_is_not_known() -> None:
    row = in_second_form("households", **HOUSEHOLD | {"poor_new": None})
    assert (row["poor_close"], row["nearpoor_close"]) == (None, 9)


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("activities", {"activity_code": "QUA_TET", "status": COMPLETED}),
        ("activities", {"village_id": "23586-01 làng Châm ANẻh", "scope": "LANG", "status": UNDER_WAY, "cash_vnd": 70}),
        ("activities", {"village_id": "Toàn xã, phường", "cash_vnd": 8, "value_total_vnd": 11}),
        ("households", HOUSEHOLD | {"poor_close": 99, "nearpoor_close": None}),
        ("politics_security", {"village_id": "23586-01"}),
    ],
)
def test_rows_of_the_first_form_stay_as_they_are(table: str, cells: dict[str, Any]) -> None:
    before = typed(table, cells)
    after = completed(before.lazy(), table, FIRST_FORM).collect()
    kept = before.drop("money_unread")
    assert after.select(kept.columns).equals(kept)
    assert after.drop(kept.columns).null_count().row(0) == (1,) * (after.width - kept.width)


def test_both_forms_may_come_together() -> None:
    rows = pl.concat([typed("activities", {"file": file, "cash_vnd": 8}) for file in ("f", "g")]).lazy()
    forms = pl.LazyFrame({"file": ["f", "g"], "form": [codes.KN_01, codes.KN_02]})
    assert completed(rows, "activities", forms).collect()["value_total_vnd"].to_list() == [None, 8]
