"""A unit's own words on paper: what others may read of them, in letters that can be printed."""

from domain.alphabet import spelled_out
from domain.personal_data import masked
from domain.text import clean


def quoted(text: str) -> str:
    """The text as a page, a mail or an export quotes it: nobody's number or address, no letter that stops the print.

    The gates ask about both; what was taken in before they did, or in spite of them, leaves the house so.
    """
    return spelled_out(masked(clean(text)))
