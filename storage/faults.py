"""What a database refuses, as a sentence that says where and what to do; bugs of ours are left as they are."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from domain.errors import BadSettings, KetnghiaError, LedgerBusy, LedgerFault

_UNDONE = "Việc dở dang chưa được ghi."
_SQLITE: dict[int, tuple[type[LedgerFault], str]] = {
    sqlite3.SQLITE_BUSY: (
        LedgerBusy,
        "Sổ {place} đang bị một tiến trình khác giữ; đợi tiến trình ấy xong (xem bằng “fuser {place}”) rồi chạy lại.",
    ),
    sqlite3.SQLITE_LOCKED: (LedgerBusy, "Sổ {place} đang bị một tiến trình khác giữ; đợi rồi chạy lại."),
    sqlite3.SQLITE_CORRUPT: (
        LedgerFault,
        "Tệp sổ {place} đã hỏng ({said}); giữ nguyên tệp ấy, lấy lại sổ từ bản sao lưu bằng “ketnghia restore”.",
    ),
    sqlite3.SQLITE_NOTADB: (
        LedgerFault,
        "{place} không phải sổ, hoặc tệp đã hỏng; giữ nguyên tệp ấy, lấy lại sổ từ bản sao lưu bằng “ketnghia restore”.",
    ),
    sqlite3.SQLITE_FULL: (
        LedgerFault,
        f"Hết chỗ trên ổ đĩa của sổ {{place}}; dọn bớt rồi chạy lại. {_UNDONE}",
    ),
    sqlite3.SQLITE_IOERR: (
        LedgerFault,
        f"Ổ đĩa không cho đọc hoặc ghi sổ {{place}} ({{said}}); xem còn chỗ không, ổ đĩa có lỗi không. {_UNDONE}",
    ),
    sqlite3.SQLITE_READONLY: (
        LedgerFault,
        "Sổ {place} chỉ cho đọc; cấp quyền ghi tệp và thư mục ấy cho tài khoản đang chạy.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        LedgerFault,
        "Không mở được tệp sổ {place}; xem thư mục ấy có đó không, tài khoản đang chạy có quyền không, máy có mở quá "
        "nhiều tệp không (ulimit -n).",
    ),
    sqlite3.SQLITE_NOMEM: (LedgerFault, "Máy hết bộ nhớ khi mở sổ {place}; đóng bớt chương trình rồi chạy lại."),
    sqlite3.SQLITE_ERROR: (
        LedgerFault,
        "Sổ {place} không có những gì phải có ({said}); không phải sổ của chương trình này, hoặc đã bị sửa bằng tay.",
    ),
}
"""By the primary code of what SQLite answers."""
_POSTGRESQL = {
    "53": f"Máy chủ PostgreSQL {{place}} hết chỗ hoặc hết kết nối ({{said}}); báo người quản trị máy chủ. {_UNDONE}",
    "25006": "PostgreSQL {place} chỉ cho đọc ({said}); xem có phải máy chủ dự phòng không.",
    "42501": "Tài khoản trong KETNGHIA_DATABASE_URL không có quyền làm việc này trên {place} ({said}); sổ chưa được lập, hoặc cần "
    "nâng cấp, thì người quản trị chạy: ketnghia database init.",
    "42P01": "Sổ {place} không có những gì phải có ({said}); xem KETNGHIA_DATABASE_URL có đúng cơ sở dữ liệu không.",
    "XX": "PostgreSQL {place} báo dữ liệu hỏng ({said}); báo người quản trị máy chủ, không chạy tiếp.",
}
"""By how the SQLSTATE begins."""
_GONE = (
    "Máy chủ PostgreSQL {place} không trả lời, hoặc đã ngắt kết nối giữa chừng ({said}); kiểm tra máy chủ và "
    "KETNGHIA_DATABASE_URL rồi chạy lại. Việc dở dang chưa được ghi."
)
_OTHER_DATABASE = (
    "Cài đặt KETNGHIA_DATABASE_URL không hợp lệ ({what}); để trống (sổ SQLite trong thư mục dữ liệu) hoặc ghi "
    "postgresql://tài-khoản:mật-khẩu@máy/tên."
)

_OTHER_SCHEDULER = (
    "Cài đặt KETNGHIA_PREFECT_DATABASE_URL không hợp lệ ({what}); để trống (SQLite trong thư mục dữ liệu) hoặc ghi "
    "postgresql://tài-khoản:mật-khẩu@máy/tên của một cơ sở dữ liệu riêng cho Prefect."
)
_OF_ASYNCPG = {"host": "host", "sslmode": "ssl"}
"""What an address may say after its `?`, and how Prefect's driver calls it."""


