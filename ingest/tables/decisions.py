"""The rows of the tables in which people decide: `corrections.csv`, `waivers.csv`, `double_counting.csv`."""

from domain import form
from domain.corrections import Correction, Locator
from domain.double_counting import Decision, DoubleDecision, RowLocator
from domain.waivers import Waiver
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


def _correction(row: Cells) -> Correction:
    return Correction(
        locator=row.read("locator", Locator.parse, "vị trí ô", f"như 2024-03/622/{form.HOUSEHOLDS.name}!L8"),
        old_value=row.text("old_value"),
        new_value=row.text("new_value"),
        reason=row.filled("reason", "lý do"),
        source=row.filled("source", "nguồn"),
        valid_from=row.moment("valid_from"),
        valid_to=row.maybe_moment("valid_to"),
        unlock_reason=row.text("unlock_reason"),
    )


def _waiver(row: Cells) -> Waiver:
    first_period = row.period("first_period")
    return Waiver(
        rule=row.text("rule"),
        unit_code=row.text("unit_code"),
        first_period=first_period,
        last_period=row.maybe_period("last_period") or first_period,
        granted_by=row.filled("granted_by", "người cho phép"),
        reason=row.filled("reason", "lý do"),
        valid_from=row.day("valid_from"),
        valid_to=row.day("valid_to"),
    )


def _double_decision(row: Cells) -> DoubleDecision:
    return DoubleDecision(
        kept=_row_locator(row, "kept"),
        dropped=_row_locator(row, "dropped"),
        value_total_vnd=row.whole("value_total_vnd"),
        decision=row.member("decision", Decision),
        reason=row.filled("reason", "lý do"),
        decided_by=row.filled("decided_by", "người quyết định"),
        valid_from=row.moment("valid_from"),
        valid_to=row.maybe_moment("valid_to"),
    )


def _row_locator(row: Cells, column: str) -> RowLocator:
    return row.read(column, RowLocator.parse, "vị trí dòng", f"như 2024-03/622/{form.ACTIVITIES.name}!8")


CORRECTIONS = Layout(
    "corrections.csv",
    ("locator", "old_value", "new_value", "reason", "source", "valid_from", "valid_to", "unlock_reason"),
    _correction,
)
WAIVERS = Layout(
    "waivers.csv",
    ("rule", "unit_code", "first_period", "last_period", "granted_by", "reason", "valid_from", "valid_to"),
    _waiver,
)
DOUBLE_DECISIONS = Layout(
    "double_counting.csv",
    ("kept", "dropped", "value_total_vnd", "decision", "reason", "decided_by", "valid_from", "valid_to"),
    _double_decision,
)
