"""Loads the outlines of units from `boundaries.geojson`, where the province has put one."""

import json

from domain.boundaries import Outline
from domain.errors import BadReference
from ingest.tables.files import Tables

_NAME = "boundaries.geojson"


def parse_boundaries(tables: Tables) -> dict[str, Outline]:
    """Every outline by its unit's code, from the property `code` (or `ma`); empty where there is no such file.

    Raises:
        BadReference: names the file, and what in it cannot be an outline.
    """
    content = tables.files.get(_NAME)
    if content is None:
        return {}
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
        return {outline.code: outline for outline in map(_outline, features)}
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadReference(
            f"{_NAME}: không phải GeoJSON FeatureCollection của Polygon, MultiPolygon với thuộc tính “code” ({error})."
        ) from error


def _outline(feature: dict) -> Outline:  # type: ignore[type-arg]
    properties, geometry = feature["properties"], feature["geometry"]
    kinds = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return Outline(
        str(properties.get("code") or properties["ma"]),
        [[[(float(x), float(y)) for x, y, *_ in ring] for ring in polygon] for polygon in kinds[geometry["type"]]],
    )
