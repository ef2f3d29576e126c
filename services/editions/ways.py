"""From every state of an edition there is a way on: what a person types next, in commands that work from there."""

from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState, release_command
from domain.replacement import may_be_replaced, to_be_replaced
from storage import deliveries, editions
from storage.database import Session


def mended_by(edition: EditionRecord) -> str:
    """What to do where a file of the edition is gone or altered."""
    return f"làm lại đúng tệp ấy bằng “ketnghia repair {edition.edition_id}”"


def way_on(edition: EditionRecord) -> str:
    """How to come to a report that can be sent, where this edition as it is cannot be."""
    again = f"lập lại bằng “ketnghia report {edition.period}”"
    match edition.state:
        case EditionState.DRAFT:
            # What the ledger knows is printed anew: as this edition, or as the next.
            return again
        case EditionState.CHECKED | EditionState.RELEASED:
            return f"rút bằng “{withdrawal(edition)}”, {again} rồi duyệt bản mới"
        case EditionState.SENT:
            return (
                f"rút bằng “{withdrawal(edition)}”, {again} rồi duyệt bản mới với --replaces {edition.edition_id}; "
                "người đã nhận được báo tự động"
            )
        case EditionState.SUPERSEDED:
            return f"dùng bản thay thế, xem “ketnghia status {edition.period}”"
        case EditionState.VOID | EditionState.WITHDRAWN:
            return again


def replaced_by_next(session: Session, period: str) -> EditionRecord | None:
    """The edition of the period that the next one to be released has to say that it replaces."""
    return to_be_replaced(_with_mails(session, period))


def replaceable(session: Session, period: str) -> set[str]:
    """The editions of the period that one to be released may say that it replaces."""
    return may_be_replaced(_with_mails(session, period))


def _with_mails(session: Session, period: str) -> list[tuple[EditionRecord, list[DeliveryState]]]:
    return [
        (each, [mail.state for mail in deliveries.deliveries_of(session, each.edition_id)])
        for each in editions.editions_of(session, period)
    ]


def to_release(session: Session, period: str, edition_id: str) -> str:
    """What to type to release an edition of the period, with what it replaces."""
    before = replaced_by_next(session, period)
    return release_command(edition_id, replaces=before.edition_id if before else None)


def withdrawal(edition: EditionRecord) -> str:
    """What to type to take the edition back; in capitals what only a person knows."""
    return f"ketnghia withdraw {edition.edition_id} --reason LÝ_DO"
