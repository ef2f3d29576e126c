"""Which months the program looks after by itself."""

from collections.abc import Sequence
from datetime import date

from domain.period import Period, month_range
from services.run import Run
from storage import submissions

_CHASED = 12


def months_looked_after(run: Run, today: date) -> Sequence[Period]:
    """From the month of the first report that came by itself, to the one that is running.

    Of what was imported as history nobody is reminded, and no reports are made by themselves.
    """
    calendar = run.reference.calendar
    with run.ledger.read() as session:
        first = submissions.first_period(session)
    current = calendar.month_of(today)
    if first is None or first > str(current):
        return (current,)
    months = month_range(max(Period.parse(first), run.settings.oldest, key=str), current)
    return tuple(month for month in months if calendar.covers(month))


def months_chased(run: Run, today: date) -> Sequence[Period]:
    """Those of which somebody is written to; of what is older he hears by telephone, or not at all."""
    return months_looked_after(run, today)[-_CHASED:]
