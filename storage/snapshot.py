"""A ledger as one file: whatever database it is on, its copy is a SQLite file of the same revision, and leads back to either.

A copy sees one moment and keeps no writer waiting.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Engine,
    MetaData,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from domain.errors import InUse, LedgerFault
from domain.turns import Holder, Work
from storage import chain
from storage.database import Database, ledger_engine, reading
from storage.faults import fault_of, ledger_url, place_of_ledger, telling_faults
from storage.schema import has_rows, ledger_tables, migrate, revision_of
from storage.turns import turn

_ROWS = 2_000
"""So many rows are on their way at once."""
_OF_WRITING = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
_WRITES = (sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE)
"""What SQLite answers of the copy alone: its primary codes, and of faults of the disk the whole ones."""
_NO_LEDGER = "Sổ {place} chưa có gì để chép."


def take_snapshot(url: str, place: Path) -> None:
    """Copy the ledger at `url` into the SQLite file `place`, as it stands at one moment, durably.

    Raises:
        LedgerFault: if there is nothing to be copied, or it cannot be read whole.
    """
    source = ledger_url(url)
    place.parent.mkdir(parents=True, exist_ok=True)
    with _telling_either(source, _url_of(place)):
        if source.get_backend_name() == "sqlite":
            _copy_file(source, place)
        else:
            _copy_rows_out(source, place)
    with telling_faults(_url_of(place)):
        settle(place)


def put_back(snapshot: Path, url: str) -> None:
    """Make the ledger at `url`, where there is none, from a snapshot; it keeps the snapshot's revision.

    Raises:
        InUse: if a ledger is there already.
        LedgerFault: if the snapshot cannot be read, or the database not be used.
    """
    target = ledger_url(url)
    refuse_used(url)
    with _telling_either(_url_of(snapshot), target):
        if target.get_backend_name() == "sqlite":
            place = Path(target.database or "")
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f".part-{place.name}")
            part.unlink(missing_ok=True)
            with _plain(snapshot) as source, closing(sqlite3.connect(part)) as copy:
                source.backup(copy)
            settle(part)
            os.replace(part, place)
        else:
            _copy_rows_in(snapshot, target)


@contextmanager
def alone_at(url: str, own: Holder) -> Iterator[None]:
    """Have the turn at restoring into a database of a server until the block ends; a file is as alone as its folder.

    Raises:
        Busy: if somebody else has it; names them.
        LedgerFault: if the database cannot be used.
    """
    target = ledger_url(url)
    if target.get_backend_name() == "sqlite":
        yield
        return
    engine = ledger_engine(target)
    with (
        telling_faults(target),
        _disposed(engine),
        turn(Database(engine), Work.RESTORE, own, patience_seconds=0, on_wait=lambda holder: None),
    ):
        yield


def refuse_used(url: str) -> None:
    """Stop where a ledger is kept already.

    Raises:
        InUse: names the place.
    """
    target = ledger_url(url)
    place = place_of_ledger(target)
    if target.get_backend_name() == "sqlite":
        is_used = Path(target.database or "").exists()
    else:
        engine = ledger_engine(target)
        with telling_faults(target), _disposed(engine), reading(engine) as connection:
            is_used = has_rows(connection)
    if is_used:
        raise InUse(f"Đã có sổ ở {place}; chỉ phục hồi vào chỗ chưa có sổ, để không mất gì.")


def refuse_without_rights(url: str) -> None:
    """Stop where the account of the URL may not put a ledger into the database: it is the program's, not the owner's.

    Raises:
        LedgerFault: says which account it takes.
    """
    target = ledger_url(url)
    if target.get_backend_name() == "sqlite":
        return
    engine = ledger_engine(target)
    with telling_faults(target), _disposed(engine), reading(engine) as connection:
        may_make = connection.scalar(select(func.has_schema_privilege(func.current_schema(), "CREATE")))
        may_fill = all(
            connection.scalar(
                select(func.has_table_privilege(connection.dialect.identifier_preparer.quote(name), "DELETE"))
            )
            for name in ledger_tables(connection)
        )
        role = connection.scalar(select(func.current_user()))
    if not (may_make and may_fill):
        raise LedgerFault(
            f"Tài khoản {role} trong KETNGHIA_DATABASE_URL chỉ được thêm vào sổ, nên không phục hồi được vào {place_of_ledger(target)}. "
            "Chưa chép gì. Đặt KETNGHIA_DATABASE_URL là của chủ sổ (KETNGHIA_DATABASE_OWNER_URL) cho riêng lệnh restore này, rồi "
            "chạy ketnghia database init để cấp quyền lại."
        )


def is_ledger_at(url: str, links: int, head: str) -> bool:
    """Whether the ledger at `url` ends with this very link of its chain; false where there is none, or it cannot be read."""
    target = ledger_url(url)
    if target.get_backend_name() == "sqlite" and not Path(target.database or "").is_file():
        return False
    engine = ledger_engine(target)
    try:
        with _disposed(engine), reading(engine) as connection, Session(connection) as session:
            return links > 0 and chain.head(session) == (links, head)
    except SQLAlchemyError:
        return False


def ledger_files(url: str) -> set[Path]:
    """The files of a ledger on SQLite; a copy of them, made while somebody writes, would be no ledger."""
    parsed = ledger_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return set()
    place = Path(parsed.database).resolve()
    return {place, *(place.with_name(f"{place.name}-{end}") for end in ("wal", "shm", "journal"))}


def settle(place: Path) -> None:
    """Make a SQLite file one file, without companions, and durable.

    Raises:
        LedgerFault: if SQLite finds that it is not whole.
    """
    with closing(sqlite3.connect(place)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        [(said,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
    if said != "ok":
        raise LedgerFault(f"Bản chép sổ {place} không nguyên vẹn ({said}); kiểm tra ổ đĩa rồi sao lưu lại.")
    place.chmod(0o600)
    with place.open("rb+") as file:
        os.fsync(file.fileno())


def revision_of_snapshot(place: Path) -> str | None:
    """The revision that a snapshot is of."""
    engine = create_engine(_url_of(place))
    with _disposed(engine), engine.connect() as connection:
        return revision_of(connection)


def _copy_file(source: URL, place: Path) -> None:
    """By SQLite's own backup: one moment, whoever writes meanwhile."""
    file = Path(source.database or "")
    if not file.is_file():
        raise LedgerFault(_NO_LEDGER.format(place=file))
    engine = ledger_engine(source)
    with _disposed(engine), engine.connect() as connection, closing(sqlite3.connect(place)) as copy:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.backup(copy)


