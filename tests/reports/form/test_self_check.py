"""The form and the province say the same of a workbook, as far as Excel can know it: the same rules at the same first rows.

What the form does not compute with, and the province does, is left out here: a number or a day that was typed as text.
"""

import io
import random
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from formulon import ValueKind, Workbook

from domain import form
from domain.form import KN_01, Field, Form
from domain.kn_02 import KN_02
from domain.period import Period
from domain.reference import Reference
from expectations.rules import RULES
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from reports.form.conditions import Layout
from reports.form.self_check import checks
from services.intake.judge import Circumstances, examine
from tests.builders import FEBRUARY, edited, form_filled_in
from tests.engines import values_by_formulon
from transforms.history import NO_HISTORY

pytestmark = pytest.mark.slow
ROWS = {"activities": range(8, 14), "households": range(8, 11), "politics_security": range(8, 11),
        "control_totals": range(8, 20)}  # fmt: skip
"""The rows of the filled-in form that are changed; those of activities are its only one, repeated."""
NUMBERS = [0, 1, 5, 20, -1, 3000, 1_000_000, 10_000_000, None, "hai mươi", "95%", "20/2/2024", "Không", "-", "10:30"]
WORDS = ["QUA_TET", "Quà Tết Nguyên đán", "Có", "Không", "NOEL", "XA", "hộ", None, 7, "dang_thuc_hien", "Hoàn thành",
         "Đang thực hiện", "Tuyên truyền, vận động, giáo dục pháp luật"]  # fmt: skip
DAYS = [date(2024, 2, 5), date(2024, 3, 1), date(2023, 12, 1), "5/2/2024", "05-02-2024", "hôm qua", None]
Said = dict[tuple[str, str], int]


def odd_values(which: Form, dice: random.Random) -> list[tuple[str, str, Any]]:
    """Some cells of some rows, each with what may stand there, right or wrong."""
    changes = []
    for sheet in (each for each in which.sheets if each.table in ROWS):
        for row in ROWS[sheet.table]:
            for _ in range(dice.choice([0, 0, 1, 2])):
                place = dice.randrange(len(sheet.fields))
                if is_typed(sheet.fields[place]):
                    cell = f"{form.column_letter(place + 1)}{row}"
                    changes.append((sheet.name, cell, dice.choice(pool(sheet.fields[place]))))
    if which is KN_02:
        statement = which.sheet_by_table["statement"]
        for row, field in enumerate(statement.fields, start=8):
            if is_typed(field) and not dice.randrange(3):
                changes.append((statement.name, f"B{row}", dice.choice(pool(field))))
    return changes


def is_typed(field: Field) -> bool:
    return not field.locked and not field.computed and (field.carried or not field.prefilled)


def pool(field: Field) -> list[Any]:
    return DAYS if field.type is form.CellType.DAY else NUMBERS if field.type in form.NUMERIC else WORDS


def with_activities(which: Form, content: bytes) -> bytes:
    """The form with its one activity repeated, so that there are rows to change."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[form.ACTIVITIES.name]
    fields = which.sheet_by_table["activities"].fields
    letters = [form.column_letter(place) for place, each in enumerate(fields, start=1) if is_typed(each)]
    copies = [(sheet.title, f"{each}{row}", sheet[f"{each}8"].value) for row in ROWS["activities"] for each in letters]
    return edited(content, *copies)


def by_the_form(content: bytes) -> Said:
    """The first row of each rule that the form finds broken, by rule and sheet."""
    values = values_by_formulon(content)
    found: Said = {}
    for line in range(form.FIRST_ROW - 1, form.FIRST_ROW + 39):
        code, sheet, row = (values.get(f"{form.SELF_CHECK_SHEET}!{letter}{line}") for letter in "GBC")
        if code:
            key = (str(code), str(sheet))
            found[key] = min(found.get(key, int(str(row).partition(".")[0])), int(str(row).partition(".")[0]))
    return found


def by_the_province(content: bytes, reference: Reference, folder: Path) -> Said:
    """The same by the rules themselves."""
    path = folder / "book.xlsx"
    path.write_bytes(content)
    given = Circumstances({"book": date(2024, 2, 16)}, reference, NO_HISTORY, Period.parse("2013-01"))
    [examined] = examine([pack(read_workbook(path, "book"))], given)
    found: Said = {}
    for each in examined.findings.found:
        found[each.rule, each.sheet] = min(found.get((each.rule, each.sheet), each.row), each.row)
    return found


def known_to_excel(which: Form, reference: Reference) -> set[tuple[str, str]]:
    """The rules, by sheet, all of whose kinds the form computes; what was reported before it cannot know."""
    window = reference.calendar.window(FEBRUARY)
    computed: dict[tuple[str, str], bool] = {}
    for check in checks(RULES, Layout(which, window, lambda table, name: "$A$1", lambda choices: "$A$1")):
        key = (check.code, check.sheet)
        computed[key] = computed.get(key, True) and bool(check.count)
    return {key for key, is_whole in computed.items() if is_whole and key[0] != "W-CUM"}


def test_rows_that_a_clerk_inserts_are_checked_too(reference: Reference, tmp_path: Path) -> None:
    book = Workbook.load(with_activities(KN_01, form_filled_in(reference)))
    sheet = next(number for number in range(book.sheet_count()) if book.sheet_name(number) == form.ACTIVITIES.name)
    book.insert_rows(sheet, 9, 1)
    for column in range(1, len(form.ACTIVITIES.fields)):
        value = book.get_value(sheet, 8, column)
        if value.kind is ValueKind.NUMBER:
            book.set_number(sheet, 9, column, value.number)
        elif value.kind is ValueKind.TEXT:
            book.set_text(sheet, 9, column, value.text)
    last = ROWS["activities"].stop
    book.set_number(sheet, last - 1, 19, 1.0)
    assert by_the_form(book.save())[("E-SUM", form.ACTIVITIES.name)] == last


@pytest.mark.parametrize(
    ("which", "seed"), [*((KN_01, seed) for seed in range(6)), *((KN_02, seed) for seed in range(20))]
)
def test_the_form_says_what_the_province_says(which: Form, seed: int, reference: Reference, tmp_path: Path) -> None:
    changes = odd_values(which, random.Random(seed))
    content = edited(with_activities(which, form_filled_in(reference, which)), *changes)
    fair = known_to_excel(which, reference)
    form_said = {key: row for key, row in by_the_form(content).items() if key in fair}
    province_said = {key: row for key, row in by_the_province(content, reference, tmp_path).items() if key in fair}
    assert form_said == province_said, [change for change in changes if change[0] in {key[1] for key in form_said}]
