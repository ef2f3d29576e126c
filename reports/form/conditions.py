"""Says in Excel's formulas what the rules ask of rows: whether a cell reads as a number, stands in a list, adds up."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from domain import codes
from domain.calendar import Window
from domain.findings import Rule
from domain.form import NUMERIC, CellType, Field, Form, Sheet
from domain.kn_02 import PAID

_FIELD = re.compile(r"\[(?:(\w+)\.)?(\w+)\]")
_OF_CODE = re.compile(r'\[(\w+)\](=|<>)"([^"]+)"')
_ASKED_FOR_BLANK = re.compile(r'\[\w+\](?:=|<>)""')


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands in the workbook that checks itself."""

    form: Form
    window: Window
    range_of: Callable[[str, str], str]
    """The absolute range of a column, by table and field; of a key its one cell."""
    list_of: Callable[[tuple[str, ...]], str]
    """Where a list of choices stands."""


def filled(sheet: Sheet, layout: Layout) -> str:
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


def village_without_a_row(households: Sheet, layout: Layout) -> str:
    """Whether a village stands there, but nothing beside it, though something happened in the unit."""
    village = layout.range_of(households.table, "village_id")
    has_news = f'({layout.range_of("statement", "nil_return")}="Không")'
    return f'(TRIM({village})<>"")*({filled(households, layout)}=0)*{has_news}'


def is_in(choices: str, cells: str) -> str:
    """How often a cell's text stands in a list; COUNTIF would take `*` and `<>` for more than letters."""
    return f"MMULT(--(TRIM({cells})=TRANSPOSE({choices})),ROW({choices})^0)"


def _without(cells: str, *marks: str) -> str:
    """The text of a cell without the marks."""
    for mark in marks:
        cells = f'SUBSTITUTE({cells},"{mark}","")'
    return cells


def reads_as_number(cells: str, field: Field) -> str:
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


def reads_as_day(cells: str) -> str:
    """Whether a text is written as day, month and year."""
    bare = _without(cells, "/", "-", ".")
    return f"(LEN({cells})-LEN({bare})=2)*ISNUMBER(VALUE({bare}))"


def rule_condition(rule: Rule, sheet: Sheet, layout: Layout) -> str:
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
    return "+".join(f"SUM(--({filled(layout.form.sheet_by_table[table], layout)}>0))" for table in tables)


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
    is_filled = f"({filled(activities, layout)}>0)"
    if name == "counted_households":
        cells, groups = (layout.range_of("activities", each) for each in ("hh_total", "activity_code"))
        needed = f"({_is_in_groups('for_households', groups, layout)}>0)"
        return f'(SUM((TRIM({cells})<>"")*(1-ISNUMBER({cells}))+{is_filled}*{needed}*(TRIM({cells})=""))=0)'
    if name == "counted_value_vnd":
        columns = [layout.range_of("activities", each) for each in _MONEY]
        texts = "+".join(f'(TRIM({cells})<>"")*(1-ISNUMBER({cells}))' for cells in columns)
        is_blank = "*".join(f'(TRIM({cells})="")' for cells in columns)
        return f"(SUM({texts}+{is_filled}*{is_blank})=0)"
    return "1"


def _is_in_groups(part: str, cells: str, layout: Layout) -> str:
    """Whether a row's group is one of those for households, or for persons."""
    groups = [each for each in codes.ACTIVITIES if getattr(each, part)]
    by_code, by_name = (
        is_in(layout.list_of(tuple(getattr(each, kind) for each in groups)), cells) for kind in ("code", "name")
    )
    return f"({by_code}+{by_name})"


def _rounding(layout: Layout) -> str:
    """By how much rounding to thousands or millions may part a total from its rows; by nothing where đồng are written."""
    unit = layout.range_of("statement", "money_unit")
    return f'IF((TRIM({unit})="đồng")+(TRIM({unit})="DONG")>0,0,0.5*(2*({_rows(layout, "activities")})+1))'


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
    is_group = "+".join(is_in(each, groups) for each in lists)
    is_own = "+".join(is_in(each, both) for each in pairs)
    return f"{is_in(layout.list_of(codes.QUANTITY_UNITS), units)}*(({is_group})>0)*(({is_own})=0)"


_OF_GROUPS: Mapping[str, Callable[[Layout], str]] = {
    "for_households": lambda layout: _is_of_groups("for_households", layout),
    "for_persons": lambda layout: _is_of_groups("for_persons", layout),
    "foreign_unit": _foreign_unit,
    "rounding": _rounding,
}
"""What depends on the group of activities of a row."""


def _is_of_groups(part: str, layout: Layout) -> str:
    return f"{_is_in_groups(part, layout.range_of('activities', 'activity_code'), layout)}>0"


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"
