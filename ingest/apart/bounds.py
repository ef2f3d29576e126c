"""How much of the machine one piece of work may take, and how it may end."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one piece of work may take; on a busy machine four times its seconds pass on the clock."""

    seconds: int
    memory_bytes: int
    answer_bytes: int = 300_000_000

    @property
    def clock_seconds(self) -> int:
        """How long it may last."""
        return 4 * self.seconds


SAME_ENDS = 3
"""So often a piece must end its process in one way, while a sound one beside it is done, before that is held its own doing."""


class End(StrEnum):
    """How a piece of work ended."""

    DONE = "done"
    RAISED = "raised"
    """Its code raised."""
    MEMORY = "memory"
    """It asked for more than it may have."""
    PROCESSOR = "processor"
    """It computed for longer than it may."""
    CRASHED = "crashed"
    """It did what a process is ended for: it touched memory that is not its own, or gave itself up."""
    KILLED = "killed"
    """Somebody ended its process."""
    STOPPED = "stopped"
    """Somebody stopped its process, and nobody continued it."""
    CLOCK = "clock"
    """It came to no end though it hardly computed."""
    UNSTARTED = "unstarted"
    """The machine gave no process for it."""
    BYTES = "bytes"
    """The bytes to work on could not be had, or are not those that were kept."""

    @property
    def label(self) -> str:
        """How it ended, in Vietnamese."""
        return _LABELS[self]

    @property
    def is_own_doing(self) -> bool:
        """Whether the work brought this upon itself; what others did to its process says nothing about it."""
        return self in (End.RAISED, End.MEMORY, End.PROCESSOR, End.CRASHED)


_LABELS = {
    End.DONE: "đã xong",
    End.RAISED: "chương trình đọc báo lỗi",
    End.MEMORY: "cần quá nhiều bộ nhớ",
    End.PROCESSOR: "tính quá lâu",
    End.CRASHED: "tiến trình đọc tự dừng đột ngột",
    End.KILLED: "tiến trình đọc bị dừng từ bên ngoài",
    End.STOPPED: "tiến trình đọc bị treo từ bên ngoài",
    End.CLOCK: "tiến trình đọc chờ quá lâu",
    End.UNSTARTED: "máy không mở được tiến trình đọc",
    End.BYTES: "không lấy được đúng các byte đã lưu",
}
