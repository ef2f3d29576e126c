"""The covering mail of a report: a few key figures in words, as text and as HTML."""

from collections.abc import Sequence

from domain.editions import EditionRecord
from domain.figures import Figure
from domain.period import Period
from domain.reference import Reference
from reports.render import render_html

_SHOWN = ("value_total_vnd@period", "activities@period", "hh_total@period", "village_activity_rate_pct@period")


def subject(edition: EditionRecord) -> str:
    """The mail's subject."""
    mark = "[SỐ LIỆU GIẢ ĐỊNH] " if edition.is_sample else ""
    if edition.replaces:
        mark += f"[Thay thế bản {edition.replaces}] "
    return f"{mark}Báo cáo kết quả công tác kết nghĩa {Period.parse(edition.period).words()}"


def attachment_name(edition: EditionRecord) -> str:
    """An ASCII name for the attached PDF."""
    return f"bao-cao-ket-nghia-{edition.edition_id}.pdf"


def bodies(edition: EditionRecord, figures: Sequence[Figure], reference: Reference) -> tuple[str, str]:
    """The body as text and as HTML."""
    by_id = {figure.figure_id: figure for figure in figures}
    lines = [f"{by_id[key].name}: {by_id[key].text} {by_id[key].unit_of_measure}" for key in _SHOWN if key in by_id]
    content = {
        "addressee": reference.sender.addressee,
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
        "period_words": Period.parse(edition.period).words(),
        "lines": lines,
        "is_sample": edition.is_sample,
        "edition_id": edition.edition_id,
        "hash_bits": 256,
        "sha": edition.sha256,
    }
    return (
        render_html("email/monthly_summary.txt.j2", content),
        render_html("email/monthly_summary.html.j2", content),
    )
