"""The outbox: a mail is composed and reserved once, handed over at most once, and tried again while it may be.

What is sent are the bytes that were composed; a mail that was being handed over when the sender died is uncertain.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from delivery.message import Addressees, Letter, compose, fitting, message_id
from delivery.smtp import Deferred, Refused, Send, Server, Sink, TakenByAnother, Uncertain
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import AlteredMail, Busy, StoreUnreachable
from domain.turns import Holder, Work
from services.log import note, warn
from services.patience import until_ledger_returns
from services.run import Run
from services.turns import is_gone, this_process, turn
from storage import deliveries
from storage.database import LedgerUnreachable, Session, is_away
from storage.identity import ledger_id

_WHILE_A_SERVER_WAITS = (0.2, 1, 3, 10)
"""Seconds between looks into the ledger, while a mail server has said that it is ready for the mail."""
_ANSWERS = 10
"""So many answers of a server, each within its time-out, end a conversation that has come to the handing over."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How the mail to one recipient stands after this run."""

    recipient: str
    state: DeliveryState
    is_new: bool
    """Whether this run tried it."""
    answer: str
    is_stopped: bool = False
    """Whether a person has to look before it is tried again."""

    @property
    def label(self) -> str:
        """How it stands, in Vietnamese."""
        return "không gửi, cần người xem lại" if self.is_stopped else self.state.label


Check = Callable[[Session], None]
"""Looks into the ledger once more, in the transaction in which the mail is claimed, and raises to stop it."""


def nothing_to_check(session: Session) -> None:
    """The mail may go whatever the ledger says of it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to one recipient, before it is queued."""

    subject: str
    """What it is about: an edition's id, or a receipt's number; one mail for each subject and recipient."""
    recipient: str
    letter: Letter
    shown: Addressees | None = None
    """Whom the mail names beside its recipient."""


def deliver_once(run: Run, mail: Outgoing, check: Check = nothing_to_check) -> Delivered:
    """Queue the mail, unless that was done before, and try to hand it over; `check` may stop it at the last moment.

    What is wrong with this one mail alone is its outcome, and stops no other.
    """
    try:
        return attempt(run, queue(run, mail), check)
    except AlteredMail as error:
        return own_trouble(mail.subject, mail.recipient, str(error), is_stopped=True)
    except OSError as error:
        return own_trouble(mail.subject, mail.recipient, f"chưa soạn hoặc chưa lưu được thư: {error}")


def own_trouble(subject: str, recipient: str, reason: str, *, is_stopped: bool = False) -> Delivered:
    """A mail that did not leave for a reason of its own: told to whoever watches, and nobody else's trouble."""
    warn("mail-stopped", f"{recipient}: {reason}", recipient=recipient, subject=subject)
    return Delivered(recipient, DeliveryState.DEFERRED, False, reason, is_stopped)


def queue(run: Run, mail: Outgoing) -> DeliveryRecord:
    """Compose the mail, keep its bytes, and reserve it; what is reserved stays as it is, while its bytes are there.

    Of a mail that has not left and whose bytes were lost other bytes are composed, under the name that it has.
    """
    with run.ledger.read() as session:
        known = deliveries.find_delivery(session, mail.subject, mail.recipient)
        ledger = ledger_id(session)
    if known is not None and not (known.state.is_open and (not known.eml_sha256 or is_lost(run, known.eml_sha256))):
        return known
    sender = run.settings.mail_from
    identity = known.message_id if known is not None else message_id(sender)
    sized = fitting(mail.letter, run.settings.max_mail_bytes)
    at = run.now()
    content = compose(sized, sender, mail.recipient, identity, at.astimezone(VIETNAM), mail.shown, ledger)
    eml = sha256(content).hexdigest()
    run.kept.keep(eml_path(run.settings.mails, eml), content)
    with run.ledger.write() as session:
        if known is None:
            return deliveries.reserve(session, mail.subject, mail.recipient, identity, eml, at)
        composed = deliveries.recompose(session, mail.subject, mail.recipient, eml)
    if composed is not None:
        note("mail-recomposed", subject=mail.subject, recipient=mail.recipient)
        if known.eml_sha256 not in ("", eml):
            put_away(run, known.eml_sha256)
    return composed or known


def is_lost(run: Run, digest: str) -> bool:
    """Whether the bytes of a mail are neither here nor sound in the store; what was altered here, a person looks at first."""
    place = eml_path(run.settings.mails, digest)
    return not place.is_file() and run.kept.read(place, digest) is None


def put_away(run: Run, digest: str) -> None:
    """Remove the bytes of a mail that nobody will send, sound or not; a store that is away just now keeps them."""
    with suppress(StoreUnreachable):
        run.kept.remove(eml_path(run.settings.mails, digest))


