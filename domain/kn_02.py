"""Form KN-02/2026: the facts of KN-01 in a third of its cells.

What can be computed or carried from the last accepted report is not typed. What is asked of a row follows from its group
of activities: households where households are supported, persons where people come together. Three totals stay typed,
from the unit's own book: they are what shows that a row got lost.
"""

from dataclasses import replace

from domain import codes, form
from domain.form import CellType, Field, Form, Sheet
from domain.text import fold

PAID, CONTROLS = "paid_vnd", ("control_activities", "control_households", "control_value_vnd")
WHOLE_COMMUNE = "Toàn xã, phường"
"""Stands for a village where an activity was for all of them."""
IS_WHOLE_COMMUNE = rf"^({fold('toàn')}|{fold('cả')}) ({fold('xã')}|{fold('phường')})\b"
"""By that a folded text is told to mean it, whatever the commune is called."""
VILLAGE_CELL = r"^\s*(\d{4,6}-\d+)(?:[\s\-–·.:,]+(.*?))?\s*$"
"""`23586-01 làng Châm ANẻh`, as the list of villages writes it."""
_ACTIVITIES, _FURTHER_VILLAGES = 60, 6
"""How many rows are prepared; a clerk may write below them, and insert others."""
_BRIDGE = "[{0}_open]-[{0}_exit]+[{0}_relapse]+[{0}_new]+[{0}_other]"


def _known(field: Field) -> Field:
    return replace(field, locked=True)


def _carried(field: Field) -> Field:
    return replace(field, carried=True, prefilled=True)


def _from_the_book(name: str, caption: str, kind: CellType, hint: str) -> Field:
    return Field(name, f"Theo sổ của đơn vị: {caption}", kind, hint=hint)


def _statement() -> Sheet:
    asked = form.STATEMENT.field
    return replace(
        form.STATEMENT,
        fields=(
            *(_known(asked(name)) for name in ("unit_code", "unit_name", "period", "date_from", "date_to")),
            replace(
                asked("nil_return"),
                hint="Chọn Có khi cả kỳ không có hoạt động và biến động nào: để trống sheet 02 và 03",
            ),
            _from_the_book(
                CONTROLS[0],
                "số hoạt động",
                CellType.WHOLE,
                "Đếm trong sổ, không đếm ở sheet 02: để biết có sót dòng nào không",
            ),
            _from_the_book(CONTROLS[1], "lượt hộ hưởng lợi", CellType.WHOLE, "Cộng trong sổ; không có thì ghi 0"),
            _from_the_book(
                CONTROLS[2],
                "tổng trị giá",
                CellType.MONEY,
                "Mọi khoản tiền và hiện vật của kỳ, kể cả cam kết; không có thì ghi 0",
            ),
            *(
                replace(_carried(asked(name)), hint="Bắt buộc; ghi sẵn theo lần nộp trước, thay người thì sửa")
                for name in ("preparer_name", "preparer_phone", "approver_name", "approver_title")
            ),
            replace(
                asked("submission_kind"),
                in_words=True,
                hint="Để nguyên; chỉ chọn Bản thay thế hoặc Bản đính chính khi kỳ này đã có bản được chấp nhận",
            ),
            replace(asked("reason"), hint="Chỉ ghi khi thay thế, đính chính: vì sao"),
            replace(asked("money_unit"), in_words=True, hint="Để nguyên nếu ghi tiền bằng đồng"),
            _known(asked("form_version")),
        ),
    )


