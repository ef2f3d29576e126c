"""The files of an edition that the ledger knows by their hashes."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from domain.editions import EditionRecord
from reports.companions.edition_data import JSON_NAME
from services.run import Run
from storage.edition_files import companion_path, html_path, pdf_path, tables_path
from storage.kept import KeptFiles


class Made(StrEnum):
    """Of what a file is made, and so of what it can be made again."""

    DRAFTED = "drafted"
    """Of the rows in the ledger, with the tables and settings of its manifest."""
    ISSUED = "issued"
    """Of the draft, with the number and day of its release."""
    SIGNED = "signed"
    """With a person's key: it cannot be made again."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One file, where it lies and what it must be."""

    place: Path
    sha256: str
    made: Made
    kept: KeptFiles

    @property
    def fault(self) -> str:
        """What is wrong with the file, in Vietnamese; empty where it is sound."""
        return self.kept.fault(self.place, self.sha256)


def papers_of(run: Run, edition: EditionRecord) -> list[Paper]:
    """Every such file of the edition; of one of an earlier program those whose hashes were kept then."""
    return papers_in(run.settings.editions, run.kept, edition)


def papers_in(folder: Path, kept: KeptFiles, edition: EditionRecord) -> list[Paper]:
    """Likewise, for whoever has no run: the files below that folder of editions."""
    named: list[tuple[Callable[[Path, str], Path], str | None, str | None, Made]] = [
        (pdf_path, edition.sha256, edition.sha256, Made.DRAFTED),
        (_json_path, edition.sha256, edition.data_sha256, Made.DRAFTED),
        (html_path, edition.sha256, edition.html_sha256, Made.DRAFTED),
        (tables_path, edition.sha256, edition.tables_sha256, Made.DRAFTED),
        (pdf_path, edition.issued_sha256, edition.issued_sha256, Made.ISSUED),
        (tables_path, edition.issued_sha256, edition.issued_tables_sha256, Made.ISSUED),
        (pdf_path, edition.signed_sha256, edition.signed_sha256, Made.SIGNED),
    ]
    return [Paper(place(folder, pdf), digest, made, kept) for place, pdf, digest, made in named if pdf and digest]


def _json_path(folder: Path, digest: str) -> Path:
    return companion_path(folder, digest, JSON_NAME)
