"""A file that comes in, by whichever way: what every channel gives."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SETTLE_SECONDS = 2.0
"""A file that changes within this time is still being written; it waits for the next run."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it arrived: by which way, from whom, its bytes, its name, and when the channel says it came."""

    channel: str
    locator: str
    """Identifies this arrival among all of its channel."""
    name: str
    content: bytes
    """Of a file beyond the limit only its beginning: it is refused by its size, and stays where it lies."""
    arrived_at: datetime
    sender: str | None = None


class Channel(Protocol):
    """One way in."""

    @property
    def name(self) -> str:
        """`folder`, `mailbox`, `bucket` or `sftp`."""

    def arrivals(self, known: Container[str]) -> Iterator[Arrival]:
        """What lies there whole, oldest first, but for the locators that are known.

        An arrival is taken as kept when the next one is asked for.

        Raises:
            UnreachableChannel: if the server does not answer or refuses; the next run tries again.
        """


def is_aside(name: str) -> bool:
    """Whether a file is none that somebody sent: hidden, or the shadow of one that Excel has open."""
    return name.startswith((".", "~$")) or name.endswith((".part", ".tmp", ".filepart"))
