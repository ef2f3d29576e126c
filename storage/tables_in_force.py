"""Which tables people edit a ledger goes by: the newest row; those of before stay on record."""

from dataclasses import asdict, fields

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.tables_in_force import TablesInForce
from storage.chain import add_link
from storage.tables import TablesRow


def tables_in_force(session: Session) -> TablesInForce | None:
    """The tables that the ledger goes by; null while nobody has written by any."""
    row = session.scalar(select(TablesRow).order_by(TablesRow.id.desc()).limit(1))
    if row is None:
        return None
    return TablesInForce(**{field.name: getattr(row, field.name) for field in fields(TablesInForce)})


def set_tables(session: Session, new: TablesInForce) -> None:
    """From now on the ledger goes by these."""
    row = TablesRow(**asdict(new))
    session.add(row)
    session.flush()
    add_link(session, "tables", row.id)
