"""The Word copies of a small month in both layouts, beside what they were made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from domain.letterhead import Sender
from domain.period import Period
from reports.companions.word_copy import word_copy
from reports.content import Document
from services.editions.compose import compose
from services.figures.summary import summary_of
from services.run import open_run
from services.settings import Settings
from tests.builders import PARTY
from tests.commands import collect_submissions


@dataclass(frozen=True)
class Copy:
    """A copy and everything that it was made of."""

    document: Document
    sender: Sender
    at: datetime
    fonts: Path
    content: bytes


@pytest.fixture(scope="session")
def copies(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Mapping[str, Copy]:
    """Two districts' February with the faults of an honest month, in both layouts."""
    settings = new_home()
    fill(settings, "2024-01", "2024-02", only={"622", "623"})
    collect_submissions(settings)
    made = {}
    for name in ("nd30", "party"):
        if name == "party":
            (settings.home / "reference" / "sender.toml").write_text(PARTY, encoding="utf-8")
        with open_run(settings) as run:
            summary = summary_of(run, Period.parse("2024-02"), None)
            composed = compose(run, summary)
        given = composed.document, composed.sender, summary.cut_at, settings.fonts
        made[name] = Copy(*given, word_copy(*given))
    return made
