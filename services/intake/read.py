"""Reads files in processes apart: a workbook, the reason why none can be made of the bytes, or no verdict for now."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from domain.errors import Interrupted, UnreadableFile
from ingest.apart.bounds import End
from ingest.workbook.packed import PackedWorkbook
from ingest.workbook.patience import read_again
from ingest.workbook.readers import Readers
from ingest.workbook.table_layout import Captions
from services.intake.arrivals import Waiting
from services.run import Run

FILES_IN_A_BATCH = 256
READERS = 2
"""So many files are read at once."""
FILES_OF_A_READER = 16
"""After so many files, or any misfortune, the next begins in a process that has seen none."""
MOST_LEFT_IN_A_ROW = 5
"""After so many files that could not be read, and none between them that could, the rest is left for the next run."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that no workbook can be made of, and why."""

    waiting: Waiting
    reason: str
    interrupted: Interrupted | None = None
    """How it ended its readers, where that alone speaks against it: then somebody should look."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """A file that could not be read now: it has no verdict, and the next run tries again."""

    waiting: Waiting
    interrupted: Interrupted


Outcome = PackedWorkbook | Unreadable | NotRead


def read_batch(run: Run, batch: Sequence[Waiting]) -> list[Outcome]:
    """What each of the files holds, in their order; what was interrupted is tried again alone, after the others."""
    aliases = run.reference.column_aliases()
    with Readers(run.settings.limits, READERS, FILES_OF_A_READER) as readers, ThreadPoolExecutor(READERS) as threads:
        interrupted_in_a_row = 0

        def read(entry: Waiting) -> Outcome:
            nonlocal interrupted_in_a_row
            if interrupted_in_a_row >= READERS * MOST_LEFT_IN_A_ROW:
                return NotRead(entry, Interrupted.of(End.UNSTARTED, End.UNSTARTED.label, "no file before it was read"))
            try:
                book = readers.read(entry.path, entry.arrival.sha256, aliases)
            except UnreadableFile as reason:
                interrupted_in_a_row = 0
                return Unreadable(entry, str(reason))
            except Interrupted as interrupted:
                interrupted_in_a_row += 1
                return NotRead(entry, interrupted)
            interrupted_in_a_row = 0
            return book

        outcomes = list(threads.map(read, batch))
    left_in_a_row = 0
    with Readers(run.settings.limits) as alone:
        for place, outcome in enumerate(outcomes):
            if not isinstance(outcome, NotRead):
                left_in_a_row = 0
            elif left_in_a_row < MOST_LEFT_IN_A_ROW:
                outcomes[place] = again = _again(alone, outcome, aliases)
                left_in_a_row = left_in_a_row + 1 if isinstance(again, NotRead) else 0
    return outcomes


def _again(readers: Readers, left: NotRead, aliases: Mapping[str, Captions]) -> Outcome:
    entry = left.waiting
    try:
        return read_again(
            readers,
            entry.path,
            entry.arrival.sha256,
            aliases,
            left.interrupted,
            entry.occasions,
        )
    except UnreadableFile as reason:
        cause = reason.__cause__
        return Unreadable(entry, str(reason), cause if isinstance(cause, Interrupted) else None)
    except Interrupted as interrupted:
        return NotRead(entry, interrupted)
