"""Takes workbooks through all gates at once: raw cells in, findings and typed rows out. Stores nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from domain import codes, schemas
from domain.calendar import VIETNAM
from domain.findings import Finding, Findings, Rule, Severity, Verdict
from domain.period import Period, month_named
from domain.reference import Reference
from domain.waivers import Waiver
from expectations.rules import RULES
from ingest.workbook.read import RawBatch, RawWorkbook, gather
from services.intake.pointing import Places, findings_in
from transforms.activities import judge_activities
from transforms.cells import type_cells, widen
from transforms.control_totals import judge_control_totals
from transforms.history import History
from transforms.households import judge_households, judge_roster
from transforms.likeness import fingerprints
from transforms.politics_security import judge_politics_security
from transforms.statement import clean_statements, judge_statements, money_units
from transforms.territory import territory

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


def readable_period(
    text: str | None, received: date, reference: Reference, oldest: Period
) -> tuple[Period | None, str | None]:
    """The month that `text` names, and what is wrong with it: malformed, future or old."""
    period = month_named(text)
    if period is None:
        return None, "malformed"
    if (period.year, period.number) < (oldest.year, oldest.number):
        return None, "old"
    if reference.calendar.window(period).first_day > received:
        return period, "future"
    return period, None


def examine(
    books: Sequence[RawWorkbook],
    received: date,
    reference: Reference,
    history: History,
    oldest: Period,
    senders: Mapping[str, str | None] | None = None,
    rules: Mapping[str, Sequence[Rule]] = RULES,
) -> list[Examined]:
    """Judge workbooks that claim the same stretch of the same period by every rule, in one pass for all of them.

    Args:
        books: the workbooks; the result keeps their order.
        received: the Vietnamese day on which they arrived.
        reference: the registers.
        history: what was accepted before.
        oldest: the earliest period that is still taken in.
        senders: for workbooks that came by mail, the unit that their address is registered for.
        rules: the rules of each frame.
    """
    period, problem = readable_period(books[0].stated_period, received, reference, oldest)
    batch = gather(list(books))
    raw = batch.cells.lazy()
    cells = type_cells(raw, money_units(raw)).collect()
    month = period or reference.calendar.last_closed(datetime.combine(received, datetime.min.time(), VIETNAM))
    known = territory(reference, month, reference.stretch_of(books[0].stated_unit, month))
    lazy = cells.lazy()
    statements = clean_statements(lazy, batch.properties.lazy())
    rows = {table: widen(lazy, table, schema).collect() for table, schema in schemas.FACT_TABLES.items()}
    typed = {table: frame.lazy() for table, frame in rows.items()}
    prints = fingerprints(statements.collect(), rows)
    sender_units = pl.DataFrame(
        list((senders or {}).items()), schema={"file": pl.String, "sender_unit": pl.String}, orient="row"
    )
    statements = statements.join(sender_units.lazy(), on="file", how="left", validate="1:1")
    frames = {
        "sheets": _sheet_states(batch),
        "columns": _column_states(batch),
        "cells": cells.lazy(),
        "statement": judge_statements(
            statements, known, history, typed["activities"], typed["households"], prints.lazy(), problem
        ),
    }
    if period is not None:
        frames |= {
            "activities": judge_activities(typed["activities"], statements, typed["households"], known, history),
            "households": judge_households(typed["households"], statements, known, history),
            "roster": judge_roster(lazy, statements, known),
            "politics_security": judge_politics_security(typed["politics_security"], statements, known),
            "control_totals": judge_control_totals(
                typed["control_totals"], typed["activities"], statements, known, history
            ),
        }
    collected = dict(zip(frames, pl.collect_all(list(frames.values())), strict=True))
    places = Places(batch)
    found: dict[str, list[Finding]] = {book.file: [] for book in books}
    versions = collected["statement"].select("file", "form_version").iter_rows()
    is_before_the_form = period is not None and str(period) < codes.FORM_SINCE
    of_history = frozenset(
        file for file, version in versions if version == codes.HISTORY_VERSION and is_before_the_form
    )
    units = {str(file): unit for file, unit in collected["statement"].select("file", "unit_code").iter_rows()}
    for name, frame in collected.items():
        for file, finding in findings_in(name, frame, rules[name], places, of_history):
            found[file].append(_waived(finding, reference.waivers, str(units[file]), period, received))
    facts = {
        table: (collected[table] if table in collected else rows[table])
        .filter(pl.col("source_row").is_not_null())
        .select(list(schema))
        for table, schema in schemas.FACT_TABLES.items()
    }
    own_facts = {table: frame.partition_by("file", as_dict=True) for table, frame in facts.items()}
    own_statement = {str(row["file"]): row for row in collected["statement"].iter_rows(named=True)}
    return [
        Examined(
            book.file,
            own_statement[book.file],
            Findings.of(found[book.file]),
            {table: frames.get((book.file,), facts[table].clear()) for table, frames in own_facts.items()},
            places.columns_of(book.file),
        )
        for book in books
    ]


def _waived(
    finding: Finding, waivers: Sequence[Waiver], unit_code: str, month: Period | None, received: date
) -> Finding:
    """The finding, no longer an error where a named person waived the rule for this unit and month."""
    for waiver in waivers:
        if month is not None and waiver.covers(finding.rule, unit_code, month, received):
            return replace(finding, severity=Severity.WARNING, sentence=f"{finding.sentence} {waiver.words}")
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


def judging_batches(books: Iterable[RawWorkbook], reference: Reference) -> list[list[RawWorkbook]]:
    """The workbooks that can be judged together, oldest first: those of one month, and stretch of it, and revision.

    A month is judged against the one before it, and units that ended in a month before their successors.
    """
    batches: dict[tuple[str, date, int], list[RawWorkbook]] = defaultdict(list)
    for book in books:
        month = month_named(book.stated_period)
        since = reference.stretch_of(book.stated_unit, month).first_day if month else date.min
        batches[book.stated_period or "", since, book.stated_revision].append(book)
    return [batches[key] for key in sorted(batches)]
