"""Over which months a figure is taken, seen from the reported period: every basis of comparison in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import Calendar, Window
from domain.indicators import Basis
from domain.period import Period, month_range

MONTHS_SHOWN = 6
"""How many months a chart of the trend shows."""
MONTHS_USUAL = 12
"""How many months say what is usual for a unit."""
_GIFT_SEASON = timedelta(days=25)


@dataclass(frozen=True, slots=True)
class Span:
    """The months of one basis, oldest first; activities before `since` or after `until` are left out where these are set."""

    months: Sequence[Period]
    since: date | None = None
    until: date | None = None

    def days(self, calendar: Calendar) -> Window:
        """The days whose activities count."""
        first, last = calendar.window(self.months[0]).first_day, calendar.window(self.months[-1]).last_day
        return Window(max(first, self.since or first), min(last, self.until or last))


@dataclass(frozen=True, slots=True)
class TetSeason:
    """The Tết that a period speaks of, and the one before it."""

    lunar_year: int
    first_day: date
    previous_first_day: date


def tet_season(period: Period, calendar: Calendar, tet_days: Mapping[int, date]) -> TetSeason | None:
    """The newest Tết whose gifts were given in the period's months: the 25 days before its first day."""
    days = calendar.window(period)
    for year in sorted(tet_days, reverse=True):
        first = tet_days[year]
        if first - _GIFT_SEASON <= days.last_day and days.first_day < first and year - 1 in tet_days:
            return TetSeason(year, first, tet_days[year - 1])
    return None


def lunar_year_name(year: int) -> str:
    """The name of a lunar year: 2024 is Giáp Thìn."""
    return f"{_STEMS[year % 10]} {_BRANCHES[year % 12]}"


_STEMS = ("Canh", "Tân", "Nhâm", "Quý", "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ")
_BRANCHES = ("Thân", "Dậu", "Tuất", "Hợi", "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi")


def spans_of(
    period: Period, calendar: Calendar, programme_began: date | None, tet_days: Mapping[int, date]
) -> dict[str, Span]:
    """The span of every basis that the period has; a period outside every programme or Tết lacks those."""
    months = period.months()
    spans = {
        Basis.PERIOD: Span(months),
        Basis.CUMULATIVE: Span(period.year_to_date()),
        Basis.PREVIOUS: Span(period.previous().months()),
        Basis.SAME_LAST_YEAR: Span(period.same_last_year().months()),
        Basis.YEAR_START: Span((Period.month(period.year - 1, 12),)),
        Basis.TREND: Span(period.months_back(MONTHS_SHOWN)),
        Basis.HISTORY: Span(period.months_back(MONTHS_USUAL + 1)),
    }
    if programme_began is not None:
        months_since = month_range(calendar.month_of(programme_began), period.last_month)
        spans[Basis.PROGRAMME] = Span(months_since, since=programme_began)
    season = tet_season(period, calendar, tet_days)
    if season is not None:
        last_day = calendar.window(period).last_day
        now = _season_days(season.first_day)
        then = _season_days(season.previous_first_day)
        # An unfinished season is compared with the last one up to the same day before Tết.
        so_far = min(last_day, now.last_day)
        same_day = season.previous_first_day + (so_far - season.first_day)
        spans[Basis.TET] = Span(_months_of(calendar, Window(now.first_day, so_far)))
        spans[Basis.TET_LAST_YEAR] = Span(
            _months_of(calendar, then), until=None if so_far == now.last_day else same_day
        )
    return {str(basis): span for basis, span in spans.items()}


def _season_days(first_day: date) -> Window:
    return Window(first_day - _GIFT_SEASON, first_day - timedelta(days=1))


def _months_of(calendar: Calendar, days: Window) -> Sequence[Period]:
    return month_range(calendar.month_of(days.first_day), calendar.month_of(days.last_day))
