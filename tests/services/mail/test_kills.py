"""A sender that is killed at any moment doubles nothing and forgets nothing."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from domain.deliveries import DeliveryState
from services.settings import PROGRAM, Settings
from tests.commands import (
    verify_ledger,
)
from tests.services.mail.office import EDITION, Office, address, standing, states

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]


KILLS = int(os.environ.get("KETNGHIA_TEST_KILLS", "8"))
"""How often the sender is killed; the promise is for two hundred."""


def test_killed_at_any_moment_no_mail_goes_twice_and_none_is_forgotten(office: tuple[Office, Settings]) -> None:
    server, settings = office
    names = address(settings, max(25 * KILLS, 60))
    server.seconds = 0.01
    environment = os.environ | {
        "KETNGHIA_HOME": str(settings.home),
        "KETNGHIA_SMTP_HOST": "127.0.0.1",
        "KETNGHIA_SMTP_PORT": str(settings.smtp_port),
        "KETNGHIA_SMTP_SECURITY": "none",
    }
    dice, killed, caught = random.Random(7), 0, 0
    while True:
        before = sum(server.taken.values())
        sender = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "send", EDITION], cwd=PROGRAM, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if killed < KILLS:
            # Let it begin to send, then strike anywhere.
            while sum(server.taken.values()) == before and sender.poll() is None:
                time.sleep(0.002)
            time.sleep(dice.uniform(0, 0.3))
        else:
            sender.wait()
        if sender.poll() is not None:
            break
        os.kill(sender.pid, signal.SIGKILL)
        sender.wait()
        killed += 1
        caught += states(settings)[DeliveryState.SENDING]
    assert killed > 0
    final = states(settings)
    assert set(final) <= {DeliveryState.SENT, DeliveryState.UNCERTAIN}
    assert sum(final.values()) == len(names)  # nobody is forgotten
    assert set(server.taken.values()) == {1}  # nothing goes twice
    # As many are uncertain as were between the handing over and its answer when the sender died.
    assert final[DeliveryState.UNCERTAIN] == caught
    told = {mail.recipient for mail in standing(settings) if mail.state is DeliveryState.SENT}
    assert told <= set(server.recipients)
    assert verify_ledger(settings).faults == []
