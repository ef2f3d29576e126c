"""Answer every arrival that has not been answered: receipt, marked workbook, and a mail to the unit."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from delivery.message import XLSX, Attachment, Letter
from domain import codes
from domain.errors import Interrupted, UnknownUnit
from domain.findings import Verdict
from domain.period import Period, month_named
from domain.submissions import ArrivalRecord, SubmissionRecord
from ingest.apart.bounds import Bounds
from ingest.apart.pool import Apart
from reports.unit.answer import Understood, UnitAnswer, answer_lines, how_to_use
from services.intake.judge_batch import NOT_OF_A_FILE
from services.intake.replies import Reply, answer_mails, replies_due, send_reply
from services.log import note, traceback_of, warn
from services.mail.outbox import outbox
from services.run import Run
from storage import archive, arrivals, locks, parkings, submissions
from storage.database import Session
from storage.durable import write_durably

REPLIES_IN_A_BATCH = 64
MARKING = Bounds(seconds=60, memory_bytes=2_000_000_000)
"""What rewriting a sender's workbook may take."""
_MARKS = "reports.unit.feedback"
_MARKED_IN_A_FORK = 16
"""A fork costs nearly as much as a marking; after any misfortune the second try has one of its own."""
_TRIES = 2
_CAUSES_IN_A_MAIL = 10
_TOLD_AGAIN = {Verdict.CONFLICTING: "-conflict", Verdict.SET_ASIDE: "-set-aside", Verdict.HELD: "-held"}
"""Verdicts beside which the same receipt may get another answer, before or after."""
_WHOSE_IS_DOUBTED = frozenset({"W-IDENTITY", "W-UNIT-NAME", "W-COPY"})
"""Rules that ask whether the file is of the unit that it names: its mailbox may be a stranger's."""


def answer_units(run: Run) -> None:
    """Write, and where the unit has an address send, the answer to everything that waits for one."""
    answer_batch(run, find_unanswered(run))
    answer_mails(run)


def find_unanswered(run: Run) -> list[Reply]:
    """The replies that wait, in the order of their first receipts."""
    with run.ledger.read() as session:
        return replies_due(session)


def answer_batch(run: Run, batch: Sequence[Reply]) -> list[UnitAnswer]:
    """Answer those of the batch, which are in the order of their first receipts, that still wait.

    Returns:
        the answers of all of them: where a batch is tried again, some had theirs before.
    """
    if not batch:
        return []
    with run.ledger.read() as session:
        waiting = arrivals.unanswered_between(session, batch[0].arrivals[0].number, batch[-1].arrivals[0].number)
    answers = []
    with closing(Apart([_MARKS], pieces=_MARKED_IN_A_FORK)) as marker, outbox(run):
        for reply in batch:
            first = reply.arrivals[0]
            try:
                is_waiting = first.number in waiting
                answers += _answer_reply(run, reply, marker) if is_waiting else _answers_of(run, reply)
            except NOT_OF_A_FILE:
                raise
            except Exception as error:
                # The others wait for their answers, too; this one is tried again by the next run.
                warn(
                    "answer-failed",
                    f"{first.label}: chưa trả lời được vì lỗi của chương trình ({type(error).__name__}: {error}).",
                    receipt=first.number,
                    detail=traceback_of(error),
                )
    return answers


def _answer_reply(run: Run, reply: Reply, marker: Apart) -> list[UnitAnswer]:
    """Answer what came together; nothing while a part of it has no verdict."""
    answers = _answers_of(run, reply)
    if not answers:
        return []
    feedback = [_feedback(run, answer, marker) for answer in answers]
    for answer, workbook in zip(answers, feedback, strict=True):
        _write(run, answer, workbook)
    recipient = _recipient(run, reply, answers)
    if recipient is not None:
        _mail(run, reply, recipient, answers, feedback)
    with run.ledger.write() as session:
        reply.note_answered(session, run.now())
    for answer in answers:
        note("arrival-answered", receipt=answer.arrival.number, verdict=answer.verdict)
    return answers


def _answers_of(run: Run, reply: Reply) -> list[UnitAnswer]:
    """What is to be said of everything that came together; nothing while a part of it has no verdict."""
    with run.ledger.read() as session:
        found = [_answer(session, run, arrival) for arrival in reply.arrivals]
    answers = [answer for answer in found if answer is not None]
    return answers if len(answers) == len(found) else []


def _answer(session: Session, run: Run, arrival: ArrivalRecord) -> UnitAnswer | None:
    """What the ledger knows of the arrival's bytes; null while they have not been judged."""
    judgements = submissions.judgements_of(session, arrival.sha256)
    if not judgements:
        return None
    record = judgements[-1]
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
        days_overdue=run.reference.calendar.working_days_late(period, run.now()) if period else 0,
        again_of=first.number if first is not None and first.number != arrival.number else None,
        is_sample=record.is_sample,
        replaced_by=_replaced_by(session, record),
        judgement=len(judgements),
    )


def _verdict(session: Session, record: SubmissionRecord) -> Verdict:
    """What became of the submission, also after it was accepted."""
    if parkings.is_parked(session, record.submission_id):
        return Verdict.CONFLICTING
    if record.verdict.counts and locks.is_held(session, record.submission_id):
        return Verdict.HELD
    return record.verdict


def _replaced_by(session: Session, record: SubmissionRecord) -> int | None:
    """The revision that counts where this one was accepted, and counts no more."""
    if not record.verdict.counts or not submissions.has_accepted(
        session, str(record.period), str(record.unit_code), apart_from=record.submission_id
    ):
        return None
    counting = submissions.counting_submissions(session, [str(record.period)], unit_code=record.unit_code)
    own = {each.submission_id for each in counting}
    return None if not counting or record.submission_id in own else counting[0].revision


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
        states_revision=record.form != codes.KN_02,
        **submissions.totals_of(session, record.submission_id),
    )


