from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from domain.codes import KN_01, KN_02, OFFICIAL, REPLACEMENT
from domain.kn_02 import CONTROLS
from domain.period import Period
from domain.reference import Reference
from domain.schemas import STATEMENTS
from transforms.history import LATEST_REVISIONS, NO_HISTORY, History
from transforms.statement import judge_statements
from transforms.territory import territory

FEBRUARY = Period.parse("2024-02")
SOUND = {
    "file": "f", "form": KN_01, "unit_code": "622", "unit_name": "Thành phố Pleiku", "period": "2024-02", "revision": 1,
    "submission_kind": OFFICIAL, "nil_return": "Không", "doc_number": "12/BC-UBND",
    "preparer_email": "a@gialai.example", "sender_unit": None, "sender_codes": None, "received_on": date(2024, 2, 16), "property_unit": "622", "property_period": "2024-02",
}  # fmt: skip
SECOND_FORM = {
    "form": KN_02, "revision": None, "money_unit": "DONG",
    "control_activities": 1, "control_households": 20, "control_value_vnd": 10_000_000,
}  # fmt: skip
ACTIVITY = {"activity_code": "QUA_TET", "hh_total": 20, "value_total_vnd": 10_000_000}
SUMMED = {"file": pl.String, "activity_code": pl.String, "hh_total": pl.Int64, "value_total_vnd": pl.Int64}


def judged(
    reference: Reference,
    *odd: dict[str, Any],
    problem: str | None = None,
    latest: tuple[int, str] | None = None,
    done: Sequence[dict[str, Any]] = (ACTIVITY,),
) -> dict[str, Any]:
    """The last of these statements, each with what was `done` unless bare, no two alike unless `hash` says so."""
    window = reference.calendar.window(FEBRUARY)
    sound = SOUND | {"date_from": window.first_day, "date_to": window.last_day}
    rows = [sound | {"file": f"f{place}"} | row for place, row in enumerate(odd)]
    schema = pl.Schema(
        {**STATEMENTS, "sender_unit": pl.String(), "sender_codes": pl.List(pl.String()), "received_on": pl.Date()}
    )
    statements = pl.LazyFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    prints = pl.LazyFrame(
        [{"file": row["file"], "content_hash": row.get("hash", row["file"]), "likeness": None} for row in rows],
        schema={"file": pl.String, "content_hash": pl.String, "likeness": pl.String},
    )
    filled = [row["file"] for row in rows if not row.get("is_bare")]
    activities = pl.LazyFrame([each | {"file": file} for file in filled for each in done], SUMMED)
    history = NO_HISTORY
    if latest is not None:
        accepted = pl.DataFrame([("622", *latest, True)], schema=LATEST_REVISIONS, orient="row")
        history = History(accepted, NO_HISTORY.previous_close, NO_HISTORY.previous_cumulative)
    registers = territory(reference, FEBRUARY, window)
    found = judge_statements(statements, registers, history, activities, activities.clear(), prints, problem).collect()
    return found.sort("file").row(-1, named=True)


@pytest.mark.parametrize(
    ("odd", "column", "value"),
    [
        ({}, "unknown_unit", None),
        ({"unit_code": "999"}, "unknown_unit", "999"),
        ({"unit_name": "Huyện Chư Sê"}, "foreign_name", "Huyện Chư Sê"),
        ({"sender_unit": "633", "sender_codes": ["633"]}, "foreign_sender", "622"),
        ({"nil_return": "Có"}, "data_rows", 1),
        ({"is_bare": True}, "data_rows", 0),
    ],
)
def test_what_the_rules_look_at(reference: Reference, odd: dict[str, Any], column: str, value: object) -> None:
    assert judged(reference, odd)[column] == value


@pytest.mark.parametrize("problem", ["malformed", "future", "old"])
def test_a_period_breaks_one_rule_and_no_unit_is_looked_up_for_it(reference: Reference, problem: str) -> None:
    if problem == "future":
        row = judged(reference, {"unit_code": "999", "received_on": date(2024, 1, 14)})
    else:
        row = judged(reference, {"unit_code": "999"}, problem=problem)
    found = {name: row[f"{name}_period"] for name in ("malformed", "future", "old")}
    assert found == {name: "2024-02" if name == problem else None for name in found}
    assert row["unknown_unit"] is None


def test_a_revision_is_new_unchanged_stale_or_taken(reference: Reference) -> None:
    def states(latest: tuple[int, str]) -> tuple[bool, bool, int | None]:
        row = judged(reference, {"hash": "x"}, latest=latest)
        return row["is_unchanged"], row["revision"] < row["latest_revision"], row["doubled_revision"]

    assert states((1, "x")) == (True, False, None)
    assert states((1, "y")) == (False, False, 1)
    assert states((2, "y")) == (False, True, None)


