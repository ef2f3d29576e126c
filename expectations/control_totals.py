"""Gate 2 for sheet 06: does the unit's own addition agree with its rows, and with last month?"""

from expectations.rule import between, is_given, nothing_in, rule, something_in, unique

_MEASURES = {
    "quantity": "Số lượng",
    "hh_total": "Số hộ hưởng lợi",
    "cash_vnd": "Tiền mặt",
    "inkind_vnd": "Hiện vật quy đổi",
    "value_total_vnd": "Tổng trị giá",
}

CONTROL_TOTALS = (
    rule(
        "E-ACTIVITY-TWICE",
        "Một nhóm hoạt động được ghi hai dòng",
        "Nhóm {activity_code} được ghi hai dòng.",
        "Mỗi nhóm hoạt động một dòng.",
        unique(["file", "activity_code"]),
        ("activity_code",),
    ),
    *(
        rule(
            "E-CTRL",
            f"“{caption}” không khớp sheet 02",
            f"{caption} nhóm {{activity_code}} ghi {{{name}}}, cộng từ sheet 02 được {{{name}_summed}}.",
            "Cộng lại; sheet 06 phải khớp sheet 02.",
            between(f"{name}_gap", most=0),
            (name,),
            f"[{name}]<>SUMIF([activities.activity_code],[activity_code],[activities.{name}])",
        )
        for name, caption in _MEASURES.items()
    ),
    *(
        rule(
            "W-ROUNDING",
            f"“{_MEASURES[name]}” lệch sheet 02, có thể do làm tròn",
            f"{_MEASURES[name]} nhóm {{activity_code}} ghi {{{name}}}, cộng từ sheet 02 được {{{name}_summed}}, "
            f"lệch {{{name}_rounding_gap}} đồng.",
            "Do làm tròn thì giữ nguyên, lần sau ghi thêm số lẻ; không phải thì cộng lại.",
            nothing_in(f"{name}_rounding_gap"),
            (name,),
        )
        for name in ("cash_vnd", "inkind_vnd", "value_total_vnd")
    ),
    rule(
        "E-CTRL-MISSING",
        "Nhóm có ở sheet 02 nhưng bỏ trống ở sheet 06",
        "Sheet 02 có nhóm {activity_code} ({value_total_vnd_summed} đồng) nhưng sheet 06 để trống nhóm này.",
        "Điền dòng của nhóm ở sheet 06.",
        something_in("source_row", is_given("activity_code")),
        ("activity_code",),
    ),
    rule(
        "W-CUM",
        "Luỹ kế không bằng luỹ kế kỳ trước cộng kỳ này",
        "Luỹ kế nhóm {activity_code} ghi {cumulative_vnd}, luỹ kế kỳ trước cộng kỳ này là {cumulative_due_vnd}.",
        "Kiểm tra luỹ kế từ đầu năm báo cáo (từ 15/12 năm trước).",
        between("cumulative_gap_vnd", most=0),
        ("cumulative_vnd",),
        "[cumulative_vnd]<>[previous_cumulative_vnd]+[value_total_vnd]",
    ),
)
