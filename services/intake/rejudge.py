"""Judges kept bytes anew, after a repair of the program or of the tables; the old verdict stays on record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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
from services.intake.judge_batch import NOT_OF_A_FILE, SetAside, examine_apart, senders_of
from services.intake.keep import keep_examined, keep_without_content, working_days_late
from services.intake.outcome import void_and_notify
from services.intake.unreadable import unreadable_finding
from services.log import note, traceback_of, warn
from services.progress import Progress, no_progress
from services.run import Run
from services.status.page import write_status_page
from storage import archive, editions, locks, parkings, submissions
from storage.arrivals import (
    answered_arrivals,
    ask_for_answer,
    find_arrival,
    first_arrival,
    note_answer,
    unanswered,
)
from storage.database import Session
from storage.rejudgements import replace_verdict

_LARGEST_NUMBER = 2**31
_BY_SENDER = {"E-SENDER"}
_STUMBLED = "chương trình vẫn vấp phải tệp này; chi tiết ở nhật ký"


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

    def find(session: Session) -> list[SubmissionRecord]:
        arrival = find_arrival(session, number) if number < _LARGEST_NUMBER else None
        if arrival is None:
            raise KetnghiaError(f"Không có tệp nào mang số tiếp nhận {number:06d}.")
        record = submissions.find_submission(session, arrival.sha256)
        if record is None:
            raise KetnghiaError(f"Tệp số {number:06d} chưa có kết quả nào; chạy ketnghia collect để đọc lại.")
        return [record]

    return _rejudge_all(run, find, no_progress)


def rejudge_period(run: Run, period: Period, on_progress: Progress = no_progress) -> list[Rejudged]:
    """Judge anew every file of the months of the period, in the order of arrival.

    A file that could not be read at all belongs to no month; it is named by its number.

    Raises:
        KetnghiaError: if no file came for it.
    """

    def find(session: Session) -> list[SubmissionRecord]:
        records = submissions.all_submissions(session, [str(month) for month in period.months()])
        if not records:
            raise KetnghiaError(f"Không có tệp nào của kỳ {period}.")
        return records

    return _rejudge_all(run, find, on_progress)


def rejudge_sent_again(run: Run) -> list[Rejudged]:
    """Judge anew what was returned only because of who sent it, and has come again from one who may send it.

    For the intake, which holds its lock.
    """
    with run.ledger.read() as session:
        shas = {each.sha256 for each in unanswered(session) if first_arrival(session, each.sha256) != each}
        records = [record for sha in sorted(shas) if (record := submissions.find_submission(session, sha)) is not None]
        told = submissions.findings_of(session, [record.submission_id for record in records])
        refused = [
            each for each in records if {finding.rule for finding in told[each.submission_id].found} & _BY_SENDER
        ]
        answered = [each for record in refused for each in answered_arrivals(session, record.sha256)]
    if not refused:
        return []
    with Readers(run.settings.limits) as readers:
        outcome = [_rejudge_alone(run, readers, record) for record in refused]
    with run.ledger.write() as session:
        # Whoever sent what was not theirs has been told so, and hears no more of it.
        for arrival in answered:
            note_answer(session, arrival.number, run.now())
    return outcome


def _rejudge_all(run: Run, find: Callable[[Session], list[SubmissionRecord]], on_progress: Progress) -> list[Rejudged]:
    outcome = []
    with one_at_a_time(run):
        # Only now nobody else gives verdicts.
        with run.ledger.read() as session:
            records = find(session)
        with Readers(run.settings.limits) as readers:
            for number, record in enumerate(records, start=1):
                outcome.append(_rejudge_alone(run, readers, record))
                on_progress("rejudge", number, len(records))
        if any(each.is_changed for each in outcome):
            answer_units(run)
            for month in {month_named(record.period) for record in records}:
                if month is not None:
                    write_status_page(run, month)
            void_and_notify(run)
    return outcome


def _rejudge_alone(run: Run, readers: Readers, record: SubmissionRecord) -> Rejudged:
    """Judge one file anew; what the program stumbles over keeps its old verdict, and the others go on."""
    with run.ledger.read() as session:
        arrival = first_arrival(session, record.sha256)
    if arrival is None:
        raise LookupError(f"submission {record.submission_id} has no arrival")
    detail = ""
    try:
        judged = _judge(run, readers, arrival)
        if not isinstance(judged, SetAside):
            return _settle(run, record, judged, arrival)
        why, detail = _STUMBLED, judged.traceback
    except Interrupted as interrupted:
        why, detail = interrupted.label, interrupted.detail
    except NOT_OF_A_FILE:
        raise
    except Exception as error:
        why, detail = _STUMBLED, traceback_of(error)
    warn(
        "rejudge-failed",
        f"{arrival.label}: {why}; kết quả cũ giữ nguyên.",
        receipt=arrival.number,
        detail=detail,
    )
    return Rejudged(arrival.number, arrival.file_name, record.verdict, None, why=why)


def _judge(run: Run, readers: Readers, arrival: ArrivalRecord) -> Examined | Findings | SetAside:
    """The workbook judged as if it came now for the first time, or why it is unreadable."""
    path, aliases = archive.brought(run.kept, run.settings.archive, arrival.sha256), run.reference.column_aliases()
    try:
        packed = read_alone(readers, path, arrival.sha256, aliases)
    except UnreadableFile as reason:
        return Findings.of([unreadable_finding(str(reason))])
    before = (arrival.arrived_at, arrival.number)
    history = history_before(run, packed.period, packed.unit, [arrival.sha256], came_before=before)
    received = {arrival.sha256: arrival.arrived_on}
    given = Circumstances(
        received,
        run.reference,
        history,
        run.settings.oldest,
        senders_of(run, received),
        engine=run.settings.validation_engine,
    )
    [judged] = examine_apart([packed], given)
    return judged


def _settle(run: Run, record: SubmissionRecord, judged: Examined | Findings, arrival: ArrivalRecord) -> Rejudged:
    with run.ledger.write() as session:
        if _is_as_before(session, run, record, judged, arrival):
            return Rejudged(arrival.number, arrival.file_name, record.verdict, record.verdict)
        after = _keep(session, run, record, judged, arrival, run.now())
    note("rejudged", receipt=arrival.number, before=record.verdict, after=after, submission=record.submission_id)
    return Rejudged(arrival.number, arrival.file_name, record.verdict, after, is_changed=True)


def _is_as_before(
    session: Session, run: Run, record: SubmissionRecord, judged: Examined | Findings, arrival: ArrivalRecord
) -> bool:
    before = submissions.findings_of(session, [record.submission_id])[record.submission_id]
    if isinstance(judged, Findings):
        return record.verdict is Verdict.UNREADABLE and before == judged
    is_same = record.verdict is judged.verdict and before == judged.findings
    late = working_days_late(session, run, judged, arrival) if judged.verdict.counts else 0
    return is_same and (record.content_hash, record.working_days_late) == (judged.statement["content_hash"], late)


def _keep(
    session: Session,
    run: Run,
    record: SubmissionRecord,
    judged: Examined | Findings,
    arrival: ArrivalRecord,
    at: datetime,
) -> Verdict:
    """Keep the new judgement in the place of the old one, with what had been decided about that."""
    counted = _counts(session, record.period, record.submission_id)
    if isinstance(judged, Findings):
        verdict = Verdict.UNREADABLE
        new_id = keep_without_content(session, arrival, verdict, judged, at)
    else:
        verdict = judged.verdict
        new_id = keep_examined(session, run, judged, arrival, at)
    because_of = parkings.parked_because_of(session, record.submission_id)
    parked = submissions.records_of(session, parkings.parked_by(session, record.submission_id))
    replace_verdict(session, record.submission_id, new_id, at)
    for other in because_of if verdict.counts else []:
        parkings.park(session, new_id, other, at)
    unlocked = locks.unlocks_of(session, [record.submission_id]).get(record.submission_id)
    if unlocked is not None:
        locks.unlock(session, [new_id], unlocked.reason, unlocked.unlocked_by, at)
    for each in parked if verdict is not Verdict.CONFLICTING else []:
        # It was the other of two files of one revision; now it is the only one.
        ask_for_answer(session, each.sha256)
    if counted or parked or _counts(session, record.period, new_id):
        reason = f"{record.unit_code}: lần nộp {record.revision} được kiểm tra lại sau khi bản này được lập"
        editions.void_unsent(session, str(record.period), reason)
    ask_for_answer(session, record.sha256)
    return verdict


def _counts(session: Session, period: str | None, submission_id: int) -> bool:
    """Whether the rows of the submission are in the figures."""
    counting = submissions.counting_submissions(session, [str(period)])
    return submission_id in {each.submission_id for each in counting}
