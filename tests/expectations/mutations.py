"""One broken cell for every rule of the sheets: rule, sheet, cell, what is put there."""

from datetime import date
from typing import Any

Mutation = tuple[str, str, str, Any]
"""Rule, sheet, cell, what is put there."""


ACTIVITY_MUTATIONS: list[Mutation] = [
    ("E-REQ", "02_HoatDong", "B8", None),
    ("E-DAY", "02_HoatDong", "B8", "30/02/2024"),
    ("E-DATE", "02_HoatDong", "B8", date(2024, 2, 15)),
    ("E-DATE", "02_HoatDong", "B8", date(2024, 1, 14)),
    *[("E-DATE", "02_HoatDong", "B8", day) for day in (date(2404, 2, 5), date(9999, 12, 31), "05/02/0024", "5/2/1899")],
    ("E-CODE", "02_HoatDong", "C8", "HUYEN"),
    ("E-VILLAGE-MISSING", "02_HoatDong", "D8", None),
    ("E-VILLAGE", "02_HoatDong", "D8", "99999-01"),
    ("E-VILLAGE-UNIT", "02_HoatDong", "D8", "23848-01"),
    ("W-VILLAGE-NAME", "02_HoatDong", "E8", "làng Ngol Tả"),
    ("W-VILLAGE-NAME", "02_HoatDong", "E8", None),
    ("E-REQ", "02_HoatDong", "F8", None),
    ("W-UNASSIGNED", "02_HoatDong", "F8", "Sở Xây dựng"),
    ("W-PARTNER-DATES", "02_HoatDong", "F8", "Sở Dân tộc và Tôn giáo"),
    ("W-PARTNER-DATES", "02_HoatDong", "F8", "DV-016"),
    ("E-CODE", "02_HoatDong", "G8", "QUA"),
    ("E-REQ", "02_HoatDong", "H8", None),
    ("W-DESCRIPTION", "02_HoatDong", "H8", "15/2"),
    ("E-LONG", "02_HoatDong", "H8", "x" * 501),
    ("E-LETTER", "02_HoatDong", "H8", "Tặng quà Tết 😀"),
    ("E-LETTER", "02_HoatDong", "X8", "\uf0b7 đã trao"),
    ("W-PERSONAL", "02_HoatDong", "H8", "Tặng quà Tết, liên hệ 0905.123.456"),
    ("W-INVISIBLE", "02_HoatDong", "E8", "làng\u200b Châm ANẻh"),
    ("E-CODE", "02_HoatDong", "I8", "NOEL"),
    ("E-REQ", "02_HoatDong", "J8", None),
    ("E-LOW", "02_HoatDong", "J8", -1),
    ("E-NUMBER", "02_HoatDong", "J8", "hai mươi"),
    ("E-AMBIGUOUS", "02_HoatDong", "J8", "15,000"),
    ("W-PRICE", "02_HoatDong", "J8", 2),
    ("E-PRICE", "02_HoatDong", "J8", 0.1),
    ("W-PRODUCT", "02_HoatDong", "J8", 21),
    ("E-QUANTITY-UNIT", "02_HoatDong", "K8", "căn"),
    ("E-CODE", "02_HoatDong", "K8", "thùng"),
    ("E-WHOLE", "02_HoatDong", "L8", 500_000.5),
    ("W-PRODUCT", "02_HoatDong", "L8", 600_000),
    ("E-BENEFICIARIES", "02_HoatDong", "M8", None),
    ("E-HH-POOR", "02_HoatDong", "M8", 16),
    ("E-HH-DTTS", "02_HoatDong", "M8", 17),
    ("E-HH-VILLAGE", "02_HoatDong", "M8", 127),
    ("E-WHOLE", "02_HoatDong", "M8", 20.5),
    ("E-BENEFICIARIES", "02_HoatDong", "N8", None),
    ("E-HH-POOR", "02_HoatDong", "N8", 16),
    ("E-BENEFICIARIES", "02_HoatDong", "O8", None),
    ("E-HH-POOR", "02_HoatDong", "O8", 9),
    ("E-BENEFICIARIES", "02_HoatDong", "P8", None),
    ("E-HH-DTTS", "02_HoatDong", "P8", 21),
    ("W-PERSONS", "02_HoatDong", "Q8", 2_601),
    ("E-LOW", "02_HoatDong", "Q8", -5),
    ("E-REQ", "02_HoatDong", "R8", None),
    ("E-SUM", "02_HoatDong", "R8", 8_000_001),
    ("E-SUM", "02_HoatDong", "S8", 0),
    ("E-SUM", "02_HoatDong", "T8", 10_000_001),
    *[("E-HIGH", "02_HoatDong", f"{letter}8", 1e30) for letter in "JMRU"],
    *[("E-HIGH", "02_HoatDong", "T8", number) for number in (1e16, 1e300)],
    ("E-LOW", "02_HoatDong", "T8", -1e300),
    *[("W-ZERO", "02_HoatDong", "N8", word) for word in ("-", "không", "−", "--", "‐")],
    ("E-CELL", "02_HoatDong", "T8", "#REF!"),
    ("E-CELL", "02_HoatDong", "T8", "=R8+S8"),
    ("E-NUMBER", "02_HoatDong", "U8", "ba"),
    ("E-CODE", "02_HoatDong", "V8", "QUỸ"),
    ("E-REQ", "02_HoatDong", "W8", None),
    ("E-LONG", "02_HoatDong", "X8", "x" * 501),
]


