"""A mail server that units send to."""

import subprocess
import sys
import time
from collections.abc import Iterator
from imaplib import IMAP4
from pathlib import Path

import pytest

from tests.services.intake.mailboxes import free_port


@pytest.fixture
def imap() -> Iterator[int]:
    port = free_port()
    arguments = ["--no-service", "managesieve", "--no-service", "admin", "--host", "127.0.0.1", "--port", str(port),
                 "dict", "--demo-data"]  # fmt: skip
    with subprocess.Popen(
        [str(Path(sys.executable).parent / "pymap"), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        for _ in range(100):
            try:
                IMAP4("127.0.0.1", port).logout()
                break
            except OSError:
                time.sleep(0.1)
        yield port
        server.terminate()


@pytest.fixture
def mailbox(imap: int) -> Iterator[IMAP4]:
    with IMAP4("127.0.0.1", imap) as server:
        server.login("demouser", "demopass")
        server.select("INBOX")
        server.store("1:*", "+FLAGS", r"(\Seen)")
        yield server
