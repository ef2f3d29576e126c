"""Published results in words: with their moment and their publisher, and nothing where one of them is missing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from markupsafe import Markup

from domain.calendar import VIETNAM
from domain.coverage import cover, owed_over
from domain.period import Period
from domain.published_facts import PublishedFact
from domain.reference import Reference
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.monthly.published_results import new_rural, places, province, province_twinning

FEBRUARY, MARCH, JANUARY_2025 = (Period.parse(month) for month in ("2024-02", "2024-03", "2025-01"))


@pytest.fixture
def book(reference: Reference) -> FigureBook:
    spans = reference.spans(FEBRUARY)
    window = reference.calendar.window(FEBRUARY)
    cut_at = datetime(2024, 2, 20, tzinfo=VIETNAM)
    return FigureBook(
        Summary(FEBRUARY, window, cut_at, True, [], cover(owed_over(reference, spans), []), {}, [FEBRUARY])
    )


def printed_in(reference: Reference, period: Period) -> list[PublishedFact]:
    return [fact for fact in reference.published_facts if fact.belongs_in(period)]


def words(paragraphs: Sequence[Markup]) -> list[str]:
    return [re.sub(r"<[^>]*>", "", paragraph) for paragraph in paragraphs]


def test_the_new_rural_counts_are_told_with_the_year_and_who_counted(reference: Reference, book: FigureBook) -> None:
    assert words(new_rural(book, printed_in(reference, FEBRUARY))) == [
        "Theo số liệu đã công bố, đến hết năm 2023 toàn tỉnh có 3 đơn vị cấp huyện đạt chuẩn, hoàn thành nhiệm vụ xây "
        "dựng nông thôn mới; 91 xã và 131 thôn, làng đạt chuẩn nông thôn mới, trong đó 110 thôn, làng vùng đồng bào "
        "DTTS (nguồn: UBND tỉnh, kết quả xây dựng nông thôn mới đến hết năm 2023; Báo Gia Lai dẫn, 02/2024)."
    ]
    assert {"S10", "S11", "S12", "S13", "about.S10"} <= {figure.figure_id for figure in book.figures}


def test_twenty_agencies_are_twinned_with_seventeen_villages(reference: Reference, book: FigureBook) -> None:
    [sentence] = words(province_twinning(book, printed_in(reference, FEBRUARY)))
    assert "đến đầu năm 2024 có 20 sở, ban, ngành cấp tỉnh kết nghĩa với 17 thôn, làng (nguồn: UBND tỉnh," in sentence


def test_they_are_printed_where_they_belong(reference: Reference, book: FigureBook) -> None:
    told = {
        month: [len(sentence(book, printed_in(reference, month))) for sentence in (new_rural, province_twinning)]
        for month in (FEBRUARY, MARCH, JANUARY_2025)
    }
    assert told == {FEBRUARY: [1, 1], MARCH: [1, 0], JANUARY_2025: [0, 0]}


@pytest.mark.parametrize("missing", ["S10", "S11", "S12", "S13", "S14", "S15"])
def test_half_of_a_sentence_is_not_printed(reference: Reference, book: FigureBook, missing: str) -> None:
    facts = [fact for fact in printed_in(reference, FEBRUARY) if fact.fact_id != missing]
    sentence = province_twinning if missing in ("S14", "S15") else new_rural
    assert sentence(book, facts) == []
    assert book.figures == []


def test_facts_of_two_moments_make_no_sentence(reference: Reference, book: FigureBook) -> None:
    facts = [
        replace(fact, about="2022-12-31") if fact.fact_id == "S12" else fact for fact in printed_in(reference, FEBRUARY)
    ]
    assert new_rural(book, facts) == []


@pytest.mark.parametrize(("about", "told"), [("2024-06-30", "đến ngày 30/6/2024"), ("quý I/2024", "quý I/2024")])
def test_another_moment_is_told_as_what_it_is(reference: Reference, book: FigureBook, about: str, told: str) -> None:
    facts = [replace(fact, about=about) for fact in printed_in(reference, FEBRUARY)]
    [sentence] = words(new_rural(book, facts))
    assert f"Theo số liệu đã công bố, {told} toàn tỉnh có" in sentence


def test_a_state_figure_names_its_publisher_before_the_newspaper(reference: Reference, book: FigureBook) -> None:
    facts = printed_in(reference, FEBRUARY)
    baseline, targets = words(province(book, facts))
    assert "đến hết năm 2023 toàn tỉnh có 31.502 hộ nghèo, chiếm 8,11%" in baseline
    assert "(nguồn: UBND tỉnh, kết quả rà soát hộ nghèo cuối năm 2023; Báo Gia Lai dẫn, 02/2024)" in baseline
    assert "giảm 2 điểm phần trăm" in targets
    assert "điểm %" not in targets
    for fact in facts:
        if fact.scope_code == "64":
            assert not fact.source.startswith("Báo"), fact.fact_id
    [(_, city)] = places(book, facts)
    assert "Giai đoạn 2013 - 2023 (lũy kế): " in words([city])[0]


def test_no_text_of_the_facts_holds_a_day_as_machines_write_it(reference: Reference) -> None:
    for fact in reference.published_facts:
        assert fact.day is not None or not re.search(r"\d{4}-\d\d", fact.about), fact.fact_id
        assert "luỹ" not in fact.about
        assert "mùng" not in fact.about