POLITICS_MUTATIONS: list[Mutation] = [
    ("E-CASES", "04_HTCT_ANTT", "J8", 5),
    ("E-MEMBERS", "04_HTCT_ANTT", "F8", 9),
    ("E-VILLAGE", "04_HTCT_ANTT", "B8", "99999-01"),
    ("E-VILLAGE-UNIT", "04_HTCT_ANTT", "B8", "23848-01"),
    ("E-NUMBER", "04_HTCT_ANTT", "E8", "mười"),
]


HOUSEHOLD_MUTATIONS: list[Mutation] = [
    ("E-VILLAGE", "03_HoDan", "B8", "99999-01"),
    ("E-VILLAGE-UNIT", "03_HoDan", "B8", "23848-01"),
    ("E-VILLAGE-TWICE", "03_HoDan", "B8", "23586-01"),
    ("E-REQ", "03_HoDan", "B8", None),
    ("W-VILLAGE-NAME", "03_HoDan", "C8", None),
    ("W-VILLAGE-NAME", "03_HoDan", "C8", "làng Ngol Tả"),
    ("E-HH-CLOSE", "03_HoDan", "D8", 28),
    ("E-HH-DTTS", "03_HoDan", "D8", 109),
    ("W-PERSONS-RATE", "03_HoDan", "E8", 900),
    ("W-PERSONS-RATE", "03_HoDan", "E8", 130),
    ("E-PERSONS-RATE", "03_HoDan", "E8", 5_200),
    ("E-HH-DTTS", "03_HoDan", "F8", 121),
    ("W-DTTS-SHARE", "03_HoDan", "F8", 59),
    ("E-DTTS-CLOSE", "03_HoDan", "F8", 17),
    *[("E-BAL", "03_HoDan", f"{letter}8", 7) for letter in "GHIJKL"],
    *[("E-BAL", "03_HoDan", f"{letter}8", 7) for letter in "NOPQRS"],
    *[("E-REQ", "03_HoDan", f"{letter}8", None) for letter in "DEFGHIJKLMNOPQRSTUV"],
    *[("E-LOW", "03_HoDan", f"{letter}8", -1) for letter in "DEFGHIJLMNOPQSTU"],
    *[("E-NUMBER", "03_HoDan", f"{letter}8", "x") for letter in "DEFGHIJKLMNOPQRSTUW"],
    ("E-DTTS-CLOSE", "03_HoDan", "M8", 21),
    ("E-DTTS-CLOSE", "03_HoDan", "T8", 10),
    ("E-HIGH", "03_HoDan", "U8", 101),
    ("E-LOW", "03_HoDan", "K8", -1e300),
    ("E-CODE", "03_HoDan", "V8", "Sắp"),
    ("E-NTM-YEAR", "03_HoDan", "W8", None),
    ("W-NTM-YEAR", "03_HoDan", "W8", 2023),
    ("E-NTM-YEAR", "03_HoDan", "W8", 2025),
]


