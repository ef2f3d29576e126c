"""Points at the cell behind a broken rule, and says in Vietnamese what is wrong with it."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import polars as pl

from domain import codes, form, schemas, wording
from domain.alphabet import spelled_out, without_unseen
from domain.codes import ACTIVITY_BY_CODE
from domain.findings import Engine, Finding, Rule, Severity
from domain.form import column_letter
from expectations.gate import broken_rows
from expectations.history import severity_in_history
from ingest.workbook.raw_batch import RawBatch


@dataclass(frozen=True, slots=True)
class _Place:
    sheet: str
    row: int
    column: int


class _Standing(NamedTuple):
    """What stands in a cell."""

    text: str
    kind: str
    merged: str | None

    @property
    def is_no_value(self) -> bool:
        """Whether the cell holds what can be no value; that is told of it, and nothing else."""
        return self.kind in ("error", "picture")


class Places:
    """Where each field of each workbook stands, and what is typed there."""

    def __init__(self, batch: RawBatch) -> None:
        self._cells = batch.cells
        headers = batch.columns.filter(pl.col("field").is_not_null(), pl.col("times") <= 1)
        key_values = batch.cells.filter(pl.col("table").is_in(form.KEY_VALUE_TABLES))
        self._ledger, self._key_value = _positions(headers), _positions(key_values)
        self._short = set(batch.properties.filter(pl.col("form") == codes.KN_02)["file"])
        self._letters: dict[str, dict[str, dict[str, str]]] = {}
        for (file, table, field), (_, column) in self._ledger.items():
            if field in schemas.FACT_TABLES.get(table, ()):
                self._letters.setdefault(file, {}).setdefault(table, {})[field] = column_letter(column)

    def of(self, file: str, table: str, field: str, row: int | None) -> _Place:
        """The cell of a field; the header's cell where the row has no place of its own."""
        sheet = form.SHEET_BY_TABLE[table].name
        if (file, table, field) in self._key_value:
            return _Place(sheet, *self._key_value[file, table, field])
        own = self._ledger.get((file, table, field))
        header_row, column = own or self._ledger.get((file, table, _STANDS_WITH.get(field, "")), (1, 1))
        return _Place(sheet, header_row if row is None else row, column)

    def to_mend(self, file: str, table: str, field: str) -> str:
        """The field itself, or where the workbook computes it the first of those that it is computed from."""
        return _TYPED_FOR.get((table, field), field) if file in self._short else field

    def columns_of(self, file: str) -> dict[str, dict[str, str]]:
        """The letters of the columns of the kept tables."""
        return {table: self._letters.get(file, {}).get(table, {}) for table in schemas.FACT_TABLES}

    def standing_at(self, wanted: Iterable[tuple[str, str, int, int]]) -> dict[tuple[str, str, int, int], _Standing]:
        """What stands in the wanted cells, as typed."""
        keys = ["file", "table", "source_row", "source_column"]
        frame = pl.DataFrame(sorted(set(wanted)), schema=self._cells.select(keys).schema, orient="row")
        rows = self._cells.join(frame, on=keys, how="semi").select(*keys, "text", "kind", "merged").iter_rows()
        return {
            (file, table, row, column): _Standing(spelled_out(without_unseen(text or "")), kind, merged)
            for file, table, row, column, text, kind, merged in rows
        }


_ABOUT_SUMS = "W-COMPUTED"
_TYPED_FOR = {
    ("activities", "value_total_vnd"): "cash_vnd",
    ("households", "poor_close"): "poor_exit",
    ("households", "nearpoor_close"): "nearpoor_exit",
}
"""Where a form computes a cell, the first of those it is computed from: only these can be mended."""
_STANDS_WITH = {"village_name": "village_id", "scope": "village_id"}
"""Where a form has one cell for a village, it says these as well."""


