"""Judges workbooks in one pass, as a collection does, by both engines."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from domain.findings import Engine, Rule
from domain.period import Period
from domain.reference import Reference
from expectations import gate
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from services.intake import pointing
from services.intake.judge import Circumstances, Examined, examine
from transforms.history import NO_HISTORY, History


@pytest.fixture
def agreeing_engines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Every frame is judged by both engines, which must find the same rows; how many rows they found together."""
    found_so_far = 0

    def judged_by_both(frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine) -> list[tuple[Rule, list[int]]]:
        nonlocal found_so_far
        found, otherwise = (gate.broken_rows(frame, rules, each) for each in Engine)
        differing = [
            (rule, rows, others) for (rule, rows), (_, others) in zip(found, otherwise, strict=True) if rows != others
        ]
        assert differing == []
        found_so_far += sum(len(rows) for _, rows in found)
        return found

    monkeypatch.setattr(pointing, "broken_rows", judged_by_both)
    return lambda: found_so_far


@pytest.fixture
def judge(tmp_path: Path, reference: Reference, agreeing_engines: Callable[[], int]) -> Callable[..., list[Examined]]:
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
