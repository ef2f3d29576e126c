"""Writes the two generated pages of `docs/`: all findings from the rules, all cells of the form from its definition."""

from domain import codes, form
from expectations.rules import RULES
from services.settings import PROGRAM

_PLACES = {
    "sheets": "Cấu trúc tệp",
    "columns": "Tiêu đề cột",
    "places": "Chỗ không được đọc, hoặc được đọc mà không nhìn thấy",
    "cells": "Từng ô của mọi sheet",
    "written_totals": "Dòng cộng của đơn vị",
    "statement": "Sheet 00_ThongTin",
    "activities": "Sheet 02_HoatDong",
    "households": "Sheet 03_HoDan",
    "roster": "Sheet 03_HoDan: đủ các làng",
    "politics_security": "Sheet 04_HTCT_ANTT",
    "control_totals": "Sheet 06_TongHop",
}


def rules_page() -> str:
    """The handbook of findings as Markdown, in the order of the gates."""
    lines = [
        "# Sổ tay quy tắc kiểm tra",
        "",
        "Tệp này được lập từ chính các quy tắc (`make docs`); không sửa bằng tay.",
        "Mã bắt đầu bằng **E** (lỗi): tệp bị trả lại. **W** (cảnh báo): tệp vẫn được nhận.",
        "`E-FILE`: tệp không đọc được, kèm lý do.",
    ]
    for name, rules in RULES.items():
        lines += ["", f"## {_PLACES[name]}", "", "| Mã | Mức | Lỗi | Nội dung | Cách sửa |", "|---|---|---|---|---|"]
        for rule in rules:
            level = rule.severity.label
            lines.append(f"| {rule.code} | {level} | {rule.title} | {rule.sentence} | {rule.remedy} |")
    return "\n".join(lines) + "\n"


def form_page() -> str:
    """Every field of the form: its caption, its name in the house, what its cell must hold."""
    lines = [
        f"# Biểu mẫu {codes.FORM_VERSION}",
        "",
        "Tệp này được lập từ chính định nghĩa của biểu mẫu (`make docs`); không sửa bằng tay.",
        "*Tên* là tên cột trong mã nguồn, sổ cái và tệp xuất.",
    ]
    for sheet in form.SHEETS:
        lines += [
            "",
            f"## {sheet.name}",
            "",
            sheet.title,
            "",
            "| Tiêu đề | Tên | Bắt buộc | Ô phải là |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {field.caption} | `{field.name}` | {'x' if field.required else ''} | {field.expected} |"
            for field in sheet.fields
        ]
    return "\n".join(lines) + "\n"


PAGES = {"rules.md": rules_page, "form.md": form_page}

if __name__ == "__main__":
    for file_name, page in PAGES.items():
        (PROGRAM / "docs" / file_name).write_text(page(), encoding="utf-8")
