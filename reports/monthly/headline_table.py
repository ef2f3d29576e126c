"""The table of the first page: four figures with and without the gifts of Tết, beside earlier periods and since the year began."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, Direction
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import Operation
from reports.content import Cell, Column, TableContent, TableRow
from reports.figure_book import NO_BASIS, FigureBook
from reports.figure_names import first_upper, in_a_sentence
from reports.monthly.annexes.units import coverage
from reports.monthly.claims import change, joint, moved
from reports.monthly.comparison import ground, percent_of, verb
from reports.monthly.plan_results import resting_on
from reports.monthly.tet_results import has_gifts

_ROWS: Sequence[tuple[str, str, str]] = (
    ("value_total_vnd", "value_without_tet_vnd", "Kinh phí huy động (triệu đồng)"),
    ("activities", "activities_without_tet", "Lượt hoạt động hoàn thành"),
    ("hh_total", "hh_without_tet", "Lượt hộ được hỗ trợ"),
)
"""A figure, the same without the gifts of Tết, and its name."""
_HOUSES = "houses_new"


def headline_table(
    book: FigureBook,
    summary: Summary,
    reference: Reference,
    earlier: Mapping[str, Markup],
    section_of_tet: int | None,
) -> TableContent:
    """Money, activities, households and houses; `section_of_tet` is where Tết is compared with Tết, if anywhere."""
    season = has_gifts(summary)
    year_start = reference.calendar.reporting_year(summary.period).first_day
    columns = [
        Column("", "34%" if season else "40%"),
        Column(book.phrase("period.column", "kỳ báo cáo", first_upper(summary.period.label())), "14%"),
        *([Column("Không kể quà Tết", "12%")] if season else []),
        *(Column(Markup("So với {}").format(earlier[basis]), "13%" if season else "16%") for basis in _bases(summary)),
        Column(Markup("Lũy kế từ {}").format(book.day("year_start", "ngày đầu năm báo cáo", year_start)), "14%"),
    ]
    rows = [_row(book, summary, earlier, *row, season) for row in _ROWS]
    rows.append(_houses_row(book, summary, earlier, season))
    return TableContent("", "", columns, [], rows, _note(book, summary, reference, season, section_of_tet))


def _row(
    book: FigureBook,
    summary: Summary,
    earlier: Mapping[str, Markup],
    indicator: str,
    without: str,
    name: str,
    season: bool,
) -> TableRow:
    compared = without if season else indicator
    cells = [Cell(name, "text"), Cell(book.measure(indicator), "headline")]
    entry = INDICATOR_BY_CODE[indicator]
    said = Markup("{}: {} {}").format(entry.name, book.measure(indicator), entry.unit_of_measure)
    parts = [str(FigureKey(indicator))]
    if season:
        cells.append(Cell(book.measure(without), "number"))
        said += Markup("; không kể quà Tết {}").format(book.measure(without))
        parts.append(str(FigureKey(without)))
    for basis in _bases(summary):
        cell, words, part = _change_cell(book, summary, compared, basis, earlier[basis])
        cells.append(cell)
        said += words
        parts += part
    cells.append(Cell(book.measure(indicator, "cumulative"), "number"))
    if summary.value(FigureKey(indicator)) is not None:
        book.claim(joint(f"headline.row.{indicator}", parts), said)
    return TableRow(cells)


def _change_cell(
    book: FigureBook, summary: Summary, indicator: str, basis: str, earlier: Markup
) -> tuple[Cell, Markup, list[str]]:
    """`+5,9%` with the sign that the claim has, the same in words, and the claim's id."""
    claim = change(book, summary, indicator, basis)
    if claim is None or claim.direction is Direction.FROM_NOTHING:
        return Cell(NO_BASIS, "number"), Markup(""), []
    over = Markup("") if summary.common(basis).is_all else Markup(" ({})").format(ground(book, summary, claim, basis))
    if claim.direction is Direction.SAME:
        cell, words = Markup("không đổi"), Markup("không đổi so với {}{}").format(earlier, over)
    else:
        percent = percent_of(book, claim, indicator, basis)
        sign = "+" if claim.direction is Direction.UP else "−"
        cell = Markup("{}{}%").format(sign, percent)
        words = Markup("{} {}% so với {}{}").format(verb(claim), percent, earlier, over)
    said = replace(claim, claim_id=f"headline.{claim.claim_id}")
    book.claim(said, words)
    return Cell(cell, "number"), Markup(", {}").format(words), [said.claim_id]


