"""Which ledger this is, and whether anything was ever kept in it."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.chain import FILE
from storage.tables import Arrival, Delivery, Edition, Identity, Link


def ledger_id(session: Session) -> str:
    """The random id that the ledger got when it was made; empty where somebody has taken it out."""
    return session.scalar(select(Identity.ledger_id).limit(1)) or ""


def is_empty(session: Session) -> bool:
    """Whether no file was ever taken in, no report made and no mail composed."""
    return not any(
        session.scalar(select(table_key).limit(1)) is not None
        for table_key in (Arrival.id, Edition.edition_id, Delivery.subject)
    )


def knows_any(session: Session, digests: Iterable[str]) -> bool:
    """Whether one of these hashes is that of a received file, of a document or of a mail of this ledger."""
    named = list(digests)
    document = or_(Edition.sha256.in_(named), Edition.issued_sha256.in_(named), Edition.signed_sha256.in_(named))
    asked = (
        select(Arrival.id).where(Arrival.sha256.in_(named)),
        select(Edition.edition_id).where(document),
        select(Delivery.subject).where(Delivery.eml_sha256.in_(named)),
        select(Link.position).where(Link.kind == FILE, Link.key.in_(named)),
    )
    return any(session.scalar(query.limit(1)) is not None for query in asked)
