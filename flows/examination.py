"""Takes workbooks through all gates at once: raw cells in, findings and typed rows out. Stores nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from domain import form, schemas, wording
from domain.calendar import VIETNAM
from domain.errors import BadPeriod
from domain.findings import Finding, Findings, Rule
from domain.form import column_letter
from domain.period import Period
from domain.reference import Reference
from expectations.gate import broken_rows
from expectations.rules import RULES
from ingest.workbook import RawBatch, RawWorkbook, gather
from transforms import judged
from transforms.cells import type_cells, widen
from transforms.judged import History
from transforms.statements import clean_statements, money_units
from transforms.territory import territory


@dataclass(frozen=True, slots=True)
class Examined:
    """One workbook after the gates."""

    file: str
    statement: dict[str, object]
    findings: Findings
    facts: dict[str, pl.DataFrame]
    columns: dict[str, dict[str, str]]
    """For each kept table, the letter of the column in which each field stands."""

    @property
    def unit_code(self) -> str | None:
        """The unit as sheet 00 says."""
        return _text(self.statement["unit_code"])

    @property
    def period(self) -> str | None:
        """The period as sheet 00 says."""
        return _text(self.statement["period"])

    @property
    def revision(self) -> int | None:
        """The revision as sheet 00 says."""
        revision = self.statement["revision"]
        return revision if isinstance(revision, int) else None


@dataclass(frozen=True, slots=True)
class _Place:
    sheet: str
    row: int
    column: int


def stated_period(book: RawWorkbook) -> str | None:
    """The period a workbook claims, before anything is checked; workbooks of one period are examined together."""
    for cell in book.cells:
        if (cell["table"], cell["field"]) == ("statement", "period"):
            day = cell["day"]
            return f"{day:%Y-%m}" if isinstance(day, date) else _text(cell["text"])
    return None


def stated_revision(book: RawWorkbook) -> int:
    """The revision a workbook claims; 0 where it claims none."""
    claimed = [cell["number"] for cell in book.cells if (cell["table"], cell["field"]) == ("statement", "revision")]
    return int(claimed[0]) if claimed and isinstance(claimed[0], float) else 0


def readable_period(
    text: str | None, received: date, reference: Reference, oldest: Period
) -> tuple[Period | None, str | None]:
    """The month that `text` names, and what is wrong with it: malformed, future or old."""
    try:
        period = Period.parse(text or "")
    except BadPeriod:
        return None, "malformed"
    if not period.is_month:
        return None, "malformed"
    if (period.year, period.number) < (oldest.year, oldest.number):
        return None, "old"
    if reference.calendar.window(period).first_day > received:
        return period, "future"
    return period, None


def examine(
    books: Sequence[RawWorkbook],
    period_text: str | None,
    received: date,
    reference: Reference,
    history: History,
    oldest: Period,
) -> list[Examined]:
    """Judge workbooks that claim the same period by every rule, in one pass for all of them.

    Args:
        books: the workbooks; the result keeps their order.
        period_text: the period they claim, as typed.
        received: the Vietnamese day on which they arrived.
        reference: the registers.
        history: what was accepted before.
        oldest: the earliest period that is still taken in.
    """
    period, problem = readable_period(period_text, received, reference, oldest)
    batch = gather(list(books))
    raw = batch.cells.lazy()
    cells = type_cells(raw, money_units(raw)).collect()
    known = territory(
        reference, period or reference.calendar.last_closed(datetime.combine(received, datetime.min.time(), VIETNAM))
    )
    lazy = cells.lazy()
    statements = clean_statements(lazy, batch.properties.lazy())
    typed = {table: widen(lazy, table, schema) for table, schema in schemas.FACT_TABLES.items()}
    frames = {
        "sheets": _sheet_states(batch),
        "columns": _column_states(batch),
        "cells": cells.lazy(),
        "statement": judged.judge_statements(
            statements, known, history, typed["activities"], typed["households"], problem
        ),
    }
    if period is not None:
        frames |= {
            "activities": judged.judge_activities(typed["activities"], statements, typed["households"], known),
            "households": judged.judge_households(typed["households"], statements, known, history),
            "roster": judged.judge_roster(lazy, statements, known),
            "control_totals": judged.judge_control_totals(
                typed["control_totals"], typed["activities"], statements, known, history
            ),
        }
    collected = dict(zip(frames, pl.collect_all(list(frames.values())), strict=True))
    places = _Places(batch)
    found = [
        (file, finding)
        for name, frame in collected.items()
        for file, finding in _findings(name, frame, RULES[name], places)
    ]
    facts = {
        table: (collected[table] if table in collected else typed[table].collect())
        .filter(pl.col("source_row").is_not_null())
        .select(list(schema))
        for table, schema in schemas.FACT_TABLES.items()
    }
    return [
        Examined(
            book.file,
            collected["statement"].filter(pl.col("file") == book.file).row(0, named=True),
            Findings.of(finding for file, finding in found if file == book.file),
            {table: rows.filter(pl.col("file") == book.file) for table, rows in facts.items()},
            places.columns_of(book.file),
        )
        for book in books
    ]


def _sheet_states(batch: RawBatch) -> pl.LazyFrame:
    names = {sheet.table: sheet.name for sheet in form.SHEETS}
    return batch.sheets.lazy().with_columns(
        sheet=pl.col("table").replace_strict(names),
        source_row=pl.lit(1, pl.Int64),
        source_column=pl.lit(1, pl.Int64),
        sheet_state=pl.when(~pl.col("sheet_found"))
        .then(pl.lit("absent"))
        .when(~pl.col("header_found"))
        .then(pl.lit("headless")),
    )


def _column_states(batch: RawBatch) -> pl.LazyFrame:
    return batch.columns.lazy().with_columns(
        known_field=pl.col("field"),
        column_state=pl.when(pl.col("times") == 0)
        .then(pl.lit("absent"))
        .when(pl.col("times") > 1)
        .then(pl.lit("doubled")),
    )


class _Places:
    """Where each field of each workbook stands, and what is typed there."""

    def __init__(self, batch: RawBatch) -> None:
        self._cells = batch.cells
        headers = batch.columns.filter(pl.col("field").is_not_null(), pl.col("times") <= 1)
        self._ledger = {
            (file, table, field): (row, column)
            for file, table, field, row, column in headers.select(
                "file", "table", "field", "source_row", "source_column"
            ).iter_rows()
        }
        key_values = batch.cells.filter(pl.col("table").is_in([sheet.table for sheet in form.KEY_VALUE_SHEETS]))
        self._key_value = {
            (file, table, field): (row, column)
            for file, table, field, row, column in key_values.select(
                "file", "table", "field", "source_row", "source_column"
            ).iter_rows()
        }

    def of(self, file: str, table: str, field: str, row: int | None) -> _Place:
        """The cell of a field; the header's cell where the row has no place of its own."""
        sheet = form.SHEET_BY_TABLE[table].name
        if (file, table, field) in self._key_value:
            return _Place(sheet, *self._key_value[file, table, field])
        header_row, column = self._ledger.get((file, table, field), (1, 1))
        return _Place(sheet, header_row if row is None else row, column)

    def columns_of(self, file: str) -> dict[str, dict[str, str]]:
        """The letters of the columns of the kept tables."""
        letters: dict[str, dict[str, str]] = {table: {} for table in schemas.FACT_TABLES}
        for (name, table, field), (_, column) in self._ledger.items():
            if name == file and table in letters:
                letters[table][field] = column_letter(column)
        return letters

    def typed_text(self, wanted: Iterable[tuple[str, str, int, int]]) -> dict[tuple[str, str, int, int], str]:
        """What stands in the wanted cells, as typed."""
        keys = ["file", "table", "source_row", "source_column"]
        frame = pl.DataFrame(sorted(set(wanted)), schema=self._cells.select(keys).schema, orient="row")
        rows = self._cells.join(frame, on=keys, how="semi").select(*keys, "text").iter_rows()
        return {(file, table, row, column): text or "" for file, table, row, column, text in rows}


