"""What an edition is: one report as printed, bound to the hash of its bytes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EditionState(StrEnum):
    """Where an edition stands between being printed and being delivered."""

    DRAFT = "draft"
    RELEASED = "released"
    SENT = "sent"
    VOID = "void"

    @property
    def words(self) -> str:
        """The state in Vietnamese."""
        return {"draft": "dự thảo", "released": "đã duyệt", "sent": "đã gửi", "void": "đã hủy"}[self]


@dataclass(frozen=True, slots=True)
class NewEdition:
    """A report as it has just been printed."""

    period: str
    sha256: str
    data_sha256: str
    """The hash of its data file, which stands on its last page."""
    code_version: str
    fonts_version: str
    reference_version: str
    """With what program, fonts and tables it was made: with the same ones its bytes come out again."""
    as_of: datetime
    made_at: datetime
    is_sample: bool


@dataclass(frozen=True, slots=True)
class EditionRecord(NewEdition):
    """An edition as the ledger knows it."""

    edition_id: str
    number: int
    state: EditionState
    released_by: str | None
    released_at: datetime | None
    void_reason: str | None


@dataclass(frozen=True, slots=True)
class ReportRunRecord:
    """One attempt to make the report of a period; `known_at` is the last moment at which its knowledge changed."""

    period: str
    as_of: datetime | None
    known_at: datetime | None
    code_version: str
    edition_id: str | None
    reason: str
    finished_at: datetime
