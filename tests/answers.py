"""Answers to a unit, of which a test names only what was found."""

from datetime import UTC, datetime

from domain.findings import Finding, Findings, Severity
from domain.submissions import ArrivalRecord
from reports.unit.answer import Understood, UnitAnswer
from reports.unit.cells import place

ARRIVAL = ArrivalRecord(1, "folder", "KN_622.xlsx", "f" * 64, None, datetime(2024, 2, 16, tzinfo=UTC))
UNDERSTOOD = Understood("622", "Thành phố Pleiku", "2024-02", "tháng 02 năm 2024", 1)


def finding(sheet: str, cell: str, rule: str = "E-SUM", sentence: str = "Tổng trị giá lệch.") -> Finding:
    row, column = place(cell)
    severity = Severity.ERROR if rule.startswith("E-") else Severity.WARNING
    return Finding(sheet, row, column, cell, rule, severity, "1", "Tổng trị giá lệch", sentence, "Sửa lại.")


def answer(*found: Finding) -> UnitAnswer:
    findings = Findings.of(found)
    return UnitAnswer(ARRIVAL, findings.verdict, UNDERSTOOD, findings)
