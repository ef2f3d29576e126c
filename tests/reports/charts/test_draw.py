"""Charts are drawn with real text, read in black and white, and say in words what they show."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from markupsafe import Markup

from reports.charts import draw as charts
from reports.pdf.faces import width_of
from services.settings import Settings

pytestmark = pytest.mark.slow
FONTS = Settings(_env_file=None).fonts


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def words(svg: Markup) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def columns() -> Markup:
    bars = [charts.Bar("T12|2023", 10, "2.955,1", planned=8), charts.Bar("T1|2024|15/17", None, "chưa có")]
    return charts.columns(bars, "Kinh phí: T12/2023: 2.955,1.", FONTS)


def test_numbers_stay_as_they_are_printed_and_months_break_at_the_bar() -> None:
    assert {"2.955,1", "chưa có", "T12", "2023", "T1", "2024", "15/17"} <= set(words(columns()))


def test_the_first_thing_in_a_chart_is_what_it_shows_in_words() -> None:
    assert re.match(r"<svg[^>]*><title>Kinh phí: T12/2023: 2\.955,1\.</title>", columns())


def test_alternative_text_is_no_markup() -> None:
    svg = charts.rows([charts.Bar("<b>&", 1, "1")], "<script>", FONTS)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg


def test_nothing_is_nested_and_every_text_begins_where_it_stands() -> None:
    """PDF/A bears 28 levels, and a text that is anchored elsewhere becomes an object of its own."""
    svg = charts.line([charts.Point("T1|2024", 16.4, "16,40"), charts.Point("T2|2024", 16.1, "16,10")], "x", FONTS)
    assert "<g" not in svg
    assert "text-anchor" not in svg


def test_a_long_name_is_broken_not_cut() -> None:
    name = "Đóng góp của cán bộ, công chức, viên chức và người lao động toàn tỉnh"
    svg = charts.rows([charts.Bar(name, 1, "624,1 (21,1%)")], "x", FONTS, charts.HALF)
    assert " ".join(words(svg)[1:]).split() == name.split() or " ".join(words(svg)).count("…") == 0
    assert set(name.split()) <= set(" ".join(words(svg)).split())


def test_numbers_side_by_side_never_run_into_each_other() -> None:
    """Two numbers that touch would be read as one, by people and by whoever reads the PDF."""
    bars = [charts.Bar(f"T{month}|2026", 10, "14.955.123,4") for month in range(1, 7)]
    svg = charts.columns(bars, "x", FONTS, charts.HALF)
    [size] = {float(each) for each in re.findall(r'font-size="([\d.]+)px"[^>]*>14\.955\.123,4<', svg)}
    begins = sorted(float(each) for each in re.findall(r"translate\(([\d.]+),[^>]*>14\.955\.123,4<", svg))
    width = width_of("14.955.123,4", size, FONTS, is_bold=True)
    assert min(after - before for before, after in pairwise(begins)) > width + 3


def test_a_line_is_broken_where_a_month_is_unknown() -> None:
    points = [charts.Point(f"T{n}|2024", height, "" if height is None else str(height)) for n, height in
              enumerate((16.4, None, 16.1), start=1)]  # fmt: skip
    svg = charts.line(points, "x", FONTS)
    assert {"16.4", "16.1"} <= set(words(svg))
    assert "None" not in svg
    assert "null" not in svg


def test_only_points_of_one_run_are_joined_and_one_that_stands_on_less_is_open() -> None:
    alike = [charts.Point("T1|2024", 16.4, "16,40", 1), charts.Point("T2|2024", 16.1, "16,10", 1)]
    apart = [charts.Point("T1|2024", 16.4, "16,40", 1), charts.Point("T2|2024|14/17", 16.1, "16,10", 2, is_open=True)]
    joined, separate = (charts.line(points, "x", FONTS) for points in (alike, apart))
    assert len(re.findall(r'stroke-width="2"', joined)) == 1
    assert not re.search(r' d="M[^"]*L[^"]*"[^>]*stroke-width="2"', separate)
    assert separate.count('fill="white"') == joined.count('fill="white"') + 1


def test_the_shades_differ_in_print() -> None:
    from reports.charts.unit_map import DARK_TO_LIGHT, IDLE

    ordered = [lightness(colour) for colour in (*DARK_TO_LIGHT, IDLE, "#ffffff")]
    assert ordered == sorted(ordered)
    assert min(b - a for a, b in pairwise(ordered)) > 0.06
    assert lightness(charts.LIGHT) - lightness(charts.DARK) > 0.4


@pytest.mark.parametrize("chart", [columns, lambda: charts.rows([charts.Bar("a", 1, "1")], "x", FONTS)])
def test_a_chart_is_the_same_every_time(chart: object) -> None:
    assert chart() == chart()  # type: ignore[operator]


def test_a_picture_of_a_chart_keeps_its_words() -> None:
    image, alternative, width = charts.png_of(columns(), Path(FONTS))
    assert image.startswith(b"\x89PNG")
    assert alternative == "Kinh phí: T12/2023: 2.955,1."
    assert width > 500
