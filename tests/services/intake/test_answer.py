"""Whose, when, which: what units are told about files sent again, replaced, or sent twice over."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.findings import Verdict
from domain.period import Period
from reports.unit.answer import UnitAnswer
from samples.months import SampleFile
from services.intake.answer import answer_batch
from services.intake.outcome import Collected
from services.intake.replies import Reply
from services.run import Run
from services.settings import PROGRAM, Settings
from storage import submissions
from storage.database import open_database
from tests.builders import edited
from tests.commands import arrive, collect_submissions, status

pytestmark = pytest.mark.slow
PERIOD = Period.parse("2024-02")
SENT = datetime(2024, 2, 15, 3, 0, tzinfo=UTC)
Put = Callable[..., None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home without made-up registers: Pleiku's villages are those publicly known."""
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def put(settings: Settings) -> Put:
    def into_inbox(name: str, content: bytes, hours: int = 0) -> None:
        arrive(settings, SampleFile(name, content, SENT + timedelta(hours=hours)))

    return into_inbox


def verdicts(collected: list[Collected]) -> list[Verdict]:
    return [each.verdict for each in collected]


def answers(settings: Settings) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (settings.home / "findings").rglob("*.txt")}


SECOND = [("00_ThongTin", "B13", 2), ("00_ThongTin", "B14", "THAY_THE"), ("00_ThongTin", "B15", "Bổ sung số liệu")]


def test_a_receipt_says_number_moment_hash_and_what_was_understood(settings: Settings, put: Put, pleiku: Any) -> None:
    put("KN_622.xlsx", pleiku())
    [collected] = collect_submissions(settings)
    [(name, text)] = answers(settings).items()
    assert name == "000001_KN_622.txt"
    assert text.splitlines()[0].startswith("Tệp được chấp nhận: 0 lỗi, 0 cảnh báo.")
    for told in (
        "Số tiếp nhận 000001: nhận lúc 10 giờ 00 ngày 15/02/2024 qua thư mục.", collected.sha256,
        "Thành phố Pleiku (mã 622), kỳ tháng 02 năm 2024, lần nộp 1", "1 dòng hoạt động, 5 thôn, làng",
        "tổng trị giá 10.000.000 đồng",
    ):  # fmt: skip
        assert told in text


def test_the_same_content_in_a_new_file_is_no_change(settings: Settings, put: Put, pleiku: Any) -> None:
    put("first.xlsx", pleiku())
    collect_submissions(settings)
    put("saved again.xlsx", edited(pleiku()), 1)
    assert verdicts(collect_submissions(settings)) == [Verdict.UNCHANGED]
    assert "không thay đổi so với bản đã nhận" in answers(settings)["000002_saved_again.txt"]


def test_two_files_of_the_same_content_at_once_are_one_statement(settings: Settings, put: Put, pleiku: Any) -> None:
    put("first.xlsx", pleiku())
    put("second.xlsx", edited(pleiku()))
    assert sorted(verdicts(collect_submissions(settings))) == [Verdict.ACCEPTED, Verdict.UNCHANGED]


def test_a_new_revision_replaces_the_first_and_tells_the_difference(settings: Settings, put: Put, pleiku: Any) -> None:
    put("v1.xlsx", pleiku())
    put("v2.xlsx", edited(pleiku(), *SECOND, ("03_HoDan", "E8", 530)), 1)
    assert verdicts(collect_submissions(settings)) == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert "Nay lần nộp 2 được tính thay cho tệp này" in answers(settings)["000001_v1.txt"]
    text = answers(settings)["000002_v2.txt"]
    assert "Số liệu đã được tính" in text
    assert "So với lần nộp trước: 1 khác biệt." in text
    assert "đổi · 03_HoDan · 23581-01 · Nhân khẩu: 520 → 530" in text
    [found] = [row for row in status(settings, PERIOD).units if row.unit.code == "622"]
    assert found.notes == ["lần nộp 2"]


