"""What became of files that were judged anew, worded for a terminal."""

from collections.abc import Sequence

from services.intake.rejudge import Rejudged


def rejudged_lines(outcome: Sequence[Rejudged]) -> list[str]:
    """Each file whose verdict or findings are others, or that could not be judged; then how many were looked at."""
    lines = [_line(each) for each in outcome if each.is_changed or each.after is None]
    changed = sum(each.is_changed for each in outcome)
    told = "; đơn vị được trả lời lại" if changed else ""
    return [*lines, f"Đã kiểm tra lại {len(outcome)} tệp: {changed} có kết quả khác trước{told}."]


def _line(each: Rejudged) -> str:
    file = f"{each.receipt:06d} {each.file_name}"
    if each.after is None:
        return f"{file}: {each.why}; kết quả cũ giữ nguyên ({each.before.label})."
    if each.after is each.before:
        return f"{file}: vẫn {each.after.label}, nhưng lỗi, cảnh báo hoặc số liệu khác trước."
    return f"{file}: trước {each.before.label}, nay {each.after.label}."
