"""A collect that is killed at any moment loses no mail, doubles none, and answers each at most once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from imaplib import IMAP4
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import text

from services.settings import PROGRAM
from storage import arrivals, mails
from storage.database import open_database
from tests.commands import collect_submissions, verify_ledger
from tests.ingest.mail.letters import letter, zipped
from tests.services.intake.mailboxes import by_mail, found, free_port, put
from tests.services.mail.office import Office

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")]
KILLS = int(os.environ.get("KETNGHIA_TEST_KILLS", "4"))


def test_killed_at_any_moment_every_mail_is_taken_once_and_answered_at_most_once(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Callable[..., bytes]
) -> None:
    office = Office()
    office.seconds = 0.2
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings = by_mail(tmp_path / "home", imap, smtp_host="127.0.0.1", smtp_port=controller.port, smtp_security="none")
    books = [pleiku(statement={"preparer_name": f"Người {number}"}) for number in range(4)]
    put(
        mailbox,
        letter(("0.xlsx", books[0]), ("1.xlsx", books[1])),
        letter(("2.zip", zipped(("2.xlsx", books[2]), ("3.xlsx", books[3])))),
        *(letter(body=f"Thư số {number}") for number in range(4)),
    )
    environment = os.environ | {
        "KETNGHIA_HOME": str(settings.home), "KETNGHIA_IMAP_HOST": "127.0.0.1", "KETNGHIA_IMAP_PORT": str(imap),
        "KETNGHIA_IMAP_SECURITY": "none", "KETNGHIA_IMAP_USER": "demouser", "KETNGHIA_IMAP_PASSWORD": "demopass",
        "KETNGHIA_SMTP_HOST": "127.0.0.1", "KETNGHIA_SMTP_PORT": str(controller.port), "KETNGHIA_SMTP_SECURITY": "none",
    }  # fmt: skip
    dice, killed = random.Random(7), 0
    for _ in range(KILLS):
        before = sum(office.taken.values()) + found(mailbox, "SEEN")
        collect = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "collect"], cwd=PROGRAM, env=environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        # Let it take a mail or send an answer, then strike anywhere.
        while sum(office.taken.values()) + found(mailbox, "SEEN") == before and collect.poll() is None:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.6))
        if collect.poll() is None:
            os.killpg(collect.pid, signal.SIGKILL)
            killed += 1
        collect.wait()
    assert killed > 0
    collect_submissions(settings)
    assert found(mailbox, "UNSEEN") == 0
    database = open_database(settings.ledger_url)
    with database.read() as session:
        names = Counter(arrivals.arrived_files(session).values())
        assert len(arrivals.known_locators(session, "mailbox")) == 4
        assert session.scalar(text("SELECT count(*) FROM deliveries")) == 6
        assert arrivals.unanswered(session) == []
        assert mails.unanswered_without_workbook(session) == []
    database.close()
    controller.stop()
    assert names == {f"{number}.xlsx": 1 for number in range(4)}
    assert len(office.taken) <= 6
    # A sender that dies while the server takes a mail leaves a doubt, which a person resolves: never a second mail.
    assert set(office.taken.values()) <= {1}
    assert verify_ledger(settings).faults == []
