"""Everything the claims of an edition are counted again from, in a database that lives in memory alone."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.queries.recount.cells import lay_cells
from services.queries.recount.ledger import lay_ledger
from services.queries.recount.measures import prepare
from services.queries.recount.register import lay_register
from services.run import Run


@dataclass(frozen=True, slots=True)
class Scratch:
    """The database, and what could not be read into it."""

    database: sqlite3.Connection
    faults: Sequence[str]


def open_scratch(run: Run, months: Collection[str], as_of: datetime, read: Collection[str] | None = None) -> Scratch:
    """Read what was known of the months at that moment: registers, ledger rows, and the cells of every counting file.

    Args:
        run: with the tables to count by.
        months: of which the registers and the ledger are asked.
        as_of: what became known later is left out.
        read: the months of which files are read; all, where none are named.
    """
    database = sqlite3.connect(":memory:")
    asked = sorted(set(months))
    lay_register(database, run.reference, asked)
    with run.ledger.read() as session:
        lay_ledger(database, session, asked, as_of)
    faults = lay_cells(database, run, as_of, asked if read is None else read)
    prepare(database)
    return Scratch(database, faults)
