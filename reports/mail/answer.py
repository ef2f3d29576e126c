"""The mail that answers a unit: the verdict in its first line, then the receipt and the causes."""

from collections.abc import Sequence

from domain.reference import Reference
from reports.pdf.render import render_html
from reports.unit.answer import UnitAnswer

FEEDBACK_NAME = "ket-qua-kiem-tra.xlsx"


def feedback_name(receipt: int) -> str:
    """The name of a marked workbook among others in one mail."""
    stem, _, ending = FEEDBACK_NAME.rpartition(".")
    return f"{stem}-{receipt:06d}.{ending}"


def subject(answers: Sequence[UnitAnswer]) -> str:
    """The mail's subject: which file, and what became of it; of several how many."""
    [first, *others] = answers
    if others:
        verdicts = dict.fromkeys(answer.verdict.label for answer in answers)
        return f"[Kết nghĩa] {len(answers)} tệp: {', '.join(verdicts)}"
    return f"[Kết nghĩa] {first.arrival.file_name}: {first.verdict.label}"


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
