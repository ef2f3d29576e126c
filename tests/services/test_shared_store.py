"""One store for two machines: what one has, the other works with; a store that is away or another's stops before harm."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.deliveries import DeliveryState
from domain.errors import BadSettings, ForeignStore, KetnghiaError, OtherTables, StoreUnreachable
from domain.period import Period
from services import shared_store
from services.change_store import change_store, leave_store, store_in_words
from services.change_tables import put_in_force, take
from services.run import open_run, reopen
from services.settings import Settings
from services.shared_store import level_home, named_store
from services.tables import keep_tables, kept_tables
from services.upkeep.backup import BackedUp, back_up
from services.upkeep.doctor import examine
from services.upkeep.restore import restore
from storage import deliveries
from storage.identity import ledger_id
from storage.kept import KeptFiles
from storage.store import Store
from tests.commands import (
    collect_submissions,
    flush_outbox,
    monthly_report,
    release,
    repair,
    send_report,
    unit_sheets,
    verify_edition,
    verify_ledger,
    write_narrative,
    write_status_page,
)
from tests.services.mail.office import EDITION, address

JANUARY = Period.parse("2024-01")
Pair = tuple[Settings, Settings]
pytestmark = pytest.mark.slow


@pytest.fixture
def homes(new_home: Callable[[], Settings], tmp_path: Path) -> Pair:
    """Two machines with the same tables, on one ledger and one store."""
    said = {"database_url": f"sqlite:///{tmp_path / 'shared.sqlite3'}", "store": str(tmp_path / "kho")}
    (tmp_path / "kho").mkdir(mode=0o700)
    first, second = (new_home().model_copy(update=said) for _ in range(2))
    return first, second


def look(settings: Settings) -> str:
    """Open the ledger; gives why that cannot be."""
    try:
        with open_run(settings) as run, run.ledger.read():
            return ""
    except KetnghiaError as reason:
        return str(reason)


def keep(settings: Settings, content: bytes) -> Path:
    with open_run(settings) as run:
        run.look_into_ledger()
        place = settings.archive / "ab" / content.hex()
        run.kept.keep(place, content)
    return place


def faults(settings: Settings) -> list[str]:
    return list(verify_ledger(settings).faults)


def line_of(settings: Settings, name: str) -> tuple[bool, str]:
    [found] = [each.found for each in examine(settings) if each.name == name]
    return found.is_good, found.text


def test_a_store_that_is_met_for_the_first_time_gets_all_files_of_the_home(homes: Pair) -> None:
    first, _ = homes
    alone = first.model_copy(update={"store": ""})
    kept = keep(alone, b"of before")
    with open_run(first) as run, run.ledger.read():
        pass
    assert (Path(first.store) / kept.relative_to(first.home)).read_bytes() == b"of before"


def test_from_then_on_nobody_works_without_it(homes: Pair) -> None:
    first, second = homes
    keep(first, b"x")
    assert "KETNGHIA_STORE chưa đặt" in look(second.model_copy(update={"store": ""}))
    assert first.store in look(second.model_copy(update={"store": ""}))
    assert look(second) == ""


def test_a_drive_that_is_not_mounted_is_no_new_store(homes: Pair) -> None:
    first, second = homes
    keep(first, b"x")
    Path(first.store).rename(f"{first.store} elsewhere")
    Path(first.store).mkdir(mode=0o700)
    for settings in homes:
        with pytest.raises(ForeignStore, match="mount"):
            keep(settings, b"y")
    assert list(Path(first.store).iterdir()) == []
    assert line_of(second, "store")[0] is False


def test_another_store_is_taken_once_somebody_wants_it_and_by_all(homes: Pair, tmp_path: Path) -> None:
    first, second = homes
    kept = keep(first, b"x")
    keep(second, b"y")
    (tmp_path / "new").mkdir(mode=0o700)
    moved, other = (each.model_copy(update={"store": str(tmp_path / "new")}) for each in homes)
    with pytest.raises(ForeignStore, match="database store --set"):
        keep(moved, b"z")
    with pytest.raises(KetnghiaError, match="--by"):
        change_store(moved, " ")
    assert change_store(moved, "Nguyễn Văn A").given > 0
    assert (tmp_path / "new" / kept.relative_to(first.home)).is_file()
    assert str(tmp_path / "new") in store_in_words(second)
    # Whoever still names the old one is told, and puts nothing where nobody looks.
    with pytest.raises(ForeignStore, match="không phải kho mà sổ đang dùng"):
        keep(second, b"z")
    keep(other, b"z")
    assert (tmp_path / "new" / "archive" / "ab" / b"y".hex()).is_file()


def test_whoever_changes_the_store_hears_what_it_lacks(homes: Pair, tmp_path: Path) -> None:
    first, second = homes
    first.inbox.mkdir()
    (first.inbox / "note.txt").write_bytes(b"no workbook")
    collect_submissions(first)
    assert look(second) == ""
    (tmp_path / "new").mkdir(mode=0o700)
    moved, other = (each.model_copy(update={"store": str(tmp_path / "new")}) for each in homes)
    changed = change_store(other, "Nguyễn Văn A")
    [fault] = [each for each in changed.faults if "archive/" in each]
    assert "không có trong kho chung" in fault
    repair(moved)
    assert look(moved) == ""
    assert change_store(other, "Nguyễn Văn A").faults == []


def test_where_the_store_was_a_bare_folder_is_no_new_one_unless_somebody_says_so(homes: Pair) -> None:
    first, _ = homes
    kept = keep(first, b"x")
    shutil.rmtree(first.store)
    Path(first.store).mkdir(mode=0o700)
    for by_hand in (False, True):
        with pytest.raises(ForeignStore, match=r"chưa được gắn \(mount\).*--as-new"):
            change_store(first, "Nguyễn Văn A") if by_hand else keep(first, b"y")
    assert list(Path(first.store).iterdir()) == []
    assert change_store(first, "Nguyễn Văn A", is_new=True).given > 0
    assert (Path(first.store) / kept.relative_to(first.home)).is_file()
    assert look(first) == ""


def test_a_drive_that_this_machine_mounts_elsewhere_is_known_by_its_own_place(homes: Pair, tmp_path: Path) -> None:
    first, second = homes
    keep(first, b"x")
    there = second.model_copy(update={"store": str(tmp_path / "mounted")})
    Path(first.store).rename(there.store)
    assert look(there) == ""
    Path(there.store).rename(tmp_path / "away")
    Path(there.store).mkdir(mode=0o700)
    for by_hand in (False, True):
        with pytest.raises(ForeignStore, match=r"chưa được gắn \(mount\)"):
            change_store(there, "Nguyễn Văn A") if by_hand else keep(there, b"y")


def test_what_needs_no_file_is_written_while_the_store_is_away(homes: Pair) -> None:
    first, _ = homes
    keep(first, b"x")
    with open_run(first) as run, run.ledger.write():
        pass
    shutil.move(first.store, f"{first.store} away")
    with open_run(first) as run, run.ledger.write():
        pass


def test_a_ledger_leaves_its_store_once_everything_is_here(homes: Pair) -> None:
    first, second = homes
    first.inbox.mkdir()
    (first.inbox / "note.txt").write_bytes(b"no workbook")
    collect_submissions(first)
    [name] = (first.home / "archive").rglob("?" * 64)
    alone = second.model_copy(update={"store": ""})
    with pytest.raises(KetnghiaError, match="1 tệp của sổ không có"):
        leave_store(alone, "Nguyễn Văn A")
    with pytest.raises(KetnghiaError, match="--by"):
        leave_store(second, "")
    assert look(second) == ""
    leave_store(second, "Nguyễn Văn A")
    assert (second.home / name.relative_to(first.home)).is_file()
    assert "không còn dùng kho chung nào (Nguyễn Văn A" in store_in_words(alone)
    assert look(alone) == ""
    assert faults(alone) == []
    # Whoever still names it is told, and does not make it the store again by being used.
    for settings in homes:
        assert "bỏ dòng ấy" in look(settings)
    with pytest.raises(KetnghiaError, match="không dùng kho chung nào"):
        leave_store(alone, "Nguyễn Văn A")
    change_store(second, "Nguyễn Văn A")
    assert [look(each) for each in homes] == ["", ""]


def test_a_store_that_is_mounted_elsewhere_is_the_same(homes: Pair, tmp_path: Path) -> None:
    first, _ = homes
    keep(first, b"x")
    Path(first.store).rename(tmp_path / "elsewhere")
    assert keep(first.model_copy(update={"store": str(tmp_path / "elsewhere")}), b"y").is_file()


def test_every_home_that_meets_the_store_gives_it_what_it_has(homes: Pair) -> None:
    first, second = homes
    for settings, content in ((first, b"x"), (second, b"y")):
        keep(settings.model_copy(update={"store": ""}), content)
    for settings in homes:
        assert look(settings) == ""
    assert sorted(path.name for path in (Path(first.store) / "archive" / "ab").iterdir()) == [b"x".hex(), b"y".hex()]


def test_tables_that_were_set_before_there_was_a_store_can_be_taken_from_it(homes: Pair) -> None:
    first, second = homes
    address(first, 2)
    with open_run(first.model_copy(update={"store": ""})) as run, run.ledger.write():
        pass
    with open_run(first) as run, run.ledger.write():
        pass
    with open_run(second) as run:
        assert take(run)[0] == ["recipients.csv"]


@pytest.mark.parametrize("in_hand", ["the list is here", "the list there is another"])
def test_tables_whose_list_this_home_has_reach_the_store_all_the_same(homes: Pair, in_hand: str) -> None:
    first, second = homes
    keep(first, b"x")
    address(first, 2)
    with open_run(first) as run:
        # As an earlier run left it, or one before there was a store.
        keep_tables(KeptFiles(first.home), first.kept_tables, run.tables)
        if in_hand == "the list there is another":
            (Path(first.store) / "tables" / f"{run.tables.version}.json").parent.mkdir(exist_ok=True)
            (Path(first.store) / "tables" / f"{run.tables.version}.json").write_bytes(b"[]")
        with run.ledger.write():
            pass
    with open_run(second) as run:
        assert take(run)[0] == ["recipients.csv"]


def test_a_step_on_another_machine_finds_the_tables_of_its_run_in_the_store(homes: Pair) -> None:
    first, second = homes
    keep(first, b"x")
    address(first, 2)
    with open_run(first) as run:
        ticket = run.ticket()
    assert not list(second.kept_tables.rglob("*"))
    with reopen(replace(ticket, settings=second)) as run:
        assert run.tables.version == ticket.tables_version
        assert len(run.reference.recipients) == 2


def test_a_ticket_makes_no_ledger_to_ask_for_the_store(homes: Pair) -> None:
    first, _ = homes
    with open_run(first) as run:
        run.ticket()
        assert not run.has_ledger


def test_a_list_of_tables_that_was_altered_here_is_read_from_the_store(homes: Pair) -> None:
    first, _ = homes
    with open_run(first) as run:
        keep_tables(run.kept, first.kept_tables, run.tables)
        (first.kept_tables / f"{run.tables.version}.json").write_bytes(b"[]")
        assert kept_tables(run.kept, first.kept_tables, run.tables.version) == run.tables


def test_the_store_of_another_ledger_is_not_taken(homes: Pair, new_home: Callable[[], Settings]) -> None:
    first, _ = homes
    keep(first, b"x")
    other = new_home().model_copy(update={"store": first.store})
    assert "kho của sổ khác" in look(other)


@pytest.mark.parametrize(
    "store",
    [
        "kho",
        "gs://kho/x",
        "s3://",
        "sftp://may/x",
        "sftp://nop:mat-khau@may/x",
        "sftp://nop@may",
        "sftp://nop@may/",
        "//",
    ],
)
def test_what_names_no_store_is_said_before_anything_is_kept(homes: Pair, store: str) -> None:
    first = homes[0].model_copy(update={"store": store})
    with pytest.raises(BadSettings, match="KETNGHIA_STORE"):
        named_store(first)
    assert "KETNGHIA_STORE" in look(first)


@pytest.mark.parametrize("where", ["{home}", "{home}/kho", "{home}/.."])
def test_a_store_within_the_data_folder_or_around_it_is_none(homes: Pair, where: str) -> None:
    inside = homes[0].model_copy(update={"store": where.format(home=homes[0].home)})
    with pytest.raises(BadSettings, match="nằm ngoài thư mục dữ liệu"):
        named_store(inside)


def test_a_store_that_is_away_stops_the_intake_and_the_next_run_takes_all(
    homes: Pair, pleiku: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = homes
    keep(first, b"x")
    first.inbox.mkdir()
    (first.inbox / "622.xlsx").write_bytes(pleiku())
    shutil.move(first.store, f"{first.store} away")
    for _ in range(2):
        with pytest.raises(StoreUnreachable, match="kho chung"):
            collect_submissions(first)
    shutil.move(f"{first.store} away", first.store)
    [collected] = collect_submissions(first)
    assert collected.verdict.counts


def test_tables_are_taken_from_the_store_and_what_was_here_is_set_aside(homes: Pair) -> None:
    first, second = homes
    for settings in homes:
        address(settings, 1)
    table = Path("reference", "recipients.csv")
    with open_run(first) as run:
        put_in_force(run, "Nguyễn Văn A")
    address(second, 3)
    (second.home / "reference" / "narratives").mkdir(exist_ok=True)
    (second.home / "reference" / "narratives" / "2024-01.toml").write_text("", encoding="utf-8")
    with pytest.raises(OtherTables, match="database tables --take"), open_run(second) as run, run.ledger.write():
        pass
    ours = (second.home / table).read_bytes()
    with open_run(second) as run:
        taken, before = take(run)
    assert taken == ["recipients.csv"]
    assert before is not None
    assert (before / "recipients.csv").read_bytes() == ours
    assert (before / "narratives" / "2024-01.toml").is_file()
    assert (second.home / table).read_bytes() == (first.home / table).read_bytes()
    with open_run(second) as run, run.ledger.write():
        pass
    with open_run(second) as run:
        assert take(run) == ([], None)


def test_tables_that_lie_in_no_store_are_copied_by_hand(homes: Pair) -> None:
    first, second = (each.model_copy(update={"store": ""}) for each in homes)
    with open_run(first) as run, run.ledger.write():
        pass
    with open_run(second) as run, pytest.raises(KetnghiaError, match="chép tay"):
        take(run)


def test_a_month_begun_on_one_machine_is_ended_on_the_other(
    homes: Pair, fill: Callable[..., None], tmp_path: Path, pleiku: Callable[..., bytes]
) -> None:
    first, second = homes
    fill(first, "2024-01", with_faults=False, only={"622", "623"})
    for settings in homes:
        address(settings, 2)
    collect_submissions(first)
    # What the first received, the second reads: for the report, the remarks, the question where a figure comes from.
    write_narrative(first, JANUARY, "Nguyễn Văn A")
    with open_run(first) as run:
        put_in_force(run, "Nguyễn Văn A")
    with open_run(second) as run:
        take(run)
    printed = monthly_report(second, JANUARY)
    assert faults(first) == []
    released = release(first, EDITION, "Người Duyệt")
    assert released.issued_sha256
    page = write_status_page(second, JANUARY)
    linked = page.read_text(encoding="utf-8")
    assert f"../editions/{released.issued_sha256}.pdf" in linked
    assert (second.editions / f"{released.issued_sha256}.pdf").is_file()
    again = verify_edition(first, printed.path)
    assert again.faults == []
    unit_sheets(first, JANUARY)
    send_report(second, EDITION)
    assert flush_outbox(first) == []
    for settings in homes:
        assert faults(settings) == []
        assert line_of(settings, "store")[0]
    # A backup of the machine that never saw the files has them all.
    made = back_up_of(second, tmp_path / "disk")
    assert made.manifest.missing == ()
    third = second.model_copy(update={"home": tmp_path / "third", "database_url": ""})
    restore(third, made.place)
    assert faults(third) == []
    # What both homes lost is in the store, and comes back by being asked for.
    for name in ("archive", "editions", "tables"):
        shutil.rmtree(first.home / name)
    assert faults(first) == []
    assert repair(first) == []


def back_up_of(settings: Settings, folder: Path) -> BackedUp:
    with open_run(settings) as run:
        return back_up(run, folder)


def test_a_mail_composed_on_one_machine_goes_from_the_other(
    homes: Pair, fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from delivery.smtp import Deferred
    from services.mail import outbox

    first, second = homes
    fill(first, "2024-01", with_faults=False, only={"622"})
    for settings in homes:
        address(settings, 2)
    collect_submissions(first)
    write_narrative(first, JANUARY, "Nguyễn Văn A")
    shutil.copytree(first.home / "reference", second.home / "reference", dirs_exist_ok=True)
    monthly_report(first, JANUARY)
    release(first, EDITION, "Người Duyệt")

    def waits(*_: object, **__: object) -> str:
        raise Deferred("chưa nhận lúc này")

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "mail_channel", lambda run, subject: object())
        patched.setattr("delivery.line.Line.send", waits)
        send_report(first, EDITION)
    waiting = list(first.mails.rglob("*.eml"))
    assert waiting
    assert not list(second.mails.rglob("*.eml"))
    sent = send_report(second, EDITION)
    assert {each.state.name for each in sent} == {"SENT"}
    assert sorted(path.name for path in (second.mail_sink / EDITION).iterdir()) == [
        "r0000@gialai.example.eml",
        "r0001@gialai.example.eml",
    ]
    assert not list((Path(first.store) / "mail").rglob("*.eml"))
    assert faults(second) == []


def test_a_folder_that_every_account_may_enter_is_no_store(homes: Pair) -> None:
    first, _ = homes
    os.chmod(first.store, 0o755)
    assert f"chmod o= {first.store}" in look(first)
    assert list(Path(first.store).iterdir()) == []


def test_a_folder_that_is_not_there_is_not_made(homes: Pair) -> None:
    first, _ = homes
    Path(first.store).rmdir()
    assert "Không có thư mục kho chung" in look(first)
    assert not Path(first.store).exists()


def test_two_machines_that_meet_a_new_store_at_once_meet_the_same(homes: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = homes
    with open_run(first.model_copy(update={"store": ""})) as run, run.ledger.read():
        pass
    hand_over, mark_of = KeptFiles.hand_over, shared_store._mark_of
    looks: list[None] = []

    def looked_before_there_was_one(store: Store, *own: str) -> Any:
        looks.append(None)
        return None if len(looks) == 1 else mark_of(store, *own)

    def while_the_second_comes(*said: Any, **also: Any) -> Any:
        with monkeypatch.context() as patched:
            patched.setattr(KeptFiles, "hand_over", hand_over)
            patched.setattr(shared_store, "_mark_of", looked_before_there_was_one)
            if not looks:
                assert look(second) == ""
        return hand_over(*said, **also)

    with monkeypatch.context() as patched:
        patched.setattr(KeptFiles, "hand_over", while_the_second_comes)
        look(first)
    assert looks
    assert [look(each) for each in homes] == ["", ""]


@pytest.mark.parametrize("chosen", [False, True])
def test_a_mark_that_names_the_ledger_alone_is_made_whole(homes: Pair, tmp_path: Path, chosen: bool) -> None:
    first, _ = homes
    if chosen:
        keep(first, b"x")
    with open_run(first if chosen else first.model_copy(update={"store": ""})) as run, run.ledger.read() as session:
        own = ledger_id(session)
    (tmp_path / "new").mkdir(mode=0o700)
    (tmp_path / "new" / "ledger.id").write_text(f"{own}\n", encoding="utf-8")
    moved = first.model_copy(update={"store": str(tmp_path / "new")})
    if chosen:
        change_store(moved, "Nguyễn Văn A")
    keep(moved, b"y")
    [of, store_id] = (tmp_path / "new" / "ledger.id").read_text(encoding="utf-8").split()
    assert (of, len(store_id)) == (own, 32)


def test_a_mail_that_went_before_there_was_a_store_does_not_come_into_it(homes: Pair) -> None:
    first, _ = homes
    digest = sha256(b"mail").hexdigest()
    place = first.mails / digest[:2] / f"{digest}.eml"
    with open_run(first.model_copy(update={"store": ""})) as run, run.ledger.write() as session:
        run.kept.keep(place, b"mail")
        deliveries.reserve(session, "x", "r0000@gialai.example", "<1@gialai.example>", digest, run.now())
        deliveries.claim(session, "x", "r0000@gialai.example", "a:1")
        deliveries.settle(session, "x", "r0000@gialai.example", DeliveryState.SENT, run.now(), "250")
    assert look(first) == ""
    assert not place.exists()
    assert not list(Path(first.store).rglob("*.eml"))
    assert faults(first) == []


def test_a_file_that_cannot_be_read_stops_no_command(
    homes: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = homes
    alone = first.model_copy(update={"store": ""})
    bad, good = keep(alone, b"bad"), keep(alone, b"good")
    read = Path.read_bytes

    def failing(self: Path) -> bytes:
        if self == bad:
            raise OSError(5, "Input/output error")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", failing)
    assert look(first) == ""
    assert (Path(first.store) / good.relative_to(first.home)).is_file()
    assert f"Không đọc được {bad} (Input/output error)" in caplog.text
    monkeypatch.undo()
    with open_run(first) as run:
        assert level_home(first, run.ledger, run.kept, is_thorough=False) == [bad]


def test_what_is_in_the_store_is_as_open_as_its_folder(homes: Pair) -> None:
    first, _ = homes
    os.chmod(first.store, 0o750)
    kept = keep(first, b"x")
    place = Path(first.store) / kept.relative_to(first.home)
    assert place.stat().st_mode & 0o777 == 0o640
    assert place.parent.stat().st_mode & 0o777 == 0o750
