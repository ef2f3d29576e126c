"""A command that is killed while it prints leaves nothing that the next one does not clear."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from services.settings import PROGRAM, Settings
from services.upkeep.tidy import clear_left_overs_of

pytestmark = pytest.mark.slow


def test_a_killed_print_leaves_fonts_that_the_next_command_clears(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = os.environ | {"KETNGHIA_HOME": str(home.home), "TMPDIR": str(temporary)}
    environment.pop("FONTCONFIG_FILE", None)
    command = [sys.executable, "-m", "cli.main", "report", "2024-01", "--unit", "622"]
    with subprocess.Popen(command, cwd=PROGRAM, env=environment, stdout=subprocess.DEVNULL) as running:
        while not list(temporary.glob("ketnghia-fonts-*")):
            assert running.poll() is None
            time.sleep(0.02)
        monkeypatch.setattr("tempfile.tempdir", str(temporary))
        assert clear_left_overs_of(home) == 0
        running.send_signal(signal.SIGKILL)
    assert len(list(temporary.glob("ketnghia-fonts-*"))) == 1
    subprocess.run([*command[:3], "collect"], cwd=PROGRAM, env=environment, capture_output=True, check=True)
    assert list(temporary.glob("ketnghia-fonts-*")) == []


def test_a_command_that_ends_takes_its_fonts_along(home: Settings, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = os.environ | {"KETNGHIA_HOME": str(home.home), "TMPDIR": str(temporary)}
    environment.pop("FONTCONFIG_FILE", None)
    command = [sys.executable, "-m", "cli.main", "report", "2024-01", "--unit", "622"]
    subprocess.run(command, cwd=PROGRAM, env=environment, capture_output=True, check=True)
    assert list(temporary.iterdir()) == []
