"""Editions and their figures: a draft is added, a person releases it, a newer submission voids it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.claims import Claim
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState, NewEdition, ReleaseOrder
from domain.errors import UnknownEdition
from domain.figures import OFFICE, Figure
from storage.bulk import insert_rows
from storage.chain import add_link
from storage.soundness import was_linked
from storage.tables import ClaimRow, Delivery, Edition, FigureRow


def find_edition(session: Session, edition_id: str, *, is_held: bool = False) -> EditionRecord:
    """The edition with this id; held, nobody else changes it before the transaction ends.

    Raises:
        UnknownEdition: if there is none.
    """
    row = session.get(Edition, edition_id, with_for_update=is_held or None)
    if row is None:
        raise UnknownEdition(f"Không có bản phát hành {edition_id}; xem các bản đã có bằng “ketnghia status KỲ”.")
    return _record(row)


def is_edition(session: Session, edition_id: str) -> bool:
    """Whether there is an edition with this id."""
    return session.get(Edition, edition_id) is not None


def editions_of(session: Session, period: str) -> list[EditionRecord]:
    """Every edition of the period, oldest first."""
    rows = session.scalars(select(Edition).where(Edition.period == period).order_by(Edition.number))
    return [_record(row) for row in rows]


def all_editions(session: Session) -> list[EditionRecord]:
    """Every edition, oldest first."""
    return [_record(row) for row in session.scalars(select(Edition).order_by(Edition.made_at, Edition.edition_id))]


def newest_made_at(session: Session, period: str) -> datetime | None:
    """When the newest edition of the period was made."""
    return session.scalar(select(func.max(Edition.made_at)).where(Edition.period == period))


def add_draft(
    session: Session, new: NewEdition, figures: Sequence[Figure], claims: Sequence[Claim] = ()
) -> EditionRecord:
    """Add a draft edition, or find the one with the same bytes: making the same report twice makes one edition.

    What was voided or withdrawn is over: the same bytes are a new edition, which somebody may release.
    """
    period, over = new.period, (EditionState.VOID, EditionState.WITHDRAWN)
    same = session.scalar(
        select(Edition).where(Edition.period == period, Edition.sha256 == new.sha256, Edition.state.not_in(over))
    )
    if same is not None:
        is_open = same.state == EditionState.DRAFT or (same.state == EditionState.CHECKED and not same.tables_sha256)
        if is_open and same.tables_sha256 != new.tables_sha256:
            # Another program lays the tables out anew, and the page stays as it was: nobody has answered for them yet.
            same.tables_sha256 = new.tables_sha256
            session.flush()
            add_link(session, "edition-tables", same.edition_id)
        return _record(same)
    number = (session.scalar(select(func.max(Edition.number)).where(Edition.period == period)) or 0) + 1
    while was_linked(session, "edition", edition_id_of(period, number)):
        # Whoever took its rows out of the ledger did not take its mails back: its name is that of another document.
        number += 1
    row = Edition(
        edition_id=edition_id_of(period, number),
        number=number,
        state=EditionState.DRAFT,
        **{field.name: getattr(new, field.name) for field in fields(new)},
    )
    session.add(row)
    session.flush()
    printed = [
        {"edition_id": row.edition_id, "position": position, **figure.as_row()}
        for position, figure in enumerate(figures)
    ]
    insert_rows(session, FigureRow, printed)
    if claims:
        claimed = [
            {"edition_id": row.edition_id, "position": position, "claim_id": claim.claim_id, "body": claim.as_json()}
            for position, claim in enumerate(claims)
        ]
        insert_rows(session, ClaimRow, claimed)
        add_link(session, "edition-claims", row.edition_id)
    add_link(session, "edition", row.edition_id)
    add_link(session, "edition-state", row.edition_id)
    add_link(session, "edition-approval", row.edition_id)
    add_link(session, "edition-papers", row.edition_id)
    add_link(session, "edition-manifest", row.edition_id)
    add_link(session, "edition-tables", row.edition_id)
    return _record(row)


def edition_id_of(period: str, number: int) -> str:
    """The name of the period's edition with that number: 2024-02-1, of a year 2024-N-1."""
    return f"{period}-{number}" if "-" in period else f"{period}-N-{number}"


def set_checked(session: Session, edition_id: str, by: str, at: datetime) -> None:
    """Note who checked the edition, and when."""
    _change(session, edition_id, state=EditionState.CHECKED, checked_by=by, checked_at=at)


