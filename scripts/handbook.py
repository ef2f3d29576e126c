"""Writes the two generated pages of `docs/`: all findings from the rules, all cells of the form from its definition."""

from domain.form import Field, Sheet
from domain.forms import CURRENT, FORMS
from expectations.rule import is_computed_beforehand
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
        "",
        *_counted(),
    ]
    for name, rules in RULES.items():
        lines += ["", f"## {_PLACES[name]}", "", "| Mã | Mức | Lỗi | Nội dung | Cách sửa |", "|---|---|---|---|---|"]
        for rule in rules:
            level = rule.severity.label
            lines.append(f"| {rule.code} | {level} | {rule.title} | {rule.sentence} | {rule.remedy} |")
    return "\n".join(lines) + "\n"


def _counted() -> list[str]:
    asked = [rule.expectation for rules in RULES.values() for rule in rules]
    beforehand = sum(map(is_computed_beforehand, asked))
    return [
        f"{len(asked)} quy tắc: {len(asked) - beforehand} quy tắc là điều kiện của Great Expectations đặt ngay trên các cột số liệu;",
        f"{beforehand} quy tắc xét một cột đánh dấu tính sẵn, vì không điều kiện nào nói được (tra danh bạ, ô đọc được hay không).",
    ]


def form_page() -> str:
    """Every field of the forms: its caption, its name in the house, who fills it in, what its cell must hold."""
    lines = [
        "# Biểu mẫu",
        "",
        "Tệp này được lập từ chính định nghĩa của biểu mẫu (`make docs`); không sửa bằng tay.",
        "*Tên* là tên cột trong mã nguồn, sổ cái và tệp xuất. *Ghi*: **x** phải ghi; *sẵn* ghi sẵn theo lần trước, sửa được;",
        "*khóa* ghi sẵn, không sửa; *tính* tự tính, không đọc; trống là không bắt buộc, hoặc chỉ bắt buộc ở nhóm có nhắc.",
    ]
    for each in reversed(FORMS):
        state = "biểu mẫu đang phát" if each is CURRENT else "vẫn được đọc"
        lines += ["", f"## {each.version}: {state}"]
        for sheet in each.sheets:
            lines += _table_of(sheet)
    return "\n".join(lines) + "\n"


def _table_of(sheet: Sheet) -> list[str]:
    head = [
        "",
        f"### {sheet.name}",
        "",
        sheet.title,
        "",
        "| Tiêu đề | Tên | Ghi | Ô phải là | Cách ghi |",
        "|---|---|---|---|---|",
    ]
    rows = [
        f"| {field.caption} | `{field.name}` | {_how_filled(field)} | {field.expected} | {field.hint} |"
        for field in sheet.fields
    ]
    return head + rows


def _how_filled(field: Field) -> str:
    if field.computed:
        return "tính"
    if field.locked:
        return "khóa"
    return "sẵn" if field.carried else "x" if field.required else ""


PAGES = {"rules.md": rules_page, "form.md": form_page}

if __name__ == "__main__":
    for file_name, page in PAGES.items():
        (PROGRAM / "docs" / file_name).write_text(page(), encoding="utf-8")
