"""Try changed rules on everything that was ever taken in: which submissions would they have stopped, or let through?"""

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.calendar import VIETNAM
from domain.errors import BadRules, UnreadableFile
from domain.findings import Rule, Severity
from domain.submissions import SubmissionRecord
from expectations.rules import RULES
from ingest.workbook.packed import PackedWorkbook
from ingest.workbook.patience import read_alone
from ingest.workbook.readers import Readers
from services.intake.batches import batches_to_judge
from services.intake.history import history_before
from services.intake.judge import Circumstances, examine
from services.progress import Progress, no_progress
from services.run import Run
from services.settings import PROGRAM
from storage import archive, submissions

_TABLES_THAT_JUDGE = ("thresholds.csv", "villages.csv", "partners.csv", "assignments.csv", "unit_aliases.csv")


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One past submission whose verdict the changed rules would alter."""

    file_name: str
    unit_code: str | None
    period: str | None
    revision: int | None
    is_stopped: bool
    """Whether it would be returned now; else it would be let through."""
    rules: Sequence[str]
    """The errors that make the difference."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Everything that would change, and how much was looked at."""

    looked_at: int
    changed: Sequence[Rehearsed]


def rehearse(run: Run, changed: Path, on_progress: Progress = no_progress) -> Rehearsal:
    """Judge every readable submission of the ledger by today's rules and by the changed ones.

    What changed is a rule module as in `expectations/` (`activities.py`), or a table as in `reference/`
    (`thresholds.csv`).

    Raises:
        BadRules: if the file is neither, or does not hold rules.
    """
    rules, altered = _changed(run, changed)
    with run.ledger.read() as session:
        records = {record.sha256: record for record in submissions.readable_submissions(session)}
    books = _read(run, records)
    found: list[Rehearsed] = []
    batches = batches_to_judge(books, run.reference)
    for number, batch in enumerate(batches, start=1):
        before = _errors(run, RULES, batch, records)
        after = _errors(altered, rules, batch, records)
        for book in batch:
            if bool(before[book.file]) != bool(after[book.file]):
                found.append(_rehearsed(records[book.file], before[book.file], after[book.file]))
        on_progress("rehearse", number, len(batches))
    return Rehearsal(len(books), found)


def _rehearsed(record: SubmissionRecord, before: set[str], after: set[str]) -> Rehearsed:
    return Rehearsed(
        record.file_name, record.unit_code, record.period, record.revision, bool(after), sorted(after or before)
    )


def _read(run: Run, records: Mapping[str, SubmissionRecord]) -> list[PackedWorkbook]:
    aliases = run.reference.column_aliases()
    books = []
    with Readers(run.settings.limits) as readers:
        for sha256 in records:
            try:
                books.append(
                    read_alone(readers, archive.brought(run.kept, run.settings.archive, sha256), sha256, aliases)
                )
            except UnreadableFile:
                # Limits may have been lowered since it was taken in; what cannot be read cannot be judged again.
                continue
    return books


def _errors(
    run: Run,
    rules: Mapping[str, Sequence[Rule]],
    batch: Sequence[PackedWorkbook],
    records: Mapping[str, SubmissionRecord],
) -> dict[str, set[str]]:
    """The codes of the errors of each file; how a later revision stands to it is no question here."""
    files = [book.file for book in batch]
    received = {file: records[file].came_at.astimezone(VIETNAM).date() for file in files}
    history = history_before(run, batch[0].period, batch[0].unit, files)
    judged = examine(
        batch,
        Circumstances(
            received, run.reference, history, run.settings.oldest, rules=rules, engine=run.settings.validation_engine
        ),
    )
    return {
        each.file: {finding.rule for finding in each.findings.found if finding.severity is Severity.ERROR}
        - {"E-REVISION", "E-REVISION-TWICE"}
        for each in judged
    }


def _changed(run: Run, changed: Path) -> tuple[Mapping[str, Sequence[Rule]], Run]:
    """The rules, and the run, with the changed file in the place of its namesake."""
    if changed.suffix == ".py" and changed.is_file():
        return _with_module(changed), run
    if changed.name in _TABLES_THAT_JUDGE and changed.is_file():
        return RULES, run.with_tables(
            replace(run.tables, files={**run.tables.files, changed.name: changed.read_bytes()})
        )
    raise BadRules(
        f"{changed} không phải quy tắc: cần một tệp như trong expectations/ (ví dụ activities.py) "
        f"hoặc một trong các bảng {', '.join(_TABLES_THAT_JUDGE)}."
    )


def _with_module(path: Path) -> Mapping[str, Sequence[Rule]]:
    """Today's rules, those of one module replaced; each tuple is known by its name in the original module."""
    altered = importlib.util.spec_from_file_location("altered", path)
    if altered is None or altered.loader is None or not (PROGRAM / "expectations" / path.name).is_file():
        raise BadRules(f"expectations/ không có {path.name}; đặt tên tệp như tệp được sửa.")
    module = importlib.util.module_from_spec(altered)
    try:
        altered.loader.exec_module(module)
    except Exception as error:
        # The file is the user's draft: whatever is wrong with it is reported, not raised as a bug of ours.
        raise BadRules(f"{path}: không chạy được ({type(error).__name__}: {error}).") from error
    rules = dict(RULES)
    taken = False
    for name in rules:
        own = getattr(module, _NAMES[name], None)
        if own is not None:
            rules[name], taken = own, True
    if not taken:
        raise BadRules(f"{path}: không có bộ quy tắc nào tên {', '.join(_NAMES.values())}.")
    return rules


_NAMES = {
    "sheets": "SHEETS",
    "columns": "COLUMNS",
    "places": "PLACES",
    "cells": "CELLS",
    "written_totals": "WRITTEN_TOTALS",
    "statement": "STATEMENT",
    "activities": "ACTIVITIES",
    "households": "HOUSEHOLDS",
    "roster": "ROSTER",
    "politics_security": "POLITICS_SECURITY",
    "control_totals": "CONTROL_TOTALS",
}
