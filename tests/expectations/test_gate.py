"""The gate: the same rows by both engines, and no verdict where a rule could not be evaluated."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from domain.findings import Engine
from domain.forms import FORMS
from domain.period import Period
from domain.reference import Reference
from expectations import gate
from expectations.gate import CrashedRule, broken_rows
from expectations.rule import (
    among,
    at_least,
    between,
    equal,
    like,
    none_of,
    nothing_in,
    rule,
    something_in,
    unique,
    value_is,
)
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from samples.months import sample_month
from services.intake.judge import Circumstances, examine
from services.settings import Settings
from transforms.history import NO_HISTORY

pytestmark = pytest.mark.slow
EACH = pytest.mark.parametrize("engine", list(Engine))


def test_both_engines_find_the_same_in_months_of_every_form_as_they_come_in(
    tmp_path: Path, sample_reference: Reference, agreeing_engines: Callable[[], int]
) -> None:
    for form in FORMS:
        for month in ("2024-02", "2025-07"):
            period, books = Period.parse(month), []
            for number, sample in enumerate(sample_month(sample_reference, period, with_faults=True, form=form)):
                path = tmp_path / f"{FORMS.index(form)}-{month}-{number}.xlsx"
                path.write_bytes(sample.content)
                books.append(pack(read_workbook(path, path.stem)))
            received = {book.file: date(2025, 8, 16) for book in books}
            examine(books, Circumstances(received, sample_reference, NO_HISTORY, Period.parse("2013-01")))
    assert agreeing_engines() > 10


@EACH
def test_a_frame_without_rows_breaks_no_rule(engine: Engine) -> None:
    asked = rule("E-X", "", "", "", nothing_in("a"))
    assert broken_rows(pl.DataFrame({"a": []}), [asked], engine) == [(asked, [])]


@EACH
def test_a_column_of_which_nothing_is_known_breaks_no_rule_about_text_or_numbers(engine: Engine) -> None:
    expectations = (none_of("a", ["x"]), among("a", ["x"]), between("a", 1, 2))
    rules = [rule("E-X", "Thử", "Thử.", "Sửa.", each, ("a",)) for each in expectations]
    assert [rows for _, rows in broken_rows(pl.DataFrame({"a": [None, None]}), rules, engine)] == [[], [], []]


@EACH
def test_what_is_not_asked_for_want_of_values_breaks_nothing_when_it_is_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.DataFrame(
        {"n": [None, None], "s": [None, None], "k": [1, 1], "m": [2, 2]},
        {"n": pl.Int64, "s": pl.String, "k": pl.Int64, "m": pl.Int64},
    )
    given = value_is("k", 1)
    expectations = (
        nothing_in("s"), nothing_in("s", given), between("n", 1, 2), between("n", 1, 2, given), among("s", ["x"], given),
        none_of("s", ["x"]), like("s", "x"), at_least("n", "k"), at_least("k", "n", given), equal("k", "n"), unique(["k", "n"]),
        something_in("s"), something_in("s", given), nothing_in("k"), unique(["k", "m"]), at_least("m", "k"),
    )  # fmt: skip
    rules = [rule("E-X", "", "", "", each) for each in expectations]
    found = broken_rows(frame, rules, engine)
    assert [rows for _, rows in found] == [[]] * 11 + [[0, 1], [0, 1], [0, 1], [0, 1], []]
    asked = [each for each in expectations if gate._can_be_broken(each, {"n", "s"})]
    assert asked == list(expectations[11:])
    monkeypatch.setattr(gate, "_can_be_broken", lambda *_: True)
    assert broken_rows(frame, rules, engine) == found


def test_where_nothing_is_to_be_asked_the_library_is_not_even_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "great_expectations", lambda: pytest.fail("it was imported"))
    asked = rule("E-X", "", "", "", none_of("a", ["x"]))
    assert broken_rows(pl.DataFrame({"a": [None, None]}, {"a": pl.String}), [asked]) == [(asked, [])]


@EACH
def test_a_rule_that_cannot_be_evaluated_is_raised_and_never_told_as_broken(engine: Engine) -> None:
    frame = pl.DataFrame({"a": ["x", None]})
    with pytest.raises(CrashedRule, match="E-X"):
        broken_rows(frame, [rule("E-X", "", "", "", between("a", least=1))], engine)
    with pytest.raises(CrashedRule, match="the frame lacks b"):
        broken_rows(frame, [rule("E-X", "", "", "", none_of("b", ["x"]))], engine)


@EACH
def test_threads_are_told_of_their_own_rows(engine: Engine) -> None:
    asked = [rule("E-X", "", "", "", between("a", most=0))]

    def found(number: int) -> bool:
        rows = [place % (number + 2) for place in range(100)]
        [(_, broken)] = broken_rows(pl.DataFrame({"a": rows}), asked, engine)
        return broken == [place for place, value in enumerate(rows) if value]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(found, range(40)))


def test_what_an_import_leaves_for_later_says_so_to_whoever_asks_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A module of its own: one of the library may have been imported by a test before.
    (tmp_path / "asked_for_later.py").write_text("answer = 42\n")
    monkeypatch.syspath_prepend(tmp_path)
    with gate._deferred("asked_for_later"):
        meanwhile = import_module("asked_for_later")
        with pytest.raises(AttributeError, match="asked_for_later is imported later"):
            _ = meanwhile.answer
    try:
        assert meanwhile.answer == 42
        assert import_module("asked_for_later").answer == 42
    finally:
        del sys.modules["asked_for_later"]


def test_the_engine_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(_env_file=None).validation_engine is Engine.POLARS
    monkeypatch.setenv("KETNGHIA_VALIDATION_ENGINE", "pandas")
    assert Settings(_env_file=None).validation_engine is Engine.PANDAS