def _copy_rows_out(source: URL, place: Path) -> None:
    """Row by row out of one transaction that is declared to read, and sees one moment."""
    engine = ledger_engine(source)
    with _disposed(engine), reading(engine) as connection:
        revision = revision_of(connection)
        if revision is None:
            raise LedgerFault(_NO_LEDGER.format(place=place_of_ledger(source)))
        with _file(place) as copy:
            migrate(copy, revision)
            _copy_rows(connection, copy, _typed_tables(connection))


def _copy_rows_in(snapshot: Path, target: URL) -> None:
    """Row by row, all in one transaction: the ledger is there whole, or not at all."""
    engine = ledger_engine(target)
    with _disposed(engine), engine.begin() as connection, _file(snapshot) as source:
        revision = revision_of(source)
        if revision is None:
            raise LedgerFault(f"{snapshot} không phải bản chép của sổ.")
        if has_rows(connection):
            raise InUse(f"Đã có sổ ở {place_of_ledger(target)}; chỉ phục hồi vào cơ sở dữ liệu chưa có sổ.")
        migrate(connection, revision)
        if revision_of(connection) != revision:
            raise LedgerFault(
                f"Cơ sở dữ liệu {place_of_ledger(target)} đã có lược đồ khác với bản sao lưu; dùng một cơ sở dữ liệu mới."
            )
        tables = _typed_tables(connection)
        _copy_rows(source, connection, tables)
        _go_on_counting(connection, tables)


def _typed_tables(connection: Connection) -> MetaData:
    """The tables of the ledger as PostgreSQL has them, with types that both databases know: it alone tells days from text."""
    found = MetaData()
    found.reflect(connection, only=ledger_tables(connection))
    for table in found.sorted_tables:
        for column in table.c:
            column.type = DateTime() if isinstance(column.type, DateTime) else column.type.as_generic()
            column.server_default = None
    return found


def _copy_rows(source: Connection, target: Connection, tables: MetaData) -> None:
    # A schema that was just made has an identity of its own, which is not that of the ledger.
    for table in reversed(tables.sorted_tables):
        target.execute(delete(table))
    for table in tables.sorted_tables:
        order = list(table.primary_key.columns)
        rows = source.execution_options(yield_per=_ROWS).execute(select(table).order_by(*order)).mappings()
        for part in rows.partitions(_ROWS):
            target.execute(insert(table), [dict(row) for row in part])


def _go_on_counting(connection: Connection, tables: MetaData) -> None:
    """The next row of a table gets the number after the last one."""
    for table in tables.sorted_tables:
        for column in table.primary_key.columns:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            last = connection.scalar(select(func.max(column))) if sequence else None
            if last is not None:
                connection.execute(select(func.setval(sequence, last)))


def _url_of(place: Path) -> URL:
    return URL.create("sqlite", database=str(place))


@contextmanager
def _telling_either(read: URL, written: URL) -> Iterator[None]:
    """What is refused while one ledger is copied to another is told of the one that it was."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        told = fault_of(error, written if _is_of_written(error, read, written) else read)
        if told is None:
            raise
        raise told from error


def _is_of_written(error: Exception, read: URL, written: URL) -> bool:
    answer = error.orig if isinstance(error, DBAPIError) else error
    if read.get_backend_name() != written.get_backend_name():
        return (written.get_backend_name() == "sqlite") is isinstance(answer, sqlite3.Error)
    # Of two files SQLite says one code; the one that is read was opened by the engine, if it is a ledger in use.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in _OF_WRITING or code in _WRITES


@contextmanager
def _file(place: Path) -> Iterator[Connection]:
    """A transaction on a SQLite file that is nobody's ledger: rows may refer to those that come later."""
    engine = create_engine(_url_of(place))
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=OFF"))
    with _disposed(engine), engine.begin() as connection:
        yield connection


@contextmanager
def _plain(place: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection


@contextmanager
def _disposed(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.dispose()
