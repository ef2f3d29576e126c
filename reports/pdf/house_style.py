"""Where a tone mark stands (hòa or hoà, thủy or thuỷ): the sender's choice for its prose, never for stored names."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from markupsafe import Markup

from domain.letterhead import AS_TYPED, ON_THE_FIRST
from domain.reference import Reference
from domain.text import TONE_PLACEMENT

_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
"""The name of the State, spelled as the decree prints it."""
T = TypeVar("T")
Style = Callable[[str], str]

_PAIRS = {
    second: first
    for lower_second, lower_first in TONE_PLACEMENT.items()
    for second, first in (
        (lower_second, lower_first),
        (lower_second.capitalize(), lower_first.capitalize()),
        (lower_second.upper(), lower_first.upper()),
    )
}


def style_of(reference: Reference) -> Style:
    """The sender's style, which leaves the names of units, villages, agencies and the letterhead as they are."""
    sender = reference.sender
    names = {
        _NATION,
        *(unit.name for unit in reference.units.rows),
        *(village.name for village in reference.villages.rows),
        *(partner.name for partner in reference.villages.partners),
        *(each.subject for each in reference.directives),
        sender.agency, sender.agency_bold, sender.agency_in_text, sender.addressee, sender.place, sender.signer,
        *sender.signature_powers, *sender.copies,
    }  # fmt: skip
    return in_style(sender.tone_placement, names)


def in_style(placement: str, names: Iterable[str]) -> Style:
    """A function that sets the tone marks of a text as asked, apart from these names."""
    if placement == AS_TYPED:
        return lambda text: text
    pairs = _PAIRS if placement == ON_THE_FIRST else {first: second for second, first in _PAIRS.items()}
    # A pair at the end of its syllable; after q, u is no vowel of its own: quý, quỳ.
    ending = re.compile(rf"(?<![qQ])(?:{'|'.join(map(re.escape, pairs))})(?!\w)")
    kept = [
        (found[0], found.start(), name)
        for name in map(str, map(Markup.escape, names))
        for found in ending.finditer(name)
    ]

    def placed(found: re.Match[str]) -> str:
        is_name = any(
            found[0] == pair and _stands(found.string, name, found.start() - offset) for pair, offset, name in kept
        )
        return found[0] if is_name else pairs[found[0]]

    return lambda text: ending.sub(placed, unicodedata.normalize("NFC", text))


def _stands(text: str, name: str, at: int) -> bool:
    """Whether the name stands there as a word of its own."""
    end = at + len(name)
    return (
        at >= 0
        and text.startswith(name, at)
        and not (at and text[at - 1].isalnum())
        and not (end < len(text) and text[end].isalnum())
    )


def restyled(content: T, style: Style) -> T:
    """The same content with all its words in that style."""
    changed: Any = content
    if isinstance(content, Markup):
        changed = Markup(style(content))
    elif isinstance(content, str):
        changed = style(content)
    elif is_dataclass(content) and not isinstance(content, type):
        changed = replace(
            content, **{each.name: restyled(getattr(content, each.name), style) for each in fields(content)}
        )
    elif isinstance(content, Sequence):
        changed = [restyled(each, style) for each in content]
    return changed  # type: ignore[no-any-return]
