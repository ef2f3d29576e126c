"""Editions and their figures: a draft is added, a person releases it, a newer submission voids it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.editions import EditionRecord, EditionState
from domain.errors import UnknownEdition
from domain.figures import Figure
from storage.tables import Delivery, Edition, FigureRow


def find_edition(session: Session, edition_id: str) -> EditionRecord:
    """The edition with this id.

    Raises:
        UnknownEdition: if there is none.
    """
    row = session.get(Edition, edition_id)
    if row is None:
        raise UnknownEdition(f"Không có bản phát hành {edition_id}; xem các bản đã có bằng “ketnghia status KỲ”.")
    return _record(row)


def editions_of(session: Session, period: str) -> list[EditionRecord]:
    """Every edition of the period, oldest first."""
    rows = session.scalars(select(Edition).where(Edition.period == period).order_by(Edition.number))
    return [_record(row) for row in rows]


def newest_made_at(session: Session, period: str) -> datetime | None:
    """When the newest edition of the period was made."""
    return session.scalar(select(func.max(Edition.made_at)).where(Edition.period == period))


def add_draft(
    session: Session,
    period: str,
    sha256: str,
    as_of: datetime,
    made_at: datetime,
    is_sample: bool,
    figures: Sequence[Figure],
) -> EditionRecord:
    """Add a draft edition, or find the one with the same bytes: making the same report twice makes one edition."""
    same = session.scalar(select(Edition).where(Edition.period == period, Edition.sha256 == sha256))
    if same is not None and same.state != EditionState.VOID:
        return _record(same)
    number = (session.scalar(select(func.max(Edition.number)).where(Edition.period == period)) or 0) + 1
    row = Edition(
        edition_id=f"{period}-{number}" if "-" in period else f"{period}-N-{number}",
        period=period,
        number=number,
        state=EditionState.DRAFT,
        sha256=sha256,
        as_of=as_of,
        made_at=made_at,
        is_sample=is_sample,
    )
    session.add(row)
    session.flush()
    session.execute(
        insert(FigureRow),
        [
            {"edition_id": row.edition_id, "position": position, **figure.as_row()}
            for position, figure in enumerate(figures)
        ],
    )
    return _record(row)


def set_released(session: Session, edition_id: str, by: str, at: datetime) -> None:
    """Note who released the edition, and when."""
    session.execute(
        update(Edition)
        .where(Edition.edition_id == edition_id)
        .values(state=EditionState.RELEASED, released_by=by, released_at=at)
    )


def set_sent(session: Session, edition_id: str) -> None:
    """Note that every recipient has been served."""
    session.execute(update(Edition).where(Edition.edition_id == edition_id).values(state=EditionState.SENT))


def void_unsent(session: Session, period: str, reason: str) -> int:
    """Void drafts and releases of the period of which no mail has gone out; gives how many."""
    started = select(Delivery.subject)
    outcome = session.execute(
        update(Edition)
        .where(
            Edition.period == period,
            Edition.state.in_([EditionState.DRAFT, EditionState.RELEASED]),
            Edition.edition_id.not_in(started),
        )
        .values(state=EditionState.VOID, void_reason=reason)
    )
    return int(getattr(outcome, "rowcount", 0))


def figures_of(session: Session, edition_id: str) -> list[Figure]:
    """The figures an edition prints, in the order in which they were placed."""
    rows = session.scalars(select(FigureRow).where(FigureRow.edition_id == edition_id).order_by(FigureRow.position))
    return [Figure(**{field.name: getattr(row, field.name) for field in fields(Figure)}) for row in rows]


def _record(row: Edition) -> EditionRecord:
    kept = {field.name: getattr(row, field.name) for field in fields(EditionRecord)}
    return EditionRecord(**(kept | {"state": EditionState(row.state)}))
