"""What the authorities decided for the villages: directives, programmes, poverty standards and yearly targets."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Directive:
    """The directive in force since a day, as the report cites it; before the first there is none."""

    valid_from: date
    short_name: str
    subject: str
    issuer: str


@dataclass(frozen=True, slots=True)
class PovertyStandard:
    """The definition of poor and near-poor households since a day; figures under two standards are not compared."""

    standard_id: str
    valid_from: date
    name: str


@dataclass(frozen=True, slots=True)
class Programme:
    """What results are cumulated over, from a day on."""

    name: str
    valid_from: date
    valid_to: date | None


class TargetScope(StrEnum):
    """Of whom a year's plan asks something."""

    VILLAGES = "lang"
    """Of the twinned villages."""
    PROVINCE = "tinh"
    """Of the whole province; the villages' own figures are not measured by it."""


class TargetKind(StrEnum):
    """What a year's plan asks of an indicator."""

    LEVEL = "level"
    """So much by the end of the year; more is better."""
    REDUCTION = "reduction"
    """So many percentage points less than at the year's start."""
    CEILING = "ceiling"
    """Not more than so much."""


@dataclass(frozen=True, slots=True)
class Target:
    """One line of a year's plan, in the unit the indicator is printed in."""

    year: int
    indicator: str
    kind: TargetKind
    value: Decimal
    scope: TargetScope
    plan_owner: str
    source: str
