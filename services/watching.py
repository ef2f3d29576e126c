"""Looks around for what will stop the program, or has: what it finds is told to the operators, and when it is over."""

from collections.abc import Mapping
from datetime import timedelta
from socket import gethostname

from domain import wording
from services.heartbeat import last_run
from services.mail.troubles import note_over, note_trouble
from services.run import Run
from services.upkeep.doctor import CHECKS, examine

_LOOKED_AT = (
    "libraries", "fonts", "rights", "disk", "zone", "clock", "store", "backup", "tables", "roles", "holidays", "ways-in", "mail-out",
)  # fmt: skip
"""What of `doctor` somebody must hear of; the rest is known by the very fact that this runs."""
_SILENT = timedelta(hours=26)
"""So long after its last run the daily one is missed."""


def look_around(run: Run) -> Mapping[str, str]:
    """What is wrong now, by what it is about; noted, and told by whoever asked to look."""
    found: dict[str, str] = {}
    # Beside the machine with the server, others look around too, and each of them has a disk of its own.
    machine = gethostname() if run.settings.prefect_server else ""
    checks = [check for check in CHECKS if check[0] in _LOOKED_AT]
    for line in examine(run.settings, run.clock, checks):
        key = f"doctor-{line.name}" + (f".{machine}" if machine else "")
        if line.found.is_good:
            note_over(run, key)
        else:
            found[key] = (f"Máy {machine}: " if machine else "") + f"{line.title}: {line.found.text}"
            note_trouble(run, key, f"{found[key]}.", f"{line.found.advice}.")
    silence = _silence(run)
    if silence:
        found["silence"] = silence
        note_trouble(
            run, "silence", silence, "Chạy “systemctl restart ketnghia” (hoặc “ketnghia serve”), rồi “ketnghia doctor”."
        )
    else:
        note_over(run, "silence")
    return found


def _silence(run: Run) -> str:
    """What is said where the service, once started here, has not done its daily work; empty where it has."""
    ran = last_run(run.settings.home, "reconcile")
    if ran is None or run.now() - ran <= _SILENT or run.settings.prefect_server:
        # A worker of another machine's server does the daily work on some days, and on others not.
        return ""
    return f"Việc hằng ngày không chạy từ {wording.moment(ran)}."
