"""Looks after the workers from where the server is: what a lost one had is done again, and the operators hear of it."""

import time
from datetime import UTC, datetime

from domain.errors import KetnghiaError
from flows.serving.api import Api
from flows.serving.lost_runs import end_lost_runs, workers_back
from services.heartbeat import keep_last_elsewhere
from services.log import note, warn
from services.mail.troubles import note_over, note_trouble, tell_operators
from services.run import open_without_own_tables
from services.settings import Settings
from storage.database import LedgerUnreachable

_LOOK_SECONDS = 15.0
_TROUBLE = "worker-lost"


class Overseer:
    """Looks now and then; what it cannot do it does the next time."""

    def __init__(self, api: Api, settings: Settings, own: str) -> None:
        self._api, self._settings, self._own = api, settings, own
        self._next, self._since = time.monotonic(), datetime.now(UTC)
        self._gone: set[str] = set()
        """The workers that were lost and have not come back."""
        self._told: set[str] | None = None
        """Of which of them the operators know; not known before the first look."""
        self._is_due = False
        self._last_reconciled = ""

    def look(self) -> None:
        """Look, where it is time."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _LOOK_SECONDS
        try:
            self._end_lost_runs(datetime.now(UTC))
            self._keep_heartbeat()
        except (OSError, KetnghiaError, *LedgerUnreachable) as reason:
            note("workers-not-seen", reason=str(reason))

    def _end_lost_runs(self, now: datetime) -> None:
        lost = end_lost_runs(self._api, now, self._since, self._own)
        if lost:
            warn("worker-lost", _sentence(lost), workers=sorted(lost))
        self._is_due |= bool(lost)
        self._gone |= lost - {""}
        self._gone -= workers_back(self._api, now, self._gone)
        if self._is_due:
            self._api.start_run("reconcile")
            self._is_due = False
        if self._gone != self._told:
            self._tell(self._gone)
            self._told = set(self._gone)

    def _tell(self, gone: set[str]) -> None:
        # Tables of the office that cannot be read keep nobody from hearing of this.
        with open_without_own_tables(self._settings) as run:
            if gone:
                advice = "Xem máy ấy còn chạy không; ở máy ấy: systemctl restart ketnghia-worker, rồi ketnghia doctor."
                note_trouble(run, _TROUBLE, _sentence(gone), advice)
            else:
                note_over(run, _TROUBLE)
            tell_operators(run)

    def _keep_heartbeat(self) -> None:
        """Whoever watches this machine from outside learns that the daily work was done, also where another did it."""
        states = {"type": {"any_": ["COMPLETED", "FAILED"]}}
        query = {
            "flows": {"name": {"any_": ["reconcile"]}},
            "flow_runs": {"state": states},
            "sort": "END_TIME_DESC",
            "limit": 1,
        }
        for run in self._api.ask("flow_runs/filter", query):
            if run["end_time"] != self._last_reconciled:
                keep_last_elsewhere(self._settings.home, "reconcile", datetime.fromisoformat(run["end_time"]))
                self._last_reconciled = run["end_time"]


def _sentence(workers: set[str]) -> str:
    named = ", ".join(sorted(filter(None, workers))) or "chưa rõ tên"
    return f"Tiến trình làm việc không còn trả lời ({named}); việc dở dang được làm lại ở máy còn chạy."