def test_a_month_is_ahead_of_the_file_that_came_before_it_and_of_no_other(reference: Reference) -> None:
    early, due = {"received_on": date(2024, 1, 14)}, {"received_on": date(2024, 2, 16)}
    assert judged(reference, due, early)["future_period"] == "2024-02"
    assert judged(reference, early, due)["future_period"] is None


@pytest.mark.parametrize(
    ("latest", "revision", "is_unchanged"),
    [(None, 1, False), ((1, "y"), 2, False), ((3, "y"), 4, False), ((1, "x"), 1, True), ((3, "x"), 3, True)],
)
def test_the_second_form_is_given_its_revision(
    reference: Reference, latest: tuple[int, str] | None, revision: int, is_unchanged: bool
) -> None:
    row = judged(reference, SECOND_FORM | {"hash": "x"}, latest=latest)
    assert (row["revision"], row["is_unchanged"]) == (revision, is_unchanged)
    assert row["doubled_revision"] is None


@pytest.mark.parametrize(
    ("odd", "latest", "again"),
    [
        (SECOND_FORM, (2, "y"), 2),
        (SECOND_FORM, (2, "x"), None),
        (SECOND_FORM, None, None),
        (SECOND_FORM | {"submission_kind": REPLACEMENT}, (2, "y"), None),
        ({}, (2, "y"), None),
    ],
)
def test_other_content_after_an_accepted_one_must_say_that_it_replaces_it(
    reference: Reference, odd: dict[str, Any], latest: tuple[int, str] | None, again: int | None
) -> None:
    assert judged(reference, odd | {"hash": "x"}, latest=latest)["official_again"] == again


def totals_off(row: dict[str, Any]) -> dict[str, Any]:
    """What is said of the totals of the unit's own book."""
    return {f"{name}_off": row[f"{name}_off"] for name in CONTROLS if row[f"{name}_off"] is not None}


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({}, {}),
        ({"control_activities": 2}, {"control_activities_off": 2}),
        ({"control_households": 19}, {"control_households_off": 19}),
        ({"control_value_vnd": 10_000_001}, {"control_value_vnd_off": 10_000_001}),
        (dict.fromkeys(CONTROLS), {}),
        ({"form": KN_01} | dict.fromkeys(CONTROLS), {}),
        ({"is_bare": True, "nil_return": "Có"} | dict.fromkeys(CONTROLS), {}),
        ({"is_bare": True} | dict.fromkeys(CONTROLS, 0), {}),
        ({"is_bare": True} | dict.fromkeys(CONTROLS, 3), {f"{name}_off": 3 for name in CONTROLS}),
    ],
)
def test_the_totals_of_the_units_own_book_are_compared(
    reference: Reference, odd: dict[str, Any], said: dict[str, Any]
) -> None:
    assert totals_off(judged(reference, SECOND_FORM | odd)) == said


@pytest.mark.parametrize(
    ("odd", "off"),
    [
        ({"hh_total": None}, {}),
        ({"value_total_vnd": None}, {}),
        ({"hh_total": None, "activity_code": "TT"}, {"control_households_off": 40}),
    ],
)
def test_a_total_over_what_could_not_be_read_is_not_compared(
    reference: Reference, odd: dict[str, Any], off: dict[str, Any]
) -> None:
    book = {"control_activities": 2, "control_households": 40, "control_value_vnd": 20_000_000}
    assert totals_off(judged(reference, SECOND_FORM | book, done=[ACTIVITY, ACTIVITY | odd])) == off


@pytest.mark.parametrize(
    ("money_unit", "rows", "written", "is_off"),
    [
        ("TRIEU", 1, 11_500_000, False),
        ("TRIEU", 1, 8_500_000, False),
        ("TRIEU", 1, 11_500_001, True),
        ("TRIEU", 2, 22_500_000, False),
        ("TRIEU", 2, 22_500_001, True),
        ("NGHIN", 1, 10_001_500, False),
        ("NGHIN", 1, 10_001_501, True),
        ("DONG", 1, 10_000_001, True),
    ],
)
def test_a_total_of_money_may_be_off_by_what_rounding_explains(
    reference: Reference, money_unit: str, rows: int, written: int, is_off: bool
) -> None:
    odd = {"money_unit": money_unit, "control_value_vnd": written}
    row = judged(reference, SECOND_FORM | odd, done=[ACTIVITY] * rows)
    assert row["control_value_vnd_off"] == (written if is_off else None)


def test_a_count_is_not_rounded(reference: Reference) -> None:
    odd = {"money_unit": "TRIEU", "control_activities": 2, "control_households": 21}
    row = judged(reference, SECOND_FORM | odd)
    assert (row["control_activities_off"], row["control_households_off"]) == (2, 21)
