"""A trouble: what keeps the program from doing its work by itself, until it is over."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, since when, and what a person is to do; in Vietnamese."""

    number: int
    """The row with which it began."""
    key: str
    """What it is about: a way in, a flow, the disk; one trouble at a time for each."""
    sentence: str
    advice: str
    since: datetime
    over_at: datetime | None = None
