"""Who may do what with an edition: accounts of persons, each with its roles between two days."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.errors import BadAccount
from domain.text import fold


class RoleName(StrEnum):
    """What a person may do."""

    CHECKER = "checker"
    RELEASER = "releaser"
    OPERATOR = "operator"
    """Hears of what needs a person; does nothing with editions."""

    @property
    def label(self) -> str:
        """The role in Vietnamese."""
        return {"checker": "người soát", "releaser": "người duyệt", "operator": "người vận hành"}[self]

    @property
    def command(self) -> str:
        """How somebody is given an account with this role; an operator's hears by mail."""
        email = " --email ĐỊA_CHỈ" if self is RoleName.OPERATOR else ""
        return f"ketnghia account add TÊN --person “Họ và tên”{email} --role {self}"


@dataclass(frozen=True, slots=True)
class Duty:
    """A role that a person bears between two days."""

    role: RoleName
    valid_from: date
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it is borne on that day."""
        return self.valid_from <= on <= (self.valid_to or date.max)

    @property
    def line(self) -> str:
        """The role and its days, in Vietnamese."""
        until = f" đến {self.valid_to:%d/%m/%Y}" if self.valid_to else ""
        return f"{self.role.label} ({self.role}) từ {self.valid_from:%d/%m/%Y}{until}"


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the program knows him: by a token that he alone holds, or by his account of the machine."""

    name: str
    """What he is called by at the terminal; never changes."""
    person: str
    """As it is printed."""
    email: str = ""
    os_user: str = ""
    """His account of the machine; empty where he has none of his own."""
    token_sha256: str = ""
    """The hash of his token; the token itself is kept by him alone."""
    duties: Sequence[Duty] = ()
    disabled_at: datetime | None = None

    def may(self, role: RoleName, on: date) -> bool:
        """Whether he bears the role on that day."""
        return self.disabled_at is None and any(duty.role is role and duty.holds(on) for duty in self.duties)

    def is_person(self, name: str | None) -> bool:
        """Whether a name, as somebody wrote it, is his."""
        return bool(name) and fold(str(name)) == fold(self.person)

    def with_duty(self, duty: Duty) -> "Account":
        """The account with a role more; the same role from the same day on takes the place of the one of before."""
        others = [each for each in self.duties if (each.role, each.valid_from) != (duty.role, duty.valid_from)]
        return replace(self, duties=sorted([*others, duty], key=lambda each: (each.role, each.valid_from)))


class Deed(StrEnum):
    """What a person did with an edition."""

    CHECK = "check"
    RELEASE = "release"
    WITHDRAW = "withdraw"

    @property
    def role(self) -> RoleName:
        """Who may do it."""
        return RoleName.CHECKER if self is Deed.CHECK else RoleName.RELEASER


@dataclass(frozen=True, slots=True)
class Act:
    """That an account did something with the exact bytes of an edition."""

    act_id: int
    version: int
    """The row of the account as it stood then."""
    account: Account
    deed: Deed
    edition_id: str
    document_sha256: str
    at: datetime


_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
"""What stands on, in and below the letters of Vietnamese names; Jrai and Ba Na put the same on e, i, o, u, n."""
_OTHER_LETTERS = "đĐƀɃčČ"
_SIGNS = " .,-'’()0123456789"


def refuse_strange_name(name: str) -> None:
    """Stop a name that could be taken for another's: by letters that look like ours (ɑ, ı, Ð, ǎ), or signs that nobody sees.

    Raises:
        BadAccount: with what is wrong.
    """
    if sum(letter.isalpha() for letter in name) < 2:
        raise BadAccount("Phải ghi họ và tên: --person “Họ và tên”.")
    for letter in unicodedata.normalize("NFC", name):
        apart = unicodedata.normalize("NFD", letter)
        is_of_names = apart[0].isascii() and apart[0].isalpha() and _MARKS.issuperset(apart[1:])
        if not (is_of_names or letter in _OTHER_LETTERS or letter in _SIGNS):
            named = unicodedata.name(letter, f"U+{ord(letter):04X}")
            raise BadAccount(
                f"Tên “{name}” có ký tự lạ ({named}), dễ nhầm với tên khác; gõ lại bằng chữ cái tiếng Việt."
            )
