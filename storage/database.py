"""Opens the ledger: SQLite by default, PostgreSQL by URL; makes the schema of an empty one, and upgrades when told to."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
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
    "look_at_ledger",
    "open_database",
    "upgrade_database",
]
LedgerUnreachable = (OperationalError, LedgerBusy)
"""The ledger is locked or its server away: later it may not be."""
WAIT_SECONDS = 30.0
"""So long somebody else may hold the ledger, unless a setting says otherwise."""
_READ_ONLY, _MIGRATING = "ketnghia_read_only", "ketnghia_migrating"


class Database:
    """The ledger: looked at inside `read`, changed inside `write`, each one transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: kept when the block ends, undone when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

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
            with _reading(engine) as connection:
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
        with telling_faults(parsed), _reading(engine) as connection:
            return LedgerState(place, revision_of(connection), newest_revision())
    finally:
        engine.dispose()


def database_exists(url: str) -> bool:
    """Whether there is a ledger to look into; looking must not create one.

    Raises:
        BadSettings: if that is no URL of a database.
    """
    parsed = ledger_url(url)
    return parsed.get_backend_name() != "sqlite" or (parsed.database is not None and Path(parsed.database).is_file())


def ledger_engine(url: URL, wait_seconds: float = WAIT_SECONDS) -> Engine:
    """The engine for a ledger's URL; the folder of a file is made."""
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    with needing_extra("Sổ trên PostgreSQL", "postgres"):
        engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        _tame_sqlite(engine, wait_seconds)
    else:
        _tame_postgresql(engine)
    return engine


def _make_if_empty(engine: Engine, place: str) -> None:
    """Make the schema where nothing is kept; rows of an older one stop it."""
    newest = newest_revision()
    with _reading(engine) as connection:
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


def _reading(engine: Engine) -> AbstractContextManager[Connection]:
    return engine.execution_options(**{_READ_ONLY: True}).begin()


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(**{_MIGRATING: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two processes that start at once would both create the tables; SQLite's transaction excludes that.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ketnghia'))"))
        yield connection


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


def _tame_postgresql(engine: Engine) -> None:
    """A reading transaction is declared to the server, and sees one moment throughout."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get(_READ_ONLY, False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
