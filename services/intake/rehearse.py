"""Try changed rules on everything that was ever taken in: which submissions would they have stopped, or let through?"""

import importlib.util
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.calendar import VIETNAM
from domain.errors import BadRules, UnreadableFile
from domain.findings import Rule, Severity
from domain.reference import Reference
from domain.submissions import SubmissionRecord
from expectations.rules import RULES
from ingest.tables.reference import load_reference
from ingest.workbook.read import RawWorkbook, read_workbook
from services.intake.collect import waves_of
from services.intake.history import history_before
from services.intake.judge import Examined, examine
from services.registers import load_registers
from services.settings import CHECKOUT, Settings
from services.steps import Tell, silently
from storage import archive, submissions
from storage.database import Database, open_database

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


def rehearse(settings: Settings, changed: Path, tell: Tell = silently) -> Rehearsal:
    """Judge every readable submission of the ledger by today's rules and by the changed ones.

    Args:
        settings: where the ledger and the archive are.
        changed: a rule module as in `expectations/` (`activities.py`), or a table as in `reference/` (`thresholds.csv`).
        tell: hears how far it has come.

    Raises:
        BadRules: if the file is neither, or does not hold rules.
    """
    today = load_registers(settings)
    with _changed(settings, changed) as (rules, reference):
        database = open_database(settings.ledger_url)
        with database.begin() as session:
            records = {record.sha256: record for record in submissions.readable_submissions(session)}
        books = _read(settings, today, records)
        found: list[Rehearsed] = []
        waves = waves_of(books, today)
        for number, wave in enumerate(waves, start=1):
            before = _errors(database, today, RULES, wave, records, settings)
            after = _errors(database, reference, rules, wave, records, settings)
            for book in wave:
                if bool(before[book.file]) != bool(after[book.file]):
                    record = records[book.file]
                    is_stopped = bool(after[book.file])
                    found.append(
                        Rehearsed(
                            record.file_name,
                            record.unit_code,
                            record.period,
                            record.revision,
                            is_stopped,
                            sorted(after[book.file] if is_stopped else before[book.file]),
                        )
                    )
            tell("thử quy tắc", number, len(waves))
        database.close()
    return Rehearsal(len(books), found)


def rehearsal_lines(rehearsal: Rehearsal) -> list[str]:
    """What would change, worded for a terminal."""
    stopped = sum(each.is_stopped for each in rehearsal.changed)
    lines = [
        f"  {each.period} {each.unit_code}, lần nộp {each.revision} ({each.file_name}): "
        f"{'bị trả lại' if each.is_stopped else 'được nhận'} ({', '.join(each.rules)})"
        for each in rehearsal.changed
    ]
    return [
        f"Đã thử trên {rehearsal.looked_at} bài nộp: {stopped} bị trả lại thêm, "
        f"{len(rehearsal.changed) - stopped} nay được nhận.",
        *lines,
    ]


def _read(settings: Settings, reference: Reference, records: Mapping[str, SubmissionRecord]) -> list[RawWorkbook]:
    aliases = reference.column_aliases()
    books = []
    for sha256 in records:
        try:
            books.append(read_workbook(archive.place_of(settings.archive, sha256), sha256, aliases, settings.limits))
        except UnreadableFile:
            # Limits may have been lowered since it was taken in; what cannot be read cannot be judged anew.
            continue
    return books


def _errors(
    database: Database,
    reference: Reference,
    rules: Mapping[str, Sequence[Rule]],
    wave: Sequence[RawWorkbook],
    records: Mapping[str, SubmissionRecord],
    settings: Settings,
) -> dict[str, set[str]]:
    """The codes of the errors of each file; how a later revision stands to it is no question here."""
    files = [book.file for book in wave]
    received = max(records[file].received_at for file in files).astimezone(VIETNAM).date()
    history = history_before(database, reference, wave[0].stated_period, wave[0].stated_unit, files)
    judged: list[Examined] = examine(wave, received, reference, history, settings.oldest, rules=rules)
    return {
        each.file: {finding.rule for finding in each.findings.found if finding.severity is Severity.ERROR}
        - {"E-REVISION", "E-REVISION-TWICE"}
        for each in judged
    }


@contextmanager
def _changed(settings: Settings, changed: Path) -> Iterator[tuple[Mapping[str, Sequence[Rule]], Reference]]:
    """The rules and the registers with the changed file in the place of its namesake."""
    if changed.suffix == ".py" and changed.is_file():
        yield _with_module(changed), load_registers(settings)
    elif changed.name in _TABLES_THAT_JUDGE and changed.is_file():
        with tempfile.TemporaryDirectory() as folder:
            local = Path(folder)
            own = settings.home / "reference"
            if own.is_dir():
                shutil.copytree(own, local, dirs_exist_ok=True)
            shutil.copyfile(changed, local / changed.name)
            yield RULES, load_reference(settings.reference, local)
    else:
        raise BadRules(
            f"{changed} không phải quy tắc: cần một tệp như trong expectations/ (ví dụ activities.py) "
            f"hoặc một trong các bảng {', '.join(_TABLES_THAT_JUDGE)}."
        )


def _with_module(path: Path) -> Mapping[str, Sequence[Rule]]:
    """Today's rules, those of one module replaced; each tuple is known by its name in the original module."""
    altered = importlib.util.spec_from_file_location("altered", path)
    if altered is None or altered.loader is None or not (CHECKOUT / "expectations" / path.name).is_file():
        raise BadRules(f"expectations/ không có {path.name}; đặt tên tệp như tệp được sửa.")
    module = importlib.util.module_from_spec(altered)
    try:
        altered.loader.exec_module(module)
    except Exception as error:
        # The file is the user's draft: whatever is wrong with it is told, not raised as a bug of ours.
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
    "cells": "CELLS",
    "statement": "STATEMENT",
    "activities": "ACTIVITIES",
    "households": "HOUSEHOLDS",
    "roster": "ROSTER",
    "politics_security": "POLITICS_SECURITY",
    "control_totals": "CONTROL_TOTALS",
}
