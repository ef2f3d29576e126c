"""Take in many months of history at once: split, kept, judged like workbooks, at the severity that history allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain import codes
from domain.findings import Verdict
from domain.period import month_named
from domain.reference import Reference
from ingest.history_csv import Slice, package_of, read_history
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from services.intake.answer import answer_units
from services.intake.arrivals import Waiting, one_at_a_time
from services.intake.batches import judge_and_keep
from services.intake.files import keep_other_file
from services.intake.judge_batch import judge_batch
from services.intake.keep import keep_judged
from services.progress import Progress, no_progress
from services.run import Run
from storage import archive, arrivals, submissions


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one unit's month."""

    unit_code: str
    period: str
    revision: str
    verdict: Verdict
    causes: Sequence[str]


def import_history(run: Run, folder: Path, on_progress: Progress = no_progress) -> list[Imported]:
    """Every unit's month in the CSV files of `folder`; what is known already is left as it is.

    Raises:
        UnreadableFile: if a file or line cannot be read; then nothing is taken in.
    """
    slices = read_history(folder, run.reference.column_aliases())
    with one_at_a_time(run):
        for path in sorted(folder.glob("*.csv")):
            keep_other_file(run, path.read_bytes())
        packages = _keep(run, folder, slices)
        _judge_and_keep(run, packages, on_progress)
        _answer_what_was_returned(run)
    return _outcome(run, slices, packages)


def _keep(run: Run, folder: Path, slices: Sequence[Slice]) -> list[Waiting]:
    """The slices as packages, kept and noted as arrivals, in one transaction."""
    at = run.now()
    origin = folder.resolve()
    packed = []
    for found in slices:
        _complete(run.reference, found)
        packed.append((found, *archive.keep(run.kept, run.settings.archive, package_of(found))))
    kept = []
    with run.ledger.write() as session:
        for found, digest, place in packed:
            # When it was known is said by whoever hands the tables over; nobody knows it from the future.
            received = min(found.received_at or at, at)
            place_of_old = f"{origin}/{found.file_name}"
            arrival = arrivals.note_arrival(
                session, arrivals.HISTORY, place_of_old, found.file_name, digest, None, received
            )
            kept.append(Waiting(arrival, place))
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
        subperiod = reference.subperiod_of(found.unit_code, month)
        own |= {"date_from": subperiod.first_day.isoformat(), "date_to": subperiod.last_day.isoformat()}
        names = {unit.code: unit.name for unit in reference.expected_units(month)}
        if found.unit_code in names:
            own["unit_name"] = names[found.unit_code]
    found.statement = own | found.statement


def _judge_and_keep(run: Run, packages: Sequence[Waiting], on_progress: Progress) -> None:
    """The packages are our own making, so they are read here and not in a process apart."""
    with run.ledger.read() as session:
        new = [entry for entry in packages if not submissions.is_known(session, entry.arrival.sha256)]
    aliases = run.reference.column_aliases()
    unique = {entry.arrival.sha256: entry for entry in new}
    books = [pack(read_workbook(entry.path, digest, aliases, run.settings.limits)) for digest, entry in unique.items()]
    known_by = {digest: entry.arrival for digest, entry in unique.items()}
    judge_and_keep(
        books,
        run.reference,
        judge=lambda batch: judge_batch(run, batch, known_by),
        keep=lambda judged: keep_judged(run, judged, known_by),
        on_progress=on_progress,
    )


def _answer_what_was_returned(run: Run) -> None:
    """Only what was returned or is contested needs an answer; nobody waits for the others."""
    with run.ledger.write() as session:
        for arrival in arrivals.unanswered(session):
            record = submissions.find_submission(session, arrival.sha256)
            if arrival.channel == arrivals.HISTORY and record is not None and record.verdict.counts:
                arrivals.note_answer(session, arrival.number, run.now())
    answer_units(run)


def _outcome(run: Run, slices: Sequence[Slice], packages: Sequence[Waiting]) -> list[Imported]:
    outcome = []
    with run.ledger.read() as session:
        for found, entry in zip(slices, packages, strict=True):
            record = submissions.find_submission(session, entry.arrival.sha256)
            if record is None:
                continue
            causes = submissions.findings_of(session, [record.submission_id])[record.submission_id].causes()
            reasons = [f"{cause.rule}: {cause.title}" for cause in causes]
            outcome.append(Imported(found.unit_code, found.period, found.revision, record.verdict, reasons))
    return outcome
