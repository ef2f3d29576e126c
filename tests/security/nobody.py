"""Another account of the machine, which may do what anybody may."""

import os
import subprocess

import pytest

_NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another account")


def as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, user=_NOBODY, group=_NOBODY, extra_groups=[], capture_output=True, text=True, check=False
    )
