"""An SFTP folder as a way in: only a server that is vouched for, only files that are whole."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import paramiko
import pytest

from domain.findings import Verdict
from services.settings import Settings
from storage.arrivals import first_arrival
from storage.database import open_database
from tests.commands import collect_submissions
from tests.file_servers import sftp_server

pytestmark = pytest.mark.slow


Sftp = tuple[int, paramiko.PKey, Path]


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Sftp]:
    folder = tmp_path / "sftp"
    folder.mkdir()
    with sftp_server(folder) as server:
        yield server.port, server.key, folder


@pytest.fixture
def vouched(tmp_path: Path, sftp: Sftp) -> Path:
    port, key, _ = sftp
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n", encoding="ascii")
    return known


def by_sftp(home: Path, port: int, known_hosts: Path, path: str = "/") -> Settings:
    return Settings(
        home=home, sftp_url=f"sftp://nop@127.0.0.1:{port}{path}", sftp_password="mat-khau", sftp_known_hosts=known_hosts,
        _env_file=None,
    )  # fmt: skip


def test_an_sftp_folder_is_read_once_and_files_still_written_wait(
    tmp_path: Path, sftp: Sftp, vouched: Path, pleiku: Callable[..., bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    port, _, folder = sftp
    settings = by_sftp(tmp_path / "home", port, vouched)
    done, writing = folder / "KN_622.xlsx", folder / "KN_623.xlsx"
    done.write_bytes(pleiku())
    has_ended = threading.Event()

    def write_on() -> None:
        while not has_ended.wait(0.1):
            with writing.open("ab") as file:
                file.write(b"PK")

    writer = threading.Thread(target=write_on)
    writing.write_bytes(b"PK")
    writer.start()
    [collected] = collect_submissions(settings)
    has_ended.set()
    writer.join()
    assert (collected.file_name, collected.verdict) == ("KN_622.xlsx", Verdict.ACCEPTED)
    assert "Còn đang được ghi, để lần chạy sau: KN_623.xlsx." in caplog.text
    writing.unlink()
    assert collect_submissions(settings) == []
    assert done.exists()


@pytest.mark.parametrize("own", [datetime(2019, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)])
def test_whatever_the_clock_of_the_sender_says_a_file_arrives_now(
    tmp_path: Path, sftp: Sftp, vouched: Path, own: datetime, pleiku: Callable[..., bytes]
) -> None:
    port, _, folder = sftp
    (folder / "KN_622.xlsx").write_bytes(pleiku())
    os.utime(folder / "KN_622.xlsx", (own.timestamp(), own.timestamp()))
    before = datetime.now(UTC)
    settings = by_sftp(tmp_path / "home", port, vouched)
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED
    with open_database(settings.ledger_url) as database, database.read() as session:
        arrival = first_arrival(session, collected.sha256)
    assert arrival is not None
    assert before <= arrival.arrived_at <= datetime.now(UTC)
    assert arrival.own_time == own


def test_two_files_of_one_name_are_told_apart_though_the_senders_clock_stands_still(
    tmp_path: Path, sftp: Sftp, vouched: Path
) -> None:
    settings = by_sftp(tmp_path / "home", sftp[0], vouched)
    for content in (b"one", b"another"):
        (sftp[2] / "KN_622.xlsx").write_bytes(content)
        os.utime(sftp[2] / "KN_622.xlsx", (0, 0))
        assert len(collect_submissions(settings)) == 1


def test_a_file_that_cannot_be_read_is_named_and_hides_no_other(
    tmp_path: Path, sftp: Sftp, vouched: Path, pleiku: Callable[..., bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    port, _, folder = sftp
    with open(os.fsencode(folder) + b"/a\xff.xlsx", "wb") as file:
        file.write(b"x")
    (folder / "closed.xlsx").write_bytes(b"x")
    (folder / "closed").mkdir()
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "KN_622.xlsx").write_bytes(pleiku())
    [collected] = collect_submissions(by_sftp(tmp_path / "home", port, vouched))
    assert (collected.file_name, collected.verdict) == ("KN_622.xlsx", Verdict.ACCEPTED)
    assert "Không đọc được, chưa nhận: " in caplog.text
    assert "closed (PermissionError), " in caplog.text
    assert "closed.xlsx (PermissionError)" in caplog.text


def test_a_folder_that_is_not_there_is_told_and_does_not_seem_empty(
    tmp_path: Path, sftp: Sftp, vouched: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert collect_submissions(by_sftp(tmp_path / "home", sftp[0], vouched, "/no-such-folder")) == []
    assert "Không lấy được tệp từ /no-such-folder" in caplog.text


def test_an_sftp_server_that_nobody_vouches_for_is_refused(
    tmp_path: Path, sftp: Sftp, caplog: pytest.LogCaptureFixture
) -> None:
    known = tmp_path / "known_hosts"
    known.touch()
    assert collect_submissions(by_sftp(tmp_path / "home", sftp[0], known)) == []
    assert "sẽ thử lại lần sau" in caplog.text
