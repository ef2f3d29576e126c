"""The cells of one sheet, by the captions that were found in it: a table of rows, or one of keys and values."""

from collections.abc import Set
from datetime import date

from domain import form
from domain.form import Sheet
from domain.text import heading
from ingest.workbook.odd_places import (
    covered_by_merges,
    merged_ranges,
    moved_headings,
    odd_cells,
    odd_row,
    odd_rows,
)
from ingest.workbook.raw_workbook import FoundColumn, RawCell, RawWorkbook
from ingest.workbook.table_layout import Captions, Layout, RawSheet, captions_of, find_layout
from ingest.workbook.table_rows import SUMMED, is_column_numbers, is_signature, rows_below

_PICTURES = ("=DISPIMG(", "=_xlfn.DISPIMG(")
"""What WPS leaves as the value of a cell that holds a picture."""


def read_sheet(book: RawWorkbook, definition: Sheet, sheet: RawSheet, aliases: Captions) -> Layout | None:
    """Put the sheet's cells and columns into the book; null where its captions were not found."""
    if definition.table in form.KEY_VALUE_TABLES:
        key = {heading(form.KEY_CAPTION): "key"}
        both = {**key, heading(form.VALUE_CAPTION): "value"}
        # The values stand right of the keys, also where their own caption is gone.
        layout = find_layout(sheet, both, 2 * len(both)) or find_layout(sheet, key, len(key))
        if layout is not None:
            _read_key_values(book, definition, sheet, layout, captions_of(definition, aliases))
    else:
        layout = find_layout(sheet, captions_of(definition, aliases), len(definition.fields))
        if layout is not None:
            _read_ledger(book, definition, sheet, layout)
    return layout


def _read_key_values(book: RawWorkbook, definition: Sheet, sheet: RawSheet, layout: Layout, captions: Captions) -> None:
    columns = {name: column for column, (_, name) in sorted(layout.captions.items(), reverse=True) if name}
    key_column, value_column = columns["key"], columns.get("value", columns["key"] + 1)
    seen: dict[str, int] = {}
    read: list[RawCell] = []
    for row in range(layout.row + 1, len(sheet.rows) + 1):
        label = sheet.at(row, key_column)
        name = captions.get(heading(label)) if isinstance(label, str) else None
        if name is None:
            said = [column for column in (key_column, value_column) if sheet.is_filled(row, column)]
            is_furniture = is_column_numbers(sheet.rows[row - 1]) or (label is not None and is_signature(label))
            if said and not is_furniture:
                book.odd.append(odd_row(book, definition, sheet, row))
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 1:
            read.append(_raw_cell(book, definition, sheet, row, value_column, name))
        else:
            book.columns.append(FoundColumn(book.file, definition.table, name, str(label), 2, row, key_column))
    for each in definition.fields:
        if each.name not in seen:
            book.columns.append(
                FoundColumn(book.file, definition.table, each.name, each.caption, 0, layout.row, key_column)
            )
    hints = {
        column for column, (caption, _) in layout.captions.items() if heading(caption) == heading(form.HINT_CAPTION)
    }
    _note_unknown_columns(book, definition, sheet, layout, {key_column, value_column, *hints})
    book.cells += read
    book.odd += odd_cells(book, definition, sheet, read)


def _read_ledger(book: RawWorkbook, definition: Sheet, sheet: RawSheet, layout: Layout) -> None:
    def note(name: str | None, caption: str, times: int, column: int) -> None:
        book.columns.append(FoundColumn(book.file, definition.table, name, caption, times, layout.row, column))

    beside = {heading(caption) for caption in form.COMPUTED_CAPTIONS}
    places: dict[str, int] = {}
    passed = set()
    for column, (caption, name) in sorted(layout.captions.items()):
        if name is not None and name not in places:
            places[name] = column
        elif name is not None:
            note(name, caption, 2, column)
        if name is not None or heading(caption) in beside:
            passed.add(column)
    _note_unknown_columns(book, definition, sheet, layout, passed)
    for each in definition.fields:
        if each.name in places or not each.computed:
            note(each.name, each.caption, 1 if each.name in places else 0, places.get(each.name, 1))
    computed = [each.name for each in definition.fields if each.computed and each.name in places]
    shown = {name: places.pop(name) for name in computed}
    rows = rows_below(definition, sheet, layout, places, frozenset(shown.values()))
    covered = covered_by_merges(sheet, rows.data, places.values())
    read = [
        _raw_cell(book, definition, sheet, row, column, name, covered.get((row, column)))
        for row in rows.data
        for name, column in places.items()
    ]
    book.cells += read
    # What the workbook computed is compared with what is computed here; where it computed nothing, with nothing.
    book.cells += [
        _without_error(_raw_cell(book, definition, sheet, row, column, name))
        for row in rows.data
        for name, column in shown.items()
    ]
    book.totals += [
        _raw_cell(book, definition, sheet, row, column, name)
        for row in rows.totals
        for name, column in (places | shown).items()
        if name in SUMMED[definition.table] and sheet.at(row, column) is not None
    ]
    book.odd += odd_cells(book, definition, sheet, read)
    book.odd += odd_rows(book, definition, sheet, rows)
    book.odd += moved_headings(book, definition, sheet, rows.headings, layout)
    book.odd += merged_ranges(book, definition, sheet, covered, places)


def _note_unknown_columns(
    book: RawWorkbook, definition: Sheet, sheet: RawSheet, layout: Layout, known: Set[int]
) -> None:
    """Columns that nobody asked for, in which something stands below the captions."""
    width = max((len(row) for row in sheet.rows), default=0)
    for column in range(1, width + 1):
        if column not in known and any(
            sheet.is_filled(row, column) for row in range(layout.row + 1, len(sheet.rows) + 1)
        ):
            caption = layout.captions.get(column, ("", None))[0] or "(không có tiêu đề)"
            book.columns.append(FoundColumn(book.file, definition.table, None, caption, 1, layout.row, column))


def _raw_cell(
    book: RawWorkbook,
    definition: Sheet,
    sheet: RawSheet,
    row: int,
    column: int,
    name: str,
    merged: str | None = None,
) -> RawCell:
    value, place = sheet.at(row, column), (row, column)
    cell = RawCell(
        book.file,
        definition.table,
        row,
        column,
        name,
        "blank",
        original=sheet.repaired.get(place),
        is_percent=place in sheet.percent,
        is_hidden=row in sheet.hidden_rows or column in sheet.hidden_columns,
        merged=merged,
    )
    match value:
        case _ if place in sheet.pictures or (isinstance(value, str) and value.startswith(_PICTURES)):
            return cell._replace(kind="picture", text=str(value or "ảnh trong ô"))
        case _ if place in sheet.troubled:
            return cell._replace(kind="error", text=sheet.troubled[place])
        case None:
            return cell
        case bool():
            return cell._replace(kind="flag", text="Có" if value else "Không")
        case float():
            return cell._replace(kind="number", text=_plain(value), number=value)
        case date():
            return cell._replace(kind="day", text=f"{value:%d/%m/%Y}", day=value)
        case str():
            return cell._replace(kind="legacy" if place in sheet.suspect else "text", text=value)
    raise ValueError(f"unexpected cell {value!r}")


def _without_error(cell: RawCell) -> RawCell:
    return cell._replace(kind="blank", text=None) if cell.kind == "error" else cell


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
