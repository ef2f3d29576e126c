"""Answer every arrival that has not been answered: receipt, marked workbook, and a mail to who sent by mail."""

import multiprocessing
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from delivery.message import Attachment, Letter, refuse_stranger
from domain.errors import BadRecipient, UnknownUnit
from domain.findings import Verdict
from domain.period import Period, month_named
from domain.submissions import ArrivalRecord, SubmissionRecord
from reports.unit.answer import Understood, UnitAnswer, answer_lines
from services.log import note, warn
from services.mail.outbox import Outgoing, deliver_once, outbox
from services.progress import Progress, no_progress
from services.run import Run
from storage import archive, arrivals, locks, submissions
from storage.database import Session
from storage.durable import write_durably

MARKING_SECONDS = 60
MARKING_MEMORY_BYTES = 2_000_000_000
_CAUSES_IN_A_MAIL = 10
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer_units(run: Run, on_progress: Progress = no_progress) -> list[UnitAnswer]:
    """Write, and where it came by mail send, the answer to every arrival that waits for one."""
    with run.ledger.read() as session:
        unanswered = arrivals.unanswered(session)
    answers = []
    with _marker() as marker, outbox(run):
        for number, arrival in enumerate(unanswered, start=1):
            with run.ledger.read() as session:
                answer = _answer(session, run, arrival)
            if answer is None:
                continue
            feedback = _feedback(run, answer, marker)
            _write(run, answer, feedback)
            if arrival.sender is not None:
                _mail(run, answer, feedback)
            with run.ledger.write() as session:
                arrivals.note_answer(session, arrival.number, run.now())
            note("arrival-answered", receipt=arrival.number, verdict=answer.verdict)
            answers.append(answer)
            on_progress("answer-units", number, len(unanswered))
    return answers


def _answer(session: Session, run: Run, arrival: ArrivalRecord) -> UnitAnswer | None:
    """What the ledger knows of the arrival's bytes; null while they have not been judged."""
    record = submissions.find_submission(session, arrival.sha256)
    if record is None:
        return None
    first = arrivals.first_arrival(session, arrival.sha256)
    named = month_named(record.period)
    # A file may name a month before the calendar begins; it was told so.
    period = named if named is not None and run.reference.calendar.covers(named) else None
    return UnitAnswer(
        arrival=arrival,
        verdict=_verdict(session, record),
        understood=_understood(session, run, record, period),
        findings=submissions.findings_of(session, [record.submission_id])[record.submission_id],
        differences=submissions.differences_of(session, [record.submission_id])[record.submission_id],
        working_days_late=record.working_days_late,
        due=run.reference.calendar.due(period) if period else None,
        again_of=first.number if first is not None and first.number != arrival.number else None,
    )


def _verdict(session: Session, record: SubmissionRecord) -> Verdict:
    """What became of the submission, also after it was accepted."""
    if submissions.is_parked(session, record.submission_id):
        return Verdict.CONFLICTING
    if record.verdict.counts and locks.is_held(session, record.submission_id):
        return Verdict.HELD
    return record.verdict


def _understood(session: Session, run: Run, record: SubmissionRecord, period: Period | None) -> Understood:
    try:
        name = run.reference.reporting_unit(record.unit_code or "", period).name if period else None
    except UnknownUnit:
        name = None
    return Understood(
        unit_code=record.unit_code,
        unit_name=name,
        period=record.period,
        period_label=period.label() if period else None,
        revision=record.revision,
        **submissions.totals_of(session, record.submission_id),
    )


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MARKING_MEMORY_BYTES, MARKING_MEMORY_BYTES))


@contextmanager
def _marker() -> Iterator[ProcessPoolExecutor]:
    """A process apart that rewrites workbooks: what a sender's file does to it stops nobody."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=_limit_memory) as pool:
        yield pool


def _feedback(run: Run, answer: UnitAnswer, marker: ProcessPoolExecutor) -> bytes | None:
    """The sender's workbook with its cells marked, or the list of findings; nothing where nothing was found."""
    from reports.unit.feedback import can_be_marked, findings_workbook, mark_workbook

    if not answer.findings.found or answer.verdict is Verdict.UNREADABLE:
        return None
    content = archive.place_of(run.settings.archive, answer.arrival.sha256).read_bytes()
    if can_be_marked(content):
        try:
            return marker.submit(mark_workbook, content, answer).result(MARKING_SECONDS)
        except Exception as error:
            # The reader took the file, its rewriting failed, in another's code and process: one file stops no other.
            warn(
                "marking-failed",
                f"{answer.arrival.file_name}: không đánh dấu được trong tệp gốc ({type(error).__name__}).",
                receipt=answer.arrival.number,
                error=str(error),
            )
    return findings_workbook(answer)


def _write(run: Run, answer: UnitAnswer, feedback: bytes | None) -> None:
    """The answer beside the ledger, under the number of its receipt."""
    folder = run.settings.home / "findings" / _plain_name(answer.understood.period or "unreadable")
    name = f"{answer.arrival.number:06d}_{_plain_name(Path(answer.arrival.file_name).stem)}"
    write_durably(folder / f"{name}.txt", ("\n".join(answer_lines(answer)) + "\n").encode())
    if feedback is not None:
        write_durably(folder / f"{name}.xlsx", feedback)


def _mail(run: Run, answer: UnitAnswer, feedback: bytes | None) -> None:
    """Answer by mail who sent by mail; an address outside the allowed domains gets none."""
    from reports.mail.answer import FEEDBACK_NAME, bodies, subject

    recipient = str(answer.arrival.sender)
    try:
        refuse_stranger(recipient, run.settings.allowed_domains)
    except BadRecipient:
        return
    text, html = bodies(answer_lines(answer, _CAUSES_IN_A_MAIL), run.reference)
    marked = [Attachment(FEEDBACK_NAME, _XLSX, feedback)] if feedback is not None else []
    again = "-conflict" if answer.verdict is Verdict.CONFLICTING else ""
    about = f"receipt-{answer.arrival.number:06d}{again}"
    letter = Letter(subject(answer), text, html, marked)
    deliver_once(run, Outgoing(about, answer.arrival.sha256, recipient, letter))


def _plain_name(text: str) -> str:
    """A name that stays inside its folder, whatever a file was called."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text).lstrip(".")[:120] or "_"
