"""Make the reports of many months, oldest first: no month stops another, nothing is mailed, a killed run is resumed."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from services.editions.backfill import Backfilled, lost_month, make_month
from services.editions.backfill_plan import Planned
from services.run import Run
from services.steps import Steps


def backfill(run: Run, steps: Steps, planned: Sequence[Planned], as_of: datetime | None = None) -> list[Backfilled]:
    """The outcome of every month of the plan that is due, in its order.

    Each month is one transaction of the ledger after its PDF is durable; a killed run is resumed by planning anew.
    """
    due = [each.period for each in planned if each.is_due]
    return steps.map("report", partial(make_month, as_of=as_of), due, lambda period: lost_month(run, period, as_of))
