"""A report that would come out just as it is, is not made again; whatever might change a byte of it makes it anew."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.editions import EditionRecord
from domain.period import Period
from domain.summary import Summary
from reports.companions.edition_data import DICTIONARY_NAME
from services.clock import system_clock
from services.editions import make, version
from services.editions.backfill_plan import Only
from services.editions.compose import Composed
from services.editions.make import make_report
from services.editions.unchanged import _SAYS_NOTHING_OF_FIGURES, find_unchanged, ground_of
from services.run import Run, open_run
from services.settings import Settings
from storage import locks
from storage.chain import KINDS, head
from storage.edition_files import companion_path, html_path, pdf_path, tables_path, word_path, workings_path
from tests.builders import correct_a_cell
from tests.commands import (
    backfill,
    collect_submissions,
    lock_period,
    monthly_report,
    plan_backfill,
    release,
    send_report,
    verify_ledger,
    withdraw,
)

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")


@pytest.fixture
def settings(tmp_path: Path, printed_home: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(printed_home, home)
    return Settings(home=home, _env_file=None)


def unchanged(settings: Settings, as_of: datetime | None = None) -> EditionRecord | None:
    with open_run(settings) as run:
        return find_unchanged(run, JANUARY, as_of, ground_of(run))


def test_it_is_answered_without_laying_anything_out_and_without_a_word_in_the_ledger(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = monthly_report(settings, JANUARY)
    with open_run(settings) as run, run.ledger.read() as session:
        before = head(session)
    monkeypatch.setattr(make, "compose", lambda *_: pytest.fail("laid out again"))
    assert monthly_report(settings, JANUARY) == first
    with open_run(settings) as run, run.ledger.read() as session:
        assert head(session) == before


def _touch(place: Callable[[Settings, EditionRecord], Path]) -> Callable[[Settings, EditionRecord], object]:
    return lambda settings, edition: place(settings, edition).write_bytes(b"altered")


def _remove(place: Callable[[Settings, EditionRecord], Path]) -> Callable[[Settings, EditionRecord], None]:
    return lambda settings, edition: place(settings, edition).unlink()


def _sql(statement: str) -> Callable[[Settings, EditionRecord], None]:
    def run(settings: Settings, _: EditionRecord) -> None:
        with closing(sqlite3.connect(settings.home / "ketnghia.sqlite3")) as ledger, ledger:
            ledger.execute(statement)

    return run


def _edit_a_table(settings: Settings, _: EditionRecord) -> None:
    rows = "email,unit_code,valid_from,valid_to,note\nvanthu.622@gialai.example,622,2024-01-01,,\n"
    (settings.home / "reference" / "unit_mailboxes.csv").write_text(rows, encoding="utf-8")


def _print_by_other_settings(settings: Settings, _: EditionRecord) -> None:
    settings.differences = type(settings.differences)("exact")


def _release_and_withdraw(settings: Settings, edition: EditionRecord) -> None:
    release(settings, edition.edition_id, "Người Duyệt")
    withdraw(settings, edition.edition_id, "Người Duyệt", "In thử")


_CHANGES: dict[str, Callable[[Settings, EditionRecord], object]] = {
    "a table was edited": _edit_a_table,
    "differences are printed another way": _print_by_other_settings,
    "the PDF is gone": _remove(lambda settings, each: pdf_path(settings.editions, each.sha256)),
    "the page is another": _touch(lambda settings, each: html_path(settings.editions, each.sha256)),
    "the workbook is another": _touch(lambda settings, each: tables_path(settings.editions, each.sha256)),
    "the workings are gone": _remove(lambda settings, each: workings_path(settings.editions, each.sha256)),
    "the workings are others": _touch(lambda settings, each: workings_path(settings.editions, each.sha256)),
    "the dictionary is gone": _remove(
        lambda settings, each: companion_path(settings.editions, each.sha256, DICTIONARY_NAME)
    ),
    "the copy for Word is gone": _remove(lambda settings, each: word_path(settings.editions, each.sha256)),
    "a figure was altered": _sql("UPDATE figures SET text = '9' WHERE figure_id = 'activities@period'"),
    "the attempt was altered": _sql("UPDATE report_runs SET made_with = '0'"),
    "the attempt is of an earlier program": _sql("UPDATE report_runs SET made_with = NULL"),
    "the edition was withdrawn": _release_and_withdraw,
    "the month was locked": lambda settings, _: lock_period(settings, JANUARY, system_clock(), "Trưởng phòng"),
}


@pytest.mark.parametrize("what", _CHANGES)
def test_it_is_made_anew_where(settings: Settings, what: str) -> None:
    edition = monthly_report(settings, JANUARY).edition
    assert unchanged(settings) == edition
    _CHANGES[what](settings, edition)
    assert unchanged(settings) is None


def test_it_is_made_anew_once_a_correction_has_begun_to_hold_by_its_own_day_though_it_ended_since(
    settings: Settings,
) -> None:
    begins = system_clock() + timedelta(days=3)
    correct_a_cell(settings, begins, begins + timedelta(days=1))
    edition = monthly_report(settings, JANUARY).edition
    with open_run(settings) as run:
        for days, expected in ((2, edition), (3.5, None), (9, None)):
            later = run.at(system_clock() + timedelta(days=days))
            assert find_unchanged(later, JANUARY, None, ground_of(later)) == expected, days


def test_what_may_have_changed_a_figure_is_everything_but_a_few_kinds_that_are_named() -> None:
    assert set(KINDS) > _SAYS_NOTHING_OF_FIGURES
    told = {kind for kind in set(KINDS) - _SAYS_NOTHING_OF_FIGURES if not kind.startswith("edition")}
    assert told >= {"submission", "rejudgement", "parking", "period-lock", "unlock", "explanation"}


def test_what_is_noted_while_a_report_is_laid_out_is_news_to_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows were read before, though its own link comes after."""
    compose = make.compose

    def with_news(run: Run, summary: Summary) -> Composed:
        with run.ledger.write() as session:
            locks.set_lock(session, "2024-01", system_clock(), "Trưởng phòng", system_clock())
        return compose(run, summary)

    with monkeypatch.context() as patch, open_run(settings) as run:
        patch.setattr(make, "compose", with_news)
        make_report(run, JANUARY, anew=True)
    assert unchanged(settings) is None
    edition = monthly_report(settings, JANUARY).edition
    assert unchanged(settings) == edition


