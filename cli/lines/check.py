"""The answer about one workbook, worded for a terminal."""

from reports.unit.answer import cause_line, verdict_line
from services.intake.check import Checked


def check_lines(checked: Checked) -> list[str]:
    """The verdict with what was understood, and a line for every cause with its cells."""
    understood = f"Đơn vị {checked.unit or '?'}, kỳ {checked.period or '?'}, lần nộp {checked.revision or '?'}."
    lines = [f"{verdict_line(checked.verdict, checked.findings)} {understood}"]
    return lines + [f"{number}. {cause_line(cause)}" for number, cause in enumerate(checked.findings.causes(), start=1)]
