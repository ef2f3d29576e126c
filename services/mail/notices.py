"""Mails to the people who answer for an edition: their release was voided, or a report is about to be late."""

from collections.abc import Iterable

from cli.terminal import complain
from delivery.message import Letter, refuse_stranger
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState
from domain.errors import BadRecipient
from domain.period import Period
from domain.reference import Reference, RoleName
from domain.text import fold
from services.mail.outbox import attempt, outbox, queue
from services.settings import Settings, now
from storage import deliveries, editions
from storage.database import Database


def tell_of_voided(settings: Settings, database: Database, reference: Reference) -> None:
    """Tell who checked or released an edition that it was voided, and by what; once."""
    with database.begin() as session:
        voided = [
            each
            for each in editions.all_editions(session)
            if each.state is EditionState.VOID and (each.checked_by or each.released_by)
        ]
    for edition in voided:
        lines = [
            f"Bản {edition.edition_id} ({Period.parse(edition.period).words()}) đã bị hủy, không gửi nữa.",
            f"Lý do: {edition.void_reason}.",
            f"Lập lại, đọc và duyệt bản mới: ketnghia report {edition.period}",
        ]
        tell(settings, database, f"void-{edition.edition_id}", _answerable(reference, edition), lines, reference)


def tell(
    settings: Settings,
    database: Database,
    subject: str,
    addresses: Iterable[str],
    lines: list[str],
    reference: Reference,
) -> list[str]:
    """Mail the lines, the first of which is also the subject line, once to each address; gives who is told now."""
    from reports.mail.answer import bodies

    told = []
    for address in sorted(set(addresses)):
        with database.begin() as session:
            if deliveries.find_delivery(session, subject, address) is not None:
                continue
        try:
            refuse_stranger(address, settings.allowed_domains)
        except BadRecipient as reason:
            complain(f"ketnghia: {reason}")
            continue
        letter = Letter(f"[Kết nghĩa] {lines[0].rstrip('.')}", *bodies(lines, reference))
        with outbox(settings, database):
            attempt(settings, database, queue(settings, database, subject, subject, address, letter))
        told.append(address)
    return told


def _answerable(reference: Reference, edition: EditionRecord) -> list[str]:
    """The mailboxes of those who checked or released it; where none is known, those of all who may release today."""
    today = now().astimezone(VIETNAM).date()
    named = {fold(name) for name in (edition.checked_by, edition.released_by) if name}
    own = [role.email for role in reference.roles_on(today) if role.email and fold(role.name) in named]
    return own or reference.mailboxes_of(RoleName.RELEASER, today)
