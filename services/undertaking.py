"""Undertakes one part of what runs by itself: what goes wrong with it is told, and stops none of the others."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.errors import KetnghiaError
from services.log import note, traceback_of, warn
from services.mail.troubles import note_over, note_trouble
from services.run import Run
from storage.database import LedgerUnreachable


@dataclass(frozen=True, slots=True)
class Undertaken:
    """A piece of work, and what came of it, in a Vietnamese sentence."""

    key: str
    """What it is called where programs read."""
    label: str
    sentence: str
    is_done: bool

    @property
    def line(self) -> str:
        """The work and what came of it."""
        return f"{self.label.capitalize()}: {self.sentence}"


def undertake(run: Run, key: str, label: str, work: Callable[[], str]) -> Undertaken:
    """Do it; what fails is a trouble until it is done, and is tried again by the next run, for it is still due then.

    A ledger that is away is everybody's trouble, and ends the run.
    """
    try:
        done = Undertaken(key, label, work(), True)
    except LedgerUnreachable:
        raise
    except KetnghiaError as reason:
        done = Undertaken(key, label, str(reason), False)
    except Exception as error:
        done = Undertaken(key, label, f"lỗi của chương trình hoặc của máy ({type(error).__name__}: {error}).", False)
        note("work-broke", work=key, traceback=traceback_of(error))
    if done.is_done:
        note("work-done", work=key, outcome=done.sentence)
        note_over(run, f"work-{key}")
    else:
        warn("work-failed", f"Chưa làm được: {done.line}", work=key)
        sentence = f"Chưa làm được việc “{label}”: {done.sentence.splitlines()[0]}"
        note_trouble(run, f"work-{key}", sentence, "Sửa theo câu trên; chương trình tự thử lại mỗi ngày.")
    return done
