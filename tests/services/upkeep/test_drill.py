"""The drill: a backup is made while another process writes, and everything goes on elsewhere as if nothing had happened."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from domain.deliveries import DeliveryState
from domain.errors import Busy, ForeignStore, LedgerFault
from domain.period import Period
from services.change_store import change_store, leave_store
from services.run import open_run
from services.settings import PROGRAM, Settings
from services.upkeep.backup import BackedUp, back_up
from services.upkeep.belongings import NOTE
from services.upkeep.restore import restore
from storage.database import open_database
from storage.edition_files import pdf_path
from storage.roles import grant_rights, make_roles
from storage.snapshot import put_back, take_snapshot
from tests.commands import flush_outbox, monthly_report, send_report, verify_edition, verify_ledger
from tests.services.mail.office import EDITION, Office, long_after, standing, states
from tests.services.upkeep.conftest import WAITS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]


@contextmanager
def another_writes(settings: Settings) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.services.upkeep.writer", str(settings.home), settings.database_url]
    with subprocess.Popen(command, cwd=PROGRAM, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"writing\n"
            yield
            assert writer.poll() is None
        finally:
            writer.kill()


def backed_up(settings: Settings, to: Path) -> BackedUp:
    with open_run(settings) as run:
        return back_up(run, to)


def on_a_store(sent_month: tuple[Office, Settings], tmp_path: Path) -> Settings:
    """The month's ledger goes by a store, which has all its files."""
    _, settings = sent_month
    (tmp_path / "kho").mkdir(mode=0o700)
    settings.store = str(tmp_path / "kho")
    with open_run(settings) as run, run.ledger.read():
        pass
    return settings


@pytest.fixture
def databases(postgres_url: str, tmp_path: Path) -> Iterator[list[str]]:
    """Two empty databases of a server."""
    admin = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    names = [f"drill_{abs(hash((str(tmp_path), number)))}" for number in range(2)]
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield [
        admin.url.set(database=name, drivername="postgresql").render_as_string(hide_password=False) for name in names
    ]
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def goes_on(server: Office, settings: Settings) -> None:
    """Everything that must hold after a restore."""
    assert verify_ledger(settings).faults == []
    [edition] = {printed.edition.edition_id: printed for printed in [monthly_report(settings, Period.parse("2024-01"))]}
    assert edition == EDITION
    printed = monthly_report(settings, Period.parse("2024-01"))
    issued = printed.edition.issued_sha256
    assert issued is not None
    checked = verify_edition(settings, pdf_path(settings.editions, issued))
    assert checked.faults == []
    assert f"lập lại bản {EDITION} từ sổ ra đúng từng byte" in checked.sound
    assert f"phát hành lại bản {EDITION} ra đúng từng byte" in checked.sound
    assert states(settings) == {DeliveryState.SENT: 2, DeliveryState.DEFERRED: 1}
    long_after(settings)
    flush_outbox(settings)
    flush_outbox(settings)
    send_report(settings, EDITION)
    assert states(settings) == {DeliveryState.SENT: 3}
    assert server.recipients.count(WAITS) == 1
    assert set(server.taken.values()) == {1}
    assert len(server.recipients) == 3
    assert verify_ledger(settings).faults == []


def test_the_drill(sent_month: tuple[Office, Settings], tmp_path: Path) -> None:
    server, settings = sent_month
    with another_writes(settings):
        made = [backed_up(settings, tmp_path / "disk") for _ in range(3)]
    assert [each.manifest.missing for each in made] == [(), (), ()]
    elsewhere = settings.model_copy(update={"home": tmp_path / "elsewhere"})
    done = restore(elsewhere, made[-1].place)
    assert (done.to_go, done.notes) == (1, [])
    assert done.manifest.links == verify_ledger(elsewhere).links
    shutil.rmtree(settings.home)
    goes_on(server, elsewhere)
    assert not (elsewhere.home / NOTE).exists()


def test_the_drill_from_one_postgresql_to_another(
    sent_month: tuple[Office, Settings], databases: list[str], tmp_path: Path
) -> None:
    server, settings = sent_month
    take_snapshot(settings.ledger_url, tmp_path / "ledger.sqlite3")
    put_back(tmp_path / "ledger.sqlite3", databases[0])
    (settings.home / "ketnghia.sqlite3").unlink()
    settings.database_url = databases[0]
    with another_writes(settings):
        made = backed_up(settings, tmp_path / "disk")
    assert made.manifest.missing == ()
    elsewhere = settings.model_copy(update={"home": tmp_path / "elsewhere", "database_url": databases[1]})
    restore(elsewhere, made.place)
    shutil.rmtree(settings.home)
    goes_on(server, elsewhere)


def test_a_ledger_on_postgresql_comes_back_on_sqlite(
    sent_month: tuple[Office, Settings], databases: list[str], tmp_path: Path
) -> None:
    server, settings = sent_month
    take_snapshot(settings.ledger_url, tmp_path / "ledger.sqlite3")
    put_back(tmp_path / "ledger.sqlite3", databases[0])
    (settings.home / "ketnghia.sqlite3").unlink()
    made = backed_up(settings.model_copy(update={"database_url": databases[0]}), tmp_path / "disk")
    elsewhere = settings.model_copy(update={"home": tmp_path / "elsewhere"})
    restore(elsewhere, made.place)
    goes_on(server, elsewhere)


