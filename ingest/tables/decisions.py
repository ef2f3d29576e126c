"""The rows of the tables in which people decide: corrections, waivers, rows counted twice."""

from collections.abc import Mapping
from datetime import date

from domain.calendar import moment_in_vietnam
from domain.corrections import Correction, Locator
from domain.double_counting import Decision, DoubleDecision, RowLocator
from domain.period import Period
from domain.waivers import Waiver

Row = Mapping[str, str]


def correction(row: Row) -> Correction:
    """A cell that the province corrects.

    Raises:
        ValueError: if the row cannot be read, or says no reason or source.
    """
    if not row["reason"] or not row["source"]:
        raise ValueError("thiếu lý do hoặc nguồn")
    return Correction(
        Locator.parse(row["locator"]),
        row["old_value"],
        row["new_value"],
        row["reason"],
        row["source"],
        moment_in_vietnam(row["valid_from"]),
        moment_in_vietnam(row["valid_to"]) if row["valid_to"] else None,
        row["unlock_reason"],
    )


def waiver(row: Row) -> Waiver:
    """A rule waived for a unit.

    Raises:
        ValueError: if the row cannot be read, or nobody, no reason or no last day is named.
    """
    if not row["reason"] or not row["granted_by"] or not row["valid_to"]:
        raise ValueError("thiếu lý do, người cho phép hoặc ngày hết hạn")
    return Waiver(
        row["rule"],
        row["unit_code"],
        Period.parse(row["first_period"]),
        Period.parse(row["last_period"] or row["first_period"]),
        row["granted_by"],
        row["reason"],
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(row["valid_to"]),
    )


def double_decision(row: Row) -> DoubleDecision:
    """What somebody decided about two rows.

    Raises:
        ValueError: if the row cannot be read, or nobody or no reason is named.
    """
    if not row["reason"] or not row["decided_by"]:
        raise ValueError("thiếu lý do hoặc người quyết định")
    return DoubleDecision(
        RowLocator.parse(row["kept"]),
        RowLocator.parse(row["dropped"]),
        int(row["value_total_vnd"]),
        Decision(row["decision"]),
        row["reason"],
        row["decided_by"],
        moment_in_vietnam(row["valid_from"]),
        moment_in_vietnam(row["valid_to"]) if row["valid_to"] else None,
    )
