"""What an indicator is: what is counted, how it adds up, and how it is printed. The entries are in `domain.catalogue`."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an indicator is made of, and how it adds up over time."""

    FLOW = "flow"
    """Rows; sums over months."""
    STOCK = "stock"
    """Rows; the last month's value."""
    OPENING = "opening"
    """Rows; the first month's value."""
    RATIO = "ratio"
    """Never added: the ratio of two sums."""
    BALANCE = "balance"
    """Other indicators, added and taken away."""

    @property
    def label(self) -> str:
        """The kind in Vietnamese."""
        return {
            "flow": "phát sinh trong kỳ",
            "stock": "thời điểm cuối kỳ",
            "opening": "thời điểm đầu kỳ",
            "ratio": "tỷ lệ",
            "balance": "tính từ các chỉ tiêu khác",
        }[self]


class Counting(StrEnum):
    """Which rows of a table count."""

    ALL = "all"
    COMPLETED = "completed"
    """Activities that are finished; commitments and works begun are no results."""
    PAID = "paid"
    """Money of finished activities, and what has been paid for works under way."""
    CARRIED_OUT = "carried_out"
    """Anything done in a twinned village, finished or under way."""
    UNDER_WAY = "under_way"
    """Works begun and not finished."""
    COMMITTED = "committed"
    """Promises and plans: never a result."""
    RURAL_STANDARD = "rural_standard"
    """Villages that say they have reached the new-rural standard."""
    REPORTED = "reported"
    """Villages of the register whose unit reported that month."""
    REPORTED_WITH_PARTNER = "reported_with_partner"
    """Likewise, those with at least one partner."""

    @property
    def label(self) -> str:
        """The rows in Vietnamese."""
        return {
            "all": "mọi dòng",
            "completed": "dòng hoàn thành",
            "paid": "dòng hoàn thành và phần đã chi của dòng đang thực hiện",
            "carried_out": "dòng hoàn thành hoặc đang thực hiện ở làng có đơn vị kết nghĩa",
            "under_way": "dòng đang thực hiện",
            "committed": "dòng cam kết, kế hoạch",
            "rural_standard": "làng ghi Có ở cột Làng đạt NTM",
            "reported": "làng trong danh bạ của đơn vị đã báo cáo",
            "reported_with_partner": "làng có đơn vị kết nghĩa, của đơn vị đã báo cáo",
        }[self]


class Aggregate(StrEnum):
    """How rows become one number."""

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"


ACTIVITIES, HOUSEHOLDS, POLITICS, REPORTS, REGISTER = (
    "activities",
    "households",
    "politics_security",
    "reports",
    "register",
)
"""The tables that rows are counted in: three sheets, the reports themselves, and the register of villages."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue."""

    code: str
    name: str
    definition: str
    unit_of_measure: str
    kind: Kind
    group: str
    """Under which heading it stands in lists of indicators."""
    legal_basis: str
    table: str = ""
    column: str = ""
    counting: Counting = Counting.ALL
    activity_codes: tuple[str, ...] = ()
    funding_sources: tuple[str, ...] = ()
    occasion: str = ""
    aggregate: Aggregate = Aggregate.SUM
    numerator: str = ""
    denominator: str = ""
    times: int = 100
    """What the quotient of a ratio is multiplied by: 100 for percent, 1 for an average."""
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    printed_per: int = 1
    decimals: int = 0
    first_period: str = "2013-01"
    """Before this month nobody was asked; a span that begins earlier has no figure."""
    needs_whole_span: bool = False
    """Whether it says nothing where reports are missing, or others state the closing than stated the opening."""

    @property
    def adds_over_units(self) -> bool:
        """Whether the units' figures may be added to one of the province."""
        return self.kind is not Kind.RATIO and self.aggregate is not Aggregate.DISTINCT

    @property
    def adds_over_time(self) -> bool:
        """Whether the months' figures may be added to one of the year."""
        return self.kind is Kind.FLOW and self.aggregate is not Aggregate.DISTINCT

    @property
    def blank_is_unknown(self) -> bool:
        """Whether nobody must fill the cell in, so that a blank, or a sheet left out, is no zero."""
        return self.table == POLITICS

    @property
    def parts(self) -> tuple[str, ...]:
        """The indicators it is made of; none where it is made of rows."""
        return (self.numerator, self.denominator) if self.kind is Kind.RATIO else (*self.plus, *self.minus)

    @property
    def adding_up(self) -> str:
        """How it adds up, in Vietnamese."""
        over_units = "cộng qua các đơn vị" if self.adds_over_units else "không cộng qua các đơn vị"
        over_time = {
            Kind.FLOW: "cộng qua các tháng" if self.adds_over_time else "không cộng qua các tháng",
            Kind.STOCK: "lấy tháng cuối",
            Kind.OPENING: "lấy tháng đầu",
            Kind.RATIO: "tính lại từ tử số và mẫu số",
            Kind.BALANCE: "tính lại từ các số hạng",
        }[self.kind]
        return f"{over_units}; {over_time}"


class Basis(StrEnum):
    """Over which months an indicator is taken, seen from the reported period."""

    PERIOD = "period"
    CUMULATIVE = "cumulative"
    PREVIOUS = "previous"
    SAME_LAST_YEAR = "same_last_year"
    YEAR_START = "year_start"
    """The last month of the year before: the stocks with which the year began."""
    PROGRAMME = "programme"
    """Since the programme in force began."""
    TET = "tet"
    """The season of the Tết that the period speaks of."""
    TET_LAST_YEAR = "tet_last_year"
    TREND = "trend"
    """The months that a chart shows, each for itself."""
    HISTORY = "history"
    """The last twelve months and this one: what is usual for a unit; no figure is taken over them."""


UNITS = "units"
"""The dimension of several units together; its member is their codes, joined by `+`."""


@dataclass(frozen=True, slots=True)
class FigureKey:
    """What a measured figure measures; written `value_total_vnd:unit=622@cumulative`."""

    indicator: str
    basis: str = Basis.PERIOD
    dimension: str = ""
    member: str = ""

    def __str__(self) -> str:
        part = f":{self.dimension}={self.member}" if self.dimension else ""
        return f"{self.indicator}{part}@{self.basis}"

    @classmethod
    def parse(cls, text: str) -> "FigureKey":
        """Read a key as it is written; a key that was not written by `str` gives an unknown indicator."""
        head, _, basis = text.rpartition("@")
        indicator, _, part = head.partition(":")
        dimension, _, member = part.partition("=")
        return cls(indicator, basis, dimension, member)

    @classmethod
    def over(cls, indicator: str, basis: str, codes: frozenset[str]) -> "FigureKey":
        """The figure over some units together."""
        return cls(indicator, str(basis), UNITS, "+".join(sorted(codes)))

    def of(self, indicator: str) -> "FigureKey":
        """The same part of the same span of another indicator."""
        return FigureKey(indicator, self.basis, self.dimension, self.member)
