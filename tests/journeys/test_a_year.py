"""A year that nobody looks at: kills, dead and silent servers, a full disk, a broken table, two months switched off.

At its end every month has its report, every form and reminder went once, and the operator was told of each misfortune.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from domain.accounts import Duty, RoleName
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryState
from domain.editions import EditionState
from domain.period import Period, month_range
from domain.reminders import Rung, milestones
from flows.reconcile import reconcile
from services.clock import stopped
from services.heartbeat import open_beating
from services.settings import PROGRAM, Settings
from services.steps import Direct
from storage import deliveries
from storage.database import open_database
from tests.commands import give, reference_of, release, status, verify_ledger
from tests.services.mail.office import Office
from tests.serving import serving, started

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")]
FIRST, LAST = Period.parse("2024-01"), Period.parse("2024-11")
MAILED = {"622": "pleiku@gialai.example", "623": "ankhe@gialai.example"}
MOVED_CLOCK = Path(__file__).with_name("moved_clock")
OFF = (date(2024, 6, 1), date(2024, 7, 31))
"""Nobody switches the machine on."""


class Year:
    """The office's machine, its mail server, and the days that go by."""

    def __init__(self, settings: Settings, port: int, database: Any) -> None:
        self.settings, self.office, self._port, self._database = settings, Office(), port, database
        self._controller = Controller(self.office, hostname="127.0.0.1", port=port)
        self._controller.start()

    def live(self, day: date) -> None:
        """An ordinary day."""
        with open_beating(self.settings, "reconcile", "làm việc đến hạn", stopped(seven(day))) as run:
            reconcile(run, Direct(run))

    def serve(self, day: date, killed: str = "") -> None:
        """The real service is started that day; where a part of it is killed, its supervisor starts it again."""
        away = (seven(day) - datetime.now(VIETNAM)).total_seconds()
        said = self._said | {"PYTHONPATH": f"{MOVED_CLOCK}{os.pathsep}{PROGRAM}", "MOVED_BY_SECONDS": str(away)}
        if killed:
            service, process = started(self.settings, **said)
            while not any(run["state_type"] == "RUNNING" for run in service.runs_of("reconcile")):
                time.sleep(0.2)
            [part] = [child for child in _descendants(process.pid) if killed in _command_of(child)][:1]
            os.kill(part, signal.SIGKILL)
            assert process.wait(60) == 3
        with serving(self.settings, **said) as service:
            by_hand = [run for run in service.runs_of("reconcile") if not run["auto_scheduled"]]
            newest = max(by_hand, key=lambda run: str(run["created"]))
            assert service.ended(newest["id"]) == "COMPLETED"

    @property
    def _said(self) -> dict[str, str]:
        """The office's settings, for a process of its own."""
        return {
            "KETNGHIA_HOME": str(self.settings.home), "KETNGHIA_SMTP_HOST": "127.0.0.1", "KETNGHIA_SMTP_PORT": str(self._port),
            "KETNGHIA_SMTP_SECURITY": "none", "KETNGHIA_SMTP_TIMEOUT_SECONDS": "2", "KETNGHIA_DRAFT_ON_ARRIVAL": "false",
            "KETNGHIA_LEAST_FREE_MB": "1", "KETNGHIA_MAX_READ_SECONDS": "5", "KETNGHIA_DATABASE_URL": self.settings.database_url,
        }  # fmt: skip

    def process(self, day: date, *limits: str) -> "subprocess.Popen[str]":
        """The day's work in a process of its own, which has begun."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.day", seven(day).isoformat(), *limits],
            cwd=PROGRAM, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
            env=os.environ | self._said,
        )  # fmt: skip

    def kill(self, day: date, seconds: float) -> None:
        """The day's work, and all its children, are killed in the middle of it."""
        going = self.process(day)
        assert going.stdout is not None
        going.stdout.readline()
        time.sleep(seconds)
        os.killpg(going.pid, signal.SIGKILL)
        going.stdout.close()
        going.wait()

    def hurt_children(self, day: date, with_signal: signal.Signals) -> None:
        """Whatever child the day's work starts gets this signal, for some seconds."""
        going = self.process(day)
        until = time.monotonic() + 8
        while going.poll() is None and time.monotonic() < until:
            for child in _descendants(going.pid):
                with suppress(ProcessLookupError):
                    os.kill(child, with_signal)
            time.sleep(0.2)
        assert going.stdout is not None
        going.stdout.close()
        going.wait(300)

    def crash_database(self, day: date) -> None:
        """The database's server dies in the middle of the day's work, and is started again."""
        going = self.process(day)
        assert going.stdout is not None
        going.stdout.readline()
        time.sleep(0.7)
        os.kill(self._database.get_pid(), signal.SIGQUIT)
        time.sleep(3)
        self._database.ensure_postgres_running()
        going.stdout.close()
        assert going.wait(300) == 0

    def stop_database(self, day: date) -> None:
        """The database's server stands still in the middle of the day's work, and goes on after some seconds."""
        going = self.process(day)
        assert going.stdout is not None
        going.stdout.readline()
        server = self._database.get_pid()
        for with_signal in (signal.SIGSTOP, signal.SIGCONT):
            for each in (server, *_descendants(server)):
                with suppress(ProcessLookupError):
                    os.kill(each, with_signal)
            time.sleep(6)
        going.stdout.close()
        assert going.wait(300) == 0

    def fill_disk(self, day: date) -> None:
        """The day's work may write nothing larger than a few kilobytes."""
        going = self.process(day, "20000")
        assert going.stdout is not None
        going.stdout.close()
        going.wait(300)

    @contextmanager
    def without_mail_server(self) -> Iterator[None]:
        """Nobody answers at its port."""
        self._controller.stop()
        yield
        self._controller = Controller(self.office, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    @contextmanager
    def with_silent_mail_server(self) -> Iterator[None]:
        """Somebody answers the call and says nothing."""
        with self.without_mail_server(), socket.socket() as silent:
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            silent.bind(("127.0.0.1", self._port))
            silent.listen(16)
            yield

    def end(self) -> None:
        self._controller.stop()


@pytest.fixture
def year(settings: Settings, own_server: Any) -> Iterator[Year]:
    settings.database_url = own_server.get_uri()
    rows = "".join(f"{email},{code},2020-01-01,,\n" for code, email in MAILED.items())
    local = settings.home / "reference"
    (local / "unit_mailboxes.csv").write_text(f"email,unit_code,valid_from,valid_to,note\n{rows}", encoding="utf-8")
    settings.draft_on_arrival, settings.least_free_mb = False, 1
    give(settings, "Trực máy", Duty(RoleName.OPERATOR, date(2020, 1, 1)), email="it@gialai.example")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.smtp_host, settings.smtp_port, settings.smtp_security = "127.0.0.1", port, "none"
    settings.smtp_timeout_seconds = 2
    living = Year(settings, port, own_server)
    yield living
    living.end()


def test_a_year_with_every_misfortune(year: Year, fill: Callable[..., None]) -> None:
    settings = year.settings
    calendar = reference_of(settings).calendar
    months = month_range(FIRST, LAST)
    marks = {
        month: milestones(calendar, month) for month in month_range(FIRST, Period.month(LAST.year, LAST.number + 1))
    }
    due: dict[date, list[Period]] = {}
    for month, days in marks.items():
        for day in (
            days.send_forms, days.remind_before, days.remind_after, days.due, days.overdue, days.compile_by, days.send_by,
        ):  # fmt: skip
            due.setdefault(day, []).append(month)
    table = settings.home / "reference" / "unit_mailboxes.csv"
    sound = table.read_text(encoding="utf-8")
    misfortunes: dict[date, Callable[[date], None]] = {
        marks[Period.parse("2024-02")].compile_by: lambda day: year.kill(day, 1.0),
        marks[Period.parse("2024-03")].remind_after: lambda day: year.kill(day, 0.4),
        marks[Period.parse("2024-04")].compile_by: lambda day: year.hurt_children(day, signal.SIGKILL),
        marks[Period.parse("2024-05")].compile_by: lambda day: year.hurt_children(day, signal.SIGSTOP),
        marks[Period.parse("2024-08")].compile_by: year.serve,
        marks[Period.parse("2024-09")].compile_by: year.fill_disk,
        marks[Period.parse("2024-09")].remind_after: year.crash_database,
        marks[Period.parse("2024-10")].remind_after: year.stop_database,
        marks[Period.parse("2024-10")].compile_by: lambda day: year.serve(day, killed="prefect worker"),
        marks[Period.parse("2024-11")].compile_by: lambda day: year.serve(day, killed="flows.serving.prefect_server"),
    }
    silent, closed = marks[Period.parse("2024-03")].send_by, marks[Period.parse("2024-08")].send_by
    broken = marks[Period.parse("2024-10")].overdue
    arrived: set[Period] = set()
    day = marks[FIRST].due + timedelta(days=1)
    fill(settings, "2024-01", with_faults=False, only={"622"})
    while day <= marks[LAST].send_by + timedelta(days=3):
        for month in months:
            if month not in arrived and marks[month].due < day:
                fill(settings, str(month), with_faults=False, only={"622"})
                arrived.add(month)
        if not OFF[0] <= day <= OFF[1]:
            is_odd = day in misfortunes or day in (silent, closed, broken)
            if day in misfortunes:
                misfortunes[day](day)
            if day == silent:
                with year.with_silent_mail_server():
                    year.live(day)
            elif day == closed:
                with year.without_mail_server():
                    year.live(day)
            elif day == broken:
                table.write_text(sound + "x,622,hôm qua,,\n", encoding="utf-8")
                going = year.process(day)
                going.communicate(timeout=120)
                table.write_text(sound, encoding="utf-8")
                year.live(day)
            elif (
                is_odd or day in due or day - timedelta(days=1) in (silent, closed) or OFF[1] < day < date(2024, 8, 15)
            ):
                year.live(day)
            for month in months:
                _release_what_was_read(settings, month, day)
        day += timedelta(days=1)

    _every_month_was_sent(settings, months)
    _nobody_heard_anything_twice(year, months)
    _the_operator_heard_of_each(year)
    # A sender that was killed between composing a mail and noting it leaves its bytes; that is told, and harms nothing.
    assert [fault for fault in verify_ledger(settings).faults if "lần soạn thư bị ngắt" not in fault] == []


def _release_what_was_read(settings: Settings, month: Period, day: date) -> None:
    for each in status(settings, month).editions:
        if each.record.state is EditionState.DRAFT:
            release(settings, each.record.edition_id, "Người Duyệt", doc_date=max(day, each.record.as_of.date()))


def _every_month_was_sent(settings: Settings, months: "tuple[Period, ...]") -> None:
    for month in months:
        states = [each.record.state for each in status(settings, month).editions]
        assert states.count(EditionState.SENT) == 1, (month, states)


def _nobody_heard_anything_twice(year: Year, months: "tuple[Period, ...]") -> None:
    assert set(year.office.taken.values()) == {1}
    database = open_database(year.settings.ledger_url)
    with database.read() as session:
        sent = Counter(each.subject for each in deliveries.about(session, "") if each.state is DeliveryState.SENT)
        lost = [each.subject for each in deliveries.about(session, "") if each.state is not DeliveryState.SENT]
    database.close()
    assert [subject for subject in lost if not subject.startswith("trouble-")] == []
    for month in months[1:]:
        for rung in (Rung.BEFORE, Rung.AFTER, Rung.DUE_DAY, Rung.OVERDUE):
            assert sent[f"remind-{month}-623-{rung}"] <= 1
        assert sent[f"remind-{month}-623-overdue"] == 1, month
        assert sent[f"form-{month}-622"] == (0 if OFF[0] <= date(2024, month.number, 5) <= OFF[1] else 1), month


def _the_operator_heard_of_each(year: Year) -> None:
    told = [str(mail["Subject"]) for mail in year.office.mails if mail["To"] == "it@gialai.example"]
    for misfortune in ("bị dừng đột ngột", "Máy chủ thư đi", "unit_mailboxes.csv"):
        assert any(misfortune in subject for subject in told), (misfortune, told)
    assert any(subject.startswith("[Kết nghĩa] Đã hết sự cố") for subject in told)


def seven(day: date) -> datetime:
    return datetime.combine(day, clock_time(7), VIETNAM)


def _command_of(process: int) -> str:
    with suppress(OSError):
        return Path("/proc", str(process), "cmdline").read_text(encoding="utf-8").replace("\0", " ")
    return ""


def _descendants(process: int) -> list[int]:
    """The children of a process, and theirs."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, IndexError, ValueError):
            if int(place.read_text().rpartition(")")[2].split()[1]) == process:
                child = int(place.parent.name)
                found += [child, *_descendants(child)]
    return found