class _Feedback(NamedTuple):
    """The workbook that goes back."""

    workbook: bytes
    is_marked: bool
    """Whether it is the sender's own, and no list beside it."""


def _feedback(run: Run, answer: UnitAnswer, marker: Apart) -> _Feedback | None:
    """The sender's workbook with its cells marked, or the list of findings; nothing where nothing was found."""
    from reports.unit.feedback import MARKED, findings_workbook

    if not answer.findings.found or answer.verdict is Verdict.UNREADABLE:
        return None
    try:
        content = archive.brought(run.kept, run.settings.archive, answer.arrival.sha256).read_bytes()
    except FileNotFoundError:
        # The ledger knows what is wrong with it; where the file went, `doctor` and `verify` ask.
        warn(
            "marking-failed",
            f"{answer.arrival.label}: tệp không còn trong kho lưu; đơn vị nhận danh sách lỗi. Xem: ketnghia verify --ledger",
            receipt=answer.arrival.number,
        )
        return _Feedback(findings_workbook(answer), is_marked=False)
    for _ in range(_TRIES):
        try:
            made = marker.run(f"{_MARKS}:feedback_workbook", (content, answer), MARKING)
            return _Feedback(made[1:], made[:1] == MARKED)
        except Interrupted as interrupted:
            reason = interrupted
    # The reader took the file, its marking failed: the unit is told all the same, and one file stops no other.
    warn(
        "marking-failed",
        f"{answer.arrival.file_name}: không đánh dấu được trong tệp gốc ({reason.label}); đơn vị nhận danh sách lỗi.",
        receipt=answer.arrival.number,
        end=reason.end,
        detail=reason.detail,
    )
    return _Feedback(findings_workbook(answer), is_marked=False)


def _write(run: Run, answer: UnitAnswer, feedback: _Feedback | None) -> None:
    """The answer beside the ledger, under the number of its receipt."""
    folder = run.settings.home / "findings" / _plain_name(answer.understood.period or "unreadable")
    name = f"{answer.arrival.number:06d}_{_plain_name(Path(answer.arrival.file_name).stem)}"
    write_durably(folder / f"{name}.txt", ("\n".join(answer_lines(answer)) + "\n").encode())
    if feedback is not None:
        write_durably(folder / f"{name}.xlsx", feedback.workbook)


def _recipient(run: Run, reply: Reply, answers: Sequence[UnitAnswer]) -> str | None:
    """Who sent by mail; whatever the way in was, the unit's registered mailbox, unless the file may be another's."""
    if reply.mail is not None:
        return reply.recipient
    [answer] = answers
    arrival = answer.arrival
    if arrival.sender is not None:
        return arrival.sender
    is_doubted = any(finding.rule in _WHOSE_IS_DOUBTED for finding in answer.findings.found)
    if arrival.channel == "history" or is_doubted:
        return None
    return run.reference.mailbox_of_unit(answer.understood.unit_code, arrival.arrived_on)


def _mail(
    run: Run, reply: Reply, recipient: str, answers: Sequence[UnitAnswer], feedback: Sequence[_Feedback | None]
) -> None:
    """Answer by mail, once for everything that one mail brought."""
    from reports.mail.answer import FEEDBACK_NAME, bodies, feedback_name, subject
    from reports.mail.enclosures import TOO_LARGE, enclosure_lines, lines_of_many

    company = enclosure_lines(reply.mail) if reply.mail is not None else []
    names = [FEEDBACK_NAME if len(answers) == 1 else feedback_name(answer.arrival.number) for answer in answers]
    parts = list(zip(answers, names, feedback, strict=True))
    marked = [Attachment(name, XLSX, made.workbook) for _, name, made in parts if made is not None]
    alone = lines_of_many([answer_lines(answer) for answer in answers]) + company
    if not marked:
        letter = Letter(subject(answers), *bodies(alone, run.reference), answers=reply.message_id)
    else:
        smaller = Letter(subject(answers), *bodies([*alone, "", TOO_LARGE], run.reference), answers=reply.message_id)
        written = bodies(lines_of_many([_lines_beside(*part) for part in parts]) + company, run.reference)
        letter = Letter(subject(answers), *written, marked, smaller, reply.message_id)
    send_reply(run, recipient, _about(answers), letter)


def _lines_beside(answer: UnitAnswer, name: str, made: _Feedback | None) -> list[str]:
    """The lines of an answer beside a workbook that holds every cause; all of them where there is none."""
    if made is None:
        return answer_lines(answer)
    attached = f"Tệp kèm theo {name}: {how_to_use(answer, is_marked=made.is_marked)}"
    return answer_lines(answer, _CAUSES_IN_A_MAIL, attached)


def _about(answers: Sequence[UnitAnswer]) -> str:
    """What the mail is about: the first receipt, or that of the first file of which something new has become."""
    [first, *_] = [answer for answer in answers if _told_again(answer)] or answers
    return f"receipt-{first.arrival.number:06d}{_told_again(first)}"


def _told_again(answer: UnitAnswer) -> str:
    """What tells an answer apart from an earlier one to the same receipt."""
    return _TOLD_AGAIN.get(answer.verdict, "") + (f"-{answer.judgement}" if answer.judgement > 1 else "")


def _plain_name(text: str) -> str:
    """A name that stays inside its folder, whatever a file was called."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in text).lstrip(".")[:120] or "_"
