"""The covering mail of a report: what it says, on which reports, and what is asked, in the recipient's language.

Who reads the mail alone knows that; as text and as HTML.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain import form, wording
from domain.calendar import VIETNAM
from domain.editions import EditionRecord
from domain.figures import Figure, FigureStatus
from domain.letterhead import Sender
from domain.mailboxes import Language
from domain.period import Period, PeriodKind
from domain.reference import Reference
from reports.html import render_html
from reports.pdf.issue import cited

_COVERAGE, _ROW = "headline.coverage", "headline.row."
_LED = (("headline.results", "Kết quả:"), ("headline.limits", "Hạn chế:"), ("headline.asked", "Cần cho ý kiến:"))
"""The sentences of the first page, and the words that lead them."""
_SHOWN = ("value_total_vnd@period", "activities@period", "hh_total@period", "village_activity_rate_pct@period")
"""What is quoted of an edition whose first page had no such sentences."""
_HOUSEHOLD_TIMES = {"hh_total@period": "lượt hộ"}
"""A household that was visited twice counts twice: these are no households."""
_ASKED_ELSEWHERE = "nội dung ghi ở trang đầu của báo cáo."
_IN_ENGLISH = (
    ("value_total_vnd@period", "Cash and goods raised: {} million dong"),
    ("activities@period", "Activities completed: {}"),
    ("hh_total@period", "Household-times benefited: {}"),
)
_ENGLISH_STATUS = {
    FigureStatus.PROVISIONAL: "provisional",
    FigureStatus.COMPLETE: "complete",
    FigureStatus.REVISED: "complete, revised since an earlier report",
}
_ENGLISH_DIGITS = str.maketrans({",": ".", ".": ","})
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


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What goes along, by name; and how large that is which does not, in bytes."""

    pdf: str = ""
    tables: str = ""
    too_large_pdf_bytes: int = 0
    too_large_tables_bytes: int = 0
    link: str = ""
    """Where a PDF can be had that is too large."""
    has_tables: bool = False
    """Whether there is a workbook, where not even the PDF goes along."""


def subject(edition: EditionRecord, language: Language, replaced: EditionRecord | None, sender: Sender) -> str:
    """The mail's subject; it says which document this one takes the place of."""
    period = Period.parse(edition.period)
    if language is Language.ENGLISH:
        mark = "[MADE-UP FIGURES] " if edition.is_sample else ""
        if replaced:
            mark += f"[Replaces {_english_document(replaced)}] "
        return f"{mark}Report on twinning with villages, {_in_english(period)}"
    mark = f"[{form.SAMPLE_MARK}] " if edition.is_sample else ""
    if replaced:
        mark += f"[Thay thế {cited(replaced.doc_number, replaced.doc_date, replaced.edition_id, sender)}] "
    return f"{mark}Báo cáo kết quả công tác kết nghĩa {period.label()}"


def pdf_name(edition: EditionRecord) -> str:
    """An ASCII name for the attached PDF: bao-cao-15-BC-UBND-ket-nghia-2024-02.pdf."""
    return f"bao-cao-{_name(edition)}.pdf"


def tables_name(edition: EditionRecord) -> str:
    """An ASCII name for the attached workbook, after the document it goes with."""
    return f"bang-so-lieu-kem-bao-cao-{_name(edition)}.xlsx"


def _name(edition: EditionRecord) -> str:
    number = _ascii(edition.doc_number) if edition.doc_number else "du-thao" if not edition.issued_sha256 else ""
    return "-".join(filter(None, [number, "ket-nghia", edition.period]))


def _ascii(text: str) -> str:
    """15-BC-UBND of 15/BC-UBND, without marks above and below letters."""
    letters = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in plain)


def bodies(
    edition: EditionRecord, figures: Sequence[Figure], reference: Reference, language: Language, enclosed: Enclosed
) -> tuple[str, str]:
    """The body as text and as HTML.

    Args:
        edition: which report.
        figures: what it prints; the sentences of its first page, and some numbers, are quoted as they stand there.
        reference: who sends.
        language: what the recipient reads.
        enclosed: what goes along, and what is too large to.
    """
    by_id = {figure.figure_id: figure for figure in figures}
    said = _in_vietnamese(edition, by_id, reference.sender)
    if language is Language.ENGLISH:
        said = _said_in_english(edition, by_id)
    content = {
        "addressee": reference.sender.addressee,
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
        **said,
        "pdf": enclosed.pdf,
        "tables": enclosed.tables,
        "pdf_megabytes": _megabytes(enclosed.too_large_pdf_bytes, language),
        "tables_megabytes": _megabytes(enclosed.too_large_tables_bytes, language),
        "has_tables": enclosed.has_tables,
        "link": enclosed.link,
        "sample_mark": f"{form.SAMPLE_MARK} – không có giá trị pháp lý." if edition.is_sample else "",
        "edition_id": edition.edition_id,
        "hash_bits": 256,
        "sha": edition.document_sha256,
    }
    template = f"email/monthly_summary.{language}"
    text = re.sub(r"\n{3,}", "\n\n", render_html(f"{template}.txt.j2", content))
    return text, render_html(f"{template}.html.j2", content)


