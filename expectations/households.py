"""Gate 2 for sheet 03: do the households of each village add up, now and with last month?"""

from domain.codes import KN_01
from domain.findings import Rule
from expectations.rule import at_least, between, both, equal, nothing_in, rule, something_in, value_is, value_within
from expectations.village import ONE_ROW_EACH, VILLAGE


def _bridge(prefix: str, noun: str) -> tuple[Rule, ...]:
    """From the opening to the closing stock of poor, or near-poor, households."""
    movements = tuple(f"{prefix}_{step}" for step in ("open", "exit", "relapse", "new", "other", "close"))
    return (
        rule(
            "E-BAL",
            f"{noun} cuối kỳ không khớp biến động",
            f"{noun} cuối kỳ ({{{prefix}_close}}) khác đầu kỳ − thoát + tái + phát sinh + biến động khác "
            f"({{{prefix}_balance}}).",
            "Kiểm tra từng ô biến động; cuối kỳ phải bằng kết quả phép tính.",
            between(f"{prefix}_gap", 0, 0),
            movements,
            f"[{prefix}_close]<>[{prefix}_open]-[{prefix}_exit]+[{prefix}_relapse]+[{prefix}_new]+[{prefix}_other]",
        ),
        rule(
            "E-CLOSE",
            f"{noun} cuối kỳ tính ra số âm",
            f"{noun} đầu kỳ − thoát + tái + phát sinh + biến động khác ra {{{prefix}_below_zero}}.",
            "Kiểm tra từng ô biến động: số thoát không thể nhiều hơn số hộ có trong kỳ.",
            nothing_in(f"{prefix}_below_zero"),
            (f"{prefix}_exit",),
            f"[{prefix}_open]-[{prefix}_exit]+[{prefix}_relapse]+[{prefix}_new]+[{prefix}_other]<0",
        ),
        rule(
            "E-CARRY",
            f"{noun} đầu kỳ khác cuối kỳ trước",
            f"{noun} đầu kỳ ({{{prefix}_open}}) khác cuối kỳ trước đã được chấp nhận ({{previous_{prefix}_close}}).",
            "Ghi đúng số cuối kỳ trước; nếu kỳ trước sai thì gửi bản thay thế cho kỳ trước.",
            equal(f"{prefix}_open", f"previous_{prefix}_close", value_is("previous_restated", False)),
            (f"{prefix}_open",),
        ),
        rule(
            "W-CARRY",
            f"{noun} đầu kỳ khác cuối kỳ trước đã được thay thế",
            f"{noun} đầu kỳ ({{{prefix}_open}}) khác cuối kỳ trước sau khi kỳ trước được thay thế "
            f"({{previous_{prefix}_close}}).",
            "Đối chiếu với bản thay thế của kỳ trước.",
            equal(f"{prefix}_open", f"previous_{prefix}_close", value_is("previous_restated", True)),
            (f"{prefix}_open",),
        ),
    )


def _minority(prefix: str, noun: str) -> tuple[Rule, ...]:
    """Minority households among the poor, or near-poor, ones."""
    return (
        rule(
            "E-DTTS-CLOSE",
            f"{noun} DTTS nhiều hơn {noun.lower()}",
            f"{noun} DTTS cuối kỳ ({{{prefix}_dtts_close}}) nhiều hơn {noun.lower()} cuối kỳ ({{{prefix}_close}}).",
            "Kiểm tra hai ô.",
            at_least(f"{prefix}_close", f"{prefix}_dtts_close"),
            (f"{prefix}_dtts_close", f"{prefix}_close"),
            f"[{prefix}_dtts_close]>[{prefix}_close]",
        ),
        rule(
            "E-DTTS-CLOSE",
            f"{noun} DTTS nhiều hơn hộ DTTS của làng",
            f"{noun} DTTS cuối kỳ ({{{prefix}_dtts_close}}) nhiều hơn hộ DTTS của làng ({{hh_dtts}}).",
            "Kiểm tra hai ô.",
            at_least("hh_dtts", f"{prefix}_dtts_close"),
            (f"{prefix}_dtts_close", "hh_dtts"),
            f"[{prefix}_dtts_close]>[hh_dtts]",
        ),
    )


_POSSIBLE = (1, 15)
"""Persons to a household."""
_LEAPS = {
    "households": ("Tổng số hộ", ""),
    "persons": ("Nhân khẩu", ""),
    "hh_dtts": ("Hộ DTTS", ""),
    "bhyt_pct": ("Hộ có BHYT", "%"),
}


