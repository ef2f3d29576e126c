from domain.period import Period
from domain.reference import Reference
from domain.text import fold
from transforms.territory import Territory, territory

FEBRUARY, JULY = Period.parse("2024-02"), Period.parse("2026-07")


def of(reference: Reference, month: Period) -> Territory:
    return territory(reference, month, reference.calendar.window(month))


def test_the_units_are_those_that_report_on_the_last_day(reference: Reference) -> None:
    assert ("622", "Thành phố Pleiku") in of(reference, FEBRUARY).units.iter_rows()
    assert "622" not in of(reference, JULY).units["unit_code"]
    assert "622" in of(reference, JULY).unit_heirs["unit_code"]


def test_a_village_lies_with_whoever_reports_for_it(reference: Reference) -> None:
    for month, reporter in ((FEBRUARY, "622"), (JULY, "23586")):
        villages = of(reference, month).villages
        assert dict(villages.select("village_id", "reporter_code").iter_rows())["23586-01"] == reporter


def test_a_partner_is_known_by_id_and_by_name(reference: Reference) -> None:
    registers = of(reference, FEBRUARY)
    keys = {key for village_id, key in registers.twins.iter_rows() if village_id == "23586-01"}
    assert {fold("DV-001"), fold("Phòng Tư pháp TP. Pleiku")} <= keys
    [aside] = [text for village_id, text in registers.partner_lists.iter_rows() if village_id == "23586-01"]
    assert aside.startswith(" (đã có: ")
    assert "Phòng Tư pháp TP. Pleiku" in aside


def test_each_activity_and_quantity_unit_has_its_most_specific_bounds(reference: Reference) -> None:
    prices = of(reference, FEBRUARY).unit_prices
    assert not prices.select("activity_code", "quantity_unit").is_duplicated().any()
    named = {(row.activity_code, row.quantity_unit): row for row in reference.thresholds if row.activity_code != "*"}
    bounds = {(code, unit): (low, high) for code, unit, low, high, _ in prices.iter_rows()}
    exact = {key: row for key, row in named.items() if key in bounds}
    assert exact
    assert all(bounds[key] == (row.warn_min_vnd, row.warn_max_vnd) for key, row in exact.items())
