"""What cannot be right in a table: where, what, and how to mend it; all of it is listed at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ingest.tables.files import Tables

T = TypeVar("T")
MOST_LISTED = 20
"""Beyond so many the rest is counted: mending these shows what is left."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a person must mend before the tables can be used."""

    file: str
    line: int | None
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What could be read of a file, and every fault in it."""

    value: T
    faults: Sequence[Fault]


def missing_file(name: str) -> Fault:
    """A table that is in neither folder."""
    return Fault(name, None, "thiếu bảng này trong thư mục reference/", "chép lại từ bộ cài đặt")


def not_utf8(name: str, content: bytes, error: UnicodeDecodeError) -> Fault:
    """A file in another encoding, with the line of the first letter that shows it."""
    line = content[: error.start].count(b"\n") + 1
    return Fault(name, line, "không phải UTF-8", "lưu lại bằng bảng mã UTF-8 (trong Excel: “CSV UTF-8”)")


def listed(faults: Iterable[Fault], tables: Tables) -> str:
    """Every fault on a line of its own, by file and line; what is beyond `MOST_LISTED` is counted by file."""
    in_order = sorted(faults, key=lambda fault: (fault.file, fault.line or 0))
    lines = [_sentence(fault, tables) for fault in in_order[:MOST_LISTED]]
    rest = Counter(fault.file for fault in in_order[MOST_LISTED:])
    if rest:
        by_file = ", ".join(f"{name} {count}" for name, count in rest.items())
        lines.append(f"… và {rest.total()} chỗ sai nữa ({by_file}).")
    return "\n".join(lines)


def _sentence(fault: Fault, tables: Tables) -> str:
    place = tables.path_of(fault.file) + (f", dòng {fault.line}" if fault.line else "")
    return f"{place}: {fault.what}; {fault.remedy}."
