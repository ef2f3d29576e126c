"""Turns at work that only one process may do on a ledger, with the patience that the settings allow."""

import os
import socket
from contextlib import AbstractContextManager

from domain.turns import Holder, Work
from services.clock import system_clock
from services.log import warn
from services.run import Run
from storage import turns
from storage.processes import is_alive


def turn(
    run: Run, work: Work, patience_seconds: float | None = None, *, is_shared: bool = False
) -> AbstractContextManager[None]:
    """Have the turn at the work until the block ends; a shared one may be had by several that share it.

    Raises:
        Busy: if somebody else still has it after KETNGHIA_LOCK_WAIT_SECONDS, or so many seconds; names them.
    """

    def say(holder: Holder | None) -> None:
        who = holder.sentence if holder is not None else "nơi khác"
        warn("turn-awaited", f"{work.label} đang chạy trên {who}; đang chờ.", work=str(work))

    patience = run.settings.lock_wait_seconds if patience_seconds is None else patience_seconds
    return turns.turn(run.ledger, work, this_process(), patience, say, is_shared=is_shared)


def this_process() -> Holder:
    """This process, from now on; by the machine's clock, also in a run that shows another moment."""
    return Holder(socket.gethostname(), os.getpid(), system_clock())


def is_gone(holder: Holder) -> bool:
    """Whether the process was one of this machine, and is no more; of others that is not known."""
    return holder.machine == socket.gethostname() and not is_alive(holder.process)
