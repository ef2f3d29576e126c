"""Questions to units, worded for a terminal."""

from collections.abc import Sequence

from domain.quality import Question

_BARS = "▁▂▃▄▅▆▇█"


def question_lines(questions: Sequence[Question]) -> list[str]:
    """The questions for a terminal, each with a small line of the last values."""
    lines = [f"{len(questions)} câu hỏi chưa có giải trình (thông tin để xem xét, không phải lỗi)."]
    for question in questions:
        usual = f", {question.usual}" if question.usual else ""
        lines.append(f"  {question.question_id}: {question.value or 'cả bài nộp'} {question.doubt.label}{usual}")
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
