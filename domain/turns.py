"""Turns: work that one process at a time may do on a ledger, and who has the turn."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from domain.calendar import VIETNAM

_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Work(StrEnum):
    """What is done in turns; whoever shares a ledger shares them, on whichever machine it runs."""

    COLLECT = "collect"
    """Taking files in and judging them."""
    OUTBOX = "outbox"
    """Handing mail over; senders share it."""
    RESTORE = "restore"
    """Bringing a backup back into a database of a server."""

    @property
    def label(self) -> str:
        """The work in Vietnamese."""
        return {
            "collect": "Việc nhận và kiểm tra tệp",
            "outbox": "Việc gửi thư",
            "restore": "Việc phục hồi từ bản sao lưu",
        }[self]


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has a turn, or is handing a mail over: where it runs, its number, and since when."""

    machine: str
    process: int
    since: datetime

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The holder that was written so; null where the text names none."""
        process, _, rest = text.partition(" ")
        since, _, machine = rest.partition(" ")
        try:
            return cls(machine, int(process), datetime.strptime(since, _MOMENT).replace(tzinfo=UTC))
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """How it is written; the name stands last, for a database may cut what is longer than 63 letters."""
        return f"{self.process} {self.since.astimezone(UTC).strftime(_MOMENT)} {self.machine}"

    @property
    def sentence(self) -> str:
        """Who it is, in Vietnamese."""
        since = self.since.astimezone(VIETNAM)
        return f"máy {self.machine}, tiến trình {self.process}, từ lúc {since:%H:%M} ngày {since:%d/%m/%Y}"
