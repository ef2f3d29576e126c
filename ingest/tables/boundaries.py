"""The outlines of units in `boundaries.geojson`, where the province has put one."""

import json
from typing import Any

from domain.boundaries import Outline
from ingest.tables.faults import Fault, Reading, not_utf8
from ingest.tables.files import Tables

_NAME = "boundaries.geojson"
_REMEDY = "xuất lại từ phần mềm bản đồ: FeatureCollection của Polygon, MultiPolygon với thuộc tính “code”"
_NO_OUTLINE = (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError)


def read_boundaries(tables: Tables) -> Reading[dict[str, Outline]]:
    """Every outline by its unit's code, from the property `code` (or `ma`); empty where there is no such file."""
    content = tables.files.get(_NAME)
    if content is None:
        return Reading({}, [])
    try:
        features = list(json.loads(content.decode("utf-8-sig"))["features"])
    except UnicodeDecodeError as error:
        return Reading({}, [not_utf8(_NAME, content, error)])
    except (*_NO_OUTLINE, RecursionError) as error:
        return Reading({}, [Fault(_NAME, getattr(error, "lineno", None), f"không phải GeoJSON ({error})", _REMEDY)])
    outlines, faults = dict[str, Outline](), list[Fault]()
    for number, feature in enumerate(features, start=1):
        try:
            outline = _outline(feature)
            outlines[outline.code] = outline
        except _NO_OUTLINE as error:
            faults.append(Fault(_NAME, None, f"đối tượng thứ {number} không phải ranh giới ({error!r})", _REMEDY))
    return Reading(outlines, faults)


def _outline(feature: dict[str, Any]) -> Outline:
    properties, geometry = feature["properties"], feature["geometry"]
    kinds = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    return Outline(
        str(properties.get("code") or properties["ma"]),
        [[[(float(x), float(y)) for x, y, *_ in ring] for ring in polygon] for polygon in kinds[geometry["type"]]],
    )
