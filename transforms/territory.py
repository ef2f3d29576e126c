"""The registers as frames for one period: which villages belong to whom, who is twinned, what is plausible."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from domain import codes
from domain.calendar import Window
from domain.period import Period
from domain.reference import Reference
from domain.text import fold
from domain.units import Unit
from domain.villages import Partner, Village, Villages

KNOWN_UNITS = pl.Schema({"unit_code": pl.String, "known_unit_name": pl.String})
UNIT_NAMES = pl.Schema({"unit_code": pl.String, "name_key": pl.String})
UNIT_HEIRS = pl.Schema({"unit_code": pl.String, "heirs": pl.String})
KNOWN_VILLAGES = pl.Schema(
    {
        "village_id": pl.String,
        "known_village_name": pl.String,
        "reporter_code": pl.String,
        "register_households": pl.Int64,
        "register_persons": pl.Int64,
        "village_since": pl.Date,
    }
)
VILLAGE_NAMES = pl.Schema({"village_id": pl.String, "reporter_code": pl.String, "name_key": pl.String})
VILLAGE_HEIRS = pl.Schema({"village_id": pl.String, "village_heir": pl.String})
TWINS = pl.Schema({"village_id": pl.String, "partner_key": pl.String})
PARTNER_LISTS = pl.Schema({"village_id": pl.String, "partners_known": pl.String})
PARTNER_DAYS = pl.Schema(
    {
        "partner_key": pl.String,
        "partner_called": pl.String,
        "partner_since": pl.Date,
        "partner_until": pl.Date,
        "partner_before": pl.String,
        "partner_after": pl.String,
    }
)
UNIT_PRICES = pl.Schema(
    {
        "activity_code": pl.String,
        "quantity_unit": pl.String,
        "price_warn_min": pl.Int64,
        "price_warn_max": pl.Int64,
        "price_error_max": pl.Int64,
    }
)


@dataclass(frozen=True, slots=True)
class Territory:
    """What the registers say about one period, as frames to join with."""

    first_day: date
    last_day: date
    is_first_month: bool
    units: pl.DataFrame
    unit_names: pl.DataFrame
    former_unit_names: pl.DataFrame
    unit_heirs: pl.DataFrame
    """For codes that report no more: the names of those who took over."""
    villages: pl.DataFrame
    village_names: pl.DataFrame
    village_heirs: pl.DataFrame
    """For villages that are no more: which village they went over into, as a hint."""
    twins: pl.DataFrame
    partner_lists: pl.DataFrame
    """For each village its partners, as an aside in a sentence."""
    partner_days: pl.DataFrame
    """For each name of an agency its first and last day, and as asides who was before and who came after."""
    unit_prices: pl.DataFrame


def territory(reference: Reference, period: Period, window: Window) -> Territory:
    """The registers on the last day of `window`, which is the month `period` or one of its subperiods."""
    on = window.last_day
    units = reference.units.reporting(on)
    villages = reference.villages.with_reporter(reference.units, on)
    twins = reference.villages.partners_during(window.first_day, on)
    return Territory(
        first_day=window.first_day,
        last_day=on,
        is_first_month=period.number == 1,
        units=_frame(KNOWN_UNITS, ((unit.code, unit.name) for unit in units)),
        unit_names=_unit_names(units, reference.units.names),
        former_unit_names=_unit_names(units, reference.units.former_names),
        unit_heirs=_unit_heirs(reference, units, on),
        villages=_villages(villages, reference.units.first_day),
        village_names=_village_names(villages),
        village_heirs=_village_heirs(reference, on),
        twins=_twins(reference, window, twins),
        partner_lists=_partner_lists(twins),
        partner_days=_partner_days(reference.villages, on),
        unit_prices=_unit_prices(reference),
    )


def _frame(schema: pl.Schema, rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _unit_names(units: Sequence[Unit], names: Callable[[Unit], set[str]]) -> pl.DataFrame:
    return _frame(UNIT_NAMES, ((unit.code, key) for unit in units for key in sorted(names(unit))))


def _villages(villages: Sequence[tuple[Village, Unit]], register_begins: date) -> pl.DataFrame:
    """A village that stands in the register from its first day may be as old as the hills: it has no `village_since`."""
    return _frame(
        KNOWN_VILLAGES,
        (
            (
                each.village_id,
                each.name,
                unit.code,
                each.households,
                each.persons,
                each.valid_from if each.valid_from > register_begins else None,
            )
            for each, unit in villages
        ),
    )


def _village_names(villages: Sequence[tuple[Village, Unit]]) -> pl.DataFrame:
    return _frame(
        VILLAGE_NAMES,
        ((village.village_id, unit.code, key) for village, unit in villages for key in sorted(village.names())),
    )


def _twins(reference: Reference, window: Window, twins: Mapping[str, Sequence[Partner]]) -> pl.DataFrame:
    """Every way to name a village's partners: by id or name, their own or those of agencies merged into them.

    An agreement of which no first day is known may be older than the agency that keeps it: then those merged into it
    are believed too.
    """
    register = reference.villages
    pairs = [(village_id, partner) for village_id, partners in twins.items() for partner in partners]
    for village, assignment in register.assigned(window.last_day):
        partner = register.find_partner(assignment.partner_id)
        if partner is not None and assignment.valid_from is None and not partner.has_begun(window.last_day):
            pairs.append((village.village_id, partner))
    keys = {
        (village_id, key)
        for village_id, partner in pairs
        for known in register.merged_into(partner)
        for key in (fold(known.partner_id), fold(known.name))
    }
    return _frame(TWINS, sorted(keys))


def _partner_days(register: Villages, on: date) -> pl.DataFrame:
    """Every agency by its id and name; agencies of one name are one that was there whenever one of them was."""
    named: dict[str, list[Partner]] = {}
    for partner in register.partners:
        for key in {fold(partner.partner_id), fold(partner.name)}:
            named.setdefault(key, []).append(partner)
    return _frame(PARTNER_DAYS, ((key, *_days_of(register, named[key], on)) for key in sorted(named)))


def _days_of(register: Villages, partners: Sequence[Partner], on: date) -> tuple[object, ...]:
    begun, ended = [each.valid_from for each in partners], [each.valid_to for each in partners]
    since, until = [day for day in begun if day is not None], [day for day in ended if day is not None]
    last = max(partners, key=lambda partner: partner.valid_to or date.max)
    after = register.partner_on(last.partner_id, on)
    first_day = last.valid_from or date.min
    before = [each.name for each in register.merged_into(last) if each not in partners and each.has_ended(first_day)]
    return (
        last.name,
        None if None in begun else min(since),
        None if None in ended else max(until),
        f"; trước đó là {', '.join(before)}" if before else "",
        f"; nay là {after.name}" if after is not None and after not in partners else "",
    )


def _partner_lists(twins: Mapping[str, Sequence[Partner]]) -> pl.DataFrame:
    return _frame(
        PARTNER_LISTS,
        (
            (village_id, f" (đã có: {'; '.join(partner.name for partner in partners)})")
            for village_id, partners in sorted(twins.items())
        ),
    )


def _unit_heirs(reference: Reference, reporting: Sequence[Unit], on: date) -> pl.DataFrame:
    known = {unit.code for unit in reporting}
    rows = []
    for code in sorted({unit.code for unit in reference.units.rows} - known):
        heirs = [unit for unit in reference.units.heirs(code, on) if unit.code in known]
        if heirs:
            rows.append((code, ", ".join(f"{unit.name} ({unit.code})" for unit in heirs)))
    return _frame(UNIT_HEIRS, rows)


def _village_heirs(reference: Reference, on: date) -> pl.DataFrame:
    gone = [village for village in reference.villages.rows if village.valid_to is not None and village.valid_to < on]
    heirs = [(village.village_id, reference.villages.heir(village.village_id, on)) for village in gone]
    rows = [
        (village_id, f"Thôn, làng này nay là {heir.name} ({heir.village_id}). ")
        for village_id, heir in heirs
        if heir is not None
    ]
    return _frame(VILLAGE_HEIRS, rows)


def _unit_prices(reference: Reference) -> pl.DataFrame:
    """One row per activity and quantity unit: the most specific threshold that fits."""
    rows = []
    for activity in codes.ACTIVITIES:
        for unit in activity.quantity_units:
            fitting = [
                threshold
                for threshold in reference.thresholds
                if threshold.activity_code in ("*", activity.code) and threshold.quantity_unit in ("*", unit)
            ]
            if fitting:
                best = max(fitting, key=lambda row: (row.activity_code != "*", row.quantity_unit != "*"))
                rows.append((activity.code, unit, best.warn_min_vnd, best.warn_max_vnd, best.error_max_vnd))
    return _frame(UNIT_PRICES, rows)
