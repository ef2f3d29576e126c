"""What was tried for each period: the edition an attempt gave, or the reason why it gave none."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.editions import ReportRunRecord
from storage.chain import add_link
from storage.tables import ReportRun


def note_run(session: Session, run: ReportRunRecord) -> None:
    """Note an attempt."""
    row = ReportRun(**{field.name: getattr(run, field.name) for field in fields(run)})
    session.add(row)
    session.flush()
    add_link(session, "run", row.id)
    if run.made_with is not None:
        add_link(session, "run-made-with", row.id)


def latest_runs(session: Session, periods: Sequence[str], as_of: datetime | None) -> dict[str, ReportRunRecord]:
    """The newest attempt for each period that asked for the same moment."""
    return {row.period: _record(row) for row in session.scalars(_latest(periods, as_of))}


def _latest(periods: Sequence[str], as_of: datetime | None) -> Select[tuple[ReportRun]]:
    asked = ReportRun.as_of.is_(None) if as_of is None else ReportRun.as_of == as_of
    newest = select(func.max(ReportRun.id)).where(ReportRun.period.in_(periods), asked).group_by(ReportRun.period)
    return select(ReportRun).where(ReportRun.id.in_(newest))


def _record(row: ReportRun) -> ReportRunRecord:
    return ReportRunRecord(**{field.name: getattr(row, field.name) for field in fields(ReportRunRecord)})
