"""Chooses how far apart lines stand and which further tables are printed, so that no last page is left nearly empty.

A report has two flows, the body and the appendices; each begins on a page of its own, so that each has a last page. The
first layout tells how long they are; from that the better layout is foreseen, and it is kept if it is better indeed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from reports.pdf.fullness import PageFill

EMPTIEST = 1 / 3
"""So much of a page may be empty."""
_CHANGED = 0.1
"""What it costs that rows stand otherwise than they usually do."""
_AIM = 0.86
"""How full a last page should be: the prediction is not exact, and a flow that is longer begins another page."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Classes of `templates/styles/type.css`, and which tables are printed beside those that always are."""

    body: str = ""
    annexes: str = ""
    extras: frozenset[str] = frozenset()

    @property
    def classes(self) -> str:
        """What the body of the page is marked with."""
        return " ".join(name for name in (self.body, f"annexes-{self.annexes}" if self.annexes else "") if name)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many pages each flow may have, and how empty one may be."""

    body: int
    annexes: int
    emptiness: float = EMPTIEST


def limits_of(units: int) -> Limits:
    """Five pages and six of appendices for the districts, fourteen in all for the communes.

    A country takes what it takes: among hundreds of pages an empty one is not worth another layout.
    """
    if units > _MANY_UNITS:
        return Limits(units, units, emptiness=1)
    return Limits(_BODY_PAGES, _ANNEX_PAGES_OF_FEW if units <= _FEW_UNITS else _ANNEX_PAGES_OF_MANY)


_FEW_UNITS, _MANY_UNITS = 20, 250
_BODY_PAGES, _ANNEX_PAGES_OF_FEW, _ANNEX_PAGES_OF_MANY = 5, 6, 9

FUNDING, BENEFICIARIES = "funding", "beneficiaries"
_HEIGHTS = {FUNDING: 0.43, BENEFICIARIES: 0.5}
"""About how much of a page each further table takes."""
_BODY_SCALES = {"": 1.0, "airy": 1.035, "airier": 1.09, "airiest": 1.14, "tight": 0.97}
_ANNEX_SCALES = {"": 1.0, "airy": 1.13, "tight": 0.9}
"""About how much longer or shorter each flow becomes; measured on months of 17 and of 135 units."""


def emptiness(pages: Sequence[PageFill]) -> float:
    """How empty the emptiest page is."""
    return max(1 - page.filled for page in pages)


def is_fitting(pages: Sequence[PageFill], limits: Limits) -> bool:
    """Whether no page is too empty, and neither flow too long."""
    return emptiness(pages) <= limits.emptiness and _excess(pages, limits) == 0


def is_better(one: Sequence[PageFill], other: Sequence[PageFill], limits: Limits) -> bool:
    """Whether one layout is better than another: within the limits first, then fuller."""
    return (_excess(one, limits), emptiness(one)) < (_excess(other, limits), emptiness(other))


def foreseen(pages: Sequence[PageFill], limits: Limits, tried: Collection[Layout] = ()) -> Layout:
    """The layout that should fit, from how the plain one came out; not again what was tried and did not."""
    body, annexes = ([page for page in pages if page.is_annexed is side] for side in (False, True))
    body_costs = {
        name: _cost(_length(body) * scale, limits.body)
        for name, scale in _BODY_SCALES.items()
        if not any(layout.body == name for layout in tried)
    }
    annex_costs = {
        (name, extras): _cost(_length(annexes) * scale + sum(_HEIGHTS[each] for each in extras), limits.annexes)
        + _CHANGED * bool(name)
        for name, scale in _ANNEX_SCALES.items()
        for extras in (frozenset[str](), frozenset({FUNDING}), frozenset({BENEFICIARIES}), frozenset(_HEIGHTS))
        if not any((layout.annexes, layout.extras) == (name, extras) for layout in tried)
    }
    body_class = "" if _is_sound(body, limits.body) else min(body_costs, key=body_costs.__getitem__)
    plain = ("", frozenset[str]())
    is_sound = not annexes or _is_sound(annexes, limits.annexes)
    annex_class, extras = plain if is_sound else min(annex_costs, key=annex_costs.__getitem__)
    return Layout(body_class, annex_class, extras)


def _is_sound(pages: Sequence[PageFill], most: int) -> bool:
    return len(pages) <= most and emptiness(pages) <= EMPTIEST


def _length(pages: Sequence[PageFill]) -> float:
    return len(pages) - 1 + pages[-1].filled if pages else 0.0


def _cost(length: float, most: int) -> float:
    """How far from well filled the last page would be; more pages than there may be cost more than anything else."""
    last = length % 1 or 1.0
    over = max(0, -(-length // 1) - most)
    return 10 * over + abs(last - _AIM)


def _excess(pages: Sequence[PageFill], limits: Limits) -> int:
    annexed = sum(page.is_annexed for page in pages)
    return max(0, len(pages) - annexed - limits.body) + max(0, annexed - limits.annexes)
