"""Sheet 00 of each workbook: who reports, for which period, in which unit of money; and what its rules look at.

Each column that `judge_…` adds, here and in the modules of the other sheets, holds the number a rule bounds, or
the offending value itself and null where all is well.
"""

from collections.abc import Mapping

import polars as pl

from domain import codes, form
from domain.codes import OFFICIAL, VND_PER_MONEY_UNIT
from domain.forms import FORM_BY_VERSION, columns_of
from domain.period import tidy_month
from domain.schemas import STATEMENTS
from transforms.cells import typed_value
from transforms.history import History
from transforms.names import folded
from transforms.rounding import half_unit
from transforms.territory import Territory

Columns = Mapping[str, pl.Expr]


def clean_statements(cells: pl.LazyFrame, properties: pl.LazyFrame) -> pl.LazyFrame:
    """One row per workbook.

    Args:
        cells: `TYPED_CELLS`.
        properties: `file`, `form`, `property_unit`, `property_period`.

    Returns:
        `STATEMENTS`; a workbook without a sheet 00 has a row of nulls.
    """
    statements = (
        cells.filter(pl.col("table") == form.STATEMENT.table)
        .group_by("file")
        .agg(typed_value(field.name, field.type) for field in columns_of(form.STATEMENT.table))
        .with_columns(period=_period_in_words())
    )
    return (
        properties.join(statements, on="file", how="left", validate="1:1")
        .sort("file")
        .select(list(STATEMENTS))
        .match_to_schema(STATEMENTS)
    )


def _period_in_words() -> pl.Expr:
    """The month as typed, tidied; Excel makes a date of `2024-02` where the cell's text format was lost."""
    as_day = pl.col("period").str.to_date("%d/%m/%Y", strict=False)
    tidied = pl.col("period").map_elements(tidy_month, return_dtype=pl.String)
    return pl.coalesce(as_day.dt.strftime("%Y-%m"), tidied)


def money_units(raw: pl.LazyFrame) -> pl.LazyFrame:
    """What one unit of money is worth in each file, as sheet 00 declares: `file`, `vnd_per_unit`."""
    worth = pl.DataFrame(
        [
            {"spelling": spelling.lower(), "vnd_per_unit": VND_PER_MONEY_UNIT[choice.code]}
            for choice in form.STATEMENT.field("money_unit").choices
            for spelling in (choice.code, choice.name)
        ]
    )
    return (
        raw.filter(pl.col("table") == form.STATEMENT.table, pl.col("field") == "money_unit")
        .select("file", spelling=pl.col("text").str.to_lowercase().str.strip_chars())
        .join(worth.lazy(), on="spelling", how="inner", validate="m:1")
        .select("file", "vnd_per_unit")
    )


def judge_statements(
    statements: pl.LazyFrame,
    territory: Territory,
    history: History,
    activities: pl.LazyFrame,
    households: pl.LazyFrame,
    fingerprints: pl.LazyFrame,
    period_problem: str | None,
) -> pl.LazyFrame:
    """`STATEMENTS` with what their rules look at, and `is_unchanged`.

    Args:
        statements: `STATEMENTS` with `sender_unit` and the `sender_codes` of the units whose workbooks may come from
            there, null where no unit's address sent the workbook, and `received_on`, the day on which it came.
        territory: the registers.
        history: what was accepted before.
        activities: `ACTIVITIES`, to be counted.
        households: `HOUSEHOLDS`, to be counted.
        fingerprints: `FINGERPRINTS` of the same workbooks.
        period_problem: the rule that the period breaks for all of them, if any: `malformed` or `old`.
    """
    is_future = (pl.col("received_on") < territory.first_day) & pl.lit(period_problem is None)
    is_period_sound = ~is_future & pl.lit(period_problem is None)
    return (
        statements.pipe(_with_registers, territory)
        .join(history.latest_revisions.lazy(), on="unit_code", how="left", validate="m:1")
        .join(fingerprints, on="file", how="left", validate="1:1")
        .join(_first_of_alike(history), on="likeness", how="left", validate="m:1")
        .with_columns(revision=_revision_given())
        .with_columns(is_unchanged=_is_unchanged())
        .join(_summed(activities), on="file", how="left", validate="1:1")
        .join(households.group_by("file").agg(household_rows=pl.len()), on="file", how="left", validate="1:1")
        .with_columns(
            **_period(period_problem, is_future),
            **_days(territory, is_period_sound),
            **_unit(is_period_sound),
            **_revision(),
            data_rows=pl.col("activity_rows").fill_null(0) + pl.col("household_rows").fill_null(0),
            **_controls(),
            other_version=_other_version(),
        )
    )


def _with_registers(statements: pl.LazyFrame, territory: Territory) -> pl.LazyFrame:
    """The statements with what the register of units says of the code and the name."""
    known_name = territory.unit_names.lazy().select("unit_code", "name_key", is_known_name=pl.lit(True))
    former_name = territory.former_unit_names.lazy().select("unit_code", "name_key", is_former_name=pl.lit(True))
    return (
        statements.join(territory.units.lazy(), on="unit_code", how="left", validate="m:1")
        .with_columns(name_key=folded(pl.col("unit_name")))
        .join(known_name, on=["unit_code", "name_key"], how="left", validate="m:1")
        .join(former_name, on=["unit_code", "name_key"], how="left", validate="m:1")
        .join(territory.unit_heirs.lazy(), on="unit_code", how="left", validate="m:1")
    )


def _first_of_alike(history: History) -> pl.LazyFrame:
    """For each likeness the first submission that bore it."""
    return history.likenesses.lazy().unique("likeness", keep="first", maintain_order=True)


