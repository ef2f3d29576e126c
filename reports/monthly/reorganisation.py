"""The month in which the province was reorganised: who reported which days, and what each side adds to the totals."""

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary, UnitState
from domain.units import DISTRICTS_ABOLISHED, Level, Region
from reports.figure_book import FigureBook


def reorganisation(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """What happened, and who answers for which days; nothing in any other period."""
    if not _is_reorganised(summary, reference):
        return []
    sides = sides_of(summary)
    first_day = book.day("reorganised_on", "ngày hợp nhất tỉnh, bỏ cấp huyện", DISTRICTS_ABOLISHED)
    owing = {
        key: book.counted(f"reorganised.{key}", name, [state.unit.code for state in sides[key]])
        for key, name in (
            ("districts", "đơn vị cấp huyện báo cáo đến hết tháng sáu"),
            ("west", "xã, phường thuộc Gia Lai cũ"),
            ("east", "xã, phường thuộc Bình Định cũ"),
        )
    }
    communes = [state.unit.code for state in (*sides["west"], *sides["east"])]
    came = {
        key: book.counted(f"reorganised.{key}_sent", "đơn vị đã có báo cáo được chấp nhận", codes)
        for key, codes in (
            ("districts", [state.unit.code for state in sides["districts"] if state.is_counted]),
            ("communes", [state.unit.code for state in (*sides["west"], *sides["east"]) if state.is_counted]),
        )
    }
    what = Markup(
        "Từ ngày {}, tỉnh Gia Lai hợp nhất với tỉnh Bình Định và không còn cấp huyện. Kỳ này {} đơn vị cấp huyện phải báo cáo "
        "hoạt động trước ngày đó (đã nhận {}), {} xã, phường phải báo cáo từ ngày đó (đã nhận {}; {} xã, phường thuộc Gia Lai "
        "cũ, {} thuộc Bình Định cũ)."
    ).format(
        first_day,
        owing["districts"],
        came["districts"],
        book.counted("reorganised.communes", "xã, phường báo cáo từ khi hợp nhất", communes),
        came["communes"],
        owing["west"],
        owing["east"],
    )
    return [what]


def totals_of_both_sides(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """How the period's totals are made up of what each side reported; nothing in any other period."""
    if not _is_reorganised(summary, reference):
        return []
    money = {key: _money(book, summary, states) for key, states in sides_of(summary).items()}
    if any(each is None for each in money.values()):
        return []
    words = Markup(
        "Kinh phí của kỳ gồm {} triệu đồng do cấp huyện báo cáo, {} triệu đồng của các xã, phường thuộc Gia Lai cũ và {} triệu "
        "đồng của các xã, phường thuộc Bình Định cũ; số hộ cuối kỳ là của các xã, phường."
    )
    return [words.format(money["districts"], money["west"], money["east"])]


def _is_reorganised(summary: Summary, reference: Reference) -> bool:
    return any(len(reference.subperiods(month)) > 1 for month in summary.period.months())


def sides_of(summary: Summary) -> dict[str, list[UnitState]]:
    """The districts that were, and the communes of either old province; a side may have no unit."""
    return {
        "districts": [state for state in summary.units if state.unit.level is Level.DISTRICT],
        "west": [state for state in summary.units if _is_commune_of(state, Region.WEST)],
        "east": [state for state in summary.units if _is_commune_of(state, Region.EAST)],
    }


def _is_commune_of(state: UnitState, region: Region) -> bool:
    return state.unit.level is Level.COMMUNE and state.unit.region is region


def _money(book: FigureBook, summary: Summary, states: list[UnitState]) -> Markup | None:
    """What those of them that reported raised; nothing where none did."""
    codes = frozenset(state.unit.code for state in states if state.is_counted)
    if not codes:
        return None
    key = FigureKey.over("value_total_vnd", "period", codes)
    return book.measure(key.indicator, key.basis, key.dimension, key.member)