def set_released(
    session: Session,
    edition_id: str,
    by: str,
    order: ReleaseOrder,
    at: datetime,
    issued_sha256: str,
    issued_tables_sha256: str,
) -> None:
    """Note who released which PDF and workbook, when, under which number and day, and what they take the place of."""
    _change(
        session, edition_id, state=EditionState.RELEASED, released_by=by, released_at=at,
        doc_number=order.doc_number, doc_date=order.doc_date, not_before=order.not_before, replaces=order.replaces,
        issued_sha256=issued_sha256, issued_tables_sha256=issued_tables_sha256,
    )  # fmt: skip
    add_link(session, "edition-papers", edition_id)
    add_link(session, "edition-tables", edition_id)


def set_signed(session: Session, edition_id: str, by: str, at: datetime, sha256: str) -> None:
    """Note who signed it, when, and which bytes came of it."""
    _change(session, edition_id, signed_by=by, signed_at=at, signed_sha256=sha256)
    add_link(session, "edition-signature", edition_id)


def set_sent(session: Session, edition_id: str) -> None:
    """Note that every recipient has been served; what it replaces is superseded."""
    _change(session, edition_id, state=EditionState.SENT)
    replaced = find_edition(session, edition_id).replaces
    # Of one that was released, some of its mails may have left, and the others need not follow.
    if replaced is not None and find_edition(session, replaced).state in (EditionState.SENT, EditionState.RELEASED):
        _change(session, replaced, state=EditionState.SUPERSEDED)


def set_withdrawn(session: Session, edition_id: str, by: str, at: datetime, reason: str) -> None:
    """Note who took the edition back, when and why."""
    _change(session, edition_id, state=EditionState.WITHDRAWN, withdrawn_by=by, withdrawn_at=at, void_reason=reason)


def set_void(session: Session, edition_id: str, reason: str) -> None:
    """Note that the edition no longer says what the ledger knows."""
    _change(session, edition_id, state=EditionState.VOID, void_reason=reason)


def _change(session: Session, edition_id: str, **values: object) -> None:
    session.execute(update(Edition).where(Edition.edition_id == edition_id).values(**values))
    add_link(session, "edition-state", edition_id)
    add_link(session, "edition-approval", edition_id)


def unsent_editions(session: Session, period: str | None = None) -> list[EditionRecord]:
    """Drafts and releases of which no mail has left, of one period or of all, held until the transaction ends.

    Once a mail has left, the edition goes to all its recipients: they shall not hold different reports.
    """
    query = select(Edition).where(Edition.state.in_([state for state in EditionState if state.is_unsent]))
    if period is not None:
        query = query.where(Edition.period == period)
    rows = session.scalars(query.order_by(Edition.made_at, Edition.edition_id).with_for_update()).all()
    left = set(
        session.scalars(
            select(Delivery.subject).where(Delivery.state.in_([state for state in DeliveryState if state.has_left]))
        )
    )
    return [_record(row) for row in rows if row.edition_id not in left]


def void_unsent(session: Session, period: str, reason: str) -> list[EditionRecord]:
    """Void drafts and releases of the period of which no mail has left; gives them."""
    unsent = unsent_editions(session, period)
    for edition in unsent:
        set_void(session, edition.edition_id, reason)
    return unsent


def figures_of(session: Session, edition_id: str) -> list[Figure]:
    """The figures an edition prints, in the order in which they were placed."""
    rows = session.scalars(select(FigureRow).where(FigureRow.edition_id == edition_id).order_by(FigureRow.position))
    return [_figure(row) for row in rows]


def claims_of(session: Session, edition_id: str) -> list[Claim]:
    """What the sentences of an edition say, in the order in which they were placed."""
    rows = session.scalars(select(ClaimRow).where(ClaimRow.edition_id == edition_id).order_by(ClaimRow.position))
    return [Claim.of_json(row.body) for row in rows]


def figures_printed(session: Session, text: str, edition_id: str | None = None) -> list[tuple[str, Figure]]:
    """The figures printed with just this text, with their editions, newest first; of one edition, or of all."""
    query = (
        select(FigureRow)
        .join(Edition, Edition.edition_id == FigureRow.edition_id)
        .where(FigureRow.text == text, FigureRow.kind != OFFICE)
        .order_by(Edition.made_at.desc(), Edition.edition_id, FigureRow.position)
    )
    rows = session.scalars(query if edition_id is None else query.where(FigureRow.edition_id == edition_id))
    return [(row.edition_id, _figure(row)) for row in rows]


def _figure(row: FigureRow) -> Figure:
    return Figure(**({name: getattr(row, name) for name in _KEPT_OF_FIGURES} | {"parts": tuple(row.parts)}))


_KEPT_OF_FIGURES = [field.name for field in fields(Figure) if field.name != "submissions"]


def _record(row: Edition) -> EditionRecord:
    kept = {field.name: getattr(row, field.name) for field in fields(EditionRecord)}
    return EditionRecord(**(kept | {"state": EditionState(row.state)}))
