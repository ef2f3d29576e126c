"""Decides what becomes of each mail in the mailbox: a unit's is opened, a stranger's is not, and no one stops another."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from domain.calendar import VIETNAM
from domain.errors import UnreadableFile
from domain.mails import Fate, MailRecord
from ingest.channels.arrival import Arrival
from ingest.channels.mailbox import Envelope, Received
from ingest.mail.apart import MailReaders
from ingest.mail.message import Message
from services.intake.files import keep_other_file
from services.log import note, warn
from services.mail.bounces import take_report
from services.run import Run
from storage import mails

MOST_REPORT_BYTES = 2_000_000
"""A server's report is a page of text; what is larger is none, whoever says it is."""
MOST_TOLD = 20
"""So many strangers are named in one run; the others are counted."""
MOST_KEPT, MOST_KEPT_BYTES = 20, 20_000_000
"""So many mails that failed a check or name no sender are kept in one run; the others stay in the mailbox alone."""
_GUESS = re.compile(rb"(?im)^(?:from|sender|return-path):[^\r\n]{0,500}?([\w.+-]{1,64}@[\w.-]{1,255})")


@dataclass(slots=True)
class Tally:
    """What one run has met so far."""

    strangers: int = 0
    kept: int = 0
    kept_bytes: int = 0

    def may_keep(self, size: int) -> bool:
        """Whether a mail of this size may still be kept though it counts for nothing; then it is counted."""
        if self.kept == MOST_KEPT or self.kept_bytes + size > MOST_KEPT_BYTES:
            return False
        self.kept, self.kept_bytes = self.kept + 1, self.kept_bytes + size
        return True


