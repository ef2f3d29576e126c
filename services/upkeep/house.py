"""What the checks of `doctor` look at, opened when first asked for; looking makes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from domain.calendar import VIETNAM
from domain.reference import Reference
from ingest.tables.files import Tables, read_tables
from ingest.tables.reference import parse_reference
from services.clock import Clock, system_clock
from services.run import Run
from services.settings import Settings
from storage.database import LedgerState, look_at_ledger


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found."""

    is_good: bool
    text: str
    advice: str = ""
    """What to do, where it is not good."""


def good(text: str) -> Found:
    """All is well, and this is how it stands."""
    return Found(True, text)


def bad(text: str, advice: str) -> Found:
    """Something is wrong, and this is what to do."""
    return Found(False, text, advice)


Check = Callable[["House"], Found]
"""Answers one question; what it raises is a fault, too."""


class House:
    """Settings, tables, ledger and clock of an installation that may lack any of them."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self.settings, self._clock = settings, clock

    def now(self) -> datetime:
        """The present moment by this machine."""
        return self._clock()

    def today(self) -> date:
        """The present day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()

    @cached_property
    def tables(self) -> Tables:
        """The tables that people edit."""
        return read_tables(self.settings.reference, self.settings.home / "reference")

    @cached_property
    def reference(self) -> Reference:
        """What the tables say.

        Raises:
            BadReference: if they cannot be right.
        """
        return parse_reference(self.tables)

    @cached_property
    def ledger_state(self) -> LedgerState:
        """How far the ledger is.

        Raises:
            LedgerFault: if it cannot be used.
        """
        return look_at_ledger(self.settings.ledger_url, self.settings.ledger_wait_seconds)

    @property
    def has_usable_ledger(self) -> bool:
        """Whether there is a ledger of this program's own schema."""
        return self.ledger_state.revision == self.ledger_state.newest

    @cached_property
    def run(self) -> Run:
        """A run over all of them; its ledger is only to be opened where it is usable, for opening makes one."""
        return Run.of(self.settings, self.tables, self.reference, self._clock)

    def close(self) -> None:
        """Give back what was opened."""
        if "run" in self.__dict__:
            self.run.close()