HOUSEHOLDS = (
    *VILLAGE,
    ONE_ROW_EACH,
    *_bridge("poor", "Hộ nghèo"),
    *_minority("poor", "Hộ nghèo"),
    *_bridge("nearpoor", "Hộ cận nghèo"),
    *_minority("nearpoor", "Hộ cận nghèo"),
    *(
        rule(
            "W-COMPUTED",
            f"Ô tự tính “{noun} cuối kỳ” bị ghi đè",
            f"Ô tự tính ghi {{shown_{prefix}_close}}, biến động của dòng tính được {{{prefix}_close}}; số được tính là "
            "số tính được.",
            "Xóa số ghi đè, sửa các ô biến động của dòng.",
            equal(f"{prefix}_close", f"shown_{prefix}_close"),
            (f"{prefix}_close",),
        )
        for prefix, noun in (("poor", "Hộ nghèo"), ("nearpoor", "Hộ cận nghèo"))
    ),
    rule(
        "E-HH-CLOSE",
        "Hộ nghèo cộng hộ cận nghèo nhiều hơn tổng số hộ",
        "Hộ nghèo ({poor_close}) cộng hộ cận nghèo ({nearpoor_close}) nhiều hơn tổng số hộ ({households}).",
        "Kiểm tra ba ô.",
        at_least("households", "poor_and_nearpoor"),
        ("households", "poor_close", "nearpoor_close"),
        "[poor_close]+[nearpoor_close]>[households]",
    ),
    rule(
        "E-HH-DTTS",
        "Hộ DTTS nhiều hơn tổng số hộ",
        "Hộ DTTS ({hh_dtts}) nhiều hơn tổng số hộ ({households}).",
        "Kiểm tra hai ô.",
        at_least("households", "hh_dtts"),
        ("households", "hh_dtts"),
        "[hh_dtts]>[households]",
    ),
    rule(
        "W-PERSONS-RATE",
        "Số người bình quân một hộ khác thường",
        "Bình quân {persons_per_household} người/hộ, ngoài khoảng thường thấy (2,0 - 7,0).",
        "Kiểm tra tổng số hộ và nhân khẩu.",
        between("persons_per_household", 2, 7, value_within("persons_per_household", *_POSSIBLE)),
        ("households", "persons"),
        "([households]>0)*(([persons]<2*[households])+([persons]>7*[households]))"
        "*([persons]>=[households])*([persons]<=15*[households])",
    ),
    rule(
        "E-PERSONS-RATE",
        "Số người bình quân một hộ không thể đúng",
        "Bình quân {persons_per_household} người/hộ là không thể.",
        "Kiểm tra tổng số hộ và nhân khẩu.",
        between("persons_per_household", *_POSSIBLE),
        ("households", "persons"),
        "([households]>0)*(([persons]<[households])+([persons]>15*[households]))",
    ),
    rule(
        "W-DTTS-SHARE",
        "Tỷ lệ hộ DTTS thấp với một làng kết nghĩa",
        "Hộ DTTS chỉ chiếm {dtts_share_pct}% số hộ, thấp với một làng kết nghĩa.",
        "Kiểm tra hộ DTTS; đúng thì giữ nguyên.",
        between("dtts_share_pct", least=50),
        ("hh_dtts",),
        "([households]>0)*([hh_dtts]*2<[households])",
    ),
    *(
        rule(
            "W-JUMP",
            f"“{caption}” khác xa cuối kỳ trước",
            f"{caption} ghi {{{name}}}{sign}, cuối kỳ trước là {{previous_{name}}}{sign}.",
            "Kiểm tra dấu phẩy, số chữ số và dòng của làng; đúng thì giữ nguyên và ghi lý do ở sheet 05.",
            nothing_in(f"{name}_leap"),
            (name,),
        )
        for name, (caption, sign) in _LEAPS.items()
    ),
    rule(
        "E-NTM-YEAR",
        "Làng đạt NTM chưa ghi năm đạt",
        "Làng đạt NTM nhưng chưa ghi năm đạt.",
        "Ghi năm được công nhận.",
        something_in("ntm_year", both(value_is("form", KN_01), value_is("ntm", "Có"))),
        ("ntm_year",),
        '([ntm]="Có")*([ntm_year]="")',
    ),
    rule(
        "W-NTM-YEAR",
        "Có năm đạt NTM nhưng ghi chưa đạt",
        "Có năm đạt NTM ({ntm_year}) nhưng cột “Làng đạt NTM” ghi Không.",
        "Kiểm tra hai ô.",
        nothing_in("ntm_year", value_is("ntm", "Không")),
        ("ntm", "ntm_year"),
        '([ntm]="Không")*([ntm_year]>=2010)*([ntm_year]<=2100)',
    ),
    rule(
        "E-NTM-YEAR",
        "Năm đạt NTM ở sau kỳ báo cáo",
        "Năm đạt NTM ({ntm_year}) ở sau kỳ báo cáo.",
        "Kiểm tra năm được công nhận.",
        at_least("reported_year", "ntm_year"),
        ("ntm_year",),
    ),
)

ROSTER = (
    rule(
        "W-VILLAGE-SILENT",
        "Làng chưa có số liệu ở sheet 03",
        "{known_village_name} ({village_id}) chưa có số liệu ở sheet 03.",
        "Điền đủ dòng của làng; chưa có số liệu không được coi là 0.",
        nothing_in("silent_village"),
        ("village_id",),
    ),
)
