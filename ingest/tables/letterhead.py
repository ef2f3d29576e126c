"""`sender.toml`: the agency that signs."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from domain.letterhead import TONE_PLACEMENTS, Sender
from ingest.tables.faults import Fault, Reading, missing_file
from ingest.tables.files import Tables
from ingest.tables.toml_file import parse_toml

_NAME = "sender.toml"
_REMEDY = "đối chiếu với tệp mẫu trong thư mục reference/"
_LISTS = ("signature_powers", "copies")
_SKINS = ("nd30", "party")


def read_sender(tables: Tables) -> Reading[Sender | None]:
    """The agency of the letterhead; null where the file has faults."""
    if _NAME not in tables.files:
        return Reading(None, [missing_file(_NAME)])
    values = parse_toml(_NAME, tables.files[_NAME])
    if isinstance(values, Fault):
        return Reading(None, [values])
    faults = [Fault(_NAME, None, what, _REMEDY) for what in _problems(values)]
    if faults:
        return Reading(None, faults)
    return Reading(Sender(**(values | {name: tuple(values[name]) for name in _LISTS})), [])


def _problems(values: Mapping[str, Any]) -> Iterator[str]:
    for field in fields(Sender):
        if field.name not in values:
            if field.default is MISSING:
                yield f"thiếu mục {field.name}"
        elif field.name in _LISTS and not _is_list_of_text(values[field.name]):
            yield f"mục {field.name} phải là danh sách dòng chữ trong [ ]"
        elif field.name not in _LISTS and not isinstance(values[field.name], str):
            yield f"mục {field.name} phải là chữ trong ngoặc kép"
    for name in sorted(values.keys() - {field.name for field in fields(Sender)}):
        yield f"không có mục {name}"
    if values.get("skin", "nd30") not in _SKINS:
        yield f"skin là nd30 hoặc party, không phải {values['skin']}"
    if values.get("tone_placement", "") not in TONE_PLACEMENTS:
        yield f"tone_placement là hòa, hoà hoặc để trống, không phải {values['tone_placement']}"


def _is_list_of_text(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)
