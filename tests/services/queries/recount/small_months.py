"""Three small months of a few districts, every number written down here, and the true claims that follow from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.calendar import VIETNAM
from domain.claims import Claim, ClaimKind, Direction, State, Sum
from domain.editions import NewEdition
from domain.figures import Figure
from domain.form import KN_01
from domain.period import Period
from domain.reference import Reference
from reports.form.content import FormContent
from reports.form.workbook import write_form
from samples.months import SampleFile
from services.queries.recount.check import disagreements
from services.run import open_run
from services.settings import Settings
from storage import editions
from tests.builders import ACTIVITY, HOUSEHOLD, PEOPLE
from tests.commands import arrive

Row = Mapping[str, Any]
AS_OF = datetime(2024, 2, 26, 12, tzinfo=VIETNAM)
ALL, BOTH = ("622", "625", "627", "628"), ("622", "627")
DECEMBER, JANUARY, FEBRUARY = (Period.parse(name) for name in ("2023-12", "2024-01", "2024-02"))
GIFT = ACTIVITY
HOUSE = ACTIVITY | {
    "activity_code": "NHA_MOI", "description": "Xây nhà cho hộ nghèo", "occasion": "THUONG_XUYEN", "quantity": 1,
    "quantity_unit": "căn", "unit_value": 30_000_000, "hh_total": 1, "hh_poor": 1, "hh_nearpoor": 0, "hh_dtts": 1,
    "cash_vnd": 30_000_000, "inkind_vnd": 0, "value_total_vnd": 30_000_000, "funding_source": "NSNN",
    "status": "dang_thuc_hien", "village_id": "23586-02", "village_name": "làng Ngol Tả",
}  # fmt: skip
STEADY = HOUSEHOLD | {"nearpoor_exit": 0, "nearpoor_close": 10}
POORER = {"poor_exit": 4, "poor_close": 18}
"""Of the 20 poor households of every village two more left in February."""
_TOTALLED = ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd")
_VILLAGE = {
    "622": ("23586-01", "làng Châm ANẻh"),
    "625": ("23650-01", "làng Klư"),
    "626": ("23680-01", "làng Kon Jốt"),
    "627": ("23738-01", "làng Díp"),
}


def workbook(
    reference: Reference, code: str, month: Period, activities: Sequence[Row], household: Row, statement: Row
) -> bytes:
    """A unit's sound workbook of a month; its totals follow from its activities."""
    has_january = month == FEBRUARY and code in BOTH
    before_vnd = {"QUA_TET": 10_000_000} if has_january else {}
    unit, window = reference.reporting_unit(code, month), reference.subperiod_of(code, month)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    rows = {
        "activities": activities,
        "households": [
            STEADY | household | {"village_id": each.village_id, "village_name": each.name} for each in villages
        ],
        "control_totals": [
            {
                "activity_code": group,
                "cumulative_vnd": sum(row["value_total_vnd"] for row in own) + before_vnd.get(group, 0),
            }
            | {name: sum(row[name] for row in own) for name in _TOTALLED}
            for group in sorted({str(row["activity_code"]) for row in activities})
            for own in [[row for row in activities if row["activity_code"] == group]]
        ],
    }
    if statement.get("nil_return") == "Có":
        rows = {}
    return write_form(
        FormContent(
            unit=unit, period=month, window=window, villages=villages,
            partners=reference.villages.partners_of(window.last_day), statement={**PEOPLE, **statement}, rows=rows,
            form=KN_01,
        )
    )  # fmt: skip


def put_small_months(settings: Settings, reference: Reference) -> None:
    """The workbooks of three months arrive: who is late, who was refused, who has nothing to tell, is all there."""
    for month in (DECEMBER, JANUARY):
        for code in ("622", "627"):
            put(settings, reference, code, month)
    put(settings, reference, "622", FEBRUARY, [HOUSE], POORER)
    put(settings, reference, "627", FEBRUARY)
    put(settings, reference, "625", FEBRUARY, late_days=4)
    put(settings, reference, "626", FEBRUARY, [HOUSE | {"value_total_vnd": 31_000_000}])
    put(settings, reference, "628", FEBRUARY, statement={"nil_return": "Có"})


def put(
    settings: Settings, reference: Reference, code: str, month: Period, more: Iterable[Row] = (),
    household: Row | None = None, statement: Row | None = None, late_days: int = 0,
) -> None:  # fmt: skip
    """One unit's workbook: a gift of ten million on the fifth of the month, and what else is named."""
    village, name = _VILLAGE.get(code, ("", ""))
    day = date(month.year, month.number, 5)
    activities = [
        {**row, "activity_date": day, "village_id": village, "village_name": name, "occasion": row["occasion"]}
        if row["village_id"] == GIFT["village_id"] or code != "622"
        else {**row, "activity_date": day}
        for row in [GIFT, *more]
    ]
    content = workbook(reference, code, month, activities, household or {}, statement or {})
    at = reference.calendar.due(month) + timedelta(days=late_days, hours=-1)
    arrive(settings, SampleFile(f"KN_{code}_{month}.xlsx", content, at))


