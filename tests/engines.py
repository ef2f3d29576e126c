"""Other programs that open what we write: the grammar of formulas, their values, the package, and the limits of Excel."""

import io
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import formualizer
import openpyxl
from openpyxl.worksheet.formula import ArrayFormula
from openxml_audit import OpenXmlValidator

from services.settings import Settings

_LONGEST_FORMULA, _LONGEST_LIST, _LONGEST_RULE, _DEEPEST = 8_192, 255, 255, 64
"""Of a formula in a cell, of a list typed into a rule, of a rule of validation or colour, of calls within calls."""
_NAME = re.compile(r"[A-Za-z_\\][\w.\\]{0,254}")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")

_FACES = """<?xml version="1.0"?>
<fontconfig><dir>{fonts}</dir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>"""

Places = dict[str, str | float | bool]


def formulas_of(content: bytes) -> Iterator[tuple[str, str, int]]:
    """Every formula of a workbook with its place, without the sign, and how long it may be."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, defined in book.defined_names.items():
        yield f"tên {name}", str(defined.value), _LONGEST_FORMULA
    for sheet in book.worksheets:
        for cell in (each for row in sheet.iter_rows() for each in row if each.data_type == "f"):
            written = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
            yield f"{sheet.title}!{cell.coordinate}", str(written).removeprefix("="), _LONGEST_FORMULA
        for rule in sheet.data_validations.dataValidation:
            for formula in (rule.formula1, rule.formula2):
                is_list = rule.type == "list" and str(formula).startswith('"')
                if formula is not None and not is_list:
                    yield f"{sheet.title}!{rule.sqref}", str(formula), _LONGEST_RULE
                elif formula is not None and len(str(formula)) > _LONGEST_LIST:
                    raise AssertionError(f"{sheet.title}!{rule.sqref}: the list is too long")
        for format_ in sheet.conditional_formatting:
            for each in format_.rules:
                for formula in each.formula:
                    yield f"{sheet.title}!{format_.sqref}", str(formula), _LONGEST_RULE


def faults_of(content: bytes, folder: Path) -> list[str]:
    """Why Excel would offer to repair the workbook, as far as somebody else can tell."""
    path = folder / "judged.xlsx"
    path.write_bytes(content)
    audit = OpenXmlValidator().validate(path)
    # Texts inside their cells are an advice of its own: Excel moves them when it saves, and says nothing.
    found = [str(each) for each in audit.errors if "inline-string" not in str(each)]
    for place, formula, longest in formulas_of(content):
        if len(formula) > longest:
            found.append(f"{place}: {len(formula)} letters in a formula")
        if _depth(formula) > _DEEPEST:
            found.append(f"{place}: {_depth(formula)} calls within each other")
        try:
            formualizer.parse(f"={formula}")
        except Exception as error:
            found.append(f"{place}: {formula[:80]}: {error}")
        if place.startswith("tên "):
            name = place.removeprefix("tên ")
            if not name.startswith("_xlnm.") and (not _NAME.fullmatch(name) or _LIKE_A_CELL.fullmatch(name)):
                found.append(f"{place}: no name that Excel takes")
    return found


def _depth(formula: str) -> int:
    deepest = depth = 0
    for letter in re.sub(r'"[^"]*"', "", formula):
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest


def values_by_formulon(content: bytes) -> Places:
    """What every formula of the workbook comes to, by its cell, as formulon has it; an error by its sign."""
    # Imported by those who ask it alone: it takes longer than most tests.
    from formulon import ValueKind, Workbook

    book = Workbook.load(content)
    book.recalc()
    found: Places = {}
    for number in range(book.sheet_count()):
        for cell in book.iter_cells(number):
            if cell.formula is None:
                continue
            value = cell.value
            place = f"{book.sheet_name(number)}!{openpyxl.utils.get_column_letter(cell.col + 1)}{cell.row + 1}"
            match value.kind:
                case ValueKind.NUMBER:
                    found[place] = value.number
                case ValueKind.BOOL:
                    found[place] = value.boolean
                case ValueKind.ERROR:
                    found[place] = f"#{value.error_code}"
                case _:
                    found[place] = value.text or ""
    return found


def saved_by_libreoffice(files: dict[str, bytes], folder: Path, suffix: str = "xlsx") -> dict[str, bytes]:
    """The files, opened in LibreOffice and saved as another format, by their names without ending."""
    before, after = folder / "before", folder / "after"
    for each in (before, after):
        each.mkdir(exist_ok=True)
    for name, content in files.items():
        (before / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", suffix, "--outdir", str(after)]
    # Whatever faces the machine has, columns are measured in the one that stands for Times New Roman.
    faces = folder / "fonts.conf"
    faces.write_text(_FACES.format(fonts=Settings(_env_file=None).fonts), encoding="utf-8")
    environment = os.environ | {"FONTCONFIG_FILE": str(faces)}
    subprocess.run(
        [*command, *map(str, sorted(before.iterdir()))], env=environment, capture_output=True, check=True, timeout=300
    )
    return {path.stem: path.read_bytes() for path in after.iterdir()}


def values_by_libreoffice(formulas: bytes, saved: bytes) -> Places:
    """What the formulas of a workbook come to, by their cells, in the copy that LibreOffice saved."""
    book = openpyxl.load_workbook(io.BytesIO(saved), data_only=True)
    found: Places = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(formulas)).worksheets:
        for cell in (each for row in sheet.iter_rows() for each in row if each.data_type == "f"):
            value = book[sheet.title][cell.coordinate].value
            found[f"{sheet.title}!{cell.coordinate}"] = "" if value is None else value
    return found
