"""Where the money came from: the sources with their shares, as words and as a table."""

from markupsafe import Markup

from domain import codes
from domain.indicators import FigureKey
from domain.summary import Summary
from domain.workings import Operation
from reports.content import TableContent
from reports.figure_book import NO_BASIS, FigureBook
from reports.figure_names import in_a_sentence
from reports.monthly.annexes.activities import mark, uncompared_note
from reports.monthly.claims import share
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


def funding_results(book: FigureBook, summary: Summary) -> list[Markup]:
    """One sentence with every source that gave anything, the greatest first."""
    given = [choice for choice in codes.FUNDING_SOURCES if summary.value(_of(choice))]
    if summary.value(FigureKey("value_total_vnd")) is None:
        return [Markup("Chưa có báo cáo được chấp nhận, chưa có số liệu.")]
    if not given:
        return [Markup("Trong kỳ không có kinh phí được huy động.")]
    said = [
        _source(book, summary, choice) for choice in sorted(given, key=lambda each: -(summary.value(_of(each)) or 0))
    ]
    return [Markup("Theo nguồn: {}.").format(Markup("; ").join(said))]


def _source(book: FigureBook, summary: Summary, choice: codes.Choice) -> Markup:
    words = Markup("{} {} triệu đồng ({}%)").format(
        in_a_sentence(choice.name),
        book.measure("value_total_vnd", "period", "funding", choice.code),
        _share(book, summary, choice),
    )
    claim = share(book, summary, f"funding.{choice.code}", _of(choice), FigureKey("value_total_vnd"))
    return words if claim is None else book.claim(claim, words)


def funding_table(book: FigureBook, summary: Summary, number: int | None = None) -> TableContent:
    """What came from each source, with its share."""
    figures = figures_by(book, "funding", lambda source: source.code)
    columns: list[ColumnOf[codes.Choice]] = [
        ordinals(book, "5%"),
        texts("Nguồn", "33%", lambda source: source.name, total="Tổng cộng"),
        figures("Lượt hoạt động", "10%", "activities"),
        figures("Kinh phí trong kỳ", "11%", "value_total_vnd"),
        figures("Luỹ kế trong năm", "11%", "value_total_vnd", "cumulative"),
        figures(f"Kỳ trước{mark(summary, 'previous')}", "10%", "value_total_vnd", "previous"),
        figures(f"Cùng kỳ năm trước{mark(summary, 'same_last_year')}", "10%", "value_total_vnd", "same_last_year"),
        texts("Tỷ trọng trong kỳ (%)", "10%", lambda source: _share(book, summary, source) or NO_BASIS, kind="number"),
    ]
    rows = [*rows_of(columns, codes.FUNDING_SOURCES), total_row(columns)]
    caption = book.ordinal_caption(number, "Kinh phí theo nguồn")
    return tabulate(book, caption, columns, rows, IN_MILLIONS, uncompared_note(book, summary))


def _of(choice: codes.Choice) -> FigureKey:
    return FigureKey("value_total_vnd", "period", "funding", choice.code)


def _share(book: FigureBook, summary: Summary, choice: codes.Choice) -> Markup | None:
    """What part of the money came from a source; nothing where none did."""
    part, whole = _of(choice), FigureKey("value_total_vnd")
    if not summary.value(part) or not summary.value(whole):
        return None
    name = f"Tỷ trọng nguồn {choice.name}"
    figure_id = f"value_total_vnd:funding={choice.code}@share_pct"
    return book.worked(figure_id, name, Operation.SHARE_PCT, [part, whole], "%", 1)
