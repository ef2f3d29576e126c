"""Writes `docs/rules.md`, the handbook of all findings, from the rules themselves."""

from domain.findings import Severity
from expectations.rules import RULES

_PLACES = {
    "sheets": "Cấu trúc tệp",
    "columns": "Tiêu đề cột",
    "cells": "Từng ô của mọi sheet",
    "statement": "Sheet 00_ThongTin",
    "activities": "Sheet 02_HoatDong",
    "households": "Sheet 03_HoDan",
    "roster": "Sheet 03_HoDan: đủ các làng",
    "control_totals": "Sheet 06_TongHop",
}


def handbook() -> str:
    """The handbook as Markdown, in the order of the gates."""
    lines = [
        "# Sổ tay quy tắc kiểm tra",
        "",
        "Tệp này được lập từ chính các quy tắc (`make rules`); không sửa bằng tay.",
        "Mã bắt đầu bằng **E** (lỗi): tệp bị trả lại. **W** (cảnh báo): tệp vẫn được nhận.",
        "`E-FILE`: tệp không đọc được, kèm lý do.",
    ]
    for name, rules in RULES.items():
        lines += ["", f"## {_PLACES[name]}", "", "| Mã | Mức | Nội dung | Cách sửa |", "|---|---|---|---|"]
        for rule in rules:
            level = "lỗi" if rule.severity is Severity.ERROR else "cảnh báo"
            lines.append(f"| {rule.code} | {level} | {rule.sentence} | {rule.remedy} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(handbook(), end="")
