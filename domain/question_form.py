"""The sheet of questions, as its writer and its reader agree on it."""

SHEET = "CÂU HỎI"
HEADER_ROW, FIRST_ROW = 4, 5
"""Row of the captions and first row of questions, counted from 1."""
QUESTION, ANSWER, ANSWERED_BY = "Mã câu hỏi", "Trả lời", "Người trả lời"
