"""How a step of the composition is run: directly here, as a Prefect task in `flows.orchestration`."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class RunStep(Protocol):
    """Runs one step under a name; the composition does not know by what means."""

    def __call__(self, name: str, step: Callable[..., T], *arguments: object) -> T:
        """Run `step(*arguments)`."""


def directly(name: str, step: Callable[..., T], *arguments: object) -> T:
    """Run the step in this process, at once."""
    del name
    return step(*arguments)


class Tell(Protocol):
    """Tells the person watching how far a long step has come."""

    def __call__(self, text: str, done: int, total: int) -> None:
        """`done` of `total` of what `text` names are finished."""


def silently(text: str, done: int, total: int) -> None:
    """Tell nobody."""
