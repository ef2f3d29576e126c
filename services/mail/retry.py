"""What the outbox does by itself, and what a person tells it of a mail that may or may not have arrived."""

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import KetnghiaError, NotReleasable
from services.editions.outdated import void_outdated
from services.log import warn
from services.mail.notices import send_void_notices
from services.mail.outbox import Delivered, attempt, nothing_to_check, outbox
from services.mail.send import close_edition, still_stands
from services.progress import Progress, no_progress
from services.run import Run
from storage import deliveries, editions


def flush_outbox(run: Run, on_progress: Progress = no_progress) -> list[Delivered]:
    """Try every mail whose time has come; of an edition that was voided or withdrawn none goes."""
    tried = []
    void_outdated(run)
    send_void_notices(run)
    with outbox(run):
        with run.ledger.read() as session:
            due = deliveries.open_deliveries(session, run.now())
            about = {each.edition_id for each in editions.all_editions(session)} & {mail.subject for mail in due}
        for number, mail in enumerate(due, start=1):
            check = still_stands(mail.subject) if mail.subject in about else nothing_to_check
            try:
                tried.append(attempt(run, mail, check))
            except NotReleasable as reason:
                warn("mail-stopped", f"{mail.recipient}: {reason}", recipient=mail.recipient, subject=mail.subject)
            on_progress("deliver", number, len(due))
    for edition_id in sorted(about):
        close_as_it_stands(run, edition_id)
    return tried


def close_as_it_stands(run: Run, edition_id: str) -> None:
    """The edition is sent if all its mails are, and its page says how each stands."""
    with run.ledger.read() as session:
        standing = deliveries.deliveries_of(session, edition_id)
    close_edition(run, edition_id, [Delivered(each.recipient, each.state, False, each.answer) for each in standing])


def resolve_uncertain(run: Run, message_id: str, arrived: bool, by: str) -> DeliveryRecord:
    """A person has asked the recipient: the mail arrived, or it did not and is tried again.

    Raises:
        KetnghiaError: if no uncertain mail bears this Message-ID, or nobody is named.
    """
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người xác nhận: --by “Họ và tên”.")
    with run.ledger.write() as session:
        mail = deliveries.with_message_id(session, message_id)
        if mail is None or mail.state is not DeliveryState.UNCERTAIN:
            raise KetnghiaError(f"Không có thư nào mang mã {message_id} đang chờ xác nhận; xem “ketnghia status KỲ”.")
        state = DeliveryState.SENT if arrived else DeliveryState.DEFERRED
        answer = f"{by.strip()} xác nhận {'đã tới' if arrived else 'chưa tới'}"
        deliveries.settle(session, mail.subject, mail.recipient, state, run.now(), answer)
        settled = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
        is_edition = editions.is_edition(session, mail.subject)
    if is_edition:
        close_as_it_stands(run, mail.subject)
    return settled