def test_of_two_restores_into_one_database_one_is_refused_before_it_brings_a_file(
    sent_month: tuple[Office, Settings], databases: list[str], tmp_path: Path
) -> None:
    _, settings = sent_month
    made = backed_up(settings, tmp_path / "disk")
    first, second = (
        settings.model_copy(update={"home": tmp_path / name, "database_url": databases[0]}) for name in ("one", "two")
    )
    refusals = []

    def meanwhile(_step: str, done: int, _total: int) -> None:
        if done == 1:
            with pytest.raises(Busy, match=f"phục hồi .* tiến trình {os.getpid()}") as refusal:
                restore(second, made.place)
            refusals.append(refusal)

    restore(first, made.place, meanwhile)
    assert len(refusals) == 1
    assert list(second.home.iterdir()) == []
    assert verify_ledger(first).faults == []


def test_a_mail_that_was_being_handed_over_is_uncertain_after_a_restore(
    sent_month: tuple[Office, Settings], tmp_path: Path
) -> None:
    server, settings = sent_month
    with open_database(settings.ledger_url) as ledger, ledger.write() as session:
        session.execute(text("UPDATE deliveries SET state = 'sending', sender = 'x:y' WHERE state = 'deferred'"))
    made = backed_up(settings, tmp_path / "disk")
    elsewhere = settings.model_copy(update={"home": tmp_path / "elsewhere"})
    assert restore(elsewhere, made.place).to_go == 0
    [mail] = [each for each in standing(elsewhere) if each.recipient == WAITS]
    assert mail.state is DeliveryState.UNCERTAIN
    assert verify_ledger(elsewhere).faults == []
    flush_outbox(elsewhere)
    assert server.recipients.count(WAITS) == 0


def test_a_drill_beside_the_ledger_that_works_leaves_its_store_alone(
    sent_month: tuple[Office, Settings], tmp_path: Path
) -> None:
    settings = on_a_store(sent_month, tmp_path)
    waiting = sorted(tmp_path.joinpath("kho", "mail").rglob("*.eml"))
    assert waiting
    made = backed_up(settings, tmp_path / "disk")
    drill = settings.model_copy(update={"home": tmp_path / "drill", "store": ""})
    done = restore(drill, made.place)
    assert done.to_go == 1
    [told] = done.notes
    assert "Chỉ để thử: đừng dùng kho thật" in told
    assert "database store --none" in told
    with pytest.raises(ForeignStore, match="database store --none"):
        verify_ledger(drill)
    leave_store(drill, "Nguyễn Văn A")
    assert verify_ledger(drill).faults == []
    long_after(drill)
    flush_outbox(drill)
    assert sorted(tmp_path.joinpath("kho", "mail").rglob("*.eml")) == waiting
    assert verify_ledger(settings).faults == []
    # Or a new folder of its own.
    (tmp_path / "thu").mkdir(mode=0o700)
    other = settings.model_copy(update={"home": tmp_path / "other", "store": str(tmp_path / "thu")})
    assert "Chỉ để thử" in restore(other, made.place).notes[0]
    assert change_store(other, "Nguyễn Văn A").faults == []
    assert verify_ledger(other).faults == []


def test_a_mail_in_hand_is_uncertain_after_a_restore_whose_store_is_not_named(
    sent_month: tuple[Office, Settings], tmp_path: Path
) -> None:
    settings = on_a_store(sent_month, tmp_path)
    with open_database(settings.ledger_url) as ledger, ledger.write() as session:
        session.execute(text("UPDATE deliveries SET state = 'sending', sender = 'x:y' WHERE state = 'deferred'"))
    made = backed_up(settings, tmp_path / "disk")
    drill = settings.model_copy(update={"home": tmp_path / "drill", "store": ""})
    restore(drill, made.place)
    assert states(drill)[DeliveryState.UNCERTAIN] == 1


def test_the_account_of_the_program_restores_nothing_and_copies_nothing(
    sent_month: tuple[Office, Settings], databases: list[str], tmp_path: Path
) -> None:
    _, settings = sent_month
    made = backed_up(settings, tmp_path / "disk")
    owner = databases[0]
    program = make_url(owner).set(username="chuong_trinh").render_as_string(hide_password=False)
    make_roles(owner, owner, program)
    with open_database(owner):
        pass
    grant_rights(owner, program)
    new = settings.model_copy(update={"home": tmp_path / "new", "database_url": program})
    with pytest.raises(LedgerFault, match=r"chuong_trinh .*KETNGHIA_DATABASE_OWNER_URL"):
        restore(new, made.place)
    assert not new.home.exists()
    restore(new.model_copy(update={"database_url": owner}), made.place)
    grant_rights(owner, program)
    assert verify_ledger(new).faults == []