def test_it_is_made_anew_where_other_libraries_are_installed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = monthly_report(settings, JANUARY).edition
    for name in ("_all_installed", "_system_libraries"):
        with monkeypatch.context() as patch:
            patch.setattr(version, name, lambda: ["another-1.0"])
            assert unchanged(settings) is None, name
    assert unchanged(settings) == edition
    assert all(version._system_libraries())


@pytest.mark.prints_anew
def test_through_a_life_of_the_month_the_answer_is_what_making_it_anew_gives(
    settings: Settings, fill: Callable[..., None]
) -> None:
    """Each step may change the report; wherever it is said to be unchanged, it is made anew, and is the same edition."""
    edition = "2024-01-1"
    # The printed home remembers no attempt of this program's tables.
    monthly_report(settings, JANUARY)
    steps: list[tuple[str, Callable[[], object], bool]] = [
        ("nothing", lambda: None, True),
        ("released", lambda: release(settings, edition, "Người Duyệt"), True),
        ("sent", lambda: send_report(settings, edition), True),
        ("another month", lambda: (fill(settings, "2024-02", only={"625"}), collect_submissions(settings)), False),
        ("its report", lambda: monthly_report(settings, Period.parse("2024-02")), True),
        ("locked", lambda: lock_period(settings, JANUARY, system_clock(), "Trưởng phòng"), False),
        (
            "a unit that was late",
            lambda: (fill(settings, "2024-01", with_faults=False, only={"623"}), collect_submissions(settings)),
            False,
        ),
        ("nothing more", lambda: None, True),
        ("withdrawn", lambda: withdraw(settings, edition, "Người Duyệt", "Sai"), False),
    ]
    seen = {}
    for name, step, is_same in steps:
        step()
        found = unchanged(settings)
        seen[name] = found is not None
        with open_run(settings) as run:
            again = make_report(run, JANUARY, anew=True)
        if found is not None:
            assert (again.edition.edition_id, again.edition.sha256) == (found.edition_id, found.sha256), name
        assert seen[name] is is_same, name
    assert verify_ledger(settings).faults == []


def test_a_month_that_a_person_orders_to_be_made_again_is_made_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monthly_report(settings, JANUARY)
    laid_out = []
    compose = make.compose
    monkeypatch.setattr(make, "compose", lambda *given: (laid_out.append(given), compose(*given))[1])
    backfill(settings, plan_backfill(settings, JANUARY, JANUARY, Only.ALL))
    assert len(laid_out) == 1


def test_as_of_a_moment_it_is_the_edition_of_that_moment(settings: Settings) -> None:
    moment = datetime.now(UTC)
    first = monthly_report(settings, JANUARY, moment).edition
    assert unchanged(settings, moment) == first
    assert unchanged(settings, moment + timedelta(seconds=1)) is None
