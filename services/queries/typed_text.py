"""What was typed in a cell: read again from the archived file, for the file itself is the last witness."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from domain import form
from domain.catalogue import INDICATOR_BY_CODE
from domain.errors import UnreadableFile
from domain.indicators import FigureKey
from domain.summary import Summary
from ingest.workbook.read import read_workbook
from services.queries.traced import Traced, TracedCell
from services.run import Run
from storage import archive

Place = tuple[str, str, int, str]
"""A cell by the file's hash, the table, the row and the field."""


MOST_FILES = 400
"""Of so many files the cells are read again: those of a province's month, in seconds, and not those of a country."""


def with_typed_text(run: Run, traced: Traced, summary: Summary) -> Traced:
    """The tree with the typed text beside every cell that stands in a file; of too many files, why there is none."""
    tables = {sheet.name: sheet.table for sheet in form.SHEETS}
    files = len({cell.sha256 for cell in traced.all_cells() if cell.sha256 and cell.sheet in tables})
    if files > MOST_FILES:
        why = f"Không đọc lại {files} tệp để lấy chữ đã ghi trong từng ô."
        key = FigureKey.parse(traced.figure_id)
        if key.indicator in INDICATOR_BY_CODE and not key.dimension:
            why += " Xem phần của một đơn vị: thêm --unit MÃ."
        return replace(traced, explanation=f"{traced.explanation} {why}".strip())
    fields: dict[tuple[str, str, str], str] = {
        (record.sha256, form.SHEET_BY_TABLE[table].name, letter): name
        for record in summary.submissions
        for table, letters in record.columns.items()
        for name, letter in letters.items()
    }

    def place(cell: TracedCell) -> Place | None:
        letters = cell.cell.rstrip("0123456789")
        name = fields.get((cell.sha256 or "", cell.sheet, letters))
        return None if name is None else (str(cell.sha256), tables[cell.sheet], int(cell.cell[len(letters) :]), name)

    places = {id(cell): place(cell) for cell in traced.all_cells()}
    texts = _typed_texts(run, (each for each in places.values() if each is not None))

    def typed(node: Traced) -> Traced:
        cells = []
        for cell in node.cells:
            at = places[id(cell)]
            cells.append(cell if at is None else replace(cell, typed=texts.get(at)))
        return replace(node, cells=cells, parts=[typed(part) for part in node.parts])

    return typed(traced)


def _typed_texts(run: Run, wanted: Iterable[Place]) -> dict[Place, str]:
    """The text of each wanted cell as typed; cells whose file is gone or cannot be read any more are left out."""
    by_file: dict[str, set[Place]] = defaultdict(set)
    for place in wanted:
        by_file[place[0]].add(place)
    aliases = run.reference.column_aliases()
    found: dict[Place, str] = {}
    for sha256, places in by_file.items():
        path = archive.brought(run.kept, run.settings.archive, sha256)
        try:
            # It was read apart, with limits, when it was accepted; its bytes are the same.
            book = read_workbook(path, sha256, aliases, run.settings.limits)
        except (UnreadableFile, OSError):
            continue
        for cell in book.cells:
            place = (sha256, cell.table, cell.source_row, cell.field or "")
            if place in places and cell.text is not None:
                found[place] = cell.text
    return found
