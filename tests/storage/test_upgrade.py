"""A ledger of an earlier program is brought up to date and stays whole; what was altered before is still found."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, text

from domain.submissions import LockRecord
from storage import arrivals, chain, locks, soundness, submissions
from storage.database import Database, open_database, upgrade_database
from storage.identity import ledger_id
from storage.schema import MIGRATIONS
from tests.storage.test_locks import moment

pytestmark = pytest.mark.slow
WORDS = "Được miễn: Hệ thống kế toán mới (Trần Thị B, đến 29/02/2024)."
ROWS = (
    """INSERT INTO submissions (id, sha256, file_name, received_at, unit_code, period, revision, kind, is_nil,
        is_sample, verdict, working_days_late, columns)
    VALUES (1, 'SHA', 'KN_633.xlsx', '2024-02-16 05:00:00.000000', '633', '2024-02', 1, 'CHINH_THUC', FALSE,
        TRUE, 'accepted_with_warnings', 0, '{}')""".replace("SHA", "a" * 64),
    f"""INSERT INTO findings (submission_id, position, rule, severity, sheet, cell, "row", "column", value, title,
        sentence, remedy)
    VALUES (1, 0, 'E-SUM', 'warning', '02_HoatDong', 'C8', 8, 3, '1', 'Sai tổng', 'Tổng không khớp. {WORDS}', 'Sửa.'),
        (1, 1, 'W-X', 'warning', '02_HoatDong', 'C9', 9, 3, '1', 'Tên', 'Câu.', 'Sửa.')""",
    """INSERT INTO locks
    VALUES ('2024-02', '2024-02-20 00:00:00.000000', 'Nguyễn Văn A', '2024-02-21 01:30:00.000000')""",
)
ARRIVAL = f"""INSERT INTO arrivals (channel, locator, file_name, sha256, arrived_at)
    VALUES ('folder', 'a@1', 'a.xlsx', '{"a" * 64}', '2024-02-16 05:00:00.000000')"""
ARRIVAL_SHA256 = "c6bd3b3363e2bcfbe5d01bf4e41a7f93508573a272095516390e09955cf8e9c4"
"""The hash that the program of that time computed for it."""
LINKS = {
    ("submission", "1"): "30ab8b91ea5833750d1eeb733365d1a34b8f6bd1c48b29b07e9cd2ae3558c09c",
    ("lock", "2024-02"): "b84dcac298f4329208ca433944e1577a7b8adbf0d735b52772ca71697dbe4b38",
}
"""The hashes that the program of that time computed for these rows."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@pytest.fixture
def old(engine: Engine) -> Engine:
    """A ledger as the program left it at revision 0008: a submission with a waived finding, and a lock."""
    with engine.begin() as connection:
        upgrade(connection, "0008")
        for row in ROWS:
            connection.exec_driver_sql(row)
        before = chain.BEGINNING
        for position, ((kind, key), content) in enumerate(LINKS.items(), start=1):
            link = chain.link_hash(before, position, kind, key, content)
            connection.execute(
                text("INSERT INTO chain VALUES (:position, :kind, :key, :content, :link)"),
                {"position": position, "kind": kind, "key": key, "content": content, "link": link},
            )
            before = link
    return engine


def upgraded(database_url: str) -> Database:
    url = database_url.replace("+psycopg", "")
    upgrade_database(url, lambda _: None)
    return open_database(url)


def broken(url: str) -> list[tuple[str, str, str]]:
    with upgraded(url) as ledger, ledger.read() as session:
        return list(soundness.broken_links(session))


def test_an_old_ledger_keeps_its_lock_and_its_waiver_and_is_whole(old: Engine, database_url: str) -> None:
    with upgraded(database_url) as ledger, ledger.read() as session:
        assert list(soundness.broken_links(session)) == []
        assert locks.lock_of(session, "2024-02") == LockRecord(
            "2024-02", moment("2024-02-20 00:00"), "Nguyễn Văn A", moment("2024-02-21 01:30")
        )
        found = submissions.findings_of(session, [1])[1].found
        assert [(finding.rule, finding.waived_by) for finding in found] == [("E-SUM", WORDS), ("W-X", "")]
        assert chain.keys_of(session, "period-lock") == {"1"}
        assert chain.keys_of(session, chain.WAIVERS) == {"1"}
        assert chain.keys_of(session, "identity") == {ledger_id(session)}
        assert len(ledger_id(session)) == 32


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE locks SET locked_by = 'Ai đó'", [("lock", "2024-02", "altered"), ("period-lock", "1", "added")]),
        ("DELETE FROM locks", [("lock", "2024-02", "removed")]),
        (
            "INSERT INTO locks VALUES ('2024-01', '2024-02-20 00:00:00', 'X', '2024-02-20 00:00:00')",
            [("period-lock", "1", "added")],
        ),
        ("UPDATE findings SET sentence = 'Khác.' WHERE position = 1", [("submission", "1", "altered")]),
    ],
)
def test_what_was_altered_before_the_upgrade_is_found_after_it(
    old: Engine, database_url: str, statement: str, expected: list[tuple[str, str, str]]
) -> None:
    with old.begin() as connection:
        connection.exec_driver_sql(statement)
    assert broken(database_url) == expected


