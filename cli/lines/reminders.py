"""The reminders of a day, worded for a terminal."""

from services.mail.reminders import Reminders


def reminder_lines(found: Reminders, *, is_dry_run: bool) -> list[str]:
    """The reminders for a terminal: who is reminded, who must be telephoned, who is overdue."""
    if found.rung is None:
        return [f"Ngày {found.day:%d/%m/%Y} không nhắc kỳ {found.period} (ngày nghỉ, hoặc chưa đến ngày nhắc)."]
    lines = [f"Kỳ {found.period}, {found.rung.label}: {len(found.units)} đơn vị chưa có báo cáo được chấp nhận."]
    for each in found.units:
        address = "không có hộp thư" if each.email is None else each.email
        state = "đã nhắc bước này" if each.was_reminded else each.state.label if each.state else ""
        if is_dry_run and each.email and not each.was_reminded:
            state = "sẽ gửi"
        lines.append(f"  {each.unit.code:<6} {each.unit.name:<24} {address}{f': {state}' if state else ''}")
    if found.to_telephone:
        lines.append(f"Cần gọi điện: {', '.join(each.unit.name for each in found.to_telephone)}.")
    if found.to_escalate:
        lines.append(f"Quá hạn, báo lãnh đạo: {', '.join(each.unit.name for each in found.to_escalate)}.")
    return lines
