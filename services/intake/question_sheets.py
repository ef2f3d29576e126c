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
from services.registers import load_registers
from services.settings import Settings, now
from storage import archive, editions, explanations
from storage.database import open_database

_BARS = "▁▂▃▄▅▆▇█"


def open_questions(settings: Settings, period: Period, as_of: datetime | None = None) -> list[Question]:
    """The questions of the period's last month that no unit has answered."""
    return summary_of(settings, period, as_of).quality.open_questions


def write_question_sheets(settings: Settings, period: Period, questions: Sequence[Question]) -> list[Path]:
    """One workbook per unit, below the data folder; gives their paths."""
    from reports.unit.question_sheet import write_question_sheet

    names = {unit.code: unit.name for unit in load_registers(settings).expected_units(period)}
    by_unit: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_unit[question.unit_code].append(question)
    paths = []
    for unit, own in sorted(by_unit.items()):
        path = settings.home / "questions" / str(period) / f"CH_{unit}_{period.last_month}.xlsx"
        archive.write_durably(path, write_question_sheet(names.get(unit, unit), period.last_month.words(), own))
        paths.append(path)
    return paths


def take_answers(settings: Settings, path: Path) -> tuple[int, int]:
    """Keep the answers of one sheet; gives how many are new and how many were known.

    Raises:
        UnreadableFile: if it is no sheet of questions, or names a question that nobody could have asked.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"Không mở được {path}.") from error
    answers = read_answers(content, path.name)
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    new = 0
    try:
        with database.begin() as session:
            for answer in answers:
                month, _, rest = answer.question.partition("/")
                unit, _, about = rest.partition("/")
                # An answer that leads nowhere would be kept and never seen.
                period = Period.parse(month)
                reference.reporting_unit(unit, period)
                if about.count("/") != 1:
                    raise UnreadableFile(f"{path.name}: “{answer.question}” không phải mã câu hỏi.")
                record = ExplanationRecord(
                    month, unit, answer.question, str(fits_database(answer.text)),
                    str(fits_database(answer.answered_by)), now(), sha256(content).hexdigest(),
                )  # fmt: skip
                if explanations.note_explanation(session, record):
                    new += 1
                    editions.void_unsent(session, month, f"{unit}: có giải trình mới về số liệu")
    finally:
        database.close()
    return new, len(answers) - new


def question_lines(questions: Sequence[Question]) -> list[str]:
    """The questions for a terminal, each with a small line of the last values."""
    lines = [f"{len(questions)} câu hỏi chưa có giải trình (thông tin để xem xét, không phải lỗi)."]
    for question in questions:
        usual = f", {question.usual}" if question.usual else ""
        lines.append(f"  {question.question_id}: {question.value or 'cả bài nộp'} {question.doubt.words}{usual}")
        if question.last_values:
            lines.append(f"    {_small_line(question.last_values)}")
    return lines


def _small_line(values: Sequence[float | None]) -> str:
    """Bars from the least to the greatest; a dot where nothing was reported."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    width = (high - low) or 1.0
    return "".join(
        "·" if value is None else _BARS[min(int((value - low) / width * len(_BARS)), len(_BARS) - 1)]
        for value in values
    )
