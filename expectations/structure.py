"""Gate 1: is it our form, with its sheets and columns, and can every cell be read?"""

from expectations.letters import LETTERS
from expectations.rule import none_of, rule, something_in

SHEETS = (
    rule(
        "E-SHEET",
        "Thiếu sheet của biểu mẫu",
        "Thiếu sheet “{sheet}” của biểu mẫu.",
        "Dùng đúng biểu mẫu KN-01/2026; không xóa, không đổi tên sheet.",
        none_of("sheet_state", ["absent"]),
    ),
    rule(
        "E-HEADER",
        "Không tìm thấy hàng tiêu đề cột",
        "Không tìm thấy hàng tiêu đề cột của sheet “{sheet}”.",
        "Khôi phục hàng tiêu đề (hàng 6) như biểu mẫu gốc.",
        none_of("sheet_state", ["headless"]),
    ),
    rule(
        "W-SHEET-UNKNOWN",
        "Sheet lạ không được đọc",
        "Sheet “{sheet}” không có trong biểu mẫu nên không được đọc.",
        "Chuyển số liệu sang sheet của biểu mẫu; nếu chỉ là bảng tính nháp thì xóa đi.",
        none_of("sheet_state", ["unknown"]),
    ),
)

COLUMNS = (
    rule(
        "E-COLUMN",
        "Thiếu cột “{caption}”",
        "Thiếu cột (dòng) “{caption}”.",
        "Khôi phục tiêu đề đúng như biểu mẫu gốc.",
        none_of("column_state", ["absent"]),
    ),
    rule(
        "E-COLUMN-TWICE",
        "Tiêu đề “{caption}” xuất hiện nhiều lần",
        "Tiêu đề “{caption}” xuất hiện nhiều lần.",
        "Chỉ giữ một cột (dòng) cho mỗi tiêu đề.",
        none_of("column_state", ["doubled"]),
    ),
    rule(
        "W-COLUMN-UNKNOWN",
        "Cột lạ “{caption}” không được đọc",
        "Cột “{caption}” không có trong biểu mẫu nên không được đọc.",
        "Chuyển nội dung sang cột của biểu mẫu hoặc sang cột Ghi chú.",
        something_in("known_field"),
    ),
)


