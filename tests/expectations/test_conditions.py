"""Rules that are asked of some rows only, as expectations on the typed columns: what breaks them and what does not."""

from typing import Any

import polars as pl
import pytest

from domain.codes import CORRECTION, KN_01, KN_02, OFFICIAL, REPLACEMENT
from domain.findings import Engine, Rule
from expectations.gate import broken_rows
from expectations.rule import is_computed_beforehand
from expectations.rules import RULES

pytestmark = pytest.mark.slow
ASKED: list[tuple[str, str, list[str], dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]] = [
    (
        "statement", "E-KIND", ["submission_kind"],
        {"submission_kind": OFFICIAL, "form": KN_01, "revision": 1},
        [{"submission_kind": REPLACEMENT}],
        [{"submission_kind": REPLACEMENT, "form": KN_02}, {"submission_kind": REPLACEMENT, "revision": 2}, {"submission_kind": None}],
    ),
    (
        "statement", "E-REASON", ["reason"],
        {"submission_kind": OFFICIAL, "reason": "sai số"},
        [{"submission_kind": REPLACEMENT, "reason": None}, {"submission_kind": CORRECTION, "reason": None}],
        [{"reason": None}, {"submission_kind": None, "reason": None}],
    ),
    (
        "statement", "E-REVISION", ["revision"],
        {"revision": 2, "latest_revision": 1, "is_unchanged": False},
        [{"latest_revision": 3}],
        [{"latest_revision": 2}, {"latest_revision": None}, {"latest_revision": 3, "is_unchanged": True}],
    ),
    ("statement", "E-NIL", ["data_rows"], {"nil_return": "Có", "data_rows": 0}, [{"data_rows": 1}], [{"nil_return": "Không", "data_rows": 1}]),
    ("statement", "E-EMPTY", ["data_rows"], {"nil_return": "Không", "data_rows": 1}, [{"data_rows": 0}], [{"nil_return": None, "data_rows": 0}]),
    (
        "statement", "E-CTRL-MISSING", ["control_activities"],
        {"form": KN_02, "nil_return": "Không", "control_activities": 0},
        [{"control_activities": None}],
        [{"control_activities": None, "form": KN_01}, {"control_activities": None, "nil_return": "Có"}],
    ),
    ("statement", "W-DOC-NUMBER", ["doc_number"], {"doc_number": "15/BC-UBND"}, [{"doc_number": "12"}], [{"doc_number": "15-BC/ĐU"}, {"doc_number": None}]),
    (
        "households", "E-CARRY", ["poor_open"],
        {"poor_open": 20, "previous_poor_close": 20, "previous_restated": False},
        [{"poor_open": 19}],
        [{"poor_open": 19, "previous_restated": True}, {"previous_poor_close": None}, {"poor_open": 19, "previous_restated": None}],
    ),
    (
        "households", "W-CARRY", ["poor_open"],
        {"poor_open": 20, "previous_poor_close": 20, "previous_restated": True},
        [{"poor_open": 19}],
        [{"poor_open": 19, "previous_restated": False}],
    ),
    ("households", "W-PERSONS-RATE", ["persons_per_household"], {"persons_per_household": 4.0}, [{"persons_per_household": 8.0}, {"persons_per_household": 1.0}], [{"persons_per_household": 15.5}, {"persons_per_household": None}]),
    ("households", "E-PERSONS-RATE", ["persons_per_household"], {"persons_per_household": 4.0}, [{"persons_per_household": 15.5}, {"persons_per_household": 0.5}], [{"persons_per_household": 8.0}]),
    (
        "households", "W-NTM-YEAR", ["ntm_year"],
        {"ntm": "Không", "ntm_year": None}, [{"ntm_year": 2020}], [{"ntm": "Có", "ntm_year": 2020}, {"ntm": None, "ntm_year": 2020}],
    ),
    ("activities", "W-SLIP", ["slip_ratio"], {"slip_ratio": 5.0}, [{"slip_ratio": 300.0}], [{"slip_ratio": 299.0}, {"slip_ratio": None}]),
    (
        "activities", "E-QUANTITY-UNIT", ["is_allowed"],
        {"is_allowed": True, "activity_code": "QUA_TET", "quantity_unit": "suất"},
        [{"is_allowed": None}],
        [{"is_allowed": None, "activity_code": None}, {"is_allowed": None, "quantity_unit": None}],
    ),
]  # fmt: skip


def found(name: str, code: str, columns: list[str], rows: list[dict[str, Any]], engine: Engine) -> list[int]:
    frame = pl.DataFrame(rows)
    asked = [rule for rule in RULES[name] if rule.code == code and columns_of(rule)[:1] == columns]
    assert len(asked) == 1
    return broken_rows(frame, asked, engine)[0][1]


def columns_of(rule: Rule) -> list[object]:
    arguments = rule.expectation.arguments
    return [arguments[name] for name in ("column", "column_A") if name in arguments]


@pytest.mark.parametrize("engine", list(Engine))
@pytest.mark.parametrize(("name", "code", "columns", "sound", "broken", "kept"), ASKED, ids=[case[1] for case in ASKED])
def test_a_rule_is_asked_of_its_own_rows_alone(
    name: str,
    code: str,
    columns: list[str],
    sound: dict[str, Any],
    broken: list[dict[str, Any]],
    kept: list[dict[str, Any]],
    engine: Engine,
) -> None:
    rows = [sound, *(sound | odd for odd in [*kept, *broken])]
    assert found(name, code, columns, rows, engine) == list(range(len(kept) + 1, len(rows)))


def test_flags_computed_beforehand_do_not_become_more() -> None:
    asked = [rule.expectation for rules in RULES.values() for rule in rules]
    assert sum(map(is_computed_beforehand, asked)) <= 82
