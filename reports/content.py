"""The pieces every document is made of: cards, tables, charts, sections. Text in them is already placed."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure of a unit's sheet."""

    value: Markup
    name: str
    change: Markup


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and its share of the table's width."""

    name: Markup | str
    width: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `kind` is number, middle, text or absent."""

    text: Markup | str
    kind: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table."""

    cells: Sequence[Cell]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class TableContent:
    """A table with its caption, unit of measure, column numbers and note."""

    caption: Markup | str
    measure: Markup | str
    columns: Sequence[Column]
    numbers: Sequence[Markup]
    rows: Sequence[TableRow]
    note: Markup | str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is fulfilled beside the time gone, as a bar with a mark; both as parts of a whole."""

    words: Markup
    done: float
    gone: float
    gone_words: Markup


@dataclass(frozen=True, slots=True)
class Headline:
    """What a reader with two minutes needs: what happened, what falls short, what is asked; the main figures; the plan."""

    sentences: Sequence[tuple[str, Markup]]
    """A leading word and what it leads."""
    table: TableContent
    progress: Sequence[Progress] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the line under it."""

    svg: Markup
    caption: Markup | str


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of a section: paragraphs, then perhaps a table, and charts beside one another.

    A part that is `drafted` was made from figures for a person to keep, change or strike.
    """

    paragraphs: Sequence[Markup | str] = ()
    heading: Markup | str = ""
    table: TableContent | None = None
    charts: Sequence[Chart] = ()
    is_drafted: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A section under a Roman numeral."""

    heading: Markup | str
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """An appendix: a few tables under one number."""

    number: str
    title: Markup | str
    tables: Sequence[TableContent]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hash of the edition's data, as text in groups and as a QR code."""

    digest: Markup
    code: Markup


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, ready to be laid out."""

    document_title: str
    period_label: Markup
    year: Markup
    subject: Markup
    opening: Sequence[Markup]
    headline: Headline
    sections: Sequence[Section]
    ending: Section
    farewell: Markup
    annexes: Sequence[Annex]
    lists: Sequence[Annex]
    """What is too long for the page and goes into the workbook that accompanies it."""
    footer: str
    fingerprint: Fingerprint | None = None
    """The mark of the data, on the last page; set once every figure is placed."""


def plain(text: Markup | str) -> str:
    """A placed text without its markup."""
    return text.striptags() if isinstance(text, Markup) else text
