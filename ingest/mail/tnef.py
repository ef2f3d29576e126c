"""What Outlook wraps into `winmail.dat` (MS-OXTNEF): a stream of attributes, of which the files are taken."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x78\x9f\x3e\x22"
_NEW_FILE, _TITLE, _DATA, _PROPERTIES, _CODE_PAGE = 0x00069002, 0x00018010, 0x0006800F, 0x00069005, 0x00069007
_LONG_NAME, _OBJECT = 0x3707, 0x3701
_LENGTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
"""How long a value of each fixed type is, padded."""
_STRING, _UNICODE = 0x1E, 0x1F
_EMBEDDED = 0x0D
_VARIABLE = (_EMBEDDED, _STRING, _UNICODE, 0x0102)
_MANY = 0x1000
_GUID = 16
MOST_PROPERTIES = 1_000


@dataclass(slots=True)
class _File:
    title: str = ""
    long_name: str = ""
    content: bytes = b""


def files_in(content: bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of each file, as far as the stream is whole; a mail inside is a file that begins as this one."""
    files: list[_File] = []
    code_page = "cp1252"
    for kind, data in _attributes(content):
        if kind == _CODE_PAGE and len(data) >= 4:
            code_page = f"cp{struct.unpack_from('<I', data)[0]}"
        elif kind == _NEW_FILE:
            files.append(_File())
        elif files and kind == _TITLE:
            files[-1].title = _text(data, code_page)
        elif files and kind == _DATA:
            files[-1].content = data
        elif files and kind == _PROPERTIES:
            _take_properties(files[-1], data, code_page)
    return [(each.long_name or each.title, each.content) for each in files if each.content]


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place + 9 <= len(content):
        _, kind, length = struct.unpack_from("<BII", content, place)
        data = content[place + 9 : place + 9 + length]
        if len(data) < length:
            return
        yield kind, data
        place += 9 + length + 2


def _take_properties(file: _File, data: bytes, code_page: str) -> None:
    try:
        for name, kind, value in _properties(data):
            if name == _LONG_NAME:
                file.long_name = _text(value, "utf-16-le" if kind == _UNICODE else code_page)
            elif name == _OBJECT and not file.content:
                # An object is named by its class first: a mail inside, which is a stream as this one.
                file.content = value[_GUID:] if kind == _EMBEDDED else value
    except (struct.error, IndexError):
        # Cut off or altered; the name before the properties, and the data, are good enough.
        return


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _ in range(min(count, MOST_PROPERTIES)):
        kind, name = struct.unpack_from("<HH", data, place)
        place += 4
        if name >= 0x8000:
            (is_text,) = struct.unpack_from("<I", data, place + _GUID)
            (number,) = struct.unpack_from("<I", data, place + _GUID + 4)
            place += _GUID + 8 + (_padded(number) if is_text else 0)
        base = kind & ~_MANY
        values = 1
        if kind & _MANY or base in _VARIABLE:
            (values,) = struct.unpack_from("<I", data, place)
            place += 4
        for _ in range(min(values, MOST_PROPERTIES)):
            if base in _VARIABLE:
                (length,) = struct.unpack_from("<I", data, place)
                place += 4
                yield name, base, data[place : place + length]
                place += _padded(length)
            else:
                place += _LENGTHS[base] if base in _LENGTHS else _unknown(base)
            if place > len(data):
                raise IndexError


def _unknown(kind: int) -> int:
    raise IndexError(f"no MAPI type {kind:#x}")


def _padded(length: int) -> int:
    return (length + 3) & ~3


def _text(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding, "replace")
    except LookupError:
        text = data.decode("cp1252", "replace")
    return text.split("\x00", 1)[0]
