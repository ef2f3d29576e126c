"""What the monthly report says: built from a summary, every number placed by its id."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain import codes, form
from domain.catalogue import INDICATOR_BY_CODE
from domain.figures import FigureStatus
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.spans import lunar_year_name, tet_season
from domain.summary import Summary, UnitState
from domain.workings import Operation
from reports import charts, published_results
from reports import summary_tables as tables
from reports.comparison import change_in_words
from reports.content import Annex, Card, Chart, Document, Part, Section
from reports.figure_book import NO_BASIS, FigureBook
from reports.figure_names import in_a_sentence
from reports.indicator_table import indicator_table
from reports.key_figures import key_figures, monthly_trend
from reports.plan_results import plan_results
from reports.poverty_changes import poverty_change
from reports.quality_table import quality_table
from reports.restatement_table import restatement_sentence, restatement_table
from reports.skins import SKINS

_ROMAN = ("I", "II", "III", "IV", "V")


def build_monthly_summary(summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> Document:
    """The document's content; `book` holds every number it prints."""
    return _MonthlySummary(summary, reference, book, fonts).document()


class _MonthlySummary:
    def __init__(self, summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> None:
        self._summary, self._reference, self._book, self._fonts = summary, reference, book, fonts
        self._period, self._skin = summary.period, SKINS[reference.sender.skin]
        self._words = book.words("period", "kỳ báo cáo", self._period.words())
        self._previous = book.words("period.previous", "kỳ trước", self._period.previous().words())
        self._last_year = book.words("period.last_year", "cùng kỳ", self._period.same_last_year().words())
        self._facts = [fact for fact in reference.published_facts if fact.belongs_in(self._period)]
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
            period_words=self._words,
            year=book.words("year", "năm báo cáo", str(self._period.year)),
            subject=subject,
            opening=opening,
            sections=[self._results(), self._reporting()],
            ending=self._proposals(),
            farewell=Markup("{} trân trọng báo cáo{}").format(sender.agency_in_text, self._skin.end),
            annexes=self._annexes(),
            footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if self._summary.is_sample else "",
        )

    def _heading(self, number: int, name: str) -> str:
        return f"{_ROMAN[number - 1]}{self._skin.after_numeral}{name}"

    def _results(self) -> Section:
        book = self._book
        parts = [
            self._overview(),
            self._by_activity(),
            self._resources(),
            self._poverty(),
            *self._tet(),
            *self._plan(),
            *(
                (f"Kết quả đã công bố của {place}", Part([sentence]))
                for place, sentence in published_results.places(book, self._facts)
            ),
        ]
        return Section(
            self._heading(1, "KẾT QUẢ NỔI BẬT"),
            self._numbered(parts),
            key_figures(book, self._summary, self._coverage_card()),
        )

    def _numbered(self, parts: Sequence[tuple[str, Part]]) -> list[Part]:
        numbered = []
        for number, (title, part) in enumerate(parts, start=1):
            heading = Markup("{}. {}").format(self._book.ordinal(number), title) if title else ""
            numbered.append(Part(part.paragraphs, heading, part.table, part.chart))
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

    def _overview(self) -> tuple[str, Part]:
        book, summary = self._book, self._summary
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
        return "Tình hình chung", Part([first, second], chart=monthly_trend(book, self._summary, self._fonts))

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

    def _by_activity(self) -> tuple[str, Part]:
        book = self._book
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
        return "Kết quả theo nhóm hoạt động", Part([sentence], table=tables.activity_table(book, self._summary))

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
            share = book.worked(
                f"value_total_vnd:funding={choice.code}@share_pct", f"Tỷ trọng nguồn {choice.name}",
                Operation.SHARE_PCT,
                [FigureKey("value_total_vnd", "period", "funding", choice.code), FigureKey("value_total_vnd")], "%", 1,
            )  # fmt: skip
            bars.append((choice.name, float(value), f"{amount.striptags()} ({share.striptags()}%)"))
            told.append(Markup("{} {} triệu đồng ({}%)").format(in_a_sentence(choice.name), amount, share))
        title = "Kinh phí huy động theo nguồn"
        plain = "; ".join(part.striptags() for part in told)
        svg = charts.rows(bars, f"{title}: {plain}.", self._fonts)
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
            paragraphs += self._poverty_changes()
        paragraphs += published_results.province(book, self._facts)
        return "Hộ nghèo, hộ cận nghèo", Part(paragraphs)

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

    def _tet(self) -> list[tuple[str, Part]]:
        """Tết with Tết by the lunar year, in the periods in which its gifts were given."""
        season = tet_season(self._period, self._reference.calendar, self._reference.tet_days)
        if season is None:
            return []
        book, summary = self._book, self._summary
        name, earlier = (
            book.words(f"tet.{year}", "Tết theo năm âm lịch", f"Tết {lunar_year_name(year)} ({year})")
            for year in (season.lunar_year, season.lunar_year - 1)
        )
        so_far = Markup("")
        if summary.window.last_day < season.first_day:
            so_far = Markup(" tính đến ngày {}").format(
                book.day("window.last_day", "ngày cuối kỳ", summary.window.last_day)
            )
        sentence = Markup(
            "{}{} (mùng một là ngày {}): trao {} suất quà Tết; kinh phí các hoạt động dịp Tết {} triệu đồng, {}."
        ).format(
            name,
            so_far,
            book.day("tet.first_day", "mùng một Tết", season.first_day),
            book.measure("tet_gifts", "tet"),
            book.measure("tet_value_vnd", "tet"),
            change_in_words(book, summary, "tet_value_vnd", "tet_last_year", earlier),
        )
        return [("Hoạt động dịp Tết Nguyên đán", Part([sentence]))]

    def _plan(self) -> list[tuple[str, Part]]:
        told = plan_results(self._book, self._summary, self._reference)
        return [("Thực hiện kế hoạch năm", Part(told))] if told else []

    def _reporting(self) -> Section:
        due = self._reference.calendar.due(self._period)
        paragraphs = [
            Markup("Hạn nộp báo cáo: {}. Đã chấp nhận {} báo cáo.").format(
                self._book.moment("due", "hạn nộp", due), tables.coverage(self._book)
            )
        ]
        for key, words, states in self._groups():
            if states:
                count = self._book.counted(f"coverage.{key}", words, [state.unit.code for state in states])
                names = "; ".join(state.unit.name for state in states[:20])
                more = Markup(" và các đơn vị khác tại Phụ lục II") if len(states) > 20 else Markup("")
                paragraphs.append(Markup("{} {}: {}{}.").format(count, words, names, more))
        if len(paragraphs) == 1:
            paragraphs.append(Markup("Tất cả đơn vị báo cáo đúng hạn."))
        paragraphs.append(Markup("Tình trạng số liệu: {}.").format(self._status_words()))
        if self._summary.restatement is not None:
            paragraphs.append(restatement_sentence(self._book, self._summary.restatement))
        return Section(self._heading(2, "TÌNH HÌNH BÁO CÁO CỦA CÁC ĐƠN VỊ"), [Part(paragraphs)])

    def _status_words(self) -> str:
        """How final the period's figures are: those of the main indicator speak for all."""
        status = self._summary.status(FigureKey("value_total_vnd"))
        changed = self._summary.restatement is not None and self._summary.restatement.changes
        if status is FigureStatus.COMPLETE and changed:
            status = FigureStatus.REVISED
        if status is FigureStatus.PROVISIONAL:
            return f"{status.words}, còn đơn vị chưa có báo cáo được chấp nhận" + (
                ", có số liệu đã điều chỉnh so với bản trước" if changed else ""
            )
        return status.words

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
        return Section(self._heading(3, "KIẾN NGHỊ"), [Part([text])])

    def _annexes(self) -> list[Annex]:
        annexes = [("KẾT QUẢ THEO ĐƠN VỊ", tables.unit_table(self._book, self._summary))]
        owing = [state for _, _, states in self._groups() for state in states]
        if owing:
            title = "ĐƠN VỊ TRỄ HẠN, CHƯA BÁO CÁO, KHÔNG PHÁT SINH"
            annexes.append((title, tables.follow_up_table(self._book, owing)))
        annexes.append(
            ("SỐ LIỆU THEO CHỈ TIÊU VÀ ĐỊNH NGHĨA", indicator_table(self._book, self._summary, len(annexes) + 2))
        )
        annexes.append(("CHẤT LƯỢNG SỐ LIỆU", quality_table(self._book, self._summary, len(annexes) + 2)))
        restatement = self._summary.restatement
        if restatement is not None and restatement.changes:
            table = restatement_table(self._book, self._summary, restatement, len(annexes) + 2)
            annexes.append(("SỐ LIỆU THAY ĐỔI SO VỚI BẢN TRƯỚC", table))
        return [
            Annex(f"Phụ lục {numeral}", title, table) for numeral, (title, table) in zip(_ROMAN, annexes, strict=False)
        ]
