"""What a backfill would do with each month, and why: decided from the ledger alone, so that it can be interrupted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.editions import ReportRunRecord
from domain.period import Period, month_range
from domain.reference import Reference
from services.editions.version import code_version
from services.figures.known import learnt_between
from services.registers import load_registers
from services.settings import Settings
from storage import report_runs, submissions
from storage.database import Session, open_database

_UNITS_NAMED = 3


class Only(StrEnum):
    """Which months a backfill is confined to."""

    MISSING = "missing"
    FAILED = "failed"
    CHANGED = "changed"
    ALL = "all"


class State(StrEnum):
    """How a month stands before the backfill."""

    MISSING = "missing"
    FAILED = "failed"
    CHANGED = "changed"
    CURRENT = "current"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Planned:
    """One month: whether it will be made, and why or why not."""

    period: Period
    state: State
    is_due: bool
    why: str


def plan_backfill(
    settings: Settings,
    first: Period,
    last: Period,
    only: Only | None = None,
    as_of: datetime | None = None,
    *,
    newest_first: bool = False,
) -> list[Planned]:
    """What will be done with every month from `first` to `last`, in the order in which it will be done.

    Without `only` everything is made that is missing, has failed or has changed.

    Raises:
        BadPeriod: if there is no month from `first` to `last`.
    """
    months = month_range(first, last)
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    planned = []
    with database.begin() as session:
        runs = report_runs.latest_runs(session, [str(month) for month in months], as_of)
        for month in reversed(months) if newest_first else months:
            state, why = _state(session, reference, month, runs.get(str(month)), as_of)
            is_due = state in (State.MISSING, State.FAILED, State.CHANGED) and only in (None, Only.ALL, str(state))
            if only is Only.ALL and state is State.CURRENT:
                is_due, why = True, "làm lại theo yêu cầu"
            planned.append(Planned(month, state, is_due, why))
    database.close()
    return planned


def _state(
    session: Session, reference: Reference, month: Period, run: ReportRunRecord | None, as_of: datetime | None
) -> tuple[State, str]:
    if not submissions.counting_submissions(session, [str(month)], as_of):
        return State.EMPTY, "chưa có báo cáo nào được chấp nhận"
    if run is None:
        return State.MISSING, "chưa lập lần nào"
    if run.edition_id is None or run.known_at is None:
        return State.FAILED, f"lần trước không lập được: {run.reason}"
    news = _news(session, reference, month, run.known_at, as_of)
    if news:
        more = f" và {len(news) - _UNITS_NAMED} thay đổi khác" if len(news) > _UNITS_NAMED else ""
        return State.CHANGED, "; ".join(news[:_UNITS_NAMED]) + more
    if run.code_version != code_version():
        return State.CHANGED, "chương trình đã đổi"
    return State.CURRENT, f"đã có bản {run.edition_id}"


def _news(
    session: Session, reference: Reference, month: Period, since: datetime, as_of: datetime | None
) -> Sequence[str]:
    """What the report of the month would know that its last edition did not."""
    periods = sorted({str(each) for span in reference.spans(month).values() for each in span.months})
    learnt = learnt_between(session, reference, periods, since, as_of)
    return [
        *(
            f"bài nộp mới của đơn vị {record.unit_code} (kỳ {record.period}, lần nộp {record.revision})"
            for record in learnt.began
        ),
        *(
            f"bài nộp của đơn vị {record.unit_code} (kỳ {record.period}) không còn được tính"
            for record in learnt.ceased
        ),
        *(f"tỉnh điều chỉnh {each.locator}" for each in learnt.corrections),
        *(f"quyết định về dòng trùng {each.dropped}" for each in learnt.doubles),
    ]
