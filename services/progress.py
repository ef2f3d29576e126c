"""How far a long step has come, for whoever is watching."""

from typing import Protocol


class Progress(Protocol):
    """Hears how far a long step has come."""

    def __call__(self, step: str, done: int, total: int, /) -> None:
        """`done` of `total` of the step are finished; its name is English, and whoever shows it translates."""


def no_progress(step: str, done: int, total: int) -> None:
    """Nobody is watching."""
