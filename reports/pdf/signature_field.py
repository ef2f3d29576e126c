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
    pages = [each for each in pdf.objects if _is_dictionary(each) and each.get("Type") == "/Page"]
    home, parent = pages[number], _element_of_the_room(pdf, pages[number])
    low = page.height - box.position_y - box.height
    blank = pydyf.Stream(
        [], {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array([0, 0, *_points(box.width, box.height)])}
    )
    pdf.add_object(blank)
    [root] = [each for each in pdf.objects if _is_dictionary(each) and each.get("Type") == "/StructTreeRoot"]
    [owners] = [each for each in pdf.objects if each.reference == root["ParentTree"]]
    place_in_tree = max(owners["Nums"][0::2]) + 1
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(FIELD_NAME),
            "TU": pydyf.String(_TOOLTIP),
            "F": _PRINT,
            "P": home.reference,
            "Rect": pydyf.Array(
                [*_points(box.position_x, low), *_points(box.position_x + box.width, low + box.height)]
            ),
            "AP": pydyf.Dictionary({"N": blank.reference}),
            "StructParent": place_in_tree,
        }
    )
    pdf.add_object(field)
    told = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": home.reference})
    pdf.add_object(told)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "K": pydyf.Array([told.reference]),
            "Pg": home.reference,
            "P": parent.reference,
        }
    )
    pdf.add_object(element)
    parent["K"].append(element.reference)
    owners["Nums"] += [place_in_tree, element.reference]
    home.setdefault("Annots", pydyf.Array()).append(field.reference)
    home["Tabs"] = "/S"
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference])})


def _element_of_the_room(pdf: Any, home: Any) -> Any:
    """The room is the last division of its page that holds nothing: the rules of the letterhead come before it."""
    empty = [
        each
        for each in pdf.objects
        if _is_dictionary(each)
        and each.get("S") in ("/Div", b"/Div")
        and not each["K"]
        and each["Pg"] == home.reference
    ]
    if not empty:
        raise BadDocument("Trang in không có chỗ cho chữ ký số trong khối chữ ký.")
    return empty[-1]


def _is_dictionary(each: Any) -> bool:
    return isinstance(each, dict)


def _points(*sizes: float) -> list[float]:
    return [round(size * _POINTS_PER_PX, 2) for size in sizes]
