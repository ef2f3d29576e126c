"""Everything known of a period as JSON lines and Parquet, in a stable order: for analysts, auditors and tests."""

import io
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from domain import form
from domain.catalogue import INDICATOR_BY_CODE, INDICATORS
from domain.deliveries import DeliveryRecord
from domain.editions import EditionRecord
from domain.errors import NothingToReport
from domain.findings import Findings
from domain.indicators import FigureKey, Indicator, Kind
from domain.period import Period
from domain.personal_data import masked
from domain.schemas import FACT_ORIGIN, FACT_TABLES
from domain.submissions import Difference, SubmissionRecord
from domain.summary import Summary
from services.figures.known import known_facts
from services.figures.summary import summary_of
from services.run import Run
from storage import deliveries, editions, submissions

Record = dict[str, object]
_ROW_KEYS = {
    "activities": "",
    "households": "village_id",
    "politics_security": "village_id",
    "control_totals": "activity_code",
}


def export(
    run: Run, period: Period, as_of: datetime | None = None, *, with_times: bool = False
) -> dict[str, list[Record]]:
    """Submissions, their differences, facts, measures, figures, editions and deliveries of the period, by table.

    What differs from run to run (ids, times) is left out unless `with_times`.
    """
    months = [str(month) for month in period.months()]
    with run.ledger.read() as session:
        received = submissions.all_submissions(session, months, as_of)
        ids = [record.submission_id for record in received]
        findings, differences = submissions.findings_of(session, ids), submissions.differences_of(session, ids)
        counting = {record.submission_id: record for record in submissions.counting_submissions(session, months, as_of)}
        facts = known_facts(session, run, tuple(FACT_TABLES), months, as_of)
        records = [each for each in editions.editions_of(session, str(period)) if as_of is None or each.as_of <= as_of]
        figures = {each.edition_id: editions.figures_of(session, each.edition_id) for each in records}
        mails = {each.edition_id: deliveries.deliveries_of(session, each.edition_id) for each in records}
    columns = {number: record.columns for number, record in counting.items()}
    return {
        "submissions": _submissions(received, findings, set(counting), with_times=with_times),
        "differences": _differences(received, differences),
        "facts": [fact for table, frame in facts.items() for fact in _facts(table, frame.collect(), columns)],
        "measures": _measures(run, period, as_of),
        "figures": [
            {"edition": edition_id, **{name: _as_json(value) for name, value in figure.as_row().items()}}
            for edition_id, placed in figures.items()
            for figure in placed
        ],
        "editions": [_edition(record, with_times=with_times) for record in records],
        "deliveries": [
            _delivery(edition_id, mail, with_times=with_times) for edition_id, rows in mails.items() for mail in rows
        ],
    }


def as_files(tables: Mapping[str, Sequence[Record]]) -> dict[str, bytes]:
    """Each table as JSON lines and as Parquet, by the file's name."""
    files = {}
    for name, rows in tables.items():
        lines = "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
        files[f"{name}.jsonl"] = lines.encode()
        files[f"{name}.parquet"] = _parquet(rows)
    return files


def _differences(received: Sequence[SubmissionRecord], found: Mapping[int, Sequence[Difference]]) -> list[Record]:
    return [
        {"unit": record.unit_code, "period": record.period, "revision": record.revision}
        | {name: _as_typed(value) for name, value in asdict(difference).items()}
        for record in sorted(received, key=lambda each: (str(each.unit_code), str(each.period), each.revision or 0))
        for difference in found[record.submission_id]
    ]


def _edition(record: EditionRecord, *, with_times: bool) -> Record:
    times = {"as_of": record.as_of.isoformat(), "made_at": record.made_at.isoformat()} if with_times else {}
    return {
        "edition": record.edition_id,
        "period": record.period,
        "number": record.number,
        "state": str(record.state),
        "sha256": record.sha256,
        "is_sample": record.is_sample,
        "released_by": record.released_by,
        "void_reason": record.void_reason,
        **times,
    }


def _delivery(edition_id: str, mail: DeliveryRecord, *, with_times: bool) -> Record:
    return {
        "edition": edition_id,
        "recipient": mail.recipient,
        "state": str(mail.state),
        "message_id": mail.message_id,
        **({"sent_at": _as_json(mail.sent_at)} if with_times else {}),
    }