def test_two_different_files_of_one_revision_count_neither_and_both_senders_are_told(
    settings: Settings, put: Put, pleiku: Any
) -> None:
    put("a.xlsx", pleiku())
    collect_submissions(settings)
    put("b.xlsx", edited(pleiku(), ("03_HoDan", "E8", 530)), 1)
    told = collect_submissions(settings)
    assert [(each.file_name, each.verdict) for each in told] == [
        ("a.xlsx", Verdict.CONFLICTING),
        ("b.xlsx", Verdict.CONFLICTING),
    ]
    found = status(settings, PERIOD)
    assert (found.accepted, found.conflicting) == (0, ["622"])
    assert all("cả hai chưa được tính" in text for text in answers(settings).values())
    put("c.xlsx", edited(pleiku(), *SECOND), 2)
    assert verdicts(collect_submissions(settings)) == [Verdict.ACCEPTED]
    assert status(settings, PERIOD).accepted == 1


def test_what_was_known_before_the_conflict_stays_known(settings: Settings, put: Put, pleiku: Any) -> None:
    put("a.xlsx", pleiku())
    collect_submissions(settings)
    put("b.xlsx", edited(pleiku(), ("03_HoDan", "E8", 530)), 5)
    collect_submissions(settings)
    database = open_database(settings.ledger_url)
    with database.write() as session:
        before, after = (
            submissions.counting_submissions(session, ["2024-02"], SENT + timedelta(hours=hours)) for hours in (1, 6)
        )
    database.close()
    assert (len(before), len(after)) == (1, 0)


def test_a_rejected_workbook_comes_back_marked(settings: Settings, put: Put, pleiku: Any) -> None:
    put("KN_622.xlsx", edited(pleiku(), ("02_HoatDong", "T8", 1), ("03_HoDan", "D8", "=1+")))
    assert verdicts(collect_submissions(settings)) == [Verdict.REJECTED]
    [marked] = (settings.home / "findings").rglob("*.xlsx")
    book = openpyxl.load_workbook(marked)
    assert book.sheetnames[0] == "KẾT QUẢ KIỂM TRA"
    cell = book["02_HoatDong"]["T8"]
    assert any(cell.coordinate in formats for formats in book["02_HoatDong"].conditional_formatting)
    assert cell.comment is not None
    assert "E-SUM" in cell.comment.text
    links = {
        cell.hyperlink.location or cell.hyperlink.target for row in book.worksheets[0] for cell in row if cell.hyperlink
    }
    assert any("02_HoatDong" in str(link) and str(link).endswith("T8") for link in links)


MAILBOXES = """email,unit_code,valid_from,valid_to,note
cu.622@gialai.gov.vn,622,2010-01-01,2020-12-31,
vanthu.622@gialai.gov.vn,622,2021-01-01,,
khac.622@gialai.gov.vn,622,2021-01-01,,
vanthu.623@gialai.gov.vn,623,2021-01-01,,
"""


def register_mailboxes(settings: Settings) -> None:
    table = settings.home / "reference" / "unit_mailboxes.csv"
    table.parent.mkdir(parents=True)
    table.write_text(MAILBOXES, encoding="utf-8")


def letters(settings: Settings) -> dict[str, EmailMessage]:
    """The mails written, by what they are about and to whom."""
    return {
        f"{path.parent.name}/{path.stem}": message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in settings.mail_sink.rglob("*.eml")
    }


def test_a_file_from_the_folder_is_answered_to_the_units_mailbox_once(
    settings: Settings, put: Put, pleiku: Any
) -> None:
    register_mailboxes(settings)
    put("KN_622.xlsx", edited(pleiku(), ("02_HoatDong", "T8", 1)))
    assert verdicts(collect_submissions(settings)) == [Verdict.REJECTED]
    [(about, letter)] = letters(settings).items()
    assert about == "receipt-000001/vanthu.622@gialai.gov.vn"
    text, html = (str(letter.get_body((kind,)).get_content()) for kind in ("plain", "html"))
    for told in ("Tệp bị trả lại", "gửi lại", "Sửa ngay trong tệp này", "[E-SUM]"):
        assert told in text
        assert told in html
    [attached] = letter.iter_attachments()
    assert attached.get_filename() == "ket-qua-kiem-tra.xlsx"
    assert collect_submissions(settings) == []
    assert len(letters(settings)) == 1


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [("00_ThongTin", "B8", "000"), ("00_ThongTin", "B8", "623"), ("00_ThongTin", "B9", "Phường lạ")],
)
def test_a_file_that_may_be_another_units_is_answered_to_no_mailbox(
    settings: Settings, put: Put, pleiku: Any, sheet: str, cell: str, value: str
) -> None:
    register_mailboxes(settings)
    put("KN_622.xlsx", edited(pleiku(), (sheet, cell, value)))
    collect_submissions(settings)
    assert letters(settings) == {}


