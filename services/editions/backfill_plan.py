"""What a backfill would do with each month, and why: decided from the ledger alone, so that it can be interrupted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.editions import ReportRunRecord
from domain.period import Period, month_range
from services.editions.version import code_version
from services.figures.known import learnt_between
from services.figures.news import first_few, news_in_short
from services.run import Run
from storage import report_runs, submissions
from storage.database import Session


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
    run: Run,
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
    planned = []
    with run.ledger.read() as session:
        runs = report_runs.latest_runs(session, [str(month) for month in months], as_of)
        for month in reversed(months) if newest_first else months:
            state, why = _state(session, run, month, runs.get(str(month)), as_of)
            is_due = state in (State.MISSING, State.FAILED, State.CHANGED) and only in (None, Only.ALL, str(state))
            if only is Only.ALL and state is State.CURRENT:
                is_due, why = True, "làm lại theo yêu cầu"
            planned.append(Planned(month, state, is_due, why))
    return planned


def _state(
    session: Session, run: Run, month: Period, last: ReportRunRecord | None, as_of: datetime | None
) -> tuple[State, str]:
    if not submissions.counting_submissions(session, [str(month)], as_of):
        return State.EMPTY, "chưa có báo cáo nào được chấp nhận"
    if last is None:
        return State.MISSING, "chưa lập lần nào"
    if last.edition_id is None or last.known_at is None:
        return State.FAILED, f"lần trước không lập được: {last.reason}"
    news = _news(session, run, month, last.known_at, as_of)
    if news:
        return State.CHANGED, first_few(news)
    if last.code_version != code_version():
        return State.CHANGED, "chương trình đã đổi"
    return State.CURRENT, f"đã có bản {last.edition_id}"


def _news(session: Session, run: Run, month: Period, since: datetime, as_of: datetime | None) -> list[str]:
    """What the report of the month would know that its last edition did not."""
    periods = sorted({str(each) for span in run.reference.spans(month).values() for each in span.months})
    learnt = learnt_between(session, run, periods, since, as_of)
    return news_in_short(learnt, as_of or run.now())
