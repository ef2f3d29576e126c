"""Every command of the program as a person would type it, run in a process of its own on a machine with a fault."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from services.settings import PROGRAM
from tests.services.mail.office import EDITION

BY = ("--by", "Nguyễn Văn A")
EVERY: Mapping[str, tuple[str, ...]] = {
    "forms": ("2024-01", "--unit", "622"),
    "send-forms": ("2024-01", "--unit", "622"),
    "check": ("{workbook}",),
    "collect": (),
    "remind": ("2024-01",),
    "narrative": ("2024-02", *BY),
    "report": ("2024-01",),
    "status": ("2024-01",),
    "export": ("2024-01", "--out", "{tmp}/export"),
    "serve": (),
    "worker": (),
    "demo": ("2024-02",),
    "account": ("list",),
    "check-edition": (EDITION,),
    "release": (EDITION, "--number", "15", "--date", "2026-11-26"),
    "sign": (EDITION, "--pkcs12", "{tmp}/none.p12"),
    "repair": (EDITION,),
    "withdraw": (EDITION, "--reason", "sai số"),
    "preview": (EDITION,),
    "send": (EDITION,),
    "send-units": (EDITION,),
    "outbox": (),
    "watch": (),
    "recipients": (),
    "trace": (EDITION, "value_total_vnd@period"),
    "verify": ("--ledger",),
    "duplicates": ("2024-01",),
    "questions": ("2024-01", "--write"),
    "explain": ("{workbook}",),
    "burden": ("2024-01",),
    "dictionary": (),
    "import-history": ("{tmp}/history",),
    "backfill": ("2024-01", "2024-01"),
    "rejudge": ("2024-01",),
    "rehearse": ("{rules}",),
    "grid": ("2024-01", "2024-01"),
    "series": ("value_total_vnd", "2024-01", "2024-01"),
    "revisions": ("2024-01",),
    "lock": ("2024-01", *BY),
    "unlock": ("2024-01", *BY, "--unlock-reason", "nộp muộn"),
    "doctor": (),
    "backup": ("{tmp}/disk",),
    "restore": ("{tmp}/disk/ketnghia-x",),
    "upgrade": (),
    "database": ("tables",),
}
OWN_WAY = frozenset({"doctor", "restore", "upgrade", "dictionary"})
"""These do not open the ledger as the others do: they say how it is, make it, alter it, or need none."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    command: str
    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """What it said beside its answer, without warnings of the log."""
        return [line for line in self.err.splitlines() if not line.startswith("Không ghi được nhật ký")]


def run_command(
    command: str, home: Path, tmp: Path, limit: Callable[[], None] | None = None, cwd: Path = PROGRAM, **settings: str
) -> Ended:
    """Run one command on the home; `limit` is done in its process first."""
    history = tmp / "history"
    history.mkdir(exist_ok=True)
    workbook = next((path for path in (home / "archive").glob("??/*")), tmp / "none.xlsx")
    named = {"tmp": tmp, "workbook": workbook, "rules": PROGRAM / "expectations" / "activities.py"}
    arguments = [each.format(**named) for each in EVERY[command]]
    environment = os.environ | {
        "KETNGHIA_HOME": str(home),
        "KETNGHIA_LEDGER_WAIT_SECONDS": "0.3",
        "PYTHONPATH": os.pathsep.join(filter(None, (settings.pop("first_path", ""), str(PROGRAM)))),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", command, *arguments],
        capture_output=True, text=True, cwd=cwd, env=environment, preexec_fn=limit, timeout=240, check=False,
    )  # fmt: skip
    return Ended(command, done.returncode, done.stdout, done.stderr)


def run_commands(commands: Iterable[str], run: Callable[[str], Ended]) -> dict[str, Ended]:
    """Run them, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return {ended.command: ended for ended in pool.map(run, commands)}
