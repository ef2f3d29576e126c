"""The wheel: built from this checkout, installed apart from it, run from an empty folder."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
NOT_CODE = (
    "templates/**/*.j2",
    "templates/**/*.css",
    "reference/*.csv",
    "reference/*.toml",
    "flows/prefect.yaml",
    "flows/serving/worker.json",
)
CODE = ("storage/migrations/**/*.py", "storage/migrations/script.py.mako", "*/py.typed", "expectations/*.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: building leaves folders beside the code."""
    folder = tmp_path_factory.mktemp("wheel")
    unwanted = shutil.ignore_patterns(
        ".*", "data", "tests", "benchmarks", "docs", "build", "dist", "*.egg-info", "__pycache__"
    )
    shutil.copytree(ROOT, folder / "checkout", ignore=unwanted)
    _run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, "."],
        cwd=folder / "checkout",
    )
    [built] = folder.glob("ketnghia-*.whl")
    return built


@pytest.fixture(scope="module")
def bin_folder(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The programs of an environment that holds the wheel, and sees what the tests run with but this checkout."""
    place = tmp_path_factory.mktemp("installed") / "venv"
    _run([sys.executable, "-m", "venv", "--without-pip", place])
    python = place / "bin" / "python"
    _run([sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel])
    # A folder named in a .pth is looked into, its own .pth files are not: an editable installation stays out of sight.
    [packages] = (place / "lib").glob("python*/site-packages")
    (packages / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    yield python.parent
    shutil.rmtree(place)


def test_the_wheel_holds_every_template_table_and_migration(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {str(path.relative_to(ROOT)) for pattern in (*NOT_CODE, *CODE) for path in ROOT.glob(pattern)}
    assert len(wanted) > 60
    assert wanted - held == set()


def test_the_wheel_holds_nothing_but_the_rooms(wheel: Path) -> None:
    held = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    rooms = {path.parent.name for path in ROOT.glob("*/py.typed")} | {"templates", "reference"}
    assert {name for name in held if not name.endswith(".dist-info")} == rooms


def test_the_code_that_runs_is_the_wheels(bin_folder: Path, tmp_path: Path) -> None:
    told = _run([bin_folder / "python", "-c", "import cli, services; print(cli.__file__, services.__file__)"], tmp_path)
    assert [Path(name).is_relative_to(bin_folder.parent) for name in told.split()] == [True, True]


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["--help"], "Báo cáo công tác kết nghĩa"),
        (["forms", "2024-02", "--unit", "622"], "1 biểu mẫu"),
    ],
)
def test_a_command_runs_from_an_empty_folder(
    bin_folder: Path, tmp_path: Path, arguments: list[str], answer: str
) -> None:
    assert answer in _run([bin_folder / "ketnghia", *arguments], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} <= {"data"}


def test_a_form_is_written_into_the_data_of_the_current_folder_and_status_looks_there(
    bin_folder: Path, tmp_path: Path
) -> None:
    _run([bin_folder / "ketnghia", "forms", "2024-02", "--unit", "622"], tmp_path)
    assert list((tmp_path / "data").rglob("KN_622_2024-02_v1.xlsx"))
    assert "0/17" in _run([bin_folder / "ketnghia", "status", "2024-02"], tmp_path)


def _run(command: list[str | Path], cwd: Path | None = None) -> str:
    unsaid = ("KETNGHIA_", "PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(unsaid)}
    if fonts := os.environ.get("KETNGHIA_FONTS"):
        environment["KETNGHIA_FONTS"] = fonts
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
