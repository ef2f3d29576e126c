"""The mail that reminds a unit of its report."""

from datetime import datetime
from typing import Protocol

from domain import wording
from domain.period import Period
from domain.reference import Reference
from domain.reminders import Milestones, Rung
from domain.units import Unit
from reports.html import render_html


class Reminded(Protocol):
    """The facts of a reminder: unit, period, step of the schedule, whether a report was returned."""

    @property
    def unit(self) -> Unit: ...
    @property
    def period(self) -> Period: ...
    @property
    def rung(self) -> Rung: ...
    @property
    def is_returned(self) -> bool: ...


def subject(unit: Unit, period: Period, rung: Rung) -> str:
    """The mail's subject."""
    mark = "Quá hạn: " if rung is Rung.OVERDUE else ""
    return f"[Kết nghĩa] {mark}Báo cáo {period.label()} của {unit.name}"


def bodies(reminded: Reminded, due: datetime, days: Milestones, reference: Reference) -> tuple[str, str]:
    """The body as text and as HTML."""
    opening = {
        Rung.BEFORE: "Kỳ báo cáo sắp khép.",
        Rung.AFTER: "Kỳ báo cáo đã khép.",
        Rung.DUE_DAY: "Hôm nay là hạn nộp báo cáo.",
        Rung.OVERDUE: "Hạn nộp báo cáo đã qua.",
    }[reminded.rung]
    asked = (
        "Báo cáo đã nhận bị trả lại và chưa có bản nộp lại; đề nghị quý đơn vị sửa theo thư trả lời và gửi lại."
        if reminded.is_returned
        else "Chúng tôi chưa nhận được báo cáo của quý đơn vị; đề nghị quý đơn vị gửi báo cáo. "
        "Biểu mẫu của kỳ kèm theo thư này."
    )
    content = {
        "unit": reminded.unit.name,
        "period_label": reminded.period.label(),
        "opening": opening,
        "asked": asked,
        "due": wording.moment(due),
        "compile_by": wording.short_day(days.compile_by),
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
    }
    return render_html("email/reminder.txt.j2", content), render_html("email/reminder.html.j2", content)
