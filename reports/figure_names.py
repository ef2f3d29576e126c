"""A figure of the catalogue in words: over which months, and of which part."""

from collections.abc import Mapping

from domain import codes
from domain.indicators import Basis, FigureKey

_BASES: Mapping[str, str] = {
    Basis.PERIOD: "trong kỳ",
    Basis.CUMULATIVE: "luỹ kế trong năm",
    Basis.PREVIOUS: "kỳ trước",
    Basis.SAME_LAST_YEAR: "cùng kỳ năm trước",
    Basis.YEAR_START: "đầu năm",
    Basis.PROGRAMME: "từ khi có chương trình",
    Basis.TET: "dịp Tết",
    Basis.TET_LAST_YEAR: "dịp Tết năm trước",
    Basis.TREND: "từng tháng",
}
_OCCASIONS, _SOURCES = (
    {choice.code: choice.name for choice in each} for each in (codes.OCCASIONS, codes.FUNDING_SOURCES)
)


def in_a_sentence(name: str) -> str:
    """A name inside a sentence: only its first letter is lowered, proper names keep theirs."""
    return name[:1].lower() + name[1:]


def first_upper(text: str) -> str:
    """A text at the head of a sentence: only its first letter is raised."""
    return text[:1].upper() + text[1:]


def about(key: FigureKey, unit_names: Mapping[str, str]) -> str:
    """`luỹ kế trong năm, quà Tết Nguyên đán`: the span of the figure and its part, without the indicator."""
    part = _part(key, unit_names)
    return f"{_BASES.get(key.basis, key.basis)}{f', {part}' if part else ''}"


def _part(key: FigureKey, unit_names: Mapping[str, str]) -> str:
    match key.dimension:
        case "unit":
            return unit_names.get(key.member, key.member)
        case "activity":
            return in_a_sentence(codes.ACTIVITY_BY_CODE[key.member].name)
        case "funding":
            return in_a_sentence(_SOURCES[key.member])
        case "occasion":
            return in_a_sentence(_OCCASIONS[key.member])
        case "":
            return ""
    return key.member
