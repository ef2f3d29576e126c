"""Results by theme, as reports to the Standing Committee are ordered: propaganda, politics, housing and welfare and so on."""

from collections.abc import Sequence

from markupsafe import Markup

from domain import codes
from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.figure_names import in_a_sentence

_THEMES: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Tuyên truyền, vận động", ("TT", "VHTT")),
    ("Xây dựng hệ thống chính trị cơ sở", ("HTCT",)),
    ("Nhà ở, an sinh xã hội", ("NHA_MOI", "NHA_SUA", "QUA_TET", "QUA_KHAC", "THAM_HOI")),
    ("Sinh kế, giảm nghèo", ("SINH_KE", "CN_KHKT")),
    ("Y tế, giáo dục", ("BHYT", "KCB", "GD")),
    ("An ninh trật tự, quốc phòng", ("ANTT",)),
    ("Xây dựng nông thôn mới, hạ tầng", ("NTM", "HA_TANG")),
    ("Nội dung khác", ("KHAC",)),
)
_THINGS = {
    "NHA_MOI": "houses_new", "NHA_SUA": "houses_repaired", "BHYT": "health_cards", "QUA_TET": "tet_gifts",
    "SINH_KE": "livelihood_households",
}  # fmt: skip
"""What a group of activities came to, in its own unit."""
_LETTERS = "abcdđeghiklm"


def theme_results(book: FigureBook, summary: Summary) -> list[Markup]:
    """A sentence for each theme with results, lettered; one sentence where there are none at all."""
    themes = [
        (title, [_group(book, summary, code) for code in members if _has_results(summary, code)])
        for title, members in _THEMES
    ]
    known = [(title, groups) for title, groups in themes if groups]
    if not known:
        return [Markup("Trong kỳ không có hoạt động hoàn thành.")]
    return [
        Markup("{}) {}: {}.").format(letter, title, Markup("; ").join(groups))
        for letter, (title, groups) in zip(_LETTERS, known, strict=False)
    ]


def _has_results(summary: Summary, code: str) -> bool:
    return bool(summary.value(FigureKey("activities", "period", "activity", code)))


def _group(book: FigureBook, summary: Summary, code: str) -> Markup:
    """One group: how often, what it came to, for how many households, for how much."""
    name = codes.ACTIVITY_BY_CODE[code].name
    times = Markup("{} {} lượt").format(in_a_sentence(name), book.measure("activities", "period", "activity", code))
    details = []
    thing = _THINGS.get(code)
    if thing and summary.value(FigureKey(thing)):
        details.append(Markup("{} {}").format(book.measure(thing), INDICATOR_BY_CODE[thing].unit_of_measure))
    elif summary.value(FigureKey("hh_total", "period", "activity", code)):
        details.append(Markup("{} lượt hộ").format(book.measure("hh_total", "period", "activity", code)))
    if summary.value(FigureKey("value_total_vnd", "period", "activity", code)):
        details.append(Markup("{} triệu đồng").format(book.measure("value_total_vnd", "period", "activity", code)))
    return times + (Markup(" ({})").format(Markup(", ").join(details)) if details else Markup(""))
