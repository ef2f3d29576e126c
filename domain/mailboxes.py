"""Addresses, between two days: who receives the report, and from where a unit may send."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.period import PeriodKind

_OF_NOBODY = frozenset({"example", "invalid", "test"})
_EXAMPLES = frozenset({"example.com", "example.net", "example.org"})


class Header(StrEnum):
    """Where an address stands in the mail; those in Bcc are seen by nobody."""

    TO = "TO"
    CC = "CC"
    BCC = "BCC"


class Language(StrEnum):
    """The languages that covering texts are written in."""

    VIETNAMESE = "vi"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A mailbox that receives the report between two days."""

    email: str
    name: str
    role: Header
    valid_from: date
    valid_to: date | None
    position: str = ""
    kinds: frozenset[PeriodKind] = frozenset(PeriodKind)
    """The reports that go there."""
    language: Language = Language.VIETNAMESE
    """The language of the covering text; the report itself is Vietnamese."""

    @property
    def is_example(self) -> bool:
        """Whether the address is of a domain that is kept for examples and tests (RFC 2606): nobody's."""
        parts = self.email.casefold().rpartition("@")[2].rstrip(".").split(".")
        return parts[-1] in _OF_NOBODY or ".".join(parts[-2:]) in _EXAMPLES


@dataclass(frozen=True, slots=True)
class UnitMailbox:
    """An address from which a unit may send its workbooks, between two days."""

    email: str
    unit_code: str
    valid_from: date
    valid_to: date | None
