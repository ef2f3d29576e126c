"""In which store the files of a ledger lie since several machines share it: the newest row; those of before stay on record."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.chain import add_link
from storage.tables import StoreRow


@dataclass(frozen=True, slots=True)
class KnownStore:
    """A store as the ledger knows it."""

    store_id: str
    """What tells it from others, wherever it is mounted; empty where somebody chose none."""
    place: str
    """Where it was for the machine that noted it; empty where somebody chose none."""
    set_by: str
    """Who chose it in so many words; empty where it was the first."""
    noted_at: datetime

    @property
    def is_none(self) -> bool:
        """Whether somebody had the ledger go by no store any more."""
        return not self.place


def known_store(session: Session) -> KnownStore | None:
    """The store that the ledger goes by; null where it never had one."""
    row = session.scalar(select(StoreRow).order_by(StoreRow.id.desc()).limit(1))
    return None if row is None else KnownStore(**{each.name: getattr(row, each.name) for each in fields(KnownStore)})


def note_store(session: Session, new: KnownStore) -> None:
    """From now on the ledger's files lie there."""
    row = StoreRow(**asdict(new))
    session.add(row)
    session.flush()
    add_link(session, "store", row.id)
