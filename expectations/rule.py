"""How a rule is written down: one call, nothing about it anywhere else."""

from collections.abc import Mapping, Sequence

from domain.findings import Expectation, Rule, Severity

Condition = Mapping[str, object]
"""Which rows an expectation is asked of, in the words of Great Expectations."""

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


def nothing_in(column: str, where: Condition | None = None) -> Expectation:
    """The column is null; without a condition it was computed beforehand and holds offending values only."""
    return _asked("ExpectColumnValuesToBeNull", {"column": column}, where)


def something_in(column: str, where: Condition | None = None) -> Expectation:
    """The column has a value."""
    return _asked("ExpectColumnValuesToNotBeNull", {"column": column}, where)


def between(
    column: str, least: float | None = None, most: float | None = None, where: Condition | None = None
) -> Expectation:
    """The column's values lie between two bounds, both included."""
    arguments = {"column": column, "min_value": least, "max_value": most}
    return _asked("ExpectColumnValuesToBeBetween", arguments, where)


def none_of(column: str, values: Sequence[str | bool]) -> Expectation:
    """The column holds none of the values."""
    return _asked("ExpectColumnValuesToNotBeInSet", {"column": column, "value_set": list(values)}, None)


def among(column: str, values: Sequence[str], where: Condition | None = None) -> Expectation:
    """The column's values are of the set."""
    return _asked("ExpectColumnValuesToBeInSet", {"column": column, "value_set": list(values)}, where)


def like(column: str, pattern: str) -> Expectation:
    """The column's texts are like a pattern; groups in it capture nothing.

    Python and Rust must read it alike. Only at `$` they do not, before a last line break, which no tidied text has.
    """
    return _asked("ExpectColumnValuesToMatchRegex", {"column": column, "regex": pattern}, None)


def at_least(larger: str, smaller: str, where: Condition | None = None) -> Expectation:
    """One column is not below another, where both are given."""
    arguments = {"column_A": larger, "column_B": smaller, "or_equal": True}
    return _asked("ExpectColumnPairValuesAToBeGreaterThanB", arguments | _BOTH_GIVEN, where)


def equal(one: str, other: str, where: Condition | None = None) -> Expectation:
    """Two columns are equal, where both are given."""
    return _asked("ExpectColumnPairValuesToBeEqual", {"column_A": one, "column_B": other} | _BOTH_GIVEN, where)


def unique(columns: Sequence[str]) -> Expectation:
    """No two rows agree in all the columns, where all are given."""
    return Expectation(
        "ExpectCompoundColumnsToBeUnique", {"column_list": list(columns), "ignore_row_if": "any_value_is_missing"}
    )


def value_is(column: str, value: str | bool | int) -> Condition:
    """Rows with this value."""
    return _compared(column, "==", value)


def value_is_not(column: str, value: str) -> Condition:
    """Rows with another value, or none."""
    return _compared(column, "!=", value)


def value_in(column: str, values: Sequence[str]) -> Condition:
    """Rows with one of these values."""
    return _compared(column, "IN", list(values))


def value_within(column: str, least: float, most: float) -> Condition:
    """Rows with a value between the bounds, both included."""
    return both(_compared(column, ">=", least), _compared(column, "<=", most))


def value_above(column: str, bound: float) -> Condition:
    """Rows with a value above the bound."""
    return _compared(column, ">", bound)


def is_given(column: str) -> Condition:
    """Rows with any value."""
    return {"type": "nullity", "column": {"name": column}, "is_null": False}


def both(*conditions: Condition) -> Condition:
    """Rows of which all the conditions hold."""
    return {"type": "and", "conditions": list(conditions)}


def is_computed_beforehand(expectation: Expectation) -> bool:
    """Whether the verdict stands in a column already, because no expectation can say it of the typed columns."""
    states = expectation.name == "ExpectColumnValuesToNotBeInSet" and expectation.arguments["column"] in _STATES
    flag = expectation.name == "ExpectColumnValuesToBeNull" and "row_condition" not in expectation.arguments
    return states or flag


_BOTH_GIVEN = {"ignore_row_if": "either_value_is_missing"}
_STATES = ("sheet_state", "column_state", "problem", "remark", "oddity")
"""Columns in which reading says what became of a sheet, a column, a cell or a place."""


def _asked(name: str, arguments: Mapping[str, object], where: Condition | None) -> Expectation:
    return Expectation(name, arguments if where is None else {**arguments, "row_condition": where})


def _compared(column: str, operator: str, value: object) -> Condition:
    return {"type": "comparison", "column": {"name": column}, "operator": operator, "parameter": value}
