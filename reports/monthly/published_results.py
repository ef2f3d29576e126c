"""Figures that somebody published: worded with their qualifier and source, never added to the month's own."""

from collections.abc import Sequence

from markupsafe import Markup

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
                "Mục tiêu năm: giảm {} điểm % tỷ lệ hộ nghèo, còn không quá {}%; giảm {} điểm % tỷ lệ hộ nghèo DTTS "
                "(nguồn: {})."
            ).format(
                *(book.published(by_indicator[name]) for name in targets),
                book.reference(by_indicator["poverty_rate_target_pct"].source),
            )
        )
    return paragraphs


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


def _about(book: FigureBook, fact: PublishedFact) -> Markup:
    year, month, day = fact.about.split("-")
    return book.phrase(f"about.{fact.fact_id}", "thời điểm của số liệu", f"đến ngày {day}/{month}/{year}")
