"""What is answered at once: all workbooks of one mail, one file that came another way, or a mail without a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from delivery.message import Letter, refuse_stranger
from domain.errors import AlteredMail, BadRecipient
from domain.mails import MailRecord
from domain.submissions import ArrivalRecord
from services.log import note, warn
from services.mail.outbox import Outgoing, attempt, outbox, own_trouble, queue
from services.run import Run
from services.steps import apart
from storage import arrivals, mails
from storage.database import Session

MOST_A_DAY = 10
"""So many answers that bear no verdict go to one address in a day: two machines that answer each other end there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The arrivals that one answer speaks of, and the mail that brought them, if one did."""

    arrivals: Sequence[ArrivalRecord]
    mail: MailRecord | None = None

    @property
    def recipient(self) -> str | None:
        """Who is answered by mail; nobody where no mail came, or a machine sent it."""
        if self.mail is not None and not self.mail.fate.is_answered:
            return None
        return self.arrivals[0].sender

    @property
    def message_id(self) -> str:
        """The Message-ID of the mail that is answered."""
        return self.mail.message_id if self.mail is not None else ""

    def note_answered(self, session: Session, at: datetime) -> None:
        """Note that everything in it has been answered."""
        for arrival in self.arrivals:
            arrivals.note_answer(session, arrival.number, at)
        if self.mail is not None:
            mails.note_mail_answer(session, self.mail.sha256, at)


def replies_due(session: Session) -> list[Reply]:
    """The replies that wait, in the order of their first receipts; of a mail that is not whole yet there is none."""
    found: dict[str, list[ArrivalRecord]] = {}
    known: dict[str, MailRecord | None] = {}
    for arrival in arrivals.unanswered(session):
        mail = mails.mail_of_arrival(session, arrival.number) if arrival.channel == mails.CHANNEL else None
        key = mail.sha256 if mail is not None else f"receipt {arrival.number}"
        found.setdefault(key, []).append(arrival)
        known[key] = mail
    return [Reply(group, known[key]) for key, group in found.items() if _is_whole(session, known[key])]


def _is_whole(session: Session, mail: MailRecord | None) -> bool:
    return mail is None or mails.arrivals_of_mail(session, mail.sha256) >= mail.workbooks


def answer_mails(run: Run) -> None:
    """Answer every mail of a unit that brought no workbook, and has not been answered."""
    with run.ledger.read() as session:
        waiting = mails.unanswered_without_workbook(session)
    with outbox(run):
        for mail in waiting:
            with apart("answer-failed", f"{mail.sender} “{mail.subject}”: chưa trả lời được", sender=mail.sender):
                _answer_mail(run, mail)


def _answer_mail(run: Run, mail: MailRecord) -> None:
    from reports.mail.answer import bodies
    from reports.mail.enclosures import no_workbook_lines, no_workbook_subject

    with run.ledger.read() as session:
        count = mails.answers_without_verdict(session, mail.sender, run.now() - timedelta(days=1))
    if count >= MOST_A_DAY:
        warn(
            "answers-capped",
            f"{mail.sender}: đã trả lời {count} thư không có sổ tính trong một ngày, không trả lời thêm; có thể hai máy "
            "đang trả lời nhau.",
            sender=mail.sender,
        )
    else:
        text, html = bodies(no_workbook_lines(mail, run.settings.limits.file_bytes), run.reference)
        letter = Letter(no_workbook_subject(mail), text, html, answers=mail.message_id)
        send_reply(run, mail.sender, f"mail-{mail.sha256[:32]}", letter)
    with run.ledger.write() as session:
        mails.note_mail_answer(session, mail.sha256, run.now())
    note("mail-answered", sender=mail.sender, sha256=mail.sha256)


def send_reply(run: Run, recipient: str | None, about: str, letter: Letter) -> None:
    """Send an answer once; an address outside the allowed domains gets none, and whoever watches hears of it."""
    address = str(recipient)
    try:
        refuse_stranger(address, run.settings.allowed_domains)
    except BadRecipient as reason:
        warn("answer-not-sent", f"Không trả lời bằng thư được: {reason}", recipient=address)
        return
    # Not `deliver_once`: what could not even be queued is not answered, and the next run tries again.
    try:
        attempt(run, queue(run, Outgoing(about, address, letter)))
    except AlteredMail as error:
        # The next run would find it no better, and the other units wait.
        own_trouble(about, address, str(error))
