"""Made-up submissions of a month: plausible, seeded, and with a handful of honest faults."""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from domain import codes
from domain.calendar import Window
from domain.period import Period
from domain.reference import Reference
from domain.units import Unit
from domain.villages import Partner, Village
from reports.form.content import FormContent, Row, form_file_name
from reports.form.workbook import write_form

_FIRST_YEARS = (2022, 2013)
"""Years in which households were counted anew: made-up stocks begin there."""
_PRICES = {
    "NHA_MOI": ("căn", 70_000_000),
    "NHA_SUA": ("căn", 25_000_000),
    "BHYT": ("thẻ", 972_000),
    "QUA_TET": ("suất", 500_000),
    "QUA_KHAC": ("suất", 400_000),
    "THAM_HOI": ("hộ", 500_000),
    "SINH_KE": ("hộ", 4_500_000),
    "GD": ("suất", 600_000),
    "KCB": ("lượt người", 150_000),
    "HA_TANG": ("cái", 2_000_000),
    "TT": ("buổi", 0),
    "HTCT": ("cuộc", 0),
    "NTM": ("ngày công", 0),
}
_WORDS = {
    "NHA_MOI": "Bàn giao nhà Đại đoàn kết cho hộ nghèo",
    "NHA_SUA": "Sửa chữa nhà ở cho hộ cận nghèo",
    "BHYT": "Tặng thẻ bảo hiểm y tế",
    "QUA_TET": "Tặng quà Tết cho hộ nghèo, gia đình chính sách",
    "QUA_KHAC": "Tặng quà cho hộ có hoàn cảnh khó khăn",
    "THAM_HOI": "Thăm hỏi già làng, người có uy tín",
    "SINH_KE": "Hỗ trợ bò giống, cây giống",
    "GD": "Trao học bổng cho học sinh vượt khó",
    "KCB": "Khám bệnh, cấp thuốc miễn phí",
    "HA_TANG": "Lắp đèn năng lượng mặt trời",
    "TT": "Tuyên truyền pháp luật tại nhà rông",
    "HTCT": "Sinh hoạt chi bộ cùng thôn, làng",
    "NTM": "Dọn vệ sinh, làm đường làng",
}
_SOURCES = ("XHH", "CBCC", "DN", "NSNN", "QUY_VNN")


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
    reference: Reference, period: Period, *, with_faults: bool, only: Collection[str] | None = None
) -> Iterator[SampleFile]:
    """The workbooks of every expected unit (or `only` some) for `period`; with faults, as an honest month has them."""
    units = reference.expected_units(period)
    faults = _Faults.among(units)
    due = reference.calendar.due(period)
    for place, unit in enumerate(units):
        if only is not None and unit.code not in only:
            continue
        arrives = due - timedelta(hours=2 + place % 24)
        sample = _Sample(reference, period, unit)
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
            yield sample.file(arrives, odd_price=True)
        elif unit.code == faults.replaced:
            yield sample.file(arrives - timedelta(days=1))
            yield sample.file(arrives, revision=2)
        else:
            yield sample.file(arrives)


def sample_tables(reference: Reference, period: Period, unit: Unit) -> dict[str, list[dict[str, object]]]:
    """One unit's made-up rows of a month, by table, as its workbook would hold them."""
    return _Sample(reference, period, unit).tables()


