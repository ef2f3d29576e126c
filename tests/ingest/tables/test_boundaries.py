import json

import pytest

from ingest.tables.boundaries import read_boundaries
from ingest.tables.files import Tables

RING = [[108.0, 13.9], [108.1, 13.9], [108.1, 14.0], [108.0, 13.9]]


def geojson(*features: dict[str, object]) -> Tables:
    return Tables({"boundaries.geojson": json.dumps({"type": "FeatureCollection", "features": features}).encode()})


def test_polygons_of_both_kinds_are_read_by_code() -> None:
    found = read_boundaries(
        geojson(
            {"properties": {"code": 23575}, "geometry": {"type": "Polygon", "coordinates": [RING]}},
            {"properties": {"ma": "23584"}, "geometry": {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}},
        )
    )
    assert {code: len(outline.polygons) for code, outline in found.value.items()} == {"23575": 1, "23584": 2}
    assert found.faults == []


def test_without_a_file_there_is_no_map() -> None:
    found = read_boundaries(Tables({}))
    assert (found.value, found.faults) == ({}, [])


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff{}", b'{"features": 1}', b"[" * 100_000])
def test_what_is_no_map_is_a_fault(content: bytes) -> None:
    [fault] = read_boundaries(Tables({"boundaries.geojson": content})).faults
    assert fault.file == "boundaries.geojson"


def test_every_feature_that_is_no_outline_is_told_by_its_place() -> None:
    point = {"properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    sound = {"properties": {"code": 1}, "geometry": {"type": "Polygon", "coordinates": [RING]}}
    found = read_boundaries(geojson(point, sound, {"properties": []}))
    assert list(found.value) == ["1"]
    assert ["thứ 1" in found.faults[0].what, "thứ 3" in found.faults[1].what] == [True, True]