def _activities() -> Sheet:
    asked = form.ACTIVITIES.field

    def at(name: str, width: int, **changes: object) -> Field:
        return replace(asked(name), width=width, **changes)  # type: ignore[arg-type]

    return replace(
        form.ACTIVITIES,
        title="HOẠT ĐỘNG KẾT NGHĨA TRONG KỲ (mỗi dòng: một hoạt động, một làng, một nguồn kinh phí)",
        blank_rows=_ACTIVITIES,
        fields=(
            at("activity_date", 10),
            at(
                "village_id", 14, caption="Thôn, làng", required=True, hint=f"Chọn trong danh sách; việc của cả xã thì chọn “{WHOLE_COMMUNE}”"
            ),
            at(
                "description", 11, required=False, hint="Không bắt buộc, trừ nhóm Hoạt động khác; giúp nhận ra dòng khi phải sửa"
            ),
            at("activity_code", 15, in_words=True),
            at("org_id", 13, hint="Chọn trong danh sách, hoặc ghi tên đơn vị kết nghĩa"),
            at("quantity", 6),
            at("quantity_unit", 7, hint="Chọn Nhóm hoạt động trước: danh sách chỉ có đơn vị tính của nhóm ấy"),
            *(
                at(name, 6, hint="Chỉ ghi ở nhóm hỗ trợ hộ; ở đó không có thì ghi 0")
                for name in ("hh_total", "hh_poor", "hh_nearpoor", "hh_dtts")
            ),
            at("persons", 6, hint="Chỉ ghi ở nhóm có người tham gia: tuyên truyền, khám bệnh, giáo dục, tập huấn"),
            at(
                "cash_vnd", 11, required=False, hint="Việc đã xong hoặc cam kết; không có kinh phí thì ghi 0. Phần đã báo ở các kỳ trước không ghi lại"
            ),
            at("inkind_vnd", 11, required=False, hint="Để trống nếu không có hiện vật"),
            Field(
                PAID,
                "Việc đang làm: phần đã chi trong kỳ",
                CellType.MONEY,
                hint="Chỉ ghi khi Trạng thái là Đang thực hiện; không ghi tổng giá trị công trình",
                width=11,
            ),
            at(
                "value_total_vnd", 10, required=False, computed=f"[cash_vnd]+[inkind_vnd]+[{PAID}]", hint="Tự tính, không ghi"
            ),
            at("funding_source", 13, in_words=True),
            at("status", 9, in_words=True),
            at(
                "occasion", 8, required=False, in_words=True,
                hint="Để trống là Thường xuyên, riêng quà Tết Nguyên đán là Tết Nguyên đán",
            ),
            at("labour_days", 5, hint="Để trống nếu không có ngày công"),
        ),
    )  # fmt: skip


def _households() -> Sheet:
    asked = form.HOUSEHOLDS.field

    def bridge(prefix: str) -> tuple[Field, ...]:
        steps = ("exit", "relapse", "new", "other")
        return (
            _known(asked(f"{prefix}_open")),
            *(asked(f"{prefix}_{step}") for step in steps),
            replace(
                asked(f"{prefix}_close"), required=False, computed=_BRIDGE.format(prefix), hint="Tự tính, không ghi"
            ),
            asked(f"{prefix}_dtts_close"),
        )

    fields = (
        _known(asked("village_id")),
        _known(asked("village_name")),
        *(_carried(asked(name)) for name in ("households", "persons", "hh_dtts")),
        *bridge("poor"),
        *bridge("nearpoor"),
        replace(_carried(asked("ntm")), caption="Làng đạt NTM"),
    )
    widths = {"village_id": 10, "village_name": 18}
    fields = tuple(replace(each, width=widths.get(each.name, 8)) for each in fields)
    return replace(form.HOUSEHOLDS, fields=fields, blank_rows=_FURTHER_VILLAGES)


def _politics_security() -> Sheet:
    stocks = ("party_cells_dtts", "party_members", "security_models")
    fields = (
        replace(each, locked=each.name in ("village_id", "village_name"), carried=each.name in stocks)
        for each in form.POLITICS_SECURITY.fields
        if each.name != "stt"
    )
    return replace(form.POLITICS_SECURITY, fields=tuple(fields), blank_rows=_FURTHER_VILLAGES, required=True)


STATEMENT, ACTIVITIES, HOUSEHOLDS = _statement(), _activities(), _households()
POLITICS_SECURITY = _politics_security()
CONTROL_TOTALS = replace(form.CONTROL_TOTALS, title="TỔNG HỢP (tự tính từ sheet 02_HoatDong; không ghi vào đây)")
KN_02 = Form(
    codes.KN_02,
    (STATEMENT, ACTIVITIES, HOUSEHOLDS, POLITICS_SECURITY, replace(form.NARRATIVE, required=True)),
    shown=(CONTROL_TOTALS,),
    in_words=True,
)
