"""Where units lie, as outlines on a map: rings of longitude and latitude."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.errors import BadReference

Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """The land of one unit: polygons, each an outer ring and its holes."""

    code: str
    polygons: Sequence[Sequence[Ring]]

    def middle(self) -> tuple[float, float]:
        """The centroid of the largest polygon, where its number is written."""
        return _centroid(max((polygon[0] for polygon in self.polygons), key=lambda ring: abs(_area(ring))))


def outlines_of(boundaries: Mapping[str, Outline], codes: Iterable[str]) -> list[Outline]:
    """The outlines of all these units; none where the map does not know any of them, as before the reform.

    Raises:
        BadReference: if it knows some of them only: a map with holes would be read as a finding.
    """
    asked = list(codes)
    lacking = [code for code in asked if code not in boundaries]
    if len(lacking) == len(asked):
        return []
    if lacking:
        raise BadReference(f"reference/boundaries.geojson: thiếu ranh giới của đơn vị {', '.join(lacking[:5])}.")
    return [boundaries[code] for code in asked]


def _area(ring: Ring) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring)) / 2


def _centroid(ring: Ring) -> tuple[float, float]:
    area = _area(ring)
    if not area:
        return ring[0]
    # About the first point, lest the small differences drown in the size of the degrees.
    left, low = ring[0]
    near = [(x - left, y - low) for x, y in ring]
    edges = [(x0, y0, x1, y1, x0 * y1 - x1 * y0) for (x0, y0), (x1, y1) in itertools.pairwise(near)]
    return (
        left + sum((x0 + x1) * cross for x0, _, x1, _, cross in edges) / (6 * area),
        low + sum((y0 + y1) * cross for _, y0, _, y1, cross in edges) / (6 * area),
    )