def ledger_url(url: str) -> URL:
    """The URL of a ledger, with the driver that the program uses.

    Raises:
        BadSettings: if it is none, or of a database that the program does not know.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSettings(_OTHER_DATABASE.format(what="không phải địa chỉ của một cơ sở dữ liệu")) from error
    backend = {"postgres": "postgresql"}.get(parsed.get_backend_name(), parsed.get_backend_name())
    drivers = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}
    if backend not in drivers:
        raise BadSettings(_OTHER_DATABASE.format(what=f"chương trình không dùng “{backend}”"))
    return parsed.set(drivername=drivers[backend])


def scheduler_url(url: str, ledger: str) -> str:
    """The URL of Prefect's own database on PostgreSQL, with the driver that Prefect uses.

    Raises:
        BadSettings: if it is no such database, or the one that the ledger is in.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadSettings(_OTHER_SCHEDULER.format(what="không phải địa chỉ của một cơ sở dữ liệu")) from error
    if parsed.get_backend_name() not in ("postgresql", "postgres") or not parsed.database:
        raise BadSettings(_OTHER_SCHEDULER.format(what="không phải một cơ sở dữ liệu PostgreSQL"))
    if unknown := parsed.query.keys() - _OF_ASYNCPG.keys():
        raise BadSettings(_OTHER_SCHEDULER.format(what=f"không dùng được “{min(unknown)}” sau dấu ?"))
    if _database_of(parsed) == _database_of(ledger_url(ledger)):
        raise BadSettings(_OTHER_SCHEDULER.format(what="là cơ sở dữ liệu của sổ"))
    query = {_OF_ASYNCPG[name]: value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query).render_as_string(hide_password=False)


def _database_of(url: URL) -> tuple[object, ...]:
    return url.query.get("host") or url.host or "localhost", url.port or 5432, url.database


def place_of_ledger(url: URL) -> str:
    """Where the ledger is, for a message: its file, or server and name without the password."""
    if url.get_backend_name() == "sqlite":
        place = url.database or "trong bộ nhớ"
        # By `storage.database` for an account that may only read the file.
        return unquote(place.removeprefix("file:")) if "uri" in url.query else place
    return f"{url.host or 'máy này'}/{url.database or ''}"


@contextmanager
def telling_faults(url: URL) -> Iterator[None]:
    """What the database refuses inside is raised as a sentence.

    Raises:
        LedgerFault: says what happened to which ledger, and what to do.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        told = fault_of(error, url)
        if told is None:
            raise
        raise told from error


def fault_of(error: BaseException, url: URL | str) -> KetnghiaError | None:
    """The sentence for what a database refused; null where it is no fault of the machine."""
    answer = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(error, DBAPIError | sqlite3.Error):
        return None
    parsed = ledger_url(url) if isinstance(url, str) else url
    place, said = place_of_ledger(parsed), _said(answer)
    if isinstance(answer, sqlite3.Error):
        # The lower byte is the kind, what is above it tells where in SQLite it happened.
        code = getattr(answer, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code not in _SQLITE or (code == sqlite3.SQLITE_ERROR and "no such" not in said):
            return None
        kind, sentence = _SQLITE[code]
        if code == sqlite3.SQLITE_CANTOPEN and Path(place).is_dir():
            sentence = "{place} là thư mục, không phải tệp sổ; đặt lại KETNGHIA_HOME hoặc KETNGHIA_DATABASE_URL."
        elif code == sqlite3.SQLITE_CANTOPEN and Path(place).is_file() and not os.access(Path(place).parent, os.W_OK):
            # To read it, too, SQLite puts a file beside it.
            _, sentence = _SQLITE[sqlite3.SQLITE_READONLY]
        return kind(sentence.format(place=place, said=said))
    state = getattr(answer, "sqlstate", None) or ""
    for begins, sentence in _POSTGRESQL.items():
        if state.startswith(begins):
            return LedgerFault(sentence.format(place=place, said=said))
    is_gone = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_gone or isinstance(error, OperationalError | InterfaceError):
        return LedgerBusy(_GONE.format(place=place, said=said))
    return None


def _said(answer: BaseException | None) -> str:
    """What the database said, in one line."""
    lines = str(answer).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(answer).__name__
