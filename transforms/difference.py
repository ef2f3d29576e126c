"""In what one submission differs from the one it replaces: rows added, removed, and cells changed."""

from collections.abc import Mapping

import polars as pl

DIFFERENCES = pl.Schema(
    {
        "table": pl.String,
        "kind": pl.String,
        "row_key": pl.String,
        "field": pl.String,
        "before": pl.String,
        "after": pl.String,
    }
)
_KEYS = {
    "activities": ("activity_date", "village_id", "org_id", "activity_code", "funding_source"),
    "households": ("village_id",),
    "politics_security": ("village_id",),
    "control_totals": ("activity_code",),
}
_MEASURES = {
    "activities": "value_total_vnd",
    "households": "poor_close",
    "politics_security": "party_members",
    "control_totals": "value_total_vnd",
}
_PLACE = ("file", "source_row", "stt", "submission_id", "period", "unit_code", "revision", "sha256")


def difference(before: Mapping[str, pl.DataFrame], after: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What is new in `after`; both give the rows of every kept table by its name.

    Returns:
        `DIFFERENCES`; a row added or removed is one entry with its main figure, a changed row one per cell.
    """
    parts = [_of_table(table, before[table], after[table]) for table in _KEYS]
    return pl.concat(parts).sort("table", "row_key", "field")


def _of_table(table: str, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    keys = list(_KEYS[table])
    earlier, later = (_keyed(frame, keys) for frame in (before, after))
    fields = [name for name in later.columns if name not in ("row_key", "is_there")]
    joined = earlier.join(later, on="row_key", how="full", coalesce=True, suffix="@after")
    was, is_ = pl.col("is_there").fill_null(False), pl.col("is_there@after").fill_null(False)
    measure = _MEASURES[table]
    whole_rows = joined.filter(was != is_).select(
        "row_key",
        kind=pl.when(is_).then(pl.lit("added")).otherwise(pl.lit("removed")),
        field=pl.lit(measure),
        before=pl.col(measure),
        after=pl.col(f"{measure}@after"),
    )
    both = joined.filter(was & is_)
    cells = [
        both.filter(pl.col(name).ne_missing(pl.col(f"{name}@after"))).select(
            "row_key",
            kind=pl.lit("changed"),
            field=pl.lit(name),
            before=pl.col(name),
            after=pl.col(f"{name}@after"),
        )
        for name in fields
    ]
    return pl.concat([whole_rows, *cells]).select(
        pl.lit(table).alias("table"), "kind", "row_key", "field", "before", "after"
    )


def _keyed(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Every value as text, under a key that numbers equal rows in their order."""
    as_text = frame.drop(*_PLACE, strict=False).with_columns(
        pl.col(pl.Date).dt.strftime("%d/%m/%Y"), pl.selectors.numeric().cast(pl.String)
    )
    named = pl.concat_str([pl.col(key).fill_null("…") for key in keys], separator=" · ")
    numbered = as_text.with_columns(name=named).with_columns(place=pl.int_range(pl.len()).over("name"))
    row_key = pl.when(pl.col("place") == 0).then("name").otherwise(pl.format("{} ({})", "name", pl.col("place") + 1))
    return numbered.with_columns(row_key=row_key, is_there=pl.lit(True)).drop("name", "place")
