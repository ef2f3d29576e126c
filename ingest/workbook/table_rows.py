"""What each row below a table's captions is: data, a total, a heading again, a signature; or something nobody reads."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from domain import form
from domain.form import NUMERIC, CellType, Field, Sheet
from domain.forms import columns_of
from domain.kn_02 import IS_WHOLE_COMMUNE, PAID
from domain.text import fold, heading
from ingest.workbook.table_layout import Cell, Layout, RawSheet


def _any_of(*phrases: str) -> str:
    """A pattern of the phrases as `fold` spells them."""
    return "|".join(re.escape(fold(phrase)) for phrase in phrases)


_CUMULATIVE = re.compile(rf"({_any_of('luỹ kế', 'lũy kế')})\b.*")
_TOTAL = re.compile(
    rf"({_any_of('tổng', 'total', 'subtotal', 'sub-total', 'tc', 't.c', 't/c', 'luỹ kế', 'lũy kế')})(\W.*)?"
    rf"|({_any_of('tông cộng', 'tổng công', 'tong cong', 'tong so', 'tong', 'sum', 'thành tiền')})(\W.*)?|[∑Σσς]"
    rf"|{_any_of('toàn')} ({_any_of('xã', 'phường', 'thị trấn', 'huyện', 'thị xã', 'thành phố', 'đơn vị', 'tỉnh')})\b.*"
    r"|cộng(\W*|\W+([ivxabcd\d]{1,4}(\W+[ivxabcd\d]{1,4})*\W*|"
    rf"({_any_of('trang', 'toàn', 'các', 'chung', 'dồn', 'cột', 'mục', 'nhóm', 'số', 'kỳ', 'tháng', 'quý', 'lại')})\b.*))"
)
"""A village may be called Cộng Hòa; none is called Tổng cộng."""
_NUMBER = re.compile(r"-?[\d.,\s]*\d(\s*(đ|đồng|vnđ|vnd|triệu|tr|nghìn|tỷ)\.?)*", re.IGNORECASE)
_LONGEST_NUMBER = 40
_LEAST_FITTING = 3
"""So many cells of a row above the captions must hold what is due below them."""
_PLAIN_NUMBER = re.compile(r"(\d+|\d{1,3}(\.\d{3})+)(\s*(đ|đồng|vnđ|vnd))?", re.IGNORECASE)
_DAY = re.compile(r"\d{1,4}[/.-]\d{1,2}([/.-]\d{1,4})?")
_CODE_OF_VILLAGE = re.compile(r"\d{4,6}-\d+(\s.*)?")
_NOTE = re.compile(rf"({_any_of('ghi chú', 'lưu ý', 'chú thích', 'nguồn')})\s*:.*|\(?\*+\)?.*")
_OFFICES = _any_of("chủ tịch", "bí thư", "giám đốc", "trưởng phòng", "chánh văn phòng", "hiệu trưởng")
_SIGNATURE = re.compile(
    rf"\W*(({_any_of('người lập', 'cán bộ lập')})(\s+({_any_of('biểu', 'bảng', 'báo cáo')}))?"
    rf"|({_any_of('người duyệt', 'người tổng hợp', 'cán bộ tổng hợp', 'kế toán', 'kế toán trưởng')})"
    rf"|({_any_of('thủ trưởng', 'lãnh đạo')})(\s+({_any_of('cơ quan', 'đơn vị', 'cơ quan, đơn vị')}))?"
    rf"|(tm|kt|tl|q)\. [^\d]{{1,120}}|({_any_of('phó')}\s+)?({_OFFICES})(\s+ubnd[^\d]{{0,30}})?"
    rf"|({_any_of('ký', 'đã ký')})\b[^\d]{{0,60}}"
    rf"|[^\d]{{0,40}}\b{_any_of('ngày')}[\s.…\d]*{_any_of('tháng')}[\s.…\d]*{_any_of('năm')}[\s.…\d]*)\W*"
)
"""What stands in a place for signatures, and nothing else beside it."""
_LONGEST_ORDINAL = 6
"""`12.0`, `IV.2`: what stands in the column STT; anything longer is a remark."""
_NOT_SUMMED = frozenset({"stt", "unit_value", "bhyt_pct", "ntm_year"})
"""Numbers whose sum means nothing."""
SUMMED = {
    sheet.table: frozenset(
        each.name for each in columns_of(sheet.table) if each.type in NUMERIC and each.name not in _NOT_SUMMED
    )
    for sheet in form.LEDGERS
}
"""For each table the fields that its row of totals adds up."""


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows below the captions by what they are; blank rows and the form's own furniture are in none of them."""

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    """Told by a word: to be compared with the rows they add up."""
    cumulative: list[int] = field(default_factory=list)
    """Totals of more than these rows: since the year began."""
    sums: list[int] = field(default_factory=list)
    """Without a word, but every number is the sum of the rows above."""
    headings: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    """Above the captions, though they look like data."""


