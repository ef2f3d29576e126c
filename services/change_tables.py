"""Which tables a ledger goes by, in what those of this machine differ, and how a person changes them."""

import os
from pathlib import Path

from domain.errors import KetnghiaError
from domain.tables_in_force import TablesInForce
from services.clock import system_clock
from services.log import note
from services.run import Run
from services.same_tables import TablesOfHome
from services.tables import kept_tables
from storage.copying import make_folder
from storage.durable import write_durably
from storage.tables_in_force import tables_in_force


def tables_here_and_there(run: Run) -> tuple[TablesInForce | None, list[str]]:
    """The tables that the ledger goes by, and in which files those of this machine differ."""
    with run.ledger.read() as session:
        current = tables_in_force(session)
    if current is None:
        return None, []
    return current, current.differences(TablesOfHome(run.kept, run.tables, system_clock()).files())


def put_in_force(run: Run, by: str) -> None:
    """Let the ledger go by the tables of this machine, whichever machine set those of before.

    Raises:
        KetnghiaError: if nobody is named.
    """
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người quyết định: --by “Họ và tên”.")
    # The one write that is not held to the tables in force.
    run.ledger.on_first_write = None
    with run.ledger.write() as session:
        TablesOfHome(run.kept, run.tables, system_clock()).put_in_force(session, by.strip())
    note("tables-put-in-force", version=run.tables.version, by=by.strip())


def take(run: Run) -> tuple[list[str], Path | None]:
    """Bring the tables that the ledger goes by into this home; gives which, and where those lie now that were here.

    Raises:
        KetnghiaError: if they are nowhere to be found, or this machine's program has others of its own.
    """
    with run.ledger.read() as session:
        current = tables_in_force(session)
    tables = current and kept_tables(run.kept, run.settings.kept_tables, current.version)
    if not tables:
        raise KetnghiaError(
            "Các bảng mà sổ đang theo không có trong kho chung. Ở máy đã đặt chúng, có cùng KETNGHIA_STORE, chạy “ketnghia collect” "
            "rồi “ketnghia repair”, và làm lại ở đây; không có kho chung thì chép tay các tệp mà “ketnghia database tables” kể tên."
        )
    own = run.settings.home / "reference"
    surplus = [name for name in run.tables.files if name not in tables.files]
    if of_program := [name for name in surplus if not (own / name).is_file()]:
        raise KetnghiaError(
            f"Bản chương trình của máy này có thêm bảng: {', '.join(of_program)}; cài cùng một bản chương trình ở mọi máy."
        )
    taken = [name for name, content in sorted(tables.files.items()) if run.tables.files.get(name) != content]
    before = run.settings.home / f"reference-{run.now():%Y%m%dT%H%M%S}"
    moved = [name for name in (*taken, *surplus) if (own / name).is_file()]
    for name in moved:
        make_folder((before / name).parent)
        os.replace(own / name, before / name)
    for name in taken:
        write_durably(own / name, tables.files[name])
    note("tables-taken", version=tables.version, taken=taken, moved=moved)
    return taken, before if moved else None
