"""Adding an indicator is adding one entry, and nothing else."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.settings import PROGRAM, Settings
from tests.commands import collect_submissions

pytestmark = pytest.mark.slow
ENTRY = """
INDICATORS = (*INDICATORS, _activity("notes_written", "Dòng có ghi chú", "Số dòng hoàn thành có ghi chú.", "dòng",
                                     "description", aggregate=Aggregate.COUNT))
"""
TRY = """
import json, openpyxl, pathlib
from domain.period import Period
from flows.monthly_report import monthly_report
from reports.pdf.inspect import open_pdf
from services.queries.export import as_files, export
from services.queries.trace import trace
from services.run import open_run
from services.settings import Settings
from services.steps import Direct

february = Period.parse("2024-02")
with open_run(Settings(home=pathlib.Path({home!r}), _env_file=None)) as run:
    printed = monthly_report(run, Direct(run), february)
    cells = len(trace(run, printed.edition.edition_id, "notes_written@period").cells)
    exported = as_files(export(run, february))["measures.jsonl"].decode()
book = openpyxl.load_workbook(printed.path.with_suffix("") / "bang-so-lieu.xlsx")
workbook = [cell.value for row in book["Chỉ tiêu, định nghĩa"].iter_rows() for cell in row]
pdf = open_pdf(printed.path.read_bytes())
data = json.loads(pdf.attachments["so-lieu.json"])
[figure] = [each for each in data["listed"] if each["id"] == "notes_written@period"]
print(json.dumps({{
    "table": "Dòng có ghi chú" in workbook,
    "dictionary": "notes_written" in pdf.attachments["tu-dien-so-lieu.csv"].decode(),
    "value": figure["value"],
    "cells": cells,
    "export": "notes_written:unit=622@period" in exported,
}}))
"""


def test_a_new_entry_stands_in_table_dictionary_data_trace_and_export(
    tmp_path: Path, new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    settings = new_home()
    fill(settings, "2024-02", with_faults=False, only={"622"})
    collect_submissions(settings)
    checkout = tmp_path / "checkout"
    ignored = shutil.ignore_patterns(".venv", ".git", "data", "tests", ".*cache", "__pycache__", ".hypothesis")
    shutil.copytree(PROGRAM, checkout, ignore=ignored)
    catalogue = checkout / "domain" / "catalogue.py"
    text = catalogue.read_text(encoding="utf-8")
    by_code = "INDICATOR_BY_CODE = {"
    assert text.count(by_code) == 1
    catalogue.write_text(text.replace(by_code, ENTRY + by_code), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", TRY.format(home=str(settings.home))], cwd=checkout, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(checkout), "PATH": "/usr/bin:/bin", "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["table"]
    assert told["dictionary"]
    assert told["export"]
    assert int(float(told["value"])) == told["cells"] > 0
