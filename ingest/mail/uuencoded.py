"""Files written into the text of a mail (uuencode), as programs did before MIME and some still do."""

import binascii
import contextlib
import re
from collections.abc import Iterator

_BEGIN = re.compile(rb"begin [0-7]{3,4} (.{1,400})")


def uuencoded_files(text: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file; one that has no end, or that no bytes can be made of, is none."""
    name, lines = None, list[bytes]()
    for line in text.splitlines():
        begins = _BEGIN.fullmatch(line.rstrip())
        if begins:
            name, lines = begins[1].decode("utf-8", "replace"), []
        elif name is not None and line.strip() == b"end":
            with contextlib.suppress(binascii.Error):
                yield name, b"".join(_decoded(each) for each in lines)
            name = None
        elif name is not None and line:
            lines.append(line)


def _decoded(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some programs write a letter too many at the end of a line; its first letter says how many bytes it has.
        length = (((line[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:length])