CELLS = (
    rule(
        "E-REQ",
        "“{caption}” bị bỏ trống",
        "“{caption}” bị bỏ trống.",
        "Điền {expected}; không có thì ghi 0, không để trống.",
        none_of("problem", ["missing_number"]),
    ),
    rule(
        "E-REQ",
        "“{caption}” bị bỏ trống",
        "“{caption}” bị bỏ trống.",
        "Ghi bằng chữ điều ô này hỏi; không ghi 0 thay cho chữ.",
        none_of("problem", ["missing_text"]),
    ),
    rule(
        "E-REQ",
        "“{caption}” bị bỏ trống",
        "“{caption}” bị bỏ trống.",
        "Ghi {expected}.",
        none_of("problem", ["missing"]),
    ),
    rule(
        "E-CELL",
        "“{caption}” là ô lỗi hoặc công thức chưa có kết quả",
        "“{caption}” là ô lỗi hoặc công thức chưa có kết quả: {text}.",
        "Sửa công thức hoặc gõ thẳng giá trị; ô lỗi không được coi là 0.",
        none_of("problem", ["error_cell"]),
    ),
    rule(
        "E-NUMBER",
        "“{caption}” phải là {expected}",
        "“{caption}” phải là {expected}, đang ghi “{text}”.",
        "Gõ số, chỉ dùng dấu chấm ngăn nghìn và dấu phẩy thập phân.",
        none_of("problem", ["not_a_number"]),
    ),
    rule(
        "E-AMBIGUOUS",
        "“{caption}” có thể hiểu thành hai số khác nhau",
        "“{caption}” ghi “{text}” có thể hiểu thành hai số khác nhau.",
        "Gõ lại thành số trong ô kiểu số, hoặc theo kiểu Việt Nam: 15.000 hoặc 1,5.",
        none_of("problem", ["ambiguous_number"]),
    ),
    rule(
        "E-PERCENT",
        "“{caption}” không rõ là phần trăm hay phần của 1",
        "“{caption}” ghi {text}, không rõ là {text}% hay là phần của 1.",
        "Ghi số phần trăm, ví dụ 96,5 cho 96,5%.",
        none_of("problem", ["doubtful_percent"]),
    ),
    rule(
        "E-ENCODING",
        "“{caption}” dùng bảng mã TCVN3 hoặc VNI",
        "“{caption}” ghi “{text}”, có vẻ dùng bảng mã TCVN3 hoặc VNI.",
        "Chuyển chữ sang Unicode (phông Times New Roman) rồi gửi lại; chương trình không tự đoán bảng mã.",
        none_of("problem", ["legacy_text"]),
    ),
    rule(
        "E-WHOLE",
        "“{caption}” phải là {expected}",
        "“{caption}” phải là {expected}, đang ghi “{text}”.",
        "Ghi số nguyên; tiền tính bằng đồng không có số lẻ.",
        none_of("problem", ["not_whole"]),
    ),
    rule(
        "E-DAY",
        "“{caption}” phải là ngày có thật",
        "“{caption}” phải là ngày có thật, đang ghi “{text}”.",
        "Ghi ngày/tháng/năm, ví dụ 05/02/2024.",
        none_of("problem", ["not_a_day"]),
    ),
    rule(
        "E-DATE",
        "“{caption}” ngoài khoảng năm 1900–2100",
        "“{caption}” ghi {text}, ngoài khoảng năm 1900–2100.",
        "Kiểm tra các chữ số của năm; ghi ngày/tháng/năm, ví dụ 05/02/2024.",
        none_of("problem", ["far_day"]),
    ),
    rule(
        "E-CODE",
        "“{caption}” không có trong danh mục",
        "“{caption}” ghi “{text}” không có trong danh mục.",
        "Chọn trong danh sách thả xuống; xem sheet DM. Nhận {expected}.",
        none_of("problem", ["not_in_list"]),
    ),
    rule(
        "E-LOW",
        "“{caption}” nhỏ hơn mức cho phép",
        "“{caption}” ghi {text}, nhỏ hơn mức cho phép.",
        "Phải là {expected}.",
        none_of("problem", ["too_small"]),
    ),
    rule(
        "E-HIGH",
        "“{caption}” lớn hơn mức cho phép",
        "“{caption}” ghi {text}, lớn hơn mức cho phép.",
        "Phải là {expected}; kiểm tra số chữ số 0.",
        none_of("problem", ["too_large"]),
    ),
    rule(
        "E-LONG",
        "“{caption}” dài quá mức cho phép",
        "“{caption}” dài quá mức cho phép.",
        "Rút gọn nội dung.",
        none_of("problem", ["too_long"]),
    ),
    rule(
        "W-GROUPED",
        "“{caption}” là số gõ bằng chữ",
        "“{caption}” gõ bằng chữ “{text}”, được hiểu là {whole}.",
        "Gõ lại thành số để khỏi nhầm dấu chấm ngăn nghìn.",
        none_of("remark", ["grouped_number"]),
    ),
    rule(
        "W-ENCODING",
        "“{caption}” gõ bằng phông cũ",
        "“{caption}” gõ bằng phông cũ “{original}”, được hiểu là “{text}”.",
        "Chuyển sang Unicode (phông Times New Roman) ở lần nộp sau.",
        none_of("remark", ["repaired_text"]),
    ),
    rule(
        "W-SERIAL",
        "“{caption}” là số thay cho ngày",
        "“{caption}” là số {text} thay cho ngày, được hiểu là {day}.",
        "Định dạng lại ô thành ngày.",
        none_of("remark", ["serial_day"]),
    ),
    rule(
        "W-ZERO",
        "“{caption}” không ghi số, được tính là 0",
        "“{caption}” ghi “{text}”, được tính là 0.",
        "Đúng là không có thì ghi 0; chưa biết số thì hỏi lại rồi ghi số đúng.",
        none_of("remark", ["counted_as_zero"]),
    ),
    *LETTERS,
    rule(
        "W-HIDDEN",
        "Dòng hoặc cột đang ẩn vẫn được đọc",
        "Ô này nằm ở dòng hoặc cột đang ẩn nhưng vẫn được đọc.",
        "Bỏ ẩn, bỏ lọc; xóa dòng nếu không báo cáo.",
        none_of("hidden_row", [True]),
    ),
)
"""Over `TYPED_CELLS`; the cell is the row's own."""