def _in_vietnamese(edition: EditionRecord, by_id: Mapping[str, Figure], sender: Sender) -> dict[str, object]:
    """Document, coverage, the sentences with the words that lead them, and the rows: those of the first page."""
    subject_of = f"kết quả công tác kết nghĩa {Period.parse(edition.period).label()}"
    if edition.doc_number:
        document = f"{cited(edition.doc_number, edition.doc_date, edition.edition_id, sender)} về {subject_of}"
    else:
        document = f"Báo cáo {subject_of}" + ("" if edition.issued_sha256 else " (dự thảo, chưa có số)")
    rows = [figure.text for key, figure in by_id.items() if key.startswith(_ROW)]
    sentences = [(lead, by_id[key].text) for key, lead in _LED if key in by_id]
    if not sentences:
        sentences = [("Cần cho ý kiến:", _ASKED_ELSEWHERE)]
    return {
        "document": document,
        "coverage": by_id[_COVERAGE].text if _COVERAGE in by_id else _coverage(edition, by_id),
        "sentences": sentences,
        "rows": rows or [_line(by_id[key]) for key in _SHOWN if key in by_id],
    }


def _line(figure: Figure) -> str:
    unit = _HOUSEHOLD_TIMES.get(figure.figure_id, figure.unit_of_measure)
    return f"{figure.name}: {figure.text}{'' if unit == '%' else ' '}{unit}"


def _coverage(edition: EditionRecord, by_id: Mapping[str, Figure]) -> str:
    """On how many of the reports the figures are made, and how final they are."""
    found = _reports(by_id)
    if found is None:
        return ""
    status = _status(by_id)
    return (
        f"Số liệu{f' {status.label}' if status else ''}: {found[0]}/{found[1]} báo cáo được chấp nhận, "
        f"chốt đến {wording.moment(edition.as_of)}."
    )


def _reports(by_id: Mapping[str, Figure]) -> tuple[str, str] | None:
    """Reports accepted and expected, as printed."""
    found = [
        by_id.get(f"reports_{which}@period") or by_id.get(f"reports_{which}.padded@period")
        for which in ("received", "expected")
    ]
    received, expected = found
    return (received.text, expected.text) if received and expected else None


def _status(by_id: Mapping[str, Figure]) -> FigureStatus | None:
    """How final the figures are: by that of the main one."""
    main = by_id.get(_SHOWN[0])
    return FigureStatus(main.status) if main and main.status else None


def _said_in_english(edition: EditionRecord, by_id: Mapping[str, Figure]) -> dict[str, object]:
    """Document, coverage and the main figures; the sentences of the first page are Vietnamese."""
    found, status, cut = _reports(by_id), _status(by_id), edition.as_of.astimezone(VIETNAM)
    coverage = ""
    if found is not None:
        received, expected = (text.lstrip("0") or "0" for text in found)
        coverage = (
            f"{received} of {expected} reports were accepted by {cut:%H:%M} on {_english_day(cut.date())}"
            f"{f'; the figures are {_ENGLISH_STATUS[status]}' if status else ''}."
        )
    return {
        "document": _english_document(edition),
        "period_label": _in_english(Period.parse(edition.period)),
        "coverage": coverage,
        "rows": [
            words.format(by_id[key].text.translate(_ENGLISH_DIGITS)) for key, words in _IN_ENGLISH if key in by_id
        ],
    }


def _english_document(edition: EditionRecord) -> str:
    """A document by its number and day; one without a number is a draft, or known by its edition."""
    if edition.doc_number is None:
        return f"report {edition.edition_id}" if edition.issued_sha256 else "draft report"
    day = f" of {_english_day(edition.doc_date)}" if edition.doc_date else ""
    return f"report No. {edition.doc_number}{day}"


def _english_day(day: date) -> str:
    return f"{day.day} {_ENGLISH_MONTHS[day.month - 1]} {day.year}"


def _megabytes(size: int, language: Language) -> str:
    text = wording.number(Decimal(size) / 1_000_000, 1) if size else ""
    return text.translate(_ENGLISH_DIGITS) if language is Language.ENGLISH else text


def _in_english(period: Period) -> str:
    if period.is_month:
        return f"{_ENGLISH_MONTHS[period.number - 1]} {period.year}"
    return _ENGLISH_KINDS[period.kind].format(number=period.number, year=period.year)
