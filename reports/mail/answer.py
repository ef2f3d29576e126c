"""The mail that answers a unit: verdict and what to do in its first line, then the receipt and the causes."""

from collections.abc import Iterator, Sequence

from domain.reference import Reference
from reports.html import render_html
from reports.unit.answer import UnitAnswer

FEEDBACK_NAME = "ket-qua-kiem-tra.xlsx"


def feedback_name(receipt: int) -> str:
    """The name of a marked workbook among others in one mail."""
    stem, _, ending = FEEDBACK_NAME.rpartition(".")
    return f"{stem}-{receipt:06d}.{ending}"


def subject(answers: Sequence[UnitAnswer]) -> str:
    """The mail's subject: which file, and what became of it; of several how many."""
    [first, *others] = answers
    mark = "[SỐ LIỆU GIẢ ĐỊNH] " if first.is_sample else ""
    if others:
        verdicts = dict.fromkeys(answer.verdict.label for answer in answers)
        return f"{mark}[Kết nghĩa] {len(answers)} tệp: {', '.join(verdicts)}"
    return f"{mark}[Kết nghĩa] {first.arrival.file_name}: {first.verdict.label}"


def bodies(lines: Sequence[str], reference: Reference) -> tuple[str, str]:
    """Lines as text and as HTML: the first is what matters most, an empty one begins a new part."""
    content = {
        "first": lines[0],
        "parts": list(_parts(lines[1:])),
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
    }
    return (
        render_html("email/unit_answer.txt.j2", content),
        render_html("email/unit_answer.html.j2", content),
    )


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line in [*lines, ""]:
        if line:
            part.append(line)
        elif part:
            yield part
            part = []
