"""One file as raw cells: where each column is, which rows are data, what was typed. Nothing is coerced."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from domain import form
from domain.form import Sheet
from domain.text import bare
from ingest.workbook.limits import Limits
from ingest.workbook.odd_places import odd_place
from ingest.workbook.raw_workbook import FoundSheet, RawWorkbook
from ingest.workbook.read_cells import read_cells
from ingest.workbook.sheet_cells import read_sheet
from ingest.workbook.stated_form import stated_form
from ingest.workbook.table_layout import Captions, RawSheet

NO_ALIASES: Mapping[str, Captions] = {}
LIMITS = Limits()


def read_workbook(
    path: Path, file: str, aliases: Mapping[str, Captions] = NO_ALIASES, limits: Limits = LIMITS
) -> RawWorkbook:
    """Read one file here, in this process; what strangers send is read by `Readers`, in a process apart.

    Args:
        path: where its bytes lie.
        file: the name it goes by in the frames.
        aliases: for each table, other captions of its columns and the fields they stand for.
        limits: how large it may be.

    Raises:
        UnreadableFile: if no workbook can be made of the bytes; the text says why.
    """
    content = read_cells(path, limits)
    sheets: dict[str, list[RawSheet]] = {}
    for each in content.sheets:
        sheets.setdefault(bare(each.name), []).append(each)
    book = RawWorkbook(file, content.kind, properties=content.properties)
    filled_in = stated_form(sheets.get(bare(form.STATEMENT.name), ()), content.properties)
    book.form = filled_in.version
    for definition in filled_in.sheets:
        named_alike = sheets.pop(bare(definition.name), [])
        sheet = _read_first_filled(book, definition, named_alike, aliases.get(definition.table, {}))
        if definition.required and sheet is None:
            book.sheets.append(FoundSheet(file, definition.table, definition.name, False, True))
        if sheet is not None and definition.table == form.STATEMENT.table:
            book.is_sample = _has_sample_mark(sheet)
    unread = form.UNREAD_SHEETS | {bare(each.name) for each in filled_in.shown}
    for key, others in sheets.items():
        # The form's own other sheets are not read; a second one of that name is somebody's.
        for sheet in others[1:] if key in unread else others:
            if sheet.holds_something:
                book.sheets.append(FoundSheet(file, None, sheet.name, True, True))
    return book


def _read_first_filled(
    book: RawWorkbook, definition: Sheet, named_alike: Sequence[RawSheet], aliases: Captions
) -> RawSheet | None:
    """Read one of the sheets that bear a name of the form: the first in which the unit has filled in anything."""
    if not named_alike:
        return None
    readings = []
    for sheet in named_alike:
        reading = RawWorkbook(book.file)
        layout = read_sheet(reading, definition, sheet, aliases)
        reading.sheets.append(FoundSheet(book.file, definition.table, definition.name, True, layout is not None))
        readings.append(reading)
        if len(named_alike) == 1:
            break
    place = next((place for place, reading in enumerate(readings) if _is_filled_in(reading, definition)), 0)
    sheet = named_alike[place]
    book.take(readings[place])
    if len(named_alike) > 1:
        names = [
            f"“{each.name}”" if _is_filled_in(reading, definition) else f"“{each.name}” (trống)"
            for each, reading in sorted(zip(named_alike, readings, strict=True), key=lambda pair: pair[0] is not sheet)
        ]
        book.odd.append(odd_place(book, definition, sheet, 1, 1, "same_name", " và ".join(names)))
    return sheet


def _is_filled_in(reading: RawWorkbook, definition: Sheet) -> bool:
    prefilled = {each.name for each in definition.fields if each.prefilled}
    return any(cell.kind != "blank" and cell.field not in prefilled for cell in reading.cells)


def _has_sample_mark(sheet: RawSheet) -> bool:
    return any(
        isinstance(cell, str) and form.SAMPLE_MARK in cell for row in sheet.rows[: form.HEADER_ROW] for cell in row
    )
