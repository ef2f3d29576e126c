"""Writes a sheet of questions for each unit that has any, and takes the answers back in."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from domain.errors import UnreadableFile
from domain.period import Period
from domain.quality import ExplanationRecord, Question
from domain.text import fits_database
from ingest.question_sheet import read_answers
from services.figures.summary import summary_of
from services.run import Run
from services.status.page import write_status_page
from storage import editions, explanations
from storage.durable import write_durably


def open_questions(run: Run, period: Period, as_of: datetime | None = None) -> list[Question]:
    """The questions of the period's last month that no unit has answered."""
    return summary_of(run, period, as_of).quality.open_questions


def write_question_sheets(run: Run, period: Period, questions: Sequence[Question]) -> list[Path]:
    """One workbook per unit, below the data folder; gives their paths."""
    from reports.unit.question_sheet import write_question_sheet

    names = {unit.code: unit.name for unit in run.reference.expected_units(period)}
    by_unit: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_unit[question.unit_code].append(question)
    paths = []
    for unit, own in sorted(by_unit.items()):
        path = run.settings.home / "questions" / str(period) / f"CH_{unit}_{period.last_month}.xlsx"
        write_durably(path, write_question_sheet(names.get(unit, unit), period.last_month.label(), own))
        paths.append(path)
    return paths


def take_answers(run: Run, path: Path) -> tuple[int, int]:
    """Keep the answers of one sheet; gives how many are new and how many were known.

    Raises:
        UnreadableFile: if it is no sheet of questions, or names a question that nobody could have asked.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"Không mở được {path}.") from error
    answers = read_answers(content, path.name)
    new = 0
    with run.ledger.write() as session:
        for answer in answers:
            month, _, rest = answer.question.partition("/")
            unit, _, about = rest.partition("/")
            # An answer that leads nowhere would be kept and never seen.
            period = Period.parse(month)
            run.reference.reporting_unit(unit, period)
            if about.count("/") != 1:
                raise UnreadableFile(f"{path.name}: “{answer.question}” không phải mã câu hỏi.")
            record = ExplanationRecord(
                month, unit, answer.question, str(fits_database(answer.text)),
                str(fits_database(answer.answered_by)), run.now(), sha256(content).hexdigest(),
            )  # fmt: skip
            if explanations.note_explanation(session, record):
                new += 1
                editions.void_unsent(session, month, f"{unit}: có giải trình mới về số liệu")
    for month in sorted({answer.question.partition("/")[0] for answer in answers}):
        write_status_page(run, Period.parse(month))
    return new, len(answers) - new
