"""Nobody has to look: what fails, is cut short or does not answer is told once a day to the operators, and when it is over."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from socket import gethostname

import pytest

from domain.accounts import Duty, RoleName
from domain.calendar import VIETNAM
from domain.errors import BadReference
from services.clock import stopped
from services.heartbeat import beating, heartbeat_place, keep_last_elsewhere, last_heartbeat, open_beating
from services.mail.troubles import note_over, note_trouble, tell_operators
from services.run import open_run
from services.settings import PROGRAM, Settings
from services.watching import look_around
from tests.commands import collect_submissions, give

pytestmark = pytest.mark.slow
BEGAN = datetime(2024, 3, 4, 7, tzinfo=VIETNAM)


def mails(settings: Settings) -> list[str]:
    """The subjects of what was written to the operator, in the order in which it was."""
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in settings.mail_sink.glob("*/*.eml")]
    return [str(mail["Subject"]) for mail in sorted(found, key=lambda mail: mail["Date"].datetime)]


def beat(settings: Settings, at: datetime, error: Exception | None = None) -> None:
    with open_run(settings, stopped(at)) as run, beating(run, "collect-submissions", "thu nhận"):
        if error is not None:
            raise error


def test_what_fails_is_told_once_a_day_while_it_lasts_and_once_when_it_is_over(watched: Settings) -> None:
    for hours in (0, 1, 5, 25, 26):
        with suppress(BadReference):
            beat(watched, BEGAN + timedelta(hours=hours), BadReference("Bảng villages.csv thiếu cột."))
    for hours in (48, 49, 80):
        beat(watched, BEGAN + timedelta(hours=hours))
    assert mails(watched) == [
        "[Kết nghĩa] Sự cố: “thu nhận” không làm xong: Bảng villages.csv thiếu cột",
        "[Kết nghĩa] Sự cố: “thu nhận” không làm xong: Bảng villages.csv thiếu cột",
        "[Kết nghĩa] Đã hết sự cố: “thu nhận” không làm xong: Bảng villages.csv thiếu cột",
    ]


def test_a_run_that_was_killed_is_told_by_the_next_one(watched: Settings) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from services.run import open_run\n"
        "from services.settings import Settings\n"
        "from services.heartbeat import beating\n"
        "with open_run(Settings(home=pathlib.Path(sys.argv[1]), _env_file=None)) as run, beating(run, 'collect-submissions', 'thu nhận'):\n"
        "    print('going', flush=True)\n"
        "    time.sleep(60)\n"
    )
    going = subprocess.Popen(
        [sys.executable, "-c", script, str(watched.home)], stdout=subprocess.PIPE, cwd=PROGRAM, text=True
    )
    assert going.stdout is not None
    assert going.stdout.readline() == "going\n"
    with open_run(watched) as run:
        last = last_heartbeat(run.settings.home, "collect-submissions")
    assert last is not None
    assert not last.is_cut
    os.kill(going.pid, signal.SIGKILL)
    going.wait()
    going.stdout.close()
    beat(watched, BEGAN)
    told = mails(watched)
    assert sorted(subject.split(": ")[0] for subject in told) == ["[Kết nghĩa] Sự cố", "[Kết nghĩa] Đã hết sự cố"]
    assert all("bị dừng đột ngột" in subject for subject in told)


def test_a_heartbeat_says_how_the_last_run_ended(watched: Settings) -> None:
    with pytest.raises(ZeroDivisionError):
        beat(watched, BEGAN, ZeroDivisionError("x"))
    place = heartbeat_place(watched.home, "collect-submissions")
    assert json.loads(place.read_text(encoding="utf-8"))["outcome"] == "ZeroDivisionError"
    beat(watched, BEGAN)
    assert json.loads(place.read_text(encoding="utf-8"))["outcome"] == "done"
    place.write_text("{", encoding="utf-8")
    assert last_heartbeat(watched.home, "collect-submissions") is None
    beat(watched, BEGAN)


def test_a_way_in_that_does_not_answer_is_told_and_so_is_that_it_does_again(watched: Settings) -> None:
    watched.imap_host, watched.imap_port, watched.imap_user = "127.0.0.1", 1, "nhan"
    for _ in range(2):
        collect_submissions(watched)
    with open_run(watched) as run:
        assert tell_operators(run) == ["it@gialai.example"]
        assert tell_operators(run) == []
    watched.imap_host = ""
    with open_run(watched) as run:
        note_over(run, "channel-mailbox")
        assert tell_operators(run) == ["it@gialai.example"]
    assert len(mails(watched)) == 2


def test_while_no_mail_leaves_the_mails_do_not_pile_up(watched: Settings) -> None:
    watched.smtp_host, watched.smtp_port, watched.smtp_timeout_seconds = "127.0.0.1", 1, 1
    for day in range(5):
        with open_run(watched, stopped(BEGAN + timedelta(days=day))) as run:
            note_trouble(run, "disk", "Ổ đĩa sắp đầy.", "Dọn bớt.")
            tell_operators(run)
    with open_run(watched) as run, run.ledger.read() as session:
        waiting = session.connection().exec_driver_sql("SELECT count(*) FROM deliveries").scalar()
    assert waiting == 1


def test_without_an_operator_that_is_said(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    with open_run(settings) as run:
        note_trouble(run, "disk", "Ổ đĩa sắp đầy.", "Dọn bớt.")
        assert tell_operators(run) == []
    assert "operator" in caplog.text


def test_what_ended_unnoticed_by_anybody_is_not_told(settings: Settings, fill: Callable[..., None]) -> None:
    with open_run(settings) as run:
        note_trouble(run, "disk", "Ổ đĩa sắp đầy.", "Dọn bớt.")
        note_over(run, "disk")
    give(settings, "Trực máy", Duty(RoleName.OPERATOR, date(2020, 1, 1)), email="it@gialai.example")
    with open_run(settings) as run:
        assert tell_operators(run) == []


def test_what_doctor_would_say_is_told_without_being_asked(watched: Settings) -> None:
    watched.least_free_mb = 10**9
    with open_run(watched) as run:
        assert "doctor-disk" in look_around(run)
        tell_operators(run)
    assert any("Chỗ trống trên ổ đĩa" in subject for subject in mails(watched))
    watched.least_free_mb = 1
    with open_run(watched) as run:
        assert "doctor-disk" not in look_around(run)
        tell_operators(run)
    told = [subject for subject in mails(watched) if "Chỗ trống" in subject]
    assert sorted(subject.split(":")[0] for subject in told) == ["[Kết nghĩa] Sự cố", "[Kết nghĩa] Đã hết sự cố"]


def test_the_silence_of_the_daily_work_is_told_to_whoever_looks_from_outside(watched: Settings) -> None:
    with open_run(watched, stopped(BEGAN)) as run, beating(run, "reconcile", "làm việc đến hạn"):
        pass
    for hours, is_silent in ((25, False), (27, True)):
        with open_run(watched, stopped(BEGAN + timedelta(hours=hours))) as run:
            assert ("silence" in look_around(run)) is is_silent
            tell_operators(run)
    assert [
        subject for subject in mails(watched) if "Việc hằng ngày không chạy từ 07 giờ 00 ngày 04/3/2024" in subject
    ], mails(watched)


def test_daily_work_that_another_machine_does_is_no_silence(watched: Settings) -> None:
    with open_run(watched, stopped(BEGAN)) as run, beating(run, "reconcile", "làm việc đến hạn"):
        pass
    later = BEGAN + timedelta(hours=50)
    with open_run(watched, stopped(later)) as run:
        assert "silence" in look_around(run)
        keep_last_elsewhere(watched.home, "reconcile", later - timedelta(hours=2))
        assert "silence" not in look_around(run)
    # What a worker's own machine does of it on which day, nobody knows beforehand.
    works_for_another = watched.model_copy(update={"prefect_server": "https://prefect.gialai.example"})
    with open_run(works_for_another, stopped(later + timedelta(days=9))) as run:
        assert "silence" not in look_around(run)


def test_the_disk_of_another_machine_is_no_news_of_this_one(watched: Settings) -> None:
    full = watched.model_copy(update={"prefect_server": "https://prefect.gialai.example", "least_free_mb": 10**9})
    for settings in (full, watched):
        with open_run(settings) as run:
            look_around(run)
            tell_operators(run)
    told = [subject for subject in mails(watched) if "Chỗ trống" in subject]
    assert len(told) == 1
    assert f"Máy {gethostname()}: Chỗ trống" in told[0]


def test_where_nothing_was_ever_started_there_is_no_silence(watched: Settings) -> None:
    with open_run(watched) as run:
        assert "silence" not in look_around(run)


def test_a_table_that_cannot_be_read_is_told_though_nothing_can_be_opened(watched: Settings) -> None:
    table = watched.home / "reference" / "unit_mailboxes.csv"
    sound = table.read_text(encoding="utf-8") if table.is_file() else "email,unit_code,valid_from,valid_to\n"
    table.write_text("email,unit_code,valid_from,valid_to\nx@gialai.example,622,hôm qua,\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BadReference), open_beating(watched, "reconcile", "làm việc đến hạn"):
            pass
    table.write_text(sound, encoding="utf-8")
    with open_beating(watched, "reconcile", "làm việc đến hạn"):
        pass
    told = mails(watched)
    assert [subject.split(": ")[0] for subject in sorted(told)] == ["[Kết nghĩa] Sự cố", "[Kết nghĩa] Đã hết sự cố"]
    assert all("unit_mailboxes.csv" in subject for subject in told)


def test_what_comes_and_goes_all_day_is_told_once_a_day(watched: Settings) -> None:
    for quarter in range(40):
        with open_run(watched, stopped(BEGAN + timedelta(minutes=15 * quarter))) as run:
            if quarter % 2:
                note_over(run, "channel-mailbox")
            else:
                note_trouble(run, "channel-mailbox", "Hộp thư không trả lời.", "Xem máy chủ.")
            tell_operators(run)
    assert sorted(subject.split(":")[0] for subject in mails(watched)) == [
        "[Kết nghĩa] Sự cố",
        "[Kết nghĩa] Đã hết sự cố",
    ]


def test_a_process_with_the_number_of_a_dead_one_is_not_taken_for_it(watched: Settings) -> None:
    place = heartbeat_place(watched.home, "collect-submissions")
    place.parent.mkdir(parents=True)
    dead = {"flow": "collect-submissions", "pid": 1, "began_at": BEGAN.isoformat(), "life": "another boot 1"}
    place.write_text(json.dumps(dead), encoding="utf-8")
    beat(watched, BEGAN + timedelta(hours=1))
    assert any("bị dừng đột ngột" in subject for subject in mails(watched))
