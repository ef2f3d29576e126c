"""Processes of this machine: whether one lives, and what tells it from a later one with its number."""

import os
from pathlib import Path


def is_alive(number: int) -> bool:
    """Whether a process bears the number now, whoever's it is."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def life_of(number: int) -> str:
    """What tells a process from a later one with its number, also after the machine was switched off; empty where none is."""
    try:
        started = Path("/proc", str(number), "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text(encoding='utf-8').strip()} {started}"
    except (OSError, IndexError):
        return ""
