"""A workbook's cells folded small, as they come out of the process that read them and wait to be judged."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.workbook.raw_workbook import FoundColumn, FoundSheet, OddPlace, RawCell, RawWorkbook

RECORDS: Mapping[str, tuple[str, ...]] = {
    "cells": RawCell._fields,
    "columns": FoundColumn._fields,
    "sheets": FoundSheet._fields,
    "odd": OddPlace._fields,
    "totals": RawCell._fields,
}
"""What a workbook holds many of, with the columns of each; the first is the file."""
_FASTEST = 1


@dataclass(frozen=True, slots=True)
class PackedWorkbook:
    """One file's cells, and what it says of itself: by that it is put into a batch before anything is unfolded."""

    file: str
    kind: str
    form: str
    period: str | None
    unit: str | None
    revision: int
    is_sample: bool
    properties: Mapping[str, str]
    cells: int
    """How many cells it has."""
    folded: bytes

    def unfold(self) -> dict[str, Sequence[Sequence[Any]]]:
        """For each of `RECORDS` its columns but the file's, days as text."""
        columns: dict[str, Sequence[Sequence[Any]]] = json.loads(zlib.decompress(self.folded))
        return columns


def fold(book: RawWorkbook) -> bytes:
    """The workbook as bytes that `unfolded` takes: a line that says what it is, and its cells behind it."""
    head = {
        "kind": book.kind,
        "form": book.form,
        "period": book.stated_period,
        "unit": book.stated_unit,
        "revision": book.stated_revision,
        "is_sample": book.is_sample,
        "properties": book.properties,
        "cells": len(book.cells),
    }
    columns = {name: list(zip(*getattr(book, name), strict=True))[1:] for name in RECORDS}
    plain = json.dumps(columns, default=date.isoformat, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return json.dumps(head).encode() + b"\n" + zlib.compress(plain, _FASTEST)


def pack(book: RawWorkbook) -> PackedWorkbook:
    """The workbook folded, as if it came from a process apart."""
    return unfolded(book.file, fold(book))


def unfolded(file: str, content: bytes) -> PackedWorkbook:
    """What `fold` made of a workbook, as it waits."""
    head, _, folded = content.partition(b"\n")
    return PackedWorkbook(file, **json.loads(head), folded=folded)
