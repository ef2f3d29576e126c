"""One alphabet for every page, mail, table and file: what the faces can print, and what nobody can see.

The table is written down here, because a gate must not open fonts; a test holds it against the four real faces.
"""

import re
from collections.abc import Sequence

_PRINTED: Sequence[tuple[int, int]] = (
    (0x0020, 0x007E),  # Latin
    (0x00A1, 0x00AC),  # signs, up to the soft hyphen
    (0x00AE, 0x034E),  # Latin with marks, phonetic letters, marks that stand apart, marks that combine
    (0x0350, 0x036F),
    (0x0374, 0x0377),  # Greek
    (0x037A, 0x037D),
    (0x0384, 0x038A),
    (0x038C, 0x038C),
    (0x038E, 0x03A1),
    (0x03A3, 0x03FF),
    (0x0400, 0x052F),  # Cyrillic
    (0x1E00, 0x1EFF),  # Vietnamese
    (0x2010, 0x2027),  # dashes, quotation marks, bullets
    (0x2030, 0x205E),
    (0x2070, 0x2071),  # raised and lowered figures
    (0x2074, 0x208E),
    (0x2090, 0x209C),
    (0x20A0, 0x20BE),  # currencies
    (0x2100, 0x214F),  # №, ™, ℃
    (0x2153, 0x2154),  # fractions
    (0x215B, 0x215E),
    (0x2190, 0x2195),  # arrows
    (0x2202, 0x2202),  # what is calculated with
    (0x2206, 0x2206),
    (0x220F, 0x220F),
    (0x2211, 0x2212),
    (0x2215, 0x2215),
    (0x2219, 0x221A),
    (0x221E, 0x221F),
    (0x2248, 0x2248),
    (0x2260, 0x2261),
    (0x2264, 0x2265),
    (0x25A0, 0x25A1),  # bullets
    (0x25AA, 0x25AC),
    (0x25B2, 0x25B2),
    (0x25BA, 0x25BA),
    (0x25BC, 0x25BC),
    (0x25C4, 0x25C4),
    (0x25CA, 0x25CB),
    (0x25CF, 0x25CF),
    (0x25E6, 0x25E6),
)
"""Ranges of code points; what is not in them is a strange letter. Spaces other than the plain one were tidied away."""

_UNSEEN: Sequence[tuple[int, int]] = (
    (0x0000, 0x0008),  # control characters, but for those that part words as spaces do
    (0x000E, 0x001F),
    (0x007F, 0x0084),
    (0x0086, 0x009F),
    (0x00AD, 0x00AD),  # the soft hyphen; in TCVN3 it is ư, but what is read here was converted
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),  # joiners, and marks of direction
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),  # variants of the letter before
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),  # tags, and more variants
)
"""Controls, and what Unicode calls default-ignorable: it takes no room on paper and makes two names of one."""


def _ranges(table: Sequence[tuple[int, int]]) -> str:
    """The inside of a bracket, as both Python and Polars read it."""
    return "".join(_escaped(first) if first == last else f"{_escaped(first)}-{_escaped(last)}" for first, last in table)


def _escaped(code: int) -> str:
    # Python has no \x{…}, Rust no \u0041 without braces; a letter above ASCII stands for itself in both.
    return f"\\x{code:02x}" if code < 0x80 else chr(code)


STRANGE = f"[^{_ranges(_PRINTED)}]"
"""A letter that no document can be set in, as a regular expression for Python and Polars alike."""
UNSEEN = f"[{_ranges(_UNSEEN)}]"
"""A mark that is not seen, likewise."""

_STRANGE, _UNSEEN_MARK = re.compile(STRANGE), re.compile(UNSEEN)
_SURROGATE = re.compile("[\ud800-\udfff]")


def is_printed(text: str) -> bool:
    """Whether documents can be set in every letter of the text."""
    return _STRANGE.search(text) is None


def without_unseen(text: str) -> str:
    """The text without marks that nobody sees."""
    return _UNSEEN_MARK.sub("", text)


def whole_letters(text: str) -> str:
    """The text with halves of characters, which no file can hold, as the sign for a broken letter."""
    return _SURROGATE.sub("\ufffd", text)


def spelled_out(text: str) -> str:
    """The text with every letter that cannot be printed, seen or unseen, as its number: `[U+1F600]`."""
    return _STRANGE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def names_of_unseen(text: str) -> str:
    """The unseen marks of the text by their numbers, each once: `U+200B, U+FEFF`."""
    return ", ".join(f"U+{ord(mark):04X}" for mark in dict.fromkeys(_UNSEEN_MARK.findall(text)))
