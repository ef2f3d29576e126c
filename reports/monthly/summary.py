"""What the monthly report says: built from a summary, every number placed by its id, every comparison made as a claim."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from domain import form, wording
from domain.plans import Directive
from domain.reference import Reference
from domain.summary import Summary
from reports.charts import draw as charts
from reports.charts.poverty import has_poverty_chart, poverty_chart
from reports.charts.unit_map import unit_map
from reports.content import Annex, Chart, Document, Part, Section
from reports.figure_book import FigureBook
from reports.monthly import published_results
from reports.monthly.annexes.activities import activity_table
from reports.monthly.annexes.order import ROMAN, annexes, lists
from reports.monthly.assessment import limits, shortcomings
from reports.monthly.funding import funding_results
from reports.monthly.headline import drawn_targets, headline, limits_in_brief
from reports.monthly.key_figures import monthly_trend
from reports.monthly.narrated import narrated
from reports.monthly.overview import overview
from reports.monthly.plan_results import plan_result, targets_of
from reports.monthly.poverty_results import poverty_results
from reports.monthly.proposals import decision, proposals, reporting_proposal
from reports.monthly.reorganisation import reorganisation
from reports.monthly.reporting_discipline import coverage_sentence, reporting_discipline
from reports.monthly.tet_results import tet_results
from reports.monthly.theme_results import theme_results
from reports.monthly.villages import idle_villages
from reports.pdf.skins import SKINS

_TET = "Hoạt động dịp Tết Nguyên đán"
_STRUCK = ("–",)
"""What a person writes in the place of a drafted section to have it left out."""


def build_monthly_summary(
    summary: Summary,
    reference: Reference,
    book: FigureBook,
    beside: FigureBook,
    fonts: Path,
    extras: Collection[str] = (),
) -> Document:
    """The document's content.

    Args:
        summary: what is known of the period.
        reference: the tables people edit.
        book: where every number of the page is placed.
        beside: where every number of the workbook's lists is placed.
        fonts: the folder with the faces.
        extras: the lists that are printed as well, where a page would stay nearly empty.
    """
    return _MonthlySummary(summary, reference, book, fonts).document(lists(beside, summary, reference), extras)


class _MonthlySummary:
    def __init__(self, summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> None:
        self._summary, self._reference, self._book, self._fonts = summary, reference, book, fonts
        self._period, self._skin = summary.period, SKINS[reference.sender.skin]
        self._narrative = reference.narrative(summary.period)
        self._period_phrase = book.phrase("period", "kỳ báo cáo", self._period.label())
        self._earlier = {
            "previous": book.phrase("period.previous", "kỳ trước", self._period.previous().label()),
            "same_last_year": book.phrase("period.last_year", "cùng kỳ", self._period.same_last_year().label()),
            "year_start": Markup("đầu năm"),
        }
        self._facts = [fact for fact in reference.published_facts if fact.belongs_in(self._period)]
        self._drawn = 0

    def document(self, listed: Sequence[Annex], extras: Collection[str]) -> Document:
        summary, reference, book = self._summary, self._reference, self._book
        subject, opening = self._subject(), self._opening()
        reporting = reporting_proposal(book, summary, reference)
        asked = decision(book, summary, reference, has_proposals=bool(self._narrative and self._narrative.proposals))
        situation = [
            ("Tình hình chung", self._overview()),
            ("Chế độ báo cáo", Part(reporting_discipline(book, summary, reference))),
        ]
        results = self._results()
        section_of_tet = next((place for place, (title, _) in enumerate(results, 1) if title == _TET), None)
        appendices = annexes(book, summary, reference, extras)
        # What somebody wrote comes last: it may name every figure that the report has placed.
        results += _titled("Cách làm hay, ý kiến của các đơn vị", self._written("remarks"))
        assessed, brief = self._assessment()
        first_page = headline(book, summary, reference, self._earlier, brief, asked, section_of_tet)
        sections = [
            ("TÌNH HÌNH TRIỂN KHAI", self._numbered(situation)),
            ("KẾT QUẢ", self._numbered(results)),
            *self._judged(assessed),
        ]
        year = book.phrase("year", "năm báo cáo", str(self._period.year))
        ending = Part(proposals(reporting, self._written("proposals"), reference.sender.addressee))
        return Document(
            document_title=f"Báo cáo kết quả công tác kết nghĩa {self._period.label()}",
            period_label=self._period_phrase,
            year=year,
            subject=subject,
            opening=opening,
            headline=first_page,
            sections=[Section(self._heading(place, name), parts) for place, (name, parts) in enumerate(sections, 1)],
            ending=Section(self._heading(len(sections) + 1, "KIẾN NGHỊ"), [ending]),
            farewell=Markup("{} trân trọng báo cáo{}").format(reference.sender.agency_in_text, self._skin.end),
            annexes=appendices,
            lists=listed,
            footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if summary.is_sample else "",
        )

    def _subject(self) -> Markup:
        """The subject of the document: the Party writes it in lower case (05-HD/VPTW)."""
        first = "kết" if self._reference.sender.skin == "party" else "Kết"
        words = "{} quả công tác kết nghĩa với thôn, làng vùng đồng bào dân tộc thiểu số {}"
        return Markup(words).format(first, self._period_phrase)

    def _opening(self) -> list[Markup]:
        """By what, for which days, and on whose reports the report was made; DTTS is spelled out here, once."""
        book, window = self._book, self._summary.window
        first, last = (self._reference.directive(day) for day in (window.first_day, window.last_day))
        carried_out = Markup("Thực hiện {} về {} (DTTS), ").format(self._cited(first), first.subject)
        if not first.short_name:
            carried_out = Markup("Thực hiện {} (DTTS), ").format(first.subject)
        if last != first:
            carried_out = Markup("{} và {}, ").format(carried_out[:-2], self._cited(last))
        words = Markup("{}{} báo cáo kết quả từ ngày {} đến ngày {}. {}").format(
            carried_out,
            self._reference.sender.agency_in_text,
            book.day("window.first_day", "ngày đầu kỳ", window.first_day),
            book.day("window.last_day", "ngày cuối kỳ", window.last_day),
            coverage_sentence(book, self._summary),
        )
        return [words, *reorganisation(book, self._summary, self._reference)]

    def _cited(self, directive: Directive) -> Markup | str:
        """The directive with its day and issuer, as it is cited for the first time."""
        if not directive.short_name:
            return directive.subject
        day = f"{self._skin.citing}ngày {wording.short_day(directive.valid_from)}"
        issuer = f" của {directive.issuer}" if directive.issuer else ""
        return self._book.reference(f"{directive.short_name}{day}{issuer}")

    def _heading(self, number: int, name: str) -> str:
        return f"{ROMAN[number - 1]}{self._skin.after_numeral}{name}"

    def _overview(self) -> Part:
        book, summary, fonts = self._book, self._summary, self._fonts
        targets = targets_of(summary, self._reference)
        width = charts.HALF if has_poverty_chart(summary, self._reference) else charts.WHOLE
        drawn = [
            *self._figure(lambda number: monthly_trend(book, summary, fonts, number, targets, width)),
            *self._figure(lambda number: poverty_chart(book, summary, self._reference, fonts, number)),
        ]
        twinning = published_results.province_twinning(book, self._facts)
        return Part([*twinning, *overview(book, summary, self._reference, self._earlier)], charts=drawn)

    def _results(self) -> list[tuple[str, Part]]:
        book, summary = self._book, self._summary
        by_theme = Part(theme_results(book, summary), table=activity_table(book, summary))
        raised = self._figure(lambda number: unit_map(book, summary, self._reference, self._fonts, number))
        on_the_first_page = [place for place, _ in drawn_targets(summary, self._reference)]
        plan = [
            Markup("{}.").format(plan_result(book, summary, self._reference, place, target))
            for place, target in targets_of(summary, self._reference)
            if place not in on_the_first_page
        ]
        published = published_results.province(book, self._facts)
        rural = published_results.new_rural(book, self._facts)
        places = [
            Markup("{}: {}{}").format(place, sentence[:1].lower(), sentence[1:])
            for place, sentence in published_results.places(book, self._facts)
        ]
        return [
            ("Kết quả theo nội dung", by_theme),
            ("Huy động nguồn lực", Part(funding_results(book, summary), charts=raised)),
            (
                "Hộ nghèo, hộ cận nghèo",
                Part(poverty_results(book, summary, self._reference, self._earlier) + published),
            ),
            *_titled(_TET, tet_results(book, summary, self._reference)),
            *_titled("Thực hiện kế hoạch năm", plan),
            *_titled("Số liệu đã công bố", [*rural, *places]),
        ]

    def _figure(self, draw: Callable[[int], Chart | None]) -> list[Chart]:
        """A chart under the next number, or nothing."""
        chart = draw(self._drawn + 1)
        self._drawn += chart is not None
        return [chart] if chart is not None else []

    def _assessment(self) -> tuple[Part | None, Markup]:
        """What falls short, in full and in brief: as a person wrote it, or else drafted from figures; struck, nothing."""
        written = self._narrative.limits if self._narrative else ()
        if tuple(written) == _STRUCK:
            return None, Markup("")
        if written:
            paragraphs = self._written("limits")
            words = Markup(" ").join(paragraphs)
            self._book.written("headline.limits", "Hạn chế, do người tổng hợp viết", words)
            return Part(paragraphs), words
        idle = [village.village_id for village, _ in idle_villages(self._summary, self._reference)]
        found = shortcomings(self._book, self._summary, self._reference, idle)
        if not found:
            return None, Markup("")
        brief = limits_in_brief(self._book, found)
        return Part(limits(self._book, found), is_drafted=True), brief

    def _judged(self, assessed: Part | None) -> list[tuple[str, list[Part]]]:
        """Judgement and tasks: what somebody wrote, and what falls short."""
        judged = [
            *_titled("Ưu điểm", self._written("strengths")),
            *([("Hạn chế", assessed)] if assessed is not None else []),
            *_titled("Nguyên nhân", self._written("causes")),
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
