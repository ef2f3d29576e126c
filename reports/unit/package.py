"""An .xlsx as its parts and the relations between them: a part that nobody opens keeps its bytes."""

import io
import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of `r:id`, and the beginning of the kinds of relation."""
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_SIGNATURES = "_xmlsignatures/"


class Package:
    """The parts by name, unpacked when they are asked for; those opened as trees are written back when it is packed."""

    def __init__(self, content: bytes) -> None:
        self._received = zipfile.ZipFile(io.BytesIO(content))
        self._entries = {
            entry.filename.replace("\\", "/").lstrip("/"): entry
            for entry in self._received.infolist()
            if not entry.is_dir()
        }
        self._names = {name.casefold(): name for name in self._entries}
        self._trees: dict[str, etree._Element] = {}

    @property
    def workbook(self) -> str:
        """The part that lists the sheets."""
        return next(iter(self.related("", "officeDocument")))

    @property
    def can_be_edited(self) -> bool:
        """Whether it is an .xlsx of Excel's usual kind: with styles, no macros, not Strict, and nobody has signed its bytes."""
        if any(name.startswith(_SIGNATURES) for name in self._names):
            return False
        workbooks = self.related("", "officeDocument")
        return (
            len(workbooks) == 1
            and self._type_of(workbooks[0]) == _WORKBOOK
            and self.tree(workbooks[0]).tag == f"{{{MAIN}}}workbook"
            and len(self.related(workbooks[0], "styles")) == 1
        )

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._names

    def tree(self, name: str, *, is_lenient: bool = False) -> etree._Element:
        """The root of a part, to be read or changed; `is_lenient` for drawings that were never well-formed XML."""
        known = self._names[name.casefold()]
        if known not in self._trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=is_lenient)
            self._trees[known] = etree.fromstring(self._received.read(self._entries[known]), parser)
        return self._trees[known]

    def put(self, name: str, root: etree._Element, content_type: str) -> None:
        """Add a part, or replace it."""
        known = self._keep(name, root)
        override = self._override(known)
        if override is None:
            override = etree.SubElement(self.tree("[Content_Types].xml"), f"{{{_TYPES}}}Override", PartName=f"/{known}")
        override.set("ContentType", content_type)

    def free_name(self, pattern: str) -> str:
        """A name that no part bears, by a pattern with `{}` for a number."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def target(self, source: str, relation_id: str | None) -> str | None:
        """The part that a relation of `source` leads to."""
        relations = (each for each in self._relations(source) if each.get("Id") == relation_id)
        return next((self._part(source, each) for each in relations), None)

    def related(self, source: str, kind: str) -> list[str]:
        """The parts that `source` is related to in that way."""
        return [self._part(source, each) for each in self._relations(source) if each.get("Type") == f"{OFFICE}/{kind}"]

    def relate(self, source: str, kind: str, target: str) -> str:
        """Relate a part to another; gives the relation's id."""
        name = _relations_name(source)
        if name not in self:
            self._keep(name, etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS}))
        taken = {each.get("Id") for each in self._relations(source)}
        identity = next(f"rIdK{number}" for number in range(1, len(taken) + 2) if f"rIdK{number}" not in taken)
        attributes = {"Id": identity, "Type": f"{OFFICE}/{kind}", "Target": f"/{target}"}
        etree.SubElement(self.tree(name), f"{{{_RELATIONS}}}Relationship", attributes)
        return identity

    def unrelate(self, source: str) -> None:
        """Forget what a part was related to; for a part whose content is replaced."""
        name = self._names.pop(_relations_name(source).casefold(), None)
        if name is not None:
            self._trees.pop(name, None)

    def packed(self) -> bytes:
        """The package as bytes; the same parts give the same bytes."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
            for name in self._names.values():
                entry = zipfile.ZipInfo(name, self._entries[name].date_time if name in self._entries else _FIRST_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                is_kept = name not in self._trees
                packed.writestr(
                    entry, self._received.read(self._entries[name]) if is_kept else _written(self._trees[name])
                )
        return written.getvalue()

    def _relations(self, source: str) -> Iterator[etree._Element]:
        name = _relations_name(source)
        return iter(self.tree(name)) if name in self else iter(())

    def _part(self, source: str, relation: etree._Element) -> str:
        target = relation.get("Target", "").replace("\\", "/")
        name = posixpath.normpath(posixpath.join(f"/{posixpath.dirname(source)}", target)).lstrip("/")
        return self._names.get(name.casefold(), name)

    def _keep(self, name: str, root: etree._Element) -> str:
        known = self._names.setdefault(name.casefold(), name)
        self._trees[known] = root
        return known

    def _override(self, name: str) -> etree._Element | None:
        for each in self.tree("[Content_Types].xml").findall(f"{{{_TYPES}}}Override"):
            if each.get("PartName", "").casefold() == f"/{name}".casefold():
                return each
        return None

    def _type_of(self, name: str) -> str | None:
        declared = self._override(name)
        if declared is None:
            extension = name.rpartition(".")[2].casefold()
            defaults = self.tree("[Content_Types].xml").iterfind(f"{{{_TYPES}}}Default")
            declared = next((each for each in defaults if each.get("Extension", "").casefold() == extension), None)
        return None if declared is None else str(declared.get("ContentType"))


def _relations_name(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _written(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written
