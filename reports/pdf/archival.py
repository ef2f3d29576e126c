"""PDF/A-3a and PDF/UA-1 in one file: what WeasyPrint 70 leaves to be done before the file is written.

Sources: ISO 19005-3 (PDF/A-3), ISO 14289-1 (PDF/UA-1), ISO 32000-1 14.8 (tagged PDF).
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from reports.pdf.signature_field import add_signature_field

_UA_IDENTIFICATION = b"""<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" \
rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description></rdf:li></rdf:Seq>\
</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about=""><pdfuaid:part>1</pdfuaid:part>\
</rdf:Description></rdf:RDF>"""
_SOURCE = b"""<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about=""><dc:source>%s</dc:source>\
</rdf:Description>"""
_NEVER_AGAIN = 65535
_MARKED = re.compile(rb"/\w+ <<\s*/MCID (\d+)\s*>> BDC")


def claim_accessibility(document: Any, source: str = "") -> None:
    """Let the metadata claim PDF/UA-1 beside PDF/A, in the one description that validators read, uncompressed.

    With `source` they name what the document comes from (`dc:source`).
    """
    added = _SOURCE % escape(source).encode() if source else b""
    generate, include = document.metadata.generate_rdf_metadata, document.metadata.include_in_pdf

    def with_accessibility(*arguments: object) -> bytes:
        described: bytes = generate(*arguments)
        return described.replace(b"</rdf:RDF>", added + _UA_IDENTIFICATION)

    def uncompressed(pdf: Any, variant: str, version: int, conformance: str, compress: bool) -> None:
        del compress
        include(pdf, variant, version, conformance, compress=False)

    document.metadata.generate_rdf_metadata = with_accessibility
    document.metadata.include_in_pdf = uncompressed


def finish(document: Any, pdf: Any) -> None:
    """Give table headings their scope, mark page furniture as artifacts, and add an empty signature field.

    A table that goes on over several pages becomes one again; spans without attributes are taken out of the tree, which halves it: every one is an object of the file.
    """
    elements = {each.reference: each for each in pdf.objects if _is_element(each)}
    for element in elements.values():
        if element["S"] in (b"/TH", "/TH"):
            element["A"]["Scope"] = "/Column" if _is_in_head(element, elements) else "/Row"
            element.pop("ID", None)
        if element["S"] in ("/TH", "/TD"):
            # WeasyPrint's own headers of two-row headings are contradictory; the scopes say enough.
            element["A"].pop("Headers", None)
        if element["S"] in ("/TD", b"/TD") and element["A"].keys() == {"O"}:
            del element["A"]
    _join_tables(elements)
    owners = _fold_spans(pdf, elements)
    _mark_artifacts(pdf, elements, owners)
    add_signature_field(document, pdf)


def _is_element(each: Any) -> bool:
    return isinstance(each, dict) and each.get("Type") == "/StructElem"


def _is_in_head(element: Any, elements: dict[Any, Any]) -> bool:
    parent = elements.get(element["P"])
    while parent is not None and parent["S"] != "/Table":
        if parent["S"] == "/THead":
            return True
        parent = elements.get(parent["P"])
    return False


def _fold_spans(pdf: Any, elements: dict[Any, Any]) -> dict[Any, Any]:
    """Hang the marks of each bare span on its parent.

    Returns:
        For each span that is gone, what bears its marks now.
    """
    owners: dict[Any, Any] = {}
    # Children come after their parents, so that an inner span is gone before the outer one is looked at.
    for element in reversed(list(elements.values())):
        parent = elements.get(element["P"])
        is_bare = element["S"] in ("/Span", b"/Span") and element.keys() == {"Type", "S", "K", "Pg", "P"}
        if not is_bare or parent is None or parent.get("Pg") != element["Pg"]:
            continue
        if not all(isinstance(kid, int) for kid in element["K"]):
            continue
        place = parent["K"].index(element.reference)
        parent["K"][place : place + 1] = element["K"]
        owners[element.reference] = parent.reference
        del elements[element.reference]
        _set_free(element)
    return owners


def _set_free(element: Any) -> None:
    """Take an object out of the file: a free entry of the cross-reference table, whose number is not used again."""
    element.free, element.number, element.generation = "f", 0, _NEVER_AGAIN


def _join_tables(elements: dict[Any, Any]) -> None:
    """Hang the rows of every further page on the table's first piece: WeasyPrint makes a table of each page's rows.

    A piece that goes on has no caption. The headings that it repeats are furniture of the page.
    """
    first: Any = None
    for table in [each for each in elements.values() if each["S"] in ("/Table", b"/Table")]:
        kids = [elements[kid] for kid in table["K"]]
        if first is None or any(kid["S"] in ("/Caption", b"/Caption") for kid in kids):
            first = table
            continue
        for body in [kid for kid in kids if kid["S"] in ("/TBody", b"/TBody")]:
            body["P"] = first.reference
            first["K"].append(body.reference)
            table["K"].remove(body.reference)
        _remove(table, elements)


def _remove(element: Any, elements: dict[Any, Any]) -> None:
    """Take an element with all below it out of the tree, and what holds nothing else then."""
    parent = elements.get(element["P"])
    if parent is not None:
        parent["K"].remove(element.reference)
    for below in list(_below([element.reference], elements)):
        _set_free(elements.pop(below))


def _mark_artifacts(pdf: Any, elements: dict[Any, Any], moved: dict[Any, Any]) -> None:
    """Mark content outside the tree, such as page numbers and running lines, as artifacts (ISO 32000-1 14.8.2.2)."""
    [root] = [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/StructTreeRoot"]
    reached = set(_below(root["K"], elements))
    [parents] = [each for each in pdf.objects if each.reference == root["ParentTree"]]
    pages = [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/Page"]
    streams = {each.reference: each for each in pdf.objects if hasattr(each, "stream")}
    of_page = dict(zip(parents["Nums"][0::2], parents["Nums"][1::2], strict=True))
    for page in pages:
        owners = of_page[page["StructParents"]]
        for number, owner in enumerate(owners):
            while owner in moved:
                owner = moved[owner]
            owners[number] = owner
        stream = streams[page["Contents"]]
        furniture = {number for number, owner in enumerate(owners) if owner not in reached}

        def marked(found: re.Match[bytes], furniture: set[int] = furniture) -> bytes:
            return b"/Artifact <</Type /Pagination>> BDC" if int(found[1]) in furniture else found[0]

        stream.stream = [
            _MARKED.sub(marked, line) if isinstance(line, bytes) and b"/MCID" in line else line
            for line in stream.stream
        ]
        for number in furniture:
            owners[number] = "null"


def _below(kids: Any, elements: dict[Any, Any]) -> Iterator[Any]:
    for kid in kids:
        if kid in elements:
            yield kid
            yield from _below(elements[kid]["K"], elements)
