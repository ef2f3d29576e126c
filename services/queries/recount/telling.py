"""What words say besides numbers: whose ground it is, in what it is measured, whether the work is done."""

from collections.abc import Iterator

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim
from domain.indicators import Counting, Kind
from domain.units import Region
from services.queries.recount.sums import Ground

_GROUNDS = {"thuộc địa bàn Gia Lai cũ": Region.WEST, "thuộc địa bàn Bình Định cũ": Region.EAST}
_MONEY = ("tỷ đồng", "triệu đồng", "nghìn đồng")
_NOT_DONE, _DONE = ("khởi công", "đang xây dựng", "đang thực hiện", "cam kết"), ("hoàn thành", "đã trao")


def telling_faults(ground: Ground, claim: Claim) -> Iterator[str]:
    """Where the words name another part of the province, another measure, or another status of work than the sum has."""
    if claim.now is None:
        return
    regions = {unit.code: unit.region for unit in ground.reference.units.rows}
    for words, region in _GROUNDS.items():
        if words in claim.words and any(regions.get(code) is not region for code in claim.now.units):
            yield f"câu chữ ghi {words}, tổng có đơn vị ngoài địa bàn ấy"
    entry = INDICATOR_BY_CODE.get(claim.now.indicator)
    if entry is None:
        return
    for money in _MONEY:
        if money in claim.words and entry.unit_of_measure != money:
            yield f"câu chữ ghi {money}, chỉ tiêu tính bằng {entry.unit_of_measure}"
    if entry.kind is not Kind.FLOW or entry.parts:
        return
    if entry.counting is Counting.COMPLETED and (said := _first(_NOT_DONE, claim.words)):
        yield f"câu chữ ghi {said}, tổng chỉ gồm việc đã hoàn thành"
    if entry.counting in (Counting.UNDER_WAY, Counting.COMMITTED) and (said := _first(_DONE, claim.words)):
        yield f"câu chữ ghi {said}, tổng gồm việc chưa hoàn thành"


def _first(words: tuple[str, ...], text: str) -> str:
    return next((each for each in words if each in text), "")
