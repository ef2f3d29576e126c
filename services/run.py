"""One run, opened once: settings, the tables people edit with their hash, the ledger and the clock, as one value."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from delivery.line import Line
from domain.calendar import VIETNAM
from domain.errors import BadReference, NoLedger
from domain.reference import Reference
from domain.slips import unlikely_rows
from ingest.tables.files import Tables, read_tables
from ingest.tables.reference import parse_reference
from services.clock import Clock, stopped, system_clock
from services.identity import home_is_used, refuse_foreign_ledger, refuse_lost_ledger
from services.log import warn
from services.same_tables import TablesOfHome
from services.settings import Settings, load_settings
from services.shared_store import StoreOnce, meet_store
from services.tables import keep_tables, kept_tables, share_tables
from storage.database import Database, Session, database_exists, open_database, place_in_words
from storage.durable import make_private
from storage.kept import KeptFiles


class LedgerOnce:
    """The ledger of a run and of its variants, opened once, when one of them first looks into it."""

    on_first_write: Callable[[Session], None] | None = None
    """Looks into the first transaction in which something is written, and raises to stop it."""

    def __init__(self, settings: Settings, *, meets_store: bool = True) -> None:
        """Without meeting the store, for whoever looks at a ledger whose home may not be the one that works."""
        self._meets_store = meets_store
        self.url, self._wait_seconds = settings.ledger_url, settings.ledger_wait_seconds
        self._home, self._was_used = settings.home, home_is_used(settings.home)
        self._settings = settings
        self._opened: Database | None = None

    def open(self) -> Database:
        """The ledger; whichever variant asks, it is the same.

        Raises:
            LedgerFault: if it cannot be used as it is.
            ForeignLedger: if it is not the one that the home belongs to.
            ForeignStore: if its files lie elsewhere than the settings say.
        """
        if self._opened is None:
            opened = open_database(self.url, self._wait_seconds)
            try:
                refuse_foreign_ledger(self._home, opened, place_in_words(self.url), was_used=self._was_used)
                if self._meets_store:
                    meet_store(self._settings, opened)
                # Only now: it asks for the store, which has to be the ledger's by then.
                self._opened, opened.on_first_write = opened, self.on_first_write
            except BaseException:
                opened.close()
                raise
        return self._opened

    def close(self) -> None:
        """Give back its connections, if it was ever opened."""
        if self._opened is not None:
            self._opened.close()


@dataclass(frozen=True)
class Run:
    """What every service is handed: nothing below opens a table, a ledger or asks a clock by itself."""

    settings: Settings
    tables: Tables
    reference: Reference
    shared: LedgerOnce
    kept: KeptFiles
    """The files that the ledger names."""
    clock: Clock = system_clock
    line: Line = field(default_factory=Line)
    """How the mail server was found, by this run and its variants."""

    @classmethod
    def of(
        cls,
        settings: Settings,
        tables: Tables,
        reference: Reference,
        clock: Clock,
        read_at: datetime | None = None,
    ) -> "Run":
        """A run over the ledger, and the store if there is one, that the settings name; it writes by tables of that moment."""
        shared = LedgerOnce(settings)
        store = StoreOnce(settings, shared.open).open if settings.store else None
        kept = KeptFiles(settings.home, store)
        if read_at is not None:
            shared.on_first_write = TablesOfHome(kept, tables, read_at).hold
        return cls(settings, tables, reference, shared, kept, clock)

    @property
    def ledger(self) -> Database:
        """The ledger, opened when it is first looked into, and made where there is none."""
        return self.shared.open()

    @property
    def has_ledger(self) -> bool:
        """Whether there is a ledger; looking must not create one."""
        return database_exists(self.shared.url)

    def look_into_ledger(self) -> None:
        """Open the ledger, where there is one, for whoever will need it only later.

        Raises:
            LedgerFault: if it cannot be used as it is.
        """
        if self.has_ledger:
            self.shared.open()

    def now(self) -> datetime:
        """The present moment."""
        return self.clock()

    def today(self) -> date:
        """The present day in Vietnam."""
        return self.now().astimezone(VIETNAM).date()

    def at(self, moment: datetime) -> "Run":
        """The same run as it would be at that moment, over the same ledger."""
        return replace(self, clock=stopped(moment))

    def with_tables(self, tables: Tables) -> "Run":
        """The same run with other tables, over the same ledger."""
        return replace(self, tables=tables, reference=parse_reference(tables))

    def with_settings(self, settings: Settings) -> "Run":
        """The same run with other settings, over the same ledger."""
        return replace(self, settings=settings)

    def close(self) -> None:
        """Give back the ledger's connections."""
        self.shared.close()

    def ticket(self, *, is_for_elsewhere: bool = False) -> "Ticket":
        """What another process opens the same run by; the tables are kept, so that they can be found there.

        Where machines share a store it may be a process of another one. If it `is_for_elsewhere`, that process has settings of
        its own, and no secret of these goes along.
        """
        keep_tables(KeptFiles(self.settings.home), self.settings.kept_tables, self.tables)
        if self.has_ledger:
            # To ask for the store opens the ledger, which looking must not create.
            share_tables(self.kept, self.settings.kept_tables, self.tables)
        return Ticket(None if is_for_elsewhere else self.settings, self.tables.version, self.clock)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Enough to open the same run elsewhere: plain data, no handle."""

    settings: Settings | None
    """Of the process that gave it; null where the one that opens it goes by its own."""
    tables_version: str
    clock: Clock

    @property
    def settings_here(self) -> Settings:
        """By which settings the run is opened in this process."""
        return self.settings or load_settings()


@contextmanager
def open_run(settings: Settings, clock: Clock = system_clock) -> Iterator[Run]:
    """Read the tables and hold them, with the ledger, until the block ends; says what keeps a report from being made.

    The data folder is closed to every other account.

    Raises:
        BadReference: names every file and line that cannot be right.
        LedgerFault: once it is looked into, if the ledger cannot be used.
        ForeignLedger: if the home has had a ledger, and there is none.
    """
    if home_is_used(settings.home) or (settings.home / "ketnghia.sqlite3").is_file():
        # Never a folder that was only named by mistake: /tmp is everybody's.
        make_private(settings.home)
    read_at = system_clock()
    with _held(settings, read_tables(settings.reference, settings.home / "reference"), clock, read_at) as run:
        for sentence in run.reference.broken_narratives.values():
            warn(
                "narrative-broken", f"{sentence}\nChưa sửa thì riêng báo cáo ấy chưa lập được; các việc khác vẫn chạy."
            )
        for sentence in unlikely_rows(run.reference, run.today()):
            warn("unlikely-day", sentence)
        yield run


def refuse_missing_ledger(settings: Settings) -> None:
    """Stop where there is no ledger: an empty one, made by looking, would seem sound and say that nothing is there.

    Raises:
        NoLedger: names the place where it was looked for.
        ForeignLedger: if the home has had one.
    """
    has_ledger = database_exists(settings.ledger_url)
    refuse_lost_ledger(settings.home, has_ledger=has_ledger, place=place_in_words(settings.ledger_url))
    if not has_ledger:
        raise NoLedger(no_ledger(settings))


def no_ledger(settings: Settings) -> str:
    """What is said where there is none."""
    return f"Không có sổ ở {settings.home}; xem KETNGHIA_HOME hoặc thư mục đang đứng."


@contextmanager
def open_without_own_tables(settings: Settings, clock: Clock = system_clock) -> Iterator[Run]:
    """A run with the tables that came with the program: enough to say that the office's own cannot be read.

    Raises:
        LedgerFault: once it is looked into, if the ledger cannot be used.
    """
    tables = read_tables(settings.reference, settings.home / "no tables of its own")
    with closing(Run.of(settings, tables, parse_reference(tables), clock)) as run:
        yield run


def reopen(ticket: Ticket) -> AbstractContextManager[Run]:
    """The run of the ticket, in this process: with the very tables it had, whoever has edited them since.

    Raises:
        BadReference: if those tables are no longer to be found.
    """
    settings = ticket.settings_here
    tables = _tables_of(settings, ticket.tables_version)
    if tables is None:
        # Whoever lost the kept ones: the same tables may still lie where they were read.
        tables = read_tables(settings.reference, settings.home / "reference")
    if tables.version != ticket.tables_version:
        raise BadReference(
            f"Các bảng trong reference/ đã đổi trong lúc chạy, và bản {ticket.tables_version[:12]}… không còn; chạy lại."
        )
    # Whoever gave the ticket has set the tables in force; a worker that begins later sets none.
    return _held(settings, tables, ticket.clock, datetime.min.replace(tzinfo=UTC))


def _tables_of(settings: Settings, version: str) -> Tables | None:
    """The tables of that version as this home has them, or else the store; null where neither does."""
    here = kept_tables(KeptFiles(settings.home), settings.kept_tables, version)
    if here is not None or not settings.store or not database_exists(settings.ledger_url):
        return here
    with closing(LedgerOnce(settings)) as ledger:
        shared = KeptFiles(settings.home, StoreOnce(settings, ledger.open).open)
        return kept_tables(shared, settings.kept_tables, version)


@contextmanager
def _held(settings: Settings, tables: Tables, clock: Clock, read_at: datetime) -> Iterator[Run]:
    refuse_lost_ledger(
        settings.home, has_ledger=database_exists(settings.ledger_url), place=place_in_words(settings.ledger_url)
    )
    with closing(Run.of(settings, tables, parse_reference(tables), clock, read_at)) as run:
        yield run
