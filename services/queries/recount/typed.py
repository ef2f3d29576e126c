"""What a typed cell says, read a second time and by other means than the gates: numbers, money, days, codes."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain.alphabet import spelled_out
from domain.form import CellType, Field
from domain.forms import all_fields
from domain.text import clean, fold
from ingest.workbook.raw_workbook import RawCell

Value = int | str | None
"""Whole numbers and money (đồng) as they are, decimals in thousandths, days in ISO form, codes and text."""

_FIELDS: Mapping[tuple[str, str], Field] = {(sheet.table, field.name): field for sheet, field in all_fields()}
_CODES: Mapping[tuple[str, str, str], str] = {
    (sheet.table, field.name, fold(spelling)): choice.code
    for sheet, field in all_fields()
    for choice in field.choices
    for spelling in (choice.name, choice.code)
}
_NOTHING = {"kps", "không", "không phát sinh"}
_DASHES = frozenset("-‐‑‒–—―⁃﹘﹣ ")
_MONEY = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "tr": 10**6, "nghìn": 10**3, "ngàn": 10**3, "đồng": 1, "đ": 1,
          "vnđ": 1, "vnd": 1}  # fmt: skip
_DIGITS = r"(?P<digits>\d{1,3}(?:(?P<mark>[. ])\d{3}(?:(?P=mark)\d{3})*)(?:,\d+)?|\d+(?:,\d+)?)"
_NUMBER = re.compile(rf"(?P<minus>[-+]?){_DIGITS}(?P<percent> ?%)?")
_NEGATIVE = re.compile(rf"\({_DIGITS}\)")
_WITH_UNIT = re.compile(rf"{_DIGITS} ?(?P<unit>{'|'.join(sorted(_MONEY, key=len, reverse=True))})(?: đồng| đ| vnđ)?")
_ENGLISH_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_ONE_GROUP = re.compile(r"\d{1,3}\.\d{3}")
_DAY = re.compile(r"(?:ngày )?(\d{1,2})(?:[/.-]| tháng )(\d{1,2})(?:[/.-]| năm )(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00:00)?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_PLAIN = str.maketrans("０１２３４５６７８９％，．（）－−\u202f\u00a0", "0123456789%,.()--  ")


def is_prefilled(cell: RawCell) -> bool:
    """Whether the form comes with this cell filled in; a row of which nothing else is filled in is blank."""
    field = _FIELDS.get((cell.table, cell.field))
    return field is None or field.prefilled


def value_of(cell: RawCell, vnd_per_unit: int) -> Value:
    """What the cell says as its field's type; null where it is blank or says nothing of that type.

    Args:
        cell: as read from the file.
        vnd_per_unit: what one unit of money is worth where the cell does not name its own.
    """
    field = _FIELDS.get((cell.table, cell.field))
    if field is None or cell.kind in ("blank", "error", "legacy"):
        return None
    if cell.kind == "text" and cell.text is not None:
        cell = cell._replace(text=clean(cell.text))
    match field.type:
        case CellType.TEXT:
            text = spelled_out(cell.text) if cell.text else None
            return text.upper() if text and field.name == "village_id" else text
        case CellType.CODE:
            return _CODES.get((cell.table, cell.field, fold(cell.text or "")))
        case CellType.DAY:
            return _day(cell)
        case CellType.WHOLE | CellType.MONEY:
            scale = vnd_per_unit if field.type is CellType.MONEY and field.in_declared_money else 1
            number = _number(cell, field, scale)
            whole = None if number is None else number.quantize(Decimal(1), ROUND_HALF_UP)
            return int(whole) if whole is not None and abs(whole - (number or 0)) < Decimal("0.000001") else None
        case CellType.DECIMAL:
            number = _number(cell, field, 1)
            return None if number is None else int((number * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def written_value(table: str, name: str, text: str) -> Value:
    """A value as the table of corrections writes it: plain digits with a decimal point, days in ISO form."""
    if not text:
        return None
    match _FIELDS[table, name].type:
        case CellType.WHOLE | CellType.MONEY:
            return int(text)
        case CellType.DECIMAL:
            return int(Decimal(text) * 1000)
    return text


def vnd_of(money_unit: str | None) -> int:
    """What one unit of money is worth as sheet 00 declares it; a file that does not counts in đồng."""
    key = fold(money_unit or "")
    return {"nghin": 1_000, "nghìn đồng": 1_000, "trieu": 1_000_000, "triệu đồng": 1_000_000}.get(key, 1)


def _number(cell: RawCell, field: Field, scale: int) -> Decimal | None:
    is_percentage = field.name.endswith("_pct")
    if cell.kind == "number" and cell.number is not None:
        shown = Decimal(repr(cell.number)) * scale
        return shown * 100 if is_percentage and cell.is_percent else shown
    if cell.kind != "text" or cell.text is None:
        return None
    text = cell.text.lower().translate(_PLAIN).strip()
    if text in _NOTHING or (text and _DASHES.issuperset(text)):
        return Decimal(0)
    unsigned = text.strip("+-")
    is_doubtful_fraction = field.type is CellType.DECIMAL and _ONE_GROUP.fullmatch(unsigned)
    if is_doubtful_fraction or _ENGLISH_THOUSANDS.fullmatch(unsigned):
        return None
    if found := _NEGATIVE.fullmatch(text):
        return -_digits(found["digits"]) * scale
    if found := _NUMBER.fullmatch(text):
        is_sound = is_percentage or not found["percent"]
        number = _digits(found["digits"]) * (-1 if found["minus"] == "-" else 1)
        return number * scale if is_sound else None
    found = _WITH_UNIT.fullmatch(text)
    return _digits(found["digits"]) * _MONEY[found["unit"]] if found and field.type is CellType.MONEY else None


def _digits(text: str) -> Decimal:
    return Decimal(re.sub(r"[. ]", "", text).replace(",", "."))


def _day(cell: RawCell) -> str | None:
    if cell.day is not None:
        return cell.day.isoformat()
    if cell.kind == "number" and cell.number is not None:
        is_serial = cell.number.is_integer() and 36_526 <= cell.number <= 73_050
        return (_EXCEL_DAY_ZERO + timedelta(days=int(cell.number))).isoformat() if is_serial else None
    text = (cell.text or "").lower().translate(_PLAIN).strip()
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _DAY.fullmatch(text):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat()
    except ValueError:
        return None
