"""What people wrote for the reports: one TOML file per period in `reference/narratives`.

A fault in one keeps its own report from being made, and nothing else: units are judged without it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from domain.alphabet import is_printed, spelled_out
from domain.errors import BadPeriod
from domain.narrative import SECTIONS, NakedNumber, Narrative, paragraphs, pieces
from domain.period import Period
from domain.text import clean
from ingest.tables.faults import Fault, Reading
from ingest.tables.files import NARRATIVES, UNREADABLE, Tables
from ingest.tables.toml_file import parse_toml

_REMEDY = "đối chiếu với tệp mà “ketnghia narrative KỲ” lập ra"


def read_narratives(tables: Tables) -> Reading[dict[str, Narrative]]:
    """Every narrative without faults, by its period."""
    found, faults = dict[str, Narrative](), list[Fault]()
    for name, content in sorted(tables.files.items()):
        if not name.startswith(NARRATIVES):
            continue
        values = _unread(name, content) or parse_toml(name, content)
        wrong = [values] if isinstance(values, Fault) else list(_faults(name, values, content))
        if wrong or isinstance(values, Fault):
            faults += wrong
        else:
            found[PurePosixPath(name).stem] = _narrative(values)
    return Reading(found, faults)


def _unread(name: str, content: bytes) -> Fault | None:
    """That the system would not let us read the file, with what to do."""
    if not content.startswith(UNREADABLE):
        return None
    what, _, remedy = content.removeprefix(UNREADABLE).decode().partition("; ")
    return Fault(name, None, what, remedy)


def _narrative(values: Mapping[str, Any]) -> Narrative:
    return Narrative(_author(values), values["written_on"], **{section: _said(values, section) for section in SECTIONS})


def _author(values: Mapping[str, Any]) -> str:
    return clean(str(values.get("author", "")))


def _said(values: Mapping[str, Any], section: str) -> tuple[str, ...]:
    return tuple(clean(each) for each in paragraphs(str(values.get(section, ""))))


def _faults(name: str, values: Mapping[str, Any], content: bytes) -> Iterator[Fault]:
    try:
        Period.parse(PurePosixPath(name).stem)
    except BadPeriod:
        yield Fault(name, None, "tên tệp không phải kỳ báo cáo", "đặt tên như 2024-02.toml hoặc 2024-Q1.toml")
    for unknown in sorted(values.keys() - {"author", "written_on", *SECTIONS}):
        line = _line(content, unknown)
        yield Fault(name, line, f"không có mục {spelled_out(unknown)}", f"các mục: {', '.join(SECTIONS)}")
    if not _author(values):
        yield Fault(name, None, "phải ghi author (người viết)", _REMEDY)
    if not isinstance(values.get("written_on"), date):
        yield Fault(name, None, "phải ghi written_on (ngày viết)", "viết như 2024-02-19, không có ngoặc kép")
    for section, said in [("author", (_author(values),)), *((each, _said(values, each)) for each in SECTIONS)]:
        for paragraph in said:
            yield from _faults_of_words(name, section, paragraph, content)


def _faults_of_words(name: str, section: str, paragraph: str, content: bytes) -> Iterator[Fault]:
    strange = next((letter for letter in paragraph if not is_printed(letter)), None)
    if strange is not None:
        what = f"mục {section}: ký tự {spelled_out(strange)} không in được"
        yield Fault(name, _line(content, strange), what, "xóa ký tự ấy hoặc viết bằng chữ")
    if section == "author":
        return
    try:
        pieces(paragraph)
    except NakedNumber as reason:
        line = _line(content, reason.digits)
        yield Fault(name, line, f"mục {section}: {reason}", "mọi số trong lời văn phải truy được về bảng")


def _line(content: bytes, wanted: str) -> int | None:
    """The first line, but for remarks, on which it stands; null where it was written by an escape."""
    lines = content.decode("utf-8-sig").split("\n")
    return next((place for place, line in enumerate(lines, 1) if wanted in line and not line.startswith("#")), None)