def test_a_waiver_changed_after_the_upgrade_is_found(old: Engine, database_url: str) -> None:
    assert broken(database_url) == []
    with old.begin() as connection:
        connection.exec_driver_sql("UPDATE findings SET waived_by = '' WHERE position = 0")
    assert broken(database_url) == [("submission-waivers", "1", "altered")]


def test_a_lock_put_into_a_chain_that_never_had_one_is_found_after_the_upgrade(old: Engine, database_url: str) -> None:
    with old.begin() as connection:
        connection.exec_driver_sql("DELETE FROM chain WHERE kind = 'lock'")
    assert broken(database_url) == [("period-lock", "1", "added")]


def test_a_lock_that_was_removed_before_the_upgrade_is_still_missed_once_the_month_is_locked_anew(
    old: Engine, database_url: str
) -> None:
    with old.begin() as connection:
        connection.exec_driver_sql("DELETE FROM locks")
    with upgraded(database_url) as ledger, ledger.write() as session:
        locks.set_lock(session, "2024-02", moment("2024-02-25 00:00"), "Nguyễn Văn A", moment("2024-02-26 00:00"))
        assert list(soundness.broken_links(session)) == [("lock", "2024-02", "altered")]


def test_a_lock_altered_after_the_upgrade_is_found(old: Engine, database_url: str) -> None:
    assert broken(database_url) == []
    with old.begin() as connection:
        connection.exec_driver_sql("UPDATE period_locks SET locked_by = 'Ai đó'")
    assert broken(database_url) == [("lock", "2024-02", "altered"), ("period-lock", "1", "altered")]


def test_arrivals_of_before_their_own_times_were_kept_stay_whole_and_those_after_are_linked(
    engine: Engine, database_url: str
) -> None:
    with engine.begin() as connection:
        upgrade(connection, "0012")
        connection.exec_driver_sql(ARRIVAL)
        link = chain.link_hash(chain.BEGINNING, 1, "arrival", "1", ARRIVAL_SHA256)
        connection.exec_driver_sql(f"INSERT INTO chain VALUES (1, 'arrival', '1', '{ARRIVAL_SHA256}', '{link}')")
    assert broken(database_url) == []
    with upgraded(database_url) as ledger, ledger.write() as session:
        arrivals.note_arrival(session, "folder", "b", "b.xlsx", "b" * 64, None, moment("2026-11-26 01:00"))
        told = moment("2019-01-01 01:00")
        noted = arrivals.note_arrival(
            session, "folder", "c", "c.xlsx", "c" * 64, None, moment("2026-11-26 01:00"), own_time=told
        )
        assert (noted.number, noted.own_time) == (3, told)
        assert chain.keys_of(session, chain.OWN_TIME) == {"3"}
        assert list(soundness.broken_links(session)) == []
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE arrivals SET own_time = '2024-02-15 01:00:00'")
    assert sorted(broken(database_url)) == [
        ("arrival-own-time", "1", "added"), ("arrival-own-time", "2", "added"), ("arrival-own-time", "3", "altered"),
    ]  # fmt: skip


def test_the_locks_of_a_ledger_that_is_older_than_the_chain_are_taken_into_it(
    engine: Engine, database_url: str
) -> None:
    with engine.begin() as connection:
        upgrade(connection, "0003")
        connection.exec_driver_sql(ROWS[-1])
    assert broken(database_url) == []
    with upgraded(database_url) as ledger, ledger.read() as session:
        assert chain.keys_of(session, "lock") == {"2024-02"}
        assert chain.keys_of(session, "period-lock") == {"1"}
