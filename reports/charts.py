"""Charts as SVG with real text: Altair describes them, vl-convert draws them, no browser is involved."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

FONT = "Tinos"
_DARK, _LIGHT = "#12365b", "#8fb0d0"
_WIDTH = 480


def columns(bars: Sequence[tuple[str, float | None, str]], alternative: str, fonts: Path) -> Markup:
    """Upright columns, one per month; the last one stands out. A bar is (label, height, printed number)."""
    import altair as alt

    rows = [
        {"label": label, "height": height or 0, "text": text, "last": place == len(bars) - 1}
        for place, (label, height, text) in enumerate(bars)
    ]
    order = [label for label, _, _ in bars]
    tallest = max((height or 0 for _, height, _ in bars), default=0) or 1
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(
            "label:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelAngle=0, labelPadding=6, ticks=False, domainColor="black"),
        ),
        y=alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, tallest])),
    )
    bar = base.mark_bar(size=38).encode(color=alt.condition("datum.last", alt.value(_DARK), alt.value(_LIGHT)))
    label = base.mark_text(dy=-8, fontSize=12, fontWeight="bold").encode(text="text:N")
    return _svg((bar + label).properties(width=_WIDTH, height=84), alternative, fonts)


def rows(bars: Sequence[tuple[str, float, str]], alternative: str, fonts: Path) -> Markup:
    """Lying bars, longest first as given. A bar is (label, length, printed number)."""
    import altair as alt

    data = [{"label": label, "length": length, "text": text} for label, length, text in bars]
    order = [label for label, _, _ in bars]
    base = alt.Chart(alt.Data(values=data)).encode(
        y=alt.Y(
            "label:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelLimit=260, labelPadding=5, ticks=False, domainColor="black"),
        ),
        x=alt.X("length:Q", axis=None),
    )
    bar = base.mark_bar(color=_DARK, size=13)
    label = base.mark_text(align="left", dx=5, fontSize=12, fontWeight="bold").encode(text="text:N")
    return _svg((bar + label).properties(width=_WIDTH - 210, height=22 * len(bars)), alternative, fonts)


def _svg(chart: Any, alternative: str, fonts: Path) -> Markup:
    import vl_convert

    vl_convert.register_font_directory(str(fonts))
    configured = (
        chart.configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, labelFont=FONT, grid=False)
    )
    svg = vl_convert.vegalite_to_svg(configured.to_dict(format="vega-lite"))
    svg = re.sub(r' class="[^"]*"| role="[^"]*"| aria-[a-z]+="[^"]*"', "", svg)
    # WeasyPrint makes the first child, the title, the alternative text of the figure.
    described = Markup("<title>{}</title>").format(alternative)
    return Markup(re.sub(r"(<svg[^>]*>)", lambda found: found[1] + str(described), svg, count=1))
