"""A change as a sentence: increase, decrease, unchanged, or no basis for comparison; with the ground it stands on."""

from collections.abc import Iterable

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, Direction
from domain.indicators import FigureKey
from domain.summary import Summary
from domain.units import Region
from domain.workings import Operation
from reports.figure_book import FigureBook
from reports.monthly.claims import change

_DISTRICT_CODE_LENGTH = 3


def change_in_words(
    book: FigureBook, summary: Summary, indicator: str, basis: str, earlier_words: Markup, *, briefly: bool = False
) -> Markup:
    """How a flow changed between two periods, over the units or territory that reported in both.

    Where that is not the whole province the sentence ends with the restriction: in full, or `briefly` in two words.
    Differences follow the book's policy of rounding.
    """
    claim = change(book, summary, indicator, basis)
    if claim is None:
        return Markup("không có cơ sở so sánh với {}").format(earlier_words)
    sentence = changed(book, claim, indicator, basis, earlier_words)
    if not summary.common(basis).is_all:
        sentence += Markup(" (cùng đơn vị)") if briefly else _restriction(book, summary, claim, indicator, basis)
    return book.claim(claim, sentence)


def changed(book: FigureBook, claim: Claim, indicator: str, basis: str, earlier_words: Markup) -> Markup:
    """`tăng 5,9% so với tháng 01 năm 2024`, without its ground."""
    if claim.direction is Direction.SAME:
        return Markup("không thay đổi so với {}").format(earlier_words)
    if claim.direction is Direction.FROM_NOTHING:
        return Markup("{} không phát sinh").format(earlier_words)
    percent = percent_of(book, claim, indicator, basis)
    return Markup("{} {}% so với {}").format(verb(claim), percent, earlier_words)


def verb(claim: Claim) -> str:
    """Which way a claim says that something went."""
    return "tăng" if claim.direction is Direction.UP else "giảm"


def percent_of(book: FigureBook, claim: Claim, indicator: str, basis: str) -> Markup:
    """By how many percent the claim says that the flow changed."""
    assert claim.now is not None
    assert claim.against is not None
    keys = [FigureKey.parse(each.figure) for each in (claim.now, claim.against)]
    name = f"{INDICATOR_BY_CODE[indicator].name}: mức thay đổi"
    return book.worked(f"{indicator}@change_from_{basis}_pct", name, Operation.CHANGE_PCT, keys, "%", 1)


def ground(book: FigureBook, summary: Summary, claim: Claim, basis: str, *, in_full: bool = False) -> Markup:
    """Over whom the two sums of a claim are: `15 đơn vị có báo cáo cả hai kỳ`, or the same ground under other units.

    In full it says also who is left out.
    """
    assert claim.now is not None
    assert claim.against is not None
    now, then = claim.now.units, claim.against.units
    if now == then:
        count = book.counted(f"coverage.same_units_{basis}", "đơn vị có báo cáo cả hai kỳ", now)
        return Markup("{} đơn vị có báo cáo cả hai kỳ").format(count)
    words = Markup("{}{}, khi đó cùng địa bàn là {}").format(
        _units(book, f"coverage.same_ground_now_{basis}", now),
        " thuộc địa bàn Gia Lai cũ" if _all_western(summary, now) else "",
        _units(book, f"coverage.same_ground_then_{basis}", then),
    )
    left_out = sorted(_expected(summary) - frozenset(now))
    if in_full and left_out:
        words += Markup("; không gồm {} không có số liệu cùng địa bàn ở cả hai kỳ").format(
            _units(book, f"coverage.other_ground_{basis}", left_out)
        )
    return words


def _restriction(book: FigureBook, summary: Summary, claim: Claim, indicator: str, basis: str) -> Markup:
    entry = INDICATOR_BY_CODE[indicator]
    assert claim.now is not None
    assert claim.against is not None
    over = ground(book, summary, claim, basis)
    if claim.direction is Direction.SAME:
        return Markup(" (tính trên {})").format(over)
    earlier, now = (
        book.worked(
            f"{entry.code}@{which}_same_units_{basis}", entry.name, Operation.SAME, [FigureKey.parse(each.figure)],
            entry.unit_of_measure, entry.decimals,
        )
        for which, each in (("earlier", claim.against), ("period", claim.now))
    )  # fmt: skip
    return Markup(" (từ {} thành {} {}, tính trên {})").format(earlier, now, entry.unit_of_measure, over)


def _units(book: FigureBook, key: str, codes: Iterable[str]) -> Markup:
    """`17 đơn vị cấp huyện và 77 xã, phường`."""
    codes = sorted(codes)
    districts = [code for code in codes if len(code) == _DISTRICT_CODE_LENGTH]
    communes = [code for code in codes if len(code) != _DISTRICT_CODE_LENGTH]
    named = [
        Markup("{} {}").format(book.counted(f"{key}.{level}", name, members), name)
        for level, name, members in (
            ("districts", "đơn vị cấp huyện", districts),
            ("communes", "xã, phường", communes),
        )
        if members
    ]
    return Markup(" và ").join(named)


def _all_western(summary: Summary, codes: Iterable[str]) -> bool:
    regions = {state.unit.code: state.unit.region for state in summary.units}
    return all(regions.get(code) is Region.WEST for code in codes)


def _expected(summary: Summary) -> frozenset[str]:
    return frozenset(state.unit.code for state in summary.units)
