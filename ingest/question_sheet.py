"""Reads the answers out of a sheet of questions that a unit sent back."""

import io
from dataclasses import dataclass

from python_calamine import CalamineWorkbook

from domain.alphabet import spelled_out
from domain.errors import UnreadableFile
from domain.question_form import ANSWER, ANSWERED_BY, FIRST_ROW, HEADER_ROW, QUESTION, SHEET
from domain.text import clean

_MOST_BYTES, _MOST_CHARACTERS = 2_000_000, 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one question."""

    question: str
    text: str
    answered_by: str


def read_answers(content: bytes, file_name: str) -> list[Answer]:
    """The questions that were answered; those left blank are left out.

    Raises:
        UnreadableFile: if it is no sheet of questions, or an answer does not say who gave it.
    """
    if len(content) > _MOST_BYTES:
        raise UnreadableFile(f"{file_name}: tệp quá lớn, không phải phiếu câu hỏi.")
    try:
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(content))
            .get_sheet_by_name(SHEET)
            .to_python(skip_empty_area=False)
        )
    except BaseException as error:
        # The reader's panics are no `Exception`; whatever stops it, the file is no sheet of questions.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise UnreadableFile(f"{file_name}: không phải phiếu câu hỏi (cần sheet “{SHEET}”).") from error
    header = [str(cell).strip() for cell in rows[HEADER_ROW - 1]] if len(rows) >= HEADER_ROW else []
    if not {QUESTION, ANSWER, ANSWERED_BY} <= set(header):
        raise UnreadableFile(f"{file_name}: sheet “{SHEET}” thiếu cột {QUESTION}, {ANSWER} hoặc {ANSWERED_BY}.")
    places = [header.index(name) for name in (QUESTION, ANSWER, ANSWERED_BY)]
    answers = []
    for number, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        question, text, by = (spelled_out(clean(str(row[place]))) for place in places)
        if not question or not text:
            continue
        if not by:
            raise UnreadableFile(f"{file_name}, dòng {number}: chưa ghi người trả lời.")
        answers.append(Answer(question, text[:_MOST_CHARACTERS], by))
    return answers
