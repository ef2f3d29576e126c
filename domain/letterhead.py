"""The agency that signs, and how its prose is spelled."""

from dataclasses import dataclass

ON_THE_FIRST, ON_THE_SECOND, AS_TYPED = "hòa", "hoà", ""
TONE_PLACEMENTS = (ON_THE_FIRST, ON_THE_SECOND, AS_TYPED)
"""Where the prose may set tone marks: on the first vowel, on the second, or as it was typed."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The agency that signs, in the words of its letterhead."""

    agency: str
    agency_bold: str
    agency_in_text: str
    symbol: str
    place: str
    addressee: str
    signature_powers: tuple[str, ...]
    signer: str
    copies: tuple[str, ...]
    skin: str = "nd30"
    """The layout: `nd30` of the State, `party` of the Party."""
    tone_placement: str = ON_THE_FIRST
    """One of `TONE_PLACEMENTS`."""
