"""Everything known of a period at a moment: the figures, who reported, and what may be compared with what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from domain import wording
from domain.catalogue import counted_behind
from domain.coverage import COMPARED, cover
from domain.editions import EditionRecord
from domain.errors import NothingToReport
from domain.findings import Verdict
from domain.indicators import Basis, FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.spans import Span
from domain.submissions import SubmissionRecord
from domain.summary import Summary, UnitState
from services.figures.known import known_at
from services.figures.quality import quality_of
from services.figures.restatement import restatement_of
from services.figures.rows import Known, known_rows
from services.run import Run
from storage.database import Session
from transforms.figures.measured import Measured
from transforms.figures.summarise import Countable, summarise


def summary_of(
    run: Run,
    period: Period,
    as_of: datetime | None,
    before_edition: EditionRecord | None = None,
    even_empty: bool = False,
) -> Summary:
    """Every figure of the period as known at `as_of`, and what changed since an earlier edition.

    With `before_edition`, only editions made before that one are looked at: so it can be made again. With `even_empty`,
    also where no unit has reported.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        BadReference: if a correction of the province matches nothing.
    """
    with run.ledger.read() as session:
        summary, _ = known_summary(session, run, period, as_of, even_empty or before_edition is not None)
        return replace(summary, restatement=restatement_of(session, run, summary, before_edition))


def summaries_of_units(
    run: Run, period: Period, as_of: datetime | None, unit_codes: Sequence[str]
) -> dict[str, Summary]:
    """The figures of the period of each of these units alone; what is known is read once for all of them.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        UnknownUnit: if one of them owes no report of the period.
    """
    spans, periods = run.reference.spans(period), run.reference.months_covered(period)
    for code in unit_codes:
        run.reference.reporting_unit(code, period)
    with run.ledger.read() as session:
        known = known_rows(session, run, spans, as_of)
        _refuse_nothing(period, known, as_of)
        cut_at = known_at(session, run, periods, known.told_of, as_of)
        tables = {name: table.collect() for name, table in known.countable.tables.items()}
    found = {}
    for code in unit_codes:
        own = {name: table.lazy().filter(pl.col("unit_code") == code) for name, table in tables.items()}
        part = Known(
            [each for each in known.counting if each.unit_code == code],
            [each for each in known.received if each.unit_code == code],
            replace(known.countable, tables=own),
        )
        found[code] = _summary(run.reference, period, spans, part, cut_at, code)
    return found


def known_summary(
    session: Session, run: Run, period: Period, as_of: datetime | None, even_empty: bool = False
) -> tuple[Summary, Countable]:
    """Every figure of the period as known at `as_of`, and the rows they are counted in.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        BadReference: if a correction or decision of the province matches nothing.
    """
    spans = run.reference.spans(period)
    periods = run.reference.months_covered(period)
    known = known_rows(session, run, spans, as_of)
    if not even_empty:
        _refuse_nothing(period, known, as_of)
    cut_at = known_at(session, run, periods, known.told_of, as_of)
    quality = quality_of(session, run, period, known, as_of)
    return replace(_summary(run.reference, period, spans, known, cut_at), quality=quality), known.countable


def summary_behind(
    session: Session, run: Run, period: Period, as_of: datetime | None, figures: Collection[FigureKey]
) -> tuple[Summary, Countable]:
    """Of a period as known at `as_of` what these figures are made of, and the rows they are counted in, and no more.

    Raises:
        BadReference: if a correction, or a decision about a row that is read, matches nothing.
    """
    bases = {Basis.PERIOD, *(key.basis for key in figures)}
    bases |= {COMPARED[Basis(basis)] for basis in bases if basis in COMPARED}
    spans = {basis: span for basis, span in run.reference.spans(period).items() if basis in bases}
    tables = {entry.table for key in figures for entry in counted_behind(key.indicator)}
    known = known_rows(session, run, spans, as_of, tables)
    cut_at = known_at(session, run, run.reference.months_covered(period), known.told_of, as_of)
    return _summary(run.reference, period, spans, known, cut_at), known.countable


def _refuse_nothing(period: Period, known: Known, as_of: datetime | None) -> None:
    own = {str(month) for month in period.months()}
    if not any(record.period in own for record in known.counting):
        if as_of is not None:
            raise NothingToReport(
                f"Vào {wording.moment(as_of)} kỳ {period} chưa có báo cáo nào được chấp nhận; chọn ngày sau đó, "
                "hoặc bỏ --as-of để lập theo những gì biết hôm nay."
            )
        raise NothingToReport(
            f"Kỳ {period} chưa có báo cáo nào được chấp nhận; đặt tệp vào hộp nhận (data/inbox) rồi chạy “ketnghia collect”. "
            f"Vẫn phải báo cáo là chưa đơn vị nào nộp: “ketnghia report {period} --even-empty”."
        )


def _summary(
    reference: Reference,
    period: Period,
    spans: Mapping[str, Span],
    known: Known,
    cut_at: datetime,
    unit_code: str | None = None,
) -> Summary:
    """The figures of all units, or of one alone."""
    states = _unit_states(reference, period, known.counting, known.received)
    return Summary(
        period=period,
        window=reference.calendar.window(period),
        cut_at=cut_at,
        is_sample=any(record.is_sample for record in known.counting),
        units=[state for state in states if unit_code in (None, state.unit.code)],
        coverage=cover(reference, spans, {(each.period, each.unit_code) for each in known.counting}, unit_code),
        measured=Measured(summarise(known.countable).collect()),
        months_shown=reference.spans(period)[Basis.TREND].months,
        submissions=known.counting,
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
                received_at=max((record.came_at for record in records), default=None),
                months_owed=len(due),
                months_sent=len(sent),
                lacking=tuple(month.label() for month in months if str(month) in due - sent),
            )
        )
    return states
