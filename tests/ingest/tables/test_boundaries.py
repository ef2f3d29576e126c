import json
from pathlib import Path

import pytest

from domain.errors import BadReference
from ingest.tables.boundaries import parse_boundaries
from ingest.tables.files import read_tables

RING = [[108.0, 13.9], [108.1, 13.9], [108.1, 14.0], [108.0, 13.9]]


def put(folder: Path, *features: dict[str, object]) -> None:
    (folder / "boundaries.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8"
    )


def test_polygons_of_both_kinds_are_read_by_code(tmp_path: Path) -> None:
    put(
        tmp_path,
        {"properties": {"code": 23575}, "geometry": {"type": "Polygon", "coordinates": [RING]}},
        {"properties": {"ma": "23584"}, "geometry": {"type": "MultiPolygon", "coordinates": [[RING], [RING]]}},
    )
    found = parse_boundaries(read_tables(tmp_path, tmp_path / "none"))
    assert {code: len(outline.polygons) for code, outline in found.items()} == {"23575": 1, "23584": 2}


def test_without_a_file_there_is_no_map(tmp_path: Path) -> None:
    assert parse_boundaries(read_tables(tmp_path, tmp_path)) == {}


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}']
)
def test_what_is_no_map_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "boundaries.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(BadReference, match=r"boundaries\.geojson"):
        parse_boundaries(read_tables(tmp_path, tmp_path))
