"""The first sheet of the form: how to fill it in, in ten lines, and what a filled-in row looks like."""

from collections.abc import Mapping
from datetime import timedelta

from xlsxwriter.worksheet import Worksheet

from domain import codes, wording
from domain.kn_02 import ACTIVITIES, PAID
from reports.form.content import CellValue, FormContent
from reports.form.formats import CARRIED, SHOWN, TO_FILL, Formats

_LINES = (
    "Tệp này chỉ dùng cho đơn vị và kỳ ghi ở trên. Đơn vị, kỳ, thôn làng đã ghi sẵn; không đổi tên sheet, không thêm cột.",
    "Ô màu vàng: phải ghi. Ô màu xanh: ghi sẵn theo lần báo cáo trước, có thay đổi thì sửa. Ô màu xám: tự tính, không ghi.",
    "Sheet 00: ghi ba số tổng lấy từ sổ của đơn vị (không đếm trong tệp này), rồi xem lại người lập, người duyệt.",
    "Sheet 02: mỗi hoạt động, mỗi làng, mỗi nguồn kinh phí một dòng. Có danh sách thì chọn trong danh sách.",
    "Tiền ghi bằng đồng, đủ chữ số: 10000000 (hiện thành 10.000.000). Việc không có kinh phí ghi 0 ở ô Tiền mặt.",
    "Việc đang làm chỉ ghi phần đã chi trong kỳ, ở cột riêng; việc mới hứa chọn Cam kết, kế hoạch.",
    "Sheet 03: ghi biến động hộ nghèo, hộ cận nghèo trong kỳ của từng làng; không có thì ghi 0. Số cuối kỳ tự tính.",
    "Sheet 04, 05: ghi số đếm và lời văn nếu có. Không ghi tên, số căn cước, số tài khoản, điện thoại của người dân.",
    "Xem sheet TỰ KIỂM TRA: chỉ nêu chỗ sai, hết chỗ sai là gửi được. Sheet 06 tự cộng. Cần bản giấy thì in sheet 00, 02, 03, 06; ký ở sheet 06.",
    "Gửi tệp như mọi kỳ. Tệp bị trả lại thì sửa đúng ô đã đánh dấu rồi gửi lại; không phải ghi lần nộp.",
)
_SHOWN = (
    "activity_date", "village_id", "activity_code", "quantity", "quantity_unit", "hh_total", "hh_poor", "hh_nearpoor",
    "hh_dtts", "cash_vnd", "inkind_vnd", "funding_source", "status",
)  # fmt: skip
_WIDTHS = (11, 22, 20, 8, 8, 8, 8, 8, 8, 12, 12, 14, 13)


def write_guide(worksheet: Worksheet, formats: Formats, content: FormContent) -> None:
    """The ten lines, the colours, and two example rows."""
    month, unit = content.period.label(), content.unit
    window = f"{wording.short_day(content.window.first_day)} - {wording.short_day(content.window.last_day)}"
    worksheet.write_string(0, 0, "CÁCH GHI BIỂU MẪU", formats.title)
    worksheet.write_string(
        1, 0, f"{unit.name} (mã {unit.code}) · {month} ({window}) · {content.form.version}", formats.plain
    )
    for column, width in enumerate(_WIDTHS):
        worksheet.set_column(column, column, width)
    last_column = len(_WIDTHS) - 1
    for number, line in enumerate(_LINES, start=1):
        row = number + 1
        worksheet.merge_range(row, 0, row, last_column, f"{number}. {line}", formats.hint_line)
        worksheet.set_row(row, 20)
    row = len(_LINES) + 3
    worksheet.write_string(row, 0, "Màu của ô", formats.bold_left)
    for place, (colour, meaning) in enumerate(
        ((TO_FILL, "phải ghi"), (CARRIED, "ghi sẵn, có thể sửa"), (SHOWN, "không ghi"))
    ):
        worksheet.write_string(row, 1 + place, meaning, formats.coloured[colour])
    row += 2
    worksheet.write_string(row, 0, f"Ví dụ hai dòng của sheet {ACTIVITIES.name}", formats.bold_left)
    fields = [ACTIVITIES.field(name) for name in _SHOWN]
    worksheet.set_row(row + 1, 48)
    for column, field in enumerate(fields):
        worksheet.write_string(row + 1, column, field.caption, formats.of_caption(field))
    for place, example in enumerate(_examples(content), start=2):
        for column, field in enumerate(fields):
            value = example.get(field.name)
            text = "" if value is None else wording.number(value) if isinstance(value, int) else str(value)
            worksheet.write_string(row + place, column, text, formats.example)
    below = row + 5
    note = (
        f"Việc đang làm: Tiền mặt để trống, ghi ở cột “{ACTIVITIES.field(PAID).caption}”, Trạng thái là Đang thực hiện."
    )
    worksheet.write_string(below, 0, note, formats.italic)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 1)
    worksheet.set_zoom(90)
    worksheet.hide_gridlines(2)
    worksheet.protect()


def _examples(content: FormContent) -> tuple[Mapping[str, CellValue], ...]:
    """Made-up rows with the unit's own villages, so that the lists look as they will."""
    day = wording.short_day(content.window.first_day + timedelta(days=9))
    villages = content.village_choices()
    names = {each.code: each.name for each in (*codes.ACTIVITIES, *codes.FUNDING_SOURCES, *codes.STATUSES)}
    shared = {"activity_date": day, "village_id": villages[0], "status": names[codes.COMPLETED]}
    return (
        shared | {"activity_code": names["QUA_TET"], "quantity": 20, "quantity_unit": "suất", "hh_total": 20, "hh_poor": 12,
                  "hh_nearpoor": 5, "hh_dtts": 18, "cash_vnd": 8_000_000, "inkind_vnd": 2_000_000,
                  "funding_source": names["XHH"]},
        shared | {"activity_code": names["HTCT"], "quantity": 1, "quantity_unit": "cuộc", "cash_vnd": 0,
                  "funding_source": names["CBCC"]},
    )  # fmt: skip
