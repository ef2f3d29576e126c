"""What a unit is asked about its figures: unusual values, beside its own last twelve months. Information, no fault."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import Kind
from domain.period import Period
from domain.quality import Doubt, Question
from domain.spans import MONTHS_USUAL
from domain.submissions import SubmissionRecord
from services.figures.known import known_facts
from services.figures.rows import Known
from services.run import Run
from storage import submissions
from storage.database import Session
from transforms.figures.outliers import falling_totals, heaped_counts, monthly_values, unusual

WATCHED = ("value_total_vnd", "activities", "hh_total", "persons", "households", "poor_households", "party_members")
_COPIES = "W-COPY"


def questions_of(session: Session, run: Run, period: Period, known: Known, as_of: datetime | None) -> list[Question]:
    """What looks unusual in the period's last month, by unit."""
    month, before = period.last_month, period.last_month.previous()
    entries = [INDICATOR_BY_CODE[code] for code in WATCHED]
    stocks = [entry.code for entry in entries if entry.kind is Kind.STOCK]
    totals = known_facts(session, run, ("control_totals",), [str(month), str(before)], as_of)["control_totals"]
    monthly, odd, falling, heaped = pl.collect_all(
        [
            values := monthly_values(known.countable, entries),
            unusual(values, str(month), stocks),
            falling_totals(totals, str(month), str(before) if before.year == month.year else ""),
            heaped_counts(known.countable.tables["activities"], str(month)),
        ]
    )
    months = [str(each) for each in month.months_back(MONTHS_USUAL + 1)]
    last = {(unit, indicator, period): value for unit, indicator, period, value in monthly.iter_rows()}
    found = [
        Question(
            str(month),
            row["unit_code"],
            row["indicator"],
            Doubt(row["doubt"]),
            _number(row["indicator"], row["value"], row["doubt"]),
            _usual(row),
            [last.get((row["unit_code"], row["indicator"], each)) for each in months],
        )
        for row in pl.concat([odd, falling, heaped]).iter_rows(named=True)
    ]
    own = [record for record in known.counting if record.period == str(month)]
    found += [Question(str(month), unit, "", Doubt.COPIED, "", "", ()) for unit in _copies(session, own)]
    return sorted(found, key=lambda each: each.question_id)


def _copies(session: Session, own: Sequence[SubmissionRecord]) -> list[str]:
    findings = submissions.findings_of(session, [record.submission_id for record in own])
    return [
        str(record.unit_code)
        for record in own
        if any(finding.rule == _COPIES for finding in findings[record.submission_id].found)
    ]


def _number(indicator: str, value: float, doubt: str) -> str:
    if doubt == Doubt.HEAPED:
        return f"{wording.number(value, 0)}%"
    entry = INDICATOR_BY_CODE[indicator]
    return f"{wording.number(value / entry.printed_per, entry.decimals)} {entry.unit_of_measure}"


def _usual(row: dict[str, object]) -> str:
    indicator, usual = str(row["indicator"]), row["usual"]
    number = _number(indicator, float(str(usual)), "")
    match row["doubt"]:
        case Doubt.OUTLIER:
            return f"thường khoảng {number}"
        case Doubt.JUMP | Doubt.FALLING:
            return f"tháng trước {number}"
    return "thường khoảng 20%"
