"""The log keeps what happened, with its fields, from several processes at once."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import BadLock
from domain.period import Period
from domain.personal_data import MASK
from services import log
from services.settings import PROGRAM, Settings
from tests.commands import collect_submissions, lock_period, unlock_period


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    handler = log.keep_log(tmp_path)
    assert handler is not None
    yield tmp_path / "log" / "ketnghia.jsonl"
    handler.close()


def lines(place: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]


def test_a_line_bears_its_event_its_fields_and_those_around_it(kept: Path) -> None:
    with log.about(period="2024-02", unit="622"):
        log.warn("redraft-failed", "chưa lập lại được dự thảo", edition="2024-02-1")
    log.note("step-finished", step="read-files", seconds=1.5)
    first, second = lines(kept)
    assert first["level"] == "warning"
    assert (first["event"], first["period"], first["unit"], first["edition"]) == (
        "redraft-failed", "2024-02", "622", "2024-02-1",
    )  # fmt: skip
    assert (second["level"], second["step"], "period" in second) == ("info", "read-files", False)


def test_numbers_of_people_are_masked_and_what_a_mail_is_looked_for_by_is_not(kept: Path) -> None:
    log.warn("bounce-unmatched", "a@b.vn “gọi 0905 123 456”", sender="a@b.vn", subject="CCCD 064199001234")
    log.note("edition-made", edition="2024-02-1", sha256="0905123456" * 6 + "abcd", message_id="<0905123456@b.vn>")
    log.failed(BadLock("0905123456.xlsx đang mở"))
    warned, made, ended = lines(kept)
    assert (warned["message"], warned["sender"], warned["subject"]) == (
        f"a@b.vn “gọi {MASK}”",
        "a@b.vn",
        f"CCCD {MASK}",
    )
    assert (made["sha256"], made["message_id"]) == ("0905123456" * 6 + "abcd", "<0905123456@b.vn>")
    assert ended["message"] == f"{MASK}.xlsx đang mở"


def test_a_log_that_is_kept_already_is_not_kept_twice(kept: Path) -> None:
    log.keep_log(kept.parents[1])
    log.note("once")
    assert [line["event"] for line in lines(kept)] == ["once"]


def test_whatever_is_in_a_text_a_record_stays_one_line(kept: Path) -> None:
    log.warn("mail", 'một\nhai\x1b[2J "ba" \u2028\x85', subject="bốn\nnăm")
    assert len(kept.read_bytes().splitlines()) == 1
    assert lines(kept)[0]["subject"] == "bốn\nnăm"


@pytest.mark.parametrize(
    ("field", "kept_as"),
    [
        ("\ud800 lẻ", "\ud800 lẻ"),
        ("\u202e\u009b2J\x7f", "\u202e\u009b2J\x7f"),
        ({(1, 2): "ba"}, "{(1, 2): 'ba'}"),
        (float("nan"), "nan"),
    ],
)
def test_a_field_that_cannot_be_seen_or_is_no_json_is_kept_all_the_same(
    kept: Path, field: object, kept_as: object
) -> None:
    log.note("odd", value=field)
    [line] = lines(kept)
    assert line["value"] == kept_as
    assert not set("\u202e\u009b\x7f") & set(kept.read_text(encoding="utf-8"))


def test_a_field_does_not_take_the_place_of_what_every_line_has(kept: Path) -> None:
    log.note("named", message="khác", level="debug", at="hôm qua")
    [line] = lines(kept)
    assert (line["event"], line["message"], line["level"]) == ("named", "named", "info")


def test_a_warning_is_made_visible_for_handlers_that_are_not_ours(caplog: pytest.LogCaptureFixture) -> None:
    log.warn("stranger-refused", "thư của \x1b[31mlạ\x1b[2J\nhàng hai")
    assert caplog.messages == ["thư của ⟨U+001B⟩[31mlạ⟨U+001B⟩[2J; hàng hai"]


def test_a_log_that_cannot_be_written_is_told_of_once_and_stops_nothing(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept.with_name("ketnghia.jsonl.lock").mkdir(parents=True)
    log.note("first")
    log.note("second")
    assert capsys.readouterr().err.count("Không ghi được nhật ký") == 1


def test_a_log_folder_that_was_removed_is_made_again(kept: Path) -> None:
    log.note("before")
    shutil.rmtree(kept.parent)
    log.note("after")
    assert [line["event"] for line in lines(kept)] == ["after"]


@pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\u2066", "\ufeff", "\u00ad", "\x9b", "\U000e0041", "\udcff"])
def test_a_letter_that_is_not_seen_or_turns_others_around_is_escaped(kept: Path, unseen: str) -> None:
    log.note("file-arrived", name=f"báo cáo{unseen}xslx.exe")
    assert unseen.encode(errors="surrogatepass") not in kept.read_bytes()
    assert lines(kept)[0]["name"] == f"báo cáo{unseen}xslx.exe"


def test_a_lock_is_noted_and_an_unlocking_that_is_refused_is_not(kept: Path, settings: Settings) -> None:
    month = Period.parse("2024-01")
    lock_period(settings, month, datetime(2024, 2, 10, tzinfo=UTC), "Người Khóa")
    with pytest.raises(BadLock):
        unlock_period(settings, month, None, "nộp bù", "Người Khóa")
    assert [(line["event"], line["period"]) for line in lines(kept)] == [("period-locked", "2024-01")]


@pytest.mark.slow
def test_an_unlocking_is_noted_with_its_reason_and_how_much_counts_now(
    kept: Path, settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    month = Period.parse("2024-01")
    lock_period(settings, month, datetime(2024, 1, 1, tzinfo=UTC), "Người Khóa")
    fill_inbox("2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    unlock_period(settings, month, None, "nộp bù", "Người Khóa")
    noted = lines(kept)[-1]
    assert (noted["event"], noted["period"], noted["reason"], noted["counted"]) == (
        "period-unlocked", "2024-01", "nộp bù", 1,
    )  # fmt: skip


def test_without_a_data_folder_nothing_is_kept_and_none_is_made(tmp_path: Path) -> None:
    assert log.keep_log(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_several_processes_lose_no_line_while_the_file_is_turned_over(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\nfrom services import log\nlog.FILE_BYTES, log.FILES_KEPT = 4_000, 500\n"
        "log.keep_log(pathlib.Path(sys.argv[1]))\n"
        "for number in range(200): log.note('tick', who=sys.argv[2], number=number)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    running = [subprocess.Popen([*command, who], cwd=PROGRAM) for who in ("a", "b", "c")]
    assert [each.wait() for each in running] == [0, 0, 0]
    found = [
        line for place in (tmp_path / "log").glob("ketnghia.jsonl*") if place.suffix != ".lock" for line in lines(place)
    ]
    assert len({(line["who"], line["number"]) for line in found}) == len(found) == 600


@pytest.mark.slow
def test_a_month_is_followed_in_the_log_from_the_file_to_its_answer(
    kept: Path, settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622"})
    settings.inbox.mkdir()
    (settings.inbox / "ghi chú.xlsx").write_bytes(b"not a workbook")
    collect_submissions(settings)
    events = {str(line["event"]): line for line in lines(kept)}
    assert {"file-arrived", "file-unreadable", "submission-judged", "arrival-answered"} <= set(events)
    judged = events["submission-judged"]
    assert (judged["period"], judged["unit"], judged["verdict"], judged["submission"]) == (
        "2024-01", "622", "accepted", 2,
    )  # fmt: skip