TOTAL_MUTATIONS: list[Mutation] = [
    ("E-CTRL", "06_TongHop", "D14", 21),
    ("E-CTRL", "06_TongHop", "E14", 21),
    ("E-CTRL", "06_TongHop", "F14", 8_000_001),
    ("E-CTRL", "06_TongHop", "G14", 0),
    ("E-CTRL", "06_TongHop", "H14", 1),
    ("E-REQ", "06_TongHop", "I14", None),
    ("E-ACTIVITY-TWICE", "06_TongHop", "B14", "BHYT"),
    ("E-CODE", "06_TongHop", "B14", "QUA"),
]


STATEMENT_MUTATIONS: list[Mutation] = [
    ("E-UNIT", "00_ThongTin", "B8", "636"),
    ("E-UNIT", "00_ThongTin", "B8", "23586"),
    ("W-IDENTITY", "00_ThongTin", "B8", "623"),
    ("W-UNIT-NAME", "00_ThongTin", "B9", "Thị xã An Khê"),
    ("E-WINDOW", "00_ThongTin", "B11", date(2024, 2, 1)),
    ("E-WINDOW", "00_ThongTin", "B12", date(2024, 2, 29)),
    ("E-LOW", "00_ThongTin", "B13", 0),
    ("E-KIND", "00_ThongTin", "B14", "THAY_THE"),
    ("E-REASON", "00_ThongTin", "B15", None),
    ("E-CODE", "00_ThongTin", "B16", "USD"),
    ("W-DOC-NUMBER", "00_ThongTin", "B17", "số 5"),
    ("E-DAY", "00_ThongTin", "B18", "31/4/2024"),
    *[("E-REQ", "00_ThongTin", f"B{row}", None) for row in (8, 9, 11, 12, 13, 14, 16, 19, 20, 21, 22, 23, 24, 25)],
    ("W-EMAIL", "00_ThongTin", "B21", "không có"),
    ("E-NIL", "00_ThongTin", "B24", "Có"),
    ("E-CODE", "00_ThongTin", "B25", "KN-01/2030"),
]


BESIDE: dict[tuple[str, str, Any], list[tuple[str, str, Any]]] = {
    ("E-CASES", "J8", 5): [("04_HTCT_ANTT", "I8", 2)],
    ("E-MEMBERS", "F8", 9): [("04_HTCT_ANTT", "E8", 4)],
    ("E-VILLAGE", "B8", "99999-01"): [("04_HTCT_ANTT", "H8", 1)],
    ("E-VILLAGE-UNIT", "B8", "23848-01"): [("04_HTCT_ANTT", "H8", 1)],
    ("E-REASON", "B15", None): [("00_ThongTin", "B13", 2), ("00_ThongTin", "B14", "THAY_THE")],
    ("E-ACTIVITY-TWICE", "B14", "BHYT"): [("06_TongHop", f"{letter}13", 0) for letter in "DEFGHI"],
    ("E-NTM-YEAR", "W8", None): [("03_HoDan", "V8", "Có")],
    ("E-NTM-YEAR", "W8", 2025): [("03_HoDan", "V8", "Có")],
}
"""What must stand elsewhere for a rule to apply at all."""
