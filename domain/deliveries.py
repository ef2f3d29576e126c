"""A mail to one recipient: where it stands, and when it is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where the mail to one recipient stands."""

    QUEUED = "queued"
    """Composed and reserved; nothing has left."""
    SENDING = "sending"
    """Being handed over to the server this moment."""
    SENT = "sent"
    DEFERRED = "deferred"
    """The server asked to wait, or could not be reached; it is tried again."""
    REFUSED = "refused"
    """The server will not take it, however often it is asked."""
    BOUNCED = "bounced"
    """Taken, and come back."""
    UNCERTAIN = "uncertain"
    """Handed over, and nobody knows whether it was taken; only a person resolves it."""

    @property
    def label(self) -> str:
        """The state in Vietnamese."""
        return {
            "queued": "chờ gửi",
            "sending": "đang gửi",
            "sent": "đã gửi",
            "deferred": "chưa gửi được, sẽ thử lại",
            "refused": "máy chủ từ chối",
            "bounced": "thư bị trả lại",
            "uncertain": "không chắc đã tới, cần người xác nhận",
        }[self]

    @property
    def is_open(self) -> bool:
        """Whether the program may try by itself."""
        return self in (DeliveryState.QUEUED, DeliveryState.DEFERRED)

    @property
    def has_left(self) -> bool:
        """Whether it was handed over, or may have been."""
        return self in (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.BOUNCED, DeliveryState.UNCERTAIN)

    @property
    def may_be_there(self) -> bool:
        """Whether the recipient has it, or may have it, and it has not come back."""
        return self.has_left and self is not DeliveryState.BOUNCED

    @property
    def is_lost(self) -> bool:
        """Whether the recipient certainly has it not, and will not by itself."""
        return self in (DeliveryState.REFUSED, DeliveryState.BOUNCED)


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """The mail to one recipient as the ledger knows it; `answer` is the server's."""

    subject: str
    recipient: str
    state: DeliveryState
    message_id: str
    eml_sha256: str
    attempts: int
    next_attempt_at: datetime | None
    sent_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand a mail over, with the server's answer."""

    subject: str
    recipient: str
    at: datetime
    state: DeliveryState
    answer: str


_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 4 * 60, 12 * 60, 24 * 60))


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts; it grows up to a day."""
    return _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