def rows_below(
    definition: Sheet, sheet: RawSheet, layout: Layout, places: Mapping[str, int], shown: Set[int] = frozenset()
) -> TableRows:
    """What every row below the captions is; in the columns `shown` the workbook writes by itself."""
    return _Table(definition, sheet, layout, places, shown).rows_below(layout.row)


class _Table:
    def __init__(
        self, definition: Sheet, sheet: RawSheet, layout: Layout, places: Mapping[str, int], shown: Set[int]
    ) -> None:
        self._sheet, self._shown, self._is_roster = sheet, shown, definition.table in form.ROSTERS
        self._fields = {places[each.name]: each for each in definition.fields if each.name in places}
        self._typed = {column for column, each in self._fields.items() if not each.prefilled}
        self._identity = {column for column, each in self._fields.items() if each.name != "stt"}
        self._captions = {heading(each.caption) for each in definition.fields}
        self._captions |= {heading(caption) for caption, _ in layout.captions.values()}
        self._summed = [column for column, each in self._fields.items() if each.name in SUMMED[definition.table]]
        takes_whole_commune = any(each.name == PAID for each in definition.fields)
        self._village = places.get("village_id") if takes_whole_commune else None
        self._choices = {column: _words(each) for column, each in self._fields.items() if each.choices}

    def rows_below(self, header: int) -> TableRows:
        rows = TableRows(above=self._data_above(header))
        marked = {row for row, _ in (*self._sheet.troubled, *self._sheet.pictures)}
        filled = {
            number: self._filled(number)
            for number in range(header + 1, len(self._sheet.rows) + 1)
            if number in marked or (row := self._sheet.rows[number - 1]).count(None) != len(row)
        }
        totals = {number for number, columns in filled.items() if self._is_total(number, columns)}
        firm = {number for number, columns in filled.items() if number not in totals and self._fits(number, columns)}
        last = max(firm, default=0)
        sums = _Sums(self._summed)
        after_heading, is_signed = True, False
        for number, columns in filled.items():
            row = self._sheet.rows[number - 1]
            was_heading, after_heading = after_heading, False
            if was_heading and is_column_numbers(row):
                continue
            if self._is_heading(row):
                rows.headings.append(number)
                after_heading = True
            elif number in totals:
                (rows.cumulative if self._is_cumulative(row) else rows.totals).append(number)
                sums.begin_again()
            elif not columns & self._identity and any(_number(self._sheet.at(number, each)) for each in self._shown):
                rows.unread.append(number)
            elif self._is_given(number, columns):
                continue
            elif self._is_sum(number, columns, sums):
                rows.sums.append(number)
                sums.begin_again()
            elif is_signed and number not in firm and self._is_furniture(row, is_signed=True):
                continue
            elif self._is_data(number, columns, is_firm=number in firm, is_inside=number < last):
                rows.data.append(number)
                sums.add(row)
                is_signed = False
            elif self._is_furniture(row, is_signed=is_signed):
                is_signed = True
            else:
                rows.unread.append(number)
        return rows

    def _data_above(self, header: int) -> list[int]:
        """Rows that stand above the captions and are filled as data is: the captions at their head are gone."""
        return [
            number
            for number in range(1, header)
            if not is_column_numbers(self._sheet.rows[number - 1])
            and sum(
                self._sheet.is_filled(number, column) and self._fits_column(number, column) for column in self._typed
            )
            >= _LEAST_FITTING
        ]

    def _filled(self, number: int) -> set[int]:
        row = self._sheet.rows[number - 1]
        marked = {column for column in self._fields if (number, column) in self._sheet.troubled}
        pictured = {column for column in self._fields if (number, column) in self._sheet.pictures}
        return {column for column, cell in enumerate(row, start=1) if cell is not None} | marked | pictured

    def _fits(self, number: int, columns: set[int]) -> bool:
        """Whether the row holds a number, a day, a code or an error where one is due."""
        return any(self._fits_column(number, column) for column in columns & self._typed)

    def _fits_column(self, number: int, column: int) -> bool:
        cell, kind = self._sheet.at(number, column), self._fields[column].type
        if cell is None:
            return True
        if kind in NUMERIC:
            return isinstance(cell, float) or _is_number_text(cell)
        if kind is CellType.DAY:
            return isinstance(cell, (date, float)) or (isinstance(cell, str) and _DAY.fullmatch(cell) is not None)
        if kind is CellType.CODE:
            return isinstance(cell, str) and fold(cell) in self._choices[column]
        is_village = isinstance(cell, str) and _CODE_OF_VILLAGE.fullmatch(cell) is not None
        return is_village or (column == self._village and _names_whole_commune(cell))

    def _is_heading(self, row: Sequence[Cell]) -> bool:
        texts = [cell for cell in row if isinstance(cell, str)]
        return len(texts) > 2 and sum(heading(text) in self._captions for text in texts) * 2 > len(texts)

    def _is_total(self, number: int, columns: set[int]) -> bool:
        """Whether the row says a word for totals, left of its numbers, and nothing else."""
        row = self._sheet.rows[number - 1]
        word = next((column for column, cell in enumerate(row, start=1) if isinstance(cell, str)), None)
        if word is not None and word == self._village and _names_whole_commune(row[word - 1]):
            return False
        if word is None or not _TOTAL.fullmatch(fold(str(row[word - 1]))):
            return False
        beside = (columns & self._fields.keys()) - {word}
        return all(column > word and self._is_number(number, column) for column in beside)

    def _is_cumulative(self, row: Sequence[Cell]) -> bool:
        return any(isinstance(cell, str) and _CUMULATIVE.fullmatch(fold(cell)) for cell in row)

    def _is_sum(self, number: int, columns: set[int], sums: "_Sums") -> bool:
        """Whether the row says nothing but the sums of the rows above, with one word at most."""
        inside = columns & self._fields.keys()
        words = {column for column in inside if not self._is_number(number, column)}
        if len(words) > 1 or any(self._fits_column(number, column) for column in words):
            return False
        return sums.are_in({column: _number(self._sheet.at(number, column)) for column in inside & set(self._summed)})

    def _is_number(self, number: int, column: int) -> bool:
        cell = self._sheet.at(number, column)
        if cell is None or isinstance(cell, float):
            return self._fields[column].type is not CellType.DAY or cell is None
        return self._fields[column].type in NUMERIC and _is_number_text(cell)

    def _is_given(self, number: int, columns: set[int]) -> bool:
        """Whether the row holds only what the form came with, or cells beyond its columns, which are named by these."""
        inside = columns & self._fields.keys()
        if inside & (self._identity if self._is_roster else self._typed):
            return False
        if any(self._fits_column(number, column) for column in inside & self._identity):
            return True
        return all(len(str(self._sheet.at(number, column))) <= _LONGEST_ORDINAL for column in inside)

    def _is_data(self, number: int, columns: set[int], *, is_firm: bool, is_inside: bool) -> bool:
        if is_firm:
            return True
        row = self._sheet.rows[number - 1]
        texts = [fold(cell) for cell in row if isinstance(cell, str)]
        if all(_SIGNATURE.fullmatch(text) or _NOTE.fullmatch(text) for text in texts):
            return False
        if self._is_roster:
            keys = columns & (self._identity - self._typed)
            return len(keys) > 1 or any(self._is_key(number, column) for column in keys)
        typed = columns & self._typed
        if typed and any(self._fits_column(number, column) for column in columns & (self._identity - self._typed)):
            return True
        is_told = any(self._fields[column].type is CellType.TEXT for column in typed)
        return bool(typed) and (is_inside or (is_told and len(typed) > 1))

    def _is_key(self, number: int, column: int) -> bool:
        """Whether a cell of the form's own columns holds what the form puts there, and no remark."""
        cell = self._sheet.at(number, column)
        if column in self._choices:
            return isinstance(cell, str) and fold(cell) in self._choices[column]
        return not isinstance(cell, str) or " " not in cell

    def _is_furniture(self, row: Sequence[Cell], *, is_signed: bool) -> bool:
        """Whether nothing stands in the row but places for signatures, and the names below them."""
        cells = [cell for cell in row if cell is not None]
        return all(
            isinstance(cell, str) and (_SIGNATURE.fullmatch(fold(cell)) is not None or (is_signed and _is_name(cell)))
            for cell in cells
        )


