"""The pieces every document is made of: cards, tables, charts, sections. Text in them is already placed."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure of the first page."""

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
class Chart:
    """A chart and the line under it."""

    svg: Markup
    caption: Markup | str


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered part of a section: paragraphs, then perhaps a table, and charts beside one another."""

    paragraphs: Sequence[Markup | str] = ()
    heading: Markup | str = ""
    table: TableContent | None = None
    charts: Sequence[Chart] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section under a Roman numeral."""

    heading: Markup | str
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """An appendix in landscape with one table."""

    page: str
    """The named page it is printed on, which counts its own pages."""
    number: str
    title: Markup | str
    table: TableContent


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
    opening: Markup
    cards: Sequence[Card]
    plan: Markup
    """How far the year's plan is fulfilled; empty where there is none."""
    decision: Markup
    sections: Sequence[Section]
    ending: Section
    farewell: Markup
    annexes: Sequence[Annex]
    footer: str
    fingerprint: Fingerprint | None = None
    """The mark of the data, on the last page; set once every figure is placed."""


def plain(text: Markup | str) -> str:
    """A placed text without its markup."""
    return text.striptags() if isinstance(text, Markup) else text
