"""The four faces that documents are set in: what letters they have, and how wide a text comes out."""

import hashlib
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from domain.errors import BadDocument, UnfitMachine

FACES = ("Tinos-Regular.ttf", "Tinos-Bold.ttf", "Tinos-Italic.ttf", "Tinos-BoldItalic.ttf")
_REGULAR, _BOLD = FACES[:2]


def refuse_missing_faces(fonts: Path) -> None:
    """Stop where a face is not there.

    Raises:
        UnfitMachine: names the face and the package it comes with.
    """
    missing = [face for face in FACES if not (fonts / face).is_file()]
    if missing:
        raise UnfitMachine(
            f"Thiếu phông chữ {missing[0]} trong {fonts}; cài gói fonts-croscore hoặc đặt KETNGHIA_FONTS."
        )


def refuse_missing_letters(text: str, fonts: Path) -> None:
    """Stop where a text has a letter that a face lacks, which would print as an empty box.

    Raises:
        BadDocument: names the letter and where it stands.
    """
    known = _letters(fonts)
    for place, letter in enumerate(text):
        if ord(letter) not in known and not letter.isspace():
            word = next((each for each in text[max(place - 30, 0) : place + 30].split() if letter in each), letter)
            name = unicodedata.name(letter, "không có tên")
            raise BadDocument(f"Phông chữ không có ký tự “{letter}” (U+{ord(letter):04X}, {name}) trong “{word}”.")


def fonts_version(fonts: Path) -> str:
    """The hash of the four faces.

    Raises:
        UnfitMachine: if one is not there.
    """
    refuse_missing_faces(fonts)
    digest = hashlib.sha256()
    for face in FACES:
        digest.update((fonts / face).read_bytes())
    return digest.hexdigest()


def width_of(text: str, size: float, fonts: Path, *, is_bold: bool = False) -> float:
    """How wide a text is, in the unit of its size; kerning is left out.

    Raises:
        UnfitMachine: if a face is not there.
    """
    advances, units = _advances(fonts / (_BOLD if is_bold else _REGULAR))
    return sum(advances.get(ord(letter), 0) for letter in text) * size / units


@cache
def _letters(fonts: Path) -> frozenset[int]:
    return frozenset.intersection(*(frozenset(_advances(fonts / face)[0]) for face in FACES))


@cache
def _advances(face: Path) -> tuple[dict[int, int], int]:
    # Charts and tables measure letters long before a page is laid out, where the faces are looked for once more.
    refuse_missing_faces(face.parent)
    with TTFont(face, lazy=True) as font:
        widths = font["hmtx"].metrics
        return {code: widths[name][0] for code, name in font.getBestCmap().items()}, font["head"].unitsPerEm
