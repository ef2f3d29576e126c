"""Reads files in child processes with limits: a workbook, or the reason why none can be made of the bytes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from domain.errors import UnreadableFile
from ingest.workbook.raw_workbook import RawWorkbook
from ingest.workbook.read import read_workbook
from services.intake.arrivals import Waiting
from services.run import Run

FILES_IN_A_BATCH = 64
READERS = 2
"""So many children read at once."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that no workbook can be made of, and why."""

    waiting: Waiting
    reason: str


def read_batch(run: Run, batch: Sequence[Waiting]) -> list[RawWorkbook | Unreadable]:
    """What each of the files holds, in their order."""
    aliases = run.reference.column_aliases()

    def read(entry: Waiting) -> RawWorkbook | Unreadable:
        try:
            return read_workbook(entry.path, entry.arrival.sha256, aliases, run.settings.limits)
        except UnreadableFile as reason:
            return Unreadable(entry, str(reason))

    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(read, batch))
