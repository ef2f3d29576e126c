"""A home and its ledger belong together: an empty or a foreign one in its place stops every command that works."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import ForeignLedger
from domain.period import Period
from services.identity import NAME
from services.run import open_run
from services.settings import Settings
from storage import soundness
from storage.database import open_database
from storage.identity import ledger_id
from tests.commands import collect_submissions, status, verify_ledger

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")


@pytest.fixture(scope="module")
def used_home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    settings = new_home()
    fill(settings, "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    return settings.home


@pytest.fixture
def used(tmp_path: Path, used_home: Path) -> Settings:
    """A home in which one file was taken in."""
    home = tmp_path / "home"
    shutil.copytree(used_home, home)
    return Settings(home=home, _env_file=None)


def database(settings: Settings) -> Path:
    return settings.home / "ketnghia.sqlite3"


def lose(settings: Settings) -> None:
    for path in settings.home.glob("ketnghia.sqlite3*"):
        path.unlink()


def identity_of(settings: Settings) -> str:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        assert list(soundness.broken_links(session)) == []
        return ledger_id(session)


def work(settings: Settings) -> None:
    with open_run(settings) as run, run.ledger.read():
        pass


def test_a_ledger_is_marked_in_its_home_and_a_copy_of_both_works(used: Settings) -> None:
    mark = (used.home / NAME).read_text(encoding="utf-8").strip()
    assert (mark, len(mark)) == (identity_of(used), 32)
    assert collect_submissions(used) == []
    assert verify_ledger(used).faults == []


@pytest.mark.parametrize("is_marked", [True, False])
def test_no_new_ledger_is_made_where_one_was_lost(used: Settings, is_marked: bool) -> None:
    lose(used)
    if not is_marked:
        (used.home / NAME).unlink()
    for command in (collect_submissions, verify_ledger, work, lambda settings: status(settings, JANUARY)):
        with pytest.raises(ForeignLedger, match="Khôi phục sổ từ bản sao lưu"):
            command(used)
    assert not database(used).exists()


@pytest.mark.parametrize("is_marked", [True, False])
def test_an_empty_ledger_in_a_used_home_is_refused_until_somebody_means_it(used: Settings, is_marked: bool) -> None:
    lose(used)
    open_database(used.ledger_url).close()
    if not is_marked:
        (used.home / NAME).unlink()
    found = identity_of(used)
    with pytest.raises(ForeignLedger, match=f"một sổ trống .*ghi mã {found} vào tệp"):
        collect_submissions(used)
    (used.home / NAME).write_text(f"{found}\n", encoding="utf-8")
    work(used)
    # Meant or not, the files that it knows nothing of are told.
    assert any("có trong kho mà không có trong sổ" in fault for fault in verify_ledger(used).faults)


def test_the_ledger_of_another_home_is_refused(
    used: Settings, new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    other = new_home()
    fill(other, "2024-01", with_faults=False, only={"623"})
    lose(used)
    shutil.copy(database(other), database(used))
    for mark in (used.home / NAME, None):
        with pytest.raises(ForeignLedger, match="là sổ khác"):
            work(used)
        if mark is not None:
            mark.unlink()


def test_a_home_of_before_ledgers_had_ids_takes_its_own(used: Settings) -> None:
    (used.home / NAME).unlink()
    work(used)
    assert (used.home / NAME).read_text(encoding="utf-8").strip() == identity_of(used)


def test_another_new_home_may_use_a_ledger_that_is_full(used: Settings, new_home: Callable[[], Settings]) -> None:
    second = new_home()
    second.database_url = used.ledger_url
    work(second)
    assert (second.home / NAME).read_bytes() == (used.home / NAME).read_bytes()
