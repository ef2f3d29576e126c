"""Judges kept bytes anew, after a repair of the program or of the tables; the old verdict stays on record."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.calendar import VIETNAM
from domain.errors import Interrupted, KetnghiaError, UnreadableFile
from domain.findings import Findings, Verdict
from domain.period import Period, month_named
from domain.submissions import ArrivalRecord, SubmissionRecord
from ingest.workbook.patience import read_alone
from ingest.workbook.readers import Readers
from services.intake.answer import answer_units
from services.intake.arrivals import one_at_a_time
from services.intake.history import history_before
from services.intake.judge import Circumstances, Examined
from services.intake.judge_batch import SetAside, examine_apart, senders_of
from services.intake.keep import keep_examined, keep_without_content, unreadable_finding
from services.intake.outcome import void_and_notify
from services.log import note, warn
from services.progress import Progress, no_progress
from services.run import Run
from services.status.page import write_status_page
from storage import archive, editions, locks, submissions
from storage.arrivals import ask_for_answer, find_arrival, first_arrival
from storage.database import Session
from storage.rejudgements import replace_verdict


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What became of one file that was judged anew."""

    receipt: int
    file_name: str
    before: Verdict
    after: Verdict | None
    """Null where the program cannot read or judge it now; the old verdict holds."""
    is_changed: bool = False
    """Whether verdict, findings or rows are others; only then is anything kept, and the sender answered again."""
    why: str = ""


def rejudge_receipt(run: Run, number: int) -> list[Rejudged]:
    """Judge anew the file that came under this number.

    Raises:
        KetnghiaError: if no file came under it, or the file has no verdict yet.
    """
    with run.ledger.read() as session:
        arrival = find_arrival(session, number)
        record = None if arrival is None else submissions.find_submission(session, arrival.sha256)
    if arrival is None:
        raise KetnghiaError(f"Không có tệp nào mang số tiếp nhận {number:06d}.")
    if record is None:
        raise KetnghiaError(f"Tệp số {number:06d} chưa có kết quả nào; chạy ketnghia collect để đọc lại.")
    return _rejudge_all(run, [record], no_progress)


def rejudge_period(run: Run, period: Period, on_progress: Progress = no_progress) -> list[Rejudged]:
    """Judge anew every file of the months of the period, in the order of arrival.

    A file that could not be read at all belongs to no month; it is named by its number.

    Raises:
        KetnghiaError: if no file came for it.
    """
    with run.ledger.read() as session:
        records = submissions.all_submissions(session, [str(month) for month in period.months()])
    if not records:
        raise KetnghiaError(f"Không có tệp nào của kỳ {period}.")
    return _rejudge_all(run, records, on_progress)


def _rejudge_all(run: Run, records: Sequence[SubmissionRecord], on_progress: Progress) -> list[Rejudged]:
    outcome = []
    with one_at_a_time(run.settings.home):
        with Readers(run.settings.limits) as readers:
            for number, record in enumerate(records, start=1):
                outcome.append(_rejudge(run, readers, record))
                on_progress("rejudge", number, len(records))
        if any(each.is_changed for each in outcome):
            answer_units(run)
            for month in {month_named(record.period) for record in records}:
                if month is not None:
                    write_status_page(run, month)
            void_and_notify(run)
    return outcome


def _rejudge(run: Run, readers: Readers, record: SubmissionRecord) -> Rejudged:
    with run.ledger.read() as session:
        arrival = first_arrival(session, record.sha256)
    if arrival is None:
        raise LookupError(f"submission {record.submission_id} has no arrival")
    judged = _judge(run, readers, arrival)
    if isinstance(judged, str):
        warn("rejudge-failed", f"{arrival.file_name} (số {arrival.number:06d}): {judged}", receipt=arrival.number)
        return Rejudged(arrival.number, arrival.file_name, record.verdict, None, why=judged)
    with run.ledger.write() as session:
        if _is_as_before(session, record, judged):
            return Rejudged(arrival.number, arrival.file_name, record.verdict, record.verdict)
        after = _keep(session, run, record, judged, arrival)
    note("rejudged", receipt=arrival.number, before=record.verdict, after=after, submission=record.submission_id)
    return Rejudged(arrival.number, arrival.file_name, record.verdict, after, is_changed=True)


def _judge(run: Run, readers: Readers, arrival: ArrivalRecord) -> Examined | Findings | str:
    """The workbook judged as if it came now for the first time; or why it is unreadable; or why nothing can be said."""
    path, aliases = archive.place_of(run.settings.archive, arrival.sha256), run.reference.column_aliases()
    try:
        packed = read_alone(readers, path, arrival.sha256, aliases)
    except UnreadableFile as reason:
        return Findings.of([unreadable_finding(str(reason))])
    except Interrupted as why:
        return str(why)
    day = arrival.arrived_at.astimezone(VIETNAM).date()
    history = history_before(run, packed.period, packed.unit, [arrival.sha256], came_before=arrival.arrived_at)
    received = {arrival.sha256: day}
    given = Circumstances(received, run.reference, history, run.settings.oldest, senders_of(run, received))
    [judged] = examine_apart([packed], given)
    if isinstance(judged, SetAside):
        return f"chương trình vẫn không kiểm tra được ({judged.traceback.splitlines()[-1]})"
    return judged


def _is_as_before(session: Session, record: SubmissionRecord, judged: Examined | Findings) -> bool:
    before = submissions.findings_of(session, [record.submission_id])[record.submission_id]
    if isinstance(judged, Findings):
        return record.verdict is Verdict.UNREADABLE and before == judged
    is_same_content = record.content_hash == judged.statement["content_hash"]
    return record.verdict is judged.verdict and before == judged.findings and is_same_content


def _keep(
    session: Session, run: Run, record: SubmissionRecord, judged: Examined | Findings, arrival: ArrivalRecord
) -> Verdict:
    """Keep the new judgement in the place of the old one, with what had been decided about that."""
    if isinstance(judged, Findings):
        verdict = Verdict.UNREADABLE
        new_id = keep_without_content(session, arrival, verdict, judged, run.now())
    else:
        verdict = judged.verdict
        new_id = keep_examined(session, run, judged, arrival, run.now())
    replace_verdict(session, record.submission_id, new_id, run.now())
    if verdict.counts:
        for because_of in submissions.parked_because_of(session, record.submission_id):
            submissions.park(session, new_id, because_of, run.now())
    unlocked = locks.unlocks_of(session, [record.submission_id]).get(record.submission_id)
    if unlocked is not None:
        locks.unlock(session, [new_id], unlocked.reason, unlocked.unlocked_by, run.now())
    if record.verdict.counts:
        reason = f"{record.unit_code}: lần nộp {record.revision} được kiểm tra lại sau khi bản này được lập"
        editions.void_unsent(session, str(record.period), reason)
    ask_for_answer(session, record.sha256)
    return verdict
