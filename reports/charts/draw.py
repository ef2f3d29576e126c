"""Charts as SVG with real text: Altair describes them, vl-convert draws them, no browser is involved.

Every chart reads in black and white: dark, light and white differ in lightness, and every mark bears its number.
"""

import re
import textwrap
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reports.charts.flat_svg import flat_svg
from reports.pdf.faces import width_of

FONT = "Tinos"
DARK, LIGHT, RULE = "#12365b", "#8fb0d0", "#8c1d22"
WHOLE, HALF = 600, 292
"""Widths in px: of the text, and of a chart that stands beside another."""
_LABEL_PX = 11
_BETWEEN_PX = 6
_SHARPNESS = 2.5
"""Pixels of a picture for each px of the drawing."""
_LETTER_PX = 6
"""About as wide as a letter of a label is."""
_ROW_PX, _LINE_PX = 14, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its printed number; `planned` is what was asked for, `light` the part of it that is drawn lighter.

    One that `is_open` is not filled: it does not stand on all that it should.
    """

    label: str
    size: float | None
    text: str
    is_dark: bool = False
    planned: float | None = None
    light: float = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a line; points of one `run` are joined. One that `is_open` does not stand on all that it should."""

    label: str
    height: float | None
    text: str
    run: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that is yet to be drawn: alike where it shows the same in the same way."""

    kind: str
    shown: Hashable
    described: Callable[[], Any] = field(compare=False)
    """How Altair describes it."""


def columns(bars: Sequence[Bar], alternative: str, fonts: Path, width: int = WHOLE) -> Markup:
    """Upright columns, one per month, each with a red rule where a plan asks for something."""
    shown = (tuple(bars), fonts, width)
    return svg_of(Drawing("columns", shown, lambda: _columns(bars, fonts, width)), alternative, fonts)


def _columns(bars: Sequence[Bar], fonts: Path, width: int) -> Any:
    import altair as alt

    tallest = max((each or 0 for bar in bars for each in (bar.size, bar.planned)), default=0) or 1
    rows = [
        {
            "label": bar.label,
            "size": bar.size or 0,
            "heavy": (bar.size or 0) - bar.light,
            "text": bar.text,
            "open": bar.is_open,
            "planned": bar.planned,
            "above": _foot_of_the_number(bar, tallest),
        }
        for bar in bars
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=_months(alt, [bar.label for bar in bars]),
        y=alt.Y("size:Q", axis=None, scale=alt.Scale(domain=[0, tallest])),
    )
    size = min(38, 0.62 * width / max(len(bars), 1))
    bar = base.mark_bar(size=size, stroke="black", strokeWidth=0.5).encode(
        color=alt.condition("datum.open", alt.value("white"), alt.value(LIGHT))
    )
    heavy = (
        base.transform_filter("datum.heavy > 0")
        .mark_bar(size=size, stroke="black", strokeWidth=0.5)
        .encode(
            y=alt.Y("heavy:Q", axis=None, scale=alt.Scale(domain=[0, tallest])),
            color=alt.condition("datum.open", alt.value("white"), alt.value(DARK)),
        )
    )
    letters = _letters([bar.text for bar in bars], width - 20, fonts)
    number = base.mark_text(dy=-8, fontSize=letters, fontWeight="bold").encode(text="text:N")
    layers = bar + heavy
    if any(each.planned is not None for each in bars):
        layers += (
            base.transform_filter("isValid(datum.planned)")
            .mark_tick(color=RULE, thickness=1.8, size=size * 1.3, orient="horizontal")
            .encode(y=alt.Y("planned:Q", axis=None))
        )
        number = number.encode(y="above:Q")
    return (layers + number).properties(width=width - 20, height=96)


def _foot_of_the_number(bar: Bar, tallest: float) -> float:
    """Over its bar, or over the rule of the plan where that would run through the number."""
    size = bar.size or 0
    runs_through = bar.planned is not None and size <= bar.planned <= size + tallest / 5
    return bar.planned if runs_through and bar.planned is not None else size


def rows(bars: Sequence[Bar], alternative: str, fonts: Path, width: int = WHOLE) -> Markup:
    """Lying bars, in the order given."""
    return svg_of(Drawing("rows", (tuple(bars), width), lambda: ranking(bars, width)), alternative, fonts)


def ranking(bars: Sequence[Bar], width: int, longest: float | None = None) -> Any:
    """Lying bars as a chart that may stand beside another, on a scale that reaches to `longest`.

    Long names are broken, never cut: every line is placed by itself.
    """
    import altair as alt

    names = [textwrap.wrap(bar.label, width // 2 // _LETTER_PX) for bar in bars]
    heights = [max(_ROW_PX, _LINE_PX * len(lines) + 4) for lines in names]
    middles = [sum(heights[:place]) + height / 2 for place, height in enumerate(heights)]
    letters = max((len(line) for lines in names for line in lines), default=0) * _LETTER_PX
    numbers = max((len(bar.text) for bar in bars), default=0) * (_LETTER_PX + 1) + 8
    drawn = [
        {"y": middle, "size": bar.size, "text": bar.text, "dark": bar.is_dark}
        for middle, bar in zip(middles, bars, strict=True)
    ]
    written = [
        {"y": middle + _LINE_PX * (place - (len(lines) - 1) / 2), "line": line}
        for middle, lines in zip(middles, names, strict=True)
        for place, line in enumerate(lines)
    ]
    y = alt.Y("y:Q", scale=None, axis=None)
    x = alt.X("size:Q", axis=None, scale=alt.Scale(domain=[0, longest or max(bar.size or 0 for bar in bars) or 1]))
    base = alt.Chart(alt.Data(values=drawn)).encode(y=y)
    bar = base.mark_bar(size=11, orient="horizontal").encode(
        x=x, color=alt.condition("datum.dark", alt.value(DARK), alt.value(LIGHT))
    )
    number = base.mark_text(align="left", dx=5, fontSize=_LABEL_PX, fontWeight="bold").encode(x=x, text="text:N")
    name = (
        alt.Chart(alt.Data(values=written))
        .mark_text(align="right", fontSize=_LABEL_PX)
        .encode(x=alt.value(-6), y=y, text="line:N")
    )
    foot = (
        alt.Chart(alt.Data(values=[{}])).mark_rule().encode(x=alt.value(0), y=alt.value(0), y2=alt.value(sum(heights)))
    )
    return (bar + number + name + foot).properties(width=max(width - letters - numbers - 10, 60), height=sum(heights))


def line(points: Sequence[Point], alternative: str, fonts: Path, width: int = HALF) -> Markup:
    """A line through months, broken where a month is not known or its points are of another run."""
    shown = (tuple(points), fonts, width)
    return svg_of(Drawing("line", shown, lambda: _line(points, fonts, width)), alternative, fonts)


def _line(points: Sequence[Point], fonts: Path, width: int) -> Any:
    import altair as alt

    before = [None, *(point.height for point in points[:-1])]
    data = [
        {
            "label": each.label,
            "height": each.height,
            "text": each.text,
            "run": each.run,
            "open": each.is_open,
            "falls": each.height is not None and earlier is not None and each.height < earlier,
        }
        for earlier, each in zip(before, points, strict=True)
    ]
    known = [each.height for each in points if each.height is not None]
    spread = (max(known) - min(known)) or max(abs(known[0]), 1) * 0.1
    scale = alt.Scale(domain=[min(known) - 0.5 * spread, max(known) + 0.5 * spread], zero=False)
    base = alt.Chart(alt.Data(values=data)).encode(x=_months(alt, [each.label for each in points]))
    height = base.encode(y=alt.Y("height:Q", axis=None, scale=scale)).transform_filter("isValid(datum.height)")
    layers = height.mark_line(color=DARK, strokeWidth=2).encode(detail="run:N") + height.mark_point(
        stroke=DARK, strokeWidth=1.6, filled=True, size=46, opacity=1
    ).encode(fill=alt.condition("datum.open", alt.value("white"), alt.value(DARK)))
    # A number stands where the line does not come from: over a point that rose, below one that fell.
    letters = _letters([each.text for each in points], width - 34, fonts)
    for falls, place in ((False, {"dy": -11}), (True, {"dy": 13})):
        layers += (
            height.transform_filter(f"datum.falls === {str(falls).lower()}")
            .mark_text(fontSize=letters, fontWeight="bold", **place)
            .encode(text="text:N")
        )
    return layers.properties(width=width - 34, height=104)


def _letters(texts: Sequence[str], width: float, fonts: Path) -> float:
    """How large numbers side by side may be without running into each other: together they would be another number."""
    widest = max((width_of(text, 1, fonts, is_bold=True) for text in texts), default=0) or 1
    return min(_LABEL_PX, round((width / max(len(texts), 1) - _BETWEEN_PX) / widest, 1))


def _months(alt: Any, labels: Sequence[str]) -> Any:
    axis = alt.Axis(
        labelAngle=0, labelPadding=6, ticks=False, domainColor="black", labelExpr="split(datum.label, '|')"
    )  # fmt: skip
    return alt.X("label:N", sort=list(labels), title=None, axis=axis)


def svg_of(drawing: Drawing, alternative: str, fonts: Path) -> Markup:
    """The drawn chart, with its alternative text as title."""
    # WeasyPrint makes the first child, the title, the alternative text of the figure.
    described = Markup("<title>{}</title>").format(alternative)
    return Markup(re.sub(r"(<svg[^>]*>)", lambda found: found[1] + str(described), _drawn(drawing, fonts), count=1))


@lru_cache(maxsize=8)
def _drawn(drawing: Drawing, fonts: Path) -> str:
    """A report that is laid out several times draws each of its charts once."""
    import vl_convert

    configured = (
        drawing.described()
        .configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=_LABEL_PX, labelFont=FONT, grid=False)
    )
    vl_convert.register_font_directory(str(fonts))
    return flat_svg(vl_convert.vegalite_to_svg(configured.to_json(format="vega-lite")), fonts)


def png_of(svg: Markup, fonts: Path) -> tuple[bytes, str, float]:
    """A drawn chart as a picture for programs that know no SVG, its alternative text, and its width in px."""
    import vl_convert

    vl_convert.register_font_directory(str(fonts))
    title = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
    width = re.search(r'<svg[^>]* width="([\d.]+)"', svg)
    assert title is not None, "a chart has an alternative text"
    assert width is not None, "a chart has a width"
    return vl_convert.svg_to_png(str(svg), scale=_SHARPNESS), unescape(title[1]), float(width[1])
