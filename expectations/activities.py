"""Gate 2 for sheet 02: is each activity possible, in time, in a village of ours, and rightly added up?"""

from expectations.rule import at_least, between, nothing_in, rule, unique
from expectations.village import VILLAGE

_BENEFICIARIES = {
    "hh_total": "Số hộ hưởng lợi",
    "hh_poor": "Trong đó: hộ nghèo",
    "hh_nearpoor": "Trong đó: hộ cận nghèo",
    "hh_dtts": "Trong đó: hộ DTTS",
    "persons": "Lượt người",
}

ACTIVITIES = (
    rule(
        "E-DATE",
        "Ngày thực hiện {activity_date} nằm ngoài kỳ báo cáo ({first_day} - {last_day}).",
        "Hoạt động của kỳ nào ghi vào kỳ đó; biết muộn thì gửi bản thay thế cho kỳ ấy.",
        nothing_in("outside_window"),
        ("activity_date",),
    ),
    *VILLAGE,
    rule(
        "E-VILLAGE-MISSING",
        "Chưa ghi thôn, làng.",
        "Ghi mã thôn, làng; chỉ để trống khi cột Phạm vi là XA.",
        nothing_in("village_missing"),
        ("village_id",),
    ),
    rule(
        "E-VILLAGE-MISSING",
        "Chưa ghi mã thôn, làng.",
        "{village_name} có mã {village_by_name}: ghi mã này nếu đúng.",
        nothing_in("village_by_name"),
        ("village_id",),
    ),
    rule(
        "W-UNASSIGNED",
        "“{org_id}” chưa có phân công kết nghĩa với {known_village_name} trong danh bạ.",
        "Kiểm tra tên đơn vị, hoặc bổ sung phân công ở sheet 01.",
        nothing_in("unassigned"),
        ("org_id",),
    ),
    rule(
        "W-DESCRIPTION",
        "Nội dung ghi “{description}” chưa nói đã làm việc gì.",
        "Ghi ngắn gọn việc đã làm bằng lời.",
        nothing_in("wordless_description"),
        ("description",),
    ),
    rule(
        "E-KHAC",
        "Hoạt động KHAC phải mô tả rõ, đang ghi “{description}”.",
        "Mô tả việc đã làm, ít nhất 10 ký tự.",
        nothing_in("bare_description"),
        ("description",),
    ),
    rule(
        "E-QUANTITY-UNIT",
        "Đơn vị tính “{quantity_unit}” không dùng cho nhóm {activity_code}.",
        "Chọn đơn vị tính của nhóm; xem sheet DM.",
        nothing_in("wrong_quantity_unit"),
        ("quantity_unit",),
    ),
    *(
        rule(
            "E-BENEFICIARIES",
            f"Nhóm {{activity_code}} phải ghi “{caption}”.",
            "Ghi số; không có thì ghi 0.",
            nothing_in(f"{name}_missing"),
            (name,),
        )
        for name, caption in _BENEFICIARIES.items()
    ),
    rule(
        "E-HH-POOR",
        "Hộ nghèo ({hh_poor}) cộng hộ cận nghèo ({hh_nearpoor}) nhiều hơn số hộ hưởng lợi ({hh_total}).",
        "Kiểm tra số hộ.",
        at_least("hh_total", "hh_poor_and_nearpoor"),
        ("hh_total", "hh_poor", "hh_nearpoor"),
    ),
    rule(
        "E-HH-DTTS",
        "Hộ DTTS ({hh_dtts}) nhiều hơn số hộ hưởng lợi ({hh_total}).",
        "Kiểm tra số hộ.",
        at_least("hh_total", "hh_dtts"),
        ("hh_total", "hh_dtts"),
    ),
    rule(
        "E-HH-VILLAGE",
        "Số hộ hưởng lợi ({hh_total}) nhiều hơn số hộ của {known_village_name} ({village_households}).",
        "Kiểm tra số hộ; nhiều làng thì tách mỗi làng một dòng.",
        at_least("village_households_limit", "hh_total"),
        ("hh_total",),
    ),
    rule(
        "W-PERSONS",
        "Lượt người ({persons}) quá lớn so với nhân khẩu của {known_village_name}.",
        "Kiểm tra lại số lượt người.",
        at_least("village_persons_limit", "persons"),
        ("persons",),
    ),
    rule(
        "E-SUM",
        "Tổng trị giá ({value_total_vnd}) khác tiền mặt ({cash_vnd}) cộng hiện vật ({inkind_vnd}).",
        "Sửa cho ba ô khớp nhau.",
        between("sum_gap_vnd", most=0),
        ("cash_vnd", "inkind_vnd", "value_total_vnd"),
    ),
    rule(
        "W-PRODUCT",
        "Số lượng ({quantity}) × đơn giá ({unit_value}) lệch hơn 1% so với tổng trị giá ({value_total_vnd}).",
        "Kiểm tra số lượng, đơn giá và tổng trị giá.",
        between("product_gap_pct", most=1),
        ("quantity", "unit_value", "value_total_vnd"),
    ),
    rule(
        "W-PRICE",
        "Bình quân {unit_price} đồng/{quantity_unit} thấp khác thường với nhóm {activity_code}.",
        "Kiểm tra số lượng, số tiền và đơn vị tính tiền (đồng, nghìn, triệu).",
        nothing_in("price_too_low"),
        ("quantity", "value_total_vnd"),
    ),
    rule(
        "W-PRICE",
        "Bình quân {unit_price} đồng/{quantity_unit} cao khác thường với nhóm {activity_code}.",
        "Kiểm tra số lượng, số tiền và đơn vị tính tiền (đồng, nghìn, triệu).",
        nothing_in("price_too_high"),
        ("quantity", "value_total_vnd"),
    ),
    rule(
        "E-PRICE",
        "Bình quân {unit_price} đồng/{quantity_unit} không thể đúng với nhóm {activity_code}.",
        "Sửa số lượng hoặc số tiền.",
        nothing_in("price_impossible"),
        ("quantity", "value_total_vnd"),
    ),
    rule(
        "W-ROW-TWICE",
        "Dòng này trùng một dòng khác trong tệp (cùng ngày, làng, đơn vị, nhóm, nguồn và số tiền).",
        "Xóa bớt nếu ghi hai lần; giữ nguyên nếu là hai việc khác nhau.",
        unique(["file", "activity_date", "village_id", "org_id", "activity_code", "funding_source", "value_total_vnd"]),
        ("activity_date",),
    ),
)
