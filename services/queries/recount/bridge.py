"""Does a stock close at what it opened with and what came and went? Each movement is counted again."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from domain import wording
from domain.claims import Claim
from domain.figures import Figure
from domain.indicators import FigureKey
from services.queries.recount import states
from services.queries.recount.measures import Reach, count
from services.queries.recount.spans import months_of_basis
from services.queries.recount.sums import Ground

_OUT, _OPENING, _CLOSING = "_exits", "_opening", "_households"


def bridge_faults(
    ground: Ground, claim: Claim, figures: Mapping[str, Figure], claims: Mapping[str, Claim]
) -> Iterator[str]:
    """What does not lead from the opening to the closing stock.

    Raises:
        Uncountable: if a movement has no second definition.
    """
    if claim.now is None or claim.against is None:
        yield "không nêu đủ số đầu kỳ và cuối kỳ"
        return
    led_to = claim.against.value
    for part in claim.parts:
        side = claims[part].now if part in claims else None
        key = FigureKey.parse(side.figure if side else part)
        if key.indicator.endswith((_OPENING, _CLOSING)):
            continue
        if side is not None:
            value: Decimal | None = side.value
        else:
            value = _movement(ground, key)
            printed = figures[part].value if part in figures else None
            if value is None or printed is None or printed != value:
                yield f"{part} in {figures[part].text if part in figures else 'không có'}, đếm lại được {_shown(value)}"
        led_to += (value or 0) * (-1 if key.indicator.endswith(_OUT) else 1)
    if led_to != claim.now.value:
        yield f"từ số đầu kỳ qua các biến động được {_shown(led_to)}, cuối kỳ ghi {_shown(claim.now.value)}"


def _movement(ground: Ground, key: FigureKey) -> Decimal | None:
    months = months_of_basis(ground.reference, ground.period, key.basis)
    if months is None:
        return None
    database = ground.scratch.database
    units = key.member.split("+") if key.dimension in ("unit", "units") else states.reporting(database, months)
    rest = (key.dimension, key.member) if key.dimension not in ("unit", "units") else ("", "")
    return count(database, key.indicator, Reach(months, units, *rest))


def _shown(value: Decimal | None) -> str:
    return "không có" if value is None else wording.number(value)
