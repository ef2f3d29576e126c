"""Sheet 04: beside the counts of every village, what the register says of it."""

import polars as pl

from transforms.territory import Territory
from transforms.villages import with_known_village


def judge_politics_security(
    politics_security: pl.LazyFrame, statements: pl.LazyFrame, territory: Territory
) -> pl.LazyFrame:
    """`POLITICS_SECURITY` with the registers."""
    declared = statements.select("file", "unit_code")
    return with_known_village(politics_security.join(declared, on="file", how="left", validate="m:1"), territory)
