"""Writes many rows of one table at once."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from storage.tables import Table


def insert_rows(session: Session, kept_in: type[Table], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert the rows, which all name the same columns, in one statement.

    Asked of the class, each pattern of blank cells would be a statement of its own.
    """
    if rows:
        session.execute(Table.metadata.tables[kept_in.__tablename__].insert(), rows)