SPANS = {
    "period": (("2024-02",), date(2024, 1, 15), date(2024, 2, 14), 4, 17),
    "previous": (("2024-01",), date(2023, 12, 15), date(2024, 1, 14), 2, 17),
    "year_start": (("2023-12",), date(2023, 11, 15), date(2023, 12, 14), 2, 17),
    "cumulative": (("2024-01", "2024-02"), date(2023, 12, 15), date(2024, 2, 14), 6, 34),
}


def a_sum(figure: str, value: str, *units: str) -> Sum:
    """A side over the whole days of its basis."""
    months, first, last, received, expected = SPANS[figure.partition("@")[2]]
    indicator = figure.partition("@")[0].partition(":")[0]
    return Sum(figure, indicator, Decimal(value), units, months, first, last, received, expected)


_OF_BOTH = ":units=622+627"
DISTRICTS = tuple(sorted(["622", "623", "624", "625", "626", "627", "628", "629", "630", "631", "632", "633", "634",
                          "635", "637", "638", "639"]))  # fmt: skip
TRUE = (
    Claim("total", ClaimKind.TOTAL, "Huy động 60,0 triệu đồng của 04 đơn vị (04/17 báo cáo).",
          now=a_sum("value_total_vnd@period", "60000000", *ALL)),
    Claim("change", ClaimKind.CHANGE, "tăng 150,0% so với tháng 01 năm 2024 (từ 20,0 lên 50,0 triệu đồng, 02 đơn vị)",
          now=a_sum(f"value_total_vnd{_OF_BOTH}@period", "50000000", *BOTH),
          against=a_sum(f"value_total_vnd{_OF_BOTH}@previous", "20000000", *BOTH),
          outcome=Decimal("150.0"), direction=Direction.UP),
    Claim("moved", ClaimKind.MOVED, "giảm 1,19 điểm % so với tháng 01/2024 (từ 16,67% xuống 15,48%)",
          now=a_sum(f"poverty_rate_pct{_OF_BOTH}@period", str(Decimal(13000) / 840), *BOTH),
          against=a_sum(f"poverty_rate_pct{_OF_BOTH}@previous", str(Decimal(14000) / 840), *BOTH),
          outcome=Decimal("1.19"), direction=Direction.DOWN),
    Claim("share", ClaimKind.SHARE, "xã hội hóa 30,0 triệu đồng, chiếm 50,0%",
          now=a_sum("value_total_vnd:funding=XHH@period", "30000000", *ALL),
          against=a_sum("value_total_vnd@period", "60000000", *ALL), outcome=Decimal("50.0")),
    Claim("fulfilled", ClaimKind.FULFILLED, "lũy kế 02 tháng được 80,0 triệu đồng, bằng 40,0% kế hoạch 200 triệu đồng",
          now=a_sum("value_total_vnd@cumulative", "80000000", *ALL), plan=Decimal(200), outcome=Decimal("40.0")),
    Claim("reduced", ClaimKind.REDUCED, "đạt 59,5% mức giảm 2 điểm % của năm 2024",
          now=a_sum(f"poverty_rate_pct{_OF_BOTH}@period", str(Decimal(13000) / 840), *BOTH),
          against=a_sum(f"poverty_rate_pct{_OF_BOTH}@year_start", str(Decimal(14000) / 840), *BOTH),
          plan=Decimal(2), outcome=Decimal("59.5"), direction=Direction.DOWN),
    Claim("ceiling", ClaimKind.MOVED, "15,63% so với mức không quá 20%: đạt, thấp hơn 4,37 điểm phần trăm",
          now=a_sum("poverty_rate_pct@period", str(Decimal(15000) / 960), "622", "625", "627"), plan=Decimal(20),
          outcome=Decimal("4.37"), direction=Direction.DOWN),
    Claim("slow", ClaimKind.FULFILLED, "mới đạt 10,0% kế hoạch năm khi đã qua 16,9% thời gian, chậm 6,9 điểm phần trăm",
          now=a_sum("value_total_vnd@cumulative", "80000000", *ALL), plan=Decimal(800), outcome=Decimal("10.0"),
          direction=Direction.DOWN),
    Claim("reported", ClaimKind.COVERED, "04/17 đơn vị đã báo cáo, còn 13 đơn vị", state=State.REPORTED,
          members=ALL, whole=DISTRICTS, outcome=Decimal(4)),
    Claim("rejected", ClaimKind.COUNTED, "01 đơn vị bị trả lại", state=State.REJECTED, members=("626",),
          outcome=Decimal(1)),
    Claim("missing", ClaimKind.COUNTED, "12 đơn vị chưa báo cáo", state=State.MISSING,
          members=tuple(sorted(set(DISTRICTS) - {*ALL, "626"})), outcome=Decimal(12)),
    Claim("late", ClaimKind.COUNTED, "01 đơn vị báo cáo trễ", state=State.LATE, members=("625",), outcome=Decimal(1)),
    Claim("nil", ClaimKind.COUNTED, "01 đơn vị không phát sinh", state=State.NIL, members=("628",),
          outcome=Decimal(1)),
    Claim("active", ClaimKind.COVERED, "04/6 thôn, làng có hoạt động", state=State.ACTIVE_VILLAGES,
          members=("23586-01", "23586-02", "23650-01", "23738-01"), outcome=Decimal(4),
          whole=("23581-01", "23586-01", "23586-02", "23586-03", "23650-01", "23738-01")),
    Claim("idle", ClaimKind.COUNTED, "02 thôn, làng chưa có hoạt động", state=State.IDLE_VILLAGES,
          members=("23581-01", "23586-03"), outcome=Decimal(2)),
    Claim("same", ClaimKind.COUNTED, "02 đơn vị có số liệu cả hai kỳ", state=State.SAME_UNITS, members=BOTH,
          outcome=Decimal(2), parts=("change", "moved")),
    Claim("ranked", ClaimKind.RANKED, "cao nhất là TP. Pleiku (40,0 triệu đồng)", direction=Direction.UP,
          now=a_sum("value_total_vnd@period", "60000000", *ALL), members=("622",)),
    Claim("bridge", ClaimKind.BRIDGED, "Đầu kỳ 160 hộ nghèo, cuối kỳ 150 hộ.",
          now=a_sum("poor_households@period", "150", "622", "625", "627"),
          against=a_sum("poor_opening@period", "160", "622", "625", "627"), parts=("exits", "relapses", "arrivals")),
    Claim("exits", ClaimKind.TOTAL, "26 hộ thoát nghèo", now=a_sum("poor_exits@period", "26", *ALL)),
    Claim("relapses", ClaimKind.TOTAL, "8 hộ tái nghèo", now=a_sum("poor_relapses@period", "8", *ALL)),
    Claim("arrivals", ClaimKind.TOTAL, "8 hộ phát sinh", now=a_sum("poor_arrivals@period", "8", *ALL)),
    Claim("joint", ClaimKind.JOINT, "Huy động tăng 150,0%; hộ nghèo giảm 1,19 điểm %.", parts=("change", "moved")),
    Claim("unit", ClaimKind.CHANGE, "tăng 300,0%", now=a_sum("value_total_vnd:unit=622@period", "40000000", "622"),
          against=a_sum("value_total_vnd:unit=622@previous", "10000000", "622"), outcome=Decimal("300.0"),
          direction=Direction.UP),
)  # fmt: skip
TRUE_BY_ID = {claim.claim_id: claim for claim in TRUE}


