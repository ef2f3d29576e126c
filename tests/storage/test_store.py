"""One store for several machines, in a folder, by SFTP and in a bucket: whole files, read back, and never an empty one by mistake."""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from domain.errors import StoreUnreachable
from services.settings import Settings
from services.shared_store import named_store
from storage.left_overs import part_name
from storage.store import MARK, FolderStore, Store
from tests.file_servers import PASSWORD, USER, SftpServer, s3_server, sftp_server

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
CONTENT = bytes(range(256)) * 1_000


def settings_of(tmp_path: Path, **said: object) -> Settings:
    return Settings(home=tmp_path / "home", _env_file=None, **said)  # type: ignore[arg-type]


@pytest.fixture(params=["folder", "sftp", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "shared"
    with ExitStack() as servers:
        if request.param == "folder":
            folder.mkdir(mode=0o700)
            said: dict[str, object] = {"store": str(folder)}
        elif request.param == "sftp":
            (folder / "kho").mkdir(parents=True)
            server = servers.enter_context(sftp_server(folder))
            known = server.vouched_for(tmp_path / "known_hosts")
            said = {
                "store": f"sftp://{USER}@127.0.0.1:{server.port}/kho",
                "store_secret": PASSWORD,
                "sftp_known_hosts": known,
            }
        else:
            endpoint, _ = servers.enter_context(s3_server("kho"))
            said = {
                "store": "s3://kho/ket nghia",
                "store_endpoint": endpoint,
                "store_key": "key",
                "store_secret": "secret",
            }
        made = named_store(settings_of(tmp_path, **said))
        made.write(MARK, b"a ledger")
        yield made


def test_what_was_written_is_there_and_what_was_not_is_none(store: Store) -> None:
    assert store.read("archive/ab/cd") is None
    store.write("archive/ab/cd", CONTENT)
    assert store.read("archive/ab/cd") == CONTENT
    store.write("archive/ab/cd", b"other")
    assert store.read("archive/ab/cd") == b"other"
    store.write("archive/ab/empty", b"")
    assert store.read("archive/ab/empty") == b""


def test_names_are_those_below_a_folder_and_nothing_half_written(store: Store) -> None:
    assert list(store.names("editions")) == []
    for name in ("editions/a.pdf", "editions/a/bao-cao.html", "archive/ab/cd", f"editions/{part_name('x')}"):
        store.write(name, b"x")
    assert sorted(store.names("editions")) == ["editions/a.pdf", "editions/a/bao-cao.html"]


def test_what_is_removed_is_gone_and_may_be_removed_again(store: Store) -> None:
    store.write("mail/ab/cd.eml", b"x")
    for _ in range(2):
        store.remove("mail/ab/cd.eml")
        assert store.read("mail/ab/cd.eml") is None


def test_several_threads_speak_to_it_at_once(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    contents = {hashlib.sha256(bytes([number])).hexdigest(): bytes([number]) * 5_000 for number in range(40)}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda item: store.write(f"archive/{item[0]}", item[1]), contents.items()))
        read = dict(zip(contents, threads.map(lambda name: store.read(f"archive/{name}"), contents), strict=True))
    assert read == contents


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[tuple[SftpServer, Settings]]:
    (tmp_path / "shared" / "kho").mkdir(parents=True)
    with sftp_server(tmp_path / "shared") as server:
        yield (
            server,
            settings_of(
                tmp_path,
                store=f"sftp://{USER}@127.0.0.1:{server.port}/kho",
                store_secret=PASSWORD,
                sftp_known_hosts=server.vouched_for(tmp_path / "known_hosts"),
            ),
        )


def test_a_line_that_broke_meanwhile_is_made_anew(sftp: tuple[SftpServer, Settings]) -> None:
    server, settings = sftp
    store = named_store(settings)
    store.write("archive/a", CONTENT)
    server.cut_lines()
    assert store.read("archive/a") == CONTENT
    server.cut_lines()
    store.write("archive/b", CONTENT)
    assert sorted(store.names("archive")) == ["archive/a", "archive/b"]


def test_a_server_that_is_away_or_refuses_is_told_by_its_address(sftp: tuple[SftpServer, Settings]) -> None:
    server, settings = sftp
    wrong = named_store(settings.model_copy(update={"store": settings.store.replace("/kho", "/khác")}))
    with pytest.raises(StoreUnreachable, match="/khác không trả lời, hoặc từ chối"):
        wrong.read(MARK)
    server.stop()
    with pytest.raises(StoreUnreachable, match=f"127.0.0.1:{server.port}/kho"):
        named_store(settings).read(MARK)


def test_a_bucket_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    with s3_server("kho") as (endpoint, _):
        said = {"store_endpoint": endpoint, "store_key": "key", "store_secret": "secret"}
        with pytest.raises(StoreUnreachable):
            named_store(settings_of(tmp_path, store="s3://khac/x", **said)).write(MARK, b"x")


def test_a_folder_that_refuses_is_told_as_the_store_and_not_as_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    store.write(MARK, b"x")
    store.write("archive/a", b"x")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("storage.store.write_durably", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(os, "walk", refuse)
    doings: list[Callable[[], object]] = [
        lambda: store.write("archive/b", b"x"),
        lambda: store.remove("archive/a"),
        lambda: list(store.names("archive")),
    ]
    for doing in doings:
        with pytest.raises(StoreUnreachable, match=r"Kho chung .* từ chối \(Read-only file system\)"):
            doing()


def test_names_that_lead_elsewhere_are_none_of_ours(tmp_path: Path) -> None:
    with s3_server("kho") as (endpoint, client):
        store = named_store(
            settings_of(tmp_path, store="s3://kho/kn", store_endpoint=endpoint, store_key="key", store_secret="secret")
        )
        store.write("archive/ab/cd", b"x")
        for key in ("kn/archive/../../outside.txt", "kn/archive/./x", "kn/archive//x", "kn/archived/x"):
            client.put_object(Bucket="kho", Key=key, Body=b"x")
        assert list(store.names("archive")) == ["archive/ab/cd"]


def test_a_drive_that_was_unmounted_is_neither_read_nor_written(tmp_path: Path) -> None:
    (tmp_path / "mount").mkdir(mode=0o700)
    store = FolderStore(tmp_path / "mount")
    store.write(MARK, b"x")
    store.write("archive/a", b"x")
    (tmp_path / "mount").rename(tmp_path / "elsewhere")
    (tmp_path / "mount").mkdir()
    doings: list[Callable[[], object]] = [
        lambda: store.read("archive/a"),
        lambda: store.write("archive/b", b"x"),
        lambda: list(store.names("archive")),
        lambda: store.remove("archive/a"),
    ]
    for doing in doings:
        with pytest.raises(StoreUnreachable, match="mount"):
            doing()
    assert list((tmp_path / "mount").iterdir()) == []
