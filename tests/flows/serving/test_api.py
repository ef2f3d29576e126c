"""Prefect's API as we ask it: patience with a server that is busy, and no login where it could be read."""

import pytest

from domain.errors import NoServer
from flows.serving.api import Api
from tests.flows.serving.scheduler import Scheduler


def test_a_server_that_is_busy_is_asked_again(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    scheduler.busy, scheduler.program = 9, "ketnghia"
    assert scheduler.api.ask("work_pools/ketnghia", method="GET") == {"description": "ketnghia"}
    scheduler.busy = 10
    with pytest.raises(NoServer, match="từ chối"):
        scheduler.api.ask("work_pools/ketnghia", method="GET")


def test_the_login_is_in_no_traceback() -> None:
    assert "geheim" not in repr(Api("http://127.0.0.1:4200", "ketnghia:geheim"))
