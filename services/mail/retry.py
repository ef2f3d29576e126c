"""What the outbox does by itself, and what a person tells it of a mail that may or may not have arrived."""

from cli.terminal import complain
from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import KetnghiaError, NotReleasable
from services.editions.outdated import void_outdated
from services.mail.notices import tell_of_voided
from services.mail.outbox import Delivered, attempt, nothing_to_check, outbox
from services.mail.send import close_edition, still_stands
from services.registers import load_registers
from services.settings import Settings, now
from services.steps import Tell, silently
from storage import deliveries, editions
from storage.database import Database, open_database


def flush_outbox(settings: Settings, tell: Tell = silently) -> list[Delivered]:
    """Try every mail whose time has come; of an edition that was voided or withdrawn none goes."""
    reference = load_registers(settings)
    tried = []
    with open_database(settings.ledger_url) as database:
        void_outdated(settings, database, reference)
        tell_of_voided(settings, database, reference)
        with outbox(settings, database):
            with database.begin() as session:
                due = deliveries.open_deliveries(session, now())
                about = {each.edition_id for each in editions.all_editions(session)} & {mail.subject for mail in due}
            for number, mail in enumerate(due, start=1):
                check = still_stands(mail.subject) if mail.subject in about else nothing_to_check
                try:
                    tried.append(attempt(settings, database, mail, check))
                except NotReleasable as reason:
                    complain(f"ketnghia: {mail.recipient}: {reason}")
                tell("gửi thư", number, len(due))
        for edition_id in sorted(about):
            close_as_it_stands(settings, database, edition_id)
    return tried


def close_as_it_stands(settings: Settings, database: Database, edition_id: str) -> None:
    """The edition is sent if all its mails are, and its page says how each stands."""
    with database.begin() as session:
        standing = deliveries.deliveries_of(session, edition_id)
    close_edition(
        settings, edition_id, [Delivered(each.recipient, each.state, False, each.answer) for each in standing]
    )


def resolve_uncertain(settings: Settings, message_id: str, arrived: bool, by: str) -> DeliveryRecord:
    """A person has asked the recipient: the mail arrived, or it did not and is tried again.

    Raises:
        KetnghiaError: if no uncertain mail bears this Message-ID, or nobody is named.
    """
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người xác nhận: --by “Họ và tên”.")
    with open_database(settings.ledger_url) as database:
        with database.begin() as session:
            mail = deliveries.with_message_id(session, message_id)
            if mail is None or mail.state is not DeliveryState.UNCERTAIN:
                raise KetnghiaError(
                    f"Không có thư nào mang mã {message_id} đang chờ xác nhận; xem “ketnghia status KỲ”."
                )
            state = DeliveryState.SENT if arrived else DeliveryState.DEFERRED
            told = f"{by.strip()} xác nhận {'đã tới' if arrived else 'chưa tới'}"
            deliveries.settle(session, mail.subject, mail.recipient, state, now(), told)
            settled = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
            is_edition = editions.is_edition(session, mail.subject)
        if is_edition:
            close_as_it_stands(settings, database, mail.subject)
    return settled
