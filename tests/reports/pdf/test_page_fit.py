"""From one print it is foreseen which layout leaves no page nearly empty."""

from hypothesis import given
from hypothesis import strategies as st

from reports.pdf.fullness import PageFill
from reports.pdf.page_fit import BENEFICIARIES, FUNDING, Layout, Limits, foreseen, is_better, is_fitting, limits_of

LIMITS = Limits(5, 6)


def pages(*filled: float, annexed: int = 0) -> list[PageFill]:
    """Pages so full, the last `annexed` of them appendices."""
    return [PageFill(each, place >= len(filled) - annexed) for place, each in enumerate(filled)]


def test_pages_that_are_two_thirds_full_are_left_as_they_are() -> None:
    assert is_fitting(pages(1.0, 0.67, 0.9, annexed=1), LIMITS)
    assert foreseen(pages(1.0, 0.67, 0.9, annexed=1), LIMITS) == Layout()


def test_an_appendix_that_ends_early_is_filled_with_a_further_table() -> None:
    assert foreseen(pages(1.0, 0.9, 1.0, 0.27, annexed=2), LIMITS) == Layout(extras=frozenset({BENEFICIARIES}))
    assert foreseen(pages(1.0, 0.9, 1.0, 0.45, annexed=2), LIMITS) == Layout(extras=frozenset({FUNDING}))


def test_a_body_that_ends_early_is_set_wider_unless_it_becomes_too_long() -> None:
    assert foreseen(pages(1.0, 1.0, 1.0, 0.5, 0.9, annexed=1), LIMITS).body == "airier"
    assert foreseen(pages(1.0, 1.0, 1.0, 1.0, 1.0, 0.05, 0.9, annexed=1), LIMITS).body == "tight"


def test_a_print_within_the_limits_is_better_than_a_fuller_one_beyond_them() -> None:
    within, beyond = pages(*[1.0] * 4, 0.5), pages(*[1.0] * 6)
    assert is_better(within, beyond, LIMITS)
    assert not is_better(beyond, within, LIMITS)


def test_what_was_tried_and_did_not_fit_is_not_tried_again() -> None:
    filled = pages(1.0, 1.0, 1.0, 0.5, 0.9, annexed=1)
    first = foreseen(filled, LIMITS)
    assert foreseen(filled, LIMITS, [Layout(), first]).body not in ("", first.body)


def test_a_report_of_a_province_is_held_to_its_pages_and_one_of_a_country_is_printed_once() -> None:
    too_long, nearly_empty = pages(*[1.0] * 30, annexed=26), pages(1.0, 0.9, 1.0, 0.02, annexed=2)
    for province in (17, 135):
        assert not is_fitting(too_long, limits_of(province))
        assert not is_fitting(nearly_empty, limits_of(province))
    assert is_fitting(too_long, limits_of(825))
    assert is_fitting(nearly_empty, limits_of(825))


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=12), st.integers(0, 12))
def test_whatever_the_pages_are_a_layout_is_named(filled: list[float], annexed: int) -> None:
    layout = foreseen(pages(*filled, annexed=min(annexed, len(filled) - 1)), LIMITS)
    assert isinstance(layout.classes, str)
