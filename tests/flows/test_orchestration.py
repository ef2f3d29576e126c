"""The service started for real: server, schedule and worker, driven through the API as an operator would."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError

import pytest

from domain.editions import EditionRecord
from domain.period import Period
from services.settings import Settings
from tests.commands import release, status
from tests.serving import serving

pytestmark = pytest.mark.slow
WRONG: list[tuple[str, dict[str, str]]] = [
    ("monthly", {"period": "2024-13"}),
    ("monthly", {"period": "24-02"}),
    ("monthly", {"period": "2024-02\n"}),
    ("backfill", {"first": "2024-01", "last": "2024-Q1"}),
    ("backfill", {"first": "2024-01", "last": "2024-02", "only": "foo"}),
    ("send", {"edition": "2024-02"}),
    ("send", {"edition": "2024-02-1\n"}),
    ("send", {}),
]


def test_the_deployments_do_what_is_due_and_what_is_asked_for(
    settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-01", "2024-02")
    settings.inbox.mkdir()
    (settings.inbox / "ghi-chu.txt").write_text("Kính gửi", encoding="utf-8")
    with serving(settings) as service:
        assert set(service.deployments()) == {"reconcile", "collect", "outbox", "monthly", "send", "backfill"}
        # At its start it does what is due: the files are taken in, the months that closed are reported.
        [first] = [run for run in service.runs_of("reconcile") if not run["auto_scheduled"]]
        assert service.ended(first["id"]) == "COMPLETED"
        for period in ("2024-01", "2024-02"):
            assert [edition.edition_id for edition in _editions(settings, period)] == [f"{period}-1"]

        assert service.run("monthly", {"period": "2024-02"}) == "COMPLETED"
        assert service.run("backfill", {"first": "2024-01", "last": "2024-02"}) == "COMPLETED"
        assert [edition.edition_id for edition in _editions(settings, "2024-02")] == ["2024-02-1"]
        assert service.run("send", {"edition": "2024-02-1"}) == "FAILED"
        assert not Path(settings.mail_sink).exists()
        release(settings, "2024-02-1", "Người Duyệt")
        assert service.run("send", {"edition": "2024-02-1"}, name="released") == "COMPLETED"
        assert Path(settings.mail_sink).exists()

        shown = [entry["message"] for entry in service.post("logs/filter", {"sort": "TIMESTAMP_ASC"})]
        assert any(re.match(r"file-arrived receipt=\d+ file=ghi-chu\.txt", line) for line in shown), shown
        tasks = {entry["name"].rsplit("-", 1)[0] for entry in service.post("task_runs/filter", {})}
        assert {"nhận và lưu tệp", "đọc tệp", "lập báo cáo", "tìm việc đến hạn"} <= tasks
        screen = (settings.home / "serve.log").read_text(encoding="utf-8")
        assert re.search(r"INFO +\| ketnghia - file-arrived receipt=\d+ file=", screen)
        assert not re.search(r"ketnghia - file-arrived$", screen, re.MULTILINE)

        # What cannot be right is refused before there is a run.
        for deployment, wrong in WRONG:
            with pytest.raises(HTTPError) as refused:
                service.run(deployment, wrong)
            assert refused.value.code in (409, 422), (deployment, wrong)

        # With the wrong libraries the server runs and never schedules: a cron run must really be there.
        scheduled = [run for run in service.runs_of("reconcile") if run["state_type"] == "SCHEDULED"]
        assert [run["expected_start_time"][11:19] for run in scheduled] == ["00:00:00"] * len(scheduled)
        assert scheduled


def _editions(settings: Settings, period: str) -> list[EditionRecord]:
    return [each.record for each in status(settings, Period.parse(period)).editions]