@dataclass(frozen=True, slots=True)
class MailReception:
    """Decides about the mails of one run."""

    run: Run
    readers: MailReaders
    most_bytes: int
    tally: Tally

    def receive(self, envelope: Envelope, fetch: Callable[[], bytes]) -> Received:
        """Decide about a mail; only a unit's is fetched whole, and a report from the server that took ours."""
        try:
            head = self.readers.read_head(envelope.head)
        except UnreadableFile as reason:
            return self._nobodys(envelope, fetch, str(reason))
        arrived_at = min(envelope.arrived_at, self.run.now())
        if not head.sender and not head.claims_report:
            return self._nobodys(envelope, fetch, "không có, hoặc có nhiều địa chỉ người gửi khác nhau")
        is_unit = self._is_unit(head.sender, arrived_at)
        if not is_unit and head.sender == _own_address(self.run):
            note("own-mail-met", subject=head.subject)
            return Received()
        if head.claims_report and envelope.size <= min(MOST_REPORT_BYTES, self.most_bytes):
            content = fetch()
            report = self._parsed(content)
            if isinstance(report, Message) and take_report(self.run, report):
                keep_other_file(self.run, content)
                return Received()
        if not is_unit:
            return self._strangers(head)
        if head.failed_check:
            return self._forged(head, arrived_at, envelope, fetch)
        if envelope.size > self.most_bytes:
            return self._too_large(head, arrived_at, envelope)
        return self._units(head, arrived_at, fetch())

    def is_kept(self, received: Received) -> bool:
        """Whether every workbook of the mail has its arrival in the ledger."""
        if not received.arrivals:
            return True
        digest = received.arrivals[0].locator.partition("/")[0]
        with self.run.ledger.read() as session:
            is_whole = mails.arrivals_of_mail(session, digest) >= len(received.arrivals)
        if not is_whole:
            warn("mail-not-kept", f"Thư {digest[:12]}… chưa vào sổ hết, để lại chưa đọc; lần chạy sau làm tiếp.")
        return is_whole

    def failed(self, subject: str, error: Exception) -> None:
        """Tell of a mail that could not be dealt with by a fault of ours."""
        warn(
            "mail-failed",
            f"Thư số {subject} trong hộp thư chưa xử lý được ({type(error).__name__}: {error}); đã gắn cờ, để chưa đọc, "
            "các thư khác vẫn làm.",
            uid=subject,
            error=type(error).__name__,
        )

    def close(self) -> None:
        """Tell how many strangers were not named, and end the readers."""
        self.readers.close()
        if self.tally.strangers > MOST_TOLD:
            more = self.tally.strangers - MOST_TOLD
            warn("strangers-refused", f"Và {more} thư khác của người lạ, không mở; xem các thư gắn cờ trong hộp thư.")

    def _is_unit(self, sender: str, at: datetime) -> bool:
        return bool(self.run.reference.units_of_sender(sender, at.astimezone(VIETNAM).date()))

    def _parsed(self, content: bytes) -> Message | str:
        """The message, or why there is none."""
        try:
            return self.readers.read_message(content)
        except UnreadableFile as reason:
            return str(reason)

    def _units(self, head: Message, arrived_at: datetime, content: bytes) -> Received:
        message = self._parsed(content)
        digest = keep_other_file(self.run, content)
        if isinstance(message, str):
            self._note(_record(head, digest, arrived_at, Fate.UNREADABLE, message))
            warn(
                "mail-unreadable",
                f"Thư của {head.sender} “{head.subject}” không đọc được: {message} Đã giữ, gắn cờ, và trả lời đơn vị.",
                sender=head.sender,
            )
            return Received(is_flagged=True)
        fate = Fate.AUTOMATIC if message.is_automatic else Fate.TAKEN
        self._note(_record(message, digest, arrived_at, fate))
        if fate is Fate.AUTOMATIC:
            warn(
                "automatic-mail",
                f"Thư tự động của {head.sender} “{head.subject}”: không trả lời bằng thư"
                f"{'' if message.workbooks else ', không có sổ tính'}.",
                sender=head.sender,
            )
        elif not message.workbooks:
            warn(
                "mail-without-workbook",
                f"Thư của {head.sender} “{head.subject}” không có sổ tính đính kèm; trả lời cho đơn vị.",
                sender=head.sender,
            )
        arrivals = [
            Arrival("mailbox", mails.locator_of(digest, number), each.name, each.content, arrived_at, head.sender)
            for number, each in enumerate(message.workbooks, start=1)
        ]
        return Received(arrivals, is_flagged=not arrivals)

    def _too_large(self, head: Message, arrived_at: datetime, envelope: Envelope) -> Received:
        digest = keep_other_file(self.run, envelope.head)
        self._note(_record(head, digest, arrived_at, Fate.AUTOMATIC if head.is_automatic else Fate.TOO_LARGE))
        warn(
            "mail-too-large",
            f"Thư của {head.sender} “{head.subject}” quá lớn ({envelope.size / 1_000_000:.0f} MB), không mở.",
            sender=head.sender,
        )
        return Received(is_flagged=True)

    def _forged(self, head: Message, arrived_at: datetime, envelope: Envelope, fetch: Callable[[], bytes]) -> Received:
        warn(
            "mail-forged",
            f"Thư mang địa chỉ {head.sender} “{head.subject}” không qua kiểm tra của máy chủ ({head.failed_check}): "
            "có thể giả mạo, không tính, không trả lời; hỏi lại đơn vị bằng điện thoại.",
            sender=head.sender,
        )
        if self.tally.may_keep(envelope.size):
            digest = keep_other_file(self.run, fetch())
            self._note(_record(head, digest, arrived_at, Fate.FORGED, head.failed_check))
        return Received(is_flagged=True)

    def _strangers(self, head: Message) -> Received:
        self.tally.strangers += 1
        if self.tally.strangers <= MOST_TOLD:
            warn(
                "stranger-refused",
                f"Thư của người lạ, không mở: {head.sender or '?'} “{head.subject}”; "
                "đăng ký địa chỉ ở unit_mailboxes.csv nếu là đơn vị.",
                sender=head.sender,
                subject=head.subject,
            )
        return Received(is_flagged=True)

    def _nobodys(self, envelope: Envelope, fetch: Callable[[], bytes], reason: str) -> Received:
        """A mail of which not even the sender is known: kept, in case it is a unit's, and a person looks at it."""
        found = _GUESS.search(envelope.head)
        guess = found[1].decode("ascii", "replace").lower() if found else "không rõ"
        self.tally.strangers += 1
        if self.tally.strangers <= MOST_TOLD:
            warn(
                "mail-unreadable",
                f"Thư không đọc được, có lẽ của {guess}: {reason.rstrip('.')}. Đã gắn cờ; xem trong hộp thư và trả lời bằng tay.",
                sender=guess,
            )
        if self.tally.may_keep(envelope.size):
            keep_other_file(self.run, fetch())
        return Received(is_flagged=True)

    def _note(self, mail: MailRecord) -> None:
        with self.run.ledger.write() as session:
            mails.note_mail(session, mail)
        note("mail-received", sender=mail.sender, sha256=mail.sha256, fate=mail.fate, workbooks=mail.workbooks)


def _record(message: Message, digest: str, arrived_at: datetime, fate: Fate, reason: str = "") -> MailRecord:
    return MailRecord(
        sha256=digest,
        sender=message.sender,
        subject=message.subject,
        message_id=message.message_id,
        arrived_at=arrived_at,
        fate=fate,
        reason=reason,
        workbooks=len(message.workbooks),
        enclosures=message.enclosures,
        links=message.links,
        answered_at=None,
    )


def _own_address(run: Run) -> str:
    return parseaddr(run.settings.mail_from)[1].lower()
