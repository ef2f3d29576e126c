"""Looks up in the ledger what a period's workbooks are judged against."""

from collections.abc import Sequence

import polars as pl

from domain.errors import BadPeriod
from domain.period import Period
from storage import submissions
from storage.database import Database
from transforms.history import LATEST_REVISIONS, LIKENESSES, NO_HISTORY, History


def history_before(database: Database, period_text: str | None, apart_from: Sequence[str] = ()) -> History:
    """What was accepted before: the latest revisions of this period, and last month's closing figures."""
    if period_text is None:
        return NO_HISTORY
    with database.begin() as session:
        latest = submissions.latest_accepted(session, period_text, apart_from)
        try:
            period = Period.parse(period_text)
        except BadPeriod:
            return NO_HISTORY
        previous = str(period.months()[0].previous())
        restated = {
            record.unit_code: (record.revision or 1) > 1
            for record in submissions.counting_submissions(session, [previous])
        }
        households = submissions.fetch_facts(session, "households", [previous]).collect()
        last_year = [str(month) for month in period.months()[0].previous().months_back(12)]
        alike = submissions.likenesses(session, [*last_year, period_text], apart_from)
        usual_prices = submissions.fetch_unit_prices(session, last_year)
        totals = submissions.fetch_facts(session, "control_totals", [previous]).collect()
    return History(
        pl.DataFrame(latest, schema=LATEST_REVISIONS, orient="row"),
        households.filter(pl.col("village_id").is_not_null())
        .unique("village_id", keep="first", maintain_order=True)
        .select(
            "village_id",
            previous_poor_close="poor_close",
            previous_nearpoor_close="nearpoor_close",
            previous_restated=pl.col("unit_code").replace_strict(restated, default=False, return_dtype=pl.Boolean),
        ),
        totals.filter(pl.col("activity_code").is_not_null())
        .unique(["unit_code", "activity_code"], keep="first", maintain_order=True)
        .select("unit_code", "activity_code", previous_cumulative_vnd="cumulative_vnd"),
        usual_prices,
        pl.DataFrame(alike, schema=LIKENESSES, orient="row"),
    )
