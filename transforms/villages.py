"""What the register says of the village a row names."""

from collections.abc import Mapping
from functools import partial

import polars as pl

from transforms.names import folded, nearest
from transforms.territory import Territory


def with_known_village(rows: pl.LazyFrame, territory: Territory) -> pl.LazyFrame:
    """Rows that have `unit_code`, `village_id`, `village_name`, with what the register says of the village.

    A blank id is looked up by the name, so that the row can be judged and the id be given to the clerk
    (`village_by_name`); the blank itself stays an error.
    """
    names = territory.village_names.lazy()
    known_name = names.select("village_id", "name_key", is_known_village_name=pl.lit(True))
    is_known = pl.col("known_village_name").is_not_null()
    return (
        rows.with_columns(name_key=folded(pl.col("village_name")), village_id=pl.col("village_id").str.to_uppercase())
        .pipe(_with_id_by_name, names)
        .join(territory.villages.lazy(), on="village_id", how="left", validate="m:1")
        .join(known_name, on=["village_id", "name_key"], how="left", validate="m:1")
        .join(territory.village_heirs.lazy(), on="village_id", how="left", validate="m:1")
        .with_columns(
            village_hint=_village_hint(territory),
            unnamed_village=pl.when(is_known & pl.col("village_name").is_null()).then("village_id"),
        )
    )


def _with_id_by_name(rows: pl.LazyFrame, names: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with a blank id filled by the name, where one village of the unit alone bears it."""
    by_name = (
        names.group_by("reporter_code", "name_key")
        .agg(found_id=pl.col("village_id").first(), found=pl.len())
        .filter(pl.col("found") == 1)
        .select("found_id", unit_code="reporter_code", name_key="name_key")
    )
    return (
        rows.join(by_name, on=["unit_code", "name_key"], how="left", validate="m:1")
        .with_columns(
            village_id=pl.coalesce("village_id", "found_id"),
            village_by_name=pl.when(pl.col("village_id").is_null()).then("found_id"),
        )
        .drop("found_id")
    )


def _village_hint(territory: Territory) -> pl.Expr:
    """Where the village has gone, or which one may be meant by a name that nobody knows; else blank."""
    hint = partial(_hint, _names_by_unit(territory))
    is_unknown = pl.col("known_village_name").is_null()
    named = pl.when(is_unknown).then(pl.struct("unit_code", "name_key"))
    return pl.coalesce("village_heir", named.map_elements(hint, return_dtype=pl.String, skip_nulls=True), pl.lit(""))


def _names_by_unit(territory: Territory) -> dict[str, dict[str, str]]:
    """For each unit, its villages' names as keyed, and what to call the village in a question."""
    called = dict(territory.villages.select("village_id", "known_village_name").iter_rows())
    names: dict[str, dict[str, str]] = {}
    for village_id, unit_code, key in territory.village_names.iter_rows():
        names.setdefault(unit_code, {})[key] = f"{called[village_id]} ({village_id})"
    return names


def _hint(names: Mapping[str, Mapping[str, str]], row: Mapping[str, str | None]) -> str:
    """“Có phải làng Ngol Tả?” where a name nearly fits; a near miss is asked, never taken."""
    own, key = names.get(row["unit_code"] or "", {}), row["name_key"]
    found = nearest(key, own) if key else None
    return f"Có phải {own[found]}? " if found else ""
