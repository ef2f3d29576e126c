"""Write the fill-in workbook of each expected unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from domain.errors import BadPeriod
from domain.period import Period
from domain.units import Unit
from domain.villages import Village
from expectations.rules import RULES
from services.figures.known import known_facts
from services.progress import Progress, no_progress
from services.run import Run
from storage.durable import write_durably


@dataclass(frozen=True, slots=True)
class _ClosedMonth:
    """What the month before was accepted with: closing figures by village, cumulative totals by unit."""

    closing: Mapping[str, tuple[int | None, int | None]]
    cumulative: Mapping[str, Mapping[str, int]]

    def opening(self, village: Village) -> dict[str, str | int | None]:
        """The village's row of sheet 03 as the clerk gets it."""
        poor, nearpoor = self.closing.get(village.village_id, (None, None))
        named: dict[str, str | int | None] = {"village_id": village.village_id, "village_name": village.name}
        return named | {"poor_open": poor, "nearpoor_open": nearpoor}


def write_forms(
    run: Run, period: Period, unit_code: str | None, out: Path | None, on_progress: Progress = no_progress
) -> list[Path]:
    """The forms of the period, one per expected unit or for one unit.

    Raises:
        BadPeriod: if the period is not a month; only months are reported.
        UnknownUnit: if the unit does not report in that period.
    """
    from reports.form.content import form_file_name

    units = reporting_units(run, period, unit_code)
    folder = out or run.settings.home / "forms" / str(period)
    paths = []
    make = form_maker(run, period)
    for number, unit in enumerate(units, start=1):
        path = folder / form_file_name(unit.code, period)
        write_durably(path, make(unit))
        paths.append(path)
        on_progress("forms", number, len(units))
    return paths


def reporting_units(run: Run, period: Period, unit_code: str | None = None) -> Sequence[Unit]:
    """Who reports the month: all of them, or the one; raises as `write_forms`."""
    if not period.is_month:
        raise BadPeriod(f"Biểu mẫu chỉ lập cho từng tháng; {period} gồm nhiều tháng.")
    units = [run.reference.reporting_unit(unit_code, period)] if unit_code else run.reference.expected_units(period)
    if not units:
        raise BadPeriod(f"Danh bạ không có đơn vị nào phải báo cáo kỳ {period}.")
    return units


def form_maker(run: Run, period: Period) -> Callable[[Unit], bytes]:
    """Makes a unit's form of the month; what the month before closed with is looked up once, with the first of them."""
    from reports.form.content import FormContent
    from reports.form.workbook import write_form

    closed_month = cache(lambda: _closed_month(run, period))

    def make(unit: Unit) -> bytes:
        closed = closed_month()
        window = run.reference.subperiod_of(unit.code, period)
        villages = run.reference.villages.of_unit(unit, run.reference.units, window.last_day)
        return write_form(
            FormContent(
                unit=unit,
                period=period,
                window=window,
                villages=villages,
                partners=run.reference.villages.partners_during(window.first_day, window.last_day),
                rows={"households": [closed.opening(village) for village in villages]},
                rules=RULES,
                previous_cumulative={} if period.number == 1 else closed.cumulative.get(unit.code),
            )
        )

    return make


def _closed_month(run: Run, period: Period) -> _ClosedMonth:
    """The month before `period`, from the ledger where there is one."""
    if not run.has_ledger:
        return _ClosedMonth({}, {})
    previous = [str(period.previous())]
    with run.ledger.read() as session:
        known = known_facts(session, run, ("households", "control_totals"), previous)
        gone = [code for _, code in run.reference.departed([period.previous()])]
        households = known["households"].filter(~pl.col("unit_code").is_in(gone)).collect()
        totals = known["control_totals"].collect()
    cumulative: dict[str, dict[str, int]] = {unit: {} for unit in households["unit_code"].unique()}
    for unit, activity, value in totals.select("unit_code", "activity_code", "cumulative_vnd").iter_rows():
        cumulative.setdefault(unit, {})[activity] = value or 0
    closing = households.select("village_id", "poor_close", "nearpoor_close").iter_rows()
    return _ClosedMonth({village: (poor, nearpoor) for village, poor, nearpoor in closing}, cumulative)
