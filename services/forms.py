"""Write the fill-in workbook of each expected unit, with what its reports before said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from domain.errors import BadPeriod, KetnghiaError
from domain.form import Field
from domain.forms import CURRENT
from domain.period import Period
from domain.submissions import SubmissionRecord
from domain.units import Unit
from domain.villages import Village
from expectations.rules import RULES
from services.figures.idle_months import last_months_told
from services.figures.known import known_facts
from services.progress import Progress, no_progress
from services.run import Run
from services.steps import apart
from storage import submissions
from storage.durable import write_durably

_MONTHS_BACK = 12
"""A report older than that is carried into no form."""
_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Before:
    """What was accepted before the month: what its forms carry."""

    closing: Mapping[str, _Row] = field(default_factory=dict)
    """By village, what the month before closed with, or the last one before months in which nothing happened."""
    stocks: Mapping[str, Mapping[str, _Row]] = field(default_factory=dict)
    """By table and village, what the last report of the village said that seldom changes."""
    people: Mapping[str, _Row] = field(default_factory=dict)
    """By unit, who prepared and approved its last report."""
    cumulative: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By unit and activity, what the months of the year before it came to."""

    def rows(self, table: str, villages: Sequence[Village]) -> list[_Row]:
        """The rows of a table of villages as the clerk gets them."""
        stocks, closing = self.stocks.get(table, {}), self.closing if table == "households" else {}
        return [
            {"village_id": village.village_id, "village_name": village.name}
            | stocks.get(village.village_id, {})
            | closing.get(village.village_id, {})
            for village in villages
        ]


def write_forms(
    run: Run, period: Period, unit_code: str | None, out: Path | None, on_progress: Progress = no_progress
) -> list[Path]:
    """The forms of the period, one per expected unit or for one unit.

    Raises:
        BadPeriod: if the period is not a month; only months are reported.
        UnknownUnit: if the unit does not report in that period.
        KetnghiaError: if none could be made; one that could not is told, and stops no other.
    """
    from reports.form.content import form_file_name

    units = reporting_units(run, period, unit_code)
    folder = out or run.settings.home / "forms" / str(period)
    paths = []
    make = form_maker(run, period)
    for number, unit in enumerate(units, start=1):
        content = None
        with apart("form-not-made", f"{unit.name}: chưa lập được biểu mẫu", unit=unit.code):
            content = make(unit)
        if content is not None:
            paths.append(folder / form_file_name(unit.code, period))
            write_durably(paths[-1], content)
        on_progress("forms", number, len(units))
    if not paths:
        raise KetnghiaError(f"Không lập được biểu mẫu nào của kỳ {period}; nguyên nhân ở các dòng trên.")
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
    """Makes a unit's form of the month; what was accepted before is looked up once, with the first of them."""
    from reports.form.content import FormContent
    from reports.form.workbook import write_form

    known_before = cache(lambda: _before(run, period))

    def make(unit: Unit) -> bytes:
        before = known_before()
        window = run.reference.subperiod_of(unit.code, period)
        villages = run.reference.villages.of_unit(unit, run.reference.units, window.last_day)
        return write_form(
            FormContent(
                unit=unit,
                period=period,
                window=window,
                villages=villages,
                partners=run.reference.villages.partners_during(window.first_day, window.last_day),
                statement=before.people.get(unit.code, {}),
                rows={table: before.rows(table, villages) for table in ("households", "politics_security")},
                rules=RULES,
                previous_cumulative={} if period.number == 1 else before.cumulative.get(unit.code),
            )
        )

    return make


def _before(run: Run, period: Period) -> _Before:
    """What was accepted before `period`, from the ledger where there is one."""
    if not run.has_ledger:
        return _Before()
    months = [str(month) for month in period.previous().months_back(_MONTHS_BACK)]
    earlier = [str(month) for month in period.year_to_date() if month != period]
    gone = [code for _, code in run.reference.departed([period.previous()])]
    with run.ledger.read() as session:
        known = known_facts(session, run, ("households", "politics_security"), months)
        activities = known_facts(session, run, ("activities",), earlier)["activities"].collect()
        counting = submissions.counting_submissions(session, months)
    households = known["households"].collect()
    told = last_months_told(counting, period.previous(), months)
    last_told = pl.col("unit_code").replace_strict(told, default=str(period.previous()), return_dtype=pl.String)
    closed = households.filter(pl.col("period") == last_told, ~pl.col("unit_code").is_in(gone))
    reported = {record.unit_code for record in counting if record.period in earlier}
    return _Before(
        closing={
            row["village_id"]: {"poor_open": row["poor_close"], "nearpoor_open": row["nearpoor_close"]}
            for row in closed.iter_rows(named=True)
        },
        stocks={
            "households": _latest(households, _carried("households")),
            "politics_security": _latest(known["politics_security"].collect(), _carried("politics_security")),
        },
        people=_people(counting),
        cumulative=_cumulative(activities, {str(unit) for unit in reported}),
    )


def _carried(table: str) -> list[str]:
    fields: Sequence[Field] = CURRENT.sheet_by_table[table].fields
    return [each.name for each in fields if each.carried]


def _latest(rows: pl.DataFrame, names: Sequence[str]) -> dict[str, _Row]:
    """The named columns of each village's last row."""
    last = rows.filter(pl.col("village_id").is_not_null()).sort("period").unique("village_id", keep="last")
    return {row.pop("village_id"): row for row in last.select("village_id", *names).iter_rows(named=True)}


def _people(counting: Sequence[SubmissionRecord]) -> dict[str, _Row]:
    """By unit who prepared and approved its last report; what that does not say, the one before it does."""
    found: dict[str, _Row] = {}
    asked = _carried("statement")
    for record in sorted(counting, key=lambda each: str(each.period)):
        said = {name: value for name in asked if (value := getattr(record, name)) is not None}
        found[str(record.unit_code)] = found.get(str(record.unit_code), {}) | said
    return found


def _cumulative(activities: pl.DataFrame, reported: set[str]) -> dict[str, dict[str, int]]:
    """By unit and activity what its rows came to; a unit that reported nothing but idle months comes to nothing."""
    found: dict[str, dict[str, int]] = {unit: {} for unit in reported}
    sums = activities.group_by("unit_code", "activity_code").agg(pl.col("value_total_vnd").sum())
    for unit, activity, value in sums.iter_rows():
        found.setdefault(unit, {})[activity] = value or 0
    return found
