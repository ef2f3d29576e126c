"""One file as raw cells: where each column is, which rows are data, what was typed. Nothing is coerced."""

from collections.abc import Mapping
from pathlib import Path

from domain import form
from domain.text import bare
from ingest.workbook.child import raw_sheet
from ingest.workbook.limits import Limits
from ingest.workbook.raw_workbook import FoundSheet, RawWorkbook
from ingest.workbook.read_cells import read_cells
from ingest.workbook.sheet_cells import read_sheet
from ingest.workbook.table_layout import Captions, RawSheet

_OWN_SHEETS = frozenset(bare(name) for name in (form.CODE_LIST_SHEET, form.SELF_CHECK_SHEET, form.FEEDBACK_SHEET))
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
    sheets = {bare(str(entry["name"])): raw_sheet(entry) for entry in reversed(content["sheets"])}
    book = RawWorkbook(file, content["kind"], properties=content["properties"])
    for definition in form.SHEETS:
        sheet = sheets.pop(bare(definition.name), None)
        layout = read_sheet(book, definition, sheet, aliases.get(definition.table, {})) if sheet else None
        if definition.required or sheet is not None:
            book.sheets.append(
                FoundSheet(
                    file, definition.table, definition.name, sheet is not None, layout is not None or sheet is None
                )
            )
        if sheet is not None and definition is form.STATEMENT:
            book.is_sample = _has_sample_mark(sheet)
    for key, sheet in reversed(sheets.items()):
        if key not in _OWN_SHEETS and any(cell is not None for row in sheet.rows for cell in row):
            book.sheets.append(FoundSheet(file, None, sheet.name, True, True))
    return book


def _has_sample_mark(sheet: RawSheet) -> bool:
    return any(
        isinstance(cell, str) and form.SAMPLE_MARK in cell for row in sheet.rows[: form.HEADER_ROW] for cell in row
    )
