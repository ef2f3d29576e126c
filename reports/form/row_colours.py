"""How a table of blank rows leads the clerk: lines around the rows that are begun and the next, colours for what they lack."""

from itertools import takewhile

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain import codes
from domain.form import Sheet
from domain.kn_02 import PAID
from reports.form.code_lists import CodeLists
from reports.form.formats import Formats

_COUNTS = {"for_households": ("hh_total", "hh_poor", "hh_nearpoor", "hh_dtts"), "for_persons": ("persons",)}
"""What is asked of the groups for households, and of those for persons."""
_UNDER_WAY = next(each.name for each in codes.STATUSES if each.code == codes.UNDER_WAY)


def colour_rows(worksheet: Worksheet, formats: Formats, lists: CodeLists, sheet: Sheet, first: int, last: int) -> None:
    """Colour the blank rows from `first` to `last`; what is asked of a row may depend on its group and its status."""
    names = [each.name for each in sheet.fields]
    # Beyond them stands what the workbook computes, which is never blank.
    typed = [names.index(each.name) for each in takewhile(lambda field: not field.computed, sheet.fields)]
    typed = typed[1:] if sheet.fields[0].prefilled else typed

    def cell(name: str) -> str:
        return str(xl_rowcol_to_cell(first, names.index(name), col_abs=True))

    def is_begun(row: int) -> str:
        left, right = (xl_rowcol_to_cell(row, at, col_abs=True) for at in (typed[0], typed[-1]))
        return f"COUNTA({left}:{right})>0"

    def colour(name: str, criteria: str, look: Format) -> None:
        column = names.index(name)
        worksheet.conditional_format(first, column, last, column, _options(criteria, look))

    is_next = f"OR({is_begun(first)},{is_begun(first - 1)})"
    if PAID in names:
        group, status = cell("activity_code"), cell("status")
        for part, counts in _COUNTS.items():
            groups = tuple(each.name for each in codes.ACTIVITIES if getattr(each, part))
            is_asked = f"ISNUMBER(MATCH({group},{lists.range_of(groups)},0))"
            for name in counts:
                colour(name, f'AND({is_asked},{cell(name)}="")', formats.awaited)
                colour(name, f'AND({group}<>"",NOT({is_asked}))', formats.not_asked)
        is_under_way = f'{status}="{_UNDER_WAY}"'
        colour(PAID, f'AND({is_under_way},{cell(PAID)}="")', formats.awaited)
        colour(PAID, f'AND({status}<>"",NOT({is_under_way}))', formats.not_asked)
        colour("cash_vnd", is_under_way, formats.not_asked)
        has_no_money = f'AND({group}<>"",{cell("cash_vnd")}="",{cell("inkind_vnd")}="",{cell(PAID)}="")'
        colour("cash_vnd", has_no_money, formats.awaited)
    for field in sheet.fields:
        if field.required and not field.prefilled:
            colour(field.name, f'AND({is_next},{cell(field.name)}="")', formats.awaited)
    worksheet.conditional_format(first, 0, last, len(names) - 1, _options(is_next, formats.lined))


def _options(criteria: str, look: Format) -> dict[str, object]:
    return {"type": "formula", "criteria": f"={criteria}", "format": look}
