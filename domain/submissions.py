"""A submission: one workbook as received, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
    is_nil: bool
    is_sample: bool
    verdict: Verdict
    working_days_late: int
    columns: Mapping[str, Mapping[str, str]]
    """For each kept table, the letter of the column in which each field stands."""


@dataclass(frozen=True, slots=True)
class SubmissionRecord(NewSubmission):
    """A submission as the ledger knows it."""

    submission_id: int
