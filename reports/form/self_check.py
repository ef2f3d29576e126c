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
from domain.form import NUMERIC, CellType, Field, Sheet, column_letter

_CHECKED = (form.ACTIVITIES, form.HOUSEHOLDS, form.POLITICS_SECURITY, form.CONTROL_TOTALS)
_FIELD = re.compile(r"\[(?:(\w+)\.)?(\w+)\]")
_ASKED_FOR_BLANK = re.compile(r'\[\w+\](?:=|<>)""')
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


RangeOf = Callable[[str, str], str]
"""The absolute range of a column, by table and field."""
ListOf = Callable[[str, str, str], str]
"""Where the list of what may stand in a field is, by table, field and whether as `code` or as `name`."""


def checks(rules: Mapping[str, Sequence[Rule]], window: Window, range_of: RangeOf, list_of: ListOf) -> list[Check]:
    """Every rule of the sheets with rows, once per sheet: with formulas where Excel can say it."""
    found = []
    for rule in rules["cells"]:
        for sheet in _CHECKED:
            for columns, condition in _of_cells(_problem(rule), sheet, range_of, list_of):
                expected = {"expected": _EXPECTED.get(_problem(rule), "số")}
                title = rule.title.replace("“{caption}”", "Ô").format_map(expected)
                remedy = rule.remedy.format_map(expected)
                found.append(_check(rule, sheet, f"{title} ({columns})", remedy, condition, range_of))
    for sheet in _CHECKED:
        for rule in rules[sheet.table]:
            condition = (
                f"{_known(rule.excel, sheet, range_of)}*({_spoken(rule.excel, sheet, window, range_of)})"
                if rule.excel
                else ""
            )
            # What a remedy takes from the registers of the province, the form leaves out.
            remedy = re.sub(r"\{[^}]*\}", "", rule.remedy)
            found.append(_check(rule, sheet, rule.title, remedy, condition, range_of))
    return found


_EXPECTED = {
    "missing": "ngày hoặc mã trong danh sách",
    "missing_number": "số không âm",
    "too_small": "số không âm, năm từ 2010",
    "not_in_list": "một mã trong danh sách",
}
"""What cells with a problem must hold, whatever their column."""


def _check(rule: Rule, sheet: Sheet, title: str, remedy: str, condition: str, range_of: RangeOf) -> Check:
    if not condition:
        return Check(rule.code, rule.severity, sheet.name, title, remedy)
    rows = f"ROW({range_of(sheet.table, sheet.fields[1].name)})"
    is_broken = f"(IFERROR(({_filled(sheet, range_of)}>0)*{condition},0)>0)"
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


def _of_cells(problem: str, sheet: Sheet, range_of: RangeOf, list_of: ListOf) -> list[tuple[str, str]]:
    """The conditions of a rule about single cells, with the columns each is about: a formula has its length."""
    of_columns = [
        (column_letter(place), condition)
        for place, field in enumerate(sheet.fields, start=1)
        if (condition := _of_cell(problem, sheet, field, range_of, list_of))
    ]
    parts = [of_columns[start : start + _COLUMNS_TOGETHER] for start in range(0, len(of_columns), _COLUMNS_TOGETHER)]
    return [
        (f"cột {', '.join(letter for letter, _ in part)}", f"({'+'.join(condition for _, condition in part)})")
        for part in parts
    ]


def _of_cell(problem: str, sheet: Sheet, field: Field, range_of: RangeOf, list_of: ListOf) -> str:
    """When the cells of a column have the problem; empty where it is none of theirs."""
    cells = range_of(sheet.table, field.name)
    is_text = f'(TRIM({cells})<>"")*(1-ISNUMBER({cells}))'
    match problem:
        case "not_a_number" if field.type in NUMERIC:
            return f"{is_text}*(1-{_reads_as_number(cells, field)})"
        case "not_a_day" if field.type is CellType.DAY:
            return f"{is_text}*(1-{_reads_as_day(cells)})"
        case "too_small" if field.type in NUMERIC and field.minimum is not None:
            return f"ISNUMBER({cells})*({cells}<{field.minimum})"
        case "not_in_list" if field.choices:
            codes, names = (list_of(sheet.table, field.name, kind) for kind in ("code", "name"))
            return f'(TRIM({cells})<>"")*({_is_in(codes, cells)}+{_is_in(names, cells)}=0)'
        case field.when_blank if field.required and not field.prefilled:
            return f'(TRIM({cells})="")'
    return ""


