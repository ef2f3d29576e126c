"""The appendices of the monthly report in their order, and the longer lists that go into its workbook."""

from collections.abc import Collection

from domain.reference import Reference
from domain.summary import Summary
from reports.content import Annex, TableContent
from reports.figure_book import FigureBook
from reports.monthly.annexes import units as tables
from reports.monthly.annexes.activities import activity_annex, beneficiary_table
from reports.monthly.annexes.indicators import indicator_table
from reports.monthly.annexes.places import partner_table, village_table
from reports.monthly.annexes.restatement import restatement_table
from reports.monthly.funding import funding_table
from reports.monthly.reporting_discipline import to_follow_up
from reports.monthly.villages import idle_villages
from reports.pdf.page_fit import BENEFICIARIES, FUNDING

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_TABLES_BEFORE = 1
"""The one in the body."""


def annexes(book: FigureBook, summary: Summary, reference: Reference, extras: Collection[str] = ()) -> list[Annex]:
    """What the reader acts on: results by unit; units and villages to follow up; what changed since the last edition.

    `extras` are the lists of the workbook that there is room for.
    """
    found: list[tuple[str, list[TableContent]]] = []
    number = _TABLES_BEFORE + 1
    found.append(("KẾT QUẢ THEO ĐƠN VỊ", [tables.unit_table(book, summary)]))
    follow_up: list[TableContent] = []
    behind, idle = to_follow_up(summary.units), idle_villages(summary, reference)
    if behind:
        number += 1
        follow_up.append(tables.follow_up_table(book, behind, number))
    if idle:
        number += 1
        follow_up.append(tables.idle_table(book, summary, idle, reference, number))
    if follow_up:
        found.append(("ĐƠN VỊ, THÔN, LÀNG CẦN THEO DÕI", follow_up))
    restatement = summary.restatement
    if restatement is not None and restatement.changes:
        number += 1
        table = restatement_table(book, summary, restatement, number)
        found.append(("SỐ LIỆU THAY ĐỔI SO VỚI BÁO CÁO TRƯỚC", [table]))
    if BENEFICIARIES in extras:
        number += 1
        found.append(("ĐỐI TƯỢNG ĐƯỢC HỖ TRỢ", [beneficiary_table(book, summary, number)]))
    if FUNDING in extras:
        number += 1
        found.append(("KINH PHÍ THEO NGUỒN", [funding_table(book, summary, number)]))
    return _numbered(found)


def lists(book: FigureBook, summary: Summary, reference: Reference) -> list[Annex]:
    """Everything by activity, village, agency and source, and every indicator with its definition: for the workbook."""
    found = [
        ("Nhóm hoạt động", [activity_annex(book, summary)]),
        ("Thôn, làng", [village_table(book, summary, reference)]),
    ]
    partners = partner_table(book, summary, reference)
    if partners is not None:
        found.append(("Cơ quan, đơn vị kết nghĩa", [partners]))
    found.append(("Nguồn kinh phí", [funding_table(book, summary)]))
    found.append(("Chỉ tiêu, định nghĩa", [indicator_table(book, summary)]))
    return [Annex(title, title, tables_of) for title, tables_of in found]


def _numbered(found: list[tuple[str, list[TableContent]]]) -> list[Annex]:
    return [
        Annex(f"Phụ lục {numeral}", title, tables_of) for numeral, (title, tables_of) in zip(ROMAN, found, strict=False)
    ]
