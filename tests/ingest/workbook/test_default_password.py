"""Workbooks that Excel encrypted with its own password are read; those locked by a person's are not."""

import hashlib
import struct
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from domain.errors import UnreadableFile
from ingest.workbook.raw_workbook import RawWorkbook

EXCELS_OWN = "VelvetSweatshop"
SECTOR = 512


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of [MS-CFB] without a mini stream: one sector of directory, then the streams."""
    padded = {name: content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\x00") for name, content in streams.items()}
    table_sectors = 1 + sum(map(len, padded.values())) // SECTOR // 120
    links = [-3] * table_sectors + [-2]
    entries = [entry("Root Entry", 5, child=1)]
    for number, (name, content) in enumerate(streams.items(), start=1):
        sectors = len(padded[name]) // SECTOR
        start = len(links)
        links += [*range(start + 1, start + sectors), -2]
        entries.append(
            entry(name, 2, right=number + 1 if number < len(streams) else -1, start=start, size=len(content))
        )
    links += [-1] * (table_sectors * SECTOR // 4 - len(links))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9i", 0, table_sectors, table_sectors, 0, 0, -2, 0, -2, 0)
    places = [*range(table_sectors), *[-1] * (109 - table_sectors)]
    directory = b"".join(entries).ljust(SECTOR, b"\x00")
    return (
        header + struct.pack("<109i", *places) + struct.pack(f"<{len(links)}i", *links) + directory
        + b"".join(padded.values())
    )  # fmt: skip


def entry(name: str, kind: int, child: int = -1, right: int = -1, start: int = -2, size: int = 0) -> bytes:
    written = name.encode("utf-16-le") + b"\x00\x00"
    head = written.ljust(64, b"\x00") + struct.pack("<HBBiii", len(written), kind, 1, -1, right, child)
    return head + bytes(16 + 4 + 16) + struct.pack("<iII", start, size, 0)


def sealed(content: bytes, password: str) -> bytes:
    """The package encrypted by the standard way of [MS-OFFCRYPTO] 2.3.4.5, with AES of 128 bits."""
    salt, verifier = bytes(range(16)), bytes(range(100, 116))
    digest = hashlib.sha1(salt + password.encode("utf-16-le")).digest()
    for spin in range(50_000):
        digest = hashlib.sha1(spin.to_bytes(4, "little") + digest).digest()
    digest = hashlib.sha1(digest + bytes(4)).digest()
    inner = bytearray(b"\x36" * 64)
    for place, byte in enumerate(digest):
        inner[place] ^= byte
    key = hashlib.sha1(inner).digest()[:16]

    def encrypt(value: bytes) -> bytes:
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
        return encryptor.update(value.ljust(-(-len(value) // 16) * 16, b"\x00")) + encryptor.finalize()

    header = (
        struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + "AES".encode("utf-16-le") + b"\x00\x00"
    )
    proof = encrypt(verifier), encrypt(hashlib.sha1(verifier).digest())
    info = struct.pack("<HHII", 4, 2, 0x24, len(header)) + header
    info += struct.pack("<I", 16) + salt + proof[0] + struct.pack("<I", 20) + proof[1]
    package = struct.pack("<Q", len(content)) + encrypt(content)
    return compound({"EncryptionInfo": info, "EncryptedPackage": package})


def test_excels_own_password_opens_a_workbook(read: Callable[[bytes], RawWorkbook], pleiku: Any) -> None:
    book = read(sealed(pleiku(), EXCELS_OWN))
    assert (book.kind, book.cells) == ("xlsx", read(pleiku()).cells)


def test_a_persons_password_does_not(read: Callable[[bytes], RawWorkbook], pleiku: Any) -> None:
    with pytest.raises(UnreadableFile, match="bỏ mật khẩu"):
        read(sealed(pleiku(), "bí mật"))


def test_what_lies_inside_is_judged_like_any_file(read: Callable[[bytes], RawWorkbook]) -> None:
    with pytest.raises(UnreadableFile, match="hỏng"):
        read(sealed(b"PK\x03\x04 and nothing else", EXCELS_OWN))
