"""Several machines that do the same on one ledger at the same moment do it once."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from services.settings import PROGRAM
from storage import arrivals, deliveries, editions, mails, soundness
from storage.database import open_database
from tests.storage.rivals import DRAFTS, FILES, MAILS, digest

pytestmark = pytest.mark.slow
TRIALS = int(os.environ.get("KETNGHIA_TEST_TRIALS", "3"))
"""How often it is tried; every trial has a ledger of its own to begin with, and adds its own rivals."""
RIVALS = 3


def test_what_several_add_at_one_moment_is_there_once_and_numbered_without_gaps(database_url: str) -> None:
    url = database_url.replace("+psycopg", "")
    for trial in range(TRIALS):
        _begin_anew(url)
        seed = int.from_bytes(os.urandom(3))
        print(f"trial {trial}, seeds from {seed}")
        begin = time.time() + 2.5
        rivals = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.storage.rivals", url, str(seed + number), str(begin)],
                cwd=PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for number in range(RIVALS)
        ]  # fmt: skip
        ended = [(rival, *rival.communicate(timeout=120)) for rival in rivals]
        assert [(rival.returncode, complaint) for rival, _, complaint in ended] == [(0, "")] * RIVALS
        sent = sorted(name for _, told, _ in ended for name in json.loads(told))
        assert sent == [f"s{number}" for number in range(MAILS)]  # each mail has one sender
        with open_database(url) as database, database.read() as session:
            assert len(arrivals.unanswered(session)) == FILES
            assert len(mails.unanswered_without_workbook(session)) == MAILS
            assert [each.number for each in editions.editions_of(session, "2024-02")] == [*range(1, DRAFTS + 1)]
            assert len(deliveries.deliveries_of(session, "2024-02-1")) == MAILS
            assert {each.sha256 for each in arrivals.unanswered(session)} == {digest(f"f{n}") for n in range(FILES)}
            assert list(soundness.broken_links(session)) == []


def _begin_anew(url: str) -> None:
    """An empty ledger in the place of the one that is there."""
    if url.startswith("sqlite"):
        for path in Path(url.removeprefix("sqlite:///")).parent.glob("ledger.sqlite3*"):
            path.unlink()
    else:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    open_database(url).close()


@pytest.mark.parametrize("level", ["serializable", "repeatable read"])
def test_writers_see_what_was_written_before_them_whatever_the_server_holds_for_usual(
    postgres_ledger: str, level: str
) -> None:
    engine = create_engine(postgres_ledger.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = '{level}'")
    engine.dispose()
    test_what_several_add_at_one_moment_is_there_once_and_numbered_without_gaps(postgres_ledger)
