"""One run, opened once: settings, the tables people edit with their hash, the ledger and the clock, as one value."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from domain.calendar import VIETNAM
from domain.errors import BadReference
from domain.reference import Reference
from ingest.tables.files import Tables, read_tables
from ingest.tables.reference import parse_reference
from services.clock import Clock, system_clock
from services.settings import Settings
from services.tables import keep_tables, kept_tables
from storage.database import Database, database_exists, open_database


@dataclass(frozen=True)
class Run:
    """What every service is handed: nothing below opens a table, a ledger or asks a clock by itself."""

    settings: Settings
    tables: Tables
    reference: Reference
    clock: Clock = system_clock

    @cached_property
    def ledger(self) -> Database:
        """The ledger, opened when it is first looked into."""
        return open_database(self.settings.ledger_url)

    @property
    def has_ledger(self) -> bool:
        """Whether there is a ledger; looking must not create one."""
        return database_exists(self.settings.ledger_url)

    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    def today(self) -> date:
        """The present day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()

    def with_tables(self, tables: Tables) -> "Run":
        """The same run with other tables, over the same ledger."""
        return self._over_the_same_ledger(replace(self, tables=tables, reference=parse_reference(tables)))

    def with_settings(self, settings: Settings) -> "Run":
        """The same run with other settings, over the same ledger."""
        return self._over_the_same_ledger(replace(self, settings=settings))

    def _over_the_same_ledger(self, other: "Run") -> "Run":
        if "ledger" in self.__dict__:
            other.__dict__["ledger"] = self.ledger
        return other

    def close(self) -> None:
        """Give back the ledger's connections."""
        if "ledger" in self.__dict__:
            self.ledger.close()

    def ticket(self) -> "Ticket":
        """What another process opens the same run by; the tables are kept, so that they can be found there."""
        keep_tables(self.settings.kept_tables, self.tables)
        return Ticket(self.settings, self.tables.version, self.clock)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Enough to open the same run elsewhere: plain data, no handle."""

    settings: Settings
    tables_version: str
    clock: Clock


@contextmanager
def open_run(settings: Settings, clock: Clock = system_clock) -> Iterator[Run]:
    """Read the tables and hold them, with the ledger, until the block ends.

    Raises:
        BadReference: names every file and line that cannot be right.
        BadSettings: if the ledger cannot be reached.
    """
    tables = read_tables(settings.reference, settings.home / "reference")
    run = Run(settings, tables, parse_reference(tables), clock)
    try:
        yield run
    finally:
        run.close()


@contextmanager
def reopen(ticket: Ticket) -> Iterator[Run]:
    """The run of the ticket, in this process: with the very tables it had, whoever has edited them since.

    Raises:
        BadReference: if those tables are no longer to be found.
    """
    settings = ticket.settings
    tables = read_tables(settings.reference, settings.home / "reference")
    if tables.version != ticket.tables_version:
        found = kept_tables(settings.kept_tables, ticket.tables_version)
        if found is None:
            raise BadReference(
                f"Các bảng trong reference/ đã đổi trong lúc chạy, và bản {ticket.tables_version[:12]}… không còn; chạy lại."
            )
        tables = found
    run = Run(settings, tables, parse_reference(tables), ticket.clock)
    try:
        yield run
    finally:
        run.close()
