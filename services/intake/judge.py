"""Takes workbooks through all gates at once: raw cells in, findings and typed rows out. Stores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

import polars as pl

from domain import codes, schemas
from domain.calendar import VIETNAM
from domain.findings import Engine, Finding, Findings, Rule, Severity, Verdict
from domain.period import Period, month_named
from domain.reference import Reference
from domain.waivers import Waiver
from expectations.rules import RULES
from ingest.workbook.packed import PackedWorkbook
from ingest.workbook.raw_batch import RawBatch, gather
from services.intake.pointing import Places, findings_in
from transforms.activities import judge_activities
from transforms.cells import type_cells, widen
from transforms.completed import completed, with_computed
from transforms.control_totals import judge_control_totals
from transforms.history import History
from transforms.households import judge_households, judge_roster
from transforms.likeness import fingerprints
from transforms.politics_security import judge_politics_security
from transforms.statement import clean_statements, judge_statements, money_units
from transforms.territory import territory
from transforms.written_totals import judge_written_totals

SAME_REVISION = "E-REVISION-TWICE"
"""The rule that a sound workbook breaks when another of its revision is there."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One workbook after the gates."""

    file: str
    statement: dict[str, object]
    findings: Findings
    facts: dict[str, pl.DataFrame]
    columns: dict[str, dict[str, str]]
    """For each kept table, the letter of the column in which each field stands."""
    is_sample: bool
    """Whether it was made up for a demonstration."""

    @property
    def verdict(self) -> Verdict:
        """What becomes of the workbook; the same content again, or another under the same number, are neither error."""
        errors = {finding.rule for finding in self.findings.found if finding.severity is Severity.ERROR}
        if not errors and self.statement["is_unchanged"]:
            return Verdict.UNCHANGED
        if errors == {SAME_REVISION}:
            return Verdict.CONFLICTING
        return self.findings.verdict

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


