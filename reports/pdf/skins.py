"""The two layouts that official reports have: the State's (NĐ 30/2020/NĐ-CP) and the Party's (05-HD/VPTW, 36-HD/VPTW)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skin:
    """What differs in the words of the two; how they look stands in `templates/skins/<name>/style.css`."""

    name: str
    after_numeral: str
    """Between the Roman numeral of a section and its name."""
    before_symbol: str
    """Between a document's number and its symbol: 214/BC-UBND, 15-BC/VPTU."""
    number_word: str
    end: str
    """What the body ends with."""
    citing: str
    """Between a document's number and its day, where another cites it."""


SKINS = {
    "nd30": Skin("nd30", ". ", "/", "Số: ", "./.", " "),
    "party": Skin("party", "- ", "-", "Số ", ".", ", "),
}
_POWER = re.compile(r"(TM|KT|TL|TUQ|Q)\.|(T/M|K/T|T/L)\b|Q\. ")


def is_power(line: str) -> bool:
    """Whether a line of the signature names a power (T/M, K/T, …) and not an office."""
    return _POWER.match(line) is not None
