"""How good the figures are: coverage, timeliness, first-time-right, revisions, waivers, corrections, open questions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.double_counting import Decision
from domain.quality import Quality
from domain.summary import Summary
from reports.content import TableContent
from reports.figure_book import NO_BASIS, FigureBook
from reports.figure_names import in_a_sentence
from reports.tabulation import ColumnOf, ordinals, rows_of, tabulate, texts

_RATES = (
    ("Báo cáo được chấp nhận trên báo cáo phải nộp", "reports_received", "reports_expected", "coverage_pct"),
    ("Báo cáo đúng hạn trên báo cáo phải nộp", "reports_on_time", "reports_expected", "on_time_pct"),
    ("Báo cáo đúng ngay lần đầu trên báo cáo đã gửi", "reports_right_first_time", "reports_sent",
     "right_first_time_pct"),
)  # fmt: skip
_PER_UNIT, _SHOWN = 2, 12
"""How many questions of a unit are listed one by one, and how many entries of a matter."""


class _Line(NamedTuple):
    matter: str
    result: Markup
    details: Markup | str = ""


def quality_table(book: FigureBook, summary: Summary) -> TableContent:
    """One row per matter; each waiver, correction, decision and open question with its reason."""
    names = {state.unit.code: state.unit.name for state in summary.units}
    columns: list[ColumnOf[_Line]] = [
        ordinals(book, "5%"),
        texts("Nội dung", "33%", lambda line: line.matter),
        texts("Kết quả", "14%", lambda line: line.result, kind="middle"),
        texts("Ghi rõ", "48%", lambda line: line.details),
    ]
    rows = rows_of(columns, [*_rates(book), _revisions(book), *_matters(book, summary.quality, names)])
    note = "Nghi vấn và câu hỏi chỉ để người tổng hợp xem xét; không số liệu nào tự động bị bỏ."
    return tabulate(book, "Chất lượng số liệu", columns, rows, note=note)


def _rates(book: FigureBook) -> Iterator[_Line]:
    for matter, part, whole, rate in _RATES:
        share = book.measure(rate, absent=NO_BASIS)
        counts = Markup("{}/{}").format(book.reports(part), book.reports(whole))
        yield _Line(matter, counts, share if share == NO_BASIS else share + "%")


def _revisions(book: FigureBook) -> _Line:
    return _Line("Báo cáo được thay thế, đính chính", book.reports("reports_replaced"))


def _matters(book: FigureBook, quality: Quality, names: Mapping[str, str]) -> Iterator[_Line]:
    waived = [
        f"{_name(names, each.waiver.unit_code)}: {each.waiver.rule}, {wording.count(each.cells)} ô, {each.waiver.reason} "
        f"({each.waiver.granted_by}, đến {wording.short_day(each.waiver.valid_to)})"
        for each in quality.waived
    ]
    yield _counted(book, "waived", "Quy tắc được miễn", waived)
    corrected = [
        f"{each.locator}: {each.old_value or '(trống)'} thành {each.new_value or '(trống)'}, {each.reason} ({each.source})"
        for each in quality.corrections
    ]
    yield _counted(book, "corrected", "Ô do tỉnh điều chỉnh", corrected)
    dropped = [
        f"{each.decision.dropped} trùng {each.decision.kept}: {each.decision.reason} ({each.decision.decided_by})"
        for each in quality.pairs
        if each.decision is not None and each.decision.decision is Decision.SAME
    ]
    yield _counted(book, "doubles.dropped", "Dòng không tính vì trùng, theo quyết định", dropped)
    undecided = [
        f"{each.first} và {each.second} (làng {each.village_id}, ngày {each.day})"
        for each in quality.pairs
        if each.decision is None
    ]
    yield _counted(book, "doubles.open", "Cặp dòng có thể trùng, chưa quyết định, đang tính cả hai", undecided)
    by_unit = Counter(each.unit_code for each in quality.open_questions)
    asked = [
        f"{_name(names, each.unit_code)}: {_about(each.indicator)}{each.doubt.label}"
        + (f" ({each.value}, {each.usual})" if each.usual else "")
        for each in quality.open_questions
        if by_unit[each.unit_code] <= _PER_UNIT
    ]
    asked += [
        f"{_name(names, unit)}: {wording.count(count)} câu hỏi" for unit, count in by_unit.items() if count > _PER_UNIT
    ]
    members = [each.question_id for each in quality.open_questions]
    yield _counted(book, "questions.open", "Câu hỏi về số liệu khác thường, chưa có giải trình", asked, members)
    answered = [f"{_name(names, each.unit_code)}: {each.text} ({each.explained_by})" for each in quality.explanations]
    yield _counted(book, "questions.answered", "Giải trình của đơn vị", answered)


def _counted(
    book: FigureBook, key: str, matter: str, details: Sequence[str], members: Sequence[str] | None = None
) -> _Line:
    """How many there are of a matter, with the first of them; `members` where one detail tells of several."""
    count = book.counted(f"quality.{key}", matter, details if members is None else members, "mục")
    shown = Markup("; ").join(book.reference(each) for each in details[:_SHOWN])
    if len(details) > _SHOWN:
        shown += Markup("; và {} mục khác").format(book.ordinal(len(details) - _SHOWN))
    return _Line(matter, count, shown)


def _name(names: Mapping[str, str], code: str) -> str:
    return names.get(code, code)


def _about(indicator: str) -> str:
    return f"{in_a_sentence(INDICATOR_BY_CODE[indicator].name)} " if indicator else ""
