"""The answer to a unit about its workbook: verdict and what to do, receipt, causes and differences in plain lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain import wording
from domain.findings import Cause, Findings, Severity, Verdict
from domain.form import SHEET_BY_TABLE
from domain.submissions import ArrivalRecord, Difference
from reports.unit.cells import cell_runs

_DIFFERENCES_SHOWN = 10
_RANGES_SHOWN = 8
_KINDS = {"added": "thêm", "removed": "bớt", "changed": "đổi"}
_WORTH_TELLING = timedelta(days=1)
"""By so much a file's own time differs before it is told beside the moment of arrival."""
_CHANNELS = {
    "history": "bảng số liệu lịch sử",
    "folder": "thư mục",
    "mailbox": "thư điện tử",
    "bucket": "kho S3",
    "sftp": "SFTP",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """What the program took from a workbook: whose, for when, how much."""

    unit_code: str | None
    unit_name: str | None
    period: str | None
    period_label: str | None
    revision: int | None
    states_revision: bool = True
    """Whether the number stands in the workbook; else the province gave it."""
    activities: int = 0
    villages: int = 0
    cash_vnd: int = 0
    inkind_vnd: int = 0
    value_total_vnd: int = 0


@dataclass(frozen=True, slots=True)
class UnitAnswer:
    """The content of one answer; `again_of` is the receipt number that the same bytes got before."""

    arrival: ArrivalRecord
    verdict: Verdict
    understood: Understood
    findings: Findings
    differences: Sequence[Difference] = ()
    working_days_late: int = 0
    due: datetime | None = None
    days_overdue: int = 0
    """Working days that have gone by since the due day, when the answer is written; 0 before it."""
    again_of: int | None = None
    replaced_by: int | None = None
    """The revision that counts in the place of this accepted one."""
    is_sample: bool = False
    judgement: int = 1
    """How often the bytes were judged, with this time; a later judgement takes the place of what was told before."""


def receipt_lines(answer: UnitAnswer) -> list[str]:
    """The receipt: number, moment, hash, and what was understood."""
    arrival, understood = answer.arrival, answer.understood
    lines = [
        f"Số tiếp nhận {arrival.number:06d}: nhận lúc {wording.moment(arrival.arrived_at)} qua {_CHANNELS[arrival.channel]}.",
        f"Tệp {arrival.file_name}, mã kiểm tra (SHA-256): {arrival.sha256}.",
    ]
    if arrival.own_time is not None and abs(arrival.own_time - arrival.arrived_at) > _WORTH_TELLING:
        lines.append(
            f"Ngày giờ ghi trên tệp: {wording.moment(arrival.own_time)} (chỉ để đối chiếu, không dùng để tính hạn)."
        )
    if answer.judgement > 1:
        lines.append("Tệp đã được chương trình kiểm tra lại; kết quả này thay cho kết quả đã gửi trước đây.")
    if understood.unit_code or understood.period:
        lines.append(
            f"Đã hiểu: {understood.unit_name or 'đơn vị không rõ'} (mã {understood.unit_code or '?'}), "
            f"kỳ {understood.period_label or understood.period or '?'}, lần nộp {understood.revision or '?'}."
        )
    if answer.verdict.counts:
        lines.append(
            f"Gồm {understood.activities} dòng hoạt động, {understood.villages} thôn, làng; tiền mặt "
            f"{wording.number(understood.cash_vnd)} đồng, hiện vật {wording.number(understood.inkind_vnd)} đồng, "
            f"tổng trị giá {wording.number(understood.value_total_vnd)} đồng."
        )
    if answer.working_days_late:
        lines.append(f"Nộp trễ {answer.working_days_late} ngày làm việc.")
    return lines


def verdict_line(verdict: Verdict, findings: Findings) -> str:
    """What became of the file, and how much is to be looked at."""
    if verdict in (Verdict.UNREADABLE, Verdict.SET_ASIDE):
        return f"Tệp {verdict.label}."
    causes = findings.causes()
    if not causes and not verdict.counts:
        return f"Tệp {verdict.label}."
    errors = [cause for cause in causes if cause.severity is Severity.ERROR]
    return f"Tệp {verdict.label}: {_counted(errors, 'lỗi')}, {_counted(causes[len(errors) :], 'cảnh báo')}."


def what_to_do(answer: UnitAnswer) -> str:
    """What the clerk does next, and by when; also where that is nothing."""
    if answer.replaced_by is not None:
        return f"Nay lần nộp {answer.replaced_by} được tính thay cho tệp này; đơn vị không phải làm gì thêm."
    match answer.verdict:
        case Verdict.ACCEPTED:
            return "Số liệu đã được tính vào báo cáo; đơn vị không phải làm gì thêm."
        case Verdict.ACCEPTED_WITH_WARNINGS:
            return (
                "Số liệu đã được tính vào báo cáo. Đơn vị xem lại các điểm dưới đây: đúng rồi thì không phải làm gì; "
                f"sai thì sửa, {_as_replacement(answer)}, rồi gửi lại cả tệp."
            )
        case Verdict.REJECTED:
            return f"Số liệu chưa được tính. {_mend(answer)}, rồi {_send(answer)}"
        case Verdict.CONFLICTING:
            return f"Xem tệp nào đúng; trong tệp đó {_as_replacement(answer)}, rồi {_send(answer)}"
        case Verdict.UNREADABLE:
            return f"Số liệu chưa được tính. Làm như chỉ dẫn dưới đây, rồi {_send(answer)}"
        case Verdict.UNCHANGED:
            return "Số liệu giống hệt bản đã nhận và không tính hai lần; đơn vị không phải làm gì thêm."
        case Verdict.HELD:
            return "Tệp được giữ nguyên, không cần gửi lại: cấp tỉnh mở khóa kỳ thì số liệu được tính."
        case Verdict.SET_ASIDE:
            return (
                "Tệp được giữ nguyên; đơn vị không phải sửa, không phải gửi lại. Cán bộ cấp tỉnh đã được báo; "
                "kết quả kiểm tra sẽ gửi sau, và ngày nộp vẫn là ngày nhận tệp này."
            )


def first_line(answer: UnitAnswer) -> str:
    """What became of the file, what to do, and by when: who reads no further knows what comes next."""
    told = f"{verdict_line(answer.verdict, answer.findings)} {what_to_do(answer)}"
    if answer.again_of is None:
        return told
    return f"Tệp giống hệt tệp đã nhận trước đây (số tiếp nhận {answer.again_of:06d}), không tính hai lần. {told}"


def how_to_use(answer: UnitAnswer, *, is_marked: bool) -> str:
    """What to do with the workbook that comes along: the sender's own, marked, or a list beside it."""
    if_needed = "Sửa" if answer.verdict is Verdict.REJECTED else "Nếu phải sửa thì sửa"
    if is_marked:
        return (
            "ô đỏ là lỗi, ô vàng là cảnh báo, mở ra là đến ô đầu tiên phải xem. "
            f"{if_needed} ngay trong tệp này rồi gửi lại; không cần xóa màu, ghi chú hay sheet kết quả."
        )
    return f"liệt kê từng ô phải xem. {if_needed} trong tệp gốc của đơn vị rồi gửi lại tệp gốc."


def answer_lines(answer: UnitAnswer, causes_shown: int | None = None, attached: str = "") -> list[str]:
    """The whole answer: what to do, all causes or the first `causes_shown` of them, what changed, the receipt."""
    causes = _told_causes(answer)
    shown = causes[:causes_shown]
    lines = [first_line(answer)]
    if attached:
        lines += ["", attached]
    if shown:
        lines += ["", *(f"{number}. {cause_line(cause)}" for number, cause in enumerate(shown, start=1))]
    if len(causes) > len(shown):
        lines.append(f"Và {len(causes) - len(shown)} nguyên nhân nữa, xem sheet KẾT QUẢ KIỂM TRA trong tệp kèm theo.")
    if answer.differences:
        lines += ["", f"So với lần nộp trước: {len(answer.differences)} khác biệt."]
        lines += [difference_line(each) for each in answer.differences[:_DIFFERENCES_SHOWN]]
        if len(answer.differences) > _DIFFERENCES_SHOWN:
            lines.append(f"    … và {len(answer.differences) - _DIFFERENCES_SHOWN} khác biệt nữa.")
    return [*lines, "", *receipt_lines(answer)]


def cause_line(cause: Cause) -> str:
    """One cause in one line: how grave, where, what is wrong, what to do once; the rule's code last."""
    first = cause.findings[0]
    level = cause.severity.label.capitalize()
    if cause.rule == "E-FILE":
        return f"{level}: {first.message} [{cause.rule}]"
    what = first.sentence if len(cause.sentences) == 1 else f"{cause.title}. Ví dụ ô {first.cell}: {first.sentence}"
    told = f"{level} – {cause.sheet}, {cell_ranges(cause.cells)}: {what} {first.remedy}".rstrip()
    return f"{told} [{cause.rule}]"


def _told_causes(answer: UnitAnswer) -> list[Cause]:
    """The causes that the sender is told; what our program could not judge has none of his."""
    return [] if answer.verdict is Verdict.SET_ASIDE else answer.findings.causes()


def _as_replacement(answer: UnitAnswer) -> str:
    """What to write into the workbook that would replace this one."""
    if not answer.understood.states_revision:
        return "chọn Bản thay thế kèm lý do ở sheet 00"
    revision = answer.understood.revision
    following = "tiếp theo" if revision is None else str(revision + 1)
    return f"ghi lần nộp {following}, loại bản THAY_THE kèm lý do"


def _mend(answer: UnitAnswer) -> str:
    """What to mend; a returned revision is used up by nobody: it comes again under its own number, if that was sound."""
    found, revision = answer.findings.found, answer.understood.revision
    has_warnings = any(finding.severity is Severity.WARNING for finding in found)
    told = "Sửa hết các lỗi dưới đây" + (" (cảnh báo thì xem lại)" if has_warnings else "")
    if any(finding.rule.startswith("E-REVISION") for finding in found):
        return f"{told}, ghi lần nộp như lỗi về lần nộp chỉ dẫn"
    is_stated = revision is not None and answer.understood.states_revision
    return f"{told}, giữ nguyên lần nộp {revision}" if is_stated else told


def _send(answer: UnitAnswer) -> str:
    """By when to send; a day that has gone by is told as gone."""
    if answer.due is None:
        return "gửi lại."
    due = wording.moment(answer.due)
    if answer.days_overdue:
        return f"gửi lại ngay: hạn nộp {due} đã qua, đến nay trễ {answer.days_overdue} ngày làm việc."
    return f"gửi lại trước {due} (hạn nộp)."


def difference_line(difference: Difference) -> str:
    """One difference from the revision before."""
    field = SHEET_BY_TABLE[difference.table].field(difference.field)
    before, after = difference.before or "trống", difference.after or "trống"
    return (
        f"    {_KINDS[difference.kind]} · {SHEET_BY_TABLE[difference.table].name} · {difference.row_key} · "
        f"{field.caption}: {before} → {after}"
    )


def cell_ranges(cells: Sequence[str]) -> str:
    """`ô R8, S8` or, for cells below each other, `ô R8:R47 (40 ô)`."""
    runs = list(cell_runs(cells))
    shown = ", ".join(runs[:_RANGES_SHOWN]) + (", …" if len(runs) > _RANGES_SHOWN else "")
    return f"ô {shown}" + (f" ({len(cells)} ô)" if len(cells) > 3 else "")


def _counted(causes: Sequence[Cause], noun: str) -> str:
    cells = sum(len(cause.cells) for cause in causes)
    return f"{len(causes)} {noun}" + (f" ({cells} ô)" if cells > len(causes) else "")
