"""Figures that somebody published: worded with their qualifier and source, never added to the month's own."""

from collections.abc import Sequence

from markupsafe import Markup

from domain import wording
from domain.published_facts import PublishedFact
from reports.figure_book import FigureBook
from reports.figure_names import in_a_sentence

_PROVINCE = "64"
_QUALIFIERS = {"=": "", ">": "hơn ", "<": "dưới ", "<=": "không quá ", "~": "khoảng "}


def province(book: FigureBook, facts: Sequence[PublishedFact]) -> list[Markup]:
    """The province's last published poverty figures and the year's targets, where all of them are known."""
    paragraphs = []
    by_indicator = {fact.indicator: fact for fact in facts if fact.scope_code == _PROVINCE}
    baseline = ("poor_households", "poverty_rate_pct", "poor_households_dtts", "poverty_rate_dtts_pct")
    if all(name in by_indicator for name in baseline):
        paragraphs.append(
            Markup(
                "Theo số liệu đã công bố, {} toàn tỉnh có {} hộ nghèo, chiếm {}%; hộ nghèo DTTS {} hộ, chiếm {}% so "
                "với tổng số hộ DTTS (nguồn: {})."
            ).format(
                _about(book, by_indicator["poor_households"]),
                *(book.published(by_indicator[name]) for name in baseline),
                book.reference(by_indicator["poor_households"].source),
            )
        )
    targets = (
        "poverty_reduction_target_pp",
        "poverty_rate_target_pct",
        "poverty_reduction_dtts_target_pp",
    )
    if all(name in by_indicator for name in targets):
        paragraphs.append(
            Markup(
                "Mục tiêu năm của cả tỉnh: giảm {} điểm phần trăm tỷ lệ hộ nghèo, còn không quá {}%; giảm {} điểm phần trăm tỷ lệ "
                "hộ nghèo DTTS (nguồn: {})."
            ).format(
                *(book.published(by_indicator[name]) for name in targets),
                book.reference(by_indicator["poverty_rate_target_pct"].source),
            )
        )
    return paragraphs


def new_rural(book: FigureBook, facts: Sequence[PublishedFact]) -> list[Markup]:
    """How far the province had come with new rural districts, communes and villages, where all of it is known."""
    names = ("new_rural_districts", "new_rural_communes", "new_rural_villages", "new_rural_villages_dtts")
    found = _of_province(facts, names)
    if not found:
        return []
    return [
        Markup(
            "Theo số liệu đã công bố, {} toàn tỉnh có {} đơn vị cấp huyện đạt chuẩn, hoàn thành nhiệm vụ xây dựng nông "
            "thôn mới; {} xã và {} thôn, làng đạt chuẩn nông thôn mới, trong đó {} thôn, làng vùng đồng bào DTTS "
            "(nguồn: {})."
        ).format(_about(book, found[0]), *(_counted(book, fact) for fact in found), book.reference(found[0].source))
    ]


def province_twinning(book: FigureBook, facts: Sequence[PublishedFact]) -> list[Markup]:
    """How many agencies of the province were twinned with how many villages, where both are known."""
    found = _of_province(facts, ("province_partners", "province_twinned_villages"))
    if not found:
        return []
    return [
        Markup(
            "Theo số liệu đã công bố, {} có {} sở, ban, ngành cấp tỉnh kết nghĩa với {} thôn, làng (nguồn: {})."
        ).format(_about(book, found[0]), *(_counted(book, fact) for fact in found), book.reference(found[0].source))
    ]


def places(book: FigureBook, facts: Sequence[PublishedFact]) -> list[tuple[str, Markup]]:
    """For each place below the province, its name and a sentence with its results as their source gave them."""
    by_place: dict[str, list[PublishedFact]] = {}
    for fact in facts:
        if fact.scope_code != _PROVINCE:
            by_place.setdefault(fact.scope_name, []).append(fact)
    sentences = []
    for place, own in by_place.items():
        results = [
            Markup("{} {}{} {}").format(
                in_a_sentence(fact.name), _QUALIFIERS[fact.qualifier], book.published(fact), book.unit_of(fact.fact_id)
            )
            for fact in own
        ]
        about = book.phrase(f"about.{own[0].fact_id}", "thời gian của số liệu", own[0].about)
        sentence = Markup(
            "Giai đoạn {}: {} (nguồn: {}). Các số này gộp nhiều năm, không cộng với kết quả trong kỳ."
        ).format(about, Markup("; ").join(results), book.reference(own[0].source))
        sentences.append((place, sentence))
    return sentences


def _of_province(facts: Sequence[PublishedFact], indicators: Sequence[str]) -> list[PublishedFact]:
    """The province's facts of these indicators in their order; none where one is missing or of another moment."""
    by_indicator = {fact.indicator: fact for fact in facts if fact.scope_code == _PROVINCE}
    found = [by_indicator[name] for name in indicators if name in by_indicator]
    is_whole = len(found) == len(indicators) and len({fact.about for fact in found}) == 1
    return found if is_whole else []


def _counted(book: FigureBook, fact: PublishedFact) -> Markup:
    return Markup("{}{}").format(_QUALIFIERS[fact.qualifier], book.published(fact))


def _about(book: FigureBook, fact: PublishedFact) -> Markup:
    """The moment of the fact: the end of a year, another day, or as the table words it."""
    if fact.day is None:
        text = fact.about
    elif fact.year is not None:
        text = f"đến hết năm {fact.year}"
    else:
        text = f"đến ngày {wording.short_day(fact.day)}"
    return book.phrase(f"about.{fact.fact_id}", "thời điểm của số liệu", text)
