"""The appendices of the monthly report, in their order."""

from domain.reference import Reference
from domain.summary import Summary
from reports.content import Annex, TableContent
from reports.figure_book import FigureBook
from reports.monthly.annexes import units as tables
from reports.monthly.annexes.activities import activity_annex
from reports.monthly.annexes.indicators import indicator_table
from reports.monthly.annexes.places import MOST_ROWS, partner_table, village_table
from reports.monthly.annexes.quality import quality_table
from reports.monthly.annexes.restatement import restatement_table
from reports.monthly.funding import funding_table
from reports.monthly.reporting_discipline import follow_up_groups

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_TABLES_BEFORE = 1
"""The one in the body."""


def annexes(book: FigureBook, summary: Summary, reference: Reference, most: int | None = MOST_ROWS) -> list[Annex]:
    """By unit, follow-up, by activity, village, agency and source, all indicators, quality, restatements; those with rows.

    `most` is how many villages and agencies are shown; all of them without it.
    """
    found: list[tuple[str, TableContent]] = []

    def number() -> int:
        return len(found) + 1 + _TABLES_BEFORE

    found.append(("KẾT QUẢ THEO ĐƠN VỊ", tables.unit_table(book, summary)))
    behind = [state for _, _, states in follow_up_groups(summary.units) for state in states]
    if behind:
        found.append(("ĐƠN VỊ TRỄ HẠN, CHƯA BÁO CÁO, KHÔNG PHÁT SINH", tables.follow_up_table(book, behind)))
    found.append(("KẾT QUẢ THEO NHÓM HOẠT ĐỘNG", activity_annex(book, summary, number())))
    found.append(("KẾT QUẢ THEO THÔN, LÀNG", village_table(book, summary, reference, number(), most)))
    partners = partner_table(book, summary, reference, number(), most)
    if partners is not None:
        found.append(("KẾT QUẢ THEO CƠ QUAN, ĐƠN VỊ KẾT NGHĨA", partners))
    found.append(("KINH PHÍ THEO NGUỒN", funding_table(book, summary, number())))
    found.append(("SỐ LIỆU THEO CHỈ TIÊU VÀ ĐỊNH NGHĨA", indicator_table(book, summary, number())))
    found.append(("CHẤT LƯỢNG SỐ LIỆU", quality_table(book, summary, number())))
    restatement = summary.restatement
    if restatement is not None and restatement.changes:
        table = restatement_table(book, summary, restatement, number())
        found.append(("SỐ LIỆU THAY ĐỔI SO VỚI BẢN TRƯỚC", table))
    return [
        Annex(numeral.lower(), f"Phụ lục {numeral}", title, table)
        for numeral, (title, table) in zip(ROMAN, found, strict=False)
    ]
