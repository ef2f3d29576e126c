"""What the monthly report says: built from a summary, every number placed by its id."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from domain import form
from domain.plans import Directive
from domain.reference import Reference
from domain.summary import Summary
from reports.charts import draw as charts
from reports.charts.coverage import coverage_chart
from reports.charts.poverty import has_poverty_chart, poverty_chart
from reports.charts.unit_map import unit_map
from reports.content import Chart, Document, Part, Section
from reports.figure_book import FigureBook
from reports.figure_names import in_a_sentence
from reports.monthly import published_results
from reports.monthly.annexes.activities import activity_table
from reports.monthly.annexes.order import ROMAN, annexes
from reports.monthly.funding import funding_chart, funding_shares
from reports.monthly.key_figures import key_figures, monthly_trend
from reports.monthly.narrated import narrated
from reports.monthly.overview import overview
from reports.monthly.plan_results import plan_results, targets_of
from reports.monthly.poverty_results import poverty_results
from reports.monthly.proposals import decision, proposals
from reports.monthly.reporting_discipline import coverage_card, reporting_discipline
from reports.monthly.tet_results import tet_results
from reports.monthly.theme_results import theme_results
from reports.pdf.skins import SKINS

_FIRST_OF_THE_PLAN = 2
"""How many lines of the year's plan stand on the first page."""


