"""How far a long step has come, for whoever is watching."""

from typing import Protocol


class Progress(Protocol):
    """Hears how far a long step has come."""

    def __call__(self, text: str, done: int, total: int) -> None:
        """`done` of `total` of what `text` names are finished."""


def no_progress(text: str, done: int, total: int) -> None:
    """Nobody is watching."""
