"""Gate 1: is it our form, with its sheets and columns, and can every cell be read?"""

from expectations.letters import LETTERS
from expectations.rule import between, none_of, rule, something_in

SHEETS = (
    rule(
        "E-SHEET",
        "Thiếu sheet của biểu mẫu",
        "Thiếu sheet “{sheet}” của biểu mẫu.",
        "Dùng đúng biểu mẫu đã gửi cho đơn vị; không xóa, không đổi tên sheet.",
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
        "Chuyển nội dung sang cột của biểu mẫu, hoặc xóa cột.",
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
        "E-PICTURE",
        "“{caption}” là ảnh",
        "“{caption}” là ảnh chèn trong ô, không phải {expected}; chương trình không đọc được ảnh.",
        "Xóa ảnh khỏi ô và gõ {expected}; ảnh gửi riêng nếu cần.",
        none_of("problem", ["picture"]),
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
    rule(
        "W-COMPUTED",
        "Ô tự tính “{caption}” bị ghi đè",
        "Ô tự tính “{caption}” ghi “{text}”; số được tính là số tính từ các ô khác của dòng.",
        "Xóa nội dung ghi đè; ô này không phải ghi.",
        none_of("remark", ["written_over"]),
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

PLACES = (
    rule(
        "E-SHEET-TWICE",
        "Hai sheet cùng một tên của biểu mẫu",
        "Có nhiều sheet cùng mang tên của một sheet biểu mẫu: {caption}; chỉ sheet ghi đầu tiên được đọc.",
        "Chuyển mọi số liệu vào sheet “{sheet}”, xóa (hoặc đổi tên) sheet còn lại rồi gửi lại.",
        none_of("oddity", ["same_name"]),
    ),
    rule(
        "E-HEADING",
        "Tiêu đề lặp lại ở dòng dưới đặt sai cột",
        "Dòng {line} lặp lại tiêu đề nhưng “{caption}” không ở cột của nó trong hàng tiêu đề đầu bảng.",
        "Giữ một thứ tự cột cho cả bảng; chuyển số liệu về đúng cột của hàng tiêu đề đầu bảng.",
        none_of("oddity", ["moved_heading"]),
    ),
    rule(
        "E-HEADING",
        "Số liệu nằm trên hàng tiêu đề",
        "Dòng {line} có số liệu nhưng nằm trên hàng tiêu đề nên không được đọc: “{caption}”.",
        "Khôi phục hàng tiêu đề ở đầu bảng (hàng 6) như biểu mẫu gốc, mọi số liệu ở dưới.",
        none_of("oddity", ["above_captions"]),
    ),
    rule(
        "E-MERGED",
        "Ô bị gộp trong bảng số liệu",
        "Các ô {caption} bị gộp làm một nên chỉ ô đầu có giá trị, các ô còn lại là ô trống.",
        "Bỏ gộp ô (Merge & Center), rồi ghi giá trị vào từng dòng.",
        none_of("oddity", ["merged"]),
    ),
    rule(
        "W-MERGED",
        "Ô ghi chú bị gộp",
        "Các ô {caption} bị gộp làm một; nội dung chỉ được tính cho dòng đầu.",
        "Bỏ gộp ô, ghi vào từng dòng nếu nội dung thuộc nhiều dòng.",
        none_of("oddity", ["merged_remark"]),
    ),
    rule(
        "W-UNREAD",
        "Dòng không được đọc",
        "Dòng {line} không được đọc: “{caption}”.",
        "Nếu là số liệu thì ghi đủ các cột của một dòng trong bảng; nếu chỉ là lời ghi thêm thì không cần sửa.",
        none_of("oddity", ["unread_row"]),
    ),
    rule(
        "W-TOTAL-ROW",
        "Dòng có vẻ là dòng cộng",
        "Dòng {line} chỉ ghi tổng của các dòng trên nên được coi là dòng cộng và không tính: “{caption}”.",
        "Nếu đúng là dòng cộng thì ghi chữ “Cộng” ở đầu dòng; nếu là một hoạt động thì ghi đủ các cột.",
        none_of("oddity", ["sum_row"]),
    ),
    rule(
        "W-HIDDEN",
        "Sheet đang ẩn vẫn được đọc",
        "Sheet “{sheet}” đang ẩn nhưng vẫn được đọc.",
        "Bỏ ẩn sheet (chuột phải vào tên sheet - Unhide; không thấy ở đó thì chép sang biểu mẫu mới) và kiểm tra lại số liệu.",
        none_of("oddity", ["hidden_sheet"]),
    ),
    rule(
        "W-STRUCK",
        "Dòng hoặc ô bị gạch ngang vẫn được tính",
        "Dòng {line} có ô bị gạch ngang (“{caption}”) nhưng vẫn được đọc và tính.",
        "Xóa hẳn nội dung nếu không báo cáo; bỏ gạch ngang nếu vẫn báo cáo.",
        none_of("oddity", ["struck"]),
    ),
    rule(
        "W-UNSEEN",
        "Ô có giá trị nhưng không nhìn thấy",
        "Dòng {line} có ô mang giá trị “{caption}” nhưng không nhìn thấy (chữ trùng màu nền, hoặc định dạng số ẩn giá trị).",
        "Đổi màu chữ hoặc định dạng ô về bình thường; xóa giá trị nếu không báo cáo.",
        none_of("oddity", ["unseen"]),
    ),
    rule(
        "W-LINKED",
        "Giá trị lấy từ tệp khác",
        "Ô này lấy giá trị “{caption}” từ một tệp khác trên máy đơn vị; tệp ấy có đổi thì ở đây không biết.",
        "Kiểm tra giá trị, rồi dán lại thành số (Paste Special - Values).",
        none_of("oddity", ["linked"]),
    ),
)
"""Over `ODD_PLACES`; the place is the row's own."""

WRITTEN_TOTALS = tuple(
    rule(
        code,
        "Dòng cộng “{caption}” không khớp các dòng",
        "Dòng cộng ghi “{caption}” là {written}, cộng các dòng số liệu được {summed}.",
        "Tìm dòng thiếu, thừa hoặc ghi sai rồi sửa, cộng lại; dòng cộng phải bằng tổng các dòng.",
        between(gap, most=0),
    )
    for code, gap in (("E-TOTAL", "money_gap"), ("W-TOTAL", "count_gap"))
)
"""Over `WRITTEN_TOTALS`; of money an error, because it is missing either from the rows or from the total."""
