import pytest

from domain.boundaries import Outline, outlines_of
from domain.errors import BadReference


def square(code: str, left: float, size: float = 1.0) -> Outline:
    ring = [(left, 0.0), (left + size, 0.0), (left + size, size), (left, size), (left, 0.0)]
    return Outline(code, [[ring]])


def test_the_number_stands_in_the_middle_of_the_largest_piece() -> None:
    island = square("a", 100.0, 0.1)
    land = square("a", 108.0, 2.0)
    assert Outline("a", [*island.polygons, *land.polygons]).middle() == pytest.approx((109.0, 1.0))


def test_a_ring_without_land_has_its_number_at_its_beginning() -> None:
    assert Outline("a", [[[(1.0, 2.0), (1.0, 2.0)]]]).middle() == (1.0, 2.0)


def test_a_map_that_knows_none_of_the_units_is_no_map_of_that_time() -> None:
    assert outlines_of({"23575": square("23575", 0)}, ["622", "623"]) == []


def test_a_map_with_holes_is_refused_by_name() -> None:
    with pytest.raises(BadReference, match="23584"):
        outlines_of({"23575": square("23575", 0)}, ["23575", "23584"])
