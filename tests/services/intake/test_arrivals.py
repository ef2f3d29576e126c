"""One arrival stops no other, one way in stops no other, and a fault of this machine is nobody else's."""

import errno
import os
import shutil
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from domain.errors import UnreachableChannel
from domain.period import Period
from domain.submissions import ArrivalRecord
from ingest.channels.arrival import Arrival, Channel
from ingest.channels.folder import TAKEN, Folder
from ingest.channels.left_alone import LeftAlone
from services.clock import stopped
from services.intake import arrivals as module
from services.intake.arrivals import archive_arrivals, take_in
from services.run import open_run
from services.settings import Settings
from storage.arrivals import arrived_files, first_arrival
from storage.database import LedgerUnreachable
from tests.commands import collect_submissions, status

pytestmark = pytest.mark.slow
NOON = datetime(2024, 2, 15, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Way:
    """A way in that gives what it is told to give."""

    found: tuple[Arrival | LeftAlone | Exception, ...]
    name: str = "bucket"

    def arrivals(self, known: Container[str]) -> Iterator[Arrival | LeftAlone]:
        for each in self.found:
            if isinstance(each, Exception):
                raise each
            yield each


@pytest.fixture
def through(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Take in what these ways give, and what lies in the inbox after them; gives the names of what was kept."""

    def take(*ways: Channel) -> list[str]:
        monkeypatch.setattr(module, "channels", lambda run: [*ways, Folder(run.settings.inbox, 1_000)])
        with open_run(settings) as run:
            archive_arrivals(run)
            with run.ledger.read() as session:
                return sorted(arrived_files(session).values())

    settings.inbox.mkdir()
    (settings.inbox / "inbox.xlsx").write_bytes(b"in the inbox")
    return take


def arrival(name: str, arrived_at: datetime | None = None) -> Arrival:
    return Arrival("bucket", name, name, name.encode(), arrived_at)


def kept(settings: Settings, found: Arrival, now: datetime = NOON) -> ArrivalRecord:
    with open_run(settings, stopped(now)) as run:
        return take_in(run, found)


def test_a_file_arrives_when_it_is_first_seen(settings: Settings) -> None:
    assert kept(settings, arrival("a")).arrived_at == NOON


def test_a_server_that_received_it_earlier_is_believed_and_never_a_moment_to_come(settings: Settings) -> None:
    earlier, later = NOON - timedelta(hours=3), NOON + timedelta(hours=3)
    assert kept(settings, arrival("a", earlier)).arrived_at == earlier
    assert kept(settings, arrival("b", later)).arrived_at == NOON


def test_what_was_seen_first_keeps_its_number_and_its_moment(settings: Settings) -> None:
    first = kept(settings, arrival("a"))
    assert kept(settings, arrival("a"), NOON + timedelta(days=1)) == first


@pytest.mark.parametrize("own", [datetime(2019, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)])
def test_a_workbook_copied_with_an_old_or_coming_time_is_received_now(
    settings: Settings, pleiku: Callable[..., bytes], own: datetime
) -> None:
    settings.inbox.mkdir()
    (settings.inbox / "KN_622.xlsx").write_bytes(pleiku())
    os.utime(settings.inbox / "KN_622.xlsx", (own.timestamp(), own.timestamp()))
    before = datetime.now(UTC)
    [collected] = collect_submissions(settings)
    assert collected.verdict.counts
    with open_run(settings) as run, run.ledger.read() as session:
        noted = first_arrival(session, collected.sha256)
    assert noted is not None
    assert before <= noted.arrived_at <= datetime.now(UTC)
    assert noted.own_time == own


def test_a_copied_time_makes_no_late_report_one_in_time(settings: Settings, pleiku: Callable[..., bytes]) -> None:
    settings.inbox.mkdir()
    (settings.inbox / "KN_622.xlsx").write_bytes(pleiku())
    os.utime(settings.inbox / "KN_622.xlsx", (NOON.timestamp(), NOON.timestamp()))
    collect_submissions(settings)
    assert status(settings, Period.parse("2024-02")).late == ["622"]


def test_what_raises_in_one_way_costs_that_way_alone_and_is_named(
    through: Callable[..., list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    ways = Way((arrival("a"), ValueError("1.200 nested parts"))), Way((KeyError("x"),), "sftp")
    assert through(*ways) == ["a", "inbox.xlsx"]
    assert "Đường nhận “bucket” dừng giữa chừng vì lỗi của chương trình (ValueError: 1.200 nested parts)" in caplog.text
    assert "Đường nhận “sftp”" in caplog.text


def test_what_raises_while_one_arrival_is_noted_costs_that_one_alone(
    through: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    note = module.note_arrival

    def refuse(session: object, channel: str, locator: str, *rest: object) -> ArrivalRecord:
        if locator == "b":
            raise ValueError("no such letter")
        return note(session, channel, locator, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "note_arrival", refuse)
    found = Way((arrival("a"), arrival("b"), arrival("c")))
    assert through(found) == ["a", "c", "inbox.xlsx"]
    assert "Không ghi nhận được tệp b (ValueError)" in caplog.text
    monkeypatch.setattr(module, "note_arrival", note)
    assert through(found) == ["a", "b", "c", "inbox.xlsx"]


@pytest.mark.parametrize("place", ["archive", "channel", "behind the channel"])
def test_a_full_disk_stops_the_step_and_is_no_file_of_theirs(
    through: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, place: str, settings: Settings
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    told: Exception = full
    if place == "behind the channel":
        told = UnreachableChannel("Hộp thư không trả lời")
        told.__cause__ = full
    if place == "archive":

        def keep(*_: object) -> None:
            raise full

        monkeypatch.setattr(module.archive, "keep", keep)
    with pytest.raises((OSError, UnreachableChannel)):
        through(Way((arrival("a"), told)))
    assert (settings.inbox / "inbox.xlsx").exists()


def test_a_ledger_that_is_away_stops_the_step(
    through: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("server closed the connection"))

    monkeypatch.setattr(module, "note_arrival", away)
    with pytest.raises(LedgerUnreachable):
        through(Way((arrival("a"),)))


def test_a_run_stopped_between_noting_and_moving_doubles_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.inbox.mkdir()
    (settings.inbox / "a.xlsx").write_bytes(b"not a workbook")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_set_aside", killed)
        with pytest.raises(KeyboardInterrupt):
            collect_submissions(settings)
    assert [each.file_name for each in collect_submissions(settings)] == ["a.xlsx"]
    assert collect_submissions(settings) == []
    assert [path.name for path in settings.inbox.iterdir()] == [TAKEN]


def test_the_same_file_put_there_again_is_acknowledged_again(settings: Settings, pleiku: Callable[..., bytes]) -> None:
    settings.inbox.mkdir()
    content = pleiku()
    told = []
    for _ in range(2):
        (settings.inbox / "KN_622.xlsx").write_bytes(content)
        os.utime(settings.inbox / "KN_622.xlsx", (NOON.timestamp(), NOON.timestamp()))
        told += collect_submissions(settings)
    assert [(each.verdict.counts, each.is_again) for each in told] == [(True, False), (True, True)]


def test_what_cannot_be_moved_is_told_once_and_taken_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.inbox.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        (settings.inbox / name).write_bytes(name.encode())

    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("ingest.channels.folder.os.rename", read_only)
    assert len(collect_submissions(settings)) == 2
    told = [record.getMessage() for record in caplog.records if "không chuyển được" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith(f"2 tệp đã nhận còn nằm lại trong {settings.inbox}")
    assert collect_submissions(settings) == []


def test_an_inbox_that_is_no_folder_is_told_and_stops_nothing(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.inbox.write_bytes(b"")
    assert collect_submissions(settings) == []
    assert "Không lập được hộp nhận" in caplog.text


def test_a_restored_data_folder_takes_nothing_again(settings: Settings, tmp_path: Path) -> None:
    settings.inbox.mkdir()
    (settings.inbox / "a.xlsx").write_bytes(b"not a workbook")
    collect_submissions(settings)
    shutil.copytree(settings.home, tmp_path / "restored", symlinks=True)
    assert collect_submissions(Settings(home=tmp_path / "restored", _env_file=None)) == []


def test_of_many_left_alone_ten_are_said(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.inbox.mkdir()
    for number in range(12):
        (settings.inbox / f"{number:02d} (conflicted copy).xlsx").write_bytes(b"x")
    (settings.inbox / "Thumbs.db").write_bytes(b"x")
    collect_submissions(settings)
    [told] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert "09 (conflicted copy).xlsx và 2 tệp khác. Xem bản nào đúng" in told
