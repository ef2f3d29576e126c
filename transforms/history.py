"""What was accepted before, as frames to join with."""

from dataclasses import dataclass, field

import polars as pl

from domain.schemas import QUANTITY, USUAL_PRICES

LATEST_REVISIONS = pl.Schema(
    {"unit_code": pl.String, "latest_revision": pl.Int64, "latest_content": pl.String, "latest_counts": pl.Boolean}
)
"""The unit's newest accepted revision; one that was parked counts no more, and its number is taken."""
LIKENESSES = pl.Schema({"likeness": pl.String, "other_unit": pl.String, "other_period": pl.String})
PREVIOUS_CLOSE = pl.Schema(
    {
        "village_id": pl.String(),
        "previous_poor_close": pl.Int64(),
        "previous_nearpoor_close": pl.Int64(),
        "previous_restated": pl.Boolean(),
        "previous_households": pl.Int64(),
        "previous_persons": pl.Int64(),
        "previous_hh_dtts": pl.Int64(),
        "previous_bhyt_pct": QUANTITY,
    }
)
PREVIOUS_CUMULATIVE = pl.Schema(
    {"unit_code": pl.String, "activity_code": pl.String, "previous_cumulative_vnd": pl.Int64}
)


@dataclass(frozen=True, slots=True)
class History:
    """What was accepted before: the unit's latest revision of this period, last month's closing figures."""

    latest_revisions: pl.DataFrame
    previous_close: pl.DataFrame
    previous_cumulative: pl.DataFrame
    usual_prices: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=USUAL_PRICES))
    likenesses: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LIKENESSES))


NO_HISTORY = History(
    pl.DataFrame(schema=LATEST_REVISIONS), pl.DataFrame(schema=PREVIOUS_CLOSE), pl.DataFrame(schema=PREVIOUS_CUMULATIVE)
)