class Sender(NamedTuple):
    """Whose address sent a workbook, and which units' workbooks may come from there."""

    units: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Against what workbooks are judged."""

    received: Mapping[str, date]
    """For each workbook, the Vietnamese day on which it arrived."""
    reference: Reference
    history: History
    """What was accepted before."""
    oldest: Period
    """The earliest period that is still taken in."""
    senders: Mapping[str, Sender] = field(default_factory=dict)
    """For workbooks that came by mail alone, whom their address is registered for."""
    rules: Mapping[str, Sequence[Rule]] = field(default_factory=lambda: RULES)
    """The rules of each frame."""
    engine: Engine = Engine.POLARS
    """What evaluates them."""


def readable_period(text: str | None, given: Circumstances) -> tuple[Period | None, str | None]:
    """The month that `text` names, and what is wrong with it: malformed or old."""
    period = month_named(text)
    if period is None:
        return None, "malformed"
    is_old = (period.year, period.number) < (given.oldest.year, given.oldest.number)
    if is_old or not given.reference.calendar.covers(period):
        return None, "old"
    return period, None


def examine(books: Sequence[PackedWorkbook], given: Circumstances) -> list[Examined]:
    """Judge workbooks that claim the same subperiod of the same period by every rule, in one pass for all of them.

    The result keeps their order.
    """
    period, _ = readable_period(books[0].period, given)
    batch = gather(books)
    rows, frames = _frames(batch, books[0], given)
    collected = dict(zip(frames, pl.collect_all(list(frames.values())), strict=True))
    statements = {str(row["file"]): row for row in collected["statement"].iter_rows(named=True)}
    places = Places(batch)
    found: dict[str, list[Finding]] = {book.file: [] for book in books}
    excused = _files_of_history(statements, period)
    for name, frame in collected.items():
        for file, finding in findings_in(name, frame, given.rules[name], places, excused, given.engine):
            unit = str(statements[file]["unit_code"])
            found[file].append(_waived(finding, given.reference.waivers, unit, period, given.received[file]))
    facts = _facts(rows, collected)
    return [
        Examined(
            book.file,
            statements[book.file],
            Findings.of(_without_echoes(found[book.file])),
            {table: own.get((book.file,), schemas.kept(table).to_frame()) for table, own in facts.items()},
            places.columns_of(book.file),
            book.is_sample,
        )
        for book in books
    ]


_ASKS_FOR_A_VALUE = frozenset(
    {"E-BENEFICIARIES", "E-CTRL-MISSING", "E-MONEY-MISSING", "E-NTM-YEAR", "E-VILLAGE-MISSING"}
)


def _without_echoes(found: Sequence[Finding]) -> list[Finding]:
    """The findings; where a cell could not be read, it is not said besides that nothing stands there."""
    unread = {
        (each.sheet, each.cell)
        for each in found
        if each.severity is Severity.ERROR and each.rule not in _ASKS_FOR_A_VALUE
    }
    return [each for each in found if each.rule not in _ASKS_FOR_A_VALUE or (each.sheet, each.cell) not in unread]


def _frames(
    batch: RawBatch, first: PackedWorkbook, given: Circumstances
) -> tuple[dict[str, pl.DataFrame], dict[str, pl.LazyFrame]]:
    """The typed rows of each table, and the frames that the rules look at."""
    period, problem = readable_period(first.period, given)
    reference, history = given.reference, given.history
    raw = batch.cells.lazy()
    forms = batch.properties.lazy()
    cells = type_cells(raw, money_units(raw), forms).collect().lazy()
    received = datetime.combine(given.received[first.file], datetime.min.time(), VIETNAM)
    month = period or reference.calendar.last_closed(received)
    known = territory(reference, month, reference.subperiod_of(first.unit, month))
    whole = {
        table: completed(widen(cells, table, schema), table, forms).collect()
        for table, schema in schemas.TYPED_ROWS.items()
    }
    rows = {table: frame.select(list(schemas.FACT_TABLES[table])) for table, frame in whole.items()}
    totals = type_cells(batch.totals.lazy(), money_units(raw), forms)
    typed = {table: frame.lazy() for table, frame in whole.items()}
    statements = clean_statements(cells, forms)
    prints = fingerprints(statements.collect(), rows).lazy()
    statements = statements.join(_sender_units(given.senders), on="file", how="left", validate="1:1")
    statements = statements.join(_received_days(given.received), on="file", how="left", validate="1:1")
    activities, households = typed["activities"], typed["households"]
    frames = {
        "sheets": _sheet_states(batch),
        "columns": _column_states(batch),
        "places": batch.odd.lazy(),
        "cells": cells,
        "written_totals": judge_written_totals(totals, with_computed(cells, typed, forms)),
        "statement": judge_statements(statements, known, history, activities, households, prints, problem),
    }
    if period is not None:
        control, politics = typed["control_totals"], typed["politics_security"]
        frames |= {
            "activities": judge_activities(activities, statements, households, known, history),
            "households": judge_households(households, statements, known, history),
            "roster": judge_roster(cells, statements, known),
            "politics_security": judge_politics_security(politics, statements, known),
            "control_totals": judge_control_totals(control, activities, statements, known, history),
        }
    return rows, frames


def _sender_units(senders: Mapping[str, Sender]) -> pl.LazyFrame:
    schema = pl.Schema({"file": pl.String(), "sender_unit": pl.String(), "sender_codes": pl.List(pl.String())})
    rows = [(file, *sender) for file, sender in senders.items()]
    return pl.DataFrame(rows, schema=schema, orient="row").lazy()


def _received_days(received: Mapping[str, date]) -> pl.LazyFrame:
    schema = {"file": pl.String, "received_on": pl.Date}
    return pl.DataFrame(list(received.items()), schema=schema, orient="row").lazy()


def _files_of_history(statements: Mapping[str, Mapping[str, object]], period: Period | None) -> frozenset[str]:
    """The files in the form of history of a month before there was a form; they are excused from some rules."""
    if period is None or str(period) >= codes.FORM_SINCE:
        return frozenset()
    return frozenset(file for file, row in statements.items() if row["form_version"] == codes.HISTORY_VERSION)


def _facts(
    rows: Mapping[str, pl.DataFrame], judged: Mapping[str, pl.DataFrame]
) -> dict[str, dict[tuple[object, ...], pl.DataFrame]]:
    """The rows to keep of each table, by file."""
    return {
        table: judged.get(table, rows[table])
        .filter(pl.col("source_row").is_not_null())
        .select("file", *schemas.kept(table))
        .partition_by("file", as_dict=True, include_key=False)
        for table in schemas.FACT_TABLES
    }


def _waived(
    finding: Finding, waivers: Sequence[Waiver], unit_code: str, month: Period | None, received: date
) -> Finding:
    """The finding, no longer an error where a named person waived the rule for this unit and month."""
    for waiver in waivers:
        if month is not None and waiver.covers(finding.rule, unit_code, month, received):
            return replace(
                finding,
                severity=Severity.WARNING,
                sentence=f"{finding.sentence} {waiver.sentence}",
                waived_by=waiver.key,
            )
    return finding


def _sheet_states(batch: RawBatch) -> pl.LazyFrame:
    return batch.sheets.lazy().with_columns(
        source_row=pl.lit(1, pl.Int64),
        source_column=pl.lit(1, pl.Int64),
        sheet_state=pl.when(pl.col("table").is_null())
        .then(pl.lit("unknown"))
        .when(~pl.col("is_found"))
        .then(pl.lit("absent"))
        .when(~pl.col("has_header"))
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


def _text(value: object) -> str | None:
    return None if value is None else str(value)
