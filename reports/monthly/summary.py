"""What the monthly report says: built from a summary, every number placed by its id."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from domain import form
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from reports.charts import draw as charts
from reports.charts.coverage import coverage_chart
from reports.charts.poverty import has_poverty_chart, poverty_chart
from reports.charts.unit_map import unit_map
from reports.content import Card, Chart, Document, Part, Section
from reports.figure_book import NO_BASIS, FigureBook
from reports.figure_names import in_a_sentence
from reports.monthly import published_results
from reports.monthly import unit_tables as tables
from reports.monthly.activity_tables import activity_table
from reports.monthly.annexes import ROMAN, annexes
from reports.monthly.comparison import change_in_words
from reports.monthly.funding import funding_chart, funding_shares
from reports.monthly.key_figures import key_figures, monthly_trend
from reports.monthly.narrated import narrated
from reports.monthly.plan_results import plan_results, targets_of
from reports.monthly.poverty_changes import poverty_change
from reports.monthly.reporting_discipline import reporting_discipline
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
        self._words = book.words("period", "kỳ báo cáo", self._period.words())
        self._previous = book.words("period.previous", "kỳ trước", self._period.previous().words())
        self._last_year = book.words("period.last_year", "cùng kỳ", self._period.same_last_year().words())
        self._facts = [fact for fact in reference.published_facts if fact.belongs_in(self._period)]
        self._counted = [state for state in summary.units if state.is_counted]
        self._drawn = 0

    def document(self) -> Document:
        sender, book = self._reference.sender, self._book
        directive = self._reference.directive(self._summary.window.last_day)
        cited = book.reference(directive.short_name) if directive.short_name else Markup("")
        subject = Markup("Kết quả thực hiện {}{} {}").format(
            cited + Markup(" về ") if cited else "", directive.subject, self._words
        )
        opening = Markup(
            "Thực hiện {} về {}, {} tổng hợp kết quả {} (từ ngày {} đến ngày {}), số liệu chốt đến {}, như sau:"
        ).format(
            cited or "nhiệm vụ",
            directive.subject,
            sender.agency_in_text,
            self._words,
            book.day("window.first_day", "ngày đầu kỳ", self._summary.window.first_day),
            book.day("window.last_day", "ngày cuối kỳ", self._summary.window.last_day),
            book.moment("cut_at", "thời điểm chốt số liệu", self._summary.cut_at),
        )
        situation = [("Tình hình chung", self._overview())]
        situation += [("Chế độ báo cáo", Part(reporting_discipline(book, self._summary, self._reference)))]
        results = self._results()
        cards, decision = key_figures(book, self._summary, self._coverage_card()), self._decision()
        appendices = annexes(book, self._summary, self._reference)
        # What somebody wrote comes last: it may name every figure that the report has placed.
        results += self._titled("Cách làm hay, ý kiến của các đơn vị", self._placed("remarks"))
        sections = [
            ("TÌNH HÌNH TRIỂN KHAI", self._numbered(situation)),
            ("KẾT QUẢ", self._numbered(results)),
            *self._narrated_sections(),
        ]
        return Document(
            document_title=f"Báo cáo kết quả công tác kết nghĩa {self._period.words()}",
            period_words=self._words,
            year=book.words("year", "năm báo cáo", str(self._period.year)),
            subject=subject,
            opening=opening,
            cards=cards,
            plan=Markup(" ").join(self._plan[:_FIRST_OF_THE_PLAN]),
            decision=decision,
            sections=[Section(self._heading(place, name), parts) for place, (name, parts) in enumerate(sections, 1)],
            ending=Section(self._heading(len(sections) + 1, "KIẾN NGHỊ"), self._proposals()),
            farewell=Markup("{} trân trọng báo cáo{}").format(sender.agency_in_text, self._skin.end),
            annexes=appendices,
            footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if self._summary.is_sample else "",
        )

    def _heading(self, number: int, name: str) -> str:
        return f"{ROMAN[number - 1]}{self._skin.after_numeral}{name}"

    def _results(self) -> list[tuple[str, Part]]:
        book = self._book
        return [
            ("Kết quả theo nội dung", self._by_activity()),
            ("Huy động nguồn lực", self._resources()),
            ("Hộ nghèo, hộ cận nghèo", self._poverty()),
            *self._titled("Hoạt động dịp Tết Nguyên đán", tet_results(book, self._summary, self._reference)),
            *self._titled("Thực hiện kế hoạch năm", self._plan),
            *(
                (f"Kết quả đã công bố của {place}", Part([sentence]))
                for place, sentence in published_results.places(book, self._facts)
            ),
        ]

    def _titled(self, title: str, told: Sequence[Markup]) -> list[tuple[str, Part]]:
        """A part with its title; nothing where there is nothing to tell."""
        return [(title, Part(told))] if told else []

    def _narrated_sections(self) -> list[tuple[str, list[Part]]]:
        """Judgement and tasks, as somebody wrote them; nothing where nobody has."""
        judged = [
            part
            for title, name in (("Ưu điểm", "strengths"), ("Hạn chế", "limits"), ("Nguyên nhân", "causes"))
            for part in self._titled(title, self._placed(name))
        ]
        found = [("ĐÁNH GIÁ", self._numbered(judged))] if judged else []
        tasks = self._placed("tasks")
        if tasks:
            next_one = "THÁNG TỚI" if self._period.is_month else "KỲ TỚI"
            found.append((f"NHIỆM VỤ {next_one}", [Part(tasks)]))
        return found

    def _placed(self, name: str) -> list[Markup]:
        """What somebody wrote under a heading of the period's narrative."""
        told: Sequence[str] = getattr(self._narrative, name) if self._narrative else ()
        return narrated(self._book, self._summary, told)

    def _decision(self) -> Markup:
        """What the reader should decide, in a sentence on the first page."""
        owing, asked = self._owing(), []
        if owing:
            count = self._book.counted("coverage.owing", "đơn vị chưa có báo cáo được chấp nhận", owing)
            asked.append(Markup("chỉ đạo {} đơn vị chưa có báo cáo được chấp nhận nộp ngay (Phụ lục II)").format(count))
        if self._narrative is not None and self._narrative.proposals:
            asked.append(Markup("các kiến nghị ở cuối báo cáo này"))
        return Markup("{}.").format(Markup("; ").join(asked or [Markup("không có nội dung nào trong kỳ này")]))

    def _owing(self) -> list[str]:
        return [state.unit.code for state in self._summary.units if not state.is_counted]

    def _numbered(self, parts: Sequence[tuple[str, Part]]) -> list[Part]:
        numbered = []
        for number, (title, part) in enumerate(parts, start=1):
            heading = Markup("{}. {}").format(self._book.ordinal(number), title) if title else ""
            numbered.append(replace(part, heading=heading))
        return numbered

    def _coverage_card(self) -> Card:
        book = self._book
        late = [state.unit.code for state in self._counted if state.working_days_late]
        if not self._counted:
            told = Markup("chưa có báo cáo")
        elif not late:
            told = Markup("tất cả đúng hạn")
        else:
            told = Markup("trong đó {} trễ hạn").format(book.counted("coverage.late", "đơn vị trễ hạn", late))
        return Card(tables.coverage(book), "đơn vị đã báo cáo", told)

    def _overview(self) -> Part:
        book, summary = self._book, self._summary
        targets = targets_of(summary, self._reference)
        figures = [
            *self._figure(lambda number: monthly_trend(book, summary, self._fonts, number, targets, charts.HALF)),
            *self._figure(lambda number: coverage_chart(book, summary, self._fonts, number)),
        ]
        if not self._counted:
            told = Markup(
                "Đến thời điểm chốt số liệu có {} báo cáo được chấp nhận; chưa có số liệu trong kỳ để tổng hợp."
            )
            return Part([told.format(tables.coverage(book))], charts=figures)
        year_start = self._reference.calendar.window(self._period.year_to_date()[0]).first_day
        first = Markup(
            "Trong kỳ, các cơ quan, đơn vị, doanh nghiệp đã hoàn thành {} lượt hoạt động kết nghĩa, huy động "
            "{} triệu đồng (tiền mặt {}, hiện vật quy đổi {}), hỗ trợ {} lượt hộ. Kinh phí huy động {}; {}. "
            "Luỹ kế từ ngày {} đạt {} triệu đồng với {} lượt hoạt động{}{}."
        ).format(
            book.measure("activities"),
            book.measure("value_total_vnd"),
            book.measure("cash_vnd"),
            book.measure("inkind_vnd"),
            book.measure("hh_total"),
            change_in_words(book, summary, "value_total_vnd", "previous", self._previous),
            change_in_words(book, summary, "value_total_vnd", "same_last_year", self._last_year),
            book.day("year_start", "ngày đầu năm báo cáo", year_start),
            book.measure("value_total_vnd", "cumulative"),
            book.measure("activities", "cumulative"),
            self._coverage_of("cumulative"),
            self._since_the_programme_began(),
        )
        second = Markup(
            "Có {} báo cáo được chấp nhận; số liệu trong báo cáo này chỉ gồm các đơn vị đó, đơn vị chưa báo cáo "
            "không được tính là không. {} thôn, làng có hoạt động; {} thôn, làng chưa có hoạt động trong kỳ."
        ).format(
            tables.coverage(self._book),
            book.measure("villages_active"),
            book.measure("villages_inactive"),
        )
        return Part([first, second], charts=figures)

    def _since_the_programme_began(self) -> Markup:
        """What came together under the programme in force; nothing where it began with this year."""
        programme, basis = self._reference.programme(self._period), "programme"
        if programme is None or basis not in self._summary.expected_reports:
            return Markup("")
        if self._summary.expected_reports[basis] <= self._summary.expected_reports["cumulative"]:
            return Markup("")
        return Markup("; từ khi thực hiện {} (ngày {}) đạt {} triệu đồng với {} lượt hoạt động{}").format(
            self._book.reference(programme.name),
            self._book.day("programme.first_day", "ngày bắt đầu", programme.valid_from),
            self._book.measure("value_total_vnd", basis),
            self._book.measure("activities", basis),
            self._coverage_of(basis),
        )

    def _coverage_of(self, basis: str) -> Markup:
        """Of how many monthly reports the totals of a basis are made, where some are lacking."""
        received, expected = (
            reports[basis] for reports in (self._summary.received_reports, self._summary.expected_reports)
        )
        if received == expected:
            return Markup("")
        return Markup(" (tính trên {}/{} báo cáo tháng)").format(
            self._book.reports("reports_received", basis), self._book.reports("reports_expected", basis)
        )

    def _by_activity(self) -> Part:
        told = theme_results(self._book, self._summary)
        return Part(told, table=activity_table(self._book, self._summary))

    def _resources(self) -> Part:
        told = [
            Markup("{} {} triệu đồng ({}%)").format(in_a_sentence(source), amount, share)
            for source, _, amount, share in funding_shares(self._book, self._summary)
        ]
        if not told:
            return Part(["Trong kỳ không có kinh phí được huy động."])
        shown = self._figure(lambda number: unit_map(self._book, self._summary, self._reference, self._fonts, number))
        return Part([Markup("Theo nguồn: {}.").format(Markup("; ").join(told))], charts=shown)

    def _poverty(self) -> Part:
        book = self._book
        if self._summary.value(FigureKey("households")) is None:
            paragraphs = [Markup("Chưa có số liệu hộ dân của các làng kết nghĩa trong kỳ.")]
        else:
            paragraphs = [
                Markup(
                    "Tại các làng kết nghĩa có số liệu, cuối kỳ có {} hộ nghèo trong tổng số {} hộ, chiếm {}%; hộ nghèo "
                    "DTTS {} hộ, chiếm {}% so với tổng số hộ DTTS; {} hộ cận nghèo. Trong kỳ có {} hộ thoát nghèo, "
                    "{} hộ tái nghèo, {} hộ nghèo phát sinh mới; {} hộ thoát cận nghèo, {} hộ cận nghèo phát sinh mới."
                ).format(
                    book.measure("poor_households"),
                    book.measure("households"),
                    book.measure("poverty_rate_pct"),
                    book.measure("poor_households_dtts"),
                    book.measure("poverty_rate_dtts_pct", absent=NO_BASIS),
                    book.measure("nearpoor_households"),
                    book.measure("poor_exits"),
                    book.measure("poor_relapses"),
                    book.measure("poor_arrivals"),
                    book.measure("nearpoor_exits"),
                    book.measure("nearpoor_arrivals"),
                )
            ]
            paragraphs += self._poverty_changes()
        paragraphs += published_results.province(book, self._facts)
        return Part(paragraphs, charts=self._shares_and_rates())

    def _shares_and_rates(self) -> list[Chart]:
        """Where the money came from, beside where the poverty rate goes."""
        book, summary, fonts = self._book, self._summary, self._fonts
        width = charts.HALF if has_poverty_chart(summary, self._reference) else charts.WHOLE
        return [
            *self._figure(lambda number: funding_chart(book, summary, fonts, number, width)),
            *self._figure(lambda number: poverty_chart(book, summary, self._reference, fonts, number)),
        ]

    def _figure(self, draw: Callable[[int], Chart | None]) -> list[Chart]:
        """A chart under the next number, or nothing."""
        chart = draw(self._drawn + 1)
        self._drawn += chart is not None
        return [chart] if chart is not None else []

    def _poverty_changes(self) -> list[Markup]:
        """How the rate moved since the period before, last year and the year's start."""
        told = [
            poverty_change(self._book, self._summary, self._reference, basis, words)
            for basis, words in (
                ("previous", self._previous),
                ("same_last_year", self._last_year),
                ("year_start", Markup("đầu năm báo cáo")),
            )
            if basis != "year_start" or self._period.months()[0].number > 1
        ]
        known = [sentence for sentence in told if sentence is not None]
        return [Markup("Tỷ lệ hộ nghèo của các làng kết nghĩa {}.").format(Markup("; ").join(known))] if known else []

    def _proposals(self) -> list[Part]:
        addressee, told = self._reference.sender.addressee, []
        if self._owing():
            told.append(
                Markup(
                    "Đề nghị {} chỉ đạo các đơn vị chưa có báo cáo được chấp nhận (Phụ lục II) nộp ngay; số liệu của các "
                    "đơn vị này sẽ được bổ sung ở bản phát hành sau của cùng kỳ."
                ).format(addressee)
            )
        told += self._placed("proposals")
        return [Part(told or [Markup("Không có nội dung cần {} cho ý kiến trong kỳ này.").format(addressee)])]
