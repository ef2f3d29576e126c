"""Brings the ledger up to date, after a copy of it was put beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from services.run import refuse_missing_ledger
from services.settings import Settings
from storage.database import upgrade_database
from storage.left_overs import part_name
from storage.snapshot import take_snapshot

FOLDER = "before-upgrade"
"""In the data folder: the ledger as it was before each upgrade."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which revision to which, and where the ledger of before was kept, where there were rows to keep."""

    before: str
    after: str
    copy: Path | None


def upgrade(settings: Settings) -> Upgraded:
    """Bring the schema up to date.

    Raises:
        NoLedger: if there is no ledger.
        LedgerFault: if it cannot be copied, or a newer program has upgraded it; then it is as it was.
    """
    refuse_missing_ledger(settings)
    kept: list[Path] = []

    def keep_copy(revision: str) -> None:
        name = f"ledger-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.sqlite3"
        part = settings.home / FOLDER / part_name(name)
        take_snapshot(settings.ledger_url, part)
        kept.append(part.rename(part.with_name(name)))

    before, after = upgrade_database(settings.ledger_url, keep_copy, settings.ledger_wait_seconds)
    return Upgraded(before, after, kept[0] if kept else None)
