"""A submission: one workbook as received, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from domain.calendar import VIETNAM
from domain.findings import Verdict


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """What is kept of one workbook besides its rows."""

    sha256: str
    file_name: str
    received_at: datetime
    unit_code: str | None
    period: str | None
    revision: int | None
    kind: str | None
    reason: str | None
    preparer_name: str | None
    approver_name: str | None
    is_nil: bool
    is_sample: bool
    verdict: Verdict
    working_days_late: int
    content_hash: str | None
    likeness: str | None
    columns: Mapping[str, Mapping[str, str]]
    """For each kept table, the letter of the column in which each field stands."""
    arrived_at: datetime | None = field(default=None, kw_only=True)
    """When the file came; it counts as known from `received_at` on, which is later where it was judged later."""
    preparer_phone: str | None = field(default=None, kw_only=True)
    approver_title: str | None = field(default=None, kw_only=True)
    form: str | None = field(default=None, kw_only=True)
    """Which version of the form it was; not known of what was judged before there were two."""

    @property
    def came_at(self) -> datetime:
        """When the file came: by this it is late or in time, and before or after a lock."""
        return self.arrived_at or self.received_at


@dataclass(frozen=True, slots=True)
class ArrivalRecord:
    """One file as it came in by one way, as the ledger knows it; the number is that of its receipt."""

    number: int
    channel: str
    file_name: str
    sha256: str
    sender: str | None
    arrived_at: datetime
    own_time: datetime | None = None
    """The time that the file bore, by whatever clock: shown, never counted with."""

    @property
    def label(self) -> str:
        """The file and its receipt, as people are told of it."""
        return f"{self.file_name} (số {self.number:06d})"

    @property
    def arrived_on(self) -> date:
        """The Vietnamese day on which it came."""
        return self.arrived_at.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Difference:
    """One row or cell in which a submission differs from the accepted revision before it."""

    table: str
    kind: str
    """`added`, `removed` or `changed`."""
    row_key: str
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SubmissionRecord(NewSubmission):
    """A submission as the ledger knows it."""

    submission_id: int


@dataclass(frozen=True, slots=True)
class LockRecord:
    """A period closed from a moment on, as the ledger knows it."""

    period: str
    locked_from: datetime
    locked_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class UnlockRecord:
    """A submission that was let into a locked period, and why."""

    submission_id: int
    reason: str
    unlocked_by: str
    unlocked_at: datetime