def _positions(frame: pl.DataFrame) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Row and column by file, table and field."""
    found = frame.select("file", "table", "field", "source_row", "source_column").iter_rows()
    return {(file, table, field): (row, column) for file, table, field, row, column in found}


def findings_in(
    name: str,
    frame: pl.DataFrame,
    rules: Sequence[Rule],
    places: Places,
    of_history: Set[str] = frozenset(),
    engine: Engine = Engine.POLARS,
) -> list[tuple[str, Finding]]:
    """The broken rules of one frame as findings, each at its cell; files `of_history` are excused from some."""
    pointed: list[tuple[Rule, dict[str, object], str, _Place]] = []
    for rule, positions in broken_rows(frame, rules, engine):
        for position in positions:
            row = frame.row(position, named=True)
            file, table = str(row["file"]), str(row.get("table") or _TABLES.get(name, name))
            for cell in rule.cells or ("",):
                field = cell if rule.code == _ABOUT_SUMS else places.to_mend(file, table, cell)
                place = (
                    places.of(file, table, field, _row_number(row))
                    if cell
                    else _Place(_sheet_name(row, table), int(str(row["source_row"])), int(str(row["source_column"])))
                )
                pointed.append((rule, row, table, place))
    standing = places.standing_at(
        (str(row["file"]), table, place.row, place.column) for _, row, table, place in pointed
    )
    found = []
    for rule, row, table, place in pointed:
        here = standing.get((str(row["file"]), table, place.row, place.column))
        if here is not None and here.is_no_value and name not in _OF_CELLS:
            continue
        words = _words(row, place)
        finding = Finding(
            sheet=place.sheet,
            row=place.row,
            column=place.column,
            cell=f"{column_letter(place.column)}{place.row}",
            rule=rule.code,
            severity=_severity(rule, row, of_history),
            value=_own_value(row) if here is None else here.text,
            title=rule.title.format_map(words),
            sentence=rule.sentence.format_map(words) + _merged_words(here, name),
            remedy=rule.remedy.format_map(words),
        )
        found.append((str(row["file"]), finding))
    return found


def _merged_words(here: _Standing | None, name: str) -> str:
    """That the cell lies under a merged range, whatever else is said of it."""
    if here is None or here.merged is None or name in _OF_CELLS[:1]:
        return ""
    return f" Ô này nằm trong vùng ô gộp {here.merged}."


_OF_CELLS = ("places", "cells")
"""The frames whose rows are single cells; those of the others are what the cells of a row come to."""


def _severity(rule: Rule, row: dict[str, object], of_history: Set[str]) -> Severity:
    if str(row["file"]) not in of_history:
        return rule.severity
    field = row.get("field")
    return severity_in_history(rule, field if isinstance(field, str) else None)


_TABLES = {"roster": form.HOUSEHOLDS.table}


def _sheet_name(row: dict[str, object], table: str) -> str:
    """The sheet a row stands in: the form's, or one that nobody asked for."""
    return form.SHEET_BY_TABLE[table].name if table in form.SHEET_BY_TABLE else str(row["sheet"])


def _row_number(row: dict[str, object]) -> int | None:
    number = row.get("source_row")
    return number if isinstance(number, int) else None


def _own_value(row: dict[str, object]) -> str:
    written = row.get("written")
    if isinstance(written, float):
        return wording.number(written)
    return spelled_out(str(row["caption"])) if row.get("caption") else ""


def _words(row: dict[str, object], place: _Place) -> dict[str, str]:
    """What a rule's sentences may speak of: the row's values in Vietnamese, and the sheet."""
    return {name: _in_words(name, value) for name, value in row.items()} | {"sheet": spelled_out(place.sheet)}


def _in_words(name: str, value: object) -> str:
    match value:
        case None:
            return "(trống)"
        case str() if name == "activity_code" and value in ACTIVITY_BY_CODE:
            return ACTIVITY_BY_CODE[value].name
        case int() if name.endswith("_year"):
            return str(value)
        case date():
            return wording.short_day(value)
        case str():
            return spelled_out(value)
        case bool():
            return str(value)
        case int() | float() | Decimal():
            return wording.number(round(value, 2) if isinstance(value, float) else value)
    return str(value)
