"""Runs whose worker is no more: they are ended, or they would go on for ever and hold back every later one.

Prefect keeps when it last heard of each worker, and of each run which worker has it. A run of a worker that still
answers is left alone, on whichever machine; a server that has just begun anew listens before it judges.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flows.serving.api import POOL, Api

BEATS = 6
"""So many beats a worker may miss before it is lost; by default it beats every thirty seconds."""
_BEAT_SECONDS = 30
SILENCE = timedelta(seconds=BEATS * _BEAT_SECONDS)
"""So long a worker may be silent, or a run under way before it is said which worker has it."""
_LATELY = timedelta(hours=1)
_WORKER = "prefect.worker.name"


def end_runs_of(api: Api, worker: str) -> int:
    """End what is under way in the name of a worker that has just been started; gives how many runs that was.

    Raises:
        NoServer: if the server does not answer.
    """
    return _end(api, (run for run in _under_way(api) if _worker_of(run) == worker))


def end_lost_runs(api: Api, now: datetime, listening_since: datetime, spared: str) -> set[str]:
    """End what is under way on workers that answer no more; gives their names, empty for a run that none had taken.

    Their silence counts from when the server listened. The one that is spared is known to live.

    Raises:
        NoServer: if the server does not answer.
    """
    silent_from = _silent_from(api, listening_since)
    lost = []
    for run in _under_way(api):
        worker = _worker_of(run)
        if worker and worker != spared:
            is_lost = now > silent_from.get(worker, listening_since + SILENCE)
        else:
            # Taken by one that died before it said so; what somebody runs by hand, without a worker, is his own.
            taken = max(datetime.fromisoformat(run["state"]["timestamp"]), listening_since)
            is_lost = not worker and run["deployment_id"] is not None and now > taken + SILENCE
        if is_lost:
            lost.append(run)
    _end(api, lost)
    return {_worker_of(run) for run in lost}


def workers_back(api: Api, now: datetime, lost: Iterable[str]) -> set[str]:
    """Those of the lost workers that were heard again.

    Raises:
        NoServer: if the server does not answer.
    """
    silent_from = _silent_from(api, now - _LATELY)
    return {name for name in lost if name in silent_from and now <= silent_from[name]}


def _silent_from(api: Api, listening_since: datetime) -> dict[str, datetime]:
    """From when on each worker has been silent for too long, if it is not heard before; not of those long forgotten."""
    lately = {"last_heartbeat_time": {"after_": (listening_since - _LATELY).isoformat()}}
    return {
        worker["name"]: max(datetime.fromisoformat(worker["last_heartbeat_time"]), listening_since)
        + timedelta(seconds=BEATS * (worker["heartbeat_interval_seconds"] or _BEAT_SECONDS))
        for worker in api.ask(f"work_pools/{POOL}/workers/filter", {"workers": lately})
    }


def _under_way(api: Api) -> list[dict[str, Any]]:
    states = {"type": {"any_": ["RUNNING", "PENDING"]}}
    found: list[dict[str, Any]] = api.ask("flow_runs/filter", {"flow_runs": {"state": states}})
    return found


def _worker_of(run: dict[str, Any]) -> str:
    return str(run["labels"].get(_WORKER, ""))


def _end(api: Api, runs: Iterable[dict[str, Any]]) -> int:
    crashed = {"type": "CRASHED", "message": "Tiến trình làm việc không còn; phần còn dở được làm lại."}
    ended = [api.ask(f"flow_runs/{run['id']}/set_state", {"state": crashed}) for run in runs]
    return len(ended)
