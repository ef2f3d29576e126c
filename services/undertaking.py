"""Undertakes one piece of due work: what goes wrong with it is told, and stops none of the others."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import KetnghiaError
from services.due import Due
from services.log import note, traceback_of, warn
from services.steps import heals_by_waiting


@dataclass(frozen=True, slots=True)
class Undertaken:
    """A piece of work, and what came of it, in a Vietnamese sentence."""

    due: Due
    sentence: str
    is_done: bool

    @property
    def line(self) -> str:
        """The work and what came of it."""
        return f"{self.due.label.capitalize()}: {self.sentence}"


def undertake(due: Due, work: Callable[[Due], str]) -> Undertaken:
    """Do it; what fails is done again by the next run, for it is still due then."""
    try:
        done = Undertaken(due, work(due), True)
    except KetnghiaError as reason:
        done = Undertaken(due, str(reason), False)
    except Exception as error:
        if heals_by_waiting(error):
            raise
        done = Undertaken(due, f"lỗi của chương trình ({type(error).__name__}: {error})", False)
        note("work-broke", work=due.work, period=str(due.period), traceback=traceback_of(error))
    if done.is_done:
        note("work-done", work=due.work, period=str(due.period), outcome=done.sentence)
    else:
        warn("work-failed", f"Chưa làm được: {done.line}", work=due.work, period=str(due.period))
    return done
