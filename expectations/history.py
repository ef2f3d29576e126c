"""Which rules history is excused from: paper that nobody can complete any more must not cost the figures.

Whatever would make a figure wrong stays an error; whatever only makes the record incomplete becomes a warning.
"""

from domain.findings import Rule, Severity

EXCUSED = frozenset(
    {
        "E-SHEET", "E-COLUMN", "E-WINDOW", "E-CTRL", "E-CTRL-MISSING", "E-BENEFICIARIES", "E-KHAC", "E-QUANTITY-UNIT",
        "E-NTM-YEAR", "E-HH-VILLAGE", "E-CARRY", "E-VILLAGE-MISSING", "E-LONG", "E-TOTAL",
    }
)  # fmt: skip
"""Rules about forms, paper and other months."""
ESSENTIAL = frozenset(
    {
        "unit_code", "period", "revision", "nil_return", "form_version", "activity_date", "activity_code", "status",
        "value_total_vnd", "village_id", "households", "poor_close",
    }
)  # fmt: skip
"""Fields without which a row says nothing that can be counted."""


def severity_in_history(rule: Rule, field: str | None) -> Severity:
    """What the broken rule means for a submission of the time before the form; `field` is the cell's, where known."""
    if rule.code in EXCUSED or (rule.code == "E-REQ" and field not in ESSENTIAL):
        return Severity.WARNING
    return rule.severity
