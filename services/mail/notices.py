"""Mails to the people who answer for an edition: their release was voided, or a report is about to be late."""

from collections.abc import Iterable
from datetime import date

from delivery.message import Letter, refuse_stranger
from domain.accounts import RoleName
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import BadRecipient
from domain.period import Period
from services.accounts import sound_accounts
from services.log import warn
from services.mail.outbox import Outgoing, deliver_once, outbox
from services.run import Run
from storage import deliveries, editions, soundness
from storage.database import Session


def send_void_notices(run: Run) -> None:
    """Tell who checked or released an edition that it was voided, and by what; once."""
    with run.ledger.read() as session:
        voided = [
            each
            for each in editions.all_editions(session)
            if each.state is EditionState.VOID
            and (each.checked_by or each.released_by)
            and soundness.fits(session, "edition-state", each.edition_id)
        ]
    for edition in voided:
        lines = [
            f"Bản {edition.edition_id} ({Period.parse(edition.period).label()}) đã bị hủy, không gửi nữa.",
            f"Lý do: {edition.void_reason}.",
            f"Lập lại, đọc và duyệt bản mới: ketnghia report {edition.period}",
        ]
        send_notice(run, f"void-{edition.edition_id}", _answerable(run, edition), lines)


def send_notice(run: Run, subject: str, addresses: Iterable[str], lines: list[str]) -> list[str]:
    """Mail the lines, the first of which is also the subject line, once to each address; gives who was sent it now."""
    from reports.mail.answer import bodies

    notified = []
    for address in sorted(set(addresses)):
        with run.ledger.read() as session:
            if deliveries.find_delivery(session, subject, address) is not None:
                continue
        try:
            refuse_stranger(address, run.settings.allowed_domains)
        except BadRecipient as reason:
            warn("recipient-refused", str(reason), recipient=address)
            continue
        letter = Letter(f"[Kết nghĩa] {lines[0].rstrip('.')}", *bodies(lines, run.reference))
        with outbox(run):
            outcome = deliver_once(run, Outgoing(subject, address, letter))
        if outcome.state is DeliveryState.SENT:
            notified.append(address)
        else:
            warn("notice-waits", f"Thư báo cho {address}: {outcome.label}. {outcome.answer}", recipient=address)
    return notified


def operators(run: Run, on: date) -> list[str]:
    """The mailboxes of those who hear of misfortunes on that day; that there is none is told to whoever watches."""
    with run.ledger.read() as session:
        addresses = _mailboxes_of(session, RoleName.OPERATOR, on)
    if not addresses:
        warn(
            "nobody-to-tell",
            "Chưa tài khoản nào mang vai operator kèm địa chỉ thư, nên có sự cố thì không ai được báo; lập: "
            f"{RoleName.OPERATOR.command}",
        )
    return addresses


def _answerable(run: Run, edition: EditionRecord) -> list[str]:
    """The mailboxes of those who checked or released it; where none is known, those of all who may release today."""
    names = (edition.checked_by, edition.released_by)
    with run.ledger.read() as session:
        known = sound_accounts(session)
        may_release = _mailboxes_of(session, RoleName.RELEASER, run.today())
    own = [each.email for each in known if each.email and any(each.is_person(name) for name in names)]
    return own or may_release


def _mailboxes_of(session: Session, role: RoleName, on: date) -> list[str]:
    """The addresses of those who bear the role on that day; one that was put into the ledger by other means hears nothing."""
    return [each.email for each in sound_accounts(session) if each.email and each.may(role, on)]
