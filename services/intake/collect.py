"""Take in every file that waits: archive, read, judge, keep, answer. One bad file stops no other."""

import fcntl
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.terminal import complain
from domain.errors import UnreachableChannel, UnreadableFile
from domain.findings import Verdict
from domain.period import month_named
from domain.reference import Reference
from ingest.workbook.read import RawWorkbook, read_workbook
from reports.unit.answer import UnitAnswer
from services.editions.outdated import void_outdated
from services.intake.answer import answer_units
from services.intake.channels import channels
from services.intake.keep import Waiting, keep_unreadable, keep_wave
from services.mail.notices import tell_of_voided
from services.registers import load_registers
from services.settings import Settings
from services.status.page import write_status_page
from services.steps import RunStep, Tell, directly, silently
from storage import archive
from storage.arrivals import known_locators, note_arrival, unjudged
from storage.database import open_database

READERS = 2


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one file that arrived."""

    file_name: str
    sha256: str
    receipt: int
    unit_code: str | None
    period: str | None
    revision: int | None
    verdict: Verdict
    causes: int
    is_again: bool


def collect_submissions(settings: Settings, run_step: RunStep = directly, tell: Tell = silently) -> list[Collected]:
    """Take in what waits; bytes that are known are acknowledged as the same.

    Workbooks are judged together, period by period and revision by revision, oldest first, because a
    month is judged against the one before it. Every step looks into the ledger for what is left to do,
    so that a run that was stopped anywhere is finished by the next.
    """
    settings.inbox.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(settings.home):
        answers = _collect(settings, run_step, tell)
    return [
        Collected(
            file_name=answer.arrival.file_name,
            sha256=answer.arrival.sha256,
            receipt=answer.arrival.number,
            unit_code=answer.understood.unit_code,
            period=answer.understood.period,
            revision=answer.understood.revision,
            verdict=answer.verdict,
            causes=len(answer.findings.causes()),
            is_again=answer.again_of is not None,
        )
        for answer in answers
    ]


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Wait until no other run of this home collects; the lock dies with its process."""
    with (home / "collect.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _collect(settings: Settings, run_step: RunStep, tell: Tell) -> list[UnitAnswer]:
    run_step("archive-arrivals", _archive_arrivals, settings)
    waiting = run_step("look-for-unjudged", _unjudged, settings)
    if waiting:
        books, unreadable = run_step("read-files", _read_all, settings, waiting, tell)
        run_step("keep-unreadable", keep_unreadable, settings, waiting, unreadable)
        waves = waves_of(books, load_registers(settings))
        for number, wave in enumerate(waves, start=1):
            tell("kiểm tra và lưu", number - 1, len(waves))
            run_step(f"examine-{wave[0].stated_period or 'unknown'}", keep_wave, settings, wave, waiting)
        tell("kiểm tra và lưu", len(waves), len(waves))
    answers: list[UnitAnswer] = run_step("answer-units", answer_units, settings, tell)
    oldest = (settings.oldest.year, settings.oldest.number)
    named = {month_named(answer.understood.period) for answer in answers}
    for month in named:
        # A file may name any month; those that are not taken in have no page.
        if month is not None and (month.year, month.number) >= oldest:
            write_status_page(settings, month)
    with open_database(settings.ledger_url) as database:
        reference = load_registers(settings)
        void_outdated(settings, database, reference)
        tell_of_voided(settings, database, reference)
    return answers


def _archive_arrivals(settings: Settings) -> None:
    """Keep every file's bytes before anything reads them; a way in that does not answer stops no other."""
    database = open_database(settings.ledger_url)
    reference = load_registers(settings)
    for channel in channels(settings, reference):
        with database.begin() as session:
            known = known_locators(session, channel.name)
        try:
            for arrival in channel.arrivals(known):
                sha256, _ = archive.keep(settings.archive, arrival.content)
                with database.begin() as session:
                    note_arrival(
                        session,
                        arrival.channel,
                        arrival.locator,
                        arrival.name,
                        sha256,
                        arrival.sender,
                        arrival.arrived_at,
                    )
        except UnreachableChannel as reason:
            complain(f"ketnghia: {reason}")
    database.close()


def _unjudged(settings: Settings) -> list[Waiting]:
    """The first arrival of all bytes that no submission has been made of."""
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        found = unjudged(session)
    database.close()
    return [Waiting(arrival, archive.place_of(settings.archive, arrival.sha256)) for arrival in found]


def _read_all(settings: Settings, waiting: Sequence[Waiting], tell: Tell) -> tuple[list[RawWorkbook], dict[str, str]]:
    """Read every file in a child process of its own, a few at a time; gives the reasons of those that cannot be."""
    books: list[RawWorkbook] = []
    unreadable: dict[str, str] = {}
    aliases = load_registers(settings).column_aliases()

    def read(entry: Waiting) -> RawWorkbook | str:
        try:
            return read_workbook(entry.path, entry.arrival.sha256, aliases, settings.limits)
        except UnreadableFile as reason:
            return str(reason)

    with ThreadPoolExecutor(READERS) as pool:
        for number, (entry, outcome) in enumerate(zip(waiting, pool.map(read, waiting), strict=True), start=1):
            if isinstance(outcome, str):
                unreadable[entry.arrival.sha256] = outcome
            else:
                books.append(outcome)
            tell("đọc tệp", number, len(waiting))
    return books, unreadable


def waves_of(books: Iterable[RawWorkbook], reference: Reference) -> list[list[RawWorkbook]]:
    """The workbooks that can be judged together, oldest first; units that ended in a month before their successors."""
    waves: dict[tuple[str, date, int], list[RawWorkbook]] = defaultdict(list)
    for book in books:
        month = month_named(book.stated_period)
        since = reference.stretch_of(book.stated_unit, month).first_day if month else date.min
        waves[book.stated_period or "", since, book.stated_revision].append(book)
    return [waves[key] for key in sorted(waves)]
