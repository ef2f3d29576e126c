"""Text in the encodings of before Unicode: TCVN3 (.VnTime) and VNI, recognised by the cell's font.

By content alone they can be suspected but not recognised: VNI's “Mô” is also good Unicode.
"""

import re

_TCVN3_LETTER = r"[\u00a1-\u00a9\u00ab-\u00b1\u00b5-\u00b9\u00bb-\u00be]"
_SUSPECT = (
    re.compile(rf"[A-Za-z]{_TCVN3_LETTER}|{_TCVN3_LETTER}[A-Za-z]"),
    re.compile(r"[aA][âÂàáùûõïéèúüëêåäãÙÛÕÏÉÈÚÜËÊÅÄ]|[eE][âäåÂÄÅ]|[oO][âäåÂÄÅ]|[öôÖÔ][ùøûõïÙØÛÕÏ]"),
)
_ONLY_UNICODE = re.compile(r"[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")


def encoding_of_font(font: str | None) -> str | None:
    """`tcvn3` for .VnTime and its family, `vni` for VNI-Times and its family, null for every other font."""
    name = (font or "").strip().upper()
    if name.startswith(".VN"):
        return "tcvn3"
    return "vni" if name.startswith("VNI-") else None


def to_unicode(text: str, encoding: str) -> str:
    """The text in Unicode; what is already Unicode in spite of its font is left alone."""
    if text.isascii() or _ONLY_UNICODE.search(text):
        return text
    from viparse.normalize.encodings import get_charmap
    from viparse.normalize.tables import convert

    charmap = get_charmap(encoding)
    if charmap is None:
        raise ValueError(f"unknown encoding {encoding}")
    return str(convert(text, charmap))


def looks_legacy(text: str) -> bool:
    """Whether the text can hardly be Unicode Vietnamese; only a suspicion, so it is asked and never converted."""
    if text.isascii() or _ONLY_UNICODE.search(text):
        return False
    return any(pattern.search(text) for pattern in _SUSPECT)