class _Sums:
    """What the columns add up to so far: over the whole table, and since the last total."""

    def __init__(self, columns: Sequence[int]) -> None:
        self._all = dict.fromkeys(columns, 0.0)
        self._since = dict.fromkeys(columns, 0.0)
        self._rows = 0

    def add(self, row: Sequence[Cell]) -> None:
        """Count a row of data."""
        self._rows += 1
        for column in self._all:
            number = _number(row[column - 1]) if column <= len(row) else None
            if number:
                self._all[column] += number
                self._since[column] += number

    def begin_again(self) -> None:
        """After a total the next one counts from here, or again from the top."""
        self._since = dict.fromkeys(self._since, 0.0)

    def are_in(self, numbers: Mapping[int, float | None]) -> bool:
        """Whether the numbers are the sums; one alone may be so by chance, unless it adds several rows up."""
        said = {column: number for column, number in numbers.items() if number}
        if not said or (len(said) == 1 and self._rows < 2):
            return False
        return any(
            all(abs(sums[column] - number) <= 1e-6 + 1e-12 * abs(number) for column, number in said.items())
            for sums in (self._all, self._since)
        )


def _names_whole_commune(cell: Cell) -> bool:
    """Whether a cell stands for all villages of the commune, as the form's own list has it."""
    return isinstance(cell, str) and re.search(IS_WHOLE_COMMUNE, fold(cell)) is not None


