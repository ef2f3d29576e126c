"""Which processes of this machine live, and which is which."""

import os
import subprocess
import sys

import pytest

from storage.processes import is_alive, life_of


def test_a_process_that_ended_lives_no_more_and_has_no_life() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert is_alive(process.pid)
        assert life_of(process.pid) not in ("", life_of(os.getpid()))
        process.communicate()
    assert not is_alive(process.pid)
    assert life_of(process.pid) == ""


def test_a_number_that_no_process_can_bear_is_not_taken_for_a_dead_one() -> None:
    assert is_alive(2**70)


def test_the_process_of_another_account_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(number: int, signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbid)
    assert is_alive(1)
