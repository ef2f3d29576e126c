"""Poor and near-poor households at the period's end, how they changed in it, and how the rate moved."""

from collections.abc import Mapping

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.poverty_changes import poverty_change


def poverty_results(
    book: FigureBook, summary: Summary, reference: Reference, earlier: Mapping[str, Markup]
) -> list[Markup]:
    """Two sentences, the second only where the rate can be compared with a period of `earlier` (its names by basis)."""
    if summary.value(FigureKey("households")) is None:
        return [Markup("Chưa có số liệu hộ dân của các làng kết nghĩa trong kỳ.")]
    households = Markup(
        "Tại các làng kết nghĩa có số liệu, cuối kỳ có {} hộ nghèo trong tổng số {} hộ, chiếm {}%; hộ nghèo "
        "DTTS {} hộ, chiếm {}% so với tổng số hộ DTTS; {} hộ cận nghèo. Trong kỳ có {} hộ thoát nghèo, "
        "{} hộ tái nghèo, {} hộ nghèo phát sinh mới; {} hộ thoát cận nghèo, {} hộ cận nghèo phát sinh mới."
    ).format(
        book.measure("poor_households"),
        book.measure("households"),
        book.measure("poverty_rate_pct"),
        book.measure("poor_households_dtts"),
        book.measure("poverty_rate_dtts_pct", absent=NO_BASIS),
        book.measure("nearpoor_households"),
        book.measure("poor_exits"),
        book.measure("poor_relapses"),
        book.measure("poor_arrivals"),
        book.measure("nearpoor_exits"),
        book.measure("nearpoor_arrivals"),
    )
    begins_the_year = summary.period.months()[0].number == 1
    changes = [
        poverty_change(book, summary, reference, basis, name)
        for basis, name in earlier.items()
        if basis != "year_start" or not begins_the_year
    ]
    known = [change for change in changes if change is not None]
    if not known:
        return [households]
    return [households, Markup("Tỷ lệ hộ nghèo của các làng kết nghĩa {}.").format(Markup("; ").join(known))]
