"""The covering mail of a report: a few key figures in words, as text and as HTML, in the recipient's language."""

from collections.abc import Sequence
from decimal import Decimal

from domain import wording
from domain.editions import EditionRecord
from domain.figures import Figure
from domain.mailboxes import Language
from domain.period import Period, PeriodKind
from domain.reference import Reference
from reports.pdf.render import render_html

_SHOWN = ("value_total_vnd@period", "activities@period", "hh_total@period", "village_activity_rate_pct@period")
_ENGLISH_KINDS = {
    PeriodKind.QUARTER: "quarter {number} of {year}",
    PeriodKind.HALF: "half-year {number} of {year}",
    PeriodKind.NINE_MONTHS: "the first nine months of {year}",
    PeriodKind.YEAR: "the year {year}",
}
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def subject(edition: EditionRecord, language: Language) -> str:
    """The mail's subject."""
    period = Period.parse(edition.period)
    if language is Language.ENGLISH:
        mark = "[MADE-UP FIGURES] " if edition.is_sample else ""
        if edition.replaces:
            mark += f"[Replaces edition {edition.replaces}] "
        return f"{mark}Report on twinning with villages, {_in_english(period)}"
    mark = "[SỐ LIỆU GIẢ ĐỊNH] " if edition.is_sample else ""
    if edition.replaces:
        mark += f"[Thay thế bản {edition.replaces}] "
    return f"{mark}Báo cáo kết quả công tác kết nghĩa {period.label()}"


def attachment_name(edition: EditionRecord) -> str:
    """An ASCII name for the attached PDF."""
    return f"bao-cao-ket-nghia-{edition.edition_id}.pdf"


def bodies(
    edition: EditionRecord,
    figures: Sequence[Figure],
    reference: Reference,
    language: Language,
    too_large_bytes: int = 0,
    link: str = "",
) -> tuple[str, str]:
    """The body as text and as HTML.

    Args:
        edition: which report.
        figures: what it prints; some are quoted, in the words and digits of the page.
        reference: who sends.
        language: what the recipient reads.
        too_large_bytes: how large the PDF is, where it is too large to go along.
        link: where it can be had then.
    """
    period = Period.parse(edition.period)
    by_id = {figure.figure_id: figure for figure in figures}
    lines = [f"{by_id[key].name}: {by_id[key].text} {by_id[key].unit_of_measure}" for key in _SHOWN if key in by_id]
    content = {
        "addressee": reference.sender.addressee,
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
        "period_label": period.label() if language is Language.VIETNAMESE else _in_english(period),
        "lines": lines,
        "is_sample": edition.is_sample,
        "edition_id": edition.edition_id,
        "hash_bits": 256,
        "sha": edition.document_sha256,
        "megabytes": wording.number(Decimal(too_large_bytes) / 1_000_000, 1) if too_large_bytes else "",
        "link": link,
    }
    template = f"email/monthly_summary.{language}"
    return render_html(f"{template}.txt.j2", content), render_html(f"{template}.html.j2", content)


def _in_english(period: Period) -> str:
    if period.is_month:
        return f"{_ENGLISH_MONTHS[period.number - 1]} {period.year}"
    return _ENGLISH_KINDS[period.kind].format(number=period.number, year=period.year)
