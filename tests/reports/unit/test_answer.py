"""What a unit is told: what became of its file, what to do next and by when, then each cause once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.findings import Finding, Findings, Severity, Verdict
from domain.submissions import ArrivalRecord
from reports.unit.answer import Understood, UnitAnswer, answer_lines, cause_line

DUE = datetime(2024, 2, 16, 10, tzinfo=UTC)
ARRIVAL = ArrivalRecord(7, "folder", "KN_622.xlsx", "f" * 64, None, datetime(2024, 2, 15, tzinfo=UTC))


def finding(row: int, rule: str = "E-SUM", sentence: str | None = None) -> Finding:
    severity = Severity.ERROR if rule.startswith("E-") else Severity.WARNING
    sentence = sentence or f"Dòng {row} lệch."
    return Finding(
        "02_HoatDong", row, 20, f"T{row}", rule, severity, "1", "Tổng trị giá lệch", sentence, "Sửa cho khớp."
    )


def answer(verdict: Verdict, *found: Finding) -> UnitAnswer:
    understood = Understood("622", "Thành phố Pleiku", "2024-02", "tháng 02 năm 2024", 1)
    return UnitAnswer(ARRIVAL, verdict, understood, Findings.of(found), due=DUE)


def first(given: UnitAnswer) -> str:
    return answer_lines(given)[0]


def test_a_returned_file_says_what_to_do_by_when_and_under_which_number() -> None:
    told = first(answer(Verdict.REJECTED, finding(8)))
    assert told == (
        "Tệp bị trả lại: 1 lỗi, 0 cảnh báo. Số liệu chưa được tính. Sửa hết các lỗi dưới đây, giữ nguyên lần nộp 1, "
        "rồi gửi lại trước 17 giờ 00 ngày 16/02/2024 (hạn nộp)."
    )


def test_a_past_deadline_is_told_as_past() -> None:
    told = first(replace(answer(Verdict.REJECTED, finding(8)), days_overdue=3))
    assert told.endswith("gửi lại ngay: hạn nộp 17 giờ 00 ngày 16/02/2024 đã qua, đến nay trễ 3 ngày làm việc.")
    assert "trước" not in told


def test_a_fault_of_the_revision_itself_says_which_to_write() -> None:
    told = first(answer(Verdict.REJECTED, finding(8), finding(9, "E-REVISION")))
    assert "giữ nguyên" not in told
    assert "ghi lần nộp như lỗi về lần nộp chỉ dẫn" in told


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict.ACCEPTED, "không phải làm gì thêm"),
        (Verdict.ACCEPTED_WITH_WARNINGS, "sai thì sửa, ghi lần nộp 2"),
        (Verdict.CONFLICTING, "trong tệp đó ghi lần nộp 2"),
        (Verdict.UNREADABLE, "Số liệu chưa được tính"),
        (Verdict.UNCHANGED, "không phải làm gì thêm"),
        (Verdict.HELD, "không cần gửi lại"),
        (Verdict.SET_ASIDE, "không phải sửa, không phải gửi lại"),
    ],
)
def test_every_verdict_says_in_its_first_line_what_comes_next(verdict: Verdict, told: str) -> None:
    assert told in first(answer(verdict))


def test_a_form_without_a_number_is_asked_for_none() -> None:
    told = [answer(Verdict.REJECTED, finding(8)), answer(Verdict.ACCEPTED_WITH_WARNINGS)]
    mend, replace_it = (
        first(replace(each, understood=replace(each.understood, states_revision=False))) for each in told
    )
    assert "lần nộp" not in mend + replace_it
    assert "chọn Bản thay thế kèm lý do ở sheet 00" in replace_it


def test_what_our_program_could_not_judge_is_no_fault_of_the_sender() -> None:
    lines = answer_lines(answer(Verdict.SET_ASIDE, finding(8)))
    assert "vì lỗi của chương trình" in lines[0]
    assert any("Số tiếp nhận 000007" in line for line in lines)
    assert not any("E-SUM" in line for line in lines)
    assert not Verdict.SET_ASIDE.counts


def test_sixteen_causes_are_sixteen_lines_with_their_codes_last() -> None:
    causes = [finding(row, f"E-{number}") for number in range(16) for row in (8, 9, 10, 40)]
    lines = answer_lines(answer(Verdict.REJECTED, *causes))
    told = [line for line in lines if line.endswith("]")]
    assert len(told) == 16
    assert told[0].startswith("1. Lỗi – 02_HoatDong, ô T8:T10, T40 (4 ô): Tổng trị giá lệch. Ví dụ ô T8: Dòng 8 lệch.")
    assert all(line.count("Sửa cho khớp.") == 1 for line in told)


def test_what_is_not_shown_is_counted() -> None:
    causes = [finding(8, f"E-{number}") for number in range(16)]
    lines = answer_lines(answer(Verdict.REJECTED, *causes), 10)
    assert "Và 6 nguyên nhân nữa, xem sheet KẾT QUẢ KIỂM TRA trong tệp kèm theo." in lines


def test_one_sentence_for_many_cells_is_said_once() -> None:
    [cause] = Findings.of([finding(row, sentence="Ba ô lệch.") for row in (8, 9)]).causes()
    assert cause_line(cause) == "Lỗi – 02_HoatDong, ô T8:T9: Ba ô lệch. Sửa cho khớp. [E-SUM]"


def test_a_long_list_of_cells_is_cut_and_counted() -> None:
    [cause] = Findings.of([finding(row) for row in range(8, 60, 2)]).causes()
    assert ", T22, … (26 ô): " in cause_line(cause)


def test_a_revision_that_is_itself_wrong_is_not_kept() -> None:
    given = answer(Verdict.REJECTED, finding(8))
    told = first(replace(given, understood=replace(given.understood, revision=None)))
    assert "Sửa hết các lỗi dưới đây, rồi gửi lại" in told


def test_a_file_sent_again_unmended_is_told_to_be_the_same() -> None:
    told = first(replace(answer(Verdict.REJECTED, finding(8)), again_of=3))
    assert told.startswith(
        "Tệp giống hệt tệp đã nhận trước đây (số tiếp nhận 000003), không tính hai lần. Tệp bị trả lại"
    )


def test_a_later_judgement_takes_the_place_of_the_first() -> None:
    lines = answer_lines(replace(answer(Verdict.ACCEPTED), judgement=2))
    assert "Tệp đã được chương trình kiểm tra lại; kết quả này thay cho kết quả đã gửi trước đây." in lines
