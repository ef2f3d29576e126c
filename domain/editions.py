"""What an edition is: one report as printed, bound to the hash of its bytes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class EditionState(StrEnum):
    """Where an edition stands between being printed and being delivered."""

    DRAFT = "draft"
    CHECKED = "checked"
    RELEASED = "released"
    SENT = "sent"
    SUPERSEDED = "superseded"
    """Sent, and replaced by a later edition that was sent."""
    WITHDRAWN = "withdrawn"
    """Taken back by a person, before or after it was sent."""
    VOID = "void"
    """What it says is no longer what the ledger knows; it was never sent."""

    @property
    def label(self) -> str:
        """The state in Vietnamese."""
        return {
            "draft": "dự thảo",
            "checked": "đã soát",
            "released": "đã duyệt",
            "sent": "đã gửi",
            "superseded": "đã được thay thế",
            "withdrawn": "đã rút",
            "void": "đã hủy",
        }[self]

    @property
    def is_unsent(self) -> bool:
        """Whether it may still become a sent one."""
        return self in (EditionState.DRAFT, EditionState.CHECKED, EditionState.RELEASED)


@dataclass(frozen=True, slots=True)
class NewEdition:
    """A report as it has just been printed."""

    period: str
    sha256: str
    data_sha256: str
    """The hash of its data file, which stands on its last page."""
    html_sha256: str
    """The hash of the page it was printed from; what is issued is the same page with its blanks filled in."""
    code_version: str
    fonts_version: str
    reference_version: str
    """With what program, fonts and tables it was made: with the same ones its bytes come out again."""
    as_of: datetime
    made_at: datetime
    is_sample: bool
    prepared_by: str
    manifest: str
    """With what it was made, as JSON; empty for editions of before there were manifests."""
    tables_sha256: str
    """The hash of the workbook beside it; empty for editions of before it was kept."""


@dataclass(frozen=True, slots=True)
class EditionRecord(NewEdition):
    """An edition as the ledger knows it."""

    edition_id: str
    number: int
    state: EditionState
    checked_by: str | None
    checked_at: datetime | None
    released_by: str | None
    released_at: datetime | None
    void_reason: str | None
    doc_number: str | None
    doc_date: date | None
    not_before: date | None
    replaces: str | None
    """The edition, sent before, that this one takes the place of."""
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    issued_sha256: str | None
    """The hash of the PDF as released: with number and day, without the mark of a draft."""
    issued_tables_sha256: str | None
    """The hash of the workbook as released: it names the document it goes with, and bears no mark of a draft."""
    signed_sha256: str | None
    """The hash of that PDF with a digital signature beside it."""
    signed_by: str | None
    """Whom the certificate names."""
    signed_at: datetime | None

    @property
    def document_sha256(self) -> str:
        """The hash of the document as it stands: as signed, as issued, and before that the draft."""
        return self.signed_sha256 or self.issued_sha256 or self.sha256

    @property
    def tables(self) -> tuple[str, str]:
        """The workbook as it stands: the hash of the PDF that it lies beside, and its own; empty where it was not kept."""
        if self.issued_sha256:
            return self.issued_sha256, self.issued_tables_sha256 or ""
        return self.sha256, self.tables_sha256

    @property
    def all_sha256(self) -> tuple[str, ...]:
        """The hashes of all documents it has been."""
        return tuple(digest for digest in (self.sha256, self.issued_sha256, self.signed_sha256) if digest)


@dataclass(frozen=True, slots=True)
class Issue:
    """What a release adds to the page that was read."""

    doc_number: str | None = None
    """As it is printed: 214/BC-UBND."""
    doc_date: date | None = None
    replaced: str = ""
    """The document it takes the place of, in words."""


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """With what an edition is released."""

    doc_number: str | None = None
    """The number the registry gave; without it nothing is issued."""
    doc_date: date | None = None
    """The day the document bears; without it nothing is issued."""
    not_before: date | None = None
    """The first day on which it may be sent."""
    replaces: str | None = None
    """The edition of the same period, sent before, that it takes the place of."""


def release_command(
    edition_id: str,
    number: str | None = None,
    day: date | None = None,
    *,
    not_before: date | None = None,
    replaces: str | None = None,
) -> str:
    """What to type to release an edition; in capitals what only a person knows."""
    options = f" --not-before {not_before}" if not_before else ""
    options += f" --replaces {replaces}" if replaces else ""
    return f"ketnghia release {edition_id} --number {number or 'SỐ'} --date {day or 'NGÀY'}{options}"


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
    made_with: str | None = None
    """The hash of everything that a report is made with but the ledger; attempts of before it was kept have none of these."""
    beside_sha256: str | None = None
    """The hash of the files beside the page that are in no other hash."""
    seen_links: int | None = None
    """How long the chain was before the first row was read."""
    begun_at: datetime | None = None
    """The moment before that."""