def _findings(name: str, frame: pl.DataFrame, rules: Sequence[Rule], places: _Places) -> list[tuple[str, Finding]]:
    """The broken rules of one frame as findings, each at its cell."""
    pointed: list[tuple[Rule, dict[str, object], str, _Place]] = []
    for rule, positions in broken_rows(frame, rules):
        for position in positions:
            row = frame.row(position, named=True)
            table = str(row["table"]) if "table" in row else {"roster": "households"}.get(name, name)
            for cell in rule.cells or ("",):
                place = (
                    places.of(str(row["file"]), table, cell, _row_number(row))
                    if cell
                    else _Place(
                        form.SHEET_BY_TABLE[table].name, int(str(row["source_row"])), int(str(row["source_column"]))
                    )
                )
                pointed.append((rule, row, table, place))
    texts = places.typed_text((str(row["file"]), table, place.row, place.column) for _, row, table, place in pointed)
    return [
        (
            str(row["file"]),
            Finding(
                sheet=place.sheet,
                row=place.row,
                column=place.column,
                cell=f"{column_letter(place.column)}{place.row}",
                rule=rule.code,
                severity=rule.severity,
                value=texts.get((str(row["file"]), table, place.row, place.column), _own_value(row)),
                message=_sentence(rule, row, place),
            ),
        )
        for rule, row, table, place in pointed
    ]


def _row_number(row: dict[str, object]) -> int | None:
    number = row.get("source_row")
    return number if isinstance(number, int) else None


def _own_value(row: dict[str, object]) -> str:
    return str(row["caption"]) if row.get("caption") else ""


def _sentence(rule: Rule, row: dict[str, object], place: _Place) -> str:
    words = {name: _in_words(name, value) for name, value in row.items()} | {"sheet": place.sheet}
    return f"{rule.sentence.format_map(words)} {rule.remedy.format_map(words)}"


def _in_words(name: str, value: object) -> str:
    match value:
        case None:
            return "(trống)"
        case int() if name.endswith("_year"):
            return str(value)
        case date():
            return wording.short_day(value)
        case bool() | str():
            return str(value)
        case int() | float() | Decimal():
            return wording.number(round(value, 2) if isinstance(value, float) else value)
    return str(value)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
