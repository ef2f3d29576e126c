"""Looks up in the ledger what a period's workbooks are judged against."""

from collections.abc import Sequence

import polars as pl

from domain.period import month_named
from services.figures.known import known_facts
from services.run import Run
from storage import submissions
from transforms.history import LATEST_REVISIONS, LIKENESSES, NO_HISTORY, History


def history_before(
    run: Run,
    period_text: str | None,
    unit_code: str | None,
    apart_from: Sequence[str] = (),
) -> History:
    """What was accepted before: the latest revisions of this period, and the closing figures before it.

    A unit that takes over within the month is judged against what its predecessors closed with in that same month.
    """
    period = month_named(period_text)
    if period is None:
        return NO_HISTORY
    before = period.previous()
    stretch = run.reference.stretch_of(unit_code, period)
    takes_over = stretch.first_day > run.reference.calendar.window(period).first_day
    closing = [period, before] if takes_over else [before]
    departed = {code for _, code in run.reference.departed([period])}
    is_counted_anew = run.reference.poverty_standard(
        run.reference.calendar.window(before).last_day
    ) != run.reference.poverty_standard(run.reference.calendar.window(period).last_day)
    with run.ledger.read() as session:
        latest = submissions.latest_accepted(session, str(period), apart_from)
        previous = str(before)
        restated = {
            record.unit_code: (record.revision or 1) > 1 or is_counted_anew
            for record in submissions.counting_submissions(session, [str(month) for month in closing])
        }
        known = known_facts(session, run, ("households", "control_totals"), [str(month) for month in closing])
        households = known["households"].filter(
            (pl.col("period") == previous) | pl.col("unit_code").is_in(sorted(departed))
        )
        last_year = [str(month) for month in before.months_back(12)]
        alike = submissions.likenesses(session, [*last_year, str(period)], apart_from)
        usual_prices = submissions.fetch_unit_prices(session, last_year)
        totals = known["control_totals"].filter(pl.col("period") == previous).collect()
        gone = [code for _, code in run.reference.departed([before])]
        closed = households.sort("period", pl.col("unit_code").is_in(gone), descending=[True, False]).collect()
    return History(
        pl.DataFrame(latest, schema=LATEST_REVISIONS, orient="row"),
        closed.filter(pl.col("village_id").is_not_null())
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
