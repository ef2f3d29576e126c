"""A process that has a turn until it is killed, and says when it has it: `python -m tests.storage.holding URL WORK`."""

import os
import sys
import time
from datetime import UTC, datetime

from domain.turns import Holder, Work
from storage.database import open_database
from storage.turns import turn

if __name__ == "__main__":
    own = Holder("may-khac", os.getpid(), datetime(2026, 11, 26, 7, 30, tzinfo=UTC))
    with open_database(sys.argv[1]) as database, turn(database, Work(sys.argv[2]), own, 0, print, is_shared=False):
        print("held", flush=True)
        time.sleep(600)
