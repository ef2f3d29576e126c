"""Which tables a ledger goes by, in what those of this machine differ, and how a person changes them."""

from domain.errors import KetnghiaError
from domain.tables_in_force import TablesInForce
from services.clock import system_clock
from services.log import note
from services.run import Run
from services.same_tables import TablesOfHome
from storage.tables_in_force import tables_in_force


def tables_here_and_there(run: Run) -> tuple[TablesInForce | None, list[str]]:
    """The tables that the ledger goes by, and in which files those of this machine differ."""
    with run.ledger.read() as session:
        current = tables_in_force(session)
    if current is None:
        return None, []
    return current, current.differences(TablesOfHome(run.settings.home, run.tables, system_clock()).files())


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
        TablesOfHome(run.settings.home, run.tables, system_clock()).put_in_force(session, by.strip())
    note("tables-put-in-force", version=run.tables.version, by=by.strip())