def build_monthly_summary(summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> Document:
    """The document's content; `book` holds every number it prints."""
    return _MonthlySummary(summary, reference, book, fonts).document()


class _MonthlySummary:
    def __init__(self, summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> None:
        self._summary, self._reference, self._book, self._fonts = summary, reference, book, fonts
        self._period, self._skin = summary.period, SKINS[reference.sender.skin]
        self._narrative = reference.narratives.get(str(summary.period))
        self._plan = plan_results(book, summary, reference)
        self._period_phrase = book.phrase("period", "kỳ báo cáo", self._period.label())
        self._earlier = {
            "previous": book.phrase("period.previous", "kỳ trước", self._period.previous().label()),
            "same_last_year": book.phrase("period.last_year", "cùng kỳ", self._period.same_last_year().label()),
            "year_start": Markup("đầu năm báo cáo"),
        }
        self._facts = [fact for fact in reference.published_facts if fact.belongs_in(self._period)]
        self._drawn = 0

    def document(self) -> Document:
        summary, reference, book = self._summary, self._reference, self._book
        subject, opening = self._subject(), self._opening()
        situation = [
            ("Tình hình chung", self._overview()),
            ("Chế độ báo cáo", Part(reporting_discipline(book, summary, reference))),
        ]
        results = self._results()
        cards = key_figures(book, summary, coverage_card(book, summary))
        asked = decision(book, summary, has_proposals=bool(self._narrative and self._narrative.proposals))
        appendices = annexes(book, summary, reference)
        # What somebody wrote comes last: it may name every figure that the report has placed.
        results += _titled("Cách làm hay, ý kiến của các đơn vị", self._written("remarks"))
        sections = [
            ("TÌNH HÌNH TRIỂN KHAI", self._numbered(situation)),
            ("KẾT QUẢ", self._numbered(results)),
            *self._written_sections(),
        ]
        year = book.phrase("year", "năm báo cáo", str(self._period.year))
        ending = Part(proposals(summary, reference.sender.addressee, self._written("proposals")))
        return Document(
            document_title=f"Báo cáo kết quả công tác kết nghĩa {self._period.label()}",
            period_label=self._period_phrase,
            year=year,
            subject=subject,
            opening=opening,
            cards=cards,
            plan=Markup(" ").join(self._plan[:_FIRST_OF_THE_PLAN]),
            decision=asked,
            sections=[Section(self._heading(place, name), parts) for place, (name, parts) in enumerate(sections, 1)],
            ending=Section(self._heading(len(sections) + 1, "KIẾN NGHỊ"), [ending]),
            farewell=Markup("{} trân trọng báo cáo{}").format(reference.sender.agency_in_text, self._skin.end),
            annexes=appendices,
            footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if summary.is_sample else "",
        )

    def _subject(self) -> Markup:
        directive, cited = self._directive()
        about = cited + Markup(" về ") if cited else ""
        return Markup("Kết quả thực hiện {}{} {}").format(about, directive.subject, self._period_phrase)

    def _opening(self) -> Markup:
        """By what, for when and from which figures the report was made."""
        book, window = self._book, self._summary.window
        directive, cited = self._directive()
        return Markup(
            "Thực hiện {} về {}, {} tổng hợp kết quả {} (từ ngày {} đến ngày {}), số liệu chốt đến {}, như sau:"
        ).format(
            cited or "nhiệm vụ",
            directive.subject,
            self._reference.sender.agency_in_text,
            self._period_phrase,
            book.day("window.first_day", "ngày đầu kỳ", window.first_day),
            book.day("window.last_day", "ngày cuối kỳ", window.last_day),
            book.moment("cut_at", "thời điểm chốt số liệu", self._summary.cut_at),
        )

    def _directive(self) -> tuple[Directive, Markup]:
        """What is carried out, and how it is cited; without a citation where it has no name of its own."""
        directive = self._reference.directive(self._summary.window.last_day)
        return directive, self._book.reference(directive.short_name)

    def _heading(self, number: int, name: str) -> str:
        return f"{ROMAN[number - 1]}{self._skin.after_numeral}{name}"

    def _overview(self) -> Part:
        book, summary = self._book, self._summary
        targets = targets_of(summary, self._reference)
        drawn = [
            *self._figure(lambda number: monthly_trend(book, summary, self._fonts, number, targets, charts.HALF)),
            *self._figure(lambda number: coverage_chart(book, summary, self._fonts, number)),
        ]
        return Part(overview(book, summary, self._reference, self._earlier), charts=drawn)

    def _results(self) -> list[tuple[str, Part]]:
        book, summary = self._book, self._summary
        by_theme = Part(theme_results(book, summary), table=activity_table(book, summary))
        return [
            ("Kết quả theo nội dung", by_theme),
            ("Huy động nguồn lực", self._resources()),
            ("Hộ nghèo, hộ cận nghèo", self._poverty()),
            *_titled("Hoạt động dịp Tết Nguyên đán", tet_results(book, summary, self._reference)),
            *_titled("Thực hiện kế hoạch năm", self._plan),
            *(
                (f"Kết quả đã công bố của {place}", Part([sentence]))
                for place, sentence in published_results.places(book, self._facts)
            ),
        ]

    def _resources(self) -> Part:
        sources = [
            Markup("{} {} triệu đồng ({}%)").format(in_a_sentence(source), amount, share)
            for source, _, amount, share in funding_shares(self._book, self._summary)
        ]
        if not sources:
            return Part(["Trong kỳ không có kinh phí được huy động."])
        drawn = self._figure(lambda number: unit_map(self._book, self._summary, self._reference, self._fonts, number))
        return Part([Markup("Theo nguồn: {}.").format(Markup("; ").join(sources))], charts=drawn)

    def _poverty(self) -> Part:
        """Where the rate stands and goes, with where the money came from drawn beside it."""
        book, summary, fonts = self._book, self._summary, self._fonts
        paragraphs = poverty_results(book, summary, self._reference, self._earlier)
        paragraphs += published_results.province(book, self._facts)
        width = charts.HALF if has_poverty_chart(summary, self._reference) else charts.WHOLE
        drawn = [
            *self._figure(lambda number: funding_chart(book, summary, fonts, number, width)),
            *self._figure(lambda number: poverty_chart(book, summary, self._reference, fonts, number)),
        ]
        return Part(paragraphs, charts=drawn)

    def _figure(self, draw: Callable[[int], Chart | None]) -> list[Chart]:
        """A chart under the next number, or nothing."""
        chart = draw(self._drawn + 1)
        self._drawn += chart is not None
        return [chart] if chart is not None else []

    def _written_sections(self) -> list[tuple[str, list[Part]]]:
        """Judgement and tasks, as somebody wrote them; nothing where nobody has."""
        judged = [
            part
            for title, name in (("Ưu điểm", "strengths"), ("Hạn chế", "limits"), ("Nguyên nhân", "causes"))
            for part in _titled(title, self._written(name))
        ]
        found = [("ĐÁNH GIÁ", self._numbered(judged))] if judged else []
        tasks = self._written("tasks")
        if tasks:
            found.append((f"NHIỆM VỤ {'THÁNG' if self._period.is_month else 'KỲ'} TỚI", [Part(tasks)]))
        return found

    def _written(self, name: str) -> list[Markup]:
        """What somebody wrote under a heading of the period's narrative."""
        paragraphs: Sequence[str] = getattr(self._narrative, name) if self._narrative else ()
        return narrated(self._book, self._summary, paragraphs)

    def _numbered(self, parts: Sequence[tuple[str, Part]]) -> list[Part]:
        return [
            replace(part, heading=Markup("{}. {}").format(self._book.ordinal(number), title))
            for number, (title, part) in enumerate(parts, start=1)
        ]


def _titled(title: str, paragraphs: Sequence[Markup]) -> list[tuple[str, Part]]:
    """A part with its title; nothing where it would be empty."""
    return [(title, Part(paragraphs))] if paragraphs else []
