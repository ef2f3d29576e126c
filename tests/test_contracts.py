"""The rooms keep their walls, also against a file that nobody has named yet."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from services.settings import PROGRAM

ROOMS: list[str] = tomllib.loads((PROGRAM / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "root_packages"
]
NOT_INSTALLED = {"tests", "benchmarks", "scripts"}


def test_every_folder_with_code_is_a_room_of_the_contracts() -> None:
    with_code = {place.parent.name for place in PROGRAM.glob("*/*.py")} - NOT_INSTALLED
    assert with_code == set(ROOMS)


def test_reading_services_open_the_ledger_for_reading_alone() -> None:
    written = re.compile(
        r"\.write\(|write_text|write_bytes|write_durably|open_database|\bopen\(|archive\.keep|keep_tables"
    )
    writing = [
        str(path.relative_to(PROGRAM))
        for room in ("queries", "figures")
        for path in (PROGRAM / "services" / room).rglob("*.py")
        if written.search(path.read_text(encoding="utf-8"))
    ]
    assert writing == []


def test_no_flow_imports_the_door_of_prefect() -> None:
    importing = [
        path.name
        for path in (PROGRAM / "flows").rglob("*.py")
        if re.search(r"import orchestration|flows\.orchestration", path.read_text(encoding="utf-8"))
    ]
    assert importing == []


_KNOW_PREFECT = "Only flows.orchestration, flows.task_runner and flows.serving.prefect_server know Prefect"
NEW_FILES = {
    "services/mail/sneaky.py": (
        "import prefect",
        _KNOW_PREFECT,
    ),
    "flows/__init__.py": ("import prefect", _KNOW_PREFECT),
    "flows/sneaky.py": (
        "from prefect import flow",
        _KNOW_PREFECT,
    ),
    "services/sneaky.py": ("import typer", "Only cli knows Typer and rich"),
    "cli/commands/sneaky.py": ("import flows.orchestration", "Nobody imports what knows Prefect"),
    "services/queries/sneaky.py": ("from storage.durable import write_durably", "Queries write nothing"),
    "services/queries/bold.py": ("import services.editions.release", "Queries write nothing"),
    "services/queries/recount/sneaky.py": ("import services.figures.summary", "Claims are counted again by code"),
    "services/queries/recount/bold.py": ("import domain.summary", "Claims are counted again in SQL"),
    "transforms/figures/sneaky.py": ("import pathlib", "The words and the transforms are pure"),
    "domain/sneaky.py": ("import storage.tables", "Floors: the terminal over the DAG"),
    "services/status/sneaky.py": ("import services.editions.make", "Floors of the services"),
    "reports/unit/sneaky.py": ("import sqlalchemy", "Only storage knows SQLAlchemy"),
}
"""What a file that nobody has named would import, and the contract that forbids it."""


@pytest.mark.slow
def test_a_new_file_is_under_its_rooms_contracts(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(PROGRAM / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROGRAM / "pyproject.toml", tmp_path)
    for name, (line, _) in NEW_FILES.items():
        (tmp_path / name).write_text(f'"""A new file."""\n\n{line}\n', encoding="utf-8")
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"], cwd=tmp_path, capture_output=True,
        text=True, check=False, env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode != 0
    verdicts, _, reasons = re.sub(r"\s+", " ", done.stdout).partition("Broken contracts")
    for name, (line, contract) in NEW_FILES.items():
        assert re.search(re.escape(contract) + r"[^.]*? BROKEN", verdicts), (contract, done.stdout)
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        assert f"{module} ->" in reasons, (line, done.stdout)
