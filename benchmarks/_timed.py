"""Steps that remember how long they took."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from services.progress import Progress, no_progress
from services.run import Run
from services.steps import Direct

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


class Timed(Direct):
    """Runs every step at once in this process; `spent` has the seconds of each by its name."""

    def __init__(self, run: Run, on_progress: Progress = no_progress) -> None:
        super().__init__(run, on_progress=on_progress)
        self.spent: dict[str, float] = defaultdict(float)

    def run(self, name: str, step: Callable[Concatenate[Run, P], T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Run the step and note its seconds."""
        began = time.perf_counter()
        result = super().run(name, step, *arguments, **named)
        self.spent[name] += time.perf_counter() - began
        return result

    def map(
        self, name: str, step: Callable[[Run, Item], T], items: Sequence[Item], lost: Callable[[Item], T] | None = None
    ) -> list[T]:
        """Run the step for one item after the other and note the seconds of all."""
        began = time.perf_counter()
        results = super().map(name, step, items, lost)
        self.spent[name] += time.perf_counter() - began
        return results
