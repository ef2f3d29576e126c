"""The other ways in, each against a real server: what waits there is taken once; the mailbox has tests of its own."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.findings import Verdict
from ingest.channels.folder import TAKEN
from services.settings import PROGRAM, Settings
from storage.arrivals import arrived_files, first_arrival
from storage.database import open_database
from tests.commands import collect_submissions
from tests.file_servers import s3_server
from tests.services.intake.mailboxes import by_mail, free_port

pytestmark = pytest.mark.slow


def test_a_mailbox_that_does_not_answer_stops_no_other_way_in(
    tmp_path: Path, pleiku: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", free_port())
    settings.inbox.mkdir()
    (settings.inbox / "622.xlsx").write_bytes(pleiku())
    assert len(collect_submissions(settings)) == 1
    assert "không trả lời" in caplog.text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_bucket_is_read_once_and_left_as_it_is(tmp_path: Path, pleiku: Callable[..., bytes]) -> None:
    with s3_server("nop") as (endpoint, client):
        client.put_object(Bucket="nop", Key="2024-02/KN_622.xlsx", Body=pleiku())
        client.put_object(Bucket="nop", Key="2024-02/.an.xlsx", Body=b"x")
        settings = Settings(
            home=tmp_path,
            s3_url="s3://nop/2024-02",
            s3_endpoint=endpoint,
            s3_key="key",
            s3_secret="secret",
            _env_file=None,
        )
        [collected] = collect_submissions(settings)
        assert (collected.file_name, collected.verdict) == ("KN_622.xlsx", Verdict.ACCEPTED)
        assert collect_submissions(settings) == []
        with open_database(settings.ledger_url) as database, database.read() as session:
            [arrival] = [first_arrival(session, sha256) for sha256 in arrived_files(session)]
        assert arrival is not None
        assert arrival.arrived_at == client.head_object(Bucket="nop", Key="2024-02/KN_622.xlsx")["LastModified"]
        assert client.list_objects_v2(Bucket="nop")["KeyCount"] == 2


def test_links_and_pipes_are_named_and_do_no_harm(
    settings: Settings, pleiku: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "secret.xlsx").symlink_to(PROGRAM / "README.md")
    (settings.inbox / "folder").symlink_to(PROGRAM)
    os.mkfifo(settings.inbox / "pipe.xlsx")
    (settings.inbox / "gone.xlsx").symlink_to(settings.inbox / "nowhere")
    name = "ten\nco\tky tu \x07 la .xlsx"
    (settings.inbox / name).write_bytes(pleiku())
    [collected] = collect_submissions(settings)
    assert collected.file_name == "ten_co_ky tu _ la .xlsx"
    assert all("\n" not in path.name for path in (settings.home / "findings").rglob("*"))
    assert "chưa nhận: folder, gone.xlsx, pipe.xlsx, secret.xlsx. Chép chính tệp ấy vào đây." in caplog.text
    assert sorted(path.name for path in settings.inbox.iterdir()) == sorted(
        ["folder", "gone.xlsx", "pipe.xlsx", "secret.xlsx", TAKEN]
    )
