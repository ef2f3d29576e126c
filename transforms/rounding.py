"""How far rounding to the declared unit of money may part a number from what it stands for."""

import polars as pl

from domain.codes import VND_PER_MONEY_UNIT


def half_unit() -> pl.Expr:
    """How much đồng it may add or take away at one number, by the row's `money_unit`; nothing where đồng are written."""
    return pl.col("money_unit").replace_strict(VND_PER_MONEY_UNIT, default=1, return_dtype=pl.Int64) // 2
