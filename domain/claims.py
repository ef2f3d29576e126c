"""A claim: a sentence that compares, ranks or judges, as the values its words are made of.

What is measured, over which units, months and days, which work is counted, against what: everything by which somebody who
does not trust the program can count it again. The words are made from these, never typed beside them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any


class ClaimKind(StrEnum):
    """What a sentence does with its sums."""

    TOTAL = "total"
    """States `now`, with its ground."""
    CHANGE = "change"
    """`now` is by `outcome` percent more or less than `against`."""
    MOVED = "moved"
    """`now` is by `outcome` more or less than `against`: in percentage points for ratios, else in the unit of print."""
    SHARE = "share"
    """`now` is `outcome` percent of `against`."""
    FULFILLED = "fulfilled"
    """`now` is `outcome` percent of what `plan` asks for."""
    REDUCED = "reduced"
    """The ratio fell from `against` to `now`: `outcome` percent of the fall that `plan` asks for."""
    COVERED = "covered"
    """`members` of `whole` are as `state` says; `outcome` is how many they are."""
    COUNTED = "counted"
    """`members` are as `state` says, and nobody else is; `outcome` is how many they are."""
    RANKED = "ranked"
    """`members` have the most (`direction` up) or the least of `now`, in this order."""
    BRIDGED = "bridged"
    """A stock opened at `against`, closed at `now`, and the movements between are its `parts`."""
    JOINT = "joint"
    """Says what its `parts`, other claims, say."""


class Direction(StrEnum):
    """Which way a comparison goes."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    FROM_NOTHING = "from_nothing"
    """There was nothing to compare with, and now there is something."""


class State(StrEnum):
    """What a claim says of those it counts."""

    REPORTED = "reported"
    """Units with an accepted report of every month they owe."""
    MISSING = "missing"
    """Units that lack an accepted report of a month they owe, and of no such month was one returned."""
    REJECTED = "rejected"
    """Units that lack an accepted report of a month for which they sent one that was returned."""
    LATE = "late"
    NIL = "nil"
    IDLE_VILLAGES = "idle_villages"
    """Twinned villages of reporting units without any activity finished or under way."""
    ACTIVE_VILLAGES = "active_villages"
    """Twinned villages of reporting units with at least one."""
    SAME_UNITS = "same_units"
    """Units whose sums stand on both sides of a comparison."""
    OPEN_QUESTIONS = "open_questions"
    """Questions about unusual figures that nobody has answered, by id."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One side of a claim: a figure of the catalogue over named units and days."""

    figure: str
    """The id of the figure: `value_total_vnd:units=622+623@previous`."""
    indicator: str
    value: Decimal
    """Exact, in the unit it is kept in; of a ratio in percent, the quotient times a hundred."""
    units: tuple[str, ...]
    """The codes of the units whose rows are in it."""
    months: tuple[str, ...]
    """The months whose reports are in it; of a stock, the one month."""
    first_day: date
    last_day: date
    """Activities outside these days are not in it, though their report is."""
    received: int
    expected: int
    """How many monthly reports of these months came, of how many that were owed by all units."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence of an edition says; its kind tells which fields speak."""

    claim_id: str
    kind: ClaimKind
    words: str
    """The sentence, or the part of it, as printed."""
    now: Sum | None = None
    against: Sum | None = None
    plan: Decimal | None = None
    """In the unit in which the indicator is printed."""
    outcome: Decimal | None = None
    """As printed: rounded, without a sign."""
    direction: Direction | None = None
    state: State | None = None
    members: tuple[str, ...] = ()
    """Codes of units, ids of villages."""
    whole: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """The ids of other claims or of figures."""

    def as_json(self) -> dict[str, Any]:
        """Plain data, the fields that say nothing left out."""
        return {name: _plain(value) for name, value in asdict(self).items() if value not in (None, (), "")}

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> "Claim":
        """Read a claim back."""
        return cls(
            claim_id=data["claim_id"],
            kind=ClaimKind(data["kind"]),
            words=data.get("words", ""),
            now=_sum(data.get("now")),
            against=_sum(data.get("against")),
            plan=_decimal(data.get("plan")),
            outcome=_decimal(data.get("outcome")),
            direction=Direction(data["direction"]) if "direction" in data else None,
            state=State(data["state"]) if "state" in data else None,
            members=tuple(data.get("members", ())),
            whole=tuple(data.get("whole", ())),
            parts=tuple(data.get("parts", ())),
        )


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case StrEnum():
            return str(value)
        case tuple() | list():
            return [_plain(each) for each in value]
    return value


def _sum(data: Mapping[str, Any] | None) -> Sum | None:
    if data is None:
        return None
    return Sum(
        figure=data["figure"],
        indicator=data["indicator"],
        value=Decimal(data["value"]),
        units=tuple(data["units"]),
        months=tuple(data["months"]),
        first_day=date.fromisoformat(data["first_day"]),
        last_day=date.fromisoformat(data["last_day"]),
        received=data["received"],
        expected=data["expected"],
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
