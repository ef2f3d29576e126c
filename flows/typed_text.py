"""What was typed in a cell: read again from the archived file, for the file itself is the last witness."""

from collections import defaultdict
from collections.abc import Iterable

from domain.errors import UnreadableFile
from domain.reference import Reference
from flows.settings import Settings
from ingest.workbook import read_workbook
from storage import archive

Place = tuple[str, str, int, str]
"""A cell by the file's hash, the table, the row and the field."""


def typed_texts(settings: Settings, reference: Reference, wanted: Iterable[Place]) -> dict[Place, str]:
    """The text of each wanted cell as typed; cells whose file is gone or cannot be read any more are left out."""
    by_file: dict[str, set[Place]] = defaultdict(set)
    for place in wanted:
        by_file[place[0]].add(place)
    aliases = reference.column_aliases()
    found: dict[Place, str] = {}
    for sha256, places in by_file.items():
        path = archive.place_of(settings.archive, sha256)
        try:
            # It was read apart, with limits, when it was accepted; its bytes are the same.
            book = read_workbook(path, sha256, aliases, settings.limits, apart=False)
        except (UnreadableFile, OSError):
            continue
        for cell in book.cells:
            place = (sha256, cell.table, cell.source_row, cell.field or "")
            if place in places and cell.text is not None:
                found[place] = cell.text
    return found
