"""On PostgreSQL the program's role adds to the ledger and changes states; the server refuses whatever touches the past."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from domain.deliveries import DeliveryState
from domain.errors import BadSettings, LedgerFault
from domain.period import Period
from domain.submissions import LockRecord
from services.settings import Settings
from storage import locks
from storage.chain import KINDS
from storage.database import open_database
from storage.roles import MAY_CHANGE, grant_rights, make_roles
from storage.tables import Edition, Table
from tests.commands import (
    check_edition,
    collect_submissions,
    monthly_report,
    release,
    send_report,
    verify_ledger,
    withdraw,
)

pytestmark = pytest.mark.slow
Urls = tuple[str, str]
EDITION = "2024-01-1"


def prepare_ledger(owner: str, program: str) -> None:
    """As `ketnghia database init` does: the owner makes the ledger, then the program may add to it."""
    open_database(owner).close()
    grant_rights(owner, program)


@pytest.fixture
def urls(postgres_url: str, postgres_ledger: str) -> Iterator[Urls]:
    """Of the owner and of the program; neither role is there yet."""
    place = make_url(postgres_ledger)
    owner, program = f"owner_{place.database}", f"program_{place.database}"
    yield tuple(place.set(username=name).render_as_string(hide_password=False) for name in (owner, program))
    admin = create_engine(make_url(postgres_ledger).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for role in (owner, program):
            if connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": role}):
                connection.exec_driver_sql(f'REASSIGN OWNED BY "{role}" TO CURRENT_USER')
                connection.exec_driver_sql(f'DROP OWNED BY "{role}"')
                connection.exec_driver_sql(f'DROP ROLE "{role}"')
    admin.dispose()


@pytest.fixture
def program(postgres_url: str, urls: Urls) -> str:
    """The URL of the program's role, once both are made."""
    make_roles(postgres_url, *urls)
    prepare_ledger(*urls)
    return urls[1]


def test_a_whole_month_is_done_under_the_programs_role(
    program: str, new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    settings = new_home().model_copy(update={"database_url": program, "two_persons": True})
    fill(settings, "2024-01", with_faults=True, only={"622", "623", "630"})
    collect_submissions(settings)
    edition = monthly_report(settings, Period.parse("2024-01")).edition
    check_edition(settings, edition.edition_id, "Người Soát")
    release(settings, edition.edition_id, "Người Duyệt", "5", date(2024, 2, 5))
    assert {each.state for each in send_report(settings, edition.edition_id)} == {DeliveryState.SENT}
    withdraw(settings, edition.edition_id, "Người Duyệt", "Sai")
    with open_database(program) as database, database.write() as session:
        locks.set_lock(session, "2024-01", datetime(2024, 3, 1, tzinfo=UTC), "A", datetime(2024, 3, 1, tzinfo=UTC))
        assert isinstance(locks.lock_of(session, "2024-01"), LockRecord)
    assert verify_ledger(settings).faults == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activities SET cash_vnd = 1",
        "UPDATE submissions SET verdict = 'accepted'",
        "UPDATE editions SET sha256 = 'x'",
        "UPDATE editions SET made_at = now()",
        "UPDATE deliveries SET recipient = 'x'",
        "UPDATE arrivals SET arrived_at = now()",
        "UPDATE chain SET link_sha256 = 'x'",
        "DELETE FROM findings",
        "DELETE FROM chain",
        "DELETE FROM deliveries",
        "TRUNCATE mails",
        "UPDATE alembic_version SET version_num = '0001'",
        "DROP TABLE mails",
        "ALTER TABLE mails ADD COLUMN x INTEGER",
        "CREATE TABLE sneaky (id INTEGER)",
        "ALTER TABLE chain DISABLE TRIGGER ALL",
        "SELECT setval('arrivals_id_seq', 1)",
    ],
)
def test_the_server_refuses_what_would_alter_the_past(program: str, statement: str) -> None:
    with (
        open_database(program) as database,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        database.write() as session,
    ):
        session.execute(text(statement))


def test_a_ledger_that_the_program_owned_before_becomes_the_owners(postgres_url: str, urls: Urls) -> None:
    admin = create_engine(make_url(postgres_url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    name, database = make_url(urls[1]).username, make_url(urls[1]).database
    with admin.connect() as connection:
        connection.exec_driver_sql(f'CREATE ROLE "{name}" LOGIN')
        connection.exec_driver_sql(f'ALTER DATABASE "{database}" OWNER TO "{name}"')
    admin.dispose()
    with open_database(urls[1]) as opened, opened.write() as session:
        session.execute(text("DELETE FROM mails"))
    for _ in range(2):  # done again it does no harm
        make_roles(postgres_url, *urls)
        prepare_ledger(*urls)
    with (
        open_database(urls[1]) as opened,
        pytest.raises(ProgrammingError, match="permission denied"),
        opened.write() as session,
    ):
        session.execute(text("DELETE FROM mails"))


def test_the_programs_role_makes_no_ledger_and_says_who_does(postgres_url: str, urls: Urls) -> None:
    make_roles(postgres_url, *urls)
    with pytest.raises(LedgerFault, match="ketnghia database init"):
        open_database(urls[1])


@pytest.mark.parametrize(
    ("owner", "program", "said"),
    [
        ("sqlite:///x", "postgresql://b@h/d", "chỉ có trên PostgreSQL"),
        ("postgresql://a@h/d", "postgresql://b@h/e", "cùng một cơ sở dữ liệu"),
        ("postgresql://a@h/d", "postgresql://a@h/d", "hai tài khoản khác nhau"),
        ("?", "postgresql://a@h/d", "viết như"),
    ],
)
def test_two_urls_that_do_not_fit_together_are_refused(owner: str, program: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        grant_rights(owner, program)


def test_no_password_and_no_name_is_taken_for_a_statement(postgres_url: str, postgres_ledger: str) -> None:
    odd = make_url(postgres_ledger).set(password="a'; DROP TABLE x; --%s%(a)s")
    names = [odd.set(username=f'{kind}"; odd %') for kind in ("o", "p")]
    urls = [each.render_as_string(hide_password=False) for each in names]
    make_roles(postgres_url, *urls)
    prepare_ledger(*urls)
    with open_database(urls[1]) as database, database.read() as session:
        assert session.scalar(text("SELECT current_user")) == 'p"; odd %'
    admin = create_engine(make_url(postgres_ledger).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection = connection.execution_options(no_parameters=True)
        for kind in ("o", "p"):
            connection.exec_driver_sql(f'REASSIGN OWNED BY "{kind}""; odd %" TO CURRENT_USER')
            connection.exec_driver_sql(f'DROP OWNED BY "{kind}""; odd %"')
            connection.exec_driver_sql(f'DROP ROLE "{kind}""; odd %"')
    admin.dispose()


def test_what_may_change_is_in_no_link_that_is_made_once() -> None:
    made_once = {"arrival", "received-mail", "submission", "edition", "edition-manifest"}
    for table, columns in MAY_CHANGE.items():
        assert set(columns) <= set(table.__table__.c.keys())
        for kind in made_once:
            for part in KINDS[kind]:
                assert part.table is not table or not set(columns) & set(part.columns), kind
    assert "sha256" not in MAY_CHANGE[Edition]
    assert {table.__tablename__ for table in MAY_CHANGE} < set(Table.metadata.tables)
