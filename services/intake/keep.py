"""Keep what became of every file, each in a transaction of its own: judged, unreadable, set aside, not read for now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from domain.findings import Findings, Verdict
from domain.period import Period
from domain.schemas import FACT_TABLES
from domain.submissions import ArrivalRecord, Difference, NewSubmission, SubmissionRecord
from domain.text import fits_database
from services.intake.judge import Examined
from services.intake.judge_batch import NOT_OF_A_FILE, SetAside
from services.intake.read import NotRead, Unreadable
from services.intake.unreadable import unreadable_finding
from services.log import note, traceback_of, warn
from services.run import Run
from storage import editions, locks, parkings, setbacks, submissions
from storage.arrivals import ask_for_answer
from storage.database import Session
from storage.facts import facts_of
from transforms.difference import difference

_LARGEST_REVISION = 2**31


def keep_unreadable(run: Run, unreadable: Sequence[Unreadable]) -> None:
    """Keep the files that no workbook could be made of, with the reason."""
    for entry in unreadable:
        arrival = entry.waiting.arrival
        findings = Findings.of([unreadable_finding(entry.reason)])
        with run.ledger.write() as session:
            if submissions.is_known(session, arrival.sha256):
                continue
            submission_id = keep_without_content(session, arrival, Verdict.UNREADABLE, findings)
        note("file-unreadable", submission=submission_id, receipt=arrival.number, reason=entry.reason)
        if entry.interrupted is not None:
            warn(
                "file-ends-its-reader",
                f"{arrival.label} lần nào cũng làm dừng chương trình đọc, trong khi tệp khác "
                f"đọc được; đơn vị đã được trả lời là không đọc được. Xem tệp, sửa chương trình nếu cần, rồi "
                f"ketnghia rejudge {arrival.number}.",
                receipt=arrival.number,
                end=entry.interrupted.end,
                detail=entry.interrupted.detail,
            )


def note_not_read(run: Run, left: Sequence[NotRead]) -> None:
    """Note what could not be read now: nobody is told a verdict, the next run tries again, the operators are told."""
    for entry in left:
        arrival, why = entry.waiting.arrival, entry.interrupted
        with run.ledger.write() as session:
            setbacks.note_setback(
                session, arrival.sha256, why.end, fits_database(why.detail), run.now(), is_suspect=why.is_suspect
            )
        warn(
            "file-not-read",
            f"{arrival.label} chưa đọc được ({why.label}). Không báo gì cho đơn vị; lần nhận sau "
            "đọc lại. Nhiều lần vẫn vậy thì đề nghị đơn vị gửi lại đúng tệp ấy.",
            receipt=arrival.number,
            end=why.end,
            detail=why.detail,
        )


def keep_without_content(
    session: Session, arrival: ArrivalRecord, verdict: Verdict, findings: Findings, known_from: datetime | None = None
) -> int:
    """Keep a file that nothing could be read of, known from that moment on, or from its arrival; gives its id."""
    new = _without_content(arrival, verdict)
    return submissions.keep_submission(session, replace(new, received_at=known_from or new.received_at), findings, {})


def _without_content(arrival: ArrivalRecord, verdict: Verdict) -> NewSubmission:
    """A file of which nothing is known but that it came."""
    return NewSubmission(
        sha256=arrival.sha256,
        file_name=arrival.file_name,
        received_at=arrival.arrived_at,
        unit_code=None,
        period=None,
        revision=None,
        kind=None,
        reason=None,
        preparer_name=None,
        approver_name=None,
        is_nil=False,
        is_sample=False,
        verdict=verdict,
        working_days_late=0,
        content_hash=None,
        likeness=None,
        columns={},
        arrived_at=arrival.arrived_at,
    )


def keep_judged(run: Run, judged: Sequence[Examined | SetAside], arrivals: Mapping[str, ArrivalRecord]) -> None:
    """Keep judged workbooks with their findings and rows; those that were not clean too, though they do not count."""
    for outcome in judged:
        arrival = arrivals[outcome.file]
        if isinstance(outcome, SetAside):
            set_aside(run, outcome, arrival)
            continue
        try:
            with run.ledger.write() as session:
                # Another run may have taken it in meanwhile; then its judgement stands.
                if not submissions.is_known(session, outcome.file):
                    newest = editions.newest_made_at(session, outcome.period or "")
                    received_at = _received_at(run, arrival, newest)
                    submission_id = keep_examined(session, run, outcome, arrival, received_at)
                    # Most files come before there is anything to void.
                    if newest is not None:
                        void_overtaken(session, submission_id)
        except NOT_OF_A_FILE:
            raise
        except Exception as error:
            told = traceback_of(error)
            where = (outcome.unit_code, outcome.period, outcome.revision or 0)
            set_aside(run, SetAside(outcome.file, *where, told), arrival)


def set_aside(run: Run, outcome: SetAside, arrival: ArrivalRecord) -> None:
    """Keep that a file came and the program could not judge it; its sender is told so, the operators what to do."""
    place = _without_content(arrival, Verdict.SET_ASIDE)
    with run.ledger.write() as session:
        if submissions.is_known(session, outcome.file):
            return
        newest = editions.newest_made_at(session, outcome.period or "")
        new = replace(
            place,
            received_at=_received_at(run, arrival, newest),
            unit_code=_storable(outcome.unit),
            period=_storable(outcome.period),
            revision=outcome.revision if 0 < outcome.revision < _LARGEST_REVISION else None,
        )
        submissions.keep_submission(session, new, Findings.of([]), {})
    warn(
        "file-set-aside",
        f"{arrival.label} để riêng: chương trình không kiểm tra được tệp này (lỗi của chương "
        f"trình, không phải của đơn vị). Sửa chương trình, rồi ketnghia rejudge {arrival.number}.",
        receipt=arrival.number,
        detail=outcome.traceback,
    )


def keep_examined(session: Session, run: Run, examined: Examined, arrival: ArrivalRecord, received_at: datetime) -> int:
    """Keep a judged workbook, known from that moment on; gives its id.

    An accepted file of its revision is parked along with it.
    """
    verdict = examined.verdict
    replaced = _replaced(session, examined) if verdict.counts else None
    new = NewSubmission(
        sha256=examined.file,
        file_name=arrival.file_name,
        received_at=received_at,
        unit_code=_storable(examined.unit_code),
        period=_storable(examined.period),
        revision=examined.revision,
        kind=_storable(examined.statement["submission_kind"]),
        reason=_storable(examined.statement["reason"]),
        preparer_name=_storable(examined.statement["preparer_name"]),
        preparer_phone=_storable(examined.statement["preparer_phone"]),
        approver_name=_storable(examined.statement["approver_name"]),
        approver_title=_storable(examined.statement["approver_title"]),
        form=_storable(examined.statement["form"]),
        is_nil=examined.statement["nil_return"] == "Có",
        is_sample=examined.is_sample,
        verdict=verdict,
        working_days_late=_lateness(run, examined, arrival.arrived_at, replaced) if verdict.counts else 0,
        content_hash=_storable(examined.statement["content_hash"]),
        likeness=_storable(examined.statement["likeness"]),
        columns=examined.columns,
        arrived_at=arrival.arrived_at,
    )
    differences = _differences(session, replaced, examined.facts) if replaced is not None else []
    submission_id = submissions.keep_submission(session, new, examined.findings, examined.facts, differences)
    note(
        "submission-judged", submission=submission_id, period=new.period, unit=new.unit_code, revision=new.revision,
        verdict=verdict, findings=len(examined.findings.found),
    )  # fmt: skip
    if verdict is Verdict.CONFLICTING:
        _park_others(session, new, submission_id)
    return submission_id


def void_overtaken(session: Session, submission_id: int) -> None:
    """Void the unsent editions that the submission, now that it counts, has overtaken."""
    [record] = submissions.records_of(session, [submission_id])
    if record.verdict.counts and not locks.is_held(session, submission_id):
        reason = f"{record.unit_code}: lần nộp {record.revision} được chấp nhận sau khi bản này được lập"
        differences = submissions.differences_of(session, [submission_id])[submission_id]
        if differences:
            reason += f", khác lần nộp trước {len(differences)} chỗ"
        editions.void_unsent(session, str(record.period), reason)


def _replaced(session: Session, examined: Examined) -> SubmissionRecord | None:
    """The accepted revision before this one; nothing for a unit's first submission."""
    return submissions.accepted_before(
        session, str(examined.period), str(examined.unit_code), examined.revision or 0, examined.file
    )


