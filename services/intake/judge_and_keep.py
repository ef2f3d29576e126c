"""Judges workbooks batch by batch; each batch is kept before the next is judged."""

from collections.abc import Iterable, Mapping

from domain.reference import Reference
from domain.submissions import ArrivalRecord
from ingest.workbook.packed import PackedWorkbook
from services.intake.batches import batches_to_judge
from services.intake.judge_batch import judge_batch
from services.intake.keep import keep_judged
from services.steps import Steps


def judge_and_keep(
    steps: Steps, books: Iterable[PackedWorkbook], arrivals: Mapping[str, ArrivalRecord], reference: Reference
) -> None:
    """Judge and keep the workbooks, in the order that no verdict depends on; a batch is the history of the next."""
    batches = batches_to_judge(books, reference)
    for number, batch in enumerate(batches, start=1):
        left = batch
        while left:
            # Of workbooks that say the same, all but the first are left for when that one is kept.
            judged = steps.run("judge", judge_batch, left, arrivals)
            steps.run("keep", keep_judged, judged, arrivals)
            done = {each.file for each in judged}
            left = [book for book in left if book.file not in done]
        steps.on_progress("judge", number, len(batches))
