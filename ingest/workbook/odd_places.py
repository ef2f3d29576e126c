"""Places of a sheet about which the unit is asked: what is not read, or is read though nobody can see it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from domain.form import Sheet, column_letter
from domain.text import heading
from ingest.workbook.raw_workbook import OddPlace, RawCell, RawWorkbook
from ingest.workbook.table_layout import Layout, RawSheet
from ingest.workbook.table_rows import TableRows

_LONGEST = 120
"""So much of a row that is not read is quoted."""

_REMARKS = ("note",)
"""Fields where one text for several rows does no harm."""


def odd_place(
    book: RawWorkbook, definition: Sheet, sheet: RawSheet, row: int, column: int, oddity: str, caption: str = ""
) -> OddPlace:
    """One such place."""
    return OddPlace(book.file, definition.table, sheet.name, row, column, oddity, caption, str(row))


def odd_row(book: RawWorkbook, definition: Sheet, sheet: RawSheet, row: int, oddity: str = "unread_row") -> OddPlace:
    """A row at its first cell in which something stands, with what stands in the row."""
    line = sheet.rows[row - 1]
    filled = [column for column in range(1, len(line) + 1) if sheet.is_filled(row, column)]
    words = ["" if (cell := sheet.at(row, column)) is None else _in_words(cell) for column in filled]
    text = "; ".join(filter(None, words))
    quoted = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return odd_place(book, definition, sheet, row, min(filled, default=1), oddity, quoted)


def odd_rows(book: RawWorkbook, definition: Sheet, sheet: RawSheet, rows: TableRows) -> Iterator[OddPlace]:
    """Rows below the captions that are not read as data, though somebody may have meant them so."""
    for row in (*rows.unread, *rows.cumulative):
        yield odd_row(book, definition, sheet, row)
    for row in rows.above:
        yield odd_row(book, definition, sheet, row, "above_captions")
    for row in rows.sums:
        yield odd_row(book, definition, sheet, row, "sum_row")


def odd_cells(book: RawWorkbook, definition: Sheet, sheet: RawSheet, cells: Sequence[RawCell]) -> Iterator[OddPlace]:
    """Cells that are read though they are struck, unseen, on a hidden sheet, or filled by another file."""
    if sheet.is_hidden and cells:
        yield odd_place(book, definition, sheet, 1, 1, "hidden_sheet", sheet.name)
    for oddity, odd in (("struck", sheet.struck), ("unseen", sheet.unseen)):
        if odd:
            first: dict[int, RawCell] = {}
            for cell in cells:
                if cell.kind != "blank" and (cell.source_row, cell.source_column) in odd:
                    known = first.get(cell.source_row)
                    if known is None or cell.source_column < known.source_column:
                        first[cell.source_row] = cell
            for cell in first.values():
                yield _at_cell(book, definition, sheet, cell, oddity)
    if sheet.linked:
        for cell in cells:
            if (cell.source_row, cell.source_column) in sheet.linked:
                yield _at_cell(book, definition, sheet, cell, "linked")


def moved_headings(
    book: RawWorkbook, definition: Sheet, sheet: RawSheet, headings: Iterable[int], layout: Layout
) -> Iterator[OddPlace]:
    """Captions that are repeated further down over another column than at the head."""
    captions = {heading(each.caption): each.name for each in definition.fields}
    known = {name for _, name in layout.captions.values() if name}
    for row in headings:
        for column, cell in enumerate(sheet.rows[row - 1], start=1):
            name = captions.get(heading(cell)) if isinstance(cell, str) else None
            above = layout.captions.get(column, ("", None))[1]
            if name is not None and name != above and (name in known or above is not None):
                yield odd_place(book, definition, sheet, row, column, "moved_heading", str(cell))


def covered_by_merges(sheet: RawSheet, rows: Sequence[int], columns: Iterable[int]) -> dict[tuple[int, int], str]:
    """Cells of the data that lie under a merged range and are not its first: each with the range's name."""
    covered: dict[tuple[int, int], str] = {}
    read = sorted(columns)
    for top, left, bottom, right in sheet.merged:
        inside = [row for row in rows if top <= row <= bottom]
        for column in [column for column in read if left <= column <= right] if inside else ():
            for row in inside:
                if (row, column) != (top, left):
                    covered[row, column] = _range(top, left, bottom, right)
    return covered


def merged_ranges(
    book: RawWorkbook,
    definition: Sheet,
    sheet: RawSheet,
    covered: Mapping[tuple[int, int], str],
    places: Mapping[str, int],
) -> Iterator[OddPlace]:
    """The merged ranges among the data, each at its first cell."""
    names = set(covered.values())
    remarks = {places[name] for name in _REMARKS if name in places}
    for top, left, bottom, right in sheet.merged:
        name = _range(top, left, bottom, right)
        if name in names:
            is_remark = left == right and left in remarks
            yield odd_place(book, definition, sheet, top, left, "merged_remark" if is_remark else "merged", name)


def _at_cell(book: RawWorkbook, definition: Sheet, sheet: RawSheet, cell: RawCell, oddity: str) -> OddPlace:
    return odd_place(book, definition, sheet, cell.source_row, cell.source_column, oddity, cell.text or "")


def _range(top: int, left: int, bottom: int, right: int) -> str:
    return f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"


def _in_words(cell: object) -> str:
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)
