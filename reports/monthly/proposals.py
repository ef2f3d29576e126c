"""What the reader is asked for: in a sentence on the first page, and as proposals at the end."""

from collections.abc import Sequence

from markupsafe import Markup

from domain.summary import Summary
from reports.figure_book import FigureBook


def decision(book: FigureBook, summary: Summary, *, has_proposals: bool) -> Markup:
    """What the reader should decide, in one sentence; `has_proposals` where the report ends with written ones."""
    owing, asked = _owing(summary), []
    if owing:
        count = book.counted("coverage.owing", "đơn vị chưa có báo cáo được chấp nhận", owing)
        asked.append(Markup("chỉ đạo {} đơn vị chưa có báo cáo được chấp nhận nộp ngay (Phụ lục II)").format(count))
    if has_proposals:
        asked.append(Markup("các kiến nghị ở cuối báo cáo này"))
    return Markup("{}.").format(Markup("; ").join(asked or [Markup("không có nội dung nào trong kỳ này")]))


def proposals(summary: Summary, addressee: str, written: Sequence[Markup]) -> list[Markup]:
    """The proposals to the addressee: that missing units report, then the written ones; a sentence where there are none."""
    reporting = Markup(
        "Đề nghị {} chỉ đạo các đơn vị chưa có báo cáo được chấp nhận (Phụ lục II) nộp ngay; số liệu của các "
        "đơn vị này sẽ được bổ sung ở bản phát hành sau của cùng kỳ."
    ).format(addressee)
    found = [*([reporting] if _owing(summary) else []), *written]
    return found or [Markup("Không có nội dung cần {} cho ý kiến trong kỳ này.").format(addressee)]


def _owing(summary: Summary) -> list[str]:
    return [state.unit.code for state in summary.units if not state.is_counted]
