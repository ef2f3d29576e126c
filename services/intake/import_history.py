"""Take in many months of history at once: split, kept, judged like workbooks, at the severity that history allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain import codes
from domain.findings import Verdict
from domain.period import month_named
from domain.reference import Reference
from ingest.history_csv import Slice, package_of, read_history
from ingest.workbook.read import read_workbook
from services.intake.answer import answer_units
from services.intake.collect import one_at_a_time, waves_of
from services.intake.files import keep_alone
from services.intake.keep import Waiting, keep_wave
from services.registers import load_registers
from services.settings import Settings, now
from services.steps import Tell, silently
from storage import archive, arrivals, submissions
from storage.database import open_database

_CHANNEL = "history"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one unit's month."""

    unit_code: str
    period: str
    revision: str
    verdict: Verdict
    causes: Sequence[str]


def import_history(settings: Settings, folder: Path, tell: Tell = silently) -> list[Imported]:
    """Every unit's month in the CSV files of `folder`; what is known already is left as it is.

    Raises:
        UnreadableFile: if a file or line cannot be read; then nothing is taken in.
    """
    reference = load_registers(settings)
    slices = read_history(folder, reference.column_aliases())
    settings.home.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(settings.home):
        for path in sorted(folder.glob("*.csv")):
            keep_alone(settings, path.read_bytes())
        packages = _keep(settings, reference, folder, slices)
        _judge(settings, reference, packages, tell)
        _answer_quietly(settings)
    return _outcome(settings, slices, packages)


def _keep(settings: Settings, reference: Reference, folder: Path, slices: Sequence[Slice]) -> list[Waiting]:
    """The slices as packages, kept and noted as arrivals, in one transaction."""
    at = now()
    origin = folder.resolve()
    database = open_database(settings.ledger_url)
    kept = []
    with database.begin() as session:
        for found in slices:
            _complete(reference, found)
            digest, place = archive.keep(settings.archive, package_of(found))
            arrival = arrivals.note_arrival(
                session, _CHANNEL, f"{origin}/{found.file_name}", found.file_name, digest, None, found.received_at or at
            )
            kept.append(Waiting(arrival, place))
    database.close()
    return kept


def _complete(reference: Reference, found: Slice) -> None:
    """What every statement must say and a table of history need not."""
    month = month_named(found.period)
    own: dict[str, str] = {
        "unit_code": found.unit_code,
        "period": found.period,
        "revision": found.revision,
        "submission_kind": codes.OFFICIAL if found.revision == "1" else codes.REPLACEMENT,
        "money_unit": "DONG",
        "form_version": codes.HISTORY_VERSION,
        "nil_return": "Không" if any(found.rows.values()) else "Có",
    }
    if found.revision != "1":
        own["reason"] = "Số liệu lịch sử"
    if month is not None:
        stretch = reference.stretch_of(found.unit_code, month)
        own |= {"date_from": stretch.first_day.isoformat(), "date_to": stretch.last_day.isoformat()}
        names = {unit.code: unit.name for unit in reference.expected_units(month)}
        if found.unit_code in names:
            own["unit_name"] = names[found.unit_code]
    found.statement = own | found.statement


def _judge(settings: Settings, reference: Reference, packages: Sequence[Waiting], tell: Tell) -> None:
    """The packages are our own making, so they are read here and not in a process apart."""
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        new = [entry for entry in packages if not submissions.is_known(session, entry.arrival.sha256)]
    database.close()
    aliases = reference.column_aliases()
    unique = {entry.arrival.sha256: entry for entry in new}
    books = [
        read_workbook(entry.path, digest, aliases, settings.limits, apart=False) for digest, entry in unique.items()
    ]
    waves = waves_of(books, reference)
    for number, wave in enumerate(waves, start=1):
        keep_wave(settings, wave, list(unique.values()))
        tell("kiểm tra và lưu", number, len(waves))


def _answer_quietly(settings: Settings) -> None:
    """Only what was returned or is contested needs an answer; nobody waits for the others."""
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        for arrival in arrivals.unanswered(session):
            record = submissions.find_submission(session, arrival.sha256)
            if arrival.channel == _CHANNEL and record is not None and record.verdict.counts:
                arrivals.note_answer(session, arrival.number, now())
    database.close()
    answer_units(settings)


def _outcome(settings: Settings, slices: Sequence[Slice], packages: Sequence[Waiting]) -> list[Imported]:
    database = open_database(settings.ledger_url)
    outcome = []
    with database.begin() as session:
        for found, entry in zip(slices, packages, strict=True):
            record = submissions.find_submission(session, entry.arrival.sha256)
            if record is None:
                continue
            causes = submissions.findings_of(session, [record.submission_id])[record.submission_id].causes()
            told = [f"{cause.rule}: {cause.title}" for cause in causes]
            outcome.append(Imported(found.unit_code, found.period, found.revision, record.verdict, told))
    database.close()
    return outcome
