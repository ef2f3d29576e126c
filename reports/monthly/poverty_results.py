"""Poor and near-poor households: with how many the period began, every movement in it, with how many it ended."""

from collections.abc import Mapping

from markupsafe import Markup

from domain.claims import Claim, ClaimKind
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.claims import side
from reports.monthly.poverty_changes import poverty_change

_MOVEMENTS = ("exits", "relapses", "arrivals", "moved")


def poverty_results(
    book: FigureBook, summary: Summary, reference: Reference, earlier: Mapping[str, Markup]
) -> list[Markup]:
    """The stocks, their movements, and how the rate moved, as far as it can be compared with a period of `earlier`."""
    if summary.value(FigureKey("households")) is None:
        return [Markup("Chưa có số liệu hộ dân của các làng kết nghĩa trong kỳ.")]
    stocks = Markup(
        "Tại các làng có số liệu, cuối kỳ có {} hộ nghèo trong tổng số {} hộ, chiếm {}%; hộ nghèo DTTS {} hộ, chiếm {}% so "
        "với tổng số hộ DTTS."
    ).format(
        book.measure("poor_households"),
        book.measure("households"),
        book.measure("poverty_rate_pct"),
        book.measure("poor_households_dtts"),
        book.measure("poverty_rate_dtts_pct", absent=NO_BASIS),
    )
    bridges = [_bridge(book, summary, prefix, name) for prefix, name in (("poor", "nghèo"), ("nearpoor", "cận nghèo"))]
    begins_the_year = summary.period.months()[0].number == 1
    changes = [
        poverty_change(book, summary, reference, basis, name)
        for basis, name in earlier.items()
        if basis != "year_start" or not begins_the_year
    ]
    known = [change for change in changes if change is not None]
    paragraphs = [Markup(" ").join([stocks, *(bridge for bridge in bridges if bridge is not None)])]
    if known:
        paragraphs.append(Markup("Tỷ lệ hộ nghèo của các làng {}.").format(Markup("; ").join(known)))
    return paragraphs


def _bridge(book: FigureBook, summary: Summary, prefix: str, name: str) -> Markup | None:
    """From the opening to the closing stock, every movement named; nothing where one of them is not known.

    Where other units, or fewer reports, stand at the end than at the beginning, the movements are told without the
    opening: the difference would be no movement of households.
    """
    opening, closing = FigureKey(f"{prefix}_opening"), FigureKey(f"{prefix}_households")
    moves = [FigureKey(f"{prefix}_{move}") for move in _MOVEMENTS]
    corrected = FigureKey(f"{prefix}_corrected")
    if summary.value(closing) is None or any(summary.value(key) is None for key in moves):
        return None
    exits, relapses, arrivals, moved = (book.measure(key.indicator) for key in moves)
    moving = Markup(
        "{} hộ thoát {}, {} hộ tái {}, {} hộ {} phát sinh mới, biến động khác (tách, nhập, chuyển hộ) {} hộ"
    )
    moving = moving.format(exits, name, relapses, name, arrivals, name, moved)
    if summary.value(opening) is None or not _closes(summary, prefix):
        return Markup("Trong kỳ, theo các báo cáo đã nhận, có {}.").format(moving)
    correction = Markup("")
    if summary.value(corrected):
        correction = Markup(", điều chỉnh sau rà soát {} hộ").format(book.measure(corrected.indicator))
    words = Markup("Hộ {}: đầu kỳ {} hộ; trong kỳ có {}{}; cuối kỳ còn {} hộ.").format(
        name, book.measure(opening.indicator), moving, correction, book.measure(closing.indicator)
    )
    claim = Claim(
        f"{prefix}.bridge", ClaimKind.BRIDGED, "", side(summary, closing), side(summary, opening),
        parts=tuple(str(key) for key in (*moves, *([corrected] if correction else []))),
    )  # fmt: skip
    return book.claim(claim, words)


def _closes(summary: Summary, prefix: str) -> bool:
    """Whether opening and movements make the closing, or what is left over is a correction."""
    opening, closing, exits, relapses, arrivals, moved = (
        summary.value(FigureKey(f"{prefix}_{name}")) for name in ("opening", "households", *_MOVEMENTS)
    )
    numbers = (opening, closing, exits, relapses, arrivals, moved)
    if any(number is None for number in numbers):
        return False
    is_even = opening - exits + relapses + arrivals + moved == closing  # type: ignore[operator]
    return is_even or summary.value(FigureKey(f"{prefix}_corrected")) is not None
