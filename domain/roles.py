"""Who may do what with an edition, between two days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class RoleName(StrEnum):
    """What a person may do with an edition."""

    CHECKER = "checker"
    RELEASER = "releaser"
    OPERATOR = "operator"
    """Hears of a report that is about to be late; does nothing with editions."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a named person may do, between two days."""

    name: str
    role: RoleName
    email: str
    valid_from: date
    valid_to: date | None