def attempt(run: Run, mail: DeliveryRecord, check: Check = nothing_to_check) -> Delivered:
    """Hand a queued mail over, unless it went before; in test mode to the one address of the tests."""
    if not mail.state.is_open:
        with run.ledger.read() as session:
            if not deliveries.is_as_noted(session, mail.subject, mail.recipient):
                raise AlteredMail(
                    f"thư cho {mail.recipient} trong sổ ghi {mail.state.label}, mà không lần gửi nào nói vậy: sổ đã bị sửa"
                )
        return Delivered(mail.recipient, mail.state, False, mail.answer)
    place = eml_path(run.settings.mails, mail.eml_sha256)
    content = run.kept.read(run.kept.bring(place), mail.eml_sha256)
    if content is None:
        standing = _as_it_stands(run, mail)
        if not standing.state.is_open:
            # Another sender has handed it over meanwhile, and put its bytes away.
            return standing
        if not place.is_file():
            fault = run.kept.fault(place, mail.eml_sha256)
            return own_trouble(mail.subject, mail.recipient, f"tệp thư {place} {fault}")
        return own_trouble(
            mail.subject,
            mail.recipient,
            f"tệp thư {place} đã bị sửa, không gửi; xóa tệp ấy rồi gửi lại, thư được soạn lại",
            is_stopped=True,
        )
    claimed = False

    def hand_over() -> bool:
        nonlocal claimed
        claimed = _claim(run, mail, check)
        return claimed

    to = run.settings.mail_redirect or mail.recipient
    try:
        answer = run.line.send(mail_channel(run, mail.subject), content, run.settings.mail_from, to, hand_over)
        state = DeliveryState.SENT
    except TakenByAnother:
        return _as_it_stands(run, mail)
    except Deferred as reason:
        answer, state = str(reason), DeliveryState.DEFERRED
    except Refused as reason:
        answer, state = str(reason), DeliveryState.REFUSED
    except Uncertain as reason:
        answer, state = str(reason), DeliveryState.UNCERTAIN
    if run.settings.mail_redirect:
        answer = f"{answer}; chuyển hướng tới {to}"

    def settle() -> Delivered | None:
        with run.ledger.write() as session:
            current = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
            if not claimed and not current.state.is_open:
                # Somebody else claimed it while the server kept us waiting; what became of theirs stands.
                return Delivered(mail.recipient, current.state, False, current.answer)
            is_settled = (current.state, current.answer) == (state, answer) and current.attempts > mail.attempts
            if not is_settled:
                deliveries.settle(session, mail.subject, mail.recipient, state, run.now(), answer)
            return None

    # Nobody but us knows what the server said: it is noted, however long the ledger is away.
    taken = until_ledger_returns(settle)
    if taken is not None:
        return taken
    note("mail-attempted", subject=mail.subject, recipient=mail.recipient, state=state, answer=answer)
    if state in (DeliveryState.SENT, DeliveryState.REFUSED):
        # Its hash stays in the ledger, and what it carried stays where it was kept.
        put_away(run, mail.eml_sha256)
    return Delivered(mail.recipient, state, True, answer)


def _claim(run: Run, mail: DeliveryRecord, check: Check) -> bool:
    own = this_process().text

    def claim() -> bool:
        with run.ledger.write() as session:
            check(session)
            if not deliveries.is_as_noted(session, mail.subject, mail.recipient):
                raise AlteredMail(
                    f"thư cho {mail.recipient}, hoặc lần gửi của thư, trong sổ đã bị sửa, bị xóa ngoài chương trình; xem "
                    "“ketnghia verify --ledger” và phục hồi sổ từ bản sao lưu"
                )
            return deliveries.claim(session, mail.subject, mail.recipient, own)

    def is_ours() -> bool:
        with run.ledger.read() as session:
            return deliveries.sender_of(session, mail.subject, mail.recipient) == own

    try:
        return claim()
    except LedgerUnreachable as error:
        if not is_away(error):
            raise
        # Whether it was noted before the line broke, only the ledger knows.
        return until_ledger_returns(is_ours, _WHILE_A_SERVER_WAITS) or claim()


@contextmanager
def outbox(run: Run) -> Iterator[None]:
    """Send inside this: whoever comes while nobody sends, on no machine, finds what a dead sender left.

    That it is dead is known by its process, where it was of this machine; of another it is believed once the longest
    conversation with a server must be over, for it may have lost its ledger and not its line to the server.
    """
    with suppress(Busy), turn(run, Work.OUTBOX, 0), run.ledger.write() as session:
        for mail, sender in deliveries.being_handed_over(session):
            if _is_abandoned(run, sender):
                reason = "tiến trình gửi dừng đột ngột trong lúc giao thư"
                deliveries.settle(session, mail.subject, mail.recipient, DeliveryState.UNCERTAIN, run.now(), reason)
    with turn(run, Work.OUTBOX, is_shared=True):
        yield


def _is_abandoned(run: Run, sender: str) -> bool:
    holder = Holder.parse(sender)
    if holder is None or is_gone(holder):
        return True
    return this_process().since - holder.since > timedelta(seconds=_ANSWERS * run.settings.smtp_timeout_seconds)


def eml_path(mails: Path, digest: str) -> Path:
    """Where the bytes of a composed mail are kept."""
    return mails / digest[:2] / f"{digest}.eml"


def mail_channel(run: Run, subject: str) -> Send:
    """The configured server; without one, a folder that bears the name of what the mail is about."""
    if run.settings.smtp_host:
        return Server(
            run.settings.smtp_host,
            run.settings.smtp_port,
            run.settings.smtp_security,
            run.settings.smtp_user,
            run.settings.smtp_password.get_secret_value(),
            run.settings.smtp_timeout_seconds,
        )
    return Sink(run.settings.mail_sink / subject)


def _as_it_stands(run: Run, mail: DeliveryRecord) -> Delivered:
    with run.ledger.read() as session:
        current = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
    return Delivered(mail.recipient, current.state, False, current.answer)
