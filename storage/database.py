"""Opens the ledger: SQLite by default, PostgreSQL by URL; makes the schema of an empty one, and upgrades when told to."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from domain.errors import LedgerBusy, LedgerFault, LedgerNewer, LedgerOutdated, needing_extra
from storage.faults import ledger_url, place_of_ledger, telling_faults
from storage.schema import has_rows, migrate, newest_revision, revision_of

__all__ = [
    "Database",
    "LedgerState",
    "LedgerUnreachable",
    "Session",
    "database_exists",
    "is_away",
    "look_at_ledger",
    "open_database",
    "place_in_words",
    "upgrade_database",
]
LedgerUnreachable = (OperationalError, LedgerBusy)
"""The ledger is locked or its server away: later it may not be."""
WAIT_SECONDS = 30.0
"""So long somebody else may hold the ledger, unless a setting says otherwise."""
HOLDING = "ketnghia_holding"
"""The option of a connection that has a turn (`storage.turns`), and does nothing else."""
_READ_ONLY, _MIGRATING = "ketnghia_read_only", "ketnghia_migrating"


class Database:
    """The ledger: looked at inside `read`, changed inside `write`, each one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.before_writing: list[Callable[[], None]] = []
        """Asked before each transaction that writes; what raises keeps it from beginning."""
        self.on_first_write: Callable[[Session], None] | None = None
        """Asked once, in the first transaction that writes; what raises undoes it."""

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction, the only one that writes: kept when the block ends, undone when it raises.

        On either database writers follow each other, on whichever machine they run: what a transaction has looked up
        stays true until it ends, so that looking and then adding is safe.
        """
        for ask in list(self.before_writing):
            ask()
        first = self.on_first_write
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            if first is not None:
                first(session)
            yield session
        if first is not None:
            self.on_first_write = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One view of the ledger as it stands now; a write raises, and no writer is kept waiting."""
        reader = self.engine.execution_options(**{_READ_ONLY: True})
        with Session(reader, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_database(url: str, wait_seconds: float = WAIT_SECONDS) -> Database:
    """Open the ledger at `url`; where nothing is kept yet, its schema is made. Who holds it is waited for so long.

    Raises:
        BadSettings: if that is no URL of a database.
        LedgerOutdated: if it holds rows of an older schema; only `upgrade_database` alters those.
        LedgerNewer: if a newer program has upgraded it.
        LedgerFault: if it cannot be used as it is.
    """
    parsed = ledger_url(url)
    engine = ledger_engine(parsed, wait_seconds)
    try:
        with telling_faults(parsed):
            _make_if_empty(engine, place_of_ledger(parsed))
    except BaseException:
        engine.dispose()
        raise
    return Database(engine)


def upgrade_database(url: str, keep_copy: Callable[[str], None], wait_seconds: float = WAIT_SECONDS) -> tuple[str, str]:
    """Bring the ledger at `url` up to date; `keep_copy` is told its revision before anything is altered.

    Returns:
        The revision that it was of, and the one that it is of now; they are the same where nothing was to be done.

    Raises:
        LedgerNewer: if a newer program has upgraded it.
        LedgerFault: if it cannot be used as it is.
    """
    parsed = ledger_url(url)
    engine = ledger_engine(parsed, wait_seconds)
    place, newest = place_of_ledger(parsed), newest_revision()
    try:
        with telling_faults(parsed):
            with reading(engine) as connection:
                before = _known_revision(connection, place)
                is_kept = before not in (None, newest) and has_rows(connection)
            if is_kept:
                keep_copy(str(before))
            with _migrating(engine) as connection:
                if _known_revision(connection, place) != newest:
                    migrate(connection)
    finally:
        engine.dispose()
    return before or newest, newest


@dataclass(frozen=True, slots=True)
class LedgerState:
    """How far a ledger is: its revision, null where there is none yet, and the one that this program works with."""

    place: str
    revision: str | None
    newest: str


def look_at_ledger(url: str, wait_seconds: float = WAIT_SECONDS) -> LedgerState:
    """How far the ledger at `url` is; nothing is made.

    Raises:
        BadSettings: if that is no URL of a database.
        LedgerFault: if it cannot be used as it is.
    """
    parsed = ledger_url(url)
    place = place_of_ledger(parsed)
    if not database_exists(url):
        return LedgerState(place, None, newest_revision())
    engine = ledger_engine(parsed, wait_seconds)
    try:
        with telling_faults(parsed), reading(engine) as connection:
            return LedgerState(place, revision_of(connection), newest_revision())
    finally:
        engine.dispose()


def _only_read(url: URL, place: Path) -> URL:
    """The URL by which an account that may only read the file opens it.

    SQLite keeps two files beside it while somebody has it open. Where they are not, this account cannot make them, and
    nobody writes at this moment: then the file is read as it lies there.
    """
    if not place.is_file() or os.access(place, os.W_OK):
        return url
    query = {"uri": "true", "mode": "ro"}
    if not place.with_name(f"{place.name}-wal").exists():
        query["immutable"] = "1"
    return url.set(database=f"file:{quote(str(place))}", query=query)


def is_away(error: Exception) -> bool:
    """Whether the line to the ledger's server broke, or the server would not talk or had others to serve first.

    Then the same may succeed a little later; of a file that is locked or full, or a password that is wrong, it may not.
    """
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.orig, "sqlstate", "")
    if state is None:
        # The server said nothing at all, or not in its own words: the line is cut, or nobody answers.
        return "authentication failed" not in str(error.orig)
    return error.connection_invalidated or state[:2] == "08" or state in _PASSING


