"""A backup is whole, or it is none; what cannot be made again is in it; nothing is restored over anything."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import BadBackup, Ending, ForeignLedger, InUse, KetnghiaError, NoBackup, NoLedger
from ingest.channels.folder import TAKEN
from services.mail.outbox import eml_path
from services.run import open_run
from services.settings import PROGRAM, Settings
from services.upkeep import backup as module
from services.upkeep.backup import back_up
from services.upkeep.belongings import LEFT_OUT
from services.upkeep.manifest import HOME, LEDGER, backups_in, read_manifest
from services.upkeep.restore import restore
from storage.copying import Copied, copy_file, hash_of
from storage.edition_files import pdf_path
from tests.commands import collect_submissions, flush_outbox, send_report, verify_ledger
from tests.services.mail.office import EDITION, Office, long_after, standing
from tests.services.upkeep.conftest import WAITS
from tests.services.upkeep.test_drill import backed_up

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]


def put(place: Path, content: bytes = b"x") -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def test_everything_that_cannot_be_made_again_is_in_it_and_nothing_else(home: Settings, tmp_path: Path) -> None:
    kept = [
        put(home.inbox / "622" / "waits.xlsx"),
        put(home.inbox / TAKEN / "2024-02-15" / "too large.xlsx", b"x" * 1_000_001),
        put(home.home / "reference" / "notes of an officer.docx"),
        put(home.mail_sink / EDITION / "a@b.example.eml"),
        put(home.home / "what a later program writes" / "x.bin"),
    ]
    made_again = [
        put(home.inbox / TAKEN / "2024-02-15" / "small.xlsx"),
        put(home.home / "prefect" / "prefect.db"),
        put(home.home / "status" / "index.html"),
        put(home.home / "archive" / "ab" / ".part-1-x"),
    ]
    home.max_file_mb = 1
    manifest = backed_up(home, tmp_path / "disk").manifest
    names = {name.removeprefix(f"{HOME}/") for name in manifest.files if name.startswith(f"{HOME}/")}
    assert {str(path.relative_to(home.home)) for path in kept} <= names
    assert not names & {str(path.relative_to(home.home)) for path in made_again}
    for folder in ("archive", "editions", "tables", "findings", "reference/narratives"):
        there = {str(path.relative_to(home.home)) for path in (home.home / folder).rglob("*") if path.is_file()}
        assert there
        assert there - {"archive/ab/.part-1-x"} <= names, folder
    assert not any(name.startswith("ketnghia.sqlite3") for name in names)
    assert names & LEFT_OUT.keys() == set()


def test_nobody_else_may_read_it(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk")
    for path in (tmp_path / "disk", made.place, *made.place.glob("home/**/*"), made.place / LEDGER):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_what_is_in_the_manifest_is_what_is_there(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk")
    there = {str(path.relative_to(made.place)) for path in made.place.rglob("*") if path.is_file()}
    assert there == {*made.manifest.files, "manifest.json"}
    assert read_manifest(made.place) == made.manifest
    assert all(hash_of(made.place / name) == each.sha256 for name, each in made.manifest.files.items())


def test_a_file_of_the_ledger_that_was_lost_before_is_named(home: Settings, tmp_path: Path) -> None:
    lost = next(path for path in home.archive.rglob("*") if path.is_file())
    lost.unlink()
    made = backed_up(home, tmp_path / "disk")
    [fault] = made.manifest.missing
    assert lost.name[:12] in fault
    assert str(home.archive) in fault


def test_a_mail_that_goes_while_the_backup_is_made_makes_a_newer_copy_of_the_ledger(
    sent_month: tuple[Office, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = sent_month
    [mail] = [each for each in standing(settings) if each.recipient == WAITS]
    long_after(settings)
    snapshots: list[Path] = []

    def take_and_then_it_goes(url: str, place: Path) -> None:
        snapshots.append(place)
        real(url, place)
        flush_outbox(settings)

    real = module.take_snapshot
    monkeypatch.setattr(module, "take_snapshot", take_and_then_it_goes)
    made = backed_up(settings, tmp_path / "disk")
    assert (len(snapshots), made.manifest.missing) == (2, ())
    assert not eml_path(settings.mails, mail.eml_sha256).exists()
    elsewhere = settings.model_copy(update={"home": tmp_path / "elsewhere"})
    assert restore(elsewhere, made.place).to_go == 0
    send_report(elsewhere, EDITION)
    assert server.recipients.count(WAITS) == 1


def test_a_file_that_vanishes_or_changes_meanwhile_breaks_nothing(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = put(home.inbox / "a.xlsx"), put(home.inbox / "b.xlsx")
    tries = []

    def copy(source: Path, target: Path) -> Copied:
        if source == first:
            first.unlink()
        return copy_file(source, target)

    def written_to(source: Path) -> None:
        if source == second and len(tries) < 2:
            tries.append(source)
            put(second, b"y" * (10 + len(tries)))

    real = os.fstat

    def fstat(handle: int) -> os.stat_result:
        found = real(handle)
        if os.path.samestat(found, second.stat()):
            written_to(second)
        return found

    monkeypatch.setattr(module, "copy_file", copy)
    monkeypatch.setattr("storage.copying.os.fstat", fstat)
    made = backed_up(home, tmp_path / "disk")
    assert "home/inbox/a.xlsx" not in made.manifest.files
    assert (made.place / "home/inbox/b.xlsx").read_bytes() == b"y" * 12
    assert made.manifest.missing == ()


def test_a_killed_backup_is_none_and_the_next_one_clears_it(home: Settings, tmp_path: Path) -> None:
    put(home.inbox / "large.xlsx", b"x" * 20_000_000)
    put(home.home / "reference" / "large.bin", b"x" * 300_000_000)
    disk = tmp_path / "disk"
    environment = os.environ | {"KETNGHIA_HOME": str(home.home)}
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", "backup", str(disk)], cwd=PROGRAM, env=environment, stdout=subprocess.DEVNULL
    ) as running:
        while not list(disk.glob(".part-*/home/reference/large.bin")):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
    [part] = disk.iterdir()
    assert backups_in(disk) == []
    with pytest.raises(BadBackup, match="dở dang không dùng được"):
        restore(home.model_copy(update={"home": tmp_path / "new"}), part)
    assert not (tmp_path / "new").exists()
    made = backed_up(home, disk)
    assert list(disk.iterdir()) == [made.place]


def test_a_backup_that_is_being_made_is_not_cleared_by_another(home: Settings, tmp_path: Path) -> None:
    from storage.left_overs import clear_left_overs, hold_folder, part_name, parts_below

    part = tmp_path / "disk" / part_name("ketnghia-x")
    part.mkdir(parents=True)
    handle = hold_folder(part)
    assert clear_left_overs(parts_below(tmp_path / "disk")) == 0
    os.close(handle)
    assert part.exists()


def test_older_ones_make_room(home: Settings, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    made = [backed_up(home, disk).place for _ in range(3)]
    with open_run(home) as run:
        newest = back_up(run, disk, keep=2)
    assert backups_in(disk) == [made[2], newest.place]
    assert list(newest.removed) == made[:2]


def test_those_of_another_ledger_and_of_an_earlier_program_make_no_room(home: Settings, tmp_path: Path) -> None:
    disk, other = tmp_path / "disk", Settings(home=tmp_path / "other", _env_file=None)
    with open_run(other) as run, run.ledger.read():
        pass
    foreign, earlier, own = backed_up(other, disk).place, backed_up(home, disk).place, backed_up(home, disk).place
    told = json.loads((earlier / "manifest.json").read_bytes())
    del told["ledger_id"]
    (earlier / "manifest.json").write_text(json.dumps(told))
    with open_run(home) as run:
        newest = back_up(run, disk, keep=1)
    assert newest.removed == (own,)
    assert backups_in(disk) == sorted([foreign, earlier, newest.place])
    with pytest.raises(BadBackup, match="nhiều sổ") as told_of:
        restore(home.model_copy(update={"home": tmp_path / "new"}), disk)
    assert {str(foreign), str(newest.place)} <= set(str(told_of.value).replace(",", "").split())


def test_while_something_is_missing_no_older_one_makes_room(home: Settings, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    whole = backed_up(home, disk).place
    next(path for path in home.archive.rglob("*") if path.is_file()).unlink()
    with open_run(home) as run:
        newest = back_up(run, disk, keep=1)
    assert newest.manifest.missing
    assert (backups_in(disk), newest.removed) == ([whole, newest.place], ())


def test_the_newest_one_is_noted_in_the_data_folder(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk")
    note = json.loads((home.home / "backup.json").read_bytes())
    assert (note["place"], note["links"]) == (str(made.place), made.manifest.links)


def test_a_folder_that_its_sender_closed_to_us_stops_no_backup(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home.inbox_folder = tmp_path / "inbox"
    put(home.inbox / "622" / "closed.xlsx")
    put(home.inbox / "open.xlsx")
    real = os.scandir

    def listed_as_another_account(place: str) -> "os._ScandirIterator[str]":
        if str(place) == str(home.inbox / "622"):
            raise PermissionError(13, "Permission denied", str(place))
        return real(place)

    monkeypatch.setattr(os, "scandir", listed_as_another_account)
    made = backed_up(home, tmp_path / "disk")
    assert [Path(name).name for name in made.manifest.files if "/waiting/" in name] == ["open.xlsx"]
    assert str(home.inbox / "622") in caplog.text


def test_what_cannot_be_noted_or_removed_undoes_no_backup(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    older = backed_up(home, tmp_path / "disk").place
    (home.home / "backup.json").unlink()
    real = Path.rename

    def refused(place: Path, target: Path) -> Path:
        if place == older:
            raise PermissionError(13, "Permission denied", str(place))
        return real(place, target)

    (home.home / "backup.json").mkdir()
    monkeypatch.setattr(Path, "rename", refused)
    with open_run(home) as run:
        made = back_up(run, tmp_path / "disk", keep=1)
    assert backups_in(tmp_path / "disk") == [older, made.place]
    assert made.removed == ()
    assert [record.event for record in caplog.records] == ["backup-not-noted", "backup-not-removed"]  # type: ignore[attr-defined]
    assert str(made.place) in caplog.text


def test_it_is_not_made_inside_the_data_folder_nor_of_nothing(home: Settings, tmp_path: Path) -> None:
    with pytest.raises(KetnghiaError, match="nằm trong thư mục dữ liệu"):
        backed_up(home, home.home / "backups")
    with pytest.raises(NoLedger):
        backed_up(home.model_copy(update={"home": tmp_path / "none"}), tmp_path / "disk")
    assert not (tmp_path / "disk").exists()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("harm", ["altered", "shortened", "lost", "ledger", "manifest"])
def test_what_is_not_the_backup_that_was_made_brings_nothing_back(home: Settings, tmp_path: Path, harm: str) -> None:
    made = backed_up(home, tmp_path / "disk").place
    pdf = next(made.glob("home/editions/*.pdf"))
    content = pdf.read_bytes()
    if harm == "altered":
        pdf.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif harm == "shortened":
        pdf.write_bytes(content[:-1])
    elif harm == "lost":
        pdf.unlink()
    elif harm == "ledger":
        with (made / LEDGER).open("r+b") as ledger:
            ledger.seek(5000)
            ledger.write(b"x")
    else:
        (made / "manifest.json").write_text("{}")
    new = home.model_copy(update={"home": tmp_path / "new"})
    with pytest.raises(BadBackup) as refused:
        restore(new, made)
    assert not new.home.exists()
    assert str(made) in str(refused.value)


@pytest.mark.parametrize(
    "name", ["home/../../outside", "/OUTSIDE", "home//OUTSIDE", "../outside", "home/./x", "home", "."]
)
def test_a_manifest_that_leads_out_of_the_backup_brings_nothing_back(home: Settings, tmp_path: Path, name: str) -> None:
    made = backed_up(home, tmp_path / "disk").place
    name = name.replace("/OUTSIDE", f"{tmp_path}/outside")
    told = json.loads((made / "manifest.json").read_bytes())
    source = put(tmp_path / "x")
    told["files"][name] = {"sha256": hash_of(source), "size": 1}
    (made / "manifest.json").write_text(json.dumps(told))
    source.rename(tmp_path / "outside")
    new = home.model_copy(update={"home": tmp_path / "new" / "home"})
    with pytest.raises(BadBackup, match="nằm ngoài bản sao lưu"):
        restore(new, made)
    assert not (tmp_path / "new").exists()


def test_a_manifest_without_the_ledger_is_none(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk").place
    told = json.loads((made / "manifest.json").read_bytes())
    del told["files"][LEDGER]
    (made / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(BadBackup, match="không đọc được"):
        restore(home.model_copy(update={"home": tmp_path / "new"}), made)


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root may read everything")
@pytest.mark.parametrize("command", ["restore", "backup"])
def test_a_folder_that_may_not_be_read_is_told_as_a_lack_of_rights(
    home: Settings, tmp_path: Path, command: str
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    if os.geteuid() == 0:
        os.chown(closed, 65534, 65534)
    closed.chmod(0)
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner"] if os.geteuid() == 0 else []
    at = home.home if command == "backup" else tmp_path / "new"
    done = subprocess.run(
        [*bound, sys.executable, "-m", "cli.main", command, str(closed)],
        cwd=PROGRAM, env=os.environ | {"KETNGHIA_HOME": str(at)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, "không có quyền" in done.stderr) == (3, True), done.stderr
    assert str(closed) in done.stderr


def test_nothing_is_restored_over_what_is_there(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk").place
    with pytest.raises(InUse, match="đang có dữ liệu"):
        restore(home, made)
    ledger = home.model_copy(update={"home": tmp_path / "new", "database_url": home.ledger_url})
    with pytest.raises(InUse, match="Đã có sổ"):
        restore(ledger, made)
    assert not (tmp_path / "new").exists()
    assert verify_ledger(home).faults == []


def test_a_folder_of_backups_names_the_newest(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk").place
    with pytest.raises(BadBackup, match=f"mới nhất trong ấy là {made}"):
        restore(home.model_copy(update={"home": tmp_path / "new"}), tmp_path / "disk")


def test_where_no_backup_is_a_wrong_place_was_named(home: Settings, tmp_path: Path) -> None:
    new = home.model_copy(update={"home": tmp_path / "new"})
    for named in (tmp_path, tmp_path / "nowhere", put(tmp_path / "a file")):
        with pytest.raises(NoBackup, match="không phải một bản sao lưu") as refused:
            restore(new, named)
        assert refused.value.ending is Ending.WRONG_USE


def test_an_interrupted_restore_is_done_again(home: Settings, tmp_path: Path) -> None:
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    put(new.home / ".part-restore" / "archive" / "half")
    put(new.home / "log" / "ketnghia.jsonl")
    restore(new, made)
    assert verify_ledger(new).faults == []
    assert not (new.home / ".part-restore").exists()
    assert not (new.archive / "half").exists()


def test_where_a_restore_was_interrupted_no_command_founds_a_ledger_and_it_goes_on(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    copied: list[Path] = []

    def until_the_disk_is_full(source: Path, target: Path) -> Copied:
        copied.append(source)
        if len(copied) == 2:
            raise OSError(28, "No space left on device", str(target))
        return copy_file(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("services.upkeep.restore.copy_file", until_the_disk_is_full)
        with pytest.raises(OSError, match="No space left"):
            restore(new, made)
    with pytest.raises(ForeignLedger, match="Không lập sổ mới"):
        collect_submissions(new)
    restore(new, made)
    assert verify_ledger(new).faults == []


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_what_can_be_made_again_keeps_no_restore_away(home: Settings, tmp_path: Path, name: str) -> None:
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    put(new.home / name if "." in name else new.home / name / "index.html")
    restore(new, made)
    assert verify_ledger(new).faults == []


@pytest.mark.parametrize("at", ["the first file", "a file", "the ledger", "the ledger's last step"])
def test_a_restore_that_was_interrupted_while_it_put_things_in_place_goes_on(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    put(home.home / "a folder" / "first of all")
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    real, moved = os.replace, []

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def replace(source: Path, target: Path) -> None:
        moved.append(target)
        last = Path(target).name == "ketnghia.sqlite3"
        if at in ("the first file", "a file") and len(moved) == (2 if at == "the first file" else 5):
            raise KeyboardInterrupt
        if at == "the ledger's last step" and last:
            raise KeyboardInterrupt
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", replace)
        if at == "the ledger":
            patch.setattr("services.upkeep.restore.put_back", interrupted)
        with pytest.raises(KeyboardInterrupt):
            restore(new, made)
    with pytest.raises(KetnghiaError), open_run(new):
        pass
    stray = put(new.home / "archive" / "not of the backup")
    with pytest.raises(InUse, match="đang có dữ liệu"):
        restore(new, made)
    stray.unlink()
    restore(new, made)
    assert verify_ledger(new).faults == []
    assert list(new.home.rglob(".part-*")) == []
    assert back_up_names(new) >= {name for name in read_manifest(made).files if name.startswith(f"{HOME}/")}


def test_a_restore_that_was_cut_short_after_the_ledger_only_ends_what_is_left(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home.home / "log" / "ketnghia.jsonl")
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("services.upkeep.restore._looked_at", interrupted)
        with pytest.raises(KeyboardInterrupt):
            restore(new, made)
    put(new.inbox / "622" / "meanwhile.xlsx")
    done = restore(new, made)
    assert "làm nốt việc còn lại" in done.notes[0]
    assert verify_ledger(new).faults == []
    # A ledger that has gone on since, or one with something beside it, is in use.
    collect_submissions(new)
    with pytest.raises(InUse, match="đang có dữ liệu"):
        restore(new, made)


@pytest.mark.parametrize("is_cut_short", [False, True])
def test_what_units_send_meanwhile_keeps_no_restore_away_and_is_not_replaced(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_cut_short: bool
) -> None:
    put(home.inbox / "622" / "waits.xlsx", b"waited then")
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    if is_cut_short:
        with monkeypatch.context() as patch:
            patch.setattr("services.upkeep.restore.put_back", interrupted)
            with pytest.raises(KeyboardInterrupt):
                restore(new, made)
    put(new.inbox / "622" / "waits.xlsx", b"sent since")
    restore(new, made)
    assert sorted(path.read_bytes() for path in new.inbox.rglob("*.xlsx")) == [b"sent since", b"waited then"]
    assert verify_ledger(new).faults == []


def back_up_names(settings: Settings) -> set[str]:
    return {f"{HOME}/{path.relative_to(settings.home)}" for path in settings.home.rglob("*") if path.is_file()}


def test_of_two_restores_into_one_folder_the_second_refuses_and_the_first_is_whole(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    begun: list[Path] = []

    def copy_while_another_begins(source: Path, target: Path) -> Copied:
        if not begun:
            begun.append(source)
            with pytest.raises(InUse, match="restore khác đang phục hồi"):
                restore(new, made)
        return copy_file(source, target)

    monkeypatch.setattr("services.upkeep.restore.copy_file", copy_while_another_begins)
    restore(new, made)
    assert begun
    assert verify_ledger(new).faults == []


def test_a_file_comes_back_with_its_bytes_and_its_time(home: Settings, tmp_path: Path) -> None:
    waits = put(home.inbox / "waits.xlsx")
    os.utime(waits, (1_700_000_000, 1_700_000_000))
    made = backed_up(home, tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    restore(new, made)
    assert (new.inbox / "waits.xlsx").stat().st_mtime == 1_700_000_000
    shutil.rmtree(new.home / "log", ignore_errors=True)
    draft = next(path.name for path in home.editions.glob("*.pdf"))
    assert pdf_path(new.editions, draft[:-4]).read_bytes() == pdf_path(home.editions, draft[:-4]).read_bytes()


def test_what_waits_in_an_inbox_that_lies_apart_is_kept_and_comes_back(home: Settings, tmp_path: Path) -> None:
    home.inbox_folder = tmp_path / "srv" / "inbox"
    put(home.inbox / "622" / "waits.xlsx")
    now = datetime(2024, 2, 1, tzinfo=UTC)
    with open_run(home) as run:
        made = back_up(run.at(now), tmp_path / "disk").place
    new = home.model_copy(update={"home": tmp_path / "new"})
    [note] = [note for note in restore(new, made).notes if str(new.inbox) in note]
    [came_back] = new.home.rglob("waits.xlsx")
    assert came_back.parent.name == "622"
    assert str(new.home / "waiting") in note
    # Left there, it hides no other that waits by the same name the next time.
    put(new.inbox / "622" / "waits.xlsx", b"another")
    with open_run(new) as run:
        again = back_up(run.at(now), tmp_path / "disk 2").place
    assert {path.read_bytes() for path in again.rglob("waits.xlsx")} == {b"x", b"another"}


def test_a_file_that_its_sender_closed_to_us_stops_no_backup(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    home.inbox_folder = tmp_path / "inbox"
    closed = put(home.inbox / "closed.xlsx")
    put(home.inbox / "open.xlsx")

    def copy_as_another_account(source: Path, target: Path) -> Copied:
        if source == closed:
            raise PermissionError(13, "Permission denied", str(source))
        return copy_file(source, target)

    monkeypatch.setattr(module, "copy_file", copy_as_another_account)
    made = backed_up(home, tmp_path / "disk")
    assert [Path(name).name for name in made.manifest.files if "/waiting/" in name] == ["open.xlsx"]
    assert str(closed) in caplog.text
