"""Take in every workbook that waits in the inbox: archive, read, judge, keep. One bad file stops no other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.calendar import VIETNAM
from domain.errors import UnreadableFile
from domain.findings import Finding, Findings, Severity, Verdict
from domain.period import Period
from domain.reference import Reference
from domain.submissions import NewSubmission
from domain.text import fits_database
from flows.answer import answer_lines
from flows.history import history_before
from flows.settings import Settings, now
from flows.steps import RunStep, Tell, directly, silently
from ingest.inbox import Arrival, arrivals
from ingest.reference import load_reference
from ingest.workbook import RawWorkbook, read_workbook
from storage import archive, editions, submissions
from storage.database import open_database

READERS = 2


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one file of the inbox."""

    file_name: str
    sha256: str
    unit_code: str | None
    period: str | None
    revision: int | None
    verdict: Verdict
    findings: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    sha256: str
    path: Path


def collect_submissions(settings: Settings, run_step: RunStep = directly, tell: Tell = silently) -> list[Collected]:
    """Take in what waits in the inbox; files whose bytes are known are passed over.

    Workbooks are judged together, period by period and revision by revision, oldest first, because a
    month is judged against the one before it.
    """
    settings.inbox.mkdir(parents=True, exist_ok=True)
    waiting = run_step("archive-inbox", _archive_inbox, settings)
    if not waiting:
        return []
    books, unreadable = run_step("read-workbooks", _read_all, settings, waiting, tell)
    collected = run_step("keep-unreadable", _keep_unreadable, settings, waiting, unreadable)
    waves = _waves(books)
    for number, wave in enumerate(waves, start=1):
        tell("kiểm tra và lưu", number - 1, len(waves))
        name = f"examine-{wave[0].stated_period or 'unknown'}"
        collected += run_step(name, _examine_and_keep, settings, wave, waiting)
    tell("kiểm tra và lưu", len(waves), len(waves))
    return collected


def _archive_inbox(settings: Settings) -> list[_Waiting]:
    """Keep every new file's bytes before anything reads them."""
    database = open_database(settings.ledger_url)
    waiting: dict[str, _Waiting] = {}
    for arrival in arrivals(settings.inbox):
        sha256, path = archive.keep(settings.archive, arrival.content)
        with database.begin() as session:
            if sha256 not in waiting and not submissions.is_known(session, sha256):
                waiting[sha256] = _Waiting(arrival, sha256, path)
    database.close()
    return list(waiting.values())


def _read_all(settings: Settings, waiting: Sequence[_Waiting], tell: Tell) -> tuple[list[RawWorkbook], dict[str, str]]:
    """Read every file in a child process of its own, a few at a time."""
    books: list[RawWorkbook] = []
    unreadable: dict[str, str] = {}

    aliases = load_reference(settings.reference, settings.home / "reference").column_aliases()

    def read(entry: _Waiting) -> RawWorkbook | str:
        try:
            return read_workbook(entry.path, entry.sha256, aliases, settings.limits)
        except UnreadableFile as reason:
            return str(reason)

    with ThreadPoolExecutor(READERS) as pool:
        for number, (entry, outcome) in enumerate(zip(waiting, pool.map(read, waiting), strict=True), start=1):
            if isinstance(outcome, str):
                unreadable[entry.sha256] = outcome
            else:
                books.append(outcome)
            tell("đọc tệp", number, len(waiting))
    return books, unreadable


def _keep_unreadable(settings: Settings, waiting: Sequence[_Waiting], unreadable: dict[str, str]) -> list[Collected]:
    database = open_database(settings.ledger_url)
    outcome = []
    for entry in waiting:
        if entry.sha256 not in unreadable:
            continue
        findings = Findings.of([unreadable_finding(unreadable[entry.sha256])])
        new = NewSubmission(
            sha256=entry.sha256,
            file_name=entry.arrival.name,
            received_at=entry.arrival.arrived_at,
            unit_code=None,
            period=None,
            revision=None,
            kind=None,
            is_nil=False,
            is_sample=False,
            verdict=Verdict.UNREADABLE,
            working_days_late=0,
            columns={},
        )
        with database.begin() as session:
            submissions.keep_submission(session, new, findings, {})
        answer = answer_lines(Verdict.UNREADABLE, None, None, None, findings)
        _write_answer(settings, "unreadable", entry.arrival.name, answer)
        outcome.append(Collected(entry.arrival.name, entry.sha256, None, None, None, Verdict.UNREADABLE, 1))
    database.close()
    return outcome


