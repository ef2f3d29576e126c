"""Loads the outlines of units from `boundaries.geojson`, where the province has put one."""

import json
from pathlib import Path

from domain.boundaries import Outline
from domain.errors import BadReference


def load_boundaries(folder: Path, local: Path) -> dict[str, Outline]:
    """Every outline by its unit's code, from the property `code` (or `ma`); empty where there is no such file.

    Raises:
        BadReference: names the file, and what in it cannot be an outline.
    """
    path = next(
        (place / "boundaries.geojson" for place in (local, folder) if (place / "boundaries.geojson").is_file()), None
    )
    if path is None:
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        return {outline.code: outline for outline in map(_outline, features)}
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadReference(
            f"{path}: không phải GeoJSON FeatureCollection của Polygon, MultiPolygon với thuộc tính “code” ({error})."
        ) from error


def _outline(feature: dict) -> Outline:  # type: ignore[type-arg]
    properties, geometry = feature["properties"], feature["geometry"]
    kinds = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return Outline(
        str(properties.get("code") or properties["ma"]),
        [[[(float(x), float(y)) for x, y, *_ in ring] for ring in polygon] for polygon in kinds[geometry["type"]]],
    )
