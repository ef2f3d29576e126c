"""One CSV table: its records with the lines they stand on, and every fault in it."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.text import clean
from ingest.tables.cells import Cells
from ingest.tables.faults import Fault, missing_file, not_utf8
from ingest.tables.files import Tables

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Layout(Generic[T]):
    """A table: its file, the columns it cannot do without, and how a row becomes a record."""

    file: str
    columns: tuple[str, ...]
    record: Callable[[Cells], T]


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """A record and the line it ends on."""

    number: int
    record: T


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """A table as it was read."""

    file: str
    lines: Sequence[Line[T]]
    faults: Sequence[Fault]

    @property
    def is_sound(self) -> bool:
        """Whether every row was read."""
        return not self.faults

    @property
    def records(self) -> list[T]:
        """The records, in the order of the file."""
        return [line.record for line in self.lines]

    def fault(self, line: Line[T] | None, what: str, remedy: str) -> Fault:
        """A fault of this table."""
        return Fault(self.file, line.number if line else None, what, remedy)


def read_table(tables: Tables, layout: Layout[T]) -> Table[T]:
    """Every row of the table that can be read, and a fault for everything else."""
    found = list(_lines(tables.files.get(layout.file), layout))
    return Table(
        layout.file,
        [each for each in found if isinstance(each, Line)],
        [each for each in found if isinstance(each, Fault)],
    )


def _lines(content: bytes | None, layout: Layout[T]) -> Iterator[Line[T] | Fault]:
    if content is None:
        yield missing_file(layout.file)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield not_utf8(layout.file, content, error)
        return
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in layout.columns if column not in (reader.fieldnames or ())]
        if missing:
            yield Fault(
                layout.file,
                reader.line_num or None,
                f"thiếu cột {', '.join(missing)}",
                "dòng tiêu đề phải ghi đủ các cột, cách nhau bằng dấu phẩy",
            )
            return
        for row in reader:
            yield from _line(layout, reader.line_num, row)
    except csv.Error as error:
        yield Fault(
            layout.file,
            reader.line_num + 1,
            f"không phải CSV, từ đây không đọc được ({error})",
            "dấu ngoặc kép phải mở và đóng; ô có dấu ngoặc kép thì viết hai lần dấu ấy",
        )


def _line(layout: Layout[T], number: int, row: Mapping[str | Any, str | Any]) -> Iterator[Line[T] | Fault]:
    if None in row:
        yield Fault(layout.file, number, "nhiều ô hơn tiêu đề", "ô có dấu phẩy phải đặt trong ngoặc kép")
        return
    cells = Cells({column: clean(value or "") for column, value in row.items()})
    record = layout.record(cells)
    if cells.problems:
        yield from (Fault(layout.file, number, what, remedy) for what, remedy in cells.problems)
    else:
        yield Line(number, record)
