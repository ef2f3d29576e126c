"""The newest moment that a ledger bears: no clock that is right can stand before it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import Arrival, DeliveryAttempt, Edition, ReportRun

_MOMENTS = (Arrival.arrived_at, Edition.made_at, ReportRun.finished_at, DeliveryAttempt.at)


def newest_moment(session: Session) -> datetime | None:
    """When something was noted last; null where nothing is noted."""
    found = [session.scalar(select(func.max(column))) for column in _MOMENTS]
    return max((each for each in found if each is not None), default=None)
