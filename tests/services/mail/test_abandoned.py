"""A mail that is being handed over is called uncertain once its sender is known to be dead, and no sooner."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.deliveries import DeliveryState
from domain.turns import Holder
from services.clock import system_clock
from services.mail.outbox import outbox
from services.run import Run, open_run
from services.settings import Settings
from services.turns import this_process
from storage import deliveries

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def run(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Run]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_ledger")
    with open_run(settings.model_copy(update={"database_url": url})) as opened:
        yield opened


def state_after_another_comes(run: Run, sender: str) -> DeliveryState:
    with run.ledger.write() as session:
        deliveries.reserve(session, "receipt-1", "a@x.vn", "<x>", "9" * 64, run.now())
        assert deliveries.claim(session, "receipt-1", "a@x.vn", sender)
    with outbox(run), run.ledger.read() as session:
        found = deliveries.find_delivery(session, "receipt-1", "a@x.vn")
    assert found is not None
    return found.state


def test_of_a_dead_process_of_this_machine_it_is_uncertain(run: Run) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    sender = Holder(socket.gethostname(), dead.pid, system_clock()).text
    assert state_after_another_comes(run, sender) is DeliveryState.UNCERTAIN


@pytest.mark.parametrize("machine", [socket.gethostname(), "may-khac"])
def test_of_one_that_may_be_alive_it_is_left_alone(run: Run, machine: str) -> None:
    sender = Holder(machine, os.getpid(), system_clock()).text
    assert state_after_another_comes(run, sender) is DeliveryState.SENDING


def test_of_another_machine_it_is_uncertain_once_no_conversation_lasts_so_long(run: Run) -> None:
    long_ago = system_clock() - timedelta(seconds=11 * run.settings.smtp_timeout_seconds)
    assert state_after_another_comes(run, Holder("may-khac", 7, long_ago).text) is DeliveryState.UNCERTAIN


def test_of_a_sender_from_before_senders_were_named_so_it_is_uncertain(run: Run) -> None:
    assert state_after_another_comes(run, "may-nay:/data") is DeliveryState.UNCERTAIN


def test_while_anybody_sends_on_any_machine_nothing_is_called_uncertain(run: Run) -> None:
    with open_run(run.settings) as other, outbox(other):
        assert state_after_another_comes(run, "may-nay:/data") is DeliveryState.SENDING


def test_whoever_hands_a_mail_over_is_named_with_its_machine(run: Run) -> None:
    named = Holder.parse(this_process().text)
    assert named is not None
    assert (named.machine, named.process) == (socket.gethostname(), os.getpid())
    assert abs(system_clock() - named.since) < timedelta(minutes=1)
