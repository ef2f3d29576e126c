"""A month from two homes on one PostgreSQL and one store at once, one of them killed again and again: the same as from one machine."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.deliveries import DeliveryState
from domain.period import Period
from domain.reference import Reference
from samples.months import sample_month
from services.run import open_run
from services.settings import PROGRAM, Settings
from storage import arrivals, deliveries, editions, submissions
from tests.commands import release, verify_ledger

pytestmark = pytest.mark.slow
JANUARY, EDITION = "2024-01", "2024-01-1"
UNITS = {"622", "623", "624", "625", "626", "627"}
KILLS = int(os.environ.get("KETNGHIA_TEST_KILLS", "3"))


def start(settings: Settings, *arguments: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "KETNGHIA_HOME": str(settings.home),
        "KETNGHIA_DATABASE_URL": settings.database_url,
        "KETNGHIA_STORE": settings.store,
    }
    command = [sys.executable, "-m", "cli.main", *arguments]
    return subprocess.Popen(
        command, cwd=PROGRAM, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )


def done(*started: subprocess.Popen[bytes]) -> None:
    for process in started:
        _, complaint = process.communicate(timeout=300)
        # Where a mail is in the other's hands, or was when that one died, sending ends with a no.
        is_sending = "send" in list(process.args)  # type: ignore[call-overload]
        assert process.returncode in ((0, 1) if is_sending else (0,)), complaint.decode()
        assert b"Traceback" not in complaint


def with_kills(dice: random.Random, killed: Settings, other: Settings, *arguments: str) -> int:
    """Both do it at once, the first is killed so many times, then both do it to the end; gives how often it was struck."""
    struck = 0
    for _ in range(KILLS):
        victim, rival = start(killed, *arguments), start(other, *arguments)
        time.sleep(dice.uniform(1, 9))
        if victim.poll() is None:
            os.kill(victim.pid, signal.SIGKILL)
            struck += 1
        victim.communicate()
        done(rival)
    done(start(killed, *arguments), start(other, *arguments))
    return struck


def told(settings: Settings) -> dict[str, tuple[str, str]]:
    """Every number of the edition, by its id; but when each file came, and what is a hash over that."""
    with open_run(settings) as run, run.ledger.read() as session:
        figures = editions.figures_of(session, EDITION)
    of_the_hour = ("received.", "fingerprint", "cut_at", "headline.coverage")
    return {
        each.figure_id: (str(each.value), each.text) for each in figures if not each.figure_id.startswith(of_the_hour)
    }


def test_two_homes_one_killed_make_what_one_machine_makes(
    postgres_ledger: str, new_home: Callable[[], Settings], sample_reference: Reference, tmp_path: Path
) -> None:
    seed = int.from_bytes(os.urandom(3))
    print(f"seed {seed}")
    dice = random.Random(seed)
    alone = new_home()
    said = {"database_url": postgres_ledger, "store": str(tmp_path / "kho")}
    (tmp_path / "kho").mkdir(mode=0o700)
    first, second = (new_home().model_copy(update=said) for _ in range(2))
    files = list(sample_month(sample_reference, Period.parse(JANUARY), with_faults=False, only=UNITS))
    for number, file in enumerate(files):
        # Every third file was sent to both offices.
        for settings in (alone, *([first, second] if number % 3 == 0 else [(first, second)[number % 2]])):
            settings.inbox.mkdir(exist_ok=True)
            (settings.inbox / file.name).write_bytes(file.content)

    done(start(alone, "collect"))
    done(start(alone, "report", JANUARY))
    struck = with_kills(dice, first, second, "collect")
    struck += with_kills(dice, first, second, "report", JANUARY)
    assert len(told(second)) > 100
    assert told(second) == told(alone)
    release(second, EDITION, "Người Duyệt", "5")
    struck += with_kills(dice, first, second, "send", EDITION)
    print(f"killed {struck} times")
    assert struck > 0

    with open_run(first) as run, run.ledger.read() as session:
        noted = arrivals.arrived_files(session)
        judged = [submissions.judgements_of(session, sha256) for sha256 in noted]
        made = [each.edition_id for each in editions.all_editions(session)]
        standing = deliveries.deliveries_of(session, EDITION)
        assert arrivals.unanswered(session) == []
    assert len(noted) == len(files)
    assert [len(each) for each in judged] == [1] * len(files)  # no file is judged twice, none is left
    assert made == [EDITION]
    sent = Counter(path.name for each in (first, second) for path in _mails(each))
    for mail in standing:
        was_sent = sent[f"{mail.recipient}.eml"]
        assert mail.state in (DeliveryState.SENT, DeliveryState.UNCERTAIN)
        assert was_sent == 1 or (was_sent == 0 and mail.state is DeliveryState.UNCERTAIN)
    # A sender that was killed between composing a mail and noting it leaves its bytes; that is told, and harms nothing.
    assert [fault for fault in verify_ledger(first).faults if "lần soạn thư bị ngắt" not in fault] == []


def _mails(settings: Settings) -> list[Path]:
    return list((settings.mail_sink / EDITION).glob("*.eml"))
