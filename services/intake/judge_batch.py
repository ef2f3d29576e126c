"""Judges a batch of workbooks against the ledger; what the program stumbles over is set aside, the others are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import KetnghiaError
from domain.submissions import ArrivalRecord
from ingest.workbook.packed import PackedWorkbook
from services.intake.history import history_before
from services.intake.judge import Circumstances, Examined, Sender, examine
from services.log import traceback_of
from services.run import Run
from storage import arrivals as arrivals_of
from storage.database import LedgerUnreachable

NOT_OF_A_FILE = (KetnghiaError, *LedgerUnreachable, OSError, MemoryError)
"""What says nothing of the files that were being judged: it ends the step, and the next run finds them as they were."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A workbook that the program could not judge: a fault of ours."""

    file: str
    unit: str | None
    period: str | None
    revision: int
    traceback: str


def judge_batch(
    run: Run, batch: Sequence[PackedWorkbook], arrivals: Mapping[str, ArrivalRecord]
) -> list[Examined | SetAside]:
    """Judge the workbooks of one month and revision against what the ledger holds before them.

    One that says the same as another before it is left for when that one is kept: its verdict is the same as if it had
    come alone.
    """
    history = history_before(run, batch[0].period, batch[0].unit)
    received = {book.file: arrivals[book.file].arrived_on for book in batch}
    senders = senders_of(run, received)
    given = Circumstances(
        received, run.reference, history, run.settings.oldest, senders, engine=run.settings.validation_engine
    )
    return _first_of_alike(examine_apart(batch, given))


def senders_of(run: Run, received: Mapping[str, date]) -> dict[str, Sender]:
    """For each file, on the day on which it came, who sent it, where nobody brought it another way than by mail.

    Whoever of several may send it counts.
    """
    found = {}
    with run.ledger.read() as session:
        for file, on in received.items():
            addresses = arrivals_of.senders_of(session, file)
            if addresses and None not in addresses:
                units = {code for address in addresses for code in run.reference.units_of_sender(address, on)}
                codes = {code for address in addresses for code in run.reference.may_be_sent_by(address, on)}
                found[file] = Sender(", ".join(sorted(units)), sorted(codes))
    return found


def examine_apart(books: Sequence[PackedWorkbook], given: Circumstances) -> list[Examined | SetAside]:
    """Examine workbooks together; where that raises, each half by itself, down to the file that it comes from."""
    judged: list[Examined | SetAside] = []
    parts = [list(books)]
    while parts:
        part = parts.pop()
        try:
            judged += examine(part, given)
        except NOT_OF_A_FILE:
            raise
        except Exception as error:
            if len(part) > 1:
                half = len(part) // 2
                parts += [part[half:], part[:half]]
                continue
            judged.append(_set_aside(part[0], error))
    return judged


def _set_aside(book: PackedWorkbook, error: Exception) -> SetAside:
    return SetAside(book.file, book.unit, book.period, book.revision, traceback_of(error))


def _first_of_alike(judged: Sequence[Examined | SetAside]) -> list[Examined | SetAside]:
    """Without those that say the same as one before them."""
    seen: set[str] = set()
    first: list[Examined | SetAside] = []
    for each in judged:
        likeness = each.statement["likeness"] if isinstance(each, Examined) else None
        if likeness is None or likeness not in seen:
            first.append(each)
        seen.add(str(likeness))
    return first
