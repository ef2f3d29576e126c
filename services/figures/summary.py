"""Everything known of a period at a moment: the figures, who reported, and what may be compared with what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import polars as pl

from domain import wording
from domain.catalogue import counted_behind
from domain.coverage import COMPARED, Owed, cover, owed_over
from domain.editions import EditionRecord
from domain.errors import NothingToReport
from domain.findings import Verdict
from domain.indicators import Basis, FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.spans import Span
from domain.submissions import SubmissionRecord
from domain.summary import Summary, UnitState
from domain.units import Unit
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
    reference = run.reference
    spans, periods = reference.spans(period), reference.months_covered(period)
    units = [reference.reporting_unit(code, period) for code in unit_codes]
    with run.ledger.read() as session:
        known = known_rows(session, run, spans, as_of)
        _refuse_nothing(period, known, as_of)
        cut_at = known_at(session, run, periods, known.told_of, as_of)
        tables = {name: _rows_of(table, unit_codes) for name, table in known.countable.tables.items()}
    owed = owed_over(reference, spans)
    counting, received = _by_unit(known.counting), _by_unit(known.received)
    found = {}
    for unit in units:
        own = {name: rows[unit.code].lazy() for name, rows in tables.items()}
        part = Known(counting.get(unit.code, []), received.get(unit.code, []), replace(known.countable, tables=own))
        found[unit.code] = _summary(reference, period, part, cut_at, owed.of_unit(unit.code), [unit])
    return found


def _rows_of(table: pl.LazyFrame, unit_codes: Sequence[str]) -> Mapping[str, pl.DataFrame]:
    """The rows of each of these units, in their order."""
    rows = table.filter(pl.col("unit_code").is_in(unit_codes)).collect()
    found = {str(code): part for (code,), part in rows.partition_by("unit_code", as_dict=True).items()}
    return {code: found.get(code, rows.clear()) for code in unit_codes}


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
    return replace(_of_all(run.reference, period, spans, known, cut_at), quality=quality), known.countable


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
    return _of_all(run.reference, period, spans, known, cut_at), known.countable


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


def _of_all(reference: Reference, period: Period, spans: Mapping[str, Span], known: Known, cut_at: datetime) -> Summary:
    units = reference.expected_units(period)
    return _summary(reference, period, known, cut_at, owed_over(reference, spans), units)


def _summary(
    reference: Reference,
    period: Period,
    known: Known,
    cut_at: datetime,
    owed: Owed,
    units: Sequence[Unit],
) -> Summary:
    """The figures of these units, of whom so much is owed."""
    return Summary(
        period=period,
        window=reference.calendar.window(period),
        cut_at=cut_at,
        is_sample=any(record.is_sample for record in known.counting),
        units=_unit_states(reference, period, units, known.counting, known.received),
        coverage=cover(owed, {(each.period, each.unit_code) for each in known.counting}),
        measured=Measured(summarise(known.countable).collect()),
        months_shown=reference.spans(period)[Basis.TREND].months,
        submissions=known.counting,
    )


def _unit_states(
    reference: Reference,
    period: Period,
    units: Sequence[Unit],
    counting: Sequence[SubmissionRecord],
    own: Sequence[SubmissionRecord],
) -> list[UnitState]:
    """How each unit that owes a report stands; over several months its worst lateness and highest revision."""
    months = period.months()
    counting_of, own_of = _by_unit(counting), _by_unit(own)
    states = []
    for unit in units:
        due = {str(month) for month in months if reference.find_reporting_unit(unit.code, month) is not None}
        records = [record for record in counting_of.get(unit.code, ()) if record.period in due]
        sent = {record.period for record in records}
        rejected = {
            record.period
            for record in own_of.get(unit.code, ())
            if record.verdict in (Verdict.REJECTED, Verdict.CONFLICTING)
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


def _by_unit(records: Sequence[SubmissionRecord]) -> dict[str | None, list[SubmissionRecord]]:
    found: dict[str | None, list[SubmissionRecord]] = {}
    for record in records:
        found.setdefault(record.unit_code, []).append(record)
    return found
