"""Keeps what waits in every way in before anything reads it, and finds what nobody has judged."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import StoreUnreachable, UnreachableChannel
from domain.submissions import ArrivalRecord
from domain.turns import Work
from ingest.channels.arrival import Arrival
from ingest.channels.faults import is_of_machine
from ingest.channels.folder import TAKEN, Folder
from ingest.channels.left_alone import LeftAlone, Why
from services.intake.channels import channels
from services.log import note, traceback_of, warn
from services.mail.troubles import note_over, note_trouble
from services.run import Run
from services.turns import turn
from storage import archive
from storage.arrivals import known_locators, note_arrival, unjudged
from storage.database import LedgerUnreachable
from storage.setbacks import suspect_ends

_WAITS_THERE = (
    "Xem máy chủ ấy có chạy không, mật khẩu có hết hạn không (cài đặt trong .env), rồi chạy “ketnghia collect”. Tệp gửi "
    "đường này vẫn nằm ở đó; các đường khác vẫn nhận."
)
_NAMED, _LOGGED = 10, 100
"""So many names are said, so many kept in the log: a share may hold thousands of a kind, and is looked at all day."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file without a verdict: how it arrived, and where its bytes are kept."""

    arrival: ArrivalRecord
    path: Path
    occasions: Mapping[str, int] = field(default_factory=dict)
    """How often reading it ended in which way before, while a sound file was read well."""


def one_at_a_time(run: Run) -> AbstractContextManager[None]:
    """Wait until no other run on this ledger takes files in, on whichever machine; the turn dies with its process.

    No file needs a claim of its own: what is judged depends on the other files of its unit, so nobody judges beside
    another.

    Raises:
        Busy: if another run takes longer than may be waited for; names it.
    """
    return turn(run, Work.COLLECT)


def archive_arrivals(run: Run) -> None:
    """Keep every file's bytes, and note its arrival.

    What goes wrong with one of them costs that one, what goes wrong with a way in costs that way: the next run tries
    again. A fault of this machine (no room, no ledger) stops all, for the next file would fare the same.
    """
    for channel in channels(run):
        with run.ledger.read() as session:
            known = known_locators(session, channel.name)
        try:
            for found in channel.arrivals(known):
                if isinstance(found, LeftAlone):
                    _tell(channel.name, found)
                else:
                    _take_in_alone(run, found)
            if isinstance(channel, Folder):
                _set_aside(run, channel)
            note_over(run, f"channel-{channel.name}")
        except UnreachableChannel as reason:
            if reason.__cause__ is not None and is_of_machine(reason.__cause__):
                raise
            warn("channel-unreachable", str(reason), channel=channel.name)
            note_trouble(run, f"channel-{channel.name}", str(reason), _WAITS_THERE)
        except Exception as error:
            if _stops_all(error):
                raise
            warn(
                "channel-broke",
                f"Đường nhận “{channel.name}” dừng giữa chừng vì lỗi của chương trình ({type(error).__name__}: {error}); "
                "các đường khác vẫn làm, lần chạy sau sẽ thử lại.",
                channel=channel.name,
                traceback=traceback_of(error),
            )
            broke = f"Đường nhận “{channel.name}” dừng giữa chừng vì lỗi của chương trình ({type(error).__name__})."
            note_trouble(run, f"channel-{channel.name}", broke, "Gửi data/log/ketnghia.jsonl cho người lập trình.")


def take_in(run: Run, found: Arrival) -> ArrivalRecord:
    """Keep one arrival's bytes, then note it.

    It arrived when the office's own server says so, and otherwise now, when it is first seen; never later than now. The
    time that the file itself bears is the sender's clock: it is kept to be shown.
    """
    now = run.now()
    sha256, _ = archive.keep(run.kept, run.settings.archive, found.content)
    with run.ledger.write() as session:
        arrival = note_arrival(
            session,
            found.channel,
            found.locator,
            found.name,
            sha256,
            found.sender,
            min(found.arrived_at or now, now),
            found.own_time,
        )
    note("file-arrived", receipt=arrival.number, file=found.name, sha256=sha256, channel=found.channel)
    return arrival


def _take_in_alone(run: Run, found: Arrival) -> None:
    """One arrival; what raises for its own sake is named, and is no reason to leave the next."""
    try:
        take_in(run, found)
    except Exception as error:
        if isinstance(error, OSError) or _stops_all(error):
            raise
        warn(
            "arrival-broke",
            f"Không ghi nhận được tệp {found.name} ({type(error).__name__}); các tệp khác vẫn được nhận, "
            "lần chạy sau sẽ thử lại.",
            channel=found.channel,
            file=found.name,
            traceback=traceback_of(error),
        )


def _stops_all(error: Exception) -> bool:
    return is_of_machine(error) or isinstance(error, (StoreUnreachable, *LedgerUnreachable))


def _tell(channel: str, found: LeftAlone) -> None:
    """What is left alone, in one line for all of a kind."""
    shown = ", ".join(found.names[:_NAMED])
    if len(found.names) > _NAMED:
        shown += f" và {len(found.names) - _NAMED} tệp khác"
    fields = {"channel": channel, "count": len(found.names), "files": found.names[:_LOGGED]}
    if found.why is Why.JUNK:
        note("files-passed-over", **fields)
    else:
        warn(
            f"files-{found.why.name.lower().replace('_', '-')}",
            found.why.value.format(shown),
            channel=channel,
            files=found.names,
        )


def _set_aside(run: Run, folder: Folder) -> None:
    """Move away what the ledger has, also of a run that was stopped before it could; what cannot be moved stays known."""
    with run.ledger.read() as session:
        known = known_locators(session, folder.name)
    stuck = folder.set_aside(known, run.today())
    if stuck:
        warn(
            "files-not-set-aside",
            f"{len(stuck)} tệp đã nhận còn nằm lại trong {folder.path}, vì không chuyển được vào “{TAKEN}”: {stuck[0]}. "
            "Các tệp ấy không bị nhận lại.",
            files=stuck[:_LOGGED],
        )


def find_unjudged(run: Run) -> list[Waiting]:
    """The first arrival of all bytes that no submission has been made of, oldest first."""
    with run.ledger.read() as session:
        found, before = unjudged(session), suspect_ends(session)
    return [
        Waiting(
            arrival, archive.brought(run.kept, run.settings.archive, arrival.sha256), before.get(arrival.sha256, {})
        )
        for arrival in found
    ]
