"""What is said of a file that no workbook could be made of."""

from domain.findings import Finding, Severity


def unreadable_finding(reason: str) -> Finding:
    """The one finding of a file that could not be read."""
    return Finding("(tệp)", 1, 1, "A1", "E-FILE", Severity.ERROR, "", "Tệp không đọc được", reason, "")