def test_a_returned_file_is_sent_again_under_its_own_number(settings: Settings, put: Put, pleiku: Any) -> None:
    put("first.xlsx", edited(pleiku(), ("02_HoatDong", "T8", 1)))
    collect_submissions(settings)
    assert "giữ nguyên lần nộp 1" in answers(settings)["000001_first.txt"]
    [marked] = (settings.home / "findings").rglob("*.xlsx")
    put("mended.xlsx", edited(marked.read_bytes(), ("02_HoatDong", "T8", 10_000_000)), 1)
    assert verdicts(collect_submissions(settings)) == [Verdict.ACCEPTED]


def test_a_past_deadline_is_told_as_past(settings: Settings, put: Put, pleiku: Any) -> None:
    put("KN_622.xlsx", edited(pleiku(), ("02_HoatDong", "T8", 1)))
    collect_submissions(settings)
    first = answers(settings)["000001_KN_622.txt"].splitlines()[0]
    assert "gửi lại ngay: hạn nộp 17 giờ 00 ngày 16/02/2024 đã qua, đến nay trễ" in first


def test_a_run_that_stopped_before_its_answers_is_finished_by_the_next(
    settings: Settings, put: Put, pleiku: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("KN_622.xlsx", pleiku())

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.collect_submissions.answer_batch", killed)
        with pytest.raises(KeyboardInterrupt):
            collect_submissions(settings)
    assert not (settings.home / "findings").exists()
    assert verdicts(collect_submissions(settings)) == [Verdict.ACCEPTED]
    assert list(answers(settings)) == ["000001_KN_622.txt"]


def test_two_runs_at_once_take_each_file_once(settings: Settings, put: Put, pleiku: Any) -> None:
    put("a.xlsx", pleiku())
    put("b.xlsx", edited(pleiku(), *SECOND), 1)
    environment = os.environ | {"KETNGHIA_HOME": str(settings.home)}
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "cli.main", "collect"], env=environment, cwd=PROGRAM, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [run.communicate()[0].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum(text.count("được chấp nhận") for text in told) == 2
    assert sorted(answers(settings)) == ["000001_a.txt", "000002_b.txt"]


def test_who_sent_a_file_that_is_lost_meanwhile_hears_what_is_wrong_with_it(
    settings: Settings, put: Put, pleiku: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("KN_622.xlsx", edited(pleiku(), ("02_HoatDong", "T8", 1)))

    def lost(run: Run, replies: Sequence[Reply]) -> list[UnitAnswer]:
        for file in (settings.home / "archive").glob("??/*"):
            file.unlink()
        return answer_batch(run, replies)

    monkeypatch.setattr("flows.collect_submissions.answer_batch", lost)
    assert verdicts(collect_submissions(settings)) == [Verdict.REJECTED]
    [listed] = (settings.home / "findings").rglob("*.xlsx")
    assert "02_HoatDong" not in openpyxl.load_workbook(listed).sheetnames


def test_a_batch_that_is_tried_again_tells_of_all_its_files(
    settings: Settings, put: Put, pleiku: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("KN_622.xlsx", pleiku())
    told = []

    def twice(run: Run, replies: Sequence[Reply]) -> list[UnitAnswer]:
        told.append(answer_batch(run, replies))
        return answer_batch(run, replies)

    monkeypatch.setattr("flows.collect_submissions.answer_batch", twice)
    assert verdicts(collect_submissions(settings)) == [Verdict.ACCEPTED]
    assert [answer.verdict for answer in told[0]] == [Verdict.ACCEPTED]
    assert list(answers(settings)) == ["000001_KN_622.txt"]
