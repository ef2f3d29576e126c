"""Compiles the rules into formulas of the form's own sheet “TỰ KIỂM TRA”: the clerk sees a fault before sending.

What Excel cannot know, because it needs registers or earlier months, is listed and left to the province.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain import form
from domain.findings import Rule, Severity
from domain.form import NUMERIC, CellType, Field, Sheet, column_letter
from reports.form.conditions import (
    Layout,
    filled,
    is_in,
    reads_as_day,
    reads_as_number,
    rule_condition,
    village_without_a_row,
)

_FAR = 1_000_000
_COLUMNS_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the sheet: a rule, and the formulas that count its broken rows and find the first."""

    code: str
    severity: Severity
    sheet: str
    title: str
    remedy: str
    count: str = ""
    first_row: str = ""


def checks(rules: Mapping[str, Sequence[Rule]], layout: Layout) -> list[Check]:
    """Every rule of the sheets that a clerk fills in, once per sheet: with formulas where Excel can say it."""
    found = []
    sheets = [sheet for sheet in layout.form.sheets if sheet.table in _CHECKED]
    for rule in rules["cells"]:
        for sheet in sheets:
            for fields, condition in _of_cells(_problem(rule), sheet, layout):
                expected = {"expected": _EXPECTED.get(_problem(rule), "số")}
                title = rule.title.replace("“{caption}”", "Ô").format_map(expected)
                remedy = rule.remedy.format_map(expected)
                found.append(
                    _check(rule, sheet, f"{title} ({_called(sheet, fields)})", remedy, condition, fields[0], layout)
                )
    households = next(sheet for sheet in sheets if sheet.table == "households")
    for rule in rules["roster"]:
        condition = village_without_a_row(households, layout) if layout.form.in_words else ""
        found.append(
            _check(rule, households, rule.title, rule.remedy, condition, "village_id", layout, in_filled_rows=False)
        )
    for sheet in sheets:
        asked = {field.name for field in sheet.fields}
        for rule in rules[sheet.table]:
            # What is not asked cannot be wrong; and where a column must be filled in, a blank is told of as such.
            is_said = rule.code in _SAYS_A_BLANK and sheet.field(rule.cells[0]).required
            is_computed = rule.code in _ADDS_UP and any(each.computed for each in sheet.fields)
            is_of_others = rule.code in _OF_SHORT_FORMS and not layout.form.in_words
            if is_said or is_computed or is_of_others or not asked.issuperset(rule.cells):
                continue
            # What a remedy takes from the registers of the province, the form leaves out.
            remedy = re.sub(r"\{[^}]*\}", "", rule.remedy)
            condition = rule_condition(rule, sheet, layout) if rule.excel else ""
            found.append(_check(rule, sheet, rule.title, remedy, condition, rule.cells[0], layout))
    return found


_CHECKED = ("statement", "activities", "households", "politics_security", "control_totals")
_SAYS_A_BLANK = ("E-VILLAGE-MISSING",)
_ADDS_UP = ("E-SUM", "E-BAL")
"""What the workbook computes adds up by itself."""
_OF_SHORT_FORMS = ("E-PAID", "E-MONEY-MISSING", "E-CLOSE")
"""Rules about what only KN-02 asks, or computes."""
_EXPECTED = {
    "missing": "ngày hoặc mã trong danh sách",
    "missing_number": "số không âm",
    "too_small": "số không âm, năm từ 2010",
    "not_in_list": "một mục trong danh sách",
}
"""What cells with a problem must hold, whatever their column."""


def _called(sheet: Sheet, fields: Sequence[str]) -> str:
    """The columns as the clerk sees them."""
    names = [each.name for each in sheet.fields]
    if sheet.table in form.KEY_VALUE_TABLES:
        return sheet.field(fields[0]).caption
    return "cột " + ", ".join(column_letter(names.index(name) + 1) for name in fields)


def _check(
    rule: Rule,
    sheet: Sheet,
    title: str,
    remedy: str,
    condition: str,
    field: str,
    layout: Layout,
    *,
    in_filled_rows: bool = True,
) -> Check:
    """The line of a rule; of a rule about keys, `field` is the one it points at.

    Rows in which nothing is filled in are asked where a rule is about them.
    """
    if not condition:
        return Check(rule.code, rule.severity, sheet.name, title, remedy)
    is_key = sheet.table in form.KEY_VALUE_TABLES
    rows = f"ROW({layout.range_of(sheet.table, field if is_key else sheet.fields[0].name)})"
    is_filled = f"({filled(sheet, layout)}>0)" if in_filled_rows and not is_key else "1"
    is_broken = f"(IFERROR({is_filled}*{condition},0)>0)"
    return Check(
        rule.code,
        rule.severity,
        sheet.name,
        title,
        remedy,
        # What cannot be computed, because a text stands where a number is due, is told of that cell alone.
        f"SUM(--{is_broken})",
        f"{_FAR}-MAX({is_broken}*({_FAR}-{rows}))",
    )


def _problem(rule: Rule) -> str:
    """Which problem of a cell the rule is about; empty where it asks something else."""
    match rule.expectation.arguments:
        case {"column": "problem", "value_set": [str() as problem]}:
            return problem
    return ""


def _of_cells(problem: str, sheet: Sheet, layout: Layout) -> list[tuple[list[str], str]]:
    """The conditions of a rule about single cells, with the fields each is about: a formula has its length."""
    of_fields = [
        (field.name, condition) for field in sheet.fields if (condition := _of_cell(problem, sheet, field, layout))
    ]
    together = 1 if sheet.table in form.KEY_VALUE_TABLES else _COLUMNS_TOGETHER
    parts = [of_fields[start : start + together] for start in range(0, len(of_fields), together)]
    return [([name for name, _ in part], f"({'+'.join(condition for _, condition in part)})") for part in parts]


def _of_cell(problem: str, sheet: Sheet, field: Field, layout: Layout) -> str:
    """When the cells of a column have the problem; empty where it is none of theirs."""
    if field.computed or (field.locked and field.prefilled and sheet.table in form.KEY_VALUE_TABLES):
        return ""
    cells = layout.range_of(sheet.table, field.name)
    is_text = f'(TRIM({cells})<>"")*(1-ISNUMBER({cells}))'
    match problem:
        case "not_a_number" if field.type in NUMERIC:
            return f"{is_text}*(1-{reads_as_number(cells, field)})"
        case "not_a_day" if field.type is CellType.DAY:
            return f"{is_text}*(1-{reads_as_day(cells)})"
        case "too_small" if field.type in NUMERIC and field.minimum is not None:
            return f"ISNUMBER({cells})*({cells}<{field.minimum})"
        case "not_in_list" if field.choices:
            codes, names = (
                layout.list_of(tuple(getattr(choice, kind) for choice in field.choices)) for kind in ("code", "name")
            )
            return f'(TRIM({cells})<>"")*({is_in(codes, cells)}+{is_in(names, cells)}=0)'
        case field.when_blank if field.required and (not field.prefilled or field.carried):
            return f'(TRIM({cells})="")'
    return ""
