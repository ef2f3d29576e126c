"""A flow's heartbeat: a file that says when it last ran and how that ended; whoever has a monitor may look at it too.

A run that was killed cannot say so: the next run of the flow finds its heartbeat, and tells.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from domain import wording
from domain.errors import Ending, KetnghiaError
from services.clock import Clock, system_clock
from services.log import note, warn
from services.mail.troubles import note_over, note_trouble, note_trouble_unless_known, tell_operators
from services.run import Run, open_run, open_without_own_tables
from services.settings import Settings
from storage.database import LedgerUnreachable
from storage.durable import write_durably
from storage.processes import life_of

DONE = "done"
_ELSEWHERE = "-elsewhere"
_BY_THEMSELVES = ("reconcile", "collect-submissions", "flush-outbox", "watch")
"""The flows that nobody starts and nobody looks at."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last run of a flow; `ended_at` is empty while it goes on, or where it was killed."""

    flow: str
    pid: int
    began_at: str
    ended_at: str = ""
    outcome: str = ""
    life: str = ""
    """What tells its process from a later one with the same number."""

    @property
    def is_cut(self) -> bool:
        """Whether the run began, never ended, and goes on no more."""
        return not self.ended_at and (not self.life or life_of(self.pid) != self.life)

    @property
    def has_failed(self) -> bool:
        """Whether the run ended with an error."""
        return bool(self.ended_at) and self.outcome != DONE


def heartbeat_place(home: Path, flow: str) -> Path:
    """Where the heartbeat of a flow lies."""
    return home / "heartbeat" / f"{flow}.json"


def last_heartbeat(home: Path, flow: str) -> Heartbeat | None:
    """The flow's last run; none where it never ran, or the file is no heartbeat."""
    try:
        found = Heartbeat(**json.loads(heartbeat_place(home, flow).read_text(encoding="utf-8")))
        datetime.fromisoformat(found.began_at)
    except (OSError, ValueError, TypeError):
        return None
    return found


def keep_last_elsewhere(home: Path, flow: str, ended_at: datetime) -> None:
    """Keep when the flow last ran, on whichever machine; `last_run` tells the later of that and what ran here."""
    moment = ended_at.isoformat(timespec="seconds")
    beat = Heartbeat(f"{flow}{_ELSEWHERE}", 0, moment, moment, DONE)
    write_durably(heartbeat_place(home, beat.flow), json.dumps(asdict(beat)).encode())


def last_run(home: Path, flow: str) -> datetime | None:
    """When the flow last ran, here or on another machine; none where that is not known."""
    found = [
        beat for beat in (last_heartbeat(home, flow), last_heartbeat(home, f"{flow}{_ELSEWHERE}")) if beat is not None
    ]
    return max((datetime.fromisoformat(beat.ended_at or beat.began_at) for beat in found), default=None)


@contextmanager
def open_beating(settings: Settings, flow: str, label: str, clock: Clock = system_clock) -> Iterator[Run]:
    """A run with the flow's heartbeat; that it cannot even be opened, for a broken table, is told as well.

    Raises:
        BadReference, ForeignLedger: as `open_run`, once the operators were told.
    """
    with ExitStack() as opened:
        try:
            run = opened.enter_context(open_run(settings, clock))
        except KetnghiaError as error:
            _tell_failure(settings, clock, flow, label, error)
            raise
        with beating(run, flow, label):
            yield run


@contextmanager
def beating(run: Run, flow: str, label: str) -> Iterator[None]:
    """The flow's heartbeat around its work; what goes wrong with it, or cut it short before, is told to the operators."""
    before = last_heartbeat(run.settings.home, flow)
    beat = Heartbeat(flow, os.getpid(), run.now().isoformat(timespec="seconds"), life=life_of(os.getpid()))
    _write(run, beat)
    if before is not None and before.is_cut:
        began = wording.moment(datetime.fromisoformat(before.began_at))
        note_trouble(
            run,
            f"{flow}-cut",
            f"Lần chạy “{label}” bắt đầu {began} bị dừng đột ngột (mất điện, hết bộ nhớ hoặc có người dừng).",
            "Phần còn dở được làm tiếp; nếu lặp lại thì xem data/log/ketnghia.jsonl và chạy “ketnghia doctor”.",
        )
        tell_operators(run)
    elif before is not None and before.has_failed and flow in _BY_THEMSELVES:
        # A full disk may have kept the last run from telling.
        failed = f"“{label}” không làm xong lúc {wording.moment(datetime.fromisoformat(before.ended_at))} ({before.outcome})."
        note_trouble_unless_known(run, f"{flow}-failed", failed, "Chạy “ketnghia doctor”; xem data/log/ketnghia.jsonl.")
    try:
        yield
    except BaseException as error:
        _write(run, replace(beat, ended_at=run.now().isoformat(timespec="seconds"), outcome=type(error).__name__))
        _tell_failure(run.settings, run.clock, flow, label, error)
        raise
    _write(run, replace(beat, ended_at=run.now().isoformat(timespec="seconds"), outcome=DONE))
    for key in (f"{flow}-failed", f"{flow}-cut"):
        note_over(run, key)
    tell_operators(run)


def _tell_failure(settings: Settings, clock: Clock, flow: str, label: str, error: BaseException) -> None:
    if not isinstance(error, Exception):
        return
    if flow not in _BY_THEMSELVES and isinstance(error, KetnghiaError) and error.ending is not Ending.MACHINE:
        # Somebody started it, and reads the answer himself.
        return
    is_foreseen = isinstance(error, KetnghiaError)
    sentence = (
        str(error).splitlines()[0]
        if is_foreseen
        else f"lỗi của chương trình hoặc của máy ({type(error).__name__}: {error})"
    )
    advice = (
        "Làm như câu trên nói; lần chạy sau tự thử lại."
        if is_foreseen
        else "Chạy “ketnghia doctor”; lỗi đầy đủ ở data/log/ketnghia.jsonl. Lần chạy sau tự thử lại."
    )
    try:
        # Tables that cannot be read, or are not those of the ledger, must not keep us from saying so.
        with open_without_own_tables(settings, clock) as bare:
            note_trouble(bare, f"{flow}-failed", f"“{label}” không làm xong: {sentence}", advice)
            tell_operators(bare)
    except (OSError, KetnghiaError, *LedgerUnreachable) as reason:
        # What keeps the flow from working may keep us from saying so: then silence tells, to whoever watches.
        note("failure-not-told", flow=flow, reason=str(reason))


def _write(run: Run, beat: Heartbeat) -> None:
    try:
        write_durably(heartbeat_place(run.settings.home, beat.flow), json.dumps(asdict(beat)).encode())
    except OSError as reason:
        # A full disk keeps the heart from being heard, not from beating.
        warn("heartbeat-not-kept", f"Không ghi được nhịp chạy: {reason}", flow=beat.flow)
