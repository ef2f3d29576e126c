"""The clock: the only place that asks what time it is; whoever needs a moment is handed it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

Clock = Callable[[], datetime]
"""Gives the present moment, with its zone."""


def system_clock() -> datetime:
    """The present moment by this machine."""
    return datetime.now().astimezone()


def stopped(at: datetime) -> Clock:
    """A clock that shows this moment only; like the other it can be handed to another process."""
    return partial(_same, at)


def _same(moment: datetime) -> datetime:
    return moment
