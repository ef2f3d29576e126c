"""Turns at work that one process at a time does on a ledger: whoever comes meanwhile waits, and hears who has the turn.

On SQLite a turn is a lock on a file beside the ledger, on PostgreSQL a lock of a session of its own; both die with the
process that has it, or with its machine. What was read in a turn that was lost is not written: the next write takes the
turn again, and then raises once as a lost connection does, so that the step begins anew.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from zlib import crc32

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from domain.errors import Busy
from domain.turns import Holder, Work
from storage.database import HOLDING, Database, is_away
from storage.faults import place_of_ledger

_LOOK_SECONDS = 0.2
_SAID_AFTER_SECONDS = 3.0
_OF_THE_PROGRAM = 1_262_834_766
"""By what its locks are told from those that others take in the same database."""

OnWait = Callable[[Holder | None], None]
"""Hears once, of whoever has the turn, when waiting has begun to be felt."""


class _Lock(Protocol):
    def try_take(self) -> bool: ...

    def is_lost(self) -> OperationalError | None: ...

    def holder(self) -> Holder | None: ...

    def release(self) -> None: ...


@contextmanager
def turn(
    database: Database, work: Work, own: Holder, patience_seconds: float, on_wait: OnWait, *, is_shared: bool = False
) -> Iterator[None]:
    """Have the turn at the work until the block ends; a shared one may be had by several that share it.

    Raises:
        Busy: if somebody else still has it after so many seconds; names them.
    """
    is_sqlite = database.engine.dialect.name == "sqlite"
    lock = (_FileLock if is_sqlite else _SessionLock)(database.engine, work, own, is_shared)
    take = _Taking(lock, work, patience_seconds, on_wait)
    try:
        take()
        database.before_writing.append(take.again_if_lost)
        try:
            yield
        finally:
            database.before_writing.remove(take.again_if_lost)
    finally:
        lock.release()


class _Taking:
    """Takes a lock with patience, and again where it was lost."""

    def __init__(self, lock: _Lock, work: Work, patience_seconds: float, on_wait: OnWait) -> None:
        self._lock, self._work, self._patience, self._on_wait = lock, work, patience_seconds, on_wait
        self._lost: OperationalError | None = None

    def __call__(self) -> None:
        begun = time.monotonic()
        is_said = False
        waited = 0.0
        while not self._is_taken(waited):
            waited = time.monotonic() - begun
            if waited >= self._patience:
                raise Busy(self._busy(waited))
            if waited >= _SAID_AFTER_SECONDS and not is_said:
                is_said = True
                self._on_wait(self._lock.holder())
            time.sleep(min(_LOOK_SECONDS, self._patience - waited))

    def _is_taken(self, waited: float) -> bool:
        try:
            return self._lock.try_take()
        except OperationalError as error:
            # Whoever is waiting waits for the server, too.
            if not waited or not is_away(error):
                raise
            return False

    def again_if_lost(self) -> None:
        """Raise, where the lock was lost with its session, once it is held again."""
        self._lost = self._lost or self._lock.is_lost()
        if self._lost is not None:
            self()
            lost, self._lost = self._lost, None
            raise lost

    def _busy(self, waited: float) -> str:
        holder = self._lock.holder()
        who = holder.sentence if holder is not None else "nơi khác"
        return (
            f"{self._work.label} đang chạy trên {who}; đã chờ {waited:.0f} giây. Chờ xong rồi chạy lại lệnh này; "
            "muốn chờ lâu hơn thì tăng KETNGHIA_LOCK_WAIT_SECONDS."
        )


class _FileLock:
    """A lock on a file beside a ledger of SQLite; who has it alone stands in the file."""

    def __init__(self, engine: Engine, work: Work, own: Holder, is_shared: bool) -> None:
        self._place = Path(place_of_ledger(engine.url)).with_name(f"{work}.lock")
        self._own, self._how = own, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
        self._file: int | None = None

    def try_take(self) -> bool:
        file = os.open(self._place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(file, self._how | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        if self._how == fcntl.LOCK_EX:
            os.truncate(file, 0)
            os.pwrite(file, self._own.text.encode(), 0)
        return True

    def is_lost(self) -> None:
        return None

    def holder(self) -> Holder | None:
        with suppress(OSError):
            return Holder.parse(self._place.read_text(encoding="utf-8", errors="replace"))
        return None

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class _SessionLock:
    """A lock of a session of PostgreSQL's that does nothing else; the session bears the name of who has it."""

    def __init__(self, engine: Engine, work: Work, own: Holder, is_shared: bool) -> None:
        self._engine, self._own = engine.execution_options(**{HOLDING: True, "isolation_level": "AUTOCOMMIT"}), own
        self._key = {"program": _OF_THE_PROGRAM, "work": crc32(work.encode()) & 0x7FFF_FFFF}
        self._shared = "_shared" if is_shared else ""
        self._session: Connection | None = None

    def try_take(self) -> bool:
        try:
            if self._session is None:
                self._session = self._engine.connect()
                # Out of the pool: closed, it is gone, and so is whatever it held.
                self._session.detach()
                named = text("SELECT set_config('application_name', :name, false)")
                self._session.execute(named, {"name": self._own.text})
            taken = f"SELECT pg_try_advisory_lock{self._shared}(:program, :work)"
            return bool(self._session.scalar(text(taken), self._key))
        except OperationalError:
            self._drop()
            raise

    def is_lost(self) -> OperationalError | None:
        try:
            if self._session is not None:
                self._session.scalar(text("SELECT 1"))
        except OperationalError as error:
            self._drop()
            return error
        return None

    def holder(self) -> Holder | None:
        query = text(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' "
            "AND granted AND classid = CAST(:program AS oid) AND objid = CAST(:work AS oid) AND objsubid = 2 "
            "AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with suppress(OperationalError):
            found = self._session.scalars(query, self._key).first() if self._session is not None else None
            return Holder.parse(found or "")
        return None

    def release(self) -> None:
        if self._session is not None:
            with suppress(OperationalError):
                # The server may notice that the session is closed a moment later; whoever waits need not.
                self._session.scalar(text("SELECT pg_advisory_unlock_all()"))
            self._drop()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(OperationalError):
                session.close()
