"""What every sheet with villages is asked: is the village known, ours, and rightly named?"""

from domain.findings import Rule
from expectations.rule import both, equal, is_given, nothing_in, rule, something_in, unique

VILLAGE: tuple[Rule, ...] = (
    rule(
        "E-VILLAGE",
        "Mã thôn, làng không có trong danh bạ",
        "Mã thôn, làng {village_id} không có trong danh bạ.",
        "{village_hint}Chọn mã trong danh sách của đơn vị; làng mới thì báo cấp tỉnh bổ sung danh bạ trước.",
        something_in("known_village_name", is_given("village_id")),
        ("village_id",),
    ),
    rule(
        "E-VILLAGE-UNIT",
        "Thôn, làng thuộc đơn vị khác",
        "{known_village_name} ({village_id}) thuộc đơn vị {reporter_code}, không thuộc đơn vị báo cáo.",
        "Sửa mã thôn, làng.",
        equal("reporter_code", "unit_code"),
        ("village_id",),
    ),
    rule(
        "W-VILLAGE-NAME",
        "Tên không khớp mã thôn, làng",
        "Tên “{village_name}” không khớp mã {village_id} ({known_village_name}).",
        "Kiểm tra mã và tên thôn, làng.",
        something_in("is_known_village_name", both(is_given("known_village_name"), is_given("village_name"))),
        ("village_name",),
    ),
    rule(
        "W-VILLAGE-NAME",
        "Chưa ghi tên thôn, làng",
        "Chưa ghi tên của thôn, làng {village_id}.",
        "Ghi {known_village_name} nếu đúng, để tránh nhầm mã.",
        nothing_in("unnamed_village"),
        ("village_name",),
    ),
)

ONE_ROW_EACH = rule(
    "E-VILLAGE-TWICE",
    "Một thôn, làng được ghi hai dòng",
    "Thôn, làng {village_id} được ghi hai dòng.",
    "Mỗi thôn, làng một dòng.",
    unique(["file", "village_id"]),
    ("village_id",),
    "COUNTIF([village_id],[village_id])>1",
)
"""Asked of the sheets with one row per village."""
