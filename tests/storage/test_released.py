"""A ledger with rows of another schema is altered by `upgrade` alone; those of every released version come through it whole."""

import gzip
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from domain.editions import EditionState
from domain.errors import InUse, LedgerFault, LedgerNewer, LedgerOutdated
from services.settings import PROGRAM
from storage import arrivals, chain, deliveries, editions, locks, soundness, submissions
from storage.database import look_at_ledger, open_database, upgrade_database
from storage.schema import newest_revision
from storage.snapshot import put_back, refuse_used, take_snapshot

pytestmark = pytest.mark.slow
LEDGERS = Path(__file__).parent / "ledgers"
RELEASED = [path.name.removesuffix(".sqlite3.gz") for path in sorted(LEDGERS.glob("*.gz"))]


def unpacked(version: str, folder: Path) -> Path:
    place = folder / f"{version}.sqlite3"
    place.write_bytes(gzip.decompress((LEDGERS / f"{version}.sqlite3.gz").read_bytes()))
    return place


@pytest.fixture(params=RELEASED)
def released(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> str:
    """The URL of a ledger of a released version, on either database, as that version left it."""
    url = database_url.replace("+psycopg", "")
    put_back(unpacked(request.param, tmp_path), url)
    return url


def nothing_kept(revision: str) -> None:
    raise AssertionError(revision)


def test_every_version_of_the_changelog_has_its_ledger() -> None:
    told = re.findall(r"^## (\d\S+)", (PROGRAM / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == RELEASED


def test_a_released_ledger_is_upgraded_whole(released: str) -> None:
    kept: list[str] = []
    before, after = upgrade_database(released, kept.append)
    assert (kept, after) == ([before], newest_revision())
    with open_database(released) as ledger, ledger.read() as session:
        assert list(soundness.broken_links(session)) == []
        assert chain.head(session)[0] >= 24
        [edition] = editions.all_editions(session)
        assert (edition.edition_id, edition.state) == ("2024-01-1", EditionState.SENT)
        assert len(editions.figures_of(session, edition.edition_id)) > 100
        assert {each.unit_code for each in submissions.counting_submissions(session, ["2024-01"])} == {"622", "625"}
        assert deliveries.unsettled(session) == []


def test_upgraded_once_there_is_nothing_more_to_do(released: str) -> None:
    upgrade_database(released, lambda _: None)
    assert upgrade_database(released, nothing_kept) == (newest_revision(), newest_revision())


def test_a_ledger_with_rows_of_an_older_schema_is_not_opened_and_not_altered(released: str) -> None:
    before = look_at_ledger(released)
    with pytest.raises(LedgerOutdated, match=r"chạy “ketnghia upgrade”"):
        open_database(released)
    assert look_at_ledger(released) == before
    assert before.revision in ("0009", "0010")


def test_what_cannot_be_copied_first_is_not_upgraded(released: str) -> None:
    def no_room(revision: str) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        upgrade_database(released, no_room)
    assert look_at_ledger(released).revision in ("0009", "0010")


def test_an_upgraded_ledger_goes_on(released: str) -> None:
    from tests.storage.test_locks import moment

    upgrade_database(released, lambda _: None)
    with open_database(released) as ledger, ledger.write() as session:
        # On PostgreSQL the numbers go on after those that were brought in.
        noted = arrivals.note_arrival(session, "folder", "x@1", "x.xlsx", "f" * 64, None, moment("2026-11-26 00:00"))
        locks.set_lock(session, "2024-02", moment("2024-02-25 00:00"), "Nguyễn Văn A", moment("2024-02-26 00:00"))
        assert noted.number == 4
        assert list(soundness.broken_links(session)) == []


def test_a_snapshot_of_either_database_is_the_same_ledger_of_the_same_schema(released: str, tmp_path: Path) -> None:
    before = look_at_ledger(released).revision
    take_snapshot(released, tmp_path / "copy" / "ledger.sqlite3")
    again = f"sqlite:///{tmp_path / 'again.sqlite3'}"
    put_back(tmp_path / "copy" / "ledger.sqlite3", again)
    assert look_at_ledger(again).revision == before
    heads = []
    for url in (released, again):
        upgrade_database(url, lambda _: None)
        with open_database(url) as ledger, ledger.read() as session:
            assert list(soundness.broken_links(session)) == []
            heads.append(chain.head(session)[0])
    assert heads[0] == heads[1]


def test_where_a_ledger_is_none_is_put(released: str, tmp_path: Path) -> None:
    take_snapshot(released, tmp_path / "copy.sqlite3")
    with pytest.raises(InUse, match="Đã có sổ"):
        put_back(tmp_path / "copy.sqlite3", released)
    with pytest.raises(InUse, match="Đã có sổ"):
        refuse_used(released)


def test_a_ledger_of_a_newer_program_is_left_alone(database_url: str) -> None:
    url = database_url.replace("+psycopg", "")
    open_database(url).close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    for action in (open_database, lambda url: upgrade_database(url, nothing_kept)):
        with pytest.raises(LedgerNewer, match=r"do bản chương trình mới hơn lập \(lược đồ 9999"):
            action(url)


def test_an_empty_ledger_of_an_older_schema_is_brought_up_by_whoever_needs_it(database_url: str) -> None:
    from tests.storage.test_upgrade import upgrade

    engine = create_engine(database_url)
    with engine.begin() as connection:
        upgrade(connection, "0004")
    engine.dispose()
    url = database_url.replace("+psycopg", "")
    open_database(url).close()
    assert look_at_ledger(url).revision == newest_revision()


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(place)) as other:
        other.execute("CREATE TABLE guests (name TEXT)")
        other.execute("INSERT INTO guests VALUES ('x')")
        other.commit()
    with pytest.raises(LedgerFault, match="bảng của chương trình khác"):
        open_database(f"sqlite:///{place}")


def test_looking_makes_no_table(database_url: str) -> None:
    url = database_url.replace("+psycopg", "")
    for _ in range(2):
        assert look_at_ledger(url).revision is None
    # Where it had made any, they would be somebody else's.
    refuse_used(url)


def test_looking_makes_nothing(tmp_path: Path) -> None:
    state = look_at_ledger(f"sqlite:///{tmp_path / 'none' / 'ledger.sqlite3'}")
    assert (state.revision, list(tmp_path.iterdir())) == (None, [])
