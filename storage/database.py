"""Opens the ledger: SQLite by default, PostgreSQL by URL; brings the schema up to date by itself."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from domain.errors import BadSettings, needing_extra

__all__ = ["Database", "LedgerUnreachable", "Session", "database_exists", "is_away", "open_database"]
LedgerUnreachable = OperationalError
"""The ledger is locked or its server away: later it may not be."""
MIGRATIONS = Path(__file__).parent / "migrations"
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


def open_database(url: str) -> Database:
    """Open the ledger at `url` and migrate it.

    Raises:
        BadSettings: if there is no database to be reached at that URL.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.update_query_dict({name: of for name, of in _OF_A_LINE.items() if name not in parsed.query})
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            parsed = _only_read(parsed, Path(parsed.database))
        with needing_extra("Sổ trên PostgreSQL", "postgres"):
            # A connection that the server has closed since is replaced before it is used.
            engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() == "postgresql")
        if engine.dialect.name == "sqlite":
            _tame_sqlite(engine)
        if engine.dialect.name == "postgresql":
            _tame_postgresql(engine)
        try:
            _migrate(engine)
        except BaseException:
            engine.dispose()
            raise
    except (ArgumentError, NoSuchModuleError, OperationalError) as error:
        raise _unopened(error) from error
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != _NO_RIGHT:
            raise
        raise BadSettings(
            "Sổ chưa được lập, hoặc cần nâng cấp theo bản chương trình này, mà tài khoản trong KETNGHIA_DATABASE_URL không "
            "có quyền ấy; người quản trị chạy: ketnghia database init."
        ) from error
    return Database(engine)


_NO_RIGHT = "42501"


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


def is_away(error: LedgerUnreachable) -> bool:
    """Whether the line to the ledger's server broke, or the server would not talk or had others to serve first.

    Then the same may succeed a little later; of a file that is locked or full, or a password that is wrong, it may not.
    """
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
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _unopened(error) from error
    return parsed.get_backend_name() != "sqlite" or (parsed.database is not None and Path(parsed.database).is_file())


def _unopened(error: Exception) -> BadSettings:
    return BadSettings(
        f"Không mở được cơ sở dữ liệu ({type(error).__name__}: {str(error).splitlines()[0]}); "
        "kiểm tra cài đặt KETNGHIA_DATABASE_URL."
    )


def _migrate(engine: Engine) -> None:
    """Bring the schema up to date; where it is, the library that does so is not even imported."""
    newest = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with engine.execution_options(**{_READ_ONLY: True}).begin() as connection:
        # Who only looks neither waits for whoever writes nor needs the right to.
        if _schema_version(connection) == newest:
            return
    with engine.execution_options(**{_MIGRATING: True}).begin() as connection:
        if _schema_version(connection) == newest:
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if engine.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("the upgrade left rows that refer to none; the ledger stays as it was")


def _tame_sqlite(engine: Engine) -> None:
    """WAL, durable writes, foreign keys; and BEGIN IMMEDIATE, or a read before a write fails as "locked"."""

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
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


def _schema_version(connection: Connection) -> str | None:
    """Up to which migration the ledger is; null where there is none yet."""
    is_begun = inspect(connection).has_table("alembic_version")
    return connection.scalar(text("SELECT version_num FROM alembic_version")) if is_begun else None


_OF_A_LINE = {
    # A server that lost its power says no farewell either: whoever asked it hears so after a minute.
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_OF_A_SESSION = (
    # As long as SQLite waits for its file: whoever writes for longer is in trouble, and the step is tried again.
    "SET lock_timeout = '30s'",
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


def _tame_postgresql(engine: Engine) -> None:
    """One writer at a time, as SQLite has it; a reading transaction is declared, and sees one moment throughout."""

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        connection.autocommit = True
        for statement in _OF_A_SESSION:
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
