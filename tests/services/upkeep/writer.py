"""Another process that takes files in without pause: `python -m tests.services.upkeep.writer HOME URL`."""

import sys
from itertools import count
from pathlib import Path

from ingest.channels.arrival import Arrival
from services.intake.arrivals import one_at_a_time, take_in
from services.run import open_run
from services.settings import Settings

if __name__ == "__main__":
    with open_run(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2], _env_file=None)) as run:
        for number in count():
            with one_at_a_time(run):
                take_in(run, Arrival("folder", f"{number}@1", f"{number}.xlsx", f"no workbook {number}".encode()))
            if number == 3:
                print("writing", flush=True)
