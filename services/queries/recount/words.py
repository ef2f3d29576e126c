"""Every number of a sentence is one that its claim carries: days among days, everything else among sums and counts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"\d+(?:\.\d{3})*(?:,\d+)?"
_YEAR = r"(?:19|20)\d{2}(?![.,]?\d)"
_TIMES = re.compile(
    rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d{{2}}|\d{{1,2}}/\d{{4}}"
    rf"|(?:từ|đến|hết|ngày)\s+\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?\b|ngày\s+\d{{1,2}}\b|\b\d{{1,2}} giờ \d{{2}}\b"
    rf"|\b[IVX]+/{_YEAR}|\bTết \w+ \w+ {_YEAR}|năm\s+{_YEAR}|\({_YEAR}\)|\b\d{{1,2}} tháng\b",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\btháng\s+(\d{1,2})\b(?![.,]\d)", re.IGNORECASE)
"""A month's number, unless what follows in a month is counted: “trong tháng 15 hộ thoát nghèo”."""
_ANY = re.compile(_NUMBER)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a claim lets its words say."""

    values: frozenset[Decimal]
    """Printed sums, outcome, plan, counts."""
    times: frozenset[int]
    """Days, months and years, and how many months there are."""

    def __or__(self, other: "Carried") -> "Carried":
        """What either of two claims lets be said."""
        return Carried(self.values | other.values, self.times | other.times)


def times_of(months: Sequence[str]) -> frozenset[int]:
    """Every number by which a run of months may be called: their numbers, years, and how many they are."""
    return frozenset({int(part) for month in months for part in re.findall(r"\d+", month)} | {len(months)})


def numbers_in(text: str) -> set[Decimal]:
    """Every number of a text."""
    return {_value(number) for number in _ANY.findall(text)}


def stray_numbers(words: str, carried: Carried, names: Collection[str]) -> list[str]:
    """The numbers of the words that the claim does not carry, as written; those within a name are part of the name."""
    for name in sorted(names, key=len, reverse=True):
        if any(letter.isdigit() for letter in name):
            words = words.replace(name, " ")
    stray = [
        number
        for time in _TIMES.finditer(words)
        for number in re.findall(r"\d+", time[0])
        if int(number) not in carried.times
    ]
    rest = _MONTH.sub(lambda found: " " if int(found[1]) in carried.times else found[0], _TIMES.sub(" ", words))
    return stray + [number for number in _ANY.findall(rest) if _value(number) not in carried.values]


def _value(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))
