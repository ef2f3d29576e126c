"""What the outbox does by itself, and what a person tells it of a mail that may or may not have arrived."""

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.editions import EditionState
from domain.errors import KetnghiaError, NotReleasable
from domain.period import Period
from services.editions.outdated import void_outdated
from services.log import warn
from services.mail.notices import send_void_notices
from services.mail.outbox import Check, Delivered, attempt, is_lost, nothing_to_check, outbox, own_trouble, put_away
from services.mail.send import close_edition, is_reserved_for_all, still_stands
from services.mail.withdrawals import send_withdrawals
from services.progress import Progress, no_progress
from services.run import Run
from services.status.page import write_status_page
from storage import deliveries, editions


def flush_outbox(run: Run, on_progress: Progress = no_progress) -> list[Delivered]:
    """Try every mail whose time has come; of an edition that was voided or withdrawn none goes, but that it was."""
    tried = []
    void_outdated(run)
    send_void_notices(run)
    send_withdrawals(run)
    with outbox(run):
        with run.ledger.read() as session:
            due = deliveries.open_deliveries(session, run.now())
            known = {each.edition_id: each for each in editions.all_editions(session)}
        over = (EditionState.VOID, EditionState.WITHDRAWN, EditionState.SUPERSEDED)
        fallen = {each.edition_id for each in known.values() if each.state in over}
        due = [mail for mail in due if _sheet_of(mail.subject) not in fallen]
        about = known.keys() & {mail.subject for mail in due}
        checks = {edition_id: still_stands(edition_id) for edition_id in about}
        for number, mail in enumerate(due, start=1):
            try:
                tried.append(_attempt(run, mail, checks.get(mail.subject)))
            except (NotReleasable, OSError) as reason:
                own_trouble(mail.subject, mail.recipient, str(reason))
            on_progress("deliver", number, len(due))
    for edition_id in sorted(about):
        close_as_it_stands(run, edition_id)
    return tried


def _attempt(run: Run, mail: DeliveryRecord, of_edition: Check | None) -> Delivered:
    """Try the mail; one whose bytes were lost is composed anew by the command that sends it, or else is given up."""
    if not is_lost(run, mail.eml_sha256):
        return attempt(run, mail, of_edition or nothing_to_check)
    with run.ledger.write() as session:
        current = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
        if not current.state.is_open:
            return Delivered(mail.recipient, current.state, False, current.answer)
        if of_edition or _sheet_of(mail.subject):
            again = f"send {mail.subject}" if of_edition else f"send-units {_sheet_of(mail.subject)}"
            return own_trouble(mail.subject, mail.recipient, f"tệp thư đã mất; soạn lại và gửi bằng “ketnghia {again}”")
        answer = "tệp thư đã mất trước khi gửi được; báo người nhận cách khác"
        deliveries.settle(session, mail.subject, mail.recipient, DeliveryState.REFUSED, run.now(), answer)
    put_away(run, mail.eml_sha256)
    warn("mail-lost", f"{mail.recipient} ({mail.subject}): {answer}.", recipient=mail.recipient, subject=mail.subject)
    return Delivered(mail.recipient, DeliveryState.REFUSED, True, answer)


def _sheet_of(subject: str) -> str:
    """The edition whose figures a unit's sheet has; empty for every other mail."""
    return subject.removeprefix("unit-").rpartition("-")[0] if subject.startswith("unit-") else ""


def close_as_it_stands(run: Run, edition_id: str) -> None:
    """The edition is sent if all its mails are, and none is still to be composed; its page says how each stands."""
    with run.ledger.read() as session:
        standing = deliveries.deliveries_of(session, edition_id)
        edition = editions.find_edition(session, edition_id)
    if not is_reserved_for_all(run, edition, standing):
        write_status_page(run, Period.parse(edition.period))
        return
    close_edition(run, edition_id, [Delivered(each.recipient, each.state, False, each.answer) for each in standing])


def resolve_uncertain(run: Run, message_id: str, arrived: bool, by: str) -> DeliveryRecord:
    """A person has asked the recipient: the mail arrived, or it did not and is tried again.

    So is one that was refused or came back, once the mailbox is mended; its bytes are composed anew where they are gone.

    Raises:
        KetnghiaError: if no such mail bears this Message-ID, or nobody is named.
    """
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người xác nhận: --by “Họ và tên”.")
    with run.ledger.write() as session:
        mail = deliveries.with_message_id(session, message_id)
        is_waiting = mail is not None and (
            mail.state is DeliveryState.UNCERTAIN or (mail.state.is_lost and not arrived)
        )
        if mail is None or not is_waiting:
            raise KetnghiaError(f"Không có thư nào mang mã {message_id} đang chờ xác nhận; xem “ketnghia status KỲ”.")
        state = DeliveryState.SENT if arrived else DeliveryState.DEFERRED
        answer = f"{by.strip()} xác nhận {'đã tới' if arrived else 'chưa tới'}"
        deliveries.settle(session, mail.subject, mail.recipient, state, run.now(), answer)
        settled = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
        is_edition = editions.is_edition(session, mail.subject)
    if is_edition:
        close_as_it_stands(run, mail.subject)
    return settled
