"""Compiles the rules into formulas of the form's own sheet “TỰ KIỂM TRA”: the clerk sees a fault before sending.

What Excel cannot know, because it needs registers or earlier months, is listed and left to the province.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain import codes, form
from domain.calendar import Window
from domain.findings import Rule, Severity
from domain.form import NUMERIC, CellType, Field, Form, Sheet, column_letter
from domain.kn_02 import PAID

_FIELD = re.compile(r"\[(?:(\w+)\.)?(\w+)\]")
_OF_CODE = re.compile(r'\[(\w+)\](=|<>)"([^"]+)"')
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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in the workbook that checks itself."""

    form: Form
    window: Window
    range_of: Callable[[str, str], str]
    """The absolute range of a column, by table and field; of a key its one cell."""
    list_of: Callable[[tuple[str, ...]], str]
    """Where a list of choices stands."""


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
            condition = _condition(rule, sheet, layout) if rule.excel else ""
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


def _check(rule: Rule, sheet: Sheet, title: str, remedy: str, condition: str, field: str, layout: Layout) -> Check:
    """The line of a rule; of a rule about keys, `field` is the one it points at."""
    if not condition:
        return Check(rule.code, rule.severity, sheet.name, title, remedy)
    is_key = sheet.table in form.KEY_VALUE_TABLES
    rows = f"ROW({layout.range_of(sheet.table, field if is_key else sheet.fields[0].name)})"
    is_filled = "1" if is_key else f"({_filled(sheet, layout)}>0)"
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
            return f"{is_text}*(1-{_reads_as_number(cells, field)})"
        case "not_a_day" if field.type is CellType.DAY:
            return f"{is_text}*(1-{_reads_as_day(cells)})"
        case "too_small" if field.type in NUMERIC and field.minimum is not None:
            return f"ISNUMBER({cells})*({cells}<{field.minimum})"
        case "not_in_list" if field.choices:
            codes, names = (
                layout.list_of(tuple(getattr(choice, kind) for choice in field.choices)) for kind in ("code", "name")
            )
            return f'(TRIM({cells})<>"")*({_is_in(codes, cells)}+{_is_in(names, cells)}=0)'
        case field.when_blank if field.required and (not field.prefilled or field.carried):
            return f'(TRIM({cells})="")'
    return ""


def _filled(sheet: Sheet, layout: Layout) -> str:
    """How many cells of each row a clerk has filled in, beside what the form came with; it grows with inserted rows."""
    blocks: list[list[str]] = []
    previous = None
    for place, field in enumerate(sheet.fields):
        if field.prefilled or field.computed:
            continue
        if previous is not None and previous == place - 1:
            blocks[-1].append(field.name)
        else:
            blocks.append([field.name])
        previous = place
    counts = []
    for block in blocks:
        first, last = (layout.range_of(sheet.table, name) for name in (block[0], block[-1]))
        cells = f"{first.partition(':')[0]}:{last.partition(':')[2]}"
        counts.append(f'MMULT(--({cells}<>""),TRANSPOSE(COLUMN({cells})^0))')
    return f"({'+'.join(counts)})"


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


def _condition(rule: Rule, sheet: Sheet, layout: Layout) -> str:
    """The rule's own condition, where everything that it computes with is there."""
    condition = f"{_known(rule.excel, sheet, layout)}*({_spoken(rule.excel, sheet, layout)})"
    first = sheet.field(rule.cells[0])
    if first.required and first.type is CellType.TEXT and "LEN(" in rule.excel:
        # A blank is told of as such.
        condition += f'*(TRIM({layout.range_of(sheet.table, first.name)})<>"")'
    return condition


def _known(condition: str, sheet: Sheet, layout: Layout) -> str:
    """Whether every number and day that the condition computes with is there: where one is not, that is told of its cell."""
    named = dict.fromkeys(name for table, name in _FIELD.findall(_ASKED_FOR_BLANK.sub("", condition)) if not table)
    fields = {each.name: each for each in sheet.fields}
    terms = [
        _is_known(layout.range_of(sheet.table, name), fields.get(name))
        for name in named
        if name not in fields or fields[name].type in NUMERIC or fields[name].type is CellType.DAY
        if name in fields or name == "previous_cumulative_vnd"
    ]
    terms += [_is_whole(name, layout) for name in _COUNTED if f"{{{name}}}" in condition]
    return "*".join(terms) or "1"


def _is_known(cells: str, field: Field | None) -> str:
    if field is None or field.type is CellType.DAY or field.minimum is None:
        return f"ISNUMBER({cells})"
    nothing = f"+{_says_nothing(cells)}" if field.minimum == 0 else ""
    return f"(ISNUMBER({cells})*({cells}>={field.minimum}){nothing}>0)"


