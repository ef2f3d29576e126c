"""The clock: the only place that asks what time it is; whoever needs a moment is handed it."""

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Gives the present moment, with its zone."""


def system_clock() -> datetime:
    """The present moment by this machine."""
    return datetime.now().astimezone()
