"""One day's work as the deployment does it, in a process of its own that may be killed: HOME is set, the moment is given."""

import resource
import sys
from datetime import datetime

from flows.reconcile import reconcile
from services.clock import stopped
from services.heartbeat import open_beating
from services.log import keep_log
from services.settings import load_settings
from services.steps import Direct


def work(moment: datetime) -> None:
    """Do what is due at that moment."""
    settings = load_settings()
    keep_log(settings.home)
    with open_beating(settings, "reconcile", "làm việc đến hạn", stopped(moment)) as run:
        print("begun", flush=True)
        reconcile(run, Direct(run))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        # As on a disk with so many bytes left: nothing larger can be written.
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    work(datetime.fromisoformat(sys.argv[1]))
