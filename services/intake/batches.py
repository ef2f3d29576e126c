"""Which workbooks are judged together, and in which order; no verdict may depend on a workbook's company."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from domain.period import month_named
from domain.reference import Reference
from ingest.workbook.packed import PackedWorkbook
from services.intake.judge import Examined
from services.intake.judge_batch import SetAside
from services.progress import Progress

CELLS_IN_A_BATCH = 480_000
"""So that a batch fits into memory, whatever the workbooks hold."""


def batches_to_judge(books: Iterable[PackedWorkbook], reference: Reference) -> list[list[PackedWorkbook]]:
    """The workbooks that can be judged together, oldest first: those of one month, and subperiod of it, and revision.

    A month is judged against the one before it, and units that ended in a month before their successors. Of two files of
    one unit the first to arrive comes first, the second stands in a later batch, as if it had come on another day; one
    that states no revision comes after whatever came before it; and one whose month cannot be read stands alone.
    """
    batches: dict[tuple[str, date, int, int, str], list[PackedWorkbook]] = defaultdict(list)
    places: dict[tuple[str, str | None], list[tuple[int, int]]] = defaultdict(list)
    for book in books:
        named = month_named(book.period)
        month = named if named is not None and reference.calendar.covers(named) else None
        since = reference.subperiod_of(book.unit, month).first_day if month else date.min
        own = places[book.period or "", book.unit]
        revision = max([book.revision, *(each for each, _ in own if not book.revision)])
        turn = max((turn + 1 for each, turn in own if each == revision), default=0)
        own.append((revision, turn))
        batches[book.period or "", since, revision, turn, "" if month else book.file].append(book)
    return [part for key in sorted(batches) for part in _fitting(batches[key])]


def judge_and_keep(
    books: Iterable[PackedWorkbook],
    reference: Reference,
    judge: Callable[[Sequence[PackedWorkbook]], Sequence[Examined | SetAside]],
    keep: Callable[[Sequence[Examined | SetAside]], None],
    on_progress: Progress,
) -> None:
    """Judge the workbooks batch by batch; one batch is kept before the next is judged, for it is the history of the next.

    What `judge` leaves over of a batch is judged once the rest of it is kept.
    """
    batches = batches_to_judge(books, reference)
    for number, batch in enumerate(batches, start=1):
        left = batch
        while left:
            judged = judge(left)
            keep(judged)
            done = {each.file for each in judged}
            left = [book for book in left if book.file not in done]
        on_progress("judge", number, len(batches))


def _fitting(books: list[PackedWorkbook]) -> list[list[PackedWorkbook]]:
    parts: list[list[PackedWorkbook]] = [[]]
    cells = 0
    for book in books:
        if parts[-1] and cells + book.cells > CELLS_IN_A_BATCH:
            parts.append([])
            cells = 0
        parts[-1].append(book)
        cells += book.cells
    return parts
