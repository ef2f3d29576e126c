"""The installation of an office's server, step by step, in a plain folder."""

import os
import subprocess
from pathlib import Path

import pytest

from services.settings import PROGRAM

pytestmark = pytest.mark.slow


def test_what_is_installed_runs_without_the_checkout(tmp_path: Path) -> None:
    home = tmp_path / "home"
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        ["bash", str(PROGRAM / "deploy" / "install.sh"), str(tmp_path / "opt")],
        cwd=tmp_path, capture_output=True, text=True, check=False, env=plain, umask=0o077,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("ketnghia ")
    ketnghia = tmp_path / "opt" / "bin" / "ketnghia"
    listed = subprocess.run(
        [ketnghia, "account", "add", "lan", "--person", "Nguyễn Thị Lan", "--role", "releaser"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env=plain | {"KETNGHIA_HOME": str(home)},
    )  # fmt: skip
    assert listed.returncode == 0, listed.stderr
    assert (home / "ketnghia.sqlite3").is_file()
    # The service's account is not the one that installs.
    closed = [
        file for file in (tmp_path / "opt").rglob("*") if not file.is_symlink() and not file.stat().st_mode & 0o004
    ]
    assert closed == []