def _filled(sheet: Sheet, range_of: RangeOf) -> str:
    """How many cells of each row a clerk has filled in, right of what the form came with; it grows with inserted rows."""
    typed = [range_of(sheet.table, field.name) for field in sheet.fields if not field.prefilled]
    block = f"{typed[0].partition(':')[0]}:{typed[-1].partition(':')[2]}"
    return f'MMULT(--({block}<>""),TRANSPOSE(COLUMN({block})^0))'


def _is_in(choices: str, cells: str) -> str:
    """How often a cell's text stands in a list; COUNTIF would take `*` and `<>` for more than letters."""
    return f"MMULT(--(TRIM({cells})=TRANSPOSE({choices})),ROW({choices})^0)"


def _without(cells: str, *marks: str) -> str:
    """The text of a cell without the marks."""
    for mark in marks:
        cells = f'SUBSTITUTE({cells},"{mark}","")'
    return cells


def _reads_as_number(cells: str, field: Field) -> str:
    """Whether a text is a number to the province: marks of thousands and decimals, of đồng and percents are taken off it."""
    own = ("%",) if field.name.endswith("_pct") else ("đ",) if field.type is CellType.MONEY else ()
    bare = _without(cells, ".", ",", " ", *own)
    # What Excel would take for a day, an hour or a part of 1 is no number; what says that there is nothing is 0.
    odd = [f'ISERROR(FIND("{mark}",{cells}))' for mark in ("/", ":", "%") if mark not in own]
    is_number = "*".join([f"ISNUMBER(VALUE({bare}))", *odd, f'ISERROR(FIND("-",{cells},2))'])
    return f"(({is_number}+{_says_nothing(cells)})>0)"


def _says_nothing(cells: str) -> str:
    """Whether a cell says in a word, or by a dash, that there is nothing: the province counts it as 0 and asks."""
    return "+".join(f'(TRIM({cells})="{word}")' for word in ("Không", "-", "–", "—"))


def _reads_as_day(cells: str) -> str:
    """Whether a text is written as day, month and year."""
    bare = _without(cells, "/", "-", ".")
    return f"(LEN({cells})-LEN({bare})=2)*ISNUMBER(VALUE({bare}))"


def _known(condition: str, sheet: Sheet, range_of: RangeOf) -> str:
    """Whether every number and day that the condition computes with is there: where one is not, that is told of its cell."""
    named = dict.fromkeys(name for table, name in _FIELD.findall(_ASKED_FOR_BLANK.sub("", condition)) if not table)
    fields = {each.name: each for each in sheet.fields}
    terms = [
        _is_known(range_of(sheet.table, name), fields.get(name))
        for name in named
        if name not in fields or fields[name].type in NUMERIC or fields[name].type is CellType.DAY
    ]
    return "*".join(terms) or "1"


def _is_known(cells: str, field: Field | None) -> str:
    if field is None or field.type is CellType.DAY or field.minimum is None:
        return f"ISNUMBER({cells})"
    nothing = f"+{_says_nothing(cells)}" if field.minimum == 0 else ""
    return f"(ISNUMBER({cells})*({cells}>={field.minimum}){nothing}>0)"


def _spoken(condition: str, sheet: Sheet, window: Window, range_of: RangeOf) -> str:
    """The condition with its columns' ranges and the period's days put in."""
    days = {"{first_day}": _day(window.first_day), "{last_day}": _day(window.last_day)}
    for name, day in days.items():
        condition = condition.replace(name, day)
    fields = {each.name: each for each in sheet.fields}

    def spoken(found: re.Match[str]) -> str:
        cells = range_of(found[1] or sheet.table, found[2])
        is_number = not found[1] and found[2] in fields and fields[found[2]].type in NUMERIC
        is_blank_asked = condition[found.end() :].startswith(('=""', '<>""'))
        return f"IF(ISNUMBER({cells}),{cells},0)" if is_number and not is_blank_asked else cells

    return _FIELD.sub(spoken, condition)


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
