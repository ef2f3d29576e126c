"""Puts what a person wrote on the page: the figures it names are placed like every other."""

from collections.abc import Sequence

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.errors import BadReference
from domain.indicators import FigureKey
from domain.narrative import Piece, pieces
from domain.summary import Summary
from reports.figure_book import FigureBook


def narrated(book: FigureBook, summary: Summary, paragraphs: Sequence[str]) -> list[Markup]:
    """The paragraphs with their figures.

    Raises:
        BadReference: if one names a figure that this report does not have.
    """
    return [Markup("").join(_placed(book, summary, piece) for piece in pieces(each)) for each in paragraphs]


def _placed(book: FigureBook, summary: Summary, piece: Piece) -> Markup:
    if piece.kind == "words":
        return Markup.escape(piece.text)
    if piece.kind == "literal":
        return book.reference(piece.text)
    known = next((figure for figure in book.figures if figure.figure_id == piece.text), None)
    if known is not None:
        return book.again(known)
    key = FigureKey.parse(piece.text)
    if key.indicator not in INDICATOR_BY_CODE or summary.value(key) is None:
        raise BadReference(
            f"reference/narratives/{summary.period}.toml: báo cáo kỳ {summary.period} không có số liệu {{{piece.text}}}; "
            f"xem mã bằng “ketnghia trace --text SỐ” hoặc trang cach-tinh.html."
        )
    return book.measure(key.indicator, key.basis, key.dimension, key.member)
