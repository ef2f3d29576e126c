from datetime import date
from typing import Any

import polars as pl
import pytest

from domain.codes import OFFICIAL, REPLACEMENT
from domain.period import Period
from domain.reference import Reference
from domain.schemas import STATEMENTS
from transforms.history import LATEST_REVISIONS, NO_HISTORY, History
from transforms.statement import judge_statements
from transforms.territory import territory

FEBRUARY = Period.parse("2024-02")
SOUND = {
    "file": "f", "unit_code": "622", "unit_name": "Thành phố Pleiku", "period": "2024-02", "revision": 1,
    "submission_kind": OFFICIAL, "nil_return": "Không", "doc_number": "12/BC-UBND",
    "preparer_email": "a@gialai.example", "sender_unit": None, "sender_codes": None, "received_on": date(2024, 2, 16), "property_unit": "622", "property_period": "2024-02",
}  # fmt: skip


def judged(
    reference: Reference, *odd: dict[str, Any], problem: str | None = None, latest: tuple[int, str] | None = None
) -> dict[str, Any]:
    """The last of these statements, each with one activity, no two alike unless `hash` says so."""
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
    activities = pl.LazyFrame({"file": [row["file"] for row in rows if not row.get("is_bare")]}, {"file": pl.String})
    history = NO_HISTORY
    if latest is not None:
        accepted = pl.DataFrame([("622", *latest)], schema=LATEST_REVISIONS, orient="row")
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
        ({"property_unit": "633"}, "other_unit_property", "633"),
        ({"property_period": "2024-01"}, "other_period_property", "2024-01"),
        ({"doc_number": "12"}, "odd_doc_number", "12"),
        ({"preparer_email": "a@b"}, "odd_email", "a@b"),
        ({"nil_return": "Có"}, "nil_with_rows", 1),
        ({"is_bare": True}, "rows_missing", "Không"),
        ({"submission_kind": REPLACEMENT}, "first_but_not_official", REPLACEMENT),
        ({"submission_kind": REPLACEMENT}, "reason_missing", REPLACEMENT),
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
    def states(latest: tuple[int, str]) -> tuple[bool, int | None, int | None]:
        row = judged(reference, {"hash": "x"}, latest=latest)
        return row["is_unchanged"], row["stale_revision"], row["doubled_revision"]

    assert states((1, "x")) == (True, None, None)
    assert states((1, "y")) == (False, None, 1)
    assert states((2, "y")) == (False, 1, None)


def test_a_month_is_ahead_of_the_file_that_came_before_it_and_of_no_other(reference: Reference) -> None:
    early, due = {"received_on": date(2024, 1, 14)}, {"received_on": date(2024, 2, 16)}
    assert judged(reference, due, early)["future_period"] == "2024-02"
    assert judged(reference, early, due)["future_period"] is None
