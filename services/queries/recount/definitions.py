"""What each indicator counts, written a second time as SQL: rows of the archived cells, ratios and balances of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_DONE, _DOING = "'hoan_thanh'", "'dang_thuc_hien'"
_PAID = f"status IN ({_DONE}, {_DOING})"
_THOUSANDTHS = 1000
_HOUSEHOLD_GROUPS = "('NHA_MOI', 'NHA_SUA', 'BHYT', 'QUA_TET', 'QUA_KHAC', 'THAM_HOI', 'SINH_KE')"


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of one table that become a number."""

    table: str
    number: str
    """What SQL makes of the rows."""
    where: str = "1"
    says: str = "1"
    """Which of the rows say something of it at all."""
    moment: str = "flow"
    """`flow`: all months; `closes`: who closes the last month; `opens`: who opens the first."""
    per: int = 1
    """By what the number is divided: quantities are kept in thousandths."""


def _done(number: str, where: str = "1", per: int = 1) -> Counted:
    return Counted("activities", number, f"status = {_DONE} AND ({where})", per=per)


def _paid(number: str, where: str = "1") -> Counted:
    return Counted("activities", number, f"{_PAID} AND ({where})")


def _pieces(where: str, status: str = _DONE) -> Counted:
    return Counted("activities", "SUM(quantity)", f"status = {status} AND ({where})", per=_THOUSANDTHS)


def _stock(column: str) -> Counted:
    return Counted("households", f"SUM({column})", moment="closes")


def _moved(column: str) -> Counted:
    return Counted("households", f"SUM({column})")


def _movements(prefix: str) -> dict[str, Counted]:
    return {
        f"{prefix}_opening": Counted("households", f"SUM({prefix}_open)", moment="opens"),
        f"{prefix}_exits": _moved(f"{prefix}_exit"),
        f"{prefix}_relapses": _moved(f"{prefix}_relapse"),
        f"{prefix}_arrivals": _moved(f"{prefix}_new"),
        f"{prefix}_moved": _moved(f"{prefix}_other"),
        f"{prefix}_households": _stock(f"{prefix}_close"),
        f"{prefix}_households_dtts": _stock(f"{prefix}_dtts_close"),
    }


def _politics(column: str, moment: str = "flow") -> Counted:
    return Counted("politics_security", f"SUM({column})", says=f"{column} IS NOT NULL", moment=moment)


COUNTED: Mapping[str, Counted] = {
    "activities": _done("COUNT(*)"),
    "hh_total": _done("SUM(hh_total)"),
    "hh_poor": _done("SUM(hh_poor)"),
    "hh_nearpoor": _done("SUM(hh_nearpoor)"),
    "hh_dtts": _done("SUM(hh_dtts)"),
    "persons": _done("SUM(persons)"),
    "labour_days": _done("SUM(labour_days)", per=_THOUSANDTHS),
    "quantity": _done("SUM(quantity)", per=_THOUSANDTHS),
    "quantity_under_way": _pieces("1", _DOING),
    "houses_new": _pieces("activity_code = 'NHA_MOI'"),
    "houses_repaired": _pieces("activity_code = 'NHA_SUA'"),
    "houses_under_way": _pieces("activity_code IN ('NHA_MOI', 'NHA_SUA')", _DOING),
    "health_cards": _pieces("activity_code = 'BHYT'"),
    "tet_gifts": _pieces("activity_code = 'QUA_TET'"),
    "livelihood_households": _done("SUM(hh_total)", "activity_code = 'SINH_KE'"),
    "supported_households": _done("SUM(hh_total)", f"activity_code IN {_HOUSEHOLD_GROUPS}"),
    "household_value_vnd": _done("SUM(value_total_vnd)", f"activity_code IN {_HOUSEHOLD_GROUPS}"),
    "value_total_vnd": _paid("SUM(value_total_vnd)"),
    "completed_value_vnd": _done("SUM(value_total_vnd)"),
    "under_way_value_vnd": Counted("activities", "SUM(value_total_vnd)", f"status = {_DOING}"),
    "cash_vnd": _paid("SUM(cash_vnd)"),
    "inkind_vnd": _paid("SUM(inkind_vnd)"),
    "twinning_value_vnd": _paid("SUM(value_total_vnd)", "funding_source IN ('XHH', 'CBCC', 'DN')"),
    "other_value_vnd": _paid("SUM(value_total_vnd)", "funding_source NOT IN ('XHH', 'CBCC', 'DN')"),
    "tet_value_vnd": _paid("SUM(value_total_vnd)", "occasion = 'TET'"),
    "tet_gift_value_vnd": _paid("SUM(value_total_vnd)", "activity_code = 'QUA_TET'"),
    "tet_gift_activities": _done("COUNT(*)", "activity_code = 'QUA_TET'"),
    "tet_gift_households": _done("SUM(hh_total)", "activity_code = 'QUA_TET'"),
    "works_under_way": Counted("activities", "COUNT(*)", f"status = {_DOING}"),
    "commitments": Counted("activities", "COUNT(*)", "status = 'cam_ket'"),
    "committed_value_vnd": Counted("activities", "SUM(value_total_vnd)", "status = 'cam_ket'"),
    "villages_active": Counted("activities", "COUNT(DISTINCT village_id)", f"{_PAID} AND is_twinned"),
    "villages_reported": Counted("ward_reported", "COUNT(DISTINCT village_id)"),
    "villages_with_partner": Counted("ward_reported", "COUNT(DISTINCT village_id)", "has_partner"),
    "villages_rural_standard": Counted("households", "COUNT(*)", "ntm = 'Có'", moment="closes"),
    "villages_with_households": Counted("households", "COUNT(village_id)", moment="closes"),
    "households": _stock("households"),
    "inhabitants": _stock("persons"),
    "households_dtts": _stock("hh_dtts"),
    **_movements("poor"),
    **_movements("nearpoor"),
    **{
        name: _politics(name)
        for name in (
            "party_members_new", "organisations_strengthened", "joint_meetings", "cases_received", "cases_resolved",
            "elders_visited",
        )
    },
    **{name: _politics(name, "closes") for name in ("party_cells_dtts", "party_members", "security_models")},
    "reports_expected": Counted("report", "COUNT(*)"),
    "reports_received": Counted("report", "COUNT(*)", "id IS NOT NULL"),
    "reports_sent": Counted("report", "COUNT(*)", "first_verdict IS NOT NULL"),
    "reports_on_time": Counted("report", "COUNT(*)", "days_late = 0"),
    "reports_late": Counted("report", "COUNT(*)", "days_late > 0"),
    "reports_nil": Counted("report", "COUNT(*)", "is_nil"),
    "reports_replaced": Counted("report", "COUNT(*)", "revision > 1"),
    "reports_right_first_time": Counted("report", "COUNT(*)", "id IS NOT NULL AND first_verdict <> 'rejected'"),
}  # fmt: skip

