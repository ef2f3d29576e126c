"""The archived bytes of every counting submission, read again: one row per cell, corrected as the province decided."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from domain import codes, form
from domain.double_counting import Decision
from domain.errors import UnreadableFile
from domain.form import column_letter
from domain.text import fold
from ingest.workbook.limits import Limits
from ingest.workbook.read import read_workbook
from ingest.workbook.table_layout import Captions
from services.queries.recount.short_form import completed
from services.queries.recount.typed import Value, is_prefilled, value_of, vnd_of, written_value
from services.run import Run
from storage import archive

COUNTED = (form.ACTIVITIES, form.HOUSEHOLDS, form.POLITICS_SECURITY)
"""The sheets whose rows are counted."""
_MONEY_UNIT = (form.STATEMENT.table, "money_unit")
_MANY = 80
"""From so many files on it pays to start other processes."""

_TABLES = """
CREATE TABLE read (period TEXT PRIMARY KEY);
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


def lay_cells(database: sqlite3.Connection, run: Run, as_of: datetime, months: Collection[str]) -> list[str]:
    """Read the file of every row of `counting` in the months, and put the cells there, one table per counted sheet.

    Returns:
        What could not be read, one Vietnamese sentence for each file; its rows are missing then.
    """
    database.executescript(_TABLES)
    database.create_function("written", 3, written_value, deterministic=True)
    database.create_function("folded", 1, lambda text: None if text is None else fold(text), deterministic=True)
    database.executemany("INSERT INTO read VALUES (?)", [(month,) for month in sorted(months)])
    counting = database.execute(
        "SELECT id, sha256, file_name FROM counting WHERE period IN (SELECT period FROM read) ORDER BY id"
    ).fetchall()
    faults = []
    for (submission, digest, name), found in zip(counting, _files(run, [each[1] for each in counting]), strict=True):
        if found.fault:
            faults.append(f"tệp {name} ({digest[:12]}…) trong kho {found.fault}")
        database.executemany(
            "INSERT OR IGNORE INTO cell VALUES (?, ?, ?, ?, ?, ?)", [(submission, *each) for each in found.cells]
        )
        database.executemany(
            "INSERT OR IGNORE INTO placed VALUES (?, ?, ?, ?)", [(submission, *each) for each in found.places]
        )
    _lay_decisions(database, run, as_of)
    for sheet in COUNTED:
        _lay_rows(database, sheet)
    return faults


class _File(NamedTuple):
    """What one archived file holds of the counted sheets."""

    cells: list[tuple[str, int, str, bool, Value]]
    """Sheet, row, field, whether the clerk typed it, and what it says; blank cells are left out."""
    places: list[tuple[str, str, str]]
    """Sheet, letter of the column, field."""
    fault: str = ""


def _files(run: Run, digests: Sequence[str]) -> Iterator[_File]:
    """Each file read anew, in order; where they are many, in several processes."""
    for digest in digests:
        archive.brought(run.kept, run.settings.archive, digest)
    read = partial(
        read_file, folder=run.settings.archive, aliases=run.reference.column_aliases(), limits=run.settings.limits
    )
    if len(digests) < _MANY:
        yield from map(read, digests)
        return
    with ProcessPoolExecutor(run.settings.workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(read, digests, chunksize=_MANY // 8)


def read_file(digest: str, folder: Path, aliases: Mapping[str, Captions], limits: Limits) -> _File:
    """The counted cells of the archived file with this hash, or what is wrong with it."""
    path = archive.place_of(folder, digest)
    try:
        fault = "" if sha256(path.read_bytes()).hexdigest() == digest else "đã bị sửa"
        # It was read apart, with limits, when it was accepted.
        book = read_workbook(path, digest, aliases, limits)
    except (UnreadableFile, OSError):
        return _File([], [], "không còn hoặc không đọc được")
    wanted = {sheet.table for sheet in COUNTED}
    worth = vnd_of(next((each.text for each in book.cells if (each.table, each.field) == _MONEY_UNIT), None))
    cells = [
        (each.table, each.source_row, each.field, not is_prefilled(each), value_of(each, worth))
        for each in book.cells
        if each.table in wanted and each.kind != "blank"
    ]
    kept = {(sheet.table, field.name) for sheet in COUNTED for field in sheet.fields}
    places = {
        (each.table, column_letter(each.source_column), each.field)
        for each in book.cells
        if (each.table, each.field) in kept
    }
    if book.form == codes.KN_02:
        cells = completed(cells)
    return _File(cells, sorted(places), fault)


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
