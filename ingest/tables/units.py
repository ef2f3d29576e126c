"""The rows of `units.csv`, `successions.csv` and `unit_aliases.csv`."""

from domain.units import Level, Region, Succession, Unit, UnitAlias
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


def _unit(row: Cells) -> Unit:
    return Unit(
        unit_id=row.text("unit_id"),
        code=row.text("code"),
        name=row.text("name"),
        type=row.text("type"),
        level=row.member("level", Level),
        parent_code=row.text("parent_code"),
        valid_from=row.day("valid_from"),
        valid_to=row.maybe_day("valid_to"),
        region=row.member("region", Region),
    )


def _succession(row: Cells) -> Succession:
    return Succession(
        from_id=row.text("from_id"),
        to_id=row.text("to_id"),
        effective=row.day("effective"),
        kind=row.text("kind"),
        partial=row.text("partial") == "1",
    )


def _alias(row: Cells) -> UnitAlias:
    return UnitAlias(row.text("code"), row.text("alias"), row.day("valid_from"), row.maybe_day("valid_to"))


UNITS = Layout(
    "units.csv",
    ("unit_id", "code", "name", "type", "level", "parent_code", "valid_from", "valid_to", "region"),
    _unit,
)
SUCCESSIONS = Layout("successions.csv", ("from_id", "to_id", "effective", "kind", "partial"), _succession)
UNIT_ALIASES = Layout("unit_aliases.csv", ("code", "alias", "valid_from", "valid_to"), _alias)
