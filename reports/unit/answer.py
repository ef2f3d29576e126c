"""The answer to a unit about its workbook: receipt, verdict, causes and differences as plain Vietnamese lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import wording
from domain.findings import Cause, Findings, Severity, Verdict
from domain.form import SHEET_BY_TABLE
from domain.submissions import ArrivalRecord, Difference

_SENTENCES_SHOWN = 3
_DIFFERENCES_SHOWN = 10
_KINDS = {"added": "thêm", "removed": "bớt", "changed": "đổi"}
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
    again_of: int | None = None


def receipt_lines(answer: UnitAnswer) -> list[str]:
    """The receipt: number, moment, hash, and what was understood."""
    arrival, understood = answer.arrival, answer.understood
    lines = [
        f"Số tiếp nhận {arrival.number:06d}: nhận lúc {wording.moment(arrival.arrived_at)} qua {_CHANNELS[arrival.channel]}.",
        f"Tệp {arrival.file_name}, mã kiểm tra (SHA-256): {arrival.sha256}.",
    ]
    if answer.again_of is not None:
        lines.append(
            f"Tệp này đã nhận trước đây (số tiếp nhận {answer.again_of:06d}), hai tệp giống hệt nhau; không tính hai lần."
        )
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


def verdict_line(verdict: Verdict, findings: Findings, understood: Understood) -> str:
    """The first line of every answer: what became of the file, and how much is to be looked at."""
    if verdict is Verdict.UNREADABLE:
        return "Tệp không đọc được, chưa tính vào báo cáo."
    causes = findings.causes()
    errors = [cause for cause in causes if cause.severity is Severity.ERROR]
    counts = f"{_counted(errors, 'lỗi')}, {_counted(causes[len(errors) :], 'cảnh báo')}"
    return (
        f"Tệp {verdict.label}: {counts}. Đơn vị {understood.unit_code or '?'}, kỳ {understood.period or '?'}, "
        f"lần nộp {understood.revision or '?'}."
    )


def head_lines(answer: UnitAnswer) -> list[str]:
    """Verdict, receipt, and by when to send again: what stands above the causes."""
    lines = [verdict_line(answer.verdict, answer.findings, answer.understood), *receipt_lines(answer)]
    if answer.verdict is Verdict.HELD:
        lines.append("Không cần gửi lại: tệp được giữ nguyên, cấp tỉnh mở khóa kỳ thì số liệu được tính.")
    elif not answer.verdict.counts and answer.verdict is not Verdict.UNCHANGED and answer.due is not None:
        lines.append(f"Hạn nộp: {wording.moment(answer.due)}. Sửa các lỗi dưới đây, tăng lần nộp nếu cần, rồi gửi lại.")
    return lines


def answer_lines(answer: UnitAnswer, causes_shown: int | None = None) -> list[str]:
    """The whole answer, with all causes or the first `causes_shown` of them."""
    causes = answer.findings.causes()
    shown = causes[:causes_shown]
    lines = head_lines(answer)
    for cause in shown:
        lines += ["", *cause_lines(cause)]
    if len(causes) > len(shown):
        lines += ["", f"Và {len(causes) - len(shown)} loại khác, xem tệp kết quả kiểm tra."]
    if answer.differences:
        lines += ["", f"So với lần nộp trước: {len(answer.differences)} khác biệt."]
        lines += [difference_line(each) for each in answer.differences[:_DIFFERENCES_SHOWN]]
        if len(answer.differences) > _DIFFERENCES_SHOWN:
            lines.append(f"    … và {len(answer.differences) - _DIFFERENCES_SHOWN} khác biệt nữa.")
    return lines


def cause_lines(cause: Cause) -> list[str]:
    """One cause: its cells in one line, then the first of its sentences and the remedy."""
    level = "LỖI" if cause.severity is Severity.ERROR else "Cảnh báo"
    if cause.rule == "E-FILE":
        return [f"{level} {cause.rule}: {cause.findings[0].message}"]
    sentences = cause.sentences[:_SENTENCES_SHOWN]
    more = f" (và {len(cause.sentences) - len(sentences)} chỗ khác)" if len(cause.sentences) > len(sentences) else ""
    return [
        f"{level} {cause.rule} · {cause.sheet}, {cell_ranges(cause.cells)}: {cause.title}.",
        *(f"    {sentence}" for sentence in sentences[:-1]),
        f"    {sentences[-1]}{more} {cause.findings[0].remedy}".rstrip(),
    ]


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
    columns: dict[str, list[int]] = {}
    for cell in cells:
        letters = cell.rstrip("0123456789")
        columns.setdefault(letters, []).append(int(cell[len(letters) :]))
    parts = []
    for letters, rows in columns.items():
        for first, last in _runs(sorted(rows)):
            parts.append(f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}")
    return f"ô {', '.join(parts)}" + (f" ({len(cells)} ô)" if len(cells) > 3 else "")


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as first and last."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _counted(causes: Sequence[Cause], noun: str) -> str:
    cells = sum(len(cause.cells) for cause in causes)
    return f"{len(causes)} {noun}" + (f" ({cells} ô)" if cells > len(causes) else "")