@cache
def _words(field: Field) -> frozenset[str]:
    """What may stand in a field that asks for a choice: its codes, and their names."""
    return frozenset(fold(word) for choice in field.choices for word in (choice.code, choice.name))


def _is_number_text(cell: Cell) -> bool:
    return isinstance(cell, str) and len(cell) <= _LONGEST_NUMBER and _NUMBER.fullmatch(cell) is not None


def _is_name(text: str) -> bool:
    """Whether the text can be the name of a person who signs: two to six words, each with a capital."""
    words = text.split()
    return 2 <= len(words) <= 6 and all(word[0].isupper() and not any(map(str.isdigit, word)) for word in words)


def _number(cell: Cell) -> float | None:
    if isinstance(cell, float) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and (found := _PLAIN_NUMBER.fullmatch(cell)):
        return float(found[1].replace(".", ""))
    return None


def is_signature(cell: Cell) -> bool:
    """Whether a cell holds what stands at a place for signatures, and nothing else."""
    return isinstance(cell, str) and _SIGNATURE.fullmatch(fold(cell)) is not None


def is_column_numbers(row: Sequence[Cell]) -> bool:
    """The row `A B 1 2 3 …` that Vietnamese forms carry under their captions."""
    texts = [str(cell).removesuffix(".0").strip("()") for cell in row if cell is not None]
    return bool(texts) and all(text.isdigit() or len(text) == 1 for text in texts)
