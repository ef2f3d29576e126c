"""Two roles on PostgreSQL: an owner that migrates, and the program's own, which adds and changes states, never the past."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from domain.errors import BadSettings
from storage.tables import Arrival, Delivery, Edition, Mail, Table

MAY_CHANGE: Mapping[type[Table], tuple[str, ...]] = {
    Arrival: ("answered_at",),
    Mail: ("answered_at",),
    Edition: (
        "state", "tables_sha256", "checked_by", "checked_at", "released_by", "released_at", "doc_number", "doc_date",
        "not_before", "replaces", "issued_sha256", "issued_tables_sha256", "withdrawn_by", "withdrawn_at",
        "void_reason", "signed_by", "signed_at", "signed_sha256",
    ),
    Delivery: ("eml_sha256", "state", "sender", "answer", "attempts", "sent_at", "next_attempt_at"),
}  # fmt: skip
"""What may change in a row that was kept; of all else, and of every other table, rows are added and stay."""


def make_roles(admin_url: str, owner_url: str, program_url: str) -> None:
    """Make both roles with the passwords of their URLs, the database, and give the owner what is in it already.

    The first URL is of a role that may make roles and databases, and of a database that is there.

    Raises:
        BadSettings: if a URL is none of PostgreSQL, the two do not fit together, or the server refuses.
    """
    admin, owner, program = _postgresql(admin_url), *_two_roles(owner_url, program_url)
    with _connected(admin) as connection:
        for role in (owner, program):
            _make_role(connection, role)
        is_there = connection.scalar(
            text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": owner.database}
        )
        if not is_there:
            _run(connection, "CREATE DATABASE %I", owner.database)
        _run(connection, "ALTER DATABASE %I OWNER TO %I", owner.database, owner.username)
    with _connected(admin.set(database=owner.database)) as connection:
        _run(connection, "ALTER SCHEMA public OWNER TO %I", owner.username)
        kept = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner <> :owner"),
            {"owner": owner.username},
        )
        for table in kept.all():
            _run(connection, "ALTER TABLE public.%I OWNER TO %I", table, owner.username)


def refuse_unfit(owner_url: str, program_url: str) -> None:
    """Stop where the two URLs are none of two roles on one database of PostgreSQL.

    Raises:
        BadSettings: with what is wrong.
    """
    _two_roles(owner_url, program_url)


def grant_rights(owner_url: str, program_url: str) -> None:
    """Grant the program's role what it needs of a ledger that is up to date, and nothing more.

    Raises:
        BadSettings: if a URL is none of PostgreSQL, the two do not fit together, or the server refuses.
    """
    owner, program = _two_roles(owner_url, program_url)
    role = program.username
    with _connected(owner) as connection:
        _run(connection, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        _run(connection, "GRANT USAGE ON SCHEMA public TO %I", role)
        _run(connection, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, %I", role)
        _run(connection, "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO %I", role)
        _run(connection, "GRANT SELECT ON alembic_version TO %I", role)
        for table in Table.metadata.sorted_tables:
            _run(connection, "GRANT SELECT, INSERT ON %I TO %I", table.name, role)
        for changing, columns in MAY_CHANGE.items():
            listed = ", ".join("%I" for _ in columns)
            _run(connection, f"GRANT UPDATE ({listed}) ON %I TO %I", *columns, changing.__tablename__, role)


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    """A connection of its own, each statement by itself: a database is made in no transaction."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    except (OperationalError, ProgrammingError) as error:
        raise BadSettings(
            f"Máy chủ PostgreSQL từ chối, với tài khoản {url.username}: {str(error.orig).splitlines()[0]}; kiểm tra "
            "KETNGHIA_DATABASE_ADMIN_URL và KETNGHIA_DATABASE_OWNER_URL."
        ) from error
    finally:
        engine.dispose()


def _make_role(connection: Connection, role: URL) -> None:
    known = connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": role.username})
    if not known:
        _run(connection, "CREATE ROLE %I LOGIN", role.username)
    if role.password:
        _run(connection, "ALTER ROLE %I LOGIN PASSWORD %L", role.username, str(role.password))


def _run(connection: Connection, pattern: str, *names: str | None) -> None:
    """Run a statement in which names cannot be parameters; the server puts them in as they must be quoted."""
    given = {f"name{number}": name for number, name in enumerate(names)}
    listed = "".join(f", CAST(:{key} AS text)" for key in given)
    statement = connection.scalar(text(f"SELECT format(CAST(:pattern AS text){listed})"), {"pattern": pattern} | given)
    connection.execution_options(no_parameters=True).exec_driver_sql(str(statement))


def _two_roles(owner_url: str, program_url: str) -> tuple[URL, URL]:
    owner, program = _postgresql(owner_url), _postgresql(program_url)
    places = {(each.host, each.port, each.database, str(each.query.get("host"))) for each in (owner, program)}
    if len(places) > 1 or not owner.database:
        raise BadSettings("KETNGHIA_DATABASE_OWNER_URL và KETNGHIA_DATABASE_URL phải chỉ cùng một cơ sở dữ liệu.")
    if not owner.username or not program.username or owner.username == program.username:
        raise BadSettings(
            "KETNGHIA_DATABASE_OWNER_URL và KETNGHIA_DATABASE_URL phải ghi hai tài khoản khác nhau: chủ sổ và chương trình."
        )
    return owner, program


def _postgresql(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadSettings("Địa chỉ cơ sở dữ liệu viết như postgresql://tài_khoản:mật_khẩu@máy/tên.") from error
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise BadSettings("Hai tài khoản chỉ có trên PostgreSQL; sổ SQLite là một tệp, quyền do thư mục quyết định.")
    return parsed.set(drivername="postgresql+psycopg")
