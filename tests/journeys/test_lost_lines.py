"""A month on PostgreSQL whose server drops everybody, again and again: every step begins anew, nothing is lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from domain.deliveries import DeliveryState
from domain.period import Period
from services.run import open_run
from services.settings import PROGRAM, Settings
from storage import arrivals, deliveries, editions, submissions
from tests.commands import collect_submissions, monthly_report, release, send_report, verify_ledger

pytestmark = pytest.mark.slow
JANUARY, UNITS = "2024-01", {"622", "623", "624", "625"}
DROPS = int(os.environ.get("KETNGHIA_TEST_DROPS", "4"))
"""How often the server drops everybody in each part of the month."""


@contextmanager
def dropping(url: str, dice: random.Random) -> Iterator[Counter[str]]:
    """Meanwhile the server drops every connection, so many times; counts how many were dropped."""
    over, dropped = threading.Event(), Counter[str]()
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")

    def drop() -> None:
        with engine.connect() as connection:
            for _ in range(DROPS):
                if over.wait(dice.uniform(0.05, 1.5)):
                    return
                found = connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                    )
                )
                dropped["dropped"] += len(found.all())

    thread = threading.Thread(target=drop)
    thread.start()
    try:
        yield dropped
    finally:
        over.set()
        thread.join()
        engine.dispose()


def test_a_server_that_drops_everybody_costs_a_month_nothing_but_time(
    postgres_ledger: str, new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    seed = int.from_bytes(os.urandom(3))
    print(f"seed {seed}")
    dice = random.Random(seed)
    calm = new_home()
    shaken = calm.model_copy(update={"home": new_home().home, "database_url": postgres_ledger})
    for each in (calm, shaken):
        fill(each, JANUARY, with_faults=False, only=UNITS)
    collect_submissions(calm)
    expected = monthly_report(calm, Period.parse(JANUARY)).edition

    lost = Counter[str]()
    with dropping(postgres_ledger, dice) as dropped:
        assert len(collect_submissions(shaken)) == len(UNITS)
    lost += dropped
    with dropping(postgres_ledger, dice) as dropped:
        edition = monthly_report(shaken, Period.parse(JANUARY)).edition
    lost += dropped
    assert edition.sha256 == expected.sha256
    release(shaken, edition.edition_id, "Người Duyệt", "5", date(2024, 2, 5))
    with dropping(postgres_ledger, dice) as dropped:
        sent = send_report(shaken, edition.edition_id)
    lost += dropped

    print(f"lost {lost['dropped']} connections")
    assert lost["dropped"] > 0
    assert {each.state for each in sent} == {DeliveryState.SENT}
    with open_run(shaken) as run, run.ledger.read() as session:
        assert len(editions.all_editions(session)) == 1
        tried = Counter(each.recipient for each in deliveries.attempts_of(session, edition.edition_id))
    assert tried == dict.fromkeys([each.recipient for each in sent], 1)
    # A mail that was composed as the line broke, and composed once more, leaves its bytes; that is told, and harms nothing.
    assert [fault for fault in verify_ledger(shaken).faults if "lần soạn thư bị ngắt" not in fault] == []


def test_a_command_outlives_a_server_that_crashes_and_comes_back(
    own_server: Any, new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    settings = new_home().model_copy(update={"database_url": own_server.get_uri()})
    fill(settings, JANUARY, with_faults=False, only=UNITS)
    environment = {"KETNGHIA_HOME": str(settings.home), "KETNGHIA_DATABASE_URL": settings.database_url}
    command = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "collect"], cwd=PROGRAM, env=os.environ | environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    log = settings.home / "log" / "ketnghia.jsonl"
    while command.poll() is None and not (log.exists() and '"step": "archive-arrivals"' in log.read_text("utf-8")):
        time.sleep(0.05)
    os.kill(own_server.get_pid(), signal.SIGQUIT)
    time.sleep(3)
    own_server.ensure_postgres_running()
    told, complaint = command.communicate(timeout=300)
    assert command.returncode == 0, complaint
    assert "Mất kết nối với máy chủ của sổ" in complaint
    assert "Traceback" not in complaint
    with open_run(settings) as run, run.ledger.read() as session:
        judged = [submissions.judgements_of(session, sha256) for sha256 in arrivals.arrived_files(session)]
        assert arrivals.unanswered(session) == []
    assert [len(each) for each in judged] == [1] * len(UNITS)
    assert verify_ledger(settings).faults == []
    assert told
