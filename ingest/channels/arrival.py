"""A file that comes in, by whichever way: what every channel gives."""

import hashlib
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.text import fits_database
from ingest.channels.left_alone import LeftAlone

SETTLE_SECONDS = 2.0
"""A file that changes while it is watched for so long is still being written; it waits for the next run.

Watched, not judged by its own times: those are the sender's, or another machine's.
"""
_LONGEST_LOCATOR = 2_000
"""PostgreSQL indexes no more than some 2.700 bytes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it arrived: by which way, from whom, its bytes and its name."""

    channel: str
    locator: str
    """Identifies this arrival among all of its channel."""
    name: str
    content: bytes
    """Of a file beyond the limit only its beginning: it is refused by its size; the whole is left to people."""
    arrived_at: datetime | None = None
    """When a server that the sender has no hand in received it; without one it arrives when it is first seen."""
    sender: str | None = None
    own_time: datetime | None = None
    """The time that the file bears, by whatever clock: shown, never counted with."""


class Channel(Protocol):
    """One way in."""

    @property
    def name(self) -> str:
        """`folder`, `mailbox`, `bucket` or `sftp`."""

    def arrivals(self, known: Container[str]) -> Iterator[Arrival | LeftAlone]:
        """What lies there whole, but for the locators that are known, and what is left alone there.

        An arrival is taken as kept when the next one is asked for. What goes wrong with one of them costs that one.

        Raises:
            UnreachableChannel: if the server does not answer or refuses; the next run tries again.
        """


def locator(*parts: object) -> str:
    """One text of what tells an arrival from all others, short enough for an index."""
    text = "@".join(fits_database(str(part).encode("utf-8", "backslashreplace").decode()) for part in parts)
    if len(text.encode()) <= _LONGEST_LOCATOR:
        return text
    return f"{text[:200]}…{hashlib.sha256(text.encode()).hexdigest()}"
