"""The steps of a flow: each has a name and runs here, or as a task of an engine; some are mapped over batches.

Every step asks the ledger first what is left to do, so that one that was stopped may run again.
"""

import pickle
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from domain.errors import KetnghiaError, StoreUnreachable, UnreachableChannel, WorkerLost
from services.frame_stack import with_room
from services.log import keep_log, note, show_warnings_of_worker, traceback_of, warn
from services.patience import until_ledger_returns
from services.policies import policy_of
from services.progress import Progress, no_progress
from services.run import Run, Ticket, reopen
from storage.database import LedgerUnreachable

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


class Steps(Protocol):
    """Runs the steps of one run; a flow does not know by what means."""

    on_progress: Progress
    """Hears how far a long step has come."""

    def run(self, name: str, step: Callable[Concatenate[Run, P], T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Run `step(run, …)`.

        Raises:
            LookupError: if no step bears the name.
        """

    def map(
        self, name: str, step: Callable[[Run, Item], T], items: Sequence[Item], lost: Callable[[Item], T] | None = None
    ) -> list[T]:
        """Run `step(run, item)` for each item; gives the results in the order of the items.

        `lost` makes the result of an item whose worker died; without it that ends the flow.

        Raises:
            LookupError: if no step bears the name.
            WorkerLost: if a worker died, and nothing is said for that case.
        """


_STAYS_WRONG = (FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError)
"""What the operating system says of a wrong path or wrong rights: minutes later it says the same."""


def heals_by_waiting(error: BaseException) -> bool:
    """Whether the same step may succeed a little later; bad data, bugs and wrong paths do not."""
    if isinstance(error, _STAYS_WRONG):
        return False
    return isinstance(error, (OSError, UnreachableChannel, StoreUnreachable, *LedgerUnreachable))


@contextmanager
def apart(event: str, sentence: str, **fields: object) -> Iterator[None]:
    """What goes wrong inside is the trouble of one of many: told to whoever watches, and the others have theirs.

    A ledger or a store that is away is everybody's trouble, and ends the step.
    """
    try:
        yield
    except (StoreUnreachable, *LedgerUnreachable):
        raise
    except (KetnghiaError, OSError) as error:
        warn(event, f"{sentence} ({error}).", **fields)
    except Exception as error:
        warn(
            event, f"{sentence}: lỗi của chương trình ({type(error).__name__}: {error}).",
            **fields, detail=traceback_of(error),
        )  # fmt: skip


class Direct:
    """Steps run at once in this process; a mapped one in several processes, where `jobs` says so.

    One that loses the line to the ledger's server is begun anew; whatever else may heal, the person who waits decides.
    """

    def __init__(self, run: Run, jobs: int = 1, on_progress: Progress = no_progress) -> None:
        self._run, self._jobs, self.on_progress = run, jobs, on_progress

    def run(self, name: str, step: Callable[Concatenate[Run, P], T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Run the step now."""
        policy_of(name)
        begun = time.monotonic()
        result = until_ledger_returns(lambda: step(self._run, *arguments, **named))
        note("step-finished", step=name, seconds=round(time.monotonic() - begun, 3))
        return result

    def map(
        self, name: str, step: Callable[[Run, Item], T], items: Sequence[Item], lost: Callable[[Item], T] | None = None
    ) -> list[T]:
        """Run the step for one item after the other, or for several at once."""
        policy_of(name)
        begun = time.monotonic()
        if self._jobs == 1 or len(items) < 2:
            results = []
            for item in items:
                results.append(until_ledger_returns(partial(step, self._run, item)))
                self.on_progress(name, *how_far(items, range(len(results))))
        else:
            results = self._in_processes(name, step, items, lost)
        note("step-finished", step=name, items=len(items), seconds=round(time.monotonic() - begun, 3))
        return results

    def _in_processes(
        self, name: str, step: Callable[[Run, Item], T], items: Sequence[Item], lost: Callable[[Item], T] | None
    ) -> list[T]:
        ticket = self._run.ticket()
        done: dict[int, T] = {}
        with _pool(min(self._jobs, len(items))) as pool:
            waiting = {}
            with suppress(BrokenProcessPool):
                for place, item in enumerate(items):
                    waiting[pool.submit(on_ticket, ticket, step, item)] = place
            for future in as_completed(waiting):
                try:
                    done[waiting[future]] = future.result()
                except BrokenProcessPool:
                    continue
                self.on_progress(name, *how_far(items, done))
        # A process died and took the pool along: each item that is left gets a pool of its own.
        for place, item in enumerate(items):
            if place not in done:
                done[place] = self._alone(name, step, item, ticket, lost)
                self.on_progress(name, *how_far(items, done))
        return [done[place] for place in range(len(items))]

    def _alone(
        self, name: str, step: Callable[[Run, Item], T], item: Item, ticket: Ticket, lost: Callable[[Item], T] | None
    ) -> T:
        try:
            with _pool(1) as pool:
                return pool.submit(on_ticket, ticket, step, item).result()
        except BrokenProcessPool as error:
            if lost is None:
                raise WorkerLost(f"Bước {name}: tiến trình làm {item} dừng đột ngột; chạy lại lệnh này.") from error
            return lost(item)


@with_room
def on_ticket(ticket: Ticket, step: Callable[[Run, Item], T], item: Item) -> T:
    """Run a step for one item in a process that has no run yet."""
    keep_log(ticket.settings_here.home)
    try:
        with reopen(ticket) as run:
            return until_ledger_returns(lambda: step(run, item))
    except Exception as error:
        _refuse_stuck(error)
        raise


def _refuse_stuck(error: Exception) -> None:
    """Raise the error's text where it cannot be handed to another process: that would pass for the worker's death."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        raise RuntimeError(traceback_of(error)) from None


def in_batches(items: Sequence[Item], size: int) -> list[Sequence[Item]]:
    """The items in runs of at most `size`, in their order."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def how_far(items: Sequence[object], done: Collection[int]) -> tuple[int, int]:
    """How many are done, of how many; a batch counts as many as are in it."""
    sizes = [len(item) if isinstance(item, list | tuple) else 1 for item in items]
    return sum(sizes[place] for place in done), sum(sizes)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=show_warnings_of_worker)
