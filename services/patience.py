"""Work on a ledger whose server may go away for a moment: it is begun anew once the server is back."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from services.log import warn
from storage.database import LedgerUnreachable, is_away

T = TypeVar("T")
LEDGER_WAITS = (1, 2, 5, 10, 20, 30, 60)
"""Seconds between the tries: together as long as a server takes to come back from the repair of a crash."""


def until_ledger_returns(work: Callable[[], T], waits_seconds: Sequence[float] = LEDGER_WAITS) -> T:
    """What the work gives; where it loses the line to the ledger's server, it is begun anew, from its beginning.

    For work that asks the ledger first what is left to do. What else it raises, and the last loss, is raised.
    """
    for seconds in waits_seconds:
        try:
            return work()
        except LedgerUnreachable as error:
            if not is_away(error):
                raise
            reason = str(getattr(error, "orig", error)).splitlines()[0]
        warn("ledger-away", f"Mất kết nối với máy chủ của sổ ({reason}); thử lại sau {seconds} giây.", seconds=seconds)
        time.sleep(seconds)
    return work()