_PASSING = ("25P03", "40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03")
"""Idle for too long, serialisation, deadlock, too many clients, lock not had, shut down, crashed, starting up."""


def database_exists(url: str) -> bool:
    """Whether there is a ledger to look into; looking must not create one.

    Raises:
        BadSettings: if that is no URL of a database.
    """
    parsed = ledger_url(url)
    return parsed.get_backend_name() != "sqlite" or (parsed.database is not None and Path(parsed.database).is_file())


def place_in_words(url: str) -> str:
    """Where the ledger is, without its password."""
    return place_of_ledger(ledger_url(url))


def ledger_engine(url: URL, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """The engine for a ledger's URL; the folder of a file is made."""
    if url.get_backend_name() == "sqlite":
        if url.database:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
            url = _only_read(url, Path(url.database))
        engine = create_engine(url)
        _tame_sqlite(engine, wait_seconds)
        return engine
    url = url.update_query_dict({name: of for name, of in _OF_A_LINE.items() if name not in url.query})
    with needing_extra("Sổ trên PostgreSQL", "postgres"):
        # A connection that the server has closed since is replaced before it is used.
        engine = create_engine(url, pool_pre_ping=True)
    _tame_postgresql(engine, wait_seconds)
    return engine


def _make_if_empty(engine: Engine, place: str) -> None:
    """Make the schema where nothing is kept; rows of an older one stop it."""
    newest = newest_revision()
    with reading(engine) as connection:
        found = _known_revision(connection, place)
        if found == newest:
            return
        if has_rows(connection):
            if found is None:
                raise LedgerFault(
                    f"{place} có bảng của chương trình khác, không phải sổ; đặt lại KETNGHIA_HOME hoặc KETNGHIA_DATABASE_URL."
                )
            raise LedgerOutdated(
                f"Sổ {place} do bản chương trình cũ hơn lập (lược đồ {found}, bản này dùng {newest}); "
                "chạy “ketnghia upgrade”: lệnh ấy chép lại sổ trước khi đổi."
            )
    with _migrating(engine) as connection:
        # Another process that started at once may have made it meanwhile.
        if revision_of(connection) != newest:
            migrate(connection)


def _known_revision(connection: Connection, place: str) -> str | None:
    found, newest = revision_of(connection), newest_revision()
    if found is not None and found > newest:
        raise LedgerNewer(
            f"Sổ {place} do bản chương trình mới hơn lập (lược đồ {found}, bản này chỉ biết đến {newest}); "
            "cài bản chương trình mới rồi chạy lại. Sổ giữ nguyên."
        )
    return found


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """One view of the ledger as it stands now, without the session that the rooms above are handed."""
    return engine.execution_options(**{_READ_ONLY: True}).begin()


def _migrating(engine: Engine) -> AbstractContextManager[Connection]:
    return engine.execution_options(**{_MIGRATING: True}).begin()


def _tame_sqlite(engine: Engine, wait_seconds: float) -> None:
    """WAL, durable writes, foreign keys; and BEGIN IMMEDIATE, or a read before a write fails as "locked"."""

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        # How long to wait is said first: what follows may have to.
        wait = f"busy_timeout={round(wait_seconds * 1000)}"
        for pragma in (wait, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        is_reader = options.get(_READ_ONLY, False)
        # SQLite alters a table by putting another in its place, to which no row refers for a moment.
        connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if options.get(_MIGRATING, False) else 'ON'}")
        # A pooled connection may have served the other purpose before.
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if is_reader else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


_OF_A_LINE = {
    # A server that lost its power says no farewell either: whoever asked it hears so after a minute.
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_OF_A_SESSION = (
    # A machine that lost its power says no farewell; its session, and what it held, is over after a minute.
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
)
_OF_A_WRITER = (
    # Whatever the server's default is: each statement sees what was written before it, once it is its turn.
    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
    # One that sleeps in the middle of a transaction keeps no other machine waiting for ever.
    "SET LOCAL idle_in_transaction_session_timeout = '10min'",
    "SELECT pg_advisory_xact_lock(hashtext('ketnghia'))",
)


def _tame_postgresql(engine: Engine, wait_seconds: float) -> None:
    """One writer at a time, as SQLite has it; a reading transaction is declared, and sees one moment throughout."""

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        connection.autocommit = True
        # As long as SQLite waits for its file: whoever writes for longer is in trouble, and the step is tried again.
        for statement in (f"SET lock_timeout = {round(wait_seconds * 1000)}", *_OF_A_SESSION):
            connection.execute(statement)
        connection.autocommit = False

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get(_READ_ONLY, False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        elif not options.get(HOLDING, False):
            for statement in _OF_A_WRITER:
                connection.exec_driver_sql(statement)
