"""Results by theme, as reports to the Standing Committee are ordered: propaganda, politics, housing and welfare and so on.

What is finished and what is under way are told apart: of works that are not finished, what has been spent is no result.
"""

from collections.abc import Sequence

from markupsafe import Markup

from domain import codes
from domain.indicators import FigureKey
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.figure_names import in_a_sentence

_THEMES: Sequence[tuple[str, tuple[str, ...]]] = (
    ("Tuyên truyền, văn hóa", ("TT", "VHTT")),
    ("Hệ thống chính trị cơ sở", ("HTCT",)),
    ("Nhà ở, an sinh xã hội", ("NHA_MOI", "NHA_SUA", "QUA_TET", "QUA_KHAC", "THAM_HOI")),
    ("Sinh kế, giảm nghèo", ("SINH_KE", "CN_KHKT")),
    ("Y tế, giáo dục", ("BHYT", "KCB", "GD")),
    ("An ninh trật tự, quốc phòng", ("ANTT",)),
    ("Nông thôn mới, hạ tầng", ("NTM", "HA_TANG")),
    ("Nội dung khác", ("KHAC",)),
)
_LEADS = {"NHA_MOI": "nhà ở xây mới hoàn thành", "NHA_SUA": "sửa chữa"}
"""How a group's results begin where that is not its name."""
_THINGS = {("NHA_SUA", "căn"): "căn nhà"}
"""What a unit of quantity is called in a sentence."""
_PERSONS = "lượt người"
_LETTERS = "abcdđeghiklm"


def theme_results(book: FigureBook, summary: Summary) -> list[Markup]:
    """A sentence for each theme with results or works under way, lettered; one sentence where there are none at all."""
    themes = [(title, [code for code in members if _has_any(summary, code)]) for title, members in _THEMES]
    known = [(title, members) for title, members in themes if members]
    if summary.value(FigureKey("activities")) is None:
        return [Markup("Chưa có báo cáo được chấp nhận, chưa có số liệu.")]
    if not known:
        return [Markup("Trong kỳ không có hoạt động nào hoàn thành hoặc đang thực hiện.")]
    return [
        Markup("{}) {}.").format(letter, _theme(book, summary, title, members))
        for letter, (title, members) in zip(_LETTERS, known, strict=False)
    ]


def _has_any(summary: Summary, code: str) -> bool:
    return any(
        summary.value(FigureKey(indicator, "period", "activity", code))
        for indicator in ("activities", "works_under_way")
    )


def _theme(book: FigureBook, summary: Summary, title: str, members: Sequence[str]) -> Markup:
    """A theme of one group bears the name of the group, which then is not said twice."""
    if len(members) == 1 and members[0] not in _LEADS:
        [code] = members
        return Markup("{}: {}").format(codes.ACTIVITY_BY_CODE[code].name, _group(book, summary, code, is_named=False))
    groups = Markup("; ").join(_group(book, summary, code, is_named=True) for code in members)
    return Markup("{}: {}").format(title, groups)


def _group(book: FigureBook, summary: Summary, code: str, *, is_named: bool) -> Markup:
    """One group: what was finished, for whom and for how much; then what is under way, and what was spent on it."""
    name = in_a_sentence(codes.ACTIVITY_BY_CODE[code].name)
    done, doing = _finished(book, summary, code), _under_way(book, summary, code)
    lead = "" if not is_named else f"{_LEADS.get(code, name) if done is not None else name} "
    return Markup("{}{}").format(lead, Markup("; ").join(each for each in (done, doing) if each is not None))


def _finished(book: FigureBook, summary: Summary, code: str) -> Markup | None:
    if not summary.value(FigureKey("activities", "period", "activity", code)):
        return None
    quantities = _quantities(book, summary, "quantity", code)
    told = _units(summary, "quantity", code)
    for indicator, words, same in (("persons", _PERSONS, ""), ("hh_total", "lượt hộ", "hộ")):
        if same in told or _as_many(summary, indicator, code):
            continue
        if summary.value(FigureKey(indicator, "period", "activity", code)):
            quantities.append(Markup("{} {}").format(book.measure(indicator, "period", "activity", code), words))
    said = Markup(", ").join(quantities) or Markup("{} lượt").format(
        book.measure("activities", "period", "activity", code)
    )
    value = _money(book, summary, "completed_value_vnd", code)
    return said if value is None else said + Markup(" ({} triệu đồng)").format(value)


def _as_many(summary: Summary, indicator: str, code: str) -> bool:
    """Whether they are as many as the things that were given: one to each household."""
    number = summary.value(FigureKey(indicator, "period", "activity", code))
    return any(
        summary.value(FigureKey("quantity", "period", "counted", f"{code}/{unit}")) == number
        for unit in _units(summary, "quantity", code)
    )


def _under_way(book: FigureBook, summary: Summary, code: str) -> Markup | None:
    if not summary.value(FigureKey("works_under_way", "period", "activity", code)):
        return None
    quantities = _quantities(book, summary, "quantity_under_way", code)
    said = Markup(", ").join(quantities) or Markup("{} hoạt động").format(
        book.measure("works_under_way", "period", "activity", code)
    )
    value = _money(book, summary, "under_way_value_vnd", code)
    paid = Markup("") if value is None else Markup(" (đã chi {} triệu đồng)").format(value)
    verb = "đang xây dựng" if code in ("NHA_MOI", "HA_TANG") else "đang thực hiện"
    return Markup("{} {}{}").format(verb, said, paid)


def _units(summary: Summary, indicator: str, code: str) -> list[str]:
    return [
        unit
        for unit in codes.ACTIVITY_BY_CODE[code].quantity_units
        if summary.value(FigureKey(indicator, "period", "counted", f"{code}/{unit}"))
    ]


def _quantities(book: FigureBook, summary: Summary, indicator: str, code: str) -> list[Markup]:
    """What it came to, in each unit of quantity that was used."""
    return [
        Markup("{} {}").format(
            book.measure(indicator, "period", "counted", f"{code}/{unit}"), _THINGS.get((code, unit), unit)
        )
        for unit in _units(summary, indicator, code)
        # Persons have a column of their own, and are told from there.
        if not (unit == _PERSONS and summary.value(FigureKey("persons", "period", "activity", code)))
    ]


def _money(book: FigureBook, summary: Summary, indicator: str, code: str) -> Markup | None:
    if not summary.value(FigureKey(indicator, "period", "activity", code)):
        return None
    return book.measure(indicator, "period", "activity", code)
