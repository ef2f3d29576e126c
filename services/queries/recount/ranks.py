"""Is a ranking true? Everybody who could stand in it is measured again."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, Direction, Sum
from domain.indicators import FigureKey
from services.queries.recount import states
from services.queries.recount.measures import Uncountable, by_member, reach_of
from services.queries.recount.sums import Ground

_DIMENSIONS = ("unit", "activity", "funding", "counted", "occasion", "partner", "village", "month")


def rank_faults(ground: Ground, claim: Claim) -> Iterator[str]:
    """What is wrong with who stands first; where a whole is named, only who has nothing at all may stand outside it.

    Raises:
        Uncountable: if nobody of the named can be measured.
    """
    if claim.now is None or not claim.members:
        yield "xếp thứ tự mà không nêu ai, hoặc không nêu số nào"
        return
    everybody = _values(ground, claim, claim.now)
    left_out = sorted(
        member for member, value in everybody.items() if value and claim.whole and member not in claim.whole
    )
    if left_out:
        yield f"xếp thứ tự mà không kể {ground.names(left_out)}"
    values = {member: value for member, value in everybody.items() if not claim.whole or member in claim.whole}
    sign = 1 if claim.direction is Direction.DOWN else -1
    unknown = [member for member in claim.members if member not in values]
    if unknown:
        yield f"{', '.join(unknown)} không có số để xếp thứ tự"
        return
    named = [sign * values[member] for member in claim.members]
    if named != sorted(named) or len(set(claim.members)) != len(claim.members):
        yield f"thứ tự {', '.join(claim.members)} không theo số đếm lại"
    passed = sorted(
        member for member, value in values.items() if member not in claim.members and sign * value < max(named)
    )
    if passed:
        yield f"bỏ qua {ground.names(passed)}, {'thấp' if sign > 0 else 'cao'} hơn người đứng cuối được nêu"


def values_of(ground: Ground, claim: Claim) -> set[Decimal]:
    """The printed values of the named, which the words may say."""
    if claim.now is None or claim.now.indicator not in INDICATOR_BY_CODE:
        return set()
    try:
        values = _values(ground, claim, claim.now)
    except Uncountable:
        return set()
    return {values[member] for member in claim.members if member in values}


def _values(ground: Ground, claim: Claim, asked: Sum) -> Mapping[str, Decimal]:
    """The value, as printed, of everybody who could be named."""
    entry = INDICATOR_BY_CODE.get(asked.indicator)
    if entry is None:
        raise Uncountable(f"danh mục không có chỉ tiêu {asked.indicator}")
    database = ground.scratch.database
    # The sum of the ranking may be that of its first; ranked are all that reported, or the whole that is named.
    reach = replace(reach_of(database, asked), dimension="", member="", units=states.reporting(database, asked.months))
    dimension = FigureKey.parse(asked.figure).dimension
    for each in dict.fromkeys([dimension, *_DIMENSIONS]):
        found = by_member(database, asked.indicator, reach, each) if each in _DIMENSIONS else {}
        if set(claim.members) & set(found):
            return {
                member: wording.rounded(value / entry.printed_per, entry.decimals) for member, value in found.items()
            }
    raise Uncountable("không ai được nêu có số để xếp thứ tự")
