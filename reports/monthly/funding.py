"""Where the money came from: the sources with their shares, as words, as a chart, as an appendix."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain import codes
from domain.indicators import FigureKey
from domain.summary import Summary
from domain.workings import Operation
from reports.charts import draw as charts
from reports.content import Chart, TableContent
from reports.figure_book import NO_BASIS, FigureBook
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


def funding_shares(book: FigureBook, summary: Summary) -> Sequence[tuple[str, Decimal, Markup, Markup | None]]:
    """The sources that gave anything in the period, the greatest first: name, amount in đồng, printed amount and share."""
    given = [(choice, summary.value(_of(choice)) or Decimal(0)) for choice in codes.FUNDING_SOURCES]
    return [
        (
            choice.name,
            amount,
            book.measure("value_total_vnd", "period", "funding", choice.code),
            _share(book, summary, choice),
        )
        for choice, amount in sorted(given, key=lambda pair: -pair[1])
        if amount
    ]


def funding_chart(book: FigureBook, summary: Summary, fonts: Path, number: int, width: int) -> Chart | None:
    """The sources as bars; nothing where no money was raised."""
    shares = funding_shares(book, summary)
    if not shares:
        return None
    bars = [
        charts.Bar(name, float(amount), f"{printed.striptags()} ({(share or Markup(NO_BASIS)).striptags()}%)", True)
        for name, amount, printed, share in shares
    ]
    title = "Kinh phí huy động theo nguồn"
    alternative = f"{title} (triệu đồng, tỷ trọng): {'; '.join(f'{bar.label}: {bar.text}' for bar in bars)}."
    caption = Markup("Hình {}. {} (triệu đồng, tỷ trọng)").format(book.ordinal(number), title)
    return Chart(charts.rows(bars, alternative, fonts, width), caption)


def funding_table(book: FigureBook, summary: Summary, number: int) -> TableContent:
    """What came from each source, with its share."""
    figures = figures_by(book, "funding", lambda source: source.code)
    columns: list[ColumnOf[codes.Choice]] = [
        ordinals(book, "5%"),
        texts("Nguồn", "33%", lambda source: source.name, total="Tổng cộng"),
        figures("Lượt hoạt động", "10%", "activities"),
        figures("Kinh phí trong kỳ", "11%", "value_total_vnd"),
        figures("Luỹ kế trong năm", "11%", "value_total_vnd", "cumulative"),
        figures("Kỳ trước", "10%", "value_total_vnd", "previous"),
        figures("Cùng kỳ năm trước", "10%", "value_total_vnd", "same_last_year"),
        texts("Tỷ trọng trong kỳ (%)", "10%", lambda source: _share(book, summary, source) or NO_BASIS, kind="number"),
    ]
    rows = [*rows_of(columns, codes.FUNDING_SOURCES), total_row(columns)]
    caption = book.ordinal_caption(number, "Kinh phí theo nguồn")
    return tabulate(book, caption, columns, rows, IN_MILLIONS, "Một hoạt động có nhiều nguồn được tính ở từng nguồn.")


def _of(choice: codes.Choice) -> FigureKey:
    return FigureKey("value_total_vnd", "period", "funding", choice.code)


def _share(book: FigureBook, summary: Summary, choice: codes.Choice) -> Markup | None:
    """What part of the money came from a source; nothing where none did."""
    part, whole = _of(choice), FigureKey("value_total_vnd")
    if not summary.value(part) or not summary.value(whole):
        return None
    return book.worked(
        f"value_total_vnd:funding={choice.code}@share_pct",
        f"Tỷ trọng nguồn {choice.name}",
        Operation.SHARE_PCT,
        [part, whole],
        "%",
        1,
    )