def _submissions(
    received: Sequence[SubmissionRecord], findings: Mapping[int, Findings], counting: set[int], *, with_times: bool
) -> list[Record]:
    rows: list[Record] = []
    for record in received:
        own = findings[record.submission_id].found
        rows.append(
            {
                "unit": record.unit_code,
                "period": record.period,
                "revision": record.revision,
                "kind": record.kind,
                "reason": _as_typed(record.reason),
                "file": _as_typed(record.file_name),
                "sha256": record.sha256,
                "verdict": str(record.verdict),
                "counts": record.submission_id in counting,
                "is_nil": record.is_nil,
                "is_sample": record.is_sample,
                "working_days_late": record.working_days_late,
                "rules": sorted({finding.rule for finding in own}),
                "findings": [{name: _as_typed(text) for name, text in finding.as_json().items()} for finding in own],
                **({"id": record.submission_id, "received_at": record.received_at.isoformat()} if with_times else {}),
            }
        )
    return sorted(
        rows, key=lambda row: (str(row["period"]), str(row["unit"]), str(row["revision"]), str(row["sha256"]))
    )


def _facts(table: str, frame: pl.DataFrame, columns: Mapping[int, Mapping[str, Mapping[str, str]]]) -> list[Record]:
    sheet = form.SHEET_BY_TABLE[table].name
    rows = []
    for fact in frame.iter_rows(named=True):
        letters = columns[fact["submission_id"]][table]
        key = fact[_ROW_KEYS[table]] if _ROW_KEYS[table] else f"{fact['source_row']}"
        for name, value in fact.items():
            if name in FACT_ORIGIN or name in ("source_row", "stt") or value is None:
                continue
            rows.append(
                {
                    "unit": fact["unit_code"],
                    "period": fact["period"],
                    "revision": fact["revision"],
                    "sha256": fact["sha256"],
                    "table": table,
                    "row_key": _as_typed(key),
                    "column": name,
                    "value": _as_typed(value),
                    "sheet": sheet,
                    "cell": f"{letters[name]}{fact['source_row']}" if name in letters else None,
                }
            )
    return rows


def _measures(run: Run, period: Period, as_of: datetime | None) -> list[Record]:
    try:
        summary = summary_of(run, period, as_of)
    except NothingToReport:
        return []
    keys = sorted({*summary.measured, *_made_keys(summary)}, key=str)
    rows: list[Record] = []
    for key in keys:
        value, indicator = summary.value(key), INDICATOR_BY_CODE[key.indicator]
        if value is None:
            continue
        numerator, denominator = summary.parts(key) if indicator.kind is Kind.RATIO else (None, None)
        rows.append(
            {
                "figure_id": _as_typed(str(key)),
                "indicator": key.indicator,
                "dimension": key.dimension,
                # An agency that nobody knows is called as the unit called it.
                "member": _as_typed(key.member),
                "basis": key.basis,
                "value": _as_json(value),
                "numerator": _as_json(numerator),
                "denominator": _as_json(denominator),
                "unit_of_measure": indicator.unit_of_measure,
                "text": summary.text(key),
                "status": str(summary.status(key)),
                "cells": summary.sources(key).cells,
                "reports_counted": summary.coverage.received_reports.get(key.basis),
                "reports_expected": summary.coverage.expected_reports.get(key.basis),
            }
        )
    return rows


def _made_keys(summary: Summary) -> list[FigureKey]:
    """The ratios and balances that can be made of what was measured."""
    made = [(entry.code, _first_measured(entry)) for entry in INDICATORS if entry.parts]
    wanted = {measured for _, measured in made}
    found: dict[str, list[FigureKey]] = defaultdict(list)
    for key in summary.measured:
        if key.indicator in wanted:
            found[key.indicator].append(key)
    return [key.of(code) for code, measured in made for key in found[measured]]


def _first_measured(entry: Indicator) -> str:
    """The measured indicator under the entry that its figures go by: the denominator, or the first that is added."""
    while entry.parts:
        entry = INDICATOR_BY_CODE[entry.denominator or entry.parts[0]]
    return entry.code


def _parquet(rows: Sequence[Record]) -> bytes:
    """A Parquet column has one type, and the cells of a workbook do not: their values stand there as text."""
    as_text = [
        row | {"value": None if row["value"] is None else str(row["value"])} if "cell" in row else row for row in rows
    ]
    buffer = io.BytesIO()
    pl.DataFrame(as_text, infer_schema_length=None, strict=False).write_parquet(buffer)
    return buffer.getvalue()


def _as_json(value: object) -> object:
    """Numbers as numbers, days and moments in ISO: the same on every machine."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case bool() | int() | None | str():
            return value
    return str(value)


def _as_typed(value: object) -> object:
    """Likewise, of what a unit typed: numbers and addresses of people are masked."""
    return masked(value) if isinstance(value, str) else _as_json(value)
