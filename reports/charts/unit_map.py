"""Where the money went, per twinned village: a map of the units, or their ranking; like is compared with like."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup

from domain.boundaries import Outline, outlines_of
from domain.claims import Claim, ClaimKind, Direction
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary, UnitState
from reports.charts import draw as charts
from reports.content import Chart
from reports.figure_book import FigureBook
from reports.monthly.claims import side

_EACH = "value_per_village_vnd"
_NONE, _MISSING = "không có kinh phí", "chưa có báo cáo"
DARK_TO_LIGHT, IDLE = (charts.DARK, "#5f86b3", "#b9cde2"), "#ececec"
"""The shades of the classes, and of units without money; those without a report are white."""
_AT_EACH_END = 6
_MAP_PX, _RANKING_PX, _BESIDE_PX = 318, 270, 296


def unit_map(book: FigureBook, summary: Summary, reference: Reference, fonts: Path, number: int) -> Chart | None:
    """The units by the money per twinned village; nothing where one unit alone reports, or none raised anything."""
    states = summary.units
    known = {state.unit.code: summary.value(_key(state)) for state in states if state.is_counted}
    raised = sorted(
        (state for state in states if known.get(state.unit.code)), key=lambda each: -(known[each.unit.code] or 0)
    )
    if len(states) < 2 or not raised:
        return None
    outlines = outlines_of(reference.boundaries, (state.unit.code for state in states))
    title = "Kinh phí bình quân một làng kết nghĩa theo đơn vị (triệu đồng)"
    caption = Markup("Hình {}. {}").format(book.ordinal(number), title)
    if len(raised) < len(states):
        shown = book.counted("units.raised", "đơn vị có kinh phí", [state.unit.code for state in raised])
        whole = book.counted("units.all", "đơn vị phải báo cáo", [state.unit.code for state in states])
        caption += Markup("; {}/{} đơn vị có kinh phí").format(shown, whole)
    ends, values = _ends(book, summary, raised, are_beside=not outlines)
    alternative = f"{title}. {values}"
    if not outlines:
        return Chart(
            charts.svg_of(charts.Drawing("ends", ends, lambda: _apart(_ranked(ends))), alternative, fonts), caption
        )
    places = {state.unit.code: book.ordinal(place).striptags() for place, state in enumerate(states, start=1)}
    shades, names = _shades(book, states, raised)
    seen = (repr(outlines), ends, *(tuple(each.items()) for each in (shades, places, names)))
    drawing = charts.Drawing("map", seen, lambda: _apart(_map(outlines, shades, places, names) | _ranked(ends)))
    caption += "; số trên bản đồ: thứ tự ở Phụ lục I"
    return Chart(charts.svg_of(drawing, alternative, fonts), caption)


def _key(state: UnitState) -> FigureKey:
    return FigureKey(_EACH, "period", "unit", state.unit.code)


def _shades(
    book: FigureBook, states: Sequence[UnitState], raised: Sequence[UnitState]
) -> tuple[dict[str, str], dict[str, str]]:
    """Each unit's class, and the colour of each: three of the same size, named by their bounds, and why others have none."""
    classes = [raised[place * len(raised) // 3 : (place + 1) * len(raised) // 3] for place in range(3)]
    names: dict[str, str] = {}
    shades: dict[str, str] = {}
    for members, colour in zip(classes, DARK_TO_LIGHT, strict=True):
        if members:
            least, most = (book.measure(*_of(each)).striptags() for each in (members[-1], members[0]))
            name = f"{least} – {most}"
            names[name] = colour
            shades |= {each.unit.code: name for each in members}
    names |= {_NONE: IDLE, _MISSING: "white"}
    others = {state.unit.code: _NONE if state.is_counted else _MISSING for state in states}
    return others | shades, names


def _of(state: UnitState) -> tuple[str, str, str, str]:
    key = _key(state)
    return key.indicator, key.basis, key.dimension, key.member


@dataclass(frozen=True, slots=True)
class _Block:
    """Units in a row, longest first, under a heading where there is one."""

    title: str
    bars: tuple[charts.Bar, ...]
    longest: float
    width: int

    def described(self) -> Any:
        import altair as alt

        drawn = charts.ranking(self.bars, self.width, self.longest)
        if not self.title:
            return drawn
        heading = alt.TitleParams(self.title, anchor="start", fontSize=12, fontWeight="bold", font=charts.FONT)
        return drawn.properties(title=heading)


@dataclass(frozen=True, slots=True)
class _Ends:
    """The units with the most and with the least, side by side or one below the other."""

    blocks: tuple[_Block, ...]
    are_beside: bool


def _ranked(ends: _Ends) -> Any:
    import altair as alt

    blocks = [block.described() for block in ends.blocks]
    if len(blocks) == 1:
        return blocks[0]
    return alt.hconcat(*blocks, spacing=10) if ends.are_beside else alt.vconcat(*blocks, spacing=8)


def _apart(chart: Any) -> Any:
    """Its parts have colours of their own."""
    return chart.resolve_scale(color="independent")


def _ends(book: FigureBook, summary: Summary, raised: Sequence[UnitState], *, are_beside: bool) -> tuple[_Ends, str]:
    """The units with the most and with the least, or all where they are few; and the same in words."""

    def bars(states: Sequence[UnitState], *, are_dark: bool) -> tuple[charts.Bar, ...]:
        return tuple(
            charts.Bar(
                book.reference(each.unit.name).striptags(),
                float(book.operand(_key(each))),
                book.measure(*_of(each)).striptags(),
                are_dark,
            )
            for each in states
        )

    def in_words(shown: Sequence[charts.Bar]) -> str:
        return "; ".join(f"{bar.label}: {bar.text}" for bar in shown)

    if len(raised) <= 3 * _AT_EACH_END:
        everybody = bars(raised, are_dark=True)
        longest = everybody[0].size or 1
        words = f"Từ cao xuống thấp: {in_words(everybody)}."
        _rank(book, summary, "units.most", raised, raised, Direction.UP, words)
        if not are_beside:
            return _Ends((_Block("Từ cao xuống thấp", everybody, longest, _RANKING_PX),), are_beside=False), words
        half = -(-len(everybody) // 2)
        columns = [_Block("", part, longest, _BESIDE_PX) for part in (everybody[:half], everybody[half:]) if part]
        return _Ends(tuple(columns), are_beside=True), words
    most, least = raised[:_AT_EACH_END], raised[: -_AT_EACH_END - 1 : -1]
    most_bars, least_bars = bars(most, are_dark=True), bars(least, are_dark=False)
    longest = most_bars[0].size or 1
    said = [f"Cao nhất: {in_words(most_bars)}.", f"Thấp nhất trong số có kinh phí: {in_words(least_bars)}."]
    words = " ".join(said)
    _rank(book, summary, "units.most", most, raised, Direction.UP, said[0])
    _rank(book, summary, "units.least", least, raised, Direction.DOWN, said[1])
    width = _BESIDE_PX if are_beside else _RANKING_PX
    blocks = (
        _Block("Cao nhất", most_bars, longest, width),
        _Block("Thấp nhất (trong số có kinh phí)", least_bars, longest, width),
    )
    return _Ends(blocks, are_beside), words


def _rank(
    book: FigureBook,
    summary: Summary,
    claim_id: str,
    states: Sequence[UnitState],
    among: Sequence[UnitState],
    direction: Direction,
    words: str,
) -> None:
    """The claim that these have the most, or the least, per twinned village, in this order, among those with any."""
    codes = tuple(state.unit.code for state in states)
    claim = Claim(
        claim_id, ClaimKind.RANKED, "", side(summary, FigureKey(_EACH)), outcome=Decimal(len(codes)), direction=direction,
        members=codes, whole=tuple(sorted(state.unit.code for state in among)),
    )  # fmt: skip
    book.claim(claim, Markup.escape(words))


def _colour(alt: Any, names: dict[str, str]) -> Any:
    scale = alt.Scale(domain=list(names), range=list(names.values()))
    legend = alt.Legend(
        title=None, orient="bottom", columns=3, labelFontSize=11, labelLimit=0, symbolType="square", symbolSize=110,
        symbolStrokeColor="black", symbolStrokeWidth=0.5,
    )  # fmt: skip
    return alt.Color("shade:N", scale=scale, legend=legend)


def _ink(alt: Any, names: dict[str, str]) -> Any:
    """Numbers are white on the two dark shades."""
    dark = [name for name, colour in names.items() if colour in DARK_TO_LIGHT[:2]]
    return alt.condition(alt.FieldOneOfPredicate("shade", dark), alt.value("white"), alt.value("black"))


def _map(outlines: Sequence[Outline], shades: dict[str, str], places: dict[str, str], names: dict[str, str]) -> Any:
    import altair as alt

    land = [
        {
            "type": "Feature",
            "shade": shades[outline.code],
            "geometry": {"type": "MultiPolygon", "coordinates": outline.polygons},
        }
        for outline in outlines
    ]
    labels = []
    for outline in outlines:
        longitude, latitude = outline.middle()
        shade = {"shade": shades[outline.code], "text": places[outline.code]}
        labels.append(shade | {"longitude": longitude, "latitude": latitude})
    # Degrees as they are: at this latitude the distortion is three in a hundred, and rings may turn either way.
    flat = {"type": "identity", "reflectY": True}
    area = (
        alt.Chart(alt.Data(values=land))
        .mark_geoshape(stroke="black", strokeWidth=0.4)
        .encode(color=_colour(alt, names))
    )
    text = (
        alt.Chart(alt.Data(values=labels))
        .mark_text(fontSize=8)
        .encode(longitude="longitude:Q", latitude="latitude:Q", text="text:N", color=_ink(alt, names))
    )
    return (area + text).project(**flat).properties(width=_MAP_PX, height=270)
