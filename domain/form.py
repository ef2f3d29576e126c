"""What a form is made of, and form KN-01/2026: the writer of forms, the reader and the gates all look here.

The sheets, captions, types and code lists are those of the form's description; a field's `name` is the
column's name everywhere in the house, whichever form it came in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain import codes
from domain.codes import Choice
from domain.text import bare


class CellType(StrEnum):
    """What a cell must hold."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MONEY = "money"
    DAY = "day"
    CODE = "code"


NUMERIC = (CellType.WHOLE, CellType.DECIMAL, CellType.MONEY)


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a ledger sheet, or one line of the key/value sheet."""

    name: str
    caption: str
    type: CellType = CellType.TEXT
    required: bool = False
    choices: tuple[Choice, ...] = ()
    minimum: float | None = 0
    maximum: float | None = None
    max_length: int = 200
    prefilled: bool = False
    """The form comes with it; a row of which nothing else is filled in is blank."""
    carried: bool = False
    """What the unit's last accepted report said stands there, to be changed where it has changed."""
    locked: bool = False
    """Shown where it is known, and then not to be changed."""
    computed: str = ""
    """What the workbook computes it from, each field as `[name]`; it is shown and locked, and not read."""
    in_words: bool = False
    """Lists and messages show the names of its choices, not their codes."""
    in_declared_money: bool = True
    hint: str = ""
    width: int = 12

    @property
    def expected(self) -> str:
        """What the cell must hold, in words for the person who fills it in."""
        match self.type:
            case CellType.WHOLE:
                return "số nguyên" + (" không âm" if self.minimum == 0 else "")
            case CellType.DECIMAL:
                return "số" + (" không âm" if self.minimum == 0 else "")
            case CellType.MONEY:
                return "số tiền không âm"
            case CellType.DAY:
                return "ngày, ví dụ 05/02/2024"
            case CellType.CODE:
                return "một trong: " + ", ".join(self.offered)
            case CellType.TEXT:
                return "chữ"

    @property
    def offered(self) -> tuple[str, ...]:
        """What its list offers to choose from."""
        return tuple(choice.name if self.in_words else choice.code for choice in self.choices)

    @property
    def when_blank(self) -> str:
        """The problem of a blank cell that must not be: only where 0 is an answer is the clerk told to write it."""
        if self.type in NUMERIC and (self.minimum is None or self.minimum <= 0):
            return "missing_number"
        return "missing_text" if self.type is CellType.TEXT else "missing"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook; `table` is its name in the rest of the house."""

    table: str
    name: str
    title: str
    fields: tuple[Field, ...]
    blank_rows: int = 0
    required: bool = True

    def field(self, name: str) -> Field:
        """The field called `name`."""
        return next(field for field in self.fields if field.name == name)


@dataclass(frozen=True, slots=True)
class Form:
    """One version of the form."""

    version: str
    sheets: tuple[Sheet, ...]
    """What a unit fills in and the province reads."""
    shown: tuple[Sheet, ...] = ()
    """What the workbook computes for the clerk; it is not read."""
    in_words: bool = False
    """Villages and codes are offered by their names, and of the units of quantity only those of the group."""

    @property
    def sheet_by_table(self) -> dict[str, Sheet]:
        """The sheets that are read, by their tables."""
        return {sheet.table: sheet for sheet in self.sheets}

    @property
    def computed(self) -> frozenset[tuple[str, str]]:
        """Table and name of every field that the workbook computes."""
        return frozenset((sheet.table, field.name) for sheet in self.sheets for field in sheet.fields if field.computed)

    def fields(self) -> Iterator[tuple[Sheet, Field]]:
        """Every field that is read, with its sheet."""
        for sheet in self.sheets:
            for field in sheet.fields:
                if not field.computed:
                    yield sheet, field


HEADER_ROW, FIRST_ROW = 6, 8
"""Row of the captions and first row of data, counted from 1; row 7 carries the column numbers."""

T = CellType
_VILLAGE_ID = Field("village_id", "Mã thôn, làng", required=True, prefilled=True, width=12)
_VILLAGE_NAME = Field("village_name", "Tên thôn, làng", prefilled=True, width=22)
_STT = Field("stt", "STT", prefilled=True, hint="Không dùng làm khóa, ghi thế nào cũng được", width=5)


def _count(name: str, caption: str, *, required: bool = True, width: int = 10) -> Field:
    return Field(name, caption, T.WHOLE, required=required, width=width)


def _money(name: str, caption: str, *, required: bool = True, in_declared_money: bool = True) -> Field:
    return Field(name, caption, T.MONEY, required=required, in_declared_money=in_declared_money, width=16)


def _bridge(prefix: str, noun: str) -> tuple[Field, ...]:
    """The movement of poor or near-poor households from the opening to the closing stock."""
    return (
        Field(f"{prefix}_open", f"{noun} đầu kỳ", T.WHOLE, required=True, prefilled=True, width=10),
        _count(f"{prefix}_exit", f"Thoát {noun.removeprefix('Hộ ')}"),
        _count(f"{prefix}_relapse", f"Tái {noun.removeprefix('Hộ ')}"),
        _count(f"{prefix}_new", f"{noun} phát sinh mới"),
        Field(
            f"{prefix}_other",
            f"{noun} biến động khác",
            T.WHOLE,
            required=True,
            minimum=None,
            hint="Tách, nhập, chuyển hộ: số âm nếu giảm",
        ),
        _count(f"{prefix}_close", f"{noun} cuối kỳ"),
        _count(f"{prefix}_dtts_close", f"{noun} cuối kỳ: trong đó DTTS"),
    )


STATEMENT = Sheet(
    "statement",
    "00_ThongTin",
    "THÔNG TIN CHUNG",
    (
        Field("unit_code", "Mã đơn vị báo cáo", required=True, prefilled=True),
        Field("unit_name", "Tên đơn vị", required=True, prefilled=True),
        Field("period", "Kỳ báo cáo", required=True, prefilled=True, hint="Dạng NĂM-THÁNG, ví dụ 2024-02"),
        Field("date_from", "Từ ngày", T.DAY, required=True, prefilled=True),
        Field("date_to", "Đến ngày", T.DAY, required=True, prefilled=True),
        Field(
            "revision",
            "Lần nộp",
            T.WHOLE,
            required=True,
            minimum=1,
            prefilled=True,
            hint="1 cho lần đầu; bản thay thế hoặc đính chính tăng thêm 1",
        ),
        Field("submission_kind", "Loại bản", T.CODE, required=True, choices=codes.SUBMISSION_KINDS, prefilled=True),
        Field("reason", "Lý do thay thế/đính chính", max_length=500),
        Field("money_unit", "Đơn vị tính tiền", T.CODE, required=True, choices=codes.MONEY_UNITS, prefilled=True),
        Field("doc_number", "Số văn bản", hint="Ví dụ 15/BC-UBND hoặc 15-BC/ĐU"),
        Field("doc_date", "Ngày văn bản", T.DAY),
        Field("preparer_name", "Người lập", required=True),
        Field("preparer_phone", "Điện thoại người lập", required=True),
        Field("preparer_email", "Email người lập", required=True),
        Field("approver_name", "Người duyệt", required=True),
        Field("approver_title", "Chức vụ người duyệt", required=True),
        Field(
            "nil_return",
            "Không phát sinh",
            T.CODE,
            required=True,
            choices=codes.YES_NO,
            prefilled=True,
            hint="Chọn Có khi cả kỳ không có hoạt động và biến động nào: để trống các sheet 02 và 03",
        ),
        Field(
            "form_version",
            "Phiên bản biểu mẫu",
            T.CODE,
            required=True,
            choices=codes.FORM_VERSIONS,
            prefilled=True,
            hint="Không sửa",
        ),
    ),
)

ASSIGNMENTS = Sheet(
    "assignments",
    "01_PhanCong",
    "PHÂN CÔNG KẾT NGHĨA (chỉ ghi thay đổi trong kỳ; tháng 1 và tháng 7 ghi đầy đủ)",
    (
        _STT,
        _VILLAGE_ID,
        Field("village_name", "Tên thôn, làng", required=True, width=22),
        Field("commune_code", "Xã, phường", required=True),
        Field("org_name", "Cơ quan, đơn vị kết nghĩa", required=True, width=34),
        Field("org_id", "Mã đơn vị kết nghĩa"),
        Field("org_level", "Cấp", T.CODE, required=True, choices=codes.PARTNER_LEVELS),
        Field("role", "Vai trò", T.CODE, required=True, choices=codes.PARTNER_ROLES),
        Field("signed_on", "Ngày ký giao ước", T.DAY),
        Field("basis_doc", "Văn bản phân công", width=20),
        Field("valid_from", "Từ ngày", T.DAY, required=True),
        Field("valid_to", "Đến ngày", T.DAY),
        Field("status", "Trạng thái", T.CODE, choices=codes.ASSIGNMENT_STATUSES),
    ),
    blank_rows=40,
    required=False,
)

ACTIVITIES = Sheet(
    "activities",
    "02_HoatDong",
    "HOẠT ĐỘNG KẾT NGHĨA TRONG KỲ (mỗi dòng: một hoạt động, một làng, một nguồn)",
    (
        _STT,
        Field("activity_date", "Ngày thực hiện", T.DAY, required=True, width=13),
        Field("scope", "Phạm vi", T.CODE, choices=codes.SCOPES, hint="Để trống nghĩa là LANG", width=9),
        Field("village_id", "Mã thôn, làng", hint="Chỉ để trống khi phạm vi là XA", width=12),
        Field("village_name", "Tên thôn, làng", width=22),
        Field("org_id", "Đơn vị thực hiện", required=True, hint="Mã hoặc tên đơn vị kết nghĩa", width=26),
        Field(
            "activity_code",
            "Nhóm hoạt động",
            T.CODE,
            required=True,
            choices=tuple(Choice(activity.code, activity.name) for activity in codes.ACTIVITIES),
        ),
        Field("description", "Nội dung", required=True, max_length=500, width=34),
        Field("occasion", "Dịp", T.CODE, required=True, choices=codes.OCCASIONS, width=16),
        Field("quantity", "Số lượng", T.DECIMAL, required=True),
        Field(
            "quantity_unit",
            "ĐVT",
            T.CODE,
            required=True,
            choices=tuple(Choice(unit, unit) for unit in codes.QUANTITY_UNITS),
        ),
        _money("unit_value", "Đơn giá (đồng)", required=False, in_declared_money=False),
        _count("hh_total", "Số hộ hưởng lợi", required=False),
        _count("hh_poor", "Trong đó: hộ nghèo", required=False),
        _count("hh_nearpoor", "Trong đó: hộ cận nghèo", required=False),
        _count("hh_dtts", "Trong đó: hộ DTTS", required=False),
        _count("persons", "Lượt người", required=False),
        _money("cash_vnd", "Tiền mặt"),
        _money("inkind_vnd", "Hiện vật quy đổi"),
        _money("value_total_vnd", "Tổng trị giá"),
        Field("labour_days", "Ngày công", T.DECIMAL),
        Field("funding_source", "Nguồn", T.CODE, required=True, choices=codes.FUNDING_SOURCES),
        Field("status", "Trạng thái", T.CODE, required=True, choices=codes.STATUSES, width=15),
        Field("note", "Ghi chú", max_length=500, width=24),
    ),
    blank_rows=200,
)

HOUSEHOLDS = Sheet(
    "households",
    "03_HoDan",
    "HỘ DÂN THÔN, LÀNG KẾT NGHĨA (số liệu cuối kỳ và biến động trong kỳ)",
    (
        _STT,
        _VILLAGE_ID,
        _VILLAGE_NAME,
        _count("households", "Tổng số hộ"),
        _count("persons", "Nhân khẩu"),
        _count("hh_dtts", "Hộ DTTS"),
        *_bridge("poor", "Hộ nghèo"),
        *_bridge("nearpoor", "Hộ cận nghèo"),
        Field("bhyt_pct", "Hộ có BHYT (%)", T.DECIMAL, required=True, maximum=100),
        Field("ntm", "Làng đạt NTM", T.CODE, required=True, choices=codes.YES_NO),
        Field("ntm_year", "Năm đạt NTM", T.WHOLE, minimum=2010, maximum=2100),
    ),
    blank_rows=30,
)

POLITICS_SECURITY = Sheet(
    "politics_security",
    "04_HTCT_ANTT",
    "HỆ THỐNG CHÍNH TRỊ CƠ SỞ, AN NINH TRẬT TỰ (chỉ ghi số đếm, không ghi nội dung mật)",
    (
        _STT,
        _VILLAGE_ID,
        _VILLAGE_NAME,
        _count("party_cells_dtts", "Chi bộ có đảng viên DTTS", required=False),
        _count("party_members", "Số đảng viên", required=False),
        _count("party_members_new", "Đảng viên kết nạp trong kỳ", required=False),
        _count("organisations_strengthened", "Tổ chức đoàn thể kiện toàn", required=False),
        _count("joint_meetings", "Số cuộc họp hai bên", required=False),
        _count("cases_received", "Vụ việc phức tạp nắm", required=False),
        _count("cases_resolved", "Vụ việc đã giải quyết", required=False),
        _count("security_models", "Mô hình ANTT", required=False),
        _count("elders_visited", "Già làng, người có uy tín được thăm", required=False),
    ),
    blank_rows=30,
    required=False,
)

NARRATIVE = Sheet(
    "narrative",
    "05_NoiDung",
    "NỘI DUNG BÁO CÁO BẰNG LỜI",
    (
        Field("highlights", "Kết quả nổi bật", max_length=2_000),
        Field("difficulties", "Khó khăn, vướng mắc", max_length=2_000),
        Field("proposals", "Kiến nghị", max_length=2_000),
        Field("good_practice", "Cách làm hay", max_length=2_000),
    ),
    required=False,
)

CONTROL_TOTALS = Sheet(
    "control_totals",
    "06_TongHop",
    "TỔNG HỢP ĐỐI CHIẾU (đơn vị tự cộng; phải khớp sheet 02_HoatDong)",
    (
        _STT,
        Field(
            "activity_code",
            "Nhóm hoạt động",
            T.CODE,
            required=True,
            choices=ACTIVITIES.field("activity_code").choices,
            prefilled=True,
        ),
        Field("activity_name", "Tên nhóm", prefilled=True, width=40),
        Field("quantity", "Số lượng", T.DECIMAL, required=True),
        _count("hh_total", "Số hộ hưởng lợi"),
        _money("cash_vnd", "Tiền mặt"),
        _money("inkind_vnd", "Hiện vật quy đổi"),
        _money("value_total_vnd", "Tổng trị giá"),
        _money("cumulative_vnd", "Luỹ kế từ đầu năm"),
    ),
)

SHEETS = (STATEMENT, ASSIGNMENTS, ACTIVITIES, HOUSEHOLDS, POLITICS_SECURITY, NARRATIVE, CONTROL_TOTALS)
KN_01 = Form(codes.KN_01, SHEETS)
KEY_VALUE_TABLES = (STATEMENT.table, NARRATIVE.table)
LEDGERS = tuple(sheet for sheet in SHEETS if sheet.table not in KEY_VALUE_TABLES)
SHEET_BY_TABLE = {sheet.table: sheet for sheet in SHEETS}
ROSTERS = (HOUSEHOLDS.table, CONTROL_TOTALS.table)
"""Tables whose rows stand in the form from the start: a row left blank there says something."""
SUMMED_CAPTION, PREVIOUS_CAPTION = "Cộng từ 02_HoatDong (tự tính)", "Luỹ kế đến hết kỳ trước (đã nhận)"
COMPUTED_CAPTIONS = (SUMMED_CAPTION, PREVIOUS_CAPTION)
"""Columns the workbook computes for the clerk; they are not read."""
KEY_CAPTION, VALUE_CAPTION, HINT_CAPTION = "Nhãn", "Giá trị", "Cách ghi"
GUIDE_SHEET, CODE_LIST_SHEET, SELF_CHECK_SHEET, FEEDBACK_SHEET = "HƯỚNG DẪN", "DM", "TỰ KIỂM TRA", "KẾT QUẢ KIỂM TRA"

UNREAD_SHEETS = frozenset(bare(name) for name in (GUIDE_SHEET, CODE_LIST_SHEET, SELF_CHECK_SHEET, FEEDBACK_SHEET))
"""The keys of the sheets that are there for the clerk: lists, checks, an answer."""

SAMPLE_MARK = "SỐ LIỆU GIẢ ĐỊNH"
"""Stands in row 4 of the first sheet of a made-up workbook and on every page its figures reach."""
PROPERTY_FORM, PROPERTY_UNIT, PROPERTY_PERIOD = "ketnghia_form", "ketnghia_unit", "ketnghia_period"


def column_letter(index: int) -> str:
    """The letter of a column counted from 1, as Excel writes it."""
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
