"""What changed since the edition the reader had before: a sentence, and a table with the reason of every change."""

from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.restatement import Change, News, Restatement
from domain.summary import Summary
from reports.content import TableContent
from reports.figure_book import NO_FIGURE, FigureBook
from reports.figure_names import about
from reports.tabulation import ColumnOf, ordinals, rows_of, tabulate, texts

_REASONS_SHOWN = 3


class _Line(NamedTuple):
    before: Markup | str
    now: Markup
    unit: str
    name: Markup
    reasons: Markup


def restatement_sentence(book: FigureBook, restatement: Restatement) -> Markup:
    """Which edition this one follows, and how much changed since."""
    followed = Markup("Bản này lập sau bản {} (số liệu chốt đến {}): ").format(
        book.phrase("restated.edition", "bản trước của cùng kỳ", restatement.edition_id),
        book.moment("restated.cut_at", "thời điểm chốt số liệu của bản trước", restatement.cut_at),
    )
    if not restatement.changes:
        return followed + Markup("không số liệu nào thay đổi.")
    count = book.counted(
        "restated.count",
        "số liệu thay đổi so với bản trước",
        [str(each.key) for each in restatement.changes],
        "số liệu",
    )
    return followed + Markup("{} số liệu thay đổi, liệt kê tại phụ lục cuối.").format(count)


def restatement_table(book: FigureBook, summary: Summary, restatement: Restatement, number: int) -> TableContent:
    """Every figure that was printed otherwise before: unit, figure, old and new value, reason."""
    names = {state.unit.code: state.unit.name for state in summary.units}
    columns: list[ColumnOf[_Line]] = [
        ordinals(book, "4%"),
        texts("Đơn vị", "16%", lambda line: line.unit),
        texts("Chỉ tiêu", "26%", lambda line: line.name),
        texts("Bản trước", "9%", lambda line: line.before, kind="number"),
        texts("Bản này", "9%", lambda line: line.now, kind="number"),
        texts("Lý do, bài nộp", "36%", lambda line: line.reasons),
    ]
    rows = rows_of(columns, (_line(book, change, names, restatement.edition_id) for change in restatement.changes))
    caption = Markup("Bảng {}. Số liệu thay đổi so với bản {}").format(
        book.ordinal(number), book.phrase("restated.edition", "bản trước của cùng kỳ", restatement.edition_id)
    )
    return tabulate(book, caption, columns, rows, note="Dấu … : bản đó chưa có số liệu.")


def _line(book: FigureBook, change: Change, names: Mapping[str, str], edition_id: str) -> _Line:
    key = change.key
    is_of_unit = key.dimension == "unit"
    return _Line(
        before=book.earlier(key, edition_id, change.before, change.before_text) if change.before_text else NO_FIGURE,
        now=book.measure(key.indicator, key.basis, key.dimension, key.member),
        unit=names.get(key.member, key.member) if is_of_unit else "Toàn tỉnh",
        name=_name(book, key),
        reasons=_reasons(book, change, is_of_unit),
    )


def _name(book: FigureBook, key: FigureKey) -> Markup:
    """The indicator with its part and its span, in words."""
    entry = INDICATOR_BY_CODE[key.indicator]
    whole = FigureKey(key.indicator, key.basis) if key.dimension == "unit" else key
    unit = f", {entry.unit_of_measure}" if entry.unit_of_measure else ""
    return Markup("{} ({}{})").format(entry.name, book.reference(about(whole, {})), unit)


def _reasons(book: FigureBook, change: Change, of_one_unit: bool) -> Markup:
    if not change.news:
        return Markup("thay đổi kéo theo")
    shown = [book.reference(_reason(news, of_one_unit)) for news in change.news[:_REASONS_SHOWN]]
    more = len(change.news) - len(shown)
    text = Markup("; ").join(shown)
    if more > 0:
        text += Markup("; và {} bài nộp khác").format(book.ordinal(more))
    return text


def _reason(news: News, of_one_unit: bool) -> str:
    whose = "" if of_one_unit else f"{news.unit_name}, "
    return f"{whose}kỳ {news.period}: {news.explanation}"
