"""What changed rules would do, worded for a terminal."""

from services.intake.rehearse import Rehearsal


def rehearsal_lines(rehearsal: Rehearsal) -> list[str]:
    """What would change, worded for a terminal."""
    stopped = sum(each.is_stopped for each in rehearsal.changed)
    lines = [
        f"  {each.period} {each.unit_code}, lần nộp {each.revision} ({each.file_name}): "
        f"{'bị trả lại' if each.is_stopped else 'được nhận'} ({', '.join(each.rules)})"
        for each in rehearsal.changed
    ]
    return [
        f"Đã thử trên {rehearsal.looked_at} bài nộp: {stopped} bị trả lại thêm, "
        f"{len(rehearsal.changed) - stopped} nay được nhận.",
        *lines,
    ]