class _Sample:
    def __init__(self, reference: Reference, period: Period, unit: Unit) -> None:
        self._period, self._unit = period, unit
        self._window = reference.stretch_of(unit.code, period)
        self._villages = reference.villages.of_unit(unit, reference.units, self._window.last_day)
        self._partners = reference.villages.partners_of(self._window.last_day)
        self._takes_over = self._window.first_day > reference.calendar.window(period).first_day
        self._earlier = {
            month: reference.stretch_of(unit.code, month)
            for month in period.year_to_date()
            if month != period and unit in reference.expected_units(month)
        }
        self._reference = reference

    def file(
        self, arrives: datetime, *, revision: int = 1, wrong_sum: bool = False, odd_price: bool = False
    ) -> SampleFile:
        """The unit's workbook, whole."""
        rows = self.tables(revision)
        activities = rows["activities"]
        if odd_price and activities:
            activities[0] = activities[0] | {"unit_value": 650_000}
        if wrong_sum and activities:
            activities[-1] = activities[-1] | {
                "value_total_vnd": int(str(activities[-1]["value_total_vnd"])) + 1_000_000
            }
        statement: Row = {
            "revision": revision,
            "submission_kind": codes.OFFICIAL if revision == 1 else codes.REPLACEMENT,
            "reason": None if revision == 1 else "Rà soát lại, bỏ một hoạt động ghi trùng",
            **_people(self._unit),
        }
        return self._written(arrives, statement, rows, revision)

    def tables(self, revision: int = 1) -> dict[str, list[dict[str, object]]]:
        """The rows of the month; a later revision leaves one activity out."""
        activities = _activities(self._unit, self._villages, self._partners, self._period, self._window)
        if revision > 1:
            activities = activities[:-1]
        households = [_household_row(village, self._period, takes_over=self._takes_over) for village in self._villages]
        return {
            "activities": activities,
            "households": households,
            "politics_security": [_politics_row(village, self._period) for village in self._villages],
            "control_totals": self._totals(activities),
        }

    def nil_file(self, arrives: datetime) -> SampleFile:
        """The unit says that nothing happened."""
        return self._written(arrives, {"nil_return": "Có", **_people(self._unit)}, {}, 1)

    def _written(
        self, arrives: datetime, statement: Row, rows: dict[str, list[dict[str, object]]], revision: int
    ) -> SampleFile:
        content = FormContent(
            unit=self._unit,
            period=self._period,
            window=self._window,
            villages=self._villages,
            partners=self._partners,
            statement=statement,
            rows=rows,  # type: ignore[arg-type]
            is_sample=True,
        )
        name = form_file_name(self._unit.code, self._period, revision)
        return SampleFile(name, write_form(content), arrives)

    def _totals(self, activities: list[dict[str, object]]) -> list[dict[str, object]]:
        """What the unit adds up itself, with the cumulative totals since the first month of the year."""
        cumulative: dict[object, int] = defaultdict(int)
        for month, window in self._earlier.items():
            for row in _activities(self._unit, self._villages, self._partners, month, window):
                cumulative[row["activity_code"]] += int(str(row["value_total_vnd"]))
        sums: dict[object, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in activities:
            for name in ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd"):
                sums[row["activity_code"]][name] += int(str(row[name] or 0))
        names = ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd")
        return [
            {
                "activity_code": code,
                **{name: sums[code][name] for name in names},
                "cumulative_vnd": cumulative[code] + sums[code]["value_total_vnd"],
            }
            for code in (activity.code for activity in codes.ACTIVITIES)
            if code in sums or cumulative[code]
        ]


def _people(unit: Unit) -> dict[str, str]:
    return {
        "doc_number": f"{int(unit.code) % 90 + 10}/BC-UBND",
        "preparer_name": "Nguyễn Văn Giả Định",
        "preparer_phone": "0269000000",
        "preparer_email": f"don-vi-{unit.code}@gialai.example",
        "approver_name": "Trần Thị Giả Định",
        "approver_title": "Phó Chủ tịch",
    }


def _activities(
    unit: Unit, villages: Sequence[Village], partners: dict[str, list[Partner]], period: Period, window: Window
) -> list[dict[str, object]]:
    """The unit's made-up activities of one month; the same for the same month, whoever asks."""
    dice = random.Random(f"{unit.code} {period}")
    is_tet = period.number == 2
    rows: list[dict[str, object]] = []
    for village in villages:
        if village.village_id not in partners:
            continue
        wanted = ["QUA_TET"] if is_tet else []
        wanted += dice.sample(["TT", "HTCT", "NTM", "THAM_HOI", "QUA_KHAC"], k=dice.randint(0, 2))
        wanted += dice.choices(["BHYT", "SINH_KE", "GD", "KCB", "HA_TANG", "NHA_MOI", "NHA_SUA"], k=dice.randint(0, 2))
        for code in dict.fromkeys(wanted):
            rows.append(_activity(dice, code, village, partners, window))
    return rows


def _activity(
    dice: random.Random, code: str, village: Village, partners: dict[str, list[Partner]], window: Window
) -> dict[str, object]:
    quantity_unit, price = _PRICES[code]
    quantity = {"NHA_MOI": 1, "NHA_SUA": 1, "HA_TANG": dice.randint(2, 6), "TT": 1, "HTCT": 1}.get(
        code, dice.randint(5, 30)
    )
    value = quantity * price
    in_kind = value if code in ("SINH_KE", "HA_TANG") else (value // 5_000 * 1_000 if code == "QUA_TET" else 0)
    activity = codes.ACTIVITY_BY_CODE[code]
    households = min(quantity, 30) if activity.for_households else None
    status = codes.UNDER_WAY if code == "NHA_MOI" and dice.random() < 0.3 else codes.COMPLETED
    poor = households // 2 if households is not None else None
    return {
        "activity_date": window.first_day + timedelta(days=dice.randint(0, 27) % _days(window)),
        "scope": codes.SCOPE_VILLAGE,
        "village_id": village.village_id,
        "village_name": village.name,
        "org_id": partners[village.village_id][0].partner_id,
        "activity_code": code,
        "description": _WORDS[code],
        "occasion": "TET" if code == "QUA_TET" else "THUONG_XUYEN",
        "quantity": quantity,
        "quantity_unit": quantity_unit,
        "unit_value": price or None,
        "hh_total": households,
        "hh_poor": poor,
        "hh_nearpoor": None if households is None or poor is None else (households - poor) // 2,
        "hh_dtts": None if households is None else households * 4 // 5,
        "persons": dice.randint(20, 120) if activity.for_persons else None,
        "cash_vnd": value - in_kind,
        "inkind_vnd": in_kind,
        "value_total_vnd": value,
        "labour_days": quantity if code == "NTM" else None,
        "funding_source": dice.choice(_SOURCES),
        "status": status,
    }


def _days(window: Window) -> int:
    return (window.last_day - window.first_day).days + 1


@cache
def _stock(village_id: str, prefix: str, households: int, month_number: int) -> tuple[int, int, int, int]:
    """Opening stock of a month counted from the first year, and who left, fell back and fell in during it."""
    dice = random.Random(f"{village_id} {prefix} {month_number}")
    if month_number == 0:
        start = random.Random(f"{village_id} {prefix}").randint(households // 8, households // 4)
    else:
        opening, left, back, fell_in = _stock(village_id, prefix, households, month_number - 1)
        start = opening - left + back + fell_in
    return start, dice.choice((0, 0, 1)) if start > 3 else 0, dice.choice((0,) * 9 + (1,)), dice.choice((0,) * 8 + (1,))


def _politics_row(village: Village, period: Period) -> dict[str, object]:
    """A village's counts of the month; its party members only grow."""
    dice = random.Random(f"{village.village_id} {period} 04")
    months = (period.year - _FIRST_YEARS[-1]) * 12 + period.number
    received = dice.choice((0, 0, 0, 1, 2))
    return {
        "village_id": village.village_id,
        "village_name": village.name,
        "party_cells_dtts": 1,
        "party_members": random.Random(village.village_id).randint(6, 18) + months // 24,
        "party_members_new": int(months % 24 == 0),
        "organisations_strengthened": dice.choice((0, 0, 0, 1)),
        "joint_meetings": dice.choice((0, 0, 1)),
        "cases_received": received,
        "cases_resolved": dice.randint(0, received),
        "security_models": 1,
        "elders_visited": dice.choice((0, 0, 1, 2)),
    }


def _household_row(village: Village, period: Period, *, takes_over: bool) -> dict[str, object]:
    """A village's row; a unit that takes over within the month finds the month's changes reported already."""
    dice = random.Random(village.village_id)
    households = village.households or dice.randint(80, 220)
    persons = village.persons or round(households * (4.1 + dice.random() * 0.7))
    dtts = village.hh_dtts or households * 9 // 10
    row: dict[str, object] = {
        "village_id": village.village_id,
        "village_name": village.name,
        "households": households,
        "persons": persons,
        "hh_dtts": dtts,
        "bhyt_pct": 85 + dice.randint(0, 13),
        "ntm": "Không",
    }
    for prefix in ("poor", "nearpoor"):
        began = next(year for year in _FIRST_YEARS if year <= period.year)
        number = (period.year - began) * 12 + period.number
        opening, left, back, fell_in = _stock(village.village_id, prefix, households, number)
        close = opening - left + back + fell_in
        if takes_over:
            opening, left, back, fell_in = close, 0, 0, 0
        row |= {
            f"{prefix}_open": opening,
            f"{prefix}_exit": left,
            f"{prefix}_relapse": back,
            f"{prefix}_new": fell_in,
            f"{prefix}_other": 0,
            f"{prefix}_close": close,
            f"{prefix}_dtts_close": min(close * 9 // 10, dtts),
        }
    return row
