"""Opens the ledger: SQLite by default, PostgreSQL by URL; brings the schema up to date by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from domain.errors import BadSettings, needing_extra

__all__ = ["Database", "LedgerUnreachable", "Session", "database_exists", "open_database", "place_in_words"]
LedgerUnreachable = OperationalError
"""The ledger is locked or its server away: later it may not be."""
MIGRATIONS = Path(__file__).parent / "migrations"
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


def open_database(url: str) -> Database:
    """Open the ledger at `url` and migrate it.

    Raises:
        BadSettings: if there is no database to be reached at that URL.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        with needing_extra("Sổ trên PostgreSQL", "postgres"):
            engine = create_engine(parsed)
        if engine.dialect.name == "sqlite":
            _tame_sqlite(engine)
        if engine.dialect.name == "postgresql":
            _tame_postgresql(engine)
        _migrate(engine)
    except (ArgumentError, NoSuchModuleError, OperationalError) as error:
        raise _unopened(error) from error
    return Database(engine)


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


def place_in_words(url: str) -> str:
    """Where the ledger is, without its password."""
    parsed = make_url(url)
    return (
        str(parsed.database) if parsed.get_backend_name() == "sqlite" else parsed.render_as_string(hide_password=True)
    )


def _unopened(error: Exception) -> BadSettings:
    return BadSettings(
        f"Không mở được cơ sở dữ liệu ({type(error).__name__}: {str(error).splitlines()[0]}); "
        "kiểm tra cài đặt KETNGHIA_DATABASE_URL."
    )


def _migrate(engine: Engine) -> None:
    """Bring the schema up to date; where it is, the library that does so is not even imported."""
    newest = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    with engine.execution_options(**{_MIGRATING: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            # Two processes that start at once would both create the tables; SQLite's transaction excludes that.
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('ketnghia'))"))
        is_begun = inspect(connection).has_table("alembic_version")
        if is_begun and connection.scalar(text("SELECT version_num FROM alembic_version")) == newest:
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


def _tame_postgresql(engine: Engine) -> None:
    """A reading transaction is declared to the server, and sees one moment throughout."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if connection.get_execution_options().get(_READ_ONLY, False):
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
