"""A unit's made-up activities of a month."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle, product

from domain import codes
from domain.calendar import Window
from domain.period import Period
from domain.units import Unit
from domain.villages import Partner, Village

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
_DESCRIPTIONS = {
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
Twins = Callable[[date], Mapping[str, Sequence[Partner]]]
"""Who is twinned with each village on a day."""
_SOURCES = ("XHH", "CBCC", "DN", "NSNN", "QUY_VNN")


def activity_rows(
    unit: Unit, villages: Sequence[Village], twins: Twins, period: Period, window: Window
) -> list[dict[str, object]]:
    """The unit's made-up activities of one month, each by an agency of its day; the same for the same month."""
    dice = random.Random(f"{unit.code} {period}")
    is_tet = period.number == 2
    rows: list[dict[str, object]] = []
    for village in villages:
        if not twins(window.first_day).get(village.village_id) or not twins(window.last_day).get(village.village_id):
            continue
        wanted = ["QUA_TET"] if is_tet else []
        wanted += dice.sample(["TT", "HTCT", "NTM", "THAM_HOI", "QUA_KHAC"], k=dice.randint(0, 2))
        wanted += dice.choices(["BHYT", "SINH_KE", "GD", "KCB", "HA_TANG", "NHA_MOI", "NHA_SUA"], k=dice.randint(0, 2))
        for code in dict.fromkeys(wanted):
            rows.append(_activity(dice, code, village, twins, window))
    return rows


def many_activity_rows(
    unit: Unit, villages: Sequence[Village], twins: Twins, period: Period, window: Window, count: int
) -> list[dict[str, object]]:
    """So many made-up activities of one month, no two alike; fewer only where no village is twinned."""
    dice = random.Random(f"{unit.code} {period} {count}")
    twinned = [
        village
        for village in villages
        if twins(window.first_day).get(village.village_id) and twins(window.last_day).get(village.village_id)
    ]
    rows = []
    for number, (code, village) in zip(range(count), cycle(product(_GIVEN, twinned)), strict=False):
        row = _activity(dice, code, village, twins, window)
        # Further from village to village than two doubtful twins may be.
        turn = number // (len(_GIVEN) * len(twinned))
        rows.append(row | _of_quantity(code, 2 + turn) | {"description": f"{row['description']}, đợt {turn + 1}"})
    return rows


_GIVEN = ("BHYT", "GD", "QUA_KHAC", "THAM_HOI", "SINH_KE")


def _of_quantity(code: str, quantity: int) -> dict[str, object]:
    """What an activity of so many units comes to."""
    value, in_kind = quantity * _PRICES[code][1], code == "SINH_KE"
    return {
        "quantity": quantity,
        "hh_total": quantity,
        "hh_poor": quantity // 2,
        "hh_nearpoor": (quantity - quantity // 2) // 2,
        "hh_dtts": quantity * 4 // 5,
        "cash_vnd": 0 if in_kind else value,
        "inkind_vnd": value if in_kind else 0,
        "value_total_vnd": value,
    }


def _activity(dice: random.Random, code: str, village: Village, twins: Twins, window: Window) -> dict[str, object]:
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
    day = window.first_day + timedelta(days=dice.randint(0, 27) % _days(window))
    return {
        "activity_date": day,
        "scope": codes.SCOPE_VILLAGE,
        "village_id": village.village_id,
        "village_name": village.name,
        "org_id": twins(day)[village.village_id][0].partner_id,
        "activity_code": code,
        "description": _DESCRIPTIONS[code],
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
