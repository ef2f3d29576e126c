"""A workbook's cells folded small, as they come out of the process that read them and wait to be judged."""

import json
import zlib
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from ingest.workbook.raw_workbook import FoundColumn, FoundSheet, OddPlace, RawCell, RawWorkbook

_LISTS: tuple[tuple[str, type[Any]], ...] = (
    ("cells", RawCell), ("columns", FoundColumn), ("sheets", FoundSheet), ("odd", OddPlace), ("totals", RawCell),
)  # fmt: skip
_DAY = RawCell._fields.index("day")
_FASTEST = 1


@dataclass(frozen=True, slots=True)
class PackedWorkbook:
    """One file's cells, and what it says of itself: by that it is put into a batch before anything is unfolded."""

    file: str
    period: str | None
    unit: str | None
    revision: int
    cells: int
    """How many cells it has."""
    folded: bytes

    def unfold(self) -> RawWorkbook:
        """The workbook as it was read."""
        plain: dict[str, Any] = json.loads(zlib.decompress(self.folded))
        for name, record in _LISTS:
            plain[name] = [record._make(_with_day(record, row)) for row in plain[name]]
        return RawWorkbook(self.file, **plain)


def fold(book: RawWorkbook) -> bytes:
    """The workbook as bytes that `unfolded` takes: a line that says what it is, and its cells behind it."""
    head = {
        "period": book.stated_period,
        "unit": book.stated_unit,
        "revision": book.stated_revision,
        "cells": len(book.cells),
    }
    plain = {each.name: getattr(book, each.name) for each in fields(RawWorkbook) if each.name != "file"}
    cells = json.dumps(plain, default=date.isoformat, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.dumps(head).encode() + b"\n" + zlib.compress(cells, _FASTEST)


def pack(book: RawWorkbook) -> PackedWorkbook:
    """The workbook folded, as if it came from a process apart."""
    return unfolded(book.file, fold(book))


def unfolded(file: str, content: bytes) -> PackedWorkbook:
    """What `fold` made of a workbook, as it waits."""
    head, _, folded = content.partition(b"\n")
    return PackedWorkbook(file, **json.loads(head), folded=folded)


def _with_day(record: type[Any], row: list[Any]) -> list[Any]:
    if record is RawCell and row[_DAY] is not None:
        row[_DAY] = date.fromisoformat(row[_DAY])
    return row
