"""Made-up submissions of a month: plausible, seeded, and with a handful of honest faults."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from domain import codes
from domain.form import KN_01, Form
from domain.forms import CURRENT
from domain.kn_02 import CONTROLS
from domain.period import Period
from domain.reference import Reference
from domain.units import Unit
from domain.villages import Partner
from reports.form.content import FormContent, Row, form_file_name
from reports.form.workbook import write_form
from samples.activities import activity_rows, many_activity_rows
from samples.villages import household_row, politics_row

_OF_A_PROVINCE = 300
_TOTALLED = ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd")


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One made-up workbook as it arrives."""

    name: str
    content: bytes
    arrives_at: datetime


@dataclass(frozen=True, slots=True)
class _Faults:
    """Which unit does what wrong in the demonstrated month."""

    late: str
    missing: str
    nil: str
    rejected: str
    warned: str
    replaced: str

    @classmethod
    def among(cls, units: Sequence[Unit]) -> "_Faults":
        return cls(*(units[place % len(units)].code for place in (3, 5, 9, 11, 13, 0)))


def sample_month(
    reference: Reference,
    period: Period,
    *,
    with_faults: bool,
    only: Collection[str] | None = None,
    form: Form = CURRENT,
    rows: int | None = None,
) -> Iterator[SampleFile]:
    """The workbooks of every expected unit (or `only` some) for `period`; with faults, as an honest month has them.

    Every 300 units make the faults of one province. With `rows` each has so many activities.
    """
    units = reference.expected_units(period)
    due = reference.calendar.due(period)
    for place, unit in enumerate(units):
        if only is not None and unit.code not in only:
            continue
        province = place // _OF_A_PROVINCE * _OF_A_PROVINCE
        faults = _Faults.among(units[province : province + _OF_A_PROVINCE])
        arrives = due - timedelta(hours=2 + place % 24)
        sample = _Sample(reference, period, unit, form, rows)
        if not with_faults:
            yield sample.file(arrives)
        elif unit.code == faults.missing:
            continue
        elif unit.code == faults.late:
            yield sample.file(due + timedelta(days=3, hours=1))
        elif unit.code == faults.nil:
            yield sample.nil_file(arrives)
        elif unit.code == faults.rejected:
            yield sample.file(arrives, wrong_sum=True)
        elif unit.code == faults.warned:
            yield sample.file(arrives, is_odd=True)
        elif unit.code == faults.replaced:
            yield sample.file(arrives - timedelta(days=1))
            yield sample.file(arrives, revision=2)
        else:
            yield sample.file(arrives)


def sample_tables(reference: Reference, period: Period, unit: Unit) -> dict[str, list[dict[str, object]]]:
    """One unit's made-up rows of a month, by table, as its workbook would hold them."""
    return _Sample(reference, period, unit, KN_01).tables()


class _Sample:
    def __init__(self, reference: Reference, period: Period, unit: Unit, form: Form, rows: int | None = None) -> None:
        self._reference, self._period, self._unit, self._form, self._rows = reference, period, unit, form, rows
        self._window = reference.subperiod_of(unit.code, period)
        self._villages = reference.villages.of_unit(unit, reference.units, self._window.last_day)
        self._twins_since = cache(reference.villages.partners_of)
        self._takes_over = self._window.first_day > reference.calendar.window(period).first_day
        self._earlier = {
            month: reference.subperiod_of(unit.code, month)
            for month in period.year_to_date()
            if month != period and unit in reference.expected_units(month)
        }

    def file(
        self, arrives: datetime, *, revision: int = 1, wrong_sum: bool = False, is_odd: bool = False
    ) -> SampleFile:
        """The unit's workbook, whole."""
        rows = self.tables(revision)
        activities = rows["activities"]
        if is_odd and activities:
            odd = {"unit_value": 650_000} if self._form is KN_01 else {"description": "01"}
            activities[0] = activities[0] | odd
        book = _book(activities)
        if wrong_sum and self._form is not KN_01:
            book |= {CONTROLS[2]: book[CONTROLS[2]] + 1_000_000}
        elif wrong_sum and activities:
            activities[-1] = activities[-1] | {
                "value_total_vnd": int(str(activities[-1]["value_total_vnd"])) + 1_000_000
            }
        statement: Row = {
            "revision": revision,
            "submission_kind": codes.OFFICIAL if revision == 1 else codes.REPLACEMENT,
            "reason": None if revision == 1 else "Rà soát lại, bỏ một hoạt động ghi trùng",
            **book,
            **_people(self._unit),
        }
        return self._written(arrives, statement, rows, revision)

    def tables(self, revision: int = 1) -> dict[str, list[dict[str, object]]]:
        """The rows of the month; a later revision leaves one activity out."""
        where = (self._unit, self._villages, self._twins, self._period, self._window)
        activities = activity_rows(*where) if self._rows is None else many_activity_rows(*where, self._rows)
        if revision > 1:
            activities = activities[:-1]
        households = [household_row(village, self._period, takes_over=self._takes_over) for village in self._villages]
        return {
            "activities": activities,
            "households": households,
            "politics_security": [politics_row(village, self._period) for village in self._villages],
            "control_totals": self._totals(activities),
        }

    def nil_file(self, arrives: datetime) -> SampleFile:
        """The unit says that nothing happened."""
        return self._written(arrives, {"nil_return": "Có", **_people(self._unit)}, {}, 1)

    def _twins(self, on: date) -> Mapping[str, Sequence[Partner]]:
        return self._twins_since(self._reference.villages.unchanged_since(on))

    def _written(
        self, arrives: datetime, statement: Row, rows: dict[str, list[dict[str, object]]], revision: int
    ) -> SampleFile:
        content = FormContent(
            unit=self._unit,
            period=self._period,
            window=self._window,
            villages=self._villages,
            partners=self._reference.villages.partners_during(self._window.first_day, self._window.last_day),
            statement=statement,
            rows=rows,  # type: ignore[arg-type]
            is_sample=True,
            form=self._form,
        )
        name = form_file_name(self._unit.code, self._period, revision)
        return SampleFile(name, write_form(content), arrives)

    def _totals(self, activities: list[dict[str, object]]) -> list[dict[str, object]]:
        """What the unit adds up itself, with the cumulative totals since the first month of the year."""
        cumulative: dict[object, int] = defaultdict(int)
        for month, window in self._earlier.items():
            for row in activity_rows(self._unit, self._villages, self._twins, month, window):
                cumulative[row["activity_code"]] += int(str(row["value_total_vnd"]))
        sums: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in activities:
            for name in _TOTALLED:
                sums[row["activity_code"]][name] += int(str(row[name] or 0))
        return [
            {
                "activity_code": code,
                **{name: sums[code][name] for name in _TOTALLED},
                "cumulative_vnd": cumulative[code] + sums[code]["value_total_vnd"],
            }
            for code in (activity.code for activity in codes.ACTIVITIES)
            if code in sums or cumulative[code]
        ]


def _book(activities: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """The three totals of the unit's own book."""
    sums = (sum(int(str(row.get(name) or 0)) for row in activities) for name in ("hh_total", "value_total_vnd"))
    return dict(zip(CONTROLS, (len(activities), *sums), strict=True))


def _people(unit: Unit) -> dict[str, str]:
    return {
        "doc_number": f"{int(unit.code) % 90 + 10}/BC-UBND",
        "preparer_name": "Nguyễn Văn Giả Định",
        "preparer_phone": "0269000000",
        "preparer_email": f"don-vi-{unit.code}@gialai.example",
        "approver_name": "Trần Thị Giả Định",
        "approver_title": "Phó Chủ tịch",
    }
