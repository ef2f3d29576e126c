"""What people wrote for the reports: one TOML file per period in `reference/narratives`."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from domain.errors import BadPeriod
from domain.narrative import SECTIONS, Narrative, paragraphs, pieces
from domain.period import Period
from ingest.tables.faults import Fault, Reading
from ingest.tables.files import Tables
from ingest.tables.toml_file import parse_toml

_FOLDER = "narratives/"
_REMEDY = "đối chiếu với tệp mà “ketnghia narrative KỲ” lập ra"


def read_narratives(tables: Tables) -> Reading[dict[str, Narrative]]:
    """Every narrative without faults, by its period."""
    found, faults = dict[str, Narrative](), list[Fault]()
    for name, content in sorted(tables.files.items()):
        if not name.startswith(_FOLDER):
            continue
        values = parse_toml(name, content)
        wrong = [values] if isinstance(values, Fault) else list(_faults(name, values))
        if wrong or isinstance(values, Fault):
            faults += wrong
        else:
            found[PurePosixPath(name).stem] = _narrative(values)
    return Reading(found, faults)


def _narrative(values: Mapping[str, Any]) -> Narrative:
    sections = {section: paragraphs(str(values.get(section, ""))) for section in SECTIONS}
    return Narrative(_author(values), values["written_on"], **sections)


def _author(values: Mapping[str, Any]) -> str:
    return str(values.get("author", "")).strip()


def _faults(name: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        Period.parse(PurePosixPath(name).stem)
    except BadPeriod:
        yield Fault(name, None, "tên tệp không phải kỳ báo cáo", "đặt tên như 2024-02.toml hoặc 2024-Q1.toml")
    for unknown in sorted(values.keys() - {"author", "written_on", *SECTIONS}):
        yield Fault(name, None, f"không có mục {unknown}", f"các mục: {', '.join(SECTIONS)}")
    if not _author(values):
        yield Fault(name, None, "phải ghi author (người viết)", _REMEDY)
    if not isinstance(values.get("written_on"), date):
        yield Fault(name, None, "phải ghi written_on (ngày viết)", "viết như 2024-02-19, không có ngoặc kép")
    for section in SECTIONS:
        for paragraph in paragraphs(str(values.get(section, ""))):
            try:
                pieces(paragraph)
            except ValueError as reason:
                yield Fault(name, None, f"mục {section}: {reason}", "mọi số trong lời văn phải truy được về bảng")
