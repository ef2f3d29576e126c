"""An empty field for a digital signature, where the signature block leaves room for one; tagged, so that it may be filled.

Sources: ISO 32000-1 12.7.4.5 (signature fields), ISO 14289-1 7.18 (annotations in the tree), ISO 19005-3 6.3.3.
"""

from typing import Any

import pydyf

from domain.errors import BadDocument

FIELD_NAME = "KySo"
_ROOM = "seal"
_POINTS_PER_PX = 0.75
_PRINT = 4
_TOOLTIP = "Chữ ký số của người ký và con dấu của cơ quan"


def add_signature_field(document: Any, pdf: Any) -> None:
    """Put the field into the room that the page leaves for it; a document without a signature block gets none.

    Raises:
        BadDocument: if the room is not found again in the tree of the document.
    """
    found = [
        (number, page, box)
        for number, page in enumerate(document.pages)
        for box in page._page_box.descendants()
        if box.element is not None and box.element.get("class") == _ROOM
    ]
    if not found:
        return
    number, page, box = found[-1]
    home = [each for each in pdf.objects if _has(each, "Type", "/Page")][number]
    parent = _element_of_the_room(pdf, home)
    field = _field(pdf, home, page.height, box)
    _hang_in_tree(pdf, home, parent, field)
    home.setdefault("Annots", pydyf.Array()).append(field.reference)
    home["Tabs"] = "/S"
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference])})


def _field(pdf: Any, home: Any, page_height: float, box: Any) -> Any:
    """The field over the box of its page, blank until it is filled."""
    low = page_height - box.position_y - box.height
    blank = pydyf.Stream(
        [], {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, *_points(box.width, box.height)])}
    )
    pdf.add_object(blank)
    corners = _points(box.position_x, low, box.position_x + box.width, low + box.height)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD_NAME),
            "TU": pydyf.String(_TOOLTIP),
            "F": _PRINT,
            "P": home.reference,
            "Rect": pydyf.Array(corners),
            "AP": pydyf.Dictionary({"N": blank.reference}),
        }
    )
    pdf.add_object(field)
    return field


def _hang_in_tree(pdf: Any, home: Any, parent: Any, field: Any) -> None:
    """Make the field a form element below `parent` in the tree of the document, and let each name the other."""
    [root] = [each for each in pdf.objects if _has(each, "Type", "/StructTreeRoot")]
    [owners] = [each for each in pdf.objects if each.reference == root["ParentTree"]]
    field["StructParent"] = max(owners["Nums"][0::2]) + 1
    mention = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": home.reference})
    pdf.add_object(mention)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "K": pydyf.Array([mention.reference]),
            "Pg": home.reference,
            "P": parent.reference,
        }
    )
    pdf.add_object(element)
    parent["K"].append(element.reference)
    owners["Nums"] += [field["StructParent"], element.reference]


def _element_of_the_room(pdf: Any, home: Any) -> Any:
    """The element of the room: the last empty division of its page, after the rules of the letterhead."""
    empty = [
        each
        for each in pdf.objects
        if _has(each, "S", "/Div", b"/Div") and not each["K"] and each["Pg"] == home.reference
    ]
    if not empty:
        raise BadDocument("Trang in không có chỗ cho chữ ký số trong khối chữ ký.")
    return empty[-1]


def _has(each: Any, name: str, *values: str | bytes) -> bool:
    """Whether an object is a dictionary with one of these values under that name."""
    return isinstance(each, dict) and each.get(name) in values


def _points(*sizes: float) -> list[float]:
    return [round(size * _POINTS_PER_PX, 2) for size in sizes]