def _houses_row(book: FigureBook, summary: Summary, earlier: Mapping[str, Markup], season: bool) -> TableRow:
    under_way = FigureKey("quantity_under_way", "period", "activity", "NHA_MOI")
    own = book.measure(_HOUSES)
    if summary.value(under_way):
        own += Markup(" <small>({})</small>").format(book.measure(*_arguments(under_way)))
    cells = [Cell(Markup("Nhà ở xây mới hoàn thành <small>(đang xây dựng)</small>"), "text"), Cell(own, "headline")]
    if season:
        cells.append(Cell(book.measure(_HOUSES), "number"))
    for basis in _bases(summary):
        claim = moved(book, summary, _HOUSES, basis)
        if claim is None:
            cells.append(Cell(NO_BASIS, "number"))
            continue
        cells.append(Cell(_moved_by(book, claim, basis, earlier[basis]), "number"))
    cells.append(Cell(book.measure(_HOUSES, "cumulative"), "number"))
    return TableRow(cells)


def _moved_by(book: FigureBook, claim: Claim, basis: str, earlier: Markup) -> Markup:
    """`+3 căn`; in words, that there are so many more or fewer."""
    name = in_a_sentence(INDICATOR_BY_CODE[_HOUSES].name)
    if claim.direction is Direction.SAME:
        book.claim(claim, Markup("{} không đổi so với {}").format(name, earlier))
        return Markup("không đổi")
    assert claim.now is not None
    assert claim.against is not None
    keys = [FigureKey.parse(each.figure) for each in (claim.now, claim.against)]
    by = book.worked(
        f"{_HOUSES}@moved_from_{basis}", "Nhà ở xây mới: mức thay đổi", Operation.DIFFERENCE, keys, "căn", 0
    )
    is_more = claim.direction in (Direction.UP, Direction.FROM_NOTHING)
    more = "nhiều hơn" if is_more else "ít hơn"
    book.claim(claim, Markup("{} {} {} căn so với {}").format(name, more, by, earlier))
    return Markup("{}{} căn").format("+" if is_more else "−", by)


def _arguments(key: FigureKey) -> tuple[str, str, str, str]:
    return key.indicator, key.basis, key.dimension, key.member


def _note(book: FigureBook, summary: Summary, reference: Reference, season: bool, section_of_tet: int | None) -> Markup:
    """Over whom the comparisons are, and where Tết is compared with Tết."""
    said = [Markup("Các cột so sánh không kể quà Tết")] if season else []
    said += _grounds(book, summary, "value_without_tet_vnd" if season else "value_total_vnd")
    if resting_on(book, summary, "cumulative"):
        said.append(Markup("lũy kế tính trên {} báo cáo tháng").format(coverage(book, "cumulative")))
    if section_of_tet is not None and change(book, summary, "tet_value_vnd", "tet_last_year") is not None:
        said.append(Markup("Tết so với Tết theo âm lịch: mục II.{}").format(book.ordinal(section_of_tet)))
    if not said:
        return Markup("")
    words = Markup("; ").join(said)
    return Markup("{}{}.").format(words[:1].upper(), words[1:])


def _grounds(book: FigureBook, summary: Summary, indicator: str) -> list[Markup]:
    """Over whom each column compares; once for both where that is the same."""
    claims = {basis: change(book, summary, indicator, basis) for basis in _bases(summary)}
    names = {"previous": "kỳ trước", "same_last_year": "cùng kỳ năm trước"}
    said = [Markup("không có cơ sở so với {}").format(names[basis]) for basis, claim in claims.items() if claim is None]
    told = {
        basis: (claim, ground(book, summary, claim, basis, in_full=True))
        for basis, claim in claims.items()
        if claim is not None and not summary.common(basis).is_all
    }
    grounds = {
        (each.now.units, each.against.units)
        for each, _ in told.values()
        if each.now is not None and each.against is not None
    }
    if len(told) == len(_bases(summary)) and len(grounds) == 1:
        return [*said, Markup("tính trên {}").format(next(iter(told.values()))[1])]
    return said + [Markup("so với {} tính trên {}").format(names[basis], words) for basis, (_, words) in told.items()]


def _bases(summary: Summary) -> tuple[str, ...]:
    """What the period is compared with; a year has but one year before it."""
    both = ("previous", "same_last_year")
    return both[:1] if summary.period.previous() == summary.period.same_last_year() else both
