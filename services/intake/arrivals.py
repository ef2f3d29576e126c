"""Keeps what waits in every way in before anything reads it, and finds what nobody has judged."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import UnreachableChannel
from domain.submissions import ArrivalRecord
from services.intake.channels import channels
from services.log import note, warn
from services.run import Run
from storage import archive
from storage.arrivals import known_locators, note_arrival, unjudged
from storage.setbacks import suspect_ends


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file without a verdict: how it arrived, and where its bytes are kept."""

    arrival: ArrivalRecord
    path: Path
    occasions: Mapping[str, int] = field(default_factory=dict)
    """How often reading it ended in which way before, while a sound file was read well."""


@contextmanager
def one_at_a_time(home: Path) -> Iterator[None]:
    """Wait until no other run of this data folder takes files in; the lock dies with its process."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "collect.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def archive_arrivals(run: Run) -> None:
    """Keep every file's bytes, and note its arrival; a way in that does not answer stops no other."""
    run.settings.inbox.mkdir(parents=True, exist_ok=True)
    for channel in channels(run):
        with run.ledger.read() as session:
            known = known_locators(session, channel.name)
        try:
            for found in channel.arrivals(known):
                sha256, _ = archive.keep(run.settings.archive, found.content)
                with run.ledger.write() as session:
                    arrival = note_arrival(
                        session, found.channel, found.locator, found.name, sha256, found.sender, found.arrived_at
                    )
                note("file-arrived", receipt=arrival.number, file=found.name, sha256=sha256, channel=found.channel)
        except UnreachableChannel as reason:
            warn("channel-unreachable", str(reason), channel=channel.name)


def find_unjudged(run: Run) -> list[Waiting]:
    """The first arrival of all bytes that no submission has been made of, oldest first."""
    with run.ledger.read() as session:
        found, before = unjudged(session), suspect_ends(session)
    return [
        Waiting(arrival, archive.place_of(run.settings.archive, arrival.sha256), before.get(arrival.sha256, {}))
        for arrival in found
    ]
