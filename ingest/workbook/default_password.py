"""Workbooks that Excel encrypts with a password of its own and opens without asking: [MS-OFFCRYPTO] 2.3.

A protected structure, or “read-only recommended” in some versions, leaves such files. Whoever set a password of his
own has locked the file; it stays closed here too.
"""

import base64
import hashlib
import io
import struct
from xml.etree import ElementTree

import xlrd.compdoc

_PASSWORD = "VelvetSweatshop".encode("utf-16-le")
_MOST_SPINS = 1_000_000
_SEGMENT = 4_096
_VERIFIER, _VERIFIER_HASH, _KEY = (
    bytes.fromhex(each) for each in ("fea7d2763b4b9e79", "d7aa0f6d3061344e", "146e0be7abacd0d6")
)


def unlocked(content: bytes) -> bytes | None:
    """The package inside an encrypted file, if Excel's own password opens it."""
    try:
        streams = xlrd.compdoc.CompDoc(content, logfile=io.StringIO())
        info = streams.get_named_stream("EncryptionInfo")
        package = streams.get_named_stream("EncryptedPackage")
    except (xlrd.compdoc.CompDocError, IndexError, struct.error, ValueError):
        return None
    if not info or not package or len(package) < 8:
        return None
    (size,) = struct.unpack_from("<Q", package)
    major, minor = struct.unpack_from("<HH", info)
    try:
        is_agile = (major, minor) == (4, 4)
        plain = _agile(info[8:], package[8:]) if is_agile else _standard(info, package[8:]) if minor == 2 else None
    except (KeyError, ValueError, AttributeError, struct.error, ElementTree.ParseError):
        return None
    return None if plain is None else plain[:size]


def _agile(description: bytes, package: bytes) -> bytes | None:
    root = ElementTree.fromstring(description)
    data = next(each for each in root if each.tag.endswith("}keyData")).attrib
    own = next(each for each in root.iter() if each.tag.endswith("}encryptedKey")).attrib
    spins, algorithm = int(own["spinCount"]), _algorithm(own["hashAlgorithm"])
    if spins > _MOST_SPINS or "AES" not in (own["cipherAlgorithm"], data["cipherAlgorithm"]):
        return None
    salt = base64.b64decode(own["saltValue"])
    digest = hashlib.new(algorithm, salt + _PASSWORD).digest()
    for spin in range(spins):
        digest = hashlib.new(algorithm, struct.pack("<I", spin) + digest).digest()

    def opened(block: bytes, name: str) -> bytes:
        key = _sized(hashlib.new(algorithm, digest + block).digest(), int(own["keyBits"]) // 8)
        return _aes_cbc(key, _sized(salt, int(own["blockSize"])), base64.b64decode(own[name]))

    verifier = opened(_VERIFIER, "encryptedVerifierHashInput")[: int(own["saltSize"])]
    expected = opened(_VERIFIER_HASH, "encryptedVerifierHashValue")[: int(own["hashSize"])]
    if hashlib.new(algorithm, verifier).digest() != expected:
        return None
    key = opened(_KEY, "encryptedKeyValue")[: int(data["keyBits"]) // 8]
    seed, algorithm = base64.b64decode(data["saltValue"]), _algorithm(data["hashAlgorithm"])
    plain = bytearray()
    for number, start in enumerate(range(0, len(package), _SEGMENT)):
        vector = _sized(hashlib.new(algorithm, seed + struct.pack("<I", number)).digest(), int(data["blockSize"]))
        plain += _aes_cbc(key, vector, _whole_blocks(package[start : start + _SEGMENT]))
    return bytes(plain)


def _standard(info: bytes, package: bytes) -> bytes | None:
    (header_size,) = struct.unpack_from("<I", info, 8)
    (key_bits,) = struct.unpack_from("<I", info, 12 + 16)
    place = 12 + header_size
    salt, verifier = info[place + 4 : place + 20], info[place + 20 : place + 36]
    expected = info[place + 40 : place + 72]
    digest = hashlib.sha1(salt + _PASSWORD, usedforsecurity=False).digest()
    for spin in range(50_000):
        digest = hashlib.sha1(struct.pack("<I", spin) + digest, usedforsecurity=False).digest()
    digest = hashlib.sha1(digest + bytes(4), usedforsecurity=False).digest()
    longer = b"".join(
        hashlib.sha1(bytes(pad ^ byte for byte in digest) + bytes([pad]) * 44, usedforsecurity=False).digest()
        for pad in (0x36, 0x5C)
    )
    key = longer[: (key_bits or 128) // 8]
    found = hashlib.sha1(_aes_ecb(key, verifier), usedforsecurity=False).digest()
    return _aes_ecb(key, _whole_blocks(package)) if found == _aes_ecb(key, expected)[:20] else None


def _algorithm(name: str) -> str:
    """The hash as Python calls it; Excel writes SHA512 or SHA1."""
    return name.lower().replace("-", "")


def _sized(value: bytes, size: int) -> bytes:
    return value[:size].ljust(size, b"\x36")


def _whole_blocks(value: bytes) -> bytes:
    return value[: len(value) // 16 * 16]


def _aes_cbc(key: bytes, vector: bytes, value: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return decryptor.update(value) + decryptor.finalize()


def _aes_ecb(key: bytes, value: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()
    return decryptor.update(value) + decryptor.finalize()
