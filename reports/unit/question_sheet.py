"""A sheet of questions for one unit: what looks unusual, its last twelve values, and room for the answers."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from domain.catalogue import INDICATOR_BY_CODE
from domain.quality import Question
from domain.question_form import ANSWER, ANSWERED_BY, FIRST_ROW, HEADER_ROW, QUESTION, SHEET

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_HIDDEN_FROM = 26
"""The values behind the small lines stand in columns beyond the printed ones."""
_COLUMNS = (
    (QUESTION, 34), ("Chỉ tiêu", 24), ("Vì sao hỏi", 26), ("Số đã báo cáo", 18), ("Thường thấy", 24),
    ("Mười hai tháng trước và tháng này", 22), (ANSWER, 46), (ANSWERED_BY, 22),
)  # fmt: skip
"""Captions and widths, in letters."""


def write_question_sheet(unit_name: str, period_label: str, questions: Sequence[Question]) -> bytes:
    """The workbook; the same questions give the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Câu hỏi về số liệu", "created": _LONG_AGO})
    page = book.add_worksheet(SHEET)
    boxed = {"text_wrap": True, "border": 1}
    caption_format = book.add_format({**boxed, "bold": True, "align": "center", "valign": "vcenter"})
    known_format = book.add_format({**boxed, "valign": "top"})
    open_format = book.add_format({**boxed, "valign": "top", "locked": 0, "bg_color": "#FFFBE6"})
    title_format = book.add_format({"bold": True, "font_size": 14})
    page.write_string(0, 0, f"CÂU HỎI VỀ SỐ LIỆU {period_label.upper()} – {unit_name}", title_format)
    page.write_string(
        1, 0, "Đây không phải lỗi. Đề nghị ghi ngắn gọn vì sao số liệu như vậy vào cột “Trả lời”, rồi gửi lại tệp này."
    )
    for column, (caption, width) in enumerate(_COLUMNS):
        page.set_column(column, column, width)
        page.write_string(HEADER_ROW - 1, column, caption, caption_format)
    for row, question in enumerate(questions, start=FIRST_ROW - 1):
        _write_question(page, row, question, known_format, open_format)
    page.set_column(_HIDDEN_FROM, _HIDDEN_FROM + 12, None, None, {"hidden": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW - 1)
    page.print_area(0, 0, max(FIRST_ROW - 1, FIRST_ROW + len(questions) - 2), len(_COLUMNS) - 1)
    page.freeze_panes(HEADER_ROW, 1)
    page.protect("", {"format_rows": True, "format_columns": True})
    book.close()
    return buffer.getvalue()


def _write_question(page: Worksheet, row: int, question: Question, known_format: Format, open_format: Format) -> None:
    """The question, a small line of its last values, and two cells to answer in."""
    name = INDICATOR_BY_CODE[question.indicator].name if question.indicator else "Cả bài nộp"
    texts = (question.question_id, name, question.doubt.label, question.value, question.usual, "")
    for column, text in enumerate(texts):
        page.write_string(row, column, text, known_format)
    for column in (6, 7):
        page.write_blank(row, column, None, open_format)
    values = [value for value in question.last_values if value is not None]
    if values:
        page.write_row(row, _HIDDEN_FROM, values)
        last = _HIDDEN_FROM + len(values) - 1
        span = f"'{SHEET}'!{xl_range(row, _HIDDEN_FROM, row, last)}"
        page.add_sparkline(row, 5, {"range": span, "last_point": True})
    page.set_row(row, 48)
