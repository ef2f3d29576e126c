"""The answer about one workbook, worded for a terminal."""

from reports.unit.answer import Understood, cause_lines, verdict_line
from services.intake.check import Checked


def check_lines(checked: Checked) -> list[str]:
    """The verdict, and every cause with its cells."""
    understood = Understood(checked.unit, None, checked.period, None, checked.revision)
    lines = [verdict_line(checked.verdict, checked.findings, understood)]
    return lines + [line for cause in checked.findings.causes() for line in cause_lines(cause)]
