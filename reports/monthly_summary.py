"""What the monthly report says: built from a summary, every number placed by its id."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain import codes, form
from domain.indicators import INDICATOR_BY_CODE, FigureKey
from domain.reference import PublishedFact, Reference
from domain.summary import Summary, UnitState
from domain.units import Region
from reports import charts
from reports.comparison import change_in_words
from reports.content import Annex, Card, Cell, Chart, Column, Document, Part, Section, TableContent, TableRow
from reports.figure_book import NO_BASIS, FigureBook

_REGION_WORDS = {Region.WEST: "Tây", Region.EAST: "Đông"}


def build_monthly_summary(summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> Document:
    """The document's content; `book` holds every number it prints."""
    return _MonthlySummary(summary, reference, book, fonts).document()


class _MonthlySummary:
    def __init__(self, summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> None:
        self._summary, self._reference, self._book, self._fonts = summary, reference, book, fonts
        self._period = summary.period
        self._words = book.words("period", "kỳ báo cáo", self._period.words())
        self._previous = book.words("period.previous", "kỳ trước", self._period.previous().words())
        self._last_year = book.words("period.last_year", "cùng kỳ", self._period.same_last_year().words())
        self._counted = [state for state in summary.units if state.is_counted]

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
        return Document(
            document_title=f"Báo cáo kết quả công tác kết nghĩa {self._period.words()}",
            year=book.words("year", "năm báo cáo", str(self._period.year)),
            subject=subject,
            opening=opening,
            sections=[self._results(), self._reporting(), self._proposals()],
            farewell=Markup("{} trân trọng báo cáo./.").format(sender.agency_in_text),
            annexes=self._annexes(),
            footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if self._summary.is_sample else "",
        )

    def _results(self) -> Section:
        parts = [
            self._overview(),
            self._by_activity(),
            self._resources(),
            self._poverty(),
            *self._published("Kết quả đã công bố của"),
        ]
        return Section("I. KẾT QUẢ NỔI BẬT", self._numbered(parts), self._cards())

    def _numbered(self, parts: Sequence[tuple[str, Part]]) -> list[Part]:
        numbered = []
        for number, (title, part) in enumerate(parts, start=1):
            heading = Markup("{}. {}").format(self._book.ordinal(number), title) if title else ""
            numbered.append(Part(part.paragraphs, heading, part.table, part.chart))
        return numbered

    def _cards(self) -> list[Card]:
        book = self._book
        previous = "tháng trước" if self._period.is_month else "kỳ trước"

        def flow(indicator: str, name: str) -> Card:
            change = self._short_change(indicator, previous)
            return Card(book.measure(indicator), name, change)

        villages = Markup("{}/{} thôn, làng").format(book.measure("villages_active"), book.measure("villages_reported"))
        share = book.measure("village_activity_rate_pct", absent=NO_BASIS)
        rate = book.measure("poverty_rate_pct", absent=NO_BASIS)
        return [
            flow("value_total_vnd", "triệu đồng huy động trong kỳ"),
            flow("activities", "lượt hoạt động hoàn thành"),
            flow("hh_total", "lượt hộ hưởng lợi"),
            Card(share + ("" if share == NO_BASIS else "%"), "thôn, làng có hoạt động", villages),
            Card(
                rate + ("" if rate == NO_BASIS else "%"),
                "tỷ lệ hộ nghèo của các làng",
                Markup("{} hộ thoát nghèo trong kỳ").format(book.measure("poor_exits")),
            ),
            Card(self._coverage(), "đơn vị đã báo cáo", self._timeliness()),
        ]

    def _short_change(self, indicator: str, words: str) -> Markup:
        sentence = change_in_words(self._book, self._summary, indicator, "previous", Markup(words))
        head, bracket, _ = sentence.partition(" (tính trên")
        return Markup(head) + (Markup(" (cùng đơn vị)") if bracket else Markup(""))

    def _coverage(self) -> Markup:
        book, summary = self._book, self._summary
        return Markup("{}/{}").format(
            book.counted("coverage.received", "báo cáo được chấp nhận", summary.received_reports["period"], "báo cáo"),
            book.counted("coverage.expected", "báo cáo phải nộp", summary.expected_reports["period"], "báo cáo"),
        )

    def _timeliness(self) -> Markup:
        late = sum(1 for state in self._counted if state.working_days_late)
        if not self._counted:
            return Markup("chưa có báo cáo")
        if not late:
            return Markup("tất cả đúng hạn")
        return Markup("trong đó {} trễ hạn").format(self._book.counted("coverage.late", "đơn vị trễ hạn", late))

    def _overview(self) -> tuple[str, Part]:
        book, summary = self._book, self._summary
        year_start = self._reference.calendar.window(self._period.year_to_date()[0]).first_day
        first = Markup(
            "Trong kỳ, các cơ quan, đơn vị, doanh nghiệp đã hoàn thành {} lượt hoạt động kết nghĩa, huy động "
            "{} triệu đồng (tiền mặt {}, hiện vật quy đổi {}), hỗ trợ {} lượt hộ. Kinh phí huy động {}; {}. "
            "Luỹ kế từ ngày {} đạt {} triệu đồng với {} lượt hoạt động{}."
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
            self._cumulative_coverage(),
        )
        second = Markup(
            "Có {} báo cáo được chấp nhận; số liệu trong báo cáo này chỉ gồm các đơn vị đó, đơn vị chưa báo cáo "
            "không được tính là không. {} thôn, làng có hoạt động; {} thôn, làng chưa có hoạt động trong kỳ."
        ).format(self._coverage(), book.measure("villages_active"), book.measure("villages_inactive"))
        return "Tình hình chung", Part([first, second], chart=self._trend())

    def _cumulative_coverage(self) -> Markup:
        """Of how many monthly reports the cumulative totals are made, where some are lacking."""
        received, expected = (
            reports["cumulative"] for reports in (self._summary.received_reports, self._summary.expected_reports)
        )
        if received == expected:
            return Markup("")
        return Markup(" (tính trên {}/{} báo cáo tháng)").format(
            self._book.counted("coverage.received_cumulative", "báo cáo tháng được chấp nhận", received, "báo cáo"),
            self._book.counted("coverage.expected_cumulative", "báo cáo tháng phải nộp", expected, "báo cáo"),
        )

    def _trend(self) -> Chart:
        book, bars, told = self._book, [], []
        for month in self._summary.months_shown:
            label = f"T{month.number}/{month.year}"
            book.words(f"month.{month}", "tháng trên biểu đồ", label)
            value = self._summary.value(FigureKey("value_total_vnd", "trend", "month", str(month)))
            text = book.measure("value_total_vnd", "trend", "month", str(month), absent="chưa có").striptags()
            bars.append((label, None if value is None else float(value), text))
            told.append(f"{label}: {text}")
        title = "Kinh phí huy động theo tháng"
        svg = charts.columns(bars, title, f"{title} (triệu đồng): {'; '.join(told)}.", self._fonts)
        return Chart(svg, Markup("Hình {}. {} (triệu đồng)").format(book.ordinal(1), title))

    def _by_activity(self) -> tuple[str, Part]:
        book, rows = self._book, []
        shown = [
            activity
            for activity in codes.ACTIVITIES
            if any(
                self._summary.value(FigureKey(indicator, basis, "activity", activity.code))
                for indicator in ("activities", "value_total_vnd")
                for basis in ("period", "cumulative", "previous", "same_last_year")
            )
        ]
        for number, activity in enumerate(shown, start=1):
            rows.append(
                TableRow(
                    [
                        Cell(book.ordinal(number), "middle"),
                        Cell(activity.name, "text"),
                        *self._activity_cells("activity", activity.code, for_households=activity.for_households),
                    ]
                )
            )
        rows.append(TableRow([Cell("", "text"), Cell("Tổng cộng", "text"), *self._activity_cells("", "")], True))
        columns = [
            Column("TT", "7%"),
            Column("Nhóm hoạt động", "27%"),
            Column("Lượt hoạt động", "10%"),
            Column("Lượt hộ", "9%"),
            Column("Kinh phí trong kỳ", "12%"),
            Column("Luỹ kế trong năm", "12%"),
            Column("Kỳ trước", "11%"),
            Column("Cùng kỳ năm trước", "12%"),
        ]
        table = TableContent(
            Markup("Bảng {}. Kết quả theo nhóm hoạt động").format(book.ordinal(1)),
            "Đơn vị tính kinh phí: triệu đồng",
            columns,
            [book.ordinal(number) for number in range(1, len(columns) + 1)],
            rows,
            self._coverage_note(),
        )
        tangible = [
            Markup("{} {} {}").format(book.measure(code), INDICATOR_BY_CODE[code].unit_of_measure, words)
            for code, words in (
                ("houses_new", "nhà xây mới"),
                ("houses_repaired", "nhà được sửa chữa"),
                ("health_cards", "bảo hiểm y tế"),
                ("tet_gifts", "quà Tết"),
                ("livelihood_households", "được hỗ trợ sinh kế"),
            )
            if self._summary.value(FigureKey(code))
        ]
        sentence = (
            Markup("Kết quả cụ thể: {}.").format(Markup("; ").join(tangible))
            if tangible
            else Markup("Trong kỳ không có nhà ở, thẻ bảo hiểm y tế, quà Tết hoặc hỗ trợ sinh kế hoàn thành.")
        )
        return "Kết quả theo nhóm hoạt động", Part([sentence], table=table)

    def _activity_cells(self, dimension: str, member: str, *, for_households: bool = True) -> list[Cell]:
        measures = (
            ("activities", "period"),
            ("hh_total", "period"),
            ("value_total_vnd", "period"),
            ("value_total_vnd", "cumulative"),
            ("value_total_vnd", "previous"),
            ("value_total_vnd", "same_last_year"),
        )
        cells = [
            Cell(self._book.measure(indicator, basis, dimension, member, absent=NO_BASIS), "number")
            for indicator, basis in measures
        ]
        if not for_households and not self._summary.value(FigureKey("hh_total", "period", dimension, member)):
            cells[1] = Cell(NO_BASIS, "number")
        return cells

    def _coverage_note(self) -> Markup:
        book, summary = self._book, self._summary
        told = []
        for basis, words in (("previous", "kỳ trước"), ("same_last_year", "cùng kỳ năm trước")):
            received = book.counted(
                f"coverage.received_{basis}", f"báo cáo được chấp nhận {words}", summary.received_reports[basis]
            )
            expected = book.counted(
                f"coverage.expected_{basis}", f"báo cáo phải nộp {words}", summary.expected_reports[basis]
            )
            told.append(Markup("{} {}/{}").format(words, received, expected))
        return Markup("Báo cáo được tính: kỳ này {}; {}. Dấu –: không áp dụng hoặc không có số liệu.").format(
            self._coverage(), Markup("; ").join(told)
        )

    def _resources(self) -> tuple[str, Part]:
        book, summary = self._book, self._summary
        total = summary.value(FigureKey("value_total_vnd"))
        by_source = [
            (choice, summary.value(FigureKey("value_total_vnd", "period", "funding", choice.code)) or Decimal(0))
            for choice in codes.FUNDING_SOURCES
        ]
        by_source = sorted((pair for pair in by_source if pair[1]), key=lambda pair: -pair[1])
        if not total or not by_source:
            return "Huy động nguồn lực", Part(["Trong kỳ không có kinh phí được huy động."])
        bars, told = [], []
        for choice, value in by_source:
            amount = book.measure("value_total_vnd", "period", "funding", choice.code)
            share = book.derived(
                f"value_total_vnd:funding={choice.code}@share_pct", f"Tỷ trọng nguồn {choice.name}",
                100 * value / total, "%", 1, numerator=value, denominator=total,
            )  # fmt: skip
            bars.append((choice.name, float(value), f"{amount.striptags()} ({share.striptags()}%)"))
            told.append(Markup("{} {} triệu đồng ({}%)").format(_inside(choice.name), amount, share))
        title = "Kinh phí huy động theo nguồn"
        plain = "; ".join(part.striptags() for part in told)
        svg = charts.rows(bars, title, f"{title}: {plain}.", self._fonts)
        caption = Markup("Hình {}. {} (triệu đồng, tỷ trọng)").format(book.ordinal(2), title)
        return "Huy động nguồn lực", Part(
            [Markup("Theo nguồn: {}.").format(Markup("; ").join(told))], chart=Chart(svg, caption)
        )

    def _poverty(self) -> tuple[str, Part]:
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
        facts = {fact.indicator: fact for fact in self._printed_facts() if fact.scope_code == _PROVINCE}
        baseline = ("poor_households", "poverty_rate_pct", "poor_households_dtts", "poverty_rate_dtts_pct")
        if all(name in facts for name in baseline):
            paragraphs.append(
                Markup(
                    "Theo số liệu đã công bố, {} toàn tỉnh có {} hộ nghèo, chiếm {}%; hộ nghèo DTTS {} hộ, chiếm {}% so "
                    "với tổng số hộ DTTS (nguồn: {})."
                ).format(
                    self._about(facts["poor_households"]),
                    *(book.published(facts[name]) for name in baseline),
                    book.reference(facts["poor_households"].source),
                )
            )
        targets = (
            "poverty_reduction_target_pp",
            "poverty_rate_target_pct",
            "poverty_reduction_dtts_target_pp",
        )
        if all(name in facts for name in targets):
            paragraphs.append(
                Markup(
                    "Mục tiêu năm: giảm {} điểm % tỷ lệ hộ nghèo, còn không quá {}%; giảm {} điểm % tỷ lệ hộ nghèo DTTS "
                    "(nguồn: {})."
                ).format(
                    *(book.published(facts[name]) for name in targets),
                    book.reference(facts["poverty_rate_target_pct"].source),
                )
            )
        return "Hộ nghèo, hộ cận nghèo", Part(paragraphs)

    def _published(self, title: str) -> list[tuple[str, Part]]:
        """Published results of places, as their source gave them; never added to the month's."""
        book = self._book
        places: dict[str, list[PublishedFact]] = {}
        for fact in self._printed_facts():
            if fact.scope_code != _PROVINCE:
                places.setdefault(fact.scope_name, []).append(fact)
        parts = []
        for place, facts in places.items():
            told = [
                Markup("{} {}{} {}").format(
                    _inside(fact.name),
                    _QUALIFIERS[fact.qualifier],
                    book.published(fact),
                    next(f.unit_of_measure for f in book.figures if f.figure_id == fact.fact_id),
                )
                for fact in facts
            ]
            about = book.words(f"about.{facts[0].fact_id}", "thời gian của số liệu", facts[0].about)
            sentence = Markup(
                "Giai đoạn {}: {} (nguồn: {}). Các số này gộp nhiều năm, không cộng với kết quả trong kỳ."
            ).format(about, Markup("; ").join(told), book.reference(facts[0].source))
            parts.append((f"{title} {place}", Part([sentence])))
        return parts

    def _printed_facts(self) -> list[PublishedFact]:
        return [fact for fact in self._reference.published_facts if fact.belongs_in(self._period)]

    def _about(self, fact: PublishedFact) -> Markup:
        year, month, day = fact.about.split("-")
        words = f"đến ngày {day}/{month}/{year}"
        return self._book.words(f"about.{fact.fact_id}", "thời điểm của số liệu", words)

    def _reporting(self) -> Section:
        due = self._reference.calendar.due(self._period)
        paragraphs = [
            Markup("Hạn nộp báo cáo: {}. Đã chấp nhận {} báo cáo.").format(
                self._book.moment("due", "hạn nộp", due), self._coverage()
            )
        ]
        for key, words, states in self._groups():
            if states:
                count = self._book.counted(f"coverage.{key}", words, len(states))
                names = "; ".join(state.unit.name for state in states[:20])
                more = Markup(" và các đơn vị khác tại Phụ lục II") if len(states) > 20 else Markup("")
                paragraphs.append(Markup("{} {}: {}{}.").format(count, words, names, more))
        if len(paragraphs) == 1:
            paragraphs.append(Markup("Tất cả đơn vị báo cáo đúng hạn."))
        return Section("II. TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ", [Part(paragraphs)])

    def _groups(self) -> list[tuple[str, str, list[UnitState]]]:
        units = self._summary.units
        return [
            ("late", "đơn vị báo cáo trễ hạn", [unit for unit in units if unit.is_counted and unit.working_days_late]),
            (
                "missing",
                "đơn vị chưa báo cáo",
                [unit for unit in units if not unit.is_counted and not unit.is_rejected],
            ),
            (
                "rejected",
                "đơn vị có báo cáo bị trả lại, chưa nộp lại",
                [unit for unit in units if not unit.is_counted and unit.is_rejected],
            ),
            ("nil", "đơn vị báo cáo không phát sinh", [unit for unit in units if unit.is_counted and unit.is_nil]),
        ]

    def _proposals(self) -> Section:
        owing = [state for state in self._summary.units if not state.is_counted]
        addressee = self._reference.sender.addressee
        if owing:
            text = Markup(
                "Đề nghị {} chỉ đạo các đơn vị chưa có báo cáo được chấp nhận (Phụ lục II) nộp ngay; số liệu của các đơn "
                "vị này sẽ được bổ sung ở bản phát hành sau của cùng kỳ."
            ).format(addressee)
        else:
            text = Markup("Không có nội dung cần {} cho ý kiến trong kỳ này.").format(addressee)
        return Section("III. KIẾN NGHỊ", [Part([text])])

    def _annexes(self) -> list[Annex]:
        sender = self._reference.sender
        with_report = Markup("(Kèm theo Báo cáo {} của {} {})").format(self._words, sender.agency_in_text, sender.place)
        first = Annex("Phụ lục I", Markup("KẾT QUẢ THEO ĐƠN VỊ"), with_report, self._by_unit())
        owing = [state for _, _, states in self._groups() for state in states]
        if not owing:
            return [first]
        second = Annex(
            "Phụ lục II", Markup("ĐƠN VỊ TRỄ HẠN, CHƯA BÁO CÁO, KHÔNG PHÁT SINH"), with_report, self._owing(owing)
        )
        return [first, second]

    def _by_unit(self) -> TableContent:
        book = self._book
        columns = [
            Column("TT", "4%"),
            Column("Đơn vị", "17%"),
            Column("Khu vực", "5%"),
            Column("Lượt hoạt động", "7%"),
            Column("Lượt hộ", "7%"),
            Column("Kinh phí trong kỳ", "9%"),
            Column("Luỹ kế trong năm", "9%"),
            Column("Làng có hoạt động", "7%"),
            Column("Số làng", "6%"),
            Column("Hộ nghèo", "7%"),
            Column("Tỷ lệ hộ nghèo (%)", "7%"),
            Column("Tình trạng", "15%"),
        ]
        rows = [self._unit_row(number, state) for number, state in enumerate(self._summary.units, start=1)]
        measures = [Cell(self._book.measure(*measure, absent=NO_BASIS), "number") for measure in _UNIT_MEASURES]
        rows.append(
            TableRow(
                [
                    Cell("", "text"),
                    Cell("Tổng cộng", "text"),
                    Cell("", "text"),
                    *measures,
                    Cell(Markup("{} báo cáo").format(self._coverage()), "text"),
                ],
                True,
            )
        )
        return TableContent(
            Markup("Bảng {}. Kết quả chi tiết theo đơn vị").format(book.ordinal(2)),
            "Đơn vị tính kinh phí: triệu đồng",
            columns,
            [book.ordinal(number) for number in range(1, len(columns) + 1)],
            rows,
            Markup("Dấu … : đơn vị chưa có số liệu được chấp nhận, không phải là không."),
        )

    def _unit_row(self, number: int, state: UnitState) -> TableRow:
        code = state.unit.code
        cells = []
        for indicator, basis in _UNIT_MEASURES:
            known = state.is_counted or basis == "cumulative"
            text = self._book.measure(indicator, basis, "unit", code) if known else Markup("…")
            cells.append(Cell(text, "absent" if text == "…" else "number"))
        words = state.words
        if state.is_counted and (state.working_days_late or (state.revision or 1) > 1):
            words = self._book.words(f"state.{code}", "tình trạng báo cáo", words)
        return TableRow(
            [
                Cell(self._book.ordinal(number), "middle"),
                Cell(state.unit.name, "text"),
                Cell(_REGION_WORDS[state.unit.region], "middle"),
                *cells,
                Cell(words, "text"),
            ]
        )

    def _owing(self, states: Sequence[UnitState]) -> TableContent:
        book = self._book
        columns = [
            Column("TT", "6%"),
            Column("Đơn vị", "40%"),
            Column("Tình trạng", "29%"),
            Column("Thời điểm nhận", "25%"),
        ]
        rows = []
        for number, state in enumerate(dict.fromkeys(states), start=1):
            code = state.unit.code
            words = book.words(f"state.{code}", "tình trạng báo cáo", state.words)
            received = (
                book.moment(f"received.{code}", "thời điểm nhận", state.received_at) if state.received_at else NO_BASIS
            )
            rows.append(
                TableRow(
                    [
                        Cell(book.ordinal(number), "middle"),
                        Cell(state.unit.name, "text"),
                        Cell(words, "text"),
                        Cell(received, "middle"),
                    ]
                )
            )
        return TableContent(
            Markup("Bảng {}. Các đơn vị cần theo dõi").format(book.ordinal(3)),
            "",
            columns,
            [book.ordinal(number) for number in range(1, len(columns) + 1)],
            rows,
        )


def _inside(name: str) -> str:
    """A name inside a sentence: only its first letter is lowered, proper names keep theirs."""
    return name[:1].lower() + name[1:]


_PROVINCE = "64"
_QUALIFIERS = {"=": "", ">": "hơn ", "<": "dưới ", "<=": "không quá ", "~": "khoảng "}
_UNIT_MEASURES = (
    ("activities", "period"),
    ("hh_total", "period"),
    ("value_total_vnd", "period"),
    ("value_total_vnd", "cumulative"),
    ("villages_active", "period"),
    ("villages_reported", "period"),
    ("poor_households", "period"),
    ("poverty_rate_pct", "period"),
)
