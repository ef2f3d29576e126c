"""Looks up in the ledger what a period's workbooks are judged against."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from domain.period import Period, month_named
from domain.plans import PovertyStandard
from domain.reference import Reference
from services.figures.idle_months import last_months_told
from services.figures.known import known_facts
from services.run import Run
from storage import facts, submissions
from transforms.history import LATEST_REVISIONS, LIKENESSES, NO_HISTORY, History


def history_before(
    run: Run,
    period_text: str | None,
    unit_code: str | None,
    apart_from: Sequence[str] = (),
    came_before: tuple[datetime, int] | None = None,
) -> History:
    """What was accepted before: the latest revisions of this period, and the closing figures before it.

    A unit that takes over within the month is judged against what its predecessors closed with in that same month.
    Files in `apart_from` are being judged and are no history. For one that is judged anew, a revision or a copy that came
    after it, by moment and receipt, is none either; what other months closed with is as it is known today.
    """
    period = month_named(period_text)
    if period is None or not run.reference.calendar.covers(period.previous()):
        return NO_HISTORY
    before, reference = period.previous(), run.reference
    takes_over = reference.subperiod_of(unit_code, period).first_day > reference.calendar.window(period).first_day
    closing = [str(month) for month in ((period, before) if takes_over else (before,))]
    last_year = [str(month) for month in before.months_back(12)]
    with run.ledger.read() as session:
        latest = submissions.latest_accepted(session, str(period), apart_from, came_before)
        of_last_year = submissions.counting_submissions(session, sorted({*last_year, *closing}))
        told = last_months_told(of_last_year, before, last_year)
        wanted = sorted({*closing, *told.values()})
        counting = [
            each for each in of_last_year if each.period in closing or told.get(str(each.unit_code)) == each.period
        ]
        known = known_facts(session, run, ("households", "control_totals"), wanted)
        alike = submissions.likenesses(session, [*last_year, str(period)], apart_from, came_before)
        usual_prices = facts.fetch_unit_prices(session, last_year)
        totals = known["control_totals"].filter(pl.col("period") == str(before)).collect()
        closed = _last_closed(known["households"], reference, period, told).collect()
    is_counted_anew = _standard(reference, before) != _standard(reference, period)
    restated = {record.unit_code: (record.revision or 1) > 1 or is_counted_anew for record in counting}
    return History(
        pl.DataFrame(latest, schema=LATEST_REVISIONS, orient="row"),
        closed.select(
            "village_id",
            previous_poor_close="poor_close",
            previous_nearpoor_close="nearpoor_close",
            previous_restated=pl.col("unit_code").replace_strict(restated, default=False, return_dtype=pl.Boolean),
            previous_households="households",
            previous_persons="persons",
            previous_hh_dtts="hh_dtts",
            previous_bhyt_pct="bhyt_pct",
        ),
        totals.filter(pl.col("activity_code").is_not_null())
        .unique(["unit_code", "activity_code"], keep="first", maintain_order=True)
        .select("unit_code", "activity_code", previous_cumulative_vnd="cumulative_vnd"),
        usual_prices,
        pl.DataFrame(alike, schema=LIKENESSES, orient="row"),
    )


def _last_closed(
    households: pl.LazyFrame, reference: Reference, period: Period, told: Mapping[str, str]
) -> pl.LazyFrame:
    """The last row of each village before the period, or of a unit that ended within it.

    Args:
        households: the rows of the months that are looked at.
        reference: who ended when.
        period: the month that is judged.
        told: for each unit the last month whose stocks it told; idle ones lie between.
    """
    before = period.previous()
    ended_now = [code for _, code in reference.departed([period])]
    ended_before = [code for _, code in reference.departed([before])]
    last_told = pl.col("unit_code").replace_strict(told, default=str(before), return_dtype=pl.String)
    has_ended = pl.col("unit_code").is_in(sorted(set(ended_now))) & (pl.col("period") >= str(before))
    is_predecessor = (pl.col("period") == last_told) | has_ended
    return (
        households.filter(is_predecessor, pl.col("village_id").is_not_null())
        .sort("period", pl.col("unit_code").is_in(ended_before), descending=[True, False])
        .unique("village_id", keep="first", maintain_order=True)
    )


def _standard(reference: Reference, month: Period) -> PovertyStandard | None:
    """By what poor households are told at the end of the month."""
    return reference.poverty_standard(reference.calendar.window(month).last_day)
