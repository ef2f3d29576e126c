"""Compiles the rules into formulas of the form's own sheet “TỰ KIỂM TRA”: the clerk sees a fault before sending.

What Excel cannot know, because it needs registers or earlier months, is listed and left to the province.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain import form
from domain.calendar import Window
from domain.findings import Rule, Severity
from domain.form import NUMERIC, CellType, Sheet

_CHECKED = (form.ACTIVITIES, form.HOUSEHOLDS, form.POLITICS_SECURITY, form.CONTROL_TOTALS)
_FIELD = re.compile(r"\[(?:(\w+)\.)?(\w+)\]")
_FAR = 1_000_000
_MASK_FIELDS = 4


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


RangeOf = Callable[[str, str], str]
"""The absolute range of a column, by table and field."""


def checks(
    rules: Mapping[str, Sequence[Rule]], window: Window, range_of: RangeOf, list_of: Callable[[str, str], str]
) -> list[Check]:
    """Every rule of the sheets with rows, once per sheet: with formulas where Excel can say it."""
    found = []
    for rule in rules["cells"]:
        for sheet in _CHECKED:
            condition = _of_cells(_problem(rule), sheet, range_of, list_of)
            if condition:
                expected = {"expected": _EXPECTED.get(_problem(rule), "số")}
                title = rule.title.replace("“{caption}”", "Ô").format_map(expected)
                remedy = rule.remedy.format_map(expected)
                found.append(_check(rule, sheet, title, remedy, condition, range_of))
    for sheet in _CHECKED:
        for rule in rules[sheet.table]:
            condition = (
                f"({_mask(sheet, range_of)})*({_spoken(rule.excel, sheet, window, range_of)})" if rule.excel else ""
            )
            # What a remedy takes from the registers of the province, the form leaves out.
            remedy = re.sub(r"\{[^}]*\}", "", rule.remedy)
            found.append(_check(rule, sheet, rule.title, remedy, condition, range_of))
    return found


_EXPECTED = {
    "missing": "ngày hoặc mã trong danh sách",
    "missing_number": "số không âm",
    "too_small": "số không âm",
    "not_in_list": "một mã trong danh sách",
}
"""What cells with a problem must hold, whatever their column."""


def _check(rule: Rule, sheet: Sheet, title: str, remedy: str, condition: str, range_of: RangeOf) -> Check:
    if not condition:
        return Check(rule.code, rule.severity, sheet.name, title, remedy)
    rows = f"ROW({range_of(sheet.table, sheet.fields[1].name)})"
    return Check(
        rule.code,
        rule.severity,
        sheet.name,
        title,
        remedy,
        f"=SUMPRODUCT(--(({condition})>0))",
        f"{_FAR}-SUMPRODUCT(MAX((({condition})>0)*({_FAR}-{rows})))",
    )


def _problem(rule: Rule) -> str:
    """Which problem of a cell the rule is about; empty where it asks something else."""
    match rule.expectation.arguments:
        case {"column": "problem", "value_set": [str() as problem]}:
            return problem
    return ""


def _of_cells(problem: str, sheet: Sheet, range_of: RangeOf, list_of: Callable[[str, str], str]) -> str:
    """The rules about single cells, over all columns of a sheet that they concern; empty where they concern none."""
    mask = _mask(sheet, range_of)
    terms = []
    for field in sheet.fields:
        cells = range_of(sheet.table, field.name)
        if problem == field.when_blank and field.required and not field.prefilled:
            terms.append(f'({cells}="")')
        elif (problem == "not_a_number" and field.type in NUMERIC) or (
            problem == "not_a_day" and field.type is CellType.DAY
        ):
            terms.append(f'({cells}<>"")*(1-ISNUMBER({cells}))')
        elif problem == "too_small" and field.type in NUMERIC and field.minimum == 0:
            terms.append(f"ISNUMBER({cells})*({cells}<0)")
        elif problem == "not_in_list" and field.choices:
            terms.append(f'({cells}<>"")*(COUNTIF({list_of(sheet.table, field.name)},{cells})=0)')
    return f"({mask})*({'+'.join(terms)})" if terms else ""


def _mask(sheet: Sheet, range_of: RangeOf) -> str:
    """Rows in which anything has been filled in."""
    typed = [field for field in sheet.fields if field.required and not field.prefilled][:_MASK_FIELDS]
    # A sheet that asks for nothing in particular is filled in wherever something stands beside what it came with.
    typed = typed or [field for field in sheet.fields if not field.prefilled]
    return "+".join(f'({range_of(sheet.table, field.name)}<>"")' for field in typed)


def _spoken(condition: str, sheet: Sheet, window: Window, range_of: RangeOf) -> str:
    """The condition with its columns' ranges and the period's days put in."""
    days = {"{first_day}": _day(window.first_day), "{last_day}": _day(window.last_day)}
    for name, day in days.items():
        condition = condition.replace(name, day)
    return _FIELD.sub(lambda found: range_of(found[1] or sheet.table, found[2]), condition)


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
