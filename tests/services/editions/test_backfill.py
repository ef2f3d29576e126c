"""A backfill says what it will do and why, does it, survives being killed, and mails nothing."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from cli.lines.backfill import outcome_lines, plan_lines
from domain.calendar import VIETNAM
from domain.errors import BadPeriod
from domain.period import Period
from domain.reference import Reference
from samples.months import sample_month
from services.editions import backfill_plan
from services.editions.backfill import Backfilled
from services.editions.backfill_plan import Only, Planned, State
from services.run import Run
from services.settings import PROGRAM, Settings
from storage import editions
from storage.database import open_database
from tests.commands import backfill, collect_submissions, plan_backfill

pytestmark = pytest.mark.slow
FIRST, LAST = Period.parse("2024-01"), Period.parse("2024-04")
Fill = Callable[..., None]


@pytest.fixture(scope="module")
def collected_home(new_home: Callable[[], Settings], fill: Fill) -> Path:
    """January to April 2024 of two districts."""
    settings = new_home()
    fill(settings, "2024-01", "2024-02", "2024-03", "2024-04", with_faults=False, only={"622", "630"})
    collect_submissions(settings)
    return settings.home


@pytest.fixture
def years(tmp_path: Path, collected_home: Path) -> Settings:
    home = tmp_path / "years"
    shutil.copytree(collected_home, home)
    return Settings(home=home, _env_file=None)


def run(settings: Settings, only: Only | None = None, **rest: int) -> list[Backfilled]:
    return backfill(settings, plan_backfill(settings, FIRST, LAST, only), **rest)


def states(planned: list[Planned]) -> list[tuple[str, bool]]:
    return [(str(each.state), each.is_due) for each in planned]


def printed(settings: Settings) -> dict[str, list[str]]:
    database = open_database(settings.ledger_url)
    with database.write() as session:
        found = {
            period: [edition.sha256 for edition in editions.editions_of(session, period)]
            for period in ("2024-01", "2024-02", "2024-03", "2024-04")
        }
    database.close()
    return found


def test_the_plan_names_each_month_and_why(years: Settings) -> None:
    planned = plan_backfill(years, Period.parse("2023-12"), LAST)
    assert states(planned) == [("empty", False), *[("missing", True)] * 4]
    assert "chưa lập lần nào" in "\n".join(plan_lines(planned))
    with pytest.raises(BadPeriod):
        plan_backfill(years, LAST, FIRST)


def test_what_is_done_is_not_done_again_unless_it_is_forced(years: Settings) -> None:
    outcome = run(years)
    assert [each.edition_id for each in outcome] == ["2024-01-1", "2024-02-1", "2024-03-1", "2024-04-1"]
    assert "4/4" in outcome_lines(outcome)[-1]
    assert run(years) == []
    before = printed(years)
    assert len(run(years, Only.ALL)) == 4
    assert printed(years) == before
    assert not years.mail_sink.exists()


def test_the_newest_may_come_first(years: Settings) -> None:
    planned = plan_backfill(years, FIRST, LAST, newest_first=True)
    assert [str(each.period) for each in planned] == ["2024-04", "2024-03", "2024-02", "2024-01"]


def test_a_new_revision_makes_every_month_due_that_speaks_of_it(years: Settings, sample_reference: Reference) -> None:
    run(years)
    [second] = [
        sample for sample in sample_month(sample_reference, Period.parse("2024-02"), with_faults=True, only={"622"})
        if "_v2" in sample.name
    ]  # fmt: skip
    (years.inbox / second.name).write_bytes(second.content)
    collect_submissions(years)
    planned = plan_backfill(years, FIRST, LAST)
    # January does not speak of February; March compares with it, and both count it in the year.
    assert states(planned) == [("current", False), *[("changed", True)] * 3]
    assert "đơn vị 622 (kỳ 2024-02, lần nộp 2)" in planned[1].why
    assert states(plan_backfill(years, FIRST, LAST, Only.MISSING))[1] == ("changed", False)
    assert [each.edition_id for each in run(years)] == ["2024-02-2", "2024-03-2", "2024-04-2"]


def test_a_changed_program_makes_every_month_due(years: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run(years)
    monkeypatch.setattr(backfill_plan, "code_version", lambda: "f" * 64)
    planned = plan_backfill(years, FIRST, LAST)
    assert {(each.state, each.why) for each in planned} == {(State.CHANGED, "chương trình đã đổi")}


def test_one_bad_month_stops_no_other_and_is_tried_again(years: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.editions import backfill as module

    make = module.make_report

    def stumble(run: Run, period: Period, as_of: datetime | None, *, anew: bool) -> object:
        if str(period) == "2024-02":
            raise ZeroDivisionError("a bug")
        return make(run, period, as_of, anew=anew)

    monkeypatch.setattr(module, "make_report", stumble)
    outcome = run(years)
    assert [bool(each.edition_id) for each in outcome] == [True, False, True, True]
    monkeypatch.undo()
    planned = plan_backfill(years, FIRST, LAST, Only.FAILED)
    assert states(planned)[1] == ("failed", True)
    assert "ZeroDivisionError: a bug" in planned[1].why
    assert [each.edition_id for each in backfill(years, planned)] == ["2024-02-1"]


def test_several_jobs_make_the_same_bytes(years: Settings, tmp_path: Path, collected_home: Path) -> None:
    run(years)
    other = tmp_path / "other"
    shutil.copytree(collected_home, other)
    beside = Settings(home=other, _env_file=None)
    outcome = run(beside, jobs=2)
    assert [each.reason for each in outcome] == [""] * 4
    assert printed(beside) == printed(years)


def test_as_of_an_earlier_day_only_what_was_known_then_is_made(years: Settings) -> None:
    day = datetime(2024, 2, 20, tzinfo=VIETNAM)
    planned = plan_backfill(years, FIRST, LAST, as_of=day)
    assert states(planned) == [("missing", True), ("missing", True), ("empty", False), ("empty", False)]
    backfill(years, planned, day)
    assert not any(each.is_due for each in plan_backfill(years, FIRST, LAST, as_of=day))
    assert all(each.is_due for each in plan_backfill(years, FIRST, LAST))


def test_killed_at_any_moment_and_started_again_it_ends_with_the_same_bytes(
    years: Settings, tmp_path: Path, collected_home: Path
) -> None:
    run(years)
    home = tmp_path / "killed"
    shutil.copytree(collected_home, home)
    command = [sys.executable, "-m", "cli.main", "backfill", "2024-01", "2024-04", "--jobs", "2"]
    environment = os.environ | {"KETNGHIA_HOME": str(home)}
    dice, killed = random.Random(4), 0
    for _ in range(40):
        child = subprocess.Popen(
            command, env=environment, cwd=PROGRAM, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + dice.uniform(2, 9) * (1 + killed / 3)
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        if child.poll() == 0:
            break
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        killed += 1
    assert killed > 0
    assert printed(Settings(home=home, _env_file=None)) == printed(years)
    for digests in printed(years).values():
        for digest in digests:
            assert sha256((home / "editions" / f"{digest}.pdf").read_bytes()).hexdigest() == digest