RATIOS: Mapping[str, tuple[str, str, int]] = {
    "value_per_household_vnd": ("household_value_vnd", "supported_households", 1),
    "value_per_village_vnd": ("value_total_vnd", "villages_with_partner", 1),
    "cash_share_pct": ("cash_vnd", "value_total_vnd", 100),
    "inkind_share_pct": ("inkind_vnd", "value_total_vnd", 100),
    "twinning_share_pct": ("twinning_value_vnd", "value_total_vnd", 100),
    "village_activity_rate_pct": ("villages_active", "villages_with_partner", 100),
    "rural_standard_rate_pct": ("villages_rural_standard", "villages_with_households", 100),
    "poverty_rate_pct": ("poor_households", "households", 100),
    "poverty_rate_dtts_pct": ("poor_households_dtts", "households_dtts", 100),
    "dtts_share_of_poor_pct": ("poor_households_dtts", "poor_households", 100),
    "nearpoverty_rate_pct": ("nearpoor_households", "households", 100),
    "case_resolution_rate_pct": ("cases_resolved", "cases_received", 100),
    "coverage_pct": ("reports_received", "reports_expected", 100),
    "on_time_pct": ("reports_on_time", "reports_expected", 100),
    "right_first_time_pct": ("reports_right_first_time", "reports_sent", 100),
}
BALANCES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "value_without_tet_vnd": (("value_total_vnd",), ("tet_gift_value_vnd",)),
    "activities_without_tet": (("activities",), ("tet_gift_activities",)),
    "hh_without_tet": (("hh_total",), ("tet_gift_households",)),
    "villages_inactive": (("villages_with_partner",), ("villages_active",)),
    "villages_without_partner": (("villages_reported",), ("villages_with_partner",)),
    "reports_missing": (("reports_expected",), ("reports_received",)),
    **{
        f"{prefix}_corrected": (
            (f"{prefix}_households", f"{prefix}_exits"),
            (f"{prefix}_opening", f"{prefix}_relapses", f"{prefix}_arrivals", f"{prefix}_moved"),
        )
        for prefix in ("poor", "nearpoor")
    },
}
FROM_CELLS = ("activities", "households", "politics_security")
"""The tables that only the workbooks fill."""


def parts_of(indicator: str) -> Sequence[str]:
    """The counted indicators that it is made of; itself where it is counted."""
    if indicator in RATIOS:
        return [each for part in RATIOS[indicator][:2] for each in parts_of(part)]
    if indicator in BALANCES:
        return [each for side in BALANCES[indicator] for part in side for each in parts_of(part)]
    return [indicator]


def must_be_stated(indicator: str) -> bool:
    """Whether a unit may have reported and still say nothing of it: all but what is summed over the months."""
    return indicator in RATIOS or any(
        part in COUNTED and (COUNTED[part].moment != "flow" or COUNTED[part].says != "1")
        for part in parts_of(indicator)
    )


def is_of_one_month(indicator: str) -> bool:
    """Whether it is a stock, or made of stocks: taken of one month, whatever the span."""
    return all(part in COUNTED and COUNTED[part].moment != "flow" for part in parts_of(indicator))


def needs_cells(indicator: str) -> bool:
    """Whether the workbooks must be read for it; reports and registers are known without."""
    return any(part not in COUNTED or COUNTED[part].table in FROM_CELLS for part in parts_of(indicator))
