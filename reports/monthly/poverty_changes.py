"""Changes of the poverty rate in percentage points, over the same units; never across a change of standard."""

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, Direction
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import Operation
from reports.figure_book import FigureBook
from reports.monthly.claims import compared_keys, moved
from reports.monthly.comparison import verb

RATE = "poverty_rate_pct"


def is_comparable(summary: Summary, reference: Reference, basis: str) -> bool:
    """Whether both periods measured poverty by the same national standard."""
    then = reference.spans(summary.period)[basis].months[-1]
    standards = [
        reference.poverty_standard(day) for day in (reference.calendar.window(then).last_day, summary.window.last_day)
    ]
    return standards[0] == standards[1]


def poverty_change(
    book: FigureBook, summary: Summary, reference: Reference, basis: str, earlier: Markup
) -> Markup | None:
    """One sentence; nothing where there is nothing to compare with. `earlier` names the other period."""
    if compared_keys(summary, RATE, basis) is None:
        return None
    if not is_comparable(summary, reference, basis):
        return Markup("không so sánh với {} vì chuẩn nghèo đã thay đổi").format(earlier)
    claim = moved(book, summary, RATE, basis)
    assert claim is not None
    assert claim.now is not None
    assert claim.against is not None
    if claim.now.units != claim.against.units:
        # The ground is the same, the twinned villages on it are not: another rate would be no movement of households.
        return Markup("không so sánh với {} vì đơn vị báo cáo và các làng kết nghĩa đã thay đổi").format(earlier)
    return book.claim(claim, _words(book, claim, basis, earlier))


def _words(book: FigureBook, claim: Claim, basis: str, earlier: Markup) -> Markup:
    assert claim.now is not None
    assert claim.against is not None
    entry = INDICATOR_BY_CODE[RATE]
    now, then = (FigureKey.parse(each.figure) for each in (claim.now, claim.against))
    sentence = Markup("không thay đổi so với {}").format(earlier)
    if claim.direction is not Direction.SAME:
        by = book.worked(
            f"{RATE}@change_from_{basis}_pp", f"{entry.name}: mức thay đổi", Operation.DIFFERENCE, [now, then],
            "điểm phần trăm", entry.decimals,
        )  # fmt: skip
        sentence = Markup("{} {} điểm phần trăm so với {}").format(verb(claim), by, earlier)
    before, after = (
        book.worked(f"{RATE}@{which}_same_units_{basis}", entry.name, Operation.SAME, [key], "%", entry.decimals)
        for which, key in (("earlier", then), ("period", now))
    )
    units = book.counted(f"coverage.same_households_{basis}", "đơn vị có số liệu cả hai thời điểm", claim.now.units)
    over = Markup("trên {} đơn vị có số liệu cả hai thời điểm").format(units)
    return sentence + Markup(" (từ {}% thành {}%, tính {})").format(before, after, over)
