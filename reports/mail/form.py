"""The mail that brings a unit its form of a month."""

from datetime import datetime

from domain import wording
from domain.calendar import Window
from domain.forms import CURRENT
from domain.period import Period
from domain.reference import Reference
from domain.units import Unit
from reports.html import render_html


def subject(unit: Unit, period: Period) -> str:
    """The mail's subject."""
    return f"[Kết nghĩa] Biểu mẫu báo cáo {period.label()} của {unit.name}"


def bodies(unit: Unit, period: Period, window: Window, due: datetime, reference: Reference) -> tuple[str, str]:
    """The body as text and as HTML; `window` are the days that this unit reports, which may be a part of the month."""
    content = {
        "unit": unit.name,
        "period_label": period.label(),
        "first_day": wording.short_day(window.first_day),
        "last_day": wording.short_day(window.last_day),
        "due": wording.moment(due),
        "form": CURRENT.version,
        "agency": f"{reference.sender.agency_in_text} {reference.sender.place}",
    }
    return render_html("email/form.txt.j2", content), render_html("email/form.html.j2", content)
