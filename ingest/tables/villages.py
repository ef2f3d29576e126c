"""The rows of `villages.csv`, `village_successions.csv`, `partners.csv` and `assignments.csv`."""

from domain.villages import Assignment, Partner, Village, VillageSuccession
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


def _village(row: Cells) -> Village:
    return Village(
        village_id=row.text("village_id"),
        name=row.text("name"),
        commune_code=row.text("commune_code"),
        valid_from=row.day("valid_from"),
        valid_to=row.maybe_day("valid_to"),
        aliases=tuple(alias for alias in row.text("aliases").split("|") if alias),
        households=row.maybe_whole("households"),
        persons=row.maybe_whole("persons"),
        hh_dtts=row.maybe_whole("hh_dtts"),
    )


def _village_succession(row: Cells) -> VillageSuccession:
    return VillageSuccession(
        from_id=row.text("from_id"),
        to_id=row.text("to_id"),
        effective=row.day("effective"),
        kind=row.text("kind"),
        partial=row.text("partial") == "1",
    )


def _partner(row: Cells) -> Partner:
    return Partner(
        partner_id=row.filled("partner_id", "mã đơn vị kết nghĩa"),
        name=row.text("name"),
        level=row.text("level"),
        valid_from=row.maybe_day("valid_from"),
        valid_to=row.maybe_day("valid_to"),
        successor_id=row.text("successor_id"),
    )


def _assignment(row: Cells) -> Assignment:
    return Assignment(
        partner_id=row.text("partner_id"),
        village_id=row.text("village_id"),
        commune_code=row.text("commune_code"),
        role=row.text("role"),
        valid_from=row.maybe_day("valid_from"),
        valid_to=row.maybe_day("valid_to"),
    )


VILLAGES = Layout(
    "villages.csv",
    ("village_id", "name", "commune_code", "valid_from", "valid_to", "aliases", "households", "persons", "hh_dtts"),
    _village,
)
VILLAGE_SUCCESSIONS = Layout(
    "village_successions.csv", ("from_id", "to_id", "effective", "kind", "partial"), _village_succession
)
PARTNERS = Layout("partners.csv", ("partner_id", "name", "level", "valid_from", "valid_to", "successor_id"), _partner)
ASSIGNMENTS = Layout(
    "assignments.csv", ("partner_id", "village_id", "commune_code", "role", "valid_from", "valid_to"), _assignment
)
