"""The mail that answers a unit: the verdict in its first line, then the receipt and the causes."""

from collections.abc import Sequence

from domain.reference import Reference
from reports.pdf.render import render_html
from reports.unit.answer import UnitAnswer

FEEDBACK_NAME = "ket-qua-kiem-tra.xlsx"


def subject(answer: UnitAnswer) -> str:
    """The mail's subject: which file, and what became of it."""
    return f"[Kết nghĩa] {answer.arrival.file_name}: {answer.verdict.label}"


def bodies(lines: Sequence[str], reference: Reference) -> tuple[str, str]:
    """The lines of an answer as text and as HTML."""
    content = {
        "first": lines[0],
        "rest": lines[1:],
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
    }
    return (
        render_html("email/unit_answer.txt.j2", content),
        render_html("email/unit_answer.html.j2", content),
    )
