"""The frames that cross from room to room, column by column."""

from collections.abc import Iterable

import polars as pl

from domain import form
from domain.form import CellType, Field
from domain.forms import columns_of

QUANTITY = pl.Decimal(18, 3)
"""Quantities and days of labour: exact, so that sums do not depend on the order of rows."""

RAW_CELLS = pl.Schema(
    {
        "file": pl.String(),
        "table": pl.String(),
        "source_row": pl.Int64(),
        "source_column": pl.Int64(),
        "field": pl.String(),
        "kind": pl.String(),
        "text": pl.String(),
        "number": pl.Float64(),
        "day": pl.Date(),
        "original": pl.String(),
        "is_percent": pl.Boolean(),
        "is_hidden": pl.Boolean(),
        "merged": pl.String(),
    }
)
"""One row per cell of a data row, typed as the workbook typed it; `kind` is one of CELL_KINDS.

`original` is the text before it was converted to Unicode; `legacy` text is suspected and was not converted. `merged`
is the range of merged cells (`D8:D10`) whose one value stands in another row.
"""

CELL_KINDS = ("blank", "text", "number", "day", "flag", "error", "legacy", "picture")

COLUMNS_FOUND = pl.Schema(
    {
        "file": pl.String(),
        "table": pl.String(),
        "field": pl.String(),
        "caption": pl.String(),
        "times": pl.Int64(),
        "source_row": pl.Int64(),
        "source_column": pl.Int64(),
    }
)
"""One row per column that the form asks for (`times` 0 when absent) or that nobody asked for (`field` null)."""

SHEETS_FOUND = pl.Schema(
    {
        "file": pl.String(),
        "table": pl.String(),
        "sheet": pl.String(),
        "is_found": pl.Boolean(),
        "has_header": pl.Boolean(),
    }
)
"""One row per sheet that the form asks for or that is there; `table` is null where nobody asked for it."""

ODD_PLACES = pl.Schema(
    {
        "file": pl.String(),
        "table": pl.String(),
        "sheet": pl.String(),
        "source_row": pl.Int64(),
        "source_column": pl.Int64(),
        "oddity": pl.String(),
        "caption": pl.String(),
        "line": pl.String(),
    }
)
"""One row per place of a sheet about which the unit is asked; `oddity` is one of ODDITIES.

`caption` is what stands there, or what is said of it; `line` the row's number in words.
"""

ODDITIES = (
    "same_name",
    "hidden_sheet",
    "unread_row",
    "above_captions",
    "sum_row",
    "moved_heading",
    "merged",
    "merged_remark",
    "struck",
    "unseen",
    "linked",
)

WRITTEN_TOTALS = pl.Schema(
    {
        "file": pl.String(),
        "table": pl.String(),
        "source_row": pl.Int64(),
        "source_column": pl.Int64(),
        "caption": pl.String(),
        "field": pl.String(),
        "written": pl.Float64(),
        "summed": pl.Float64(),
        "money_gap": pl.Float64(),
        "count_gap": pl.Float64(),
    }
)
"""One row per number of a row of totals that the unit wrote: what it says, what its rows come to, the difference."""

_POLARS_TYPE: dict[CellType, pl.DataType] = {
    CellType.TEXT: pl.String(),
    CellType.CODE: pl.String(),
    CellType.WHOLE: pl.Int64(),
    CellType.MONEY: pl.Int64(),
    CellType.DAY: pl.Date(),
    CellType.DECIMAL: QUANTITY,
}


def _table(fields: Iterable[Field]) -> pl.Schema:
    """The typed rows of a ledger sheet: money in đồng, whatever unit it was typed in."""
    places: dict[str, pl.DataType] = {"file": pl.String(), "source_row": pl.Int64()}
    return pl.Schema(places | {field.name: _POLARS_TYPE[field.type] for field in fields})


STATEMENTS = pl.Schema(
    {
        "file": pl.String(),
        **{field.name: _POLARS_TYPE[field.type] for field in columns_of(form.STATEMENT.table)},
        "form": pl.String(),
        "property_unit": pl.String(),
        "property_period": pl.String(),
    }
)
"""One row per workbook: sheet 00, which form it is, and the identity that it carries in its properties."""

ACTIVITIES = _table(form.ACTIVITIES.fields)
HOUSEHOLDS = _table(form.HOUSEHOLDS.fields)
POLITICS_SECURITY = _table(form.POLITICS_SECURITY.fields)
CONTROL_TOTALS = _table(form.CONTROL_TOTALS.fields)

FACT_TABLES = {
    "activities": ACTIVITIES,
    "households": HOUSEHOLDS,
    "politics_security": POLITICS_SECURITY,
    "control_totals": CONTROL_TOTALS,
}
"""The tables whose accepted rows are kept and counted."""
TYPED_ROWS = {table: pl.Schema({**_table(columns_of(table)), "money_unread": pl.Boolean()}) for table in FACT_TABLES}
"""Their rows as typed, with what only some form asks for, and what is kept is computed from.

`money_unread` says whether an amount of the row could not be read.
"""

USUAL_PRICES = pl.Schema(
    {"unit_code": pl.String(), "activity_code": pl.String(), "quantity_unit": pl.String(), "usual_price": pl.Float64()}
)
"""What one unit of quantity came to in the unit's last twelve accepted months."""

FACT_ORIGIN = pl.Schema(
    {
        "submission_id": pl.Int64(),
        "period": pl.String(),
        "unit_code": pl.String(),
        "revision": pl.Int64(),
        "sha256": pl.String(),
    }
)
"""What every stored fact row knows of the submission it came with; stands before the row's own columns."""


def kept(table: str) -> pl.Schema:
    """The accepted rows of `table` as storage takes them: of one submission, so without the file's name."""
    return pl.Schema({name: dtype for name, dtype in FACT_TABLES[table].items() if name != "file"})


def stored(table: str) -> pl.Schema:
    """The accepted rows of `table` as storage returns them."""
    return pl.Schema({**FACT_ORIGIN, **kept(table)})


REPORT_ROWS = pl.Schema(
    {
        **FACT_ORIGIN,
        "source_row": pl.Int64(),
        "is_expected": pl.Int64(),
        "is_sent": pl.Int64(),
        "is_received": pl.Int64(),
        "is_on_time": pl.Int64(),
        "is_late": pl.Int64(),
        "is_nil": pl.Int64(),
        "is_right_first_time": pl.Int64(),
        "is_replaced": pl.Int64(),
    }
)
"""One row per month and unit that owes a report, with the submission that counts, if any; marks are 0 or 1."""

REGISTER_ROWS = pl.Schema(
    {
        **FACT_ORIGIN,
        "source_row": pl.Int64(),
        "village_id": pl.String(),
        "has_report": pl.Boolean(),
        "has_partner": pl.Boolean(),
    }
)
"""One row per month, unit and village of the register; `has_report` where the unit's report counts."""

PARTNER_KEYS = pl.Schema({"partner_key": pl.String(), "partner_id": pl.String()})
"""By what folded names a partner is known; an agency that was merged leads to the one that keeps its agreements."""

PARTNERED = pl.Schema({**stored("activities"), "partner_id": pl.String(), "activity_and_unit": pl.String()})
"""Activities with their partner and `activity/unit of quantity`."""

COUNTABLE = {
    "activities": pl.Schema({**PARTNERED, "in_twinned_village": pl.Boolean()}),
    "households": stored("households"),
    "politics_security": stored("politics_security"),
    "reports": REPORT_ROWS,
    "register": REGISTER_ROWS,
}
"""The rows that indicators are counted in, by table; activities say whether their village has a partner."""