def unreadable_finding(reason: str) -> Finding:
    """The one finding of a file that could not be read."""
    return Finding("(tệp)", 1, 1, "A1", "E-FILE", Severity.ERROR, "", "Tệp không đọc được", reason, "")


def _waves(books: Iterable[RawWorkbook]) -> list[list[RawWorkbook]]:
    waves: dict[tuple[str, int], list[RawWorkbook]] = defaultdict(list)
    for book in books:
        waves[book.stated_period or "", book.stated_revision].append(book)
    return [waves[key] for key in sorted(waves)]


def _examine_and_keep(settings: Settings, wave: Sequence[RawWorkbook], waiting: Sequence[_Waiting]) -> list[Collected]:
    """Judge one wave in one pass; keep each workbook in a transaction of its own."""
    from flows.examination import examine

    database = open_database(settings.ledger_url)
    reference = load_reference(settings.reference, settings.home / "reference")
    by_hash = {entry.sha256: entry.arrival for entry in waiting}
    books = {book.file: book for book in wave}
    received = max(by_hash[book.file].arrived_at for book in wave).astimezone(VIETNAM).date()
    history = history_before(database, wave[0].stated_period)
    outcome = []
    for examined in examine(wave, received, reference, history, settings.oldest):
        arrival = by_hash[examined.file]
        with database.begin() as session:
            if submissions.is_known(session, examined.file):
                # Another run has taken it in meanwhile; its answer stands.
                continue
            received_at = _received_at(arrival, editions.newest_made_at(session, examined.period or ""))
            verdict = examined.findings.verdict
            new = NewSubmission(
                sha256=examined.file,
                file_name=arrival.name,
                received_at=received_at,
                unit_code=_kept(examined.unit_code),
                period=_kept(examined.period),
                revision=examined.revision,
                kind=_kept(examined.statement["submission_kind"]),
                is_nil=examined.statement["nil_return"] == "Có",
                is_sample=books[examined.file].is_sample,
                verdict=verdict,
                working_days_late=_lateness(reference, examined.period, received_at) if verdict.counts else 0,
                columns=examined.columns,
            )
            submissions.keep_submission(session, new, examined.findings, examined.facts)
            if verdict.counts:
                reason = f"{new.unit_code}: lần nộp {new.revision} được chấp nhận sau khi bản này được lập"
                editions.void_unsent(session, str(new.period), reason)
        answer = answer_lines(verdict, new.unit_code, new.period, new.revision, examined.findings)
        _write_answer(settings, new.period or "", arrival.name, answer)
        outcome.append(
            Collected(
                arrival.name,
                examined.file,
                new.unit_code,
                new.period,
                new.revision,
                verdict,
                len(examined.findings.causes()),
            )
        )
    database.close()
    return outcome


def _write_answer(settings: Settings, period: str, file_name: str, lines: Sequence[str]) -> None:
    """What the unit is to be told, beside the ledger, one text per file."""
    folder = settings.home / "findings" / _plain_name(period)
    archive.write_durably(folder / f"{_plain_name(file_name)}.txt", ("\n".join(lines) + "\n").encode())


def _plain_name(text: str) -> str:
    """A name that stays inside its folder, whatever a file was called."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text).lstrip(".")[:120] or "_"


def _received_at(arrival: Arrival, newest_edition: datetime | None) -> datetime:
    """When the ledger counts the file as known: its arrival, unless an edition was made since without it."""
    if newest_edition is not None and arrival.arrived_at <= newest_edition:
        return now()
    return arrival.arrived_at


def _lateness(reference: Reference, period: str | None, received_at: datetime) -> int:
    return reference.calendar.working_days_late(Period.parse(period or ""), received_at)


def _kept(value: object) -> str | None:
    return None if value is None else fits_database(str(value))
