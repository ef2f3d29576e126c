"""The schema of a ledger: which revision it is of, whether anything is in it, and how it is brought to another."""

from pathlib import Path

from sqlalchemy import Connection, inspect, literal, select, table, text

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = "alembic_version"


def newest_revision() -> str:
    """The revision that this program works with."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision of the ledger; null where there is none yet."""
    if not inspect(connection).has_table(_VERSION):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {_VERSION}"))
    return found


def ledger_tables(connection: Connection) -> list[str]:
    """The names of all tables but the one that keeps the revision."""
    return sorted(name for name in inspect(connection).get_table_names() if name != _VERSION)


_MADE_WITH_IT = ("identity", "chain")
"""What a ledger has from its making on; every other row has a link in the chain beside itself."""


def has_rows(connection: Connection) -> bool:
    """Whether anything was ever kept in it."""
    return any(
        connection.execute(select(literal(1)).select_from(table(name)).limit(1)).first() is not None
        for name in ledger_tables(connection)
        if name not in _MADE_WITH_IT
    )


def migrate(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to that revision, inside the connection's transaction."""
    # Where nothing is to be done, the library that does it is not even imported.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("the upgrade left rows that refer to none; the ledger stays as it was")
