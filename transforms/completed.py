"""What form KN-02 does not ask because it follows from what it asks: totals, closing stocks, what a blank says there.

The workbook shows the same sums to the clerk; they are computed here, and what it shows is only compared with them.
"""

from collections.abc import Mapping

import polars as pl

from domain import codes
from domain.codes import SCOPE_COMMUNE, SCOPE_VILLAGE
from domain.kn_02 import IS_WHOLE_COMMUNE, KN_02, PAID, VILLAGE_CELL
from domain.schemas import QUANTITY
from transforms.names import folded


def completed(rows: pl.LazyFrame, table: str, forms: pl.LazyFrame) -> pl.LazyFrame:
    """The typed rows of a table with what follows from them, where their form leaves it out.

    Args:
        rows: `TYPED_ROWS[table]`.
        table: its name.
        forms: `file`, `form`.

    Returns:
        The rows; `shown_…` holds what the workbook itself computed, and other new columns what is wrong with the cells
        that a sum is computed from: null where nothing is, and in other forms.
    """
    complete = {"activities": _activities, "households": _households}.get(table)
    if complete is None:
        return rows.drop("money_unread")
    known = rows.join(forms.select("file", "form"), on="file", how="left", validate="m:1")
    is_short, asked = pl.col("form") == codes.KN_02, rows.collect_schema()
    columns = {
        name: pl.when(is_short).then(value).otherwise(name if name in asked else None)
        for name, value in complete().items()
    }
    return known.with_columns(**columns).drop("form", "money_unread")


def with_computed(cells: pl.LazyFrame, rows: Mapping[str, pl.LazyFrame], forms: pl.LazyFrame) -> pl.LazyFrame:
    """The cells of data rows as totals are compared with: what the workbook computed as it is computed here.

    Args:
        cells: `TYPED_CELLS` of the rows of data.
        rows: the completed rows, by table.
        forms: `file`, `form`.

    Returns:
        `file`, `table`, `field`, `source_row`, `kind`, `whole`, `decimal`.
    """
    columns = ["file", "table", "field", "source_row", "kind", "whole", "decimal"]
    short = forms.filter(pl.col("form") == codes.KN_02).select("file")
    computed = sorted(KN_02.computed)
    is_computed = pl.any_horizontal((pl.col("table") == table) & (pl.col("field") == name) for table, name in computed)
    of_short = cells.join(short, on="file", how="semi").filter(~is_computed)
    return pl.concat(
        [
            cells.join(short, on="file", how="anti").select(columns),
            of_short.select(columns),
            *(
                rows[table]
                .join(short, on="file", how="semi")
                .select(
                    "file", "source_row", table=pl.lit(table), field=pl.lit(name), kind=pl.lit("number"), whole=name,
                    decimal=pl.lit(None, QUANTITY),
                )
                .select(columns)
                for table, name in computed
            ),
        ]
    )  # fmt: skip


def _activities() -> dict[str, pl.Expr]:
    """The village's code, name and scope from its one cell; the occasion where none is given; what the money comes to."""
    village, key = pl.col("village_id"), folded(pl.col("village_id"))
    is_whole = key.str.contains(IS_WHOLE_COMMUNE).fill_null(False)
    code, name = village.str.extract(VILLAGE_CELL, 1), village.str.extract(VILLAGE_CELL, 2).replace("", None)
    is_tet, is_under_way = pl.col("activity_code") == "QUA_TET", pl.col("status") == codes.UNDER_WAY
    cash, inkind, paid = pl.col("cash_vnd"), pl.col("inkind_vnd"), pl.col(PAID)
    is_read = ~pl.col("money_unread").fill_null(False)
    is_said = pl.any_horizontal(each.is_not_null() for each in (cash, inkind, paid)) & is_read
    # Where both are written, the row is told of, and counts nowhere.
    spent = pl.sum_horizontal(cash, paid)
    return {
        "village_id": pl.when(~is_whole).then(code),
        "village_name": pl.when(~is_whole).then(pl.coalesce(name, pl.when(code.is_null()).then(village))),
        "scope": pl.when(is_whole).then(pl.lit(SCOPE_COMMUNE)).when(village.is_not_null()).then(pl.lit(SCOPE_VILLAGE)),
        "occasion": pl.coalesce("occasion", pl.when(is_tet).then(pl.lit("TET")).otherwise(pl.lit("THUONG_XUYEN"))),
        "cash_vnd": pl.when(is_said).then(spent),
        "inkind_vnd": pl.when(is_said).then(inkind.fill_null(0)),
        "value_total_vnd": pl.when(is_said).then(pl.sum_horizontal(spent, inkind)),
        "shown_value_total_vnd": pl.col("value_total_vnd"),
        "money_missing": pl.when(~is_said & is_read, ~is_under_way).then("status"),
        "payment_missing": pl.when(is_under_way, is_read, paid.is_null()).then("status"),
        "cash_of_work_under_way": pl.when(is_under_way, cash > 0).then(cash),
        "payment_of_other_work": pl.when(~is_under_way, paid > 0).then(paid),
    }


def _households() -> dict[str, pl.Expr]:
    """Both closing stocks; less than none is no stock, and told of."""
    columns: dict[str, pl.Expr] = {}
    for prefix in ("poor", "nearpoor"):
        opening, left, back, fell_in, other = (
            pl.col(f"{prefix}_{step}") for step in ("open", "exit", "relapse", "new", "other")
        )
        close = opening - left + back + fell_in + other
        columns |= {
            f"{prefix}_close": pl.when(close >= 0).then(close),
            f"{prefix}_below_zero": pl.when(close < 0).then(close),
            f"shown_{prefix}_close": pl.col(f"{prefix}_close"),
        }
    return columns
