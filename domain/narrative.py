"""What a person writes into the report of a period: judgement, causes, tasks, proposals. Figures by their id alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_PLACE = re.compile(r"\{(?P<figure>[^{}\n]+)\}|\[(?P<literal>[^\[\]\n]+)\]")
_DIGIT = re.compile(r"\S*\d\S*")


@dataclass(frozen=True, slots=True)
class Narrative:
    """The paragraphs of one period, with who answers for them."""

    author: str
    written_on: date
    strengths: Sequence[str] = ()
    limits: Sequence[str] = ()
    causes: Sequence[str] = ()
    tasks: Sequence[str] = ()
    proposals: Sequence[str] = ()
    remarks: Sequence[str] = ()
    """Chosen from what units wrote on sheet 05."""


SECTIONS = ("strengths", "limits", "causes", "tasks", "proposals", "remarks")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a paragraph: words, a figure by its id, or a day or name that holds digits of its own."""

    kind: str
    text: str


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, which blank lines part; a broken line goes on in the next."""
    parts = re.split(r"\n\s*\n", text.strip())
    return tuple(" ".join(part.split()) for part in parts if part.strip())


class NakedNumber(ValueError):
    """Digits stand in a paragraph by themselves: a number that nobody can trace."""

    def __init__(self, digits: str) -> None:
        super().__init__(f"số “{digits}” viết thẳng; ghi mã số liệu trong {{…}}, hoặc ngày tháng, số văn bản trong [ ]")
        self.digits = digits


def pieces(paragraph: str) -> list[Piece]:
    """Take a paragraph apart.

    Raises:
        NakedNumber: names the digits that stand in it by themselves.
    """
    found, end = [], 0
    for place in _PLACE.finditer(paragraph):
        found.append(Piece("words", paragraph[end : place.start()]))
        found.append(
            Piece("figure", place["figure"].strip()) if place["figure"] else Piece("literal", place["literal"])
        )
        end = place.end()
    found.append(Piece("words", paragraph[end:]))
    for piece in found:
        naked = _DIGIT.search(piece.text) if piece.kind == "words" else None
        if naked:
            raise NakedNumber(naked[0])
    return [piece for piece in found if piece.text]
