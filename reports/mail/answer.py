"""The mail that answers a unit: verdict and what to do in its first line, then the receipt and the causes."""

from collections.abc import Iterator, Sequence

from domain.reference import Reference
from reports.pdf.render import render_html
from reports.unit.answer import UnitAnswer

FEEDBACK_NAME = "ket-qua-kiem-tra.xlsx"


def subject(answer: UnitAnswer) -> str:
    """The mail's subject: which file, and what became of it."""
    mark = "[SỐ LIỆU GIẢ ĐỊNH] " if answer.is_sample else ""
    return f"{mark}[Kết nghĩa] {answer.arrival.file_name}: {answer.verdict.label}"


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
