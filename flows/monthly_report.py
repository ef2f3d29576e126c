"""Make the report of a period from the ledger as known at a moment. Sends nothing; a person releases it."""

from datetime import datetime

from domain.period import Period
from services.editions.make import Printed, make_report
from services.run import Run
from services.steps import Steps


def monthly_report(
    run: Run,
    steps: Steps,
    period: Period,
    as_of: datetime | None = None,
    prepared_by: str = "",
    even_empty: bool = False,
) -> Printed:
    """The edition, a draft; the same ledger and moment give the same bytes and the same edition.

    Raises:
        NothingToReport: if no accepted submission of the period is known, unless it is to be made `even_empty`.
        BadDocument: if the page is not what it should be.
    """
    return steps.run("report", make_report, period, as_of, prepared_by, even_empty)