def _differences(session: Session, replaced: SubmissionRecord, facts: Mapping[str, pl.DataFrame]) -> list[Difference]:
    """Differences from the revision it replaces."""
    before = {table: facts_of(session, table, replaced.submission_id).collect() for table in FACT_TABLES}
    return [Difference(**row) for row in difference(before, facts).iter_rows(named=True)]


def _park_others(session: Session, new: NewSubmission, submission_id: int) -> None:
    """Two files of one revision: the accepted one counts no more either, and its sender is answered again."""
    for record in submissions.same_revision(session, str(new.period), str(new.unit_code), new.revision or 0):
        if record.sha256 == new.sha256:
            continue
        parkings.park(session, record.submission_id, submission_id, max(new.received_at, record.received_at))
        ask_for_answer(session, record.sha256)
        reason = f"{new.unit_code}: có hai tệp cùng lần nộp {new.revision}"
        editions.void_unsent(session, str(new.period), reason)


def _received_at(run: Run, arrival: ArrivalRecord, newest_edition: datetime | None) -> datetime:
    """When the ledger counts the file as known: its arrival, unless an edition was made since without it."""
    if newest_edition is not None and arrival.arrived_at <= newest_edition:
        return run.now()
    return arrival.arrived_at


def working_days_late(session: Session, run: Run, examined: Examined, arrival: ArrivalRecord) -> int:
    """How late a workbook is that counts."""
    return _lateness(run, examined, arrival.arrived_at, _replaced(session, examined))


def _lateness(run: Run, examined: Examined, arrived_at: datetime, replaced: SubmissionRecord | None) -> int:
    """Working days after the due day; a unit that replaces what it sent is as late as it was then."""
    if replaced is not None:
        return replaced.working_days_late
    return run.reference.calendar.working_days_late(Period.parse(str(examined.period)), arrived_at)


def _storable(value: object) -> str | None:
    return None if value is None else fits_database(str(value))
