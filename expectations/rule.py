"""How a rule is written down: one call, nothing about it anywhere else."""

from collections.abc import Sequence

from domain.findings import Expectation, Rule, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def rule(
    code: str,
    title: str,
    sentence: str,
    remedy: str,
    expectation: Expectation,
    cells: Sequence[str] = (),
    excel: str = "",
) -> Rule:
    """A rule; its code begins with E (the workbook is returned) or W (the unit is asked to look again)."""
    severity = {"E": ERROR, "W": WARNING}[code[0]]
    return Rule(code, severity, title, sentence, remedy, expectation, tuple(cells), excel)


def nothing_in(column: str) -> Expectation:
    """The column, which holds offending values only, is null."""
    return Expectation("ExpectColumnValuesToBeNull", {"column": column})


def something_in(column: str) -> Expectation:
    """The column has a value."""
    return Expectation("ExpectColumnValuesToNotBeNull", {"column": column})


def between(column: str, least: float | None = None, most: float | None = None) -> Expectation:
    """The column's values lie between two bounds, both included."""
    arguments = {"column": column, "min_value": least, "max_value": most}
    return Expectation("ExpectColumnValuesToBeBetween", arguments)


def none_of(column: str, values: Sequence[str | bool]) -> Expectation:
    """The column holds none of the values."""
    return Expectation("ExpectColumnValuesToNotBeInSet", {"column": column, "value_set": list(values)})


def at_least(larger: str, smaller: str) -> Expectation:
    """One column is not below another, where both are given."""
    return Expectation(
        "ExpectColumnPairValuesAToBeGreaterThanB",
        {"column_A": larger, "column_B": smaller, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    )


def unique(columns: Sequence[str]) -> Expectation:
    """No two rows agree in all the columns, where all are given."""
    return Expectation(
        "ExpectCompoundColumnsToBeUnique", {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    )
