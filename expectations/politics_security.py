"""Gate 2 for sheet 04: counts of the political system and of security, one row per village."""

from expectations.rule import at_least, rule
from expectations.village import ONE_ROW_EACH, VILLAGE

POLITICS_SECURITY = (
    *VILLAGE,
    ONE_ROW_EACH,
    rule(
        "E-CASES",
        "Vụ việc đã giải quyết nhiều hơn vụ việc nắm",
        "Vụ việc đã giải quyết ({cases_resolved}) nhiều hơn vụ việc phức tạp nắm ({cases_received}).",
        "Kiểm tra hai ô; vụ việc của kỳ trước giải quyết trong kỳ này thì tính vào cả hai ô.",
        at_least("cases_received", "cases_resolved"),
        ("cases_resolved", "cases_received"),
        "[cases_resolved]>[cases_received]",
    ),
    rule(
        "E-MEMBERS",
        "Đảng viên kết nạp nhiều hơn số đảng viên",
        "Đảng viên kết nạp trong kỳ ({party_members_new}) nhiều hơn số đảng viên ({party_members}).",
        "Kiểm tra hai ô.",
        at_least("party_members", "party_members_new"),
        ("party_members_new", "party_members"),
        "[party_members_new]>[party_members]",
    ),
)