def _revision_given() -> pl.Expr:
    """The revision as stated; where the form does not ask it, the next one, or the last where nothing is new.

    Who says that a workbook replaces another means it, though it be for its words alone.
    """
    is_asked = pl.col("form") == codes.KN_01
    latest, is_replacement = pl.col("latest_revision").fill_null(0), pl.col("submission_kind") != OFFICIAL
    is_known = _is_what_counts() & ~is_replacement.fill_null(False)
    return pl.when(is_asked).then("revision").otherwise(latest + 1 - is_known.cast(pl.Int64))


def _is_unchanged() -> pl.Expr:
    """Whether the content was accepted before under this revision or a later one, and counts."""
    return _is_what_counts() & (pl.col("revision") <= pl.col("latest_revision")).fill_null(False)


def _is_what_counts() -> pl.Expr:
    """Whether the content is that of the revision that counts."""
    is_same = pl.col("content_hash") == pl.col("latest_content")
    return (is_same & pl.col("latest_counts")).fill_null(False)


def _period(problem: str | None, is_future: pl.Expr) -> Columns:
    """The period, under the one rule that it breaks, if any."""
    period = pl.col("period")
    return {
        **{f"{name}_period": pl.when(pl.lit(problem == name)).then(period) for name in ("malformed", "old")},
        "future_period": pl.when(is_future).then(period),
    }


def _days(territory: Territory, is_period_sound: pl.Expr) -> Columns:
    """The days of the period, and stated days that are others."""
    is_wrong_first = pl.col("date_from") != territory.first_day
    is_wrong_last = pl.col("date_to") != territory.last_day
    return {
        "first_day": pl.lit(territory.first_day),
        "last_day": pl.lit(territory.last_day),
        "wrong_first_day": pl.when(is_period_sound, is_wrong_first).then("date_from"),
        "wrong_last_day": pl.when(is_period_sound, is_wrong_last).then("date_to"),
    }


def _unit(is_period_sound: pl.Expr) -> Columns:
    """A unit that does not report, is named otherwise, or is not the one the file was sent by."""
    is_known, is_bygone = pl.col("known_unit_name").is_not_null(), pl.col("heirs").is_not_null()
    is_foreign_name = is_known & pl.col("is_known_name").is_null()
    is_former = pl.col("is_former_name")
    return {
        "unknown_unit": pl.when(~is_known & ~is_bygone & is_period_sound).then("unit_code"),
        "bygone_unit": pl.when(is_bygone & is_period_sound).then("unit_code"),
        "foreign_name": pl.when(is_foreign_name & is_former.is_null()).then("unit_name"),
        "former_name": pl.when(is_foreign_name & is_former).then("unit_name"),
        "foreign_sender": pl.when(pl.col("sender_codes").list.contains(pl.col("unit_code")).not_()).then("unit_code"),
    }


def _revision() -> Columns:
    """A revision that is taken, that copies another submission, or does not say that it replaces one."""
    revision, latest = pl.col("revision"), pl.col("latest_revision")
    is_changed = ~pl.col("is_unchanged")
    is_of_others = (pl.col("other_unit") != pl.col("unit_code")) | (pl.col("other_period") != pl.col("period"))
    is_not_official, is_asked = pl.col("submission_kind") != OFFICIAL, pl.col("form") == codes.KN_01
    is_first_again = ~is_asked & pl.col("latest_counts") & ~is_not_official & is_changed
    return {
        "doubled_revision": pl.when((revision == latest) & is_changed).then("revision"),
        "copied": pl.when(pl.col("other_unit").is_not_null() & is_of_others).then("unit_code"),
        "needed_revision": pl.max_horizontal("latest_revision", "revision") + 1,
        "official_again": pl.when(is_first_again).then("latest_revision"),
    }


def _summed(activities: pl.LazyFrame) -> pl.LazyFrame:
    """What sheet 02 of each workbook comes to; null where a part of it could not be read."""
    is_for_households = pl.col("activity_code").is_in(codes.FOR_HOUSEHOLDS)
    is_unread = {
        "households": (pl.col("hh_total").is_null() & is_for_households).any(),
        "value_vnd": pl.col("value_total_vnd").is_null().any(),
    }
    sums = {"households": pl.col("hh_total").sum(), "value_vnd": pl.col("value_total_vnd").sum()}
    return activities.group_by("file").agg(
        activity_rows=pl.len().cast(pl.Int64),
        **{f"summed_{name}": pl.when(~is_unread[name]).then(total) for name, total in sums.items()},
    )


def _controls() -> Columns:
    """Where the totals of the unit's own book are not what sheet 02 comes to beyond rounding."""
    is_asked = pl.col("form") == codes.KN_02
    rows = pl.col("activity_rows").fill_null(0)
    # A workbook without a row was not left unread in part.
    summed = {
        "activities": rows,
        "households": pl.when(rows == 0).then(0).otherwise(pl.col("summed_households")),
        "value_vnd": pl.when(rows == 0).then(0).otherwise(pl.col("summed_value_vnd")),
    }
    columns: dict[str, pl.Expr] = {}
    for name, total in summed.items():
        written = pl.col(f"control_{name}")
        tolerance = half_unit() * (2 * rows + 1) if name == "value_vnd" else pl.lit(0)
        is_off = (written - total).abs() > tolerance
        columns |= {
            f"counted_{name}": total,
            f"control_{name}_off": pl.when(is_asked, is_off).then(written),
        }
    return columns


def _other_version() -> pl.Expr:
    """The version that is written, where the workbook is another by its captions."""
    known = {version: each.version for version, each in FORM_BY_VERSION.items()}
    written = pl.col("form_version").replace_strict(known, default=None, return_dtype=pl.String)
    return pl.when(written != pl.col("form")).then("form_version")
