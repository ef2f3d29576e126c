"""An Office package as Excel opens it: its parts found by relations, whatever they are called."""

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import IO
from urllib.parse import unquote
from xml.etree import ElementTree

from domain.errors import UnreadableFile
from ingest.workbook.limits import Limits

BROKEN = "Cấu trúc bên trong tệp đã hỏng; mở bằng Excel, lưu lại rồi gửi."
_RELATION = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another."""

    id: str
    type: str
    """The last word of its type: `officeDocument`, `worksheet`, `styles`."""
    target: str
    """The part's name, as `Package` keys it."""
    is_plain: bool
    """Whether the target is written as every reader understands it."""


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet as the workbook names it, and the part it stands in, if that is there."""

    name: str
    part: str | None
    relation: Relation | None


class Package:
    """The parts of a package by their names, which differ neither by case nor by the slant of their slashes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {canonical(entry.filename): entry for entry in archive.infolist()}
        self._relations: dict[str, list[Relation]] = {}
        relations = self.relations("")
        document = next((each.target for each in relations if each.type == "officeDocument"), None)
        usual = next((name for name in ("xl/workbook.xml", "xl/workbook.bin") if name in self), None)
        self.document = document if document in self else usual
        """The main part: of a workbook, of a text, of slides."""
        self.custom = next((each.target for each in relations if each.type == "custom-properties"), "")

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return list(self._entries)

    @property
    def is_plain(self) -> bool:
        """Whether the names are written as every reader understands them; Windows' slashes they all do."""
        return all(name == entry.filename.replace("\\", "/").lower() for name, entry in self._entries.items())

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        return self._archive.read(self._entries[name])

    def open(self, name: str) -> IO[bytes]:
        """The part as a stream."""
        return self._archive.open(self._entries[name])

    def relations(self, part: str) -> list[Relation]:
        """What the part (the package itself: an empty name) says of others inside the package."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            rels = posixpath.join(folder, "_rels", f"{name}.rels")
            entries = ElementTree.fromstring(self.read(rels)) if rels in self else ()
            self._relations[part] = [
                _relation(entry, folder) for entry in entries if entry.get("TargetMode") != "External"
            ]
        return self._relations[part]

    def related(self, kind: str) -> str | None:
        """The part of a kind that the main part names, if it is there."""
        found = next((each.target for each in self.relations(self.document or "") if each.type == kind), None)
        return found if found in self else None

    def sheets(self, limits: Limits) -> list[SheetEntry]:
        """The sheets of an XML workbook in their order.

        Raises:
            UnreadableFile: if there are too many, or two share a name or a part; all before any of them is read.
        """
        relations = {each.id: each for each in self.relations(self.document or "")}
        root = ElementTree.fromstring(self.read(self.document or ""))
        entries = [element for element in root.iter() if element.tag.rpartition("}")[2] == "sheet"]
        named = [
            (entry.get("name", ""), next((str(entry.get(key)) for key in _RELATION if entry.get(key)), ""))
            for entry in entries
        ]
        return self.checked_sheets(named, relations, limits)

    def checked_sheets(
        self, named: list[tuple[str, str]], relations: dict[str, Relation], limits: Limits
    ) -> list[SheetEntry]:
        """The sheets by their names and the ids of their relations.

        Raises:
            UnreadableFile: if there are too many, or two share a name or a part.
        """
        refuse_many_sheets(len(named), limits)
        sheets = []
        for name, identity in named:
            relation = relations.get(identity)
            part = relation.target if relation is not None and relation.target in self else None
            sheets.append(SheetEntry(name, part, relation))
        names = [each.name.casefold() for each in sheets]
        twice = next((each.name for each in sheets if names.count(each.name.casefold()) > 1), None)
        if twice is not None:
            raise UnreadableFile(
                f"Sổ tính có hai sheet cùng tên “{twice}”; mở bằng Excel, đổi tên hoặc xóa một sheet, lưu lại rồi gửi."
            )
        parts = [each.part for each in sheets if each.part is not None]
        if len(set(parts)) < len(parts):
            raise UnreadableFile(
                "Sổ tính có hai sheet dùng chung một phần bên trong tệp; mở bằng Excel, lưu lại rồi gửi."
            )
        return sheets


def refuse_many_sheets(count: int, limits: Limits) -> None:
    """Stop before any sheet is read.

    Raises:
        UnreadableFile: if there are more sheets than the limits allow.
    """
    if count > limits.sheets:
        raise UnreadableFile(f"Sổ tính có {count} sheet; xóa các sheet không thuộc biểu mẫu rồi gửi lại.")


def canonical(name: str) -> str:
    """The key of a part's name: Windows' slashes, capitals and a leading slash make no other part."""
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()


def _relation(entry: ElementTree.Element, folder: str) -> Relation:
    target = entry.get("Target", "")
    written = unquote(target.replace("\\", "/"))
    return Relation(
        entry.get("Id", ""),
        entry.get("Type", "").rpartition("/")[2],
        canonical(posixpath.join("/", folder, written)),
        is_plain=written == target and "./" not in target,
    )


_USUAL_PLACES = {"sharedStrings": "xl/sharedstrings", "styles": "xl/styles"}


def as_readers_expect(package: Package, content: bytes, sheets: list[SheetEntry]) -> bytes:
    """The package for a reader that looks for parts by fixed names; the same bytes where they are there already."""
    document = package.document or ""
    suffix = posixpath.splitext(document)[1]
    relations = package.relations(document)
    is_usual = document == f"xl/workbook{suffix}" and all(
        each.target == _USUAL_PLACES.get(each.type, each.target.removesuffix(suffix)) + suffix
        for each in relations
        if each.type in _USUAL_PLACES
    )
    if is_usual and package.is_plain and all(each.relation is None or each.relation.is_plain for each in sheets):
        return content
    types = package.read("[content_types].xml") if "[content_types].xml" in package else b"<Types/>"
    entries = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations_xml([("rId1", "officeDocument", f"xl/workbook{suffix}")]),
        f"xl/workbook{suffix}": package.read(document),
    }
    renamed = []
    for number, each in enumerate(relations, start=1):
        if each.target in package and each.type in (*_USUAL_PLACES, "worksheet"):
            usual = {"sharedStrings": "sharedStrings", "styles": "styles"}
            name = f"xl/{usual.get(each.type, f'worksheets/sheet{number}')}{suffix}"
            entries[name] = package.read(each.target)
            renamed.append((each.id, each.type, f"/{name}"))
        else:
            renamed.append((each.id, each.type, f"/{each.target}"))
    entries[f"xl/_rels/workbook{suffix}.rels"] = _relations_xml(renamed)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in entries.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def _relations_xml(relations: list[tuple[str, str, str]]) -> bytes:
    root = ElementTree.Element(
        "Relationships", {"xmlns": "http://schemas.openxmlformats.org/package/2006/relationships"}
    )
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    for identity, kind, target in relations:
        ElementTree.SubElement(root, "Relationship", {"Id": identity, "Type": kinds + kind, "Target": target})
    return bytes(ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8"))
