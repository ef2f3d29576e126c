"""Everything known of a period at a moment: the figures, who reported, and what may be compared with what."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import polars as pl

from domain.errors import NothingToReport
from domain.findings import Verdict
from domain.indicators import Basis, FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.spans import Span
from domain.submissions import SubmissionRecord
from domain.summary import COMPARED, Summary, UnitState
from flows.known import known_at, known_facts
from flows.registers import load_registers
from flows.restatement import restatement_of
from flows.settings import Settings
from storage import submissions
from storage.database import open_database
from transforms.summarise import bases_of, departed_units, summarise


def summary_of(settings: Settings, period: Period, as_of: datetime | None) -> Summary:
    """Every figure of the period as known at `as_of`, and what changed since an earlier edition.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        BadReference: if a correction of the province matches nothing.
    """
    reference = load_registers(settings)
    spans = reference.spans(period)
    months = sorted({month for span in spans.values() for month in span.months}, key=str)
    periods = [str(month) for month in months]
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            counting = submissions.counting_submissions(session, periods, as_of)
            own = submissions.all_submissions(session, [str(month) for month in period.months()], as_of)
            if not any(record.period in {str(month) for month in period.months()} for record in counting):
                raise NothingToReport(
                    f"Kỳ {period} chưa có báo cáo nào được chấp nhận; đặt tệp vào {settings.inbox} rồi chạy “ketnghia collect”."
                )
            facts = known_facts(session, reference, ("activities", "households"), periods, as_of)
            cut_at = known_at(session, reference, periods, counting, as_of)
            summary = _summary(reference, period, spans, months, counting, own, facts, cut_at)
            return replace(summary, restatement=restatement_of(session, reference, summary, periods))
    finally:
        database.close()


def _summary(
    reference: Reference,
    period: Period,
    spans: Mapping[str, Span],
    months: Sequence[Period],
    counting: Sequence[SubmissionRecord],
    own: Sequence[SubmissionRecord],
    facts: Mapping[str, pl.LazyFrame],
    cut_at: datetime,
) -> Summary:
    owed = {month: frozenset(unit.code for unit in reference.expected_units(month)) for month in months}
    sent = {
        month: frozenset(str(record.unit_code) for record in counting if record.period == str(month)) & owed[month]
        for month in months
    }
    trend = spans[Basis.TREND].months
    of = {basis: span.months for basis, span in spans.items()} | {str(month): (month,) for month in trend}
    expected = {basis: frozenset().union(*(owed[month] for month in span)) for basis, span in of.items()}
    reporting = {
        basis: frozenset(
            code for code in expected[basis] if all(code in sent[month] for month in span if code in owed[month])
        )
        for basis, span in of.items()
    }
    departed = reference.departed(months)
    measured = {
        FigureKey(row["indicator"], row["basis"], row["dimension"], row["member"]): row["value"]
        for row in summarise(facts["activities"], facts["households"], bases_of(spans).lazy(), departed_units(departed))
        .collect()
        .iter_rows(named=True)
    }
    heard = {basis: frozenset().union(*(sent[month] for month in span)) for basis, span in of.items()}
    return Summary(
        period=period,
        window=reference.calendar.window(period),
        cut_at=cut_at,
        is_sample=any(record.is_sample for record in counting),
        units=_unit_states(reference, period, counting, own),
        reporting=reporting,
        heard=heard,
        expected=expected,
        expected_reports={basis: sum(len(owed[month]) for month in span) for basis, span in of.items()},
        received_reports={basis: sum(len(sent[month]) for month in span) for basis, span in of.items()},
        measured=measured | _village_measures(reference, period, heard["period"], measured),
        months_shown=trend,
        blocks={
            str(basis): reference.blocks(of[basis], of[compared]) for basis, compared in COMPARED.items() if basis in of
        },
        closing={
            basis: frozenset(code for code in owed[span[-1]] if (str(span[-1]), code) not in departed)
            for basis, span in of.items()
        },
    )


def _unit_states(
    reference: Reference, period: Period, counting: Sequence[SubmissionRecord], own: Sequence[SubmissionRecord]
) -> list[UnitState]:
    """How every unit that owes a report stands; over several months its worst lateness and highest revision."""
    months = period.months()
    owed = {str(month): {unit.code for unit in reference.expected_units(month)} for month in months}
    states = []
    for unit in reference.expected_units(period):
        due = {month for month in owed if unit.code in owed[month]}
        records = [record for record in counting if record.unit_code == unit.code and record.period in due]
        sent = {record.period for record in records}
        rejected = {
            record.period
            for record in own
            if record.unit_code == unit.code and record.verdict in (Verdict.REJECTED, Verdict.CONFLICTING)
        }
        states.append(
            UnitState(
                unit,
                is_counted=bool(sent),
                is_nil=bool(records) and all(record.is_nil for record in records),
                is_rejected=bool((rejected & due) - sent),
                working_days_late=max((record.working_days_late for record in records), default=0),
                revision=max((record.revision or 1 for record in records), default=None),
                received_at=max((record.received_at for record in records), default=None),
                months_owed=len(due),
                months_sent=len(sent),
            )
        )
    return states


def _village_measures(
    reference: Reference, period: Period, heard: frozenset[str], measured: Mapping[FigureKey, Decimal]
) -> dict[FigureKey, Decimal]:
    """Villages of the units that reported, from the register, at any time of the period; and those without activity."""
    owned = {
        (village.village_id, unit.code)
        for month in period.months()
        for stretch in reference.stretches(month)
        for village, unit in reference.villages.with_reporter(reference.units, stretch.last_day)
        if unit.code in heard
    }
    owners = [code for _, code in owned]
    found: dict[FigureKey, Decimal] = {}
    for dimension, member, villages in (
        ("", "", len({village_id for village_id, _ in owned})),
        *(("unit", code, owners.count(code)) for code in sorted(heard)),
    ):
        active = measured.get(FigureKey("villages_active", "period", dimension, member), Decimal(0))
        found[FigureKey("villages_reported", "period", dimension, member)] = Decimal(villages)
        found[FigureKey("villages_inactive", "period", dimension, member)] = Decimal(villages) - active
    return found
