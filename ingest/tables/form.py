"""The rows of `column_names.csv` and `thresholds.csv`: what the form's columns are called, and what they may hold."""

from domain.reference import ColumnName, Threshold
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


def _column_name(row: Cells) -> ColumnName:
    return ColumnName(row.text("form_version"), row.text("table"), row.text("name"), row.text("alias"))


def _threshold(row: Cells) -> Threshold:
    return Threshold(
        activity_code=row.text("activity_code"),
        quantity_unit=row.text("quantity_unit"),
        warn_min_vnd=row.maybe_whole("warn_min_vnd"),
        warn_max_vnd=row.maybe_whole("warn_max_vnd"),
        error_max_vnd=row.maybe_whole("error_max_vnd"),
    )


COLUMN_NAMES = Layout("column_names.csv", ("form_version", "table", "name", "alias"), _column_name)
THRESHOLDS = Layout(
    "thresholds.csv", ("activity_code", "quantity_unit", "warn_min_vnd", "warn_max_vnd", "error_max_vnd"), _threshold
)
