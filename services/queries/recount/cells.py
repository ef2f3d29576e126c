"""The archived bytes of every counting submission, read again: one row per cell, corrected as the province decided."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

from domain import form
from domain.double_counting import Decision
from domain.errors import UnreadableFile
from domain.form import column_letter
from domain.text import fold
from ingest.workbook.raw_workbook import RawWorkbook
from ingest.workbook.read import read_workbook
from services.queries.recount.typed import Value, is_prefilled, value_of, vnd_of, written_value
from services.run import Run
from storage import archive

COUNTED = (form.ACTIVITIES, form.HOUSEHOLDS, form.POLITICS_SECURITY)
"""The sheets whose rows are counted."""

_TABLES = """
CREATE TABLE cell (
    submission INTEGER, sheet TEXT, row INTEGER, field TEXT, is_typed INTEGER, value,
    PRIMARY KEY (submission, sheet, row, field)
) WITHOUT ROWID;
CREATE TABLE placed (submission INTEGER, sheet TEXT, letter TEXT, field TEXT, PRIMARY KEY (submission, sheet, letter));
CREATE TABLE correction (period TEXT, unit TEXT, sheet TEXT, row INTEGER, letter TEXT, text TEXT);
CREATE TABLE dropped (period TEXT, unit TEXT, row INTEGER, value INTEGER);
"""
_DECISIONS = """
-- A row of which the clerk filled in nothing says nothing.
DELETE FROM cell WHERE (submission, sheet, row) NOT IN (
    SELECT submission, sheet, row FROM cell WHERE is_typed GROUP BY submission, sheet, row
);
INSERT OR REPLACE INTO cell
SELECT counting.id, correction.sheet, correction.row, placed.field, 1, written(correction.sheet, placed.field, text)
FROM correction
JOIN counting ON counting.period = correction.period AND counting.unit = correction.unit
JOIN placed ON placed.submission = counting.id AND placed.sheet = correction.sheet
AND placed.letter = correction.letter;
DELETE FROM cell WHERE sheet = 'activities' AND (submission, row) IN (
    SELECT counting.id, dropped.row FROM dropped
    JOIN counting ON counting.period = dropped.period AND counting.unit = dropped.unit
    JOIN cell AS money ON money.submission = counting.id AND money.sheet = 'activities' AND money.row = dropped.row
    AND money.field = 'value_total_vnd' AND money.value = dropped.value
);
"""


def lay_cells(database: sqlite3.Connection, run: Run, as_of: datetime) -> list[str]:
    """Read the file of every row of `counting`, and put its cells there as `activities`, `households`, `politics_security`.

    Returns:
        What could not be read, one Vietnamese sentence for each file; its rows are missing then.
    """
    database.executescript(_TABLES)
    database.create_function("written", 3, written_value, deterministic=True)
    database.create_function("folded", 1, lambda text: None if text is None else fold(text), deterministic=True)
    aliases, faults = run.reference.column_aliases(), []
    for submission, digest, name in database.execute(
        "SELECT id, sha256, file_name FROM counting ORDER BY id"
    ).fetchall():
        path = archive.place_of(run.settings.archive, digest)
        try:
            if sha256(path.read_bytes()).hexdigest() != digest:
                faults.append(f"tệp {name} ({digest[:12]}…) trong kho đã bị sửa")
            # It was read apart, with limits, when it was accepted.
            book = read_workbook(path, digest, aliases, run.settings.limits, apart=False)
        except (UnreadableFile, OSError):
            faults.append(f"tệp {name} ({digest[:12]}…) trong kho không còn hoặc không đọc được")
            continue
        database.executemany("INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?, ?, ?)", _cells(submission, book))
        database.executemany("INSERT OR IGNORE INTO placed VALUES (?, ?, ?, ?)", _places(submission, book))
    _lay_decisions(database, run, as_of)
    for sheet in COUNTED:
        _lay_rows(database, sheet)
    return faults


def _cells(submission: int, book: RawWorkbook) -> Iterator[tuple[int, str, int, str, bool, Value]]:
    worth = vnd_of(
        next((cell.text for cell in book.cells if (cell.table, cell.field) == ("statement", "money_unit")), None)
    )
    wanted = {sheet.table for sheet in COUNTED}
    for cell in book.cells:
        if cell.table in wanted and cell.kind != "blank":
            yield submission, cell.table, cell.source_row, cell.field, not is_prefilled(cell), value_of(cell, worth)


def _places(submission: int, book: RawWorkbook) -> Iterator[tuple[int, str, str, str]]:
    wanted = {sheet.table for sheet in COUNTED}
    for table, column, field in sorted({(cell.table, cell.source_column, cell.field) for cell in book.cells}):
        if table in wanted:
            yield submission, table, column_letter(column), field


def _lay_decisions(database: sqlite3.Connection, run: Run, as_of: datetime) -> None:
    tables = {sheet.name: sheet.table for sheet in COUNTED}
    database.executemany(
        "INSERT INTO correction VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                each.locator.period, each.locator.unit_code, tables[each.locator.sheet], each.locator.row,
                each.locator.column, each.new_value,
            )
            for each in run.reference.corrections
            if each.locator.sheet in tables and each.valid_from <= as_of and (each.valid_to is None or as_of < each.valid_to)
        ],
    )  # fmt: skip
    database.executemany(
        "INSERT INTO dropped VALUES (?, ?, ?, ?)",
        [
            (each.dropped.period, each.dropped.unit_code, each.dropped.row, each.value_total_vnd)
            for each in run.reference.double_decisions
            if each.decision is Decision.SAME
            and each.valid_from <= as_of
            and (each.valid_to is None or as_of < each.valid_to)
        ],
    )
    database.executescript(_DECISIONS)


def _lay_rows(database: sqlite3.Connection, sheet: form.Sheet) -> None:
    """One row per data row of the sheet, one column per field."""
    columns = ", ".join(f"MAX(value) FILTER (WHERE field = '{each.name}') AS {each.name}" for each in sheet.fields)
    database.execute(
        f"CREATE TABLE {sheet.table} AS SELECT counting.period, counting.unit, row, {columns} "
        f"FROM cell JOIN counting ON counting.id = cell.submission WHERE sheet = ? GROUP BY submission, row",
        (sheet.table,),
    )
    database.execute(f"CREATE INDEX rows_of_{sheet.table} ON {sheet.table} (period, unit)")
