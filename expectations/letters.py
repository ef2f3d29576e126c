"""Gate 1 for the letters of a cell: can they be printed, can they be seen, are they somebody's own?"""

from expectations.rule import nothing_in, rule

LETTERS = (
    rule(
        "E-LETTER",
        "“{caption}” có ký tự không in được",
        "“{caption}” có ký tự không in được trong “{strange}” (ký tự ấy ghi bằng mã số của nó).",
        "Xóa ký tự ấy hoặc viết bằng chữ; hình biểu cảm và dấu của phông Symbol, Wingdings không in được.",
        nothing_in("strange"),
    ),
    rule(
        "W-INVISIBLE",
        "“{caption}” có ký tự không nhìn thấy, đã bỏ đi",
        "“{caption}” có ký tự không nhìn thấy ({unseen}), đã bỏ đi; còn lại là “{text}”.",
        "Không cần gửi lại; ở lần nộp sau gõ lại ô này, không dán từ nơi khác.",
        nothing_in("unseen"),
    ),
    rule(
        "W-PERSONAL",
        "“{caption}” có thông tin riêng của cá nhân",
        "“{caption}” có chỗ giống {personal} của cá nhân.",
        "Xóa đi; biểu mẫu này không thu thập thông tin riêng. Không phải thì giữ nguyên.",
        nothing_in("personal"),
    ),
)
"""Over `TYPED_CELLS`; the cell is the row's own."""
