"""Cells of an .xlsx of which nothing can be said: left out of a sheet's XML before it is looked through for what is odd."""

import re
from collections.abc import Collection

_BLANK = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"(?: s="\d{1,6}")?/>')
"""A cell with nothing but a format; a form is full of them, and none is odd."""
_VALUE = rb'<c r="[A-G]?[A-Z]\d{1,4}"%b%b><v>[-+.\dEe]{1,40}</v></c>'
"""A cell not far away with a style and a kind, and nothing but a number: its own, or that of a shared text."""
_CELL = re.compile(rb"<c[\s/>]")
_ROW = re.compile(
    rb'<row r="\d{1,7}"(?: (?:spans|s|customFormat|customHeight|thickTop|thickBot|x14ac:dyDescent)="[^"]*"'
    rb'| ht="[1-9]\d[\d.]*")*/?>'
)
"""A row that can be seen, unless all rows begin hidden."""
_LOW_ROWS = re.compile(rb'zeroHeight|defaultRowHeight(?!="[1-9]\d[\d.]*")')


def without_ordinary_cells(xml: bytes, odd_styles: Collection[str], *, has_odd_texts: bool) -> bytes:
    """The sheet without its ordinary cells, where each says its own place and none counts on the one before.

    Args:
        xml: the sheet.
        odd_styles: the numbers of the styles that say something of a value.
        has_odd_texts: whether any of the shared texts does.
    """
    has_nameless_cells = len(_CELL.findall(xml)) != xml.count(b'<c r="')
    if has_nameless_cells:
        return xml
    # In a row that is not seen every value is odd.
    all_rows_are_seen = xml.count(b"<row") == len(_ROW.findall(xml)) and _LOW_ROWS.search(xml) is None
    return (_ordinary(odd_styles, has_odd_texts=has_odd_texts) if all_rows_are_seen else _BLANK).sub(b"", xml)


def _ordinary(odd_styles: Collection[str], *, has_odd_texts: bool) -> re.Pattern[bytes]:
    """Cells that are blank, or hold a value in a style and of a kind that are not odd."""
    styled = rb' s="(?!(?:%b)")\d{1,6}"' % b"|".join(style.encode() for style in odd_styles or ["none"])
    style = styled if "0" in odd_styles else rb"(?:%b)?" % styled
    kind = b"" if has_odd_texts else rb'(?: t="s")?'
    return re.compile(_BLANK.pattern + b"|" + _VALUE % (style, kind))