def _spoken(condition: str, sheet: Sheet, layout: Layout) -> str:
    """The condition with its columns' ranges, the period's days and what other sheets come to put in."""
    put_in = {"{first_day}": _day(layout.window.first_day), "{last_day}": _day(layout.window.last_day)}
    for name, text in put_in.items():
        condition = condition.replace(name, text)
    for name, spoken_of in (*_COUNTED.items(), *_OF_GROUPS.items()):
        if f"{{{name}}}" in condition:
            condition = condition.replace(f"{{{name}}}", f"({spoken_of(layout)})")
    fields = {each.name: each for each in sheet.fields}

    def of_code(found: re.Match[str]) -> str:
        """A code is met by its name as well."""
        name, sign, code = found.groups()
        field = fields.get(name)
        words = {code, *(choice.name for choice in field.choices if choice.code == code)} if field else {code}
        cells = layout.range_of(sheet.table, name) if field else '""'
        count = "+".join(f'(TRIM({cells})="{word}")' for word in sorted(words))
        return f"(0+{count}{'>0' if sign == '=' else '=0'})"

    def spoken(found: re.Match[str]) -> str:
        if not found[1] and found[2] not in fields and found[2] != "previous_cumulative_vnd":
            return '""'
        cells = layout.range_of(found[1] or sheet.table, found[2])
        is_number = not found[1] and found[2] in fields and fields[found[2]].type in NUMERIC
        is_blank_asked = condition[found.end() :].startswith(('=""', '<>""'))
        if is_blank_asked:
            return f"TRIM({cells})"
        return f"IF(ISNUMBER({cells}),{cells},0)" if is_number else cells

    condition = _OF_CODE.sub(of_code, condition)
    return _FIELD.sub(spoken, condition)


_MONEY = ("cash_vnd", "inkind_vnd", PAID)


def _rows(layout: Layout, *tables: str) -> str:
    """How many rows are filled in."""
    return "+".join(f"SUM(--({_filled(layout.form.sheet_by_table[table], layout)}>0))" for table in tables)


_COUNTED: Mapping[str, Callable[[Layout], str]] = {
    "counted_rows": lambda layout: _rows(layout, "activities", "households"),
    "counted_activities": lambda layout: _rows(layout, "activities"),
    "counted_households": lambda layout: f"SUM({layout.range_of('activities', 'hh_total')})",
    "counted_value_vnd": lambda layout: "+".join(f"SUM({layout.range_of('activities', name)})" for name in _MONEY),
}
"""What sheet 02 comes to."""


def _is_whole(name: str, layout: Layout) -> str:
    """Whether every part of a total of sheet 02 is there as a number; a part that is not is told of its cell."""
    activities = layout.form.sheet_by_table["activities"]
    filled = f"({_filled(activities, layout)}>0)"
    if name == "counted_households":
        cells, groups = (layout.range_of("activities", each) for each in ("hh_total", "activity_code"))
        needed = f"({_is_in_groups('for_households', groups, layout)}>0)"
        return f'(SUM((TRIM({cells})<>"")*(1-ISNUMBER({cells}))+{filled}*{needed}*(TRIM({cells})=""))=0)'
    if name == "counted_value_vnd":
        columns = [layout.range_of("activities", each) for each in _MONEY]
        texts = "+".join(f'(TRIM({cells})<>"")*(1-ISNUMBER({cells}))' for cells in columns)
        is_blank = "*".join(f'(TRIM({cells})="")' for cells in columns)
        return f"(SUM({texts}+{filled}*{is_blank})=0)"
    return "1"


def _is_in_groups(part: str, cells: str, layout: Layout) -> str:
    """Whether a row's group is one of those for households, or for persons."""
    groups = [each for each in codes.ACTIVITIES if getattr(each, part)]
    by_code, by_name = (
        _is_in(layout.list_of(tuple(getattr(each, kind) for each in groups)), cells) for kind in ("code", "name")
    )
    return f"({by_code}+{by_name})"


def _foreign_unit(layout: Layout) -> str:
    """Whether a row's unit of quantity is one of the form's, but none of its group's."""
    groups, units = (layout.range_of("activities", name) for name in ("activity_code", "quantity_unit"))
    pairs = [
        layout.list_of(
            tuple(f"{getattr(each, kind)}|{unit}" for each in codes.ACTIVITIES for unit in each.quantity_units)
        )
        for kind in ("code", "name")
    ]
    both = f'TRIM({groups})&"|"&TRIM({units})'
    lists = [layout.list_of(tuple(getattr(each, kind) for each in codes.ACTIVITIES)) for kind in ("code", "name")]
    is_group = "+".join(_is_in(each, groups) for each in lists)
    is_own = "+".join(_is_in(each, both) for each in pairs)
    return f"{_is_in(layout.list_of(codes.QUANTITY_UNITS), units)}*(({is_group})>0)*(({is_own})=0)"


_OF_GROUPS: Mapping[str, Callable[[Layout], str]] = {
    "for_households": lambda layout: _is_of_groups("for_households", layout),
    "for_persons": lambda layout: _is_of_groups("for_persons", layout),
    "foreign_unit": _foreign_unit,
}
"""What depends on the group of activities of a row."""


def _is_of_groups(part: str, layout: Layout) -> str:
    return f"{_is_in_groups(part, layout.range_of('activities', 'activity_code'), layout)}>0"


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
