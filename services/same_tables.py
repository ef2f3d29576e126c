"""Several machines on one ledger go by the same tables: whoever has others writes nothing until one of them gives way.

On one machine nobody is asked: the home that set the tables last sets others by being used.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from domain.errors import BadSettings, OtherTables, StoreUnreachable
from domain.tables_in_force import TablesInForce
from ingest.tables.files import Tables
from services.clock import system_clock
from services.settings import KEPT_TABLES
from services.tables import share_tables
from storage.database import Session
from storage.kept import KeptFiles
from storage.tables_in_force import set_tables, tables_in_force

_MARK = "home.id"


@dataclass(frozen=True, slots=True)
class TablesOfHome:
    """The tables that a home would have the ledger go by."""

    kept: KeptFiles
    """The files of the home; where others share them, they can take the tables from there."""
    tables: Tables
    read_at: datetime
    """When they were read: a command that goes on for long must not bring back what another has replaced since."""

    def files(self) -> Mapping[str, str]:
        """The hash of each table, by its name."""
        return {name: sha256(content).hexdigest() for name, content in sorted(self.tables.files.items())}

    def hold(self, session: Session) -> None:
        """Let the ledger go by these tables, where it goes by none yet or by others that this home set.

        Raises:
            OtherTables: if another home set the others; says in which files they differ, and what to do.
        """
        current = tables_in_force(session)
        if current is not None and current.version == self.tables.version:
            # They were there when they were set; a store that is away just now stops what needs it, not every write.
            with suppress(StoreUnreachable):
                share_tables(self.kept, self.kept.home / KEPT_TABLES, self.tables)
            return
        is_own = current is not None and current.home == _mark_of(self.kept.home)
        if current is not None and is_own and current.noted_at > self.read_at:
            return
        if current is not None and not is_own:
            differences = ", ".join(current.differences(self.files()))
            raise OtherTables(
                f"Các bảng của máy này khác các bảng mà sổ đang theo ({current.sentence}): {differences}. Không ghi gì "
                f"vào sổ. {self._advice}; nếu bảng của máy này mới đúng thì: ketnghia database tables --set --by “Họ và tên”."
            )
        self.put_in_force(session, "")

    @property
    def _advice(self) -> str:
        """How this home comes to have the tables that the ledger goes by."""
        if self.kept.open_store is not None:
            return "Lấy các bảng ấy về: ketnghia database tables --take"
        return f"Chép các bảng ấy từ nơi đó về {self.kept.home / 'reference'}"

    def put_in_force(self, session: Session, by: str) -> None:
        """Let the ledger go by these tables, whoever set those of before."""
        share_tables(self.kept, self.kept.home / KEPT_TABLES, self.tables)
        place = f"máy {socket.gethostname()}:{self.kept.home.resolve()}"
        mark = _mark_of(self.kept.home)
        set_tables(session, TablesInForce(self.tables.version, self.files(), mark, place, by, system_clock()))


def _mark_of(home: Path) -> str:
    """By what this data folder is told from others, wherever it is moved; made where there is none."""
    place = home / _MARK
    try:
        home.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as file:
            file.write(uuid4().hex)
    except FileExistsError:
        pass
    mark = place.read_text(encoding="utf-8", errors="replace").strip()
    if not mark:
        raise BadSettings(f"Tệp {place} trống; xóa tệp ấy rồi chạy lại.")
    return mark
