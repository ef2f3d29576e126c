"""Judges workbooks in one pass, as a collection does."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.period import Period
from domain.reference import Reference
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from services.intake.judge import Circumstances, Examined, examine
from transforms.history import NO_HISTORY, History


@pytest.fixture
def judge(tmp_path: Path, reference: Reference) -> Callable[..., list[Examined]]:
    """Judge many workbooks in one pass, as a collection does."""

    def run(contents: list[bytes], history: History = NO_HISTORY, received: date = date(2024, 2, 16)) -> list[Examined]:
        books = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.xlsx"
            path.write_bytes(content)
            books.append(pack(read_workbook(path, f"{number:04d}")))
        oldest = Period.parse("2013-01")
        return examine(books, Circumstances({book.file: received for book in books}, reference, history, oldest))

    return run
