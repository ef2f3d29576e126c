"""Where the money went: a map of the units, or a grid of tiles in their official order, beside the first and the last."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup

from domain.boundaries import Outline, outlines_of
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary, UnitState
from reports.charts import draw as charts
from reports.content import Chart
from reports.figure_book import FigureBook

_NONE, _MISSING = "không có kinh phí", "chưa có báo cáo"
_SHADES = {"nhóm cao": charts.DARK, "nhóm giữa": "#5f86b3", "nhóm thấp": "#b9cde2", _NONE: "#ececec", _MISSING: "white"}
"""From dark to white, so that they differ in print too."""
_THIRDS = tuple(_SHADES)[:3]
_AT_EACH_END = 5
_MAP_PX, _RANKING_PX = 318, 270
_MOST_COLUMNS = 15


def unit_map(book: FigureBook, summary: Summary, reference: Reference, fonts: Path, number: int) -> Chart | None:
    """The units by the money raised in the period; nothing where one unit alone reports, or none raised anything."""
    states = summary.units
    money = {
        state.unit.code: summary.value(FigureKey("value_total_vnd", "period", "unit", state.unit.code))
        for state in states
        if state.is_counted
    }
    raised = sorted(
        (state for state in states if money.get(state.unit.code)), key=lambda state: -(money[state.unit.code] or 0)
    )
    if len(states) < 2 or not raised:
        return None
    shades = _shades(states, money)
    outlines = outlines_of(reference.boundaries, (state.unit.code for state in states))
    places = {state.unit.code: book.ordinal(place).striptags() for place, state in enumerate(states, start=1)}
    left = _map(outlines, shades, places) if outlines else _tiles(states, shades, places)
    ends, values = _ends(book, raised)
    alternative = f"Kinh phí huy động trong kỳ của {len(states)} đơn vị, triệu đồng. {values}"
    chart = left | ends
    caption = Markup("Hình {}. Kinh phí trong kỳ theo đơn vị (triệu đồng); số {}: thứ tự ở Phụ lục I").format(
        book.ordinal(number), "trên bản đồ" if outlines else "trong ô"
    )
    return Chart(charts.svg_of(chart.resolve_scale(color="independent"), alternative, fonts), caption)


def _shades(states: Sequence[UnitState], money: dict[str, Decimal | None]) -> dict[str, str]:
    """Each unit's group: those that raised something in three of the same size, the others by why they did not."""
    ranked = sorted((code for code, value in money.items() if value), key=lambda code: -(money[code] or 0))
    thirds = {code: _THIRDS[place * len(_THIRDS) // len(ranked)] for place, code in enumerate(ranked)}
    return {state.unit.code: thirds.get(state.unit.code, _NONE if state.is_counted else _MISSING) for state in states}


def _ends(book: FigureBook, raised: Sequence[UnitState]) -> tuple[Any, str]:
    """The units with the most and with the least, or all where they are few; and the same in words."""
    import altair as alt

    def bars(states: Sequence[UnitState], *, are_dark: bool) -> list[charts.Bar]:
        texts = [book.measure("value_total_vnd", "period", "unit", each.unit.code).striptags() for each in states]
        values = [book.operand(FigureKey("value_total_vnd", "period", "unit", each.unit.code)) for each in states]
        return [
            charts.Bar(each.unit.name, float(value), text, are_dark)
            for each, value, text in zip(states, values, texts, strict=True)
        ]

    def block(title: str, shown: Sequence[charts.Bar], longest: float) -> Any:
        heading = alt.TitleParams(title, anchor="start", fontSize=12, fontWeight="bold", font=charts.FONT)
        return charts.ranking(shown, _RANKING_PX, longest).properties(title=heading)

    def in_words(shown: Sequence[charts.Bar]) -> str:
        return "; ".join(f"{bar.label}: {bar.text}" for bar in shown)

    if len(raised) <= 2 * _AT_EACH_END:
        everybody = bars(raised, are_dark=True)
        return block("Các đơn vị", everybody, everybody[0].size or 1), f"Từ cao xuống thấp: {in_words(everybody)}."
    most, least = bars(raised[:_AT_EACH_END], are_dark=True), bars(raised[-_AT_EACH_END:], are_dark=False)
    longest = most[0].size or 1
    return (
        alt.vconcat(
            block("Cao nhất", most, longest), block("Thấp nhất (trong số có kinh phí)", least, longest), spacing=8
        ),
        f"Cao nhất: {in_words(most)}. Thấp nhất: {in_words(least)}.",
    )


def _colour(alt: Any) -> Any:
    scale = alt.Scale(domain=list(_SHADES), range=list(_SHADES.values()))
    legend = alt.Legend(
        title=None, orient="bottom", columns=3, labelFontSize=11, labelLimit=0, symbolType="square", symbolSize=110,
        symbolStrokeColor="black", symbolStrokeWidth=0.5,
    )  # fmt: skip
    return alt.Color("shade:N", scale=scale, legend=legend)


def _ink(alt: Any) -> Any:
    """Numbers are white on the two dark shades."""
    return alt.condition(alt.FieldOneOfPredicate("shade", list(_THIRDS[:2])), alt.value("white"), alt.value("black"))


def _tiles(states: Sequence[UnitState], shades: dict[str, str], places: dict[str, str]) -> Any:
    import altair as alt

    across = min(max(6, round((len(states) * 1.6) ** 0.5)), _MOST_COLUMNS)
    data = [
        {
            "column": place % across,
            "row": place // across,
            "shade": shades[state.unit.code],
            "text": places[state.unit.code],
        }
        for place, state in enumerate(states)
    ]
    down = -(-len(states) // across)
    side = min(46, _MAP_PX // across)
    base = alt.Chart(alt.Data(values=data)).encode(
        x=alt.X("column:O", axis=None, scale=alt.Scale(padding=0.06)),
        y=alt.Y("row:O", axis=None, scale=alt.Scale(padding=0.06)),
    )
    tile = base.mark_rect(stroke="black", strokeWidth=0.5).encode(color=_colour(alt))
    text = base.mark_text(fontSize=11 if side > 24 else 9).encode(text="text:N", color=_ink(alt))
    return (tile + text).properties(width=side * across, height=side * down)


def _map(outlines: Sequence[Outline], shades: dict[str, str], places: dict[str, str]) -> Any:
    import altair as alt

    land = [
        {
            "type": "Feature",
            "shade": shades[outline.code],
            "geometry": {"type": "MultiPolygon", "coordinates": outline.polygons},
        }
        for outline in outlines
    ]
    names = []
    for outline in outlines:
        longitude, latitude = outline.middle()
        shade = {"shade": shades[outline.code], "text": places[outline.code]}
        names.append(shade | {"longitude": longitude, "latitude": latitude})
    # Degrees as they are: at this latitude the distortion is three in a hundred, and rings may turn either way.
    flat = {"type": "identity", "reflectY": True}
    area = alt.Chart(alt.Data(values=land)).mark_geoshape(stroke="black", strokeWidth=0.4).encode(color=_colour(alt))
    text = (
        alt.Chart(alt.Data(values=names))
        .mark_text(fontSize=8)
        .encode(longitude="longitude:Q", latitude="latitude:Q", text="text:N", color=_ink(alt))
    )
    return (area + text).project(**flat).properties(width=_MAP_PX, height=270)
