"""Read by every Python that starts with this folder on its path: what it does, it does so many seconds away from now."""

import os
from datetime import datetime, timedelta
from types import SimpleNamespace

import services.clock

AWAY = timedelta(seconds=float(os.environ["MOVED_BY_SECONDS"]))
# What asks the time asks it here; the schedule and the runs of Prefect go by the clock on the wall.
services.clock.datetime = SimpleNamespace(now=lambda: datetime.now() + AWAY)  # type: ignore[attr-defined]