def edition_with(settings: Settings, period: Period, claims: Sequence[Claim], as_of: datetime = AS_OF) -> str:
    """A draft that makes these claims; gives its id."""
    with open_run(settings) as run, run.ledger.write() as session:
        mark = f"{len(editions.editions_of(session, str(period))):064x}"
        made = editions.add_draft(
            session,
            NewEdition(
                period=str(period), sha256=mark, data_sha256=mark, html_sha256=mark, code_version=mark,
                fonts_version=mark, reference_version=run.tables.version, as_of=as_of, made_at=as_of, is_sample=False,
                prepared_by="", manifest="", tables_sha256=mark,
            ),
            [Figure("window.first_day", "calendar", "ngày đầu kỳ", None, "", "15/01/2024")],
            claims,
        )  # fmt: skip
    return made.edition_id


def faults_of(settings: Settings, *claims: Claim, period: Period = FEBRUARY) -> list[str]:
    """What is found wrong with the claims, put into an edition of their own."""
    edition_id = edition_with(settings, period, claims)
    with open_run(settings) as run:
        return disagreements(run, edition_id)


def altered(claim_id: str, **changes: Any) -> list[Claim]:
    """All true claims, one of them no more."""
    return [replace(each, **changes) if each.claim_id == claim_id else each for each in TRUE]


def side(claim_id: str, name: str = "now", **changes: Any) -> list[Claim]:
    """All true claims, one side of one of them altered."""
    return altered(claim_id, **{name: replace(getattr(TRUE_BY_ID[claim_id], name), **changes)})
