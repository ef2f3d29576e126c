"""Answer every arrival that has not been answered: receipt, marked workbook, and a mail to who sent by mail."""

import multiprocessing
import resource
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from delivery.message import Attachment, Letter
from domain.errors import UnknownUnit
from domain.findings import Verdict
from domain.period import Period, month_named
from domain.submissions import ArrivalRecord, SubmissionRecord
from reports.unit.answer import Understood, UnitAnswer, answer_lines
from services.intake.replies import Reply, answer_mails, replies_due, send_reply
from services.log import note, warn
from services.mail.outbox import outbox
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
        due = replies_due(session)
    answers = []
    with _marker() as marker, outbox(run):
        for number, reply in enumerate(due, start=1):
            with run.ledger.read() as session:
                found = [_answer(session, run, arrival) for arrival in reply.arrivals]
            told = [answer for answer in found if answer is not None]
            if len(told) < len(found):
                continue
            feedback = [_feedback(run, answer, marker) for answer in told]
            for answer, workbook in zip(told, feedback, strict=True):
                _write(run, answer, workbook)
            if reply.recipient is not None:
                _mail(run, reply, told, feedback)
            with run.ledger.write() as session:
                reply.note_answered(session, run.now())
            for answer in told:
                note("arrival-answered", receipt=answer.arrival.number, verdict=answer.verdict)
            answers += told
            on_progress("answer-units", number, len(due))
        answer_mails(run)
    return answers


def _answer(session: Session, run: Run, arrival: ArrivalRecord) -> UnitAnswer | None:
    """What the ledger knows of the arrival's bytes; null while they have not been judged."""
    record = submissions.find_submission(session, arrival.sha256)
    if record is None:
        return None
    first = arrivals.first_arrival(session, arrival.sha256)
    period = month_named(record.period)
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


def _mail(run: Run, reply: Reply, answers: Sequence[UnitAnswer], feedback: Sequence[bytes | None]) -> None:
    """Answer by mail who sent by mail, once for everything that one mail brought."""
    from reports.mail.answer import FEEDBACK_NAME, bodies, feedback_name, subject
    from reports.mail.enclosures import TOO_LARGE, enclosure_lines, lines_of_many

    lines = lines_of_many([answer_lines(answer, _CAUSES_IN_A_MAIL) for answer in answers])
    if reply.mail is not None:
        lines += enclosure_lines(reply.mail)
    text, html = bodies(lines, run.reference)
    is_one = len(answers) == 1
    marked = [
        Attachment(FEEDBACK_NAME if is_one else feedback_name(answer.arrival.number), _XLSX, workbook)
        for answer, workbook in zip(answers, feedback, strict=True)
        if workbook is not None
    ]
    without = bodies([*lines, "", TOO_LARGE], run.reference)
    smaller = Letter(subject(answers), *without, answers=reply.message_id)
    letter = Letter(subject(answers), text, html, marked, smaller, reply.message_id)
    send_reply(run, reply.recipient, _about(answers), letter)


def _about(answers: Sequence[UnitAnswer]) -> str:
    """What the mail is about: the first receipt, or that of the first file that another of its revision has stopped."""
    conflicting = [answer for answer in answers if answer.verdict is Verdict.CONFLICTING]
    first = (conflicting or list(answers))[0]
    return f"receipt-{first.arrival.number:06d}{'-conflict' if conflicting else ''}"


def _plain_name(text: str) -> str:
    """A name that stays inside its folder, whatever a file was called."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text).lstrip(".")[:120] or "_"
