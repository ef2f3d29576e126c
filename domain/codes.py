"""The code lists of the forms: what may stand in a cell, and what it is called in Vietnamese."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a code list."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Activity:
    """A group of activities: what is counted in it and what must be said about who benefits."""

    code: str
    name: str
    quantity_units: tuple[str, ...]
    for_households: bool = False
    for_persons: bool = False


ACTIVITIES = (
    Activity("TT", "Tuyên truyền, vận động, giáo dục pháp luật", ("buổi", "lượt người"), for_persons=True),
    Activity("HTCT", "Củng cố hệ thống chính trị cơ sở", ("cuộc", "đảng viên mới", "tổ chức")),
    Activity("ANTT", "An ninh trật tự, quốc phòng", ("vụ việc", "mô hình")),
    Activity("NHA_MOI", "Nhà ở xây mới", ("căn", "hộ"), for_households=True),
    Activity("NHA_SUA", "Nhà ở sửa chữa", ("căn", "hộ"), for_households=True),
    Activity("BHYT", "Hỗ trợ thẻ bảo hiểm y tế", ("thẻ",), for_households=True),
    Activity("QUA_TET", "Quà Tết Nguyên đán", ("suất", "phần"), for_households=True),
    Activity("QUA_KHAC", "Quà dịp khác", ("suất", "phần"), for_households=True),
    Activity("THAM_HOI", "Thăm hỏi", ("suất", "hộ"), for_households=True),
    Activity("SINH_KE", "Hỗ trợ sinh kế", ("hộ", "con", "cây", "kg"), for_households=True),
    Activity("KCB", "Khám bệnh, cấp thuốc miễn phí", ("lượt người",), for_persons=True),
    Activity("GD", "Hỗ trợ giáo dục", ("suất", "học sinh", "cái"), for_persons=True),
    Activity("HA_TANG", "Hạ tầng, công trình dân sinh", ("công trình", "cái", "m")),
    Activity("NTM", "Xây dựng nông thôn mới, vệ sinh môi trường", ("ngày công", "tiêu chí", "m³")),
    Activity("VHTT", "Văn hóa, thể thao", ("buổi", "hoạt động")),
    Activity("CN_KHKT", "Tập huấn, chuyển giao kỹ thuật", ("lớp", "lượt người"), for_persons=True),
    Activity("KHAC", "Hoạt động khác", ("hoạt động", "suất", "cái", "hộ", "lượt người", "công trình")),
)
FOR_HOUSEHOLDS = tuple(activity.code for activity in ACTIVITIES if activity.for_households)
FOR_PERSONS = tuple(activity.code for activity in ACTIVITIES if activity.for_persons)
ACTIVITY_BY_CODE = {activity.code: activity for activity in ACTIVITIES}
QUANTITY_UNITS = tuple(dict.fromkeys(unit for activity in ACTIVITIES for unit in activity.quantity_units))

FUNDING_SOURCES = (
    Choice("NSNN", "Ngân sách nhà nước"),
    Choice("XHH", "Xã hội hóa"),
    Choice("CBCC", "Đóng góp của cán bộ, công chức, viên chức"),
    Choice("DN", "Doanh nghiệp"),
    Choice("QUY_VNN", "Quỹ Vì người nghèo, Mặt trận Tổ quốc"),
    Choice("CTMTQG", "Chương trình mục tiêu quốc gia"),
    Choice("TC_CN", "Tổ chức, cá nhân khác"),
)
TWINNING_SOURCES = ("XHH", "CBCC", "DN")
"""What the twinned agencies give or raise themselves; the other funders of the same house are no twinning money."""
OCCASIONS = (
    Choice("TET", "Tết Nguyên đán"),
    Choice("27_7", "Ngày Thương binh - Liệt sĩ"),
    Choice("TRUNG_THU", "Tết Trung thu"),
    Choice("DAI_DOAN_KET_18_11", "Ngày hội Đại đoàn kết"),
    Choice("THIEN_TAI", "Khắc phục thiên tai"),
    Choice("THUONG_XUYEN", "Thường xuyên"),
)
COMMITTED, UNDER_WAY, COMPLETED = "cam_ket", "dang_thuc_hien", "hoan_thanh"
STATUSES = (
    Choice(COMMITTED, "Cam kết, kế hoạch"),
    Choice(UNDER_WAY, "Đang thực hiện"),
    Choice(COMPLETED, "Hoàn thành"),
)
SCOPE_VILLAGE, SCOPE_COMMUNE = "LANG", "XA"
SCOPES = (Choice(SCOPE_VILLAGE, "Một thôn, làng"), Choice(SCOPE_COMMUNE, "Toàn xã, phường"))
OFFICIAL, REPLACEMENT, CORRECTION = "CHINH_THUC", "THAY_THE", "DINH_CHINH"
SUBMISSION_KINDS = (
    Choice(OFFICIAL, "Bản chính thức"),
    Choice(REPLACEMENT, "Bản thay thế"),
    Choice(CORRECTION, "Bản đính chính"),
)
MONEY_UNITS = (Choice("DONG", "đồng"), Choice("NGHIN", "nghìn đồng"), Choice("TRIEU", "triệu đồng"))
VND_PER_MONEY_UNIT = {"DONG": 1, "NGHIN": 1_000, "TRIEU": 1_000_000}
YES_NO = (Choice("Có", "Có"), Choice("Không", "Không"))
PARTNER_LEVELS = (
    Choice("TINH", "Cấp tỉnh"),
    Choice("HUYEN", "Cấp huyện (đến 30/6/2025)"),
    Choice("XA", "Cấp xã"),
    Choice("LLVT", "Lực lượng vũ trang"),
    Choice("DN", "Doanh nghiệp"),
    Choice("DIA_PHUONG", "Địa phương"),
)
PARTNER_ROLES = (Choice("CHU_TRI", "Chủ trì"), Choice("PHOI_HOP", "Phối hợp"))
ASSIGNMENT_STATUSES = (
    Choice("DANG_HL", "Đang hiệu lực"),
    Choice("TAM_DUNG", "Tạm dừng"),
    Choice("KET_THUC", "Kết thúc"),
    Choice("CHUYEN_TIEP", "Chuyển tiếp"),
)
KN_01, KN_02 = "KN-01/2026", "KN-02/2026"
FORM_SINCE = "2026-01"
"""From this month on the form is filled in whole; what came before it may come as history."""
HISTORY_VERSION = "KN-LS"
FORM_VERSIONS = (
    Choice(KN_01, KN_01),
    Choice(KN_02, KN_02),
    Choice(HISTORY_VERSION, "Số liệu lịch sử, trước KN-01/2026"),
)
