"""The catalogue of indicators: one entry says what is counted, how it adds up, and how it is printed.

The same entry drives the aggregation, the table headings, the annex of definitions and the trace.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How an indicator adds up over time."""

    FLOW = "flow"
    """Sums over months."""
    STOCK = "stock"
    """The last month's value."""
    RATIO = "ratio"
    """Never added: the ratio of two sums."""


class Counting(StrEnum):
    """Which rows of a table count."""

    ALL = "all"
    COMPLETED = "completed"
    """Activities that are finished; commitments and works begun are no results."""
    PAID = "paid"
    """Money of finished activities, and what has been paid for works under way."""
    CARRIED_OUT = "carried_out"
    """Anything done in a village, finished or under way."""


class Aggregate(StrEnum):
    """How rows become one number."""

    SUM = "sum"
    COUNT = "count"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue."""

    code: str
    name: str
    definition: str
    unit_of_measure: str
    kind: Kind
    table: str = ""
    column: str = ""
    counting: Counting = Counting.ALL
    activity_code: str = ""
    occasion: str = ""
    aggregate: Aggregate = Aggregate.SUM
    numerator: str = ""
    denominator: str = ""
    printed_per: int = 1
    decimals: int = 0


def _activity(
    code: str, name: str, definition: str, unit: str, column: str, counting: Counting, **rest: object
) -> Indicator:
    return Indicator(code, name, definition, unit, Kind.FLOW, "activities", column, counting, **rest)  # type: ignore[arg-type]


def _money(code: str, name: str, definition: str) -> Indicator:
    return _activity(code, name, definition, "triệu đồng", code, Counting.PAID, printed_per=1_000_000, decimals=1)


def _households(code: str, name: str, definition: str, column: str, kind: Kind = Kind.STOCK) -> Indicator:
    unit = "người" if column == "persons" else "hộ"
    return Indicator(code, name, definition, unit, kind, "households", column)


INDICATORS = (
    _activity(
        "activities",
        "Lượt hoạt động",
        "Số dòng hoạt động đã hoàn thành trong kỳ.",
        "lượt",
        "status",
        Counting.COMPLETED,
        aggregate=Aggregate.COUNT,
    ),
    _money(
        "value_total_vnd",
        "Kinh phí huy động",
        "Tổng trị giá tiền mặt và hiện vật của hoạt động hoàn thành và phần đã chi của hoạt động đang thực hiện.",
    ),
    _activity(
        "tet_value_vnd",
        "Kinh phí dịp Tết",
        "Kinh phí huy động của các hoạt động ghi dịp TET.",
        "triệu đồng",
        "value_total_vnd",
        Counting.PAID,
        occasion="TET",
        printed_per=1_000_000,
        decimals=1,
    ),
    _money("cash_vnd", "Tiền mặt", "Phần tiền mặt của kinh phí huy động."),
    _money("inkind_vnd", "Hiện vật quy đổi", "Phần hiện vật quy đổi của kinh phí huy động."),
    _activity("hh_total", "Lượt hộ hưởng lợi", "Tổng số lượt hộ hưởng lợi.", "hộ", "hh_total", Counting.COMPLETED),
    _activity("hh_poor", "Lượt hộ nghèo hưởng lợi", "Trong đó hộ nghèo.", "hộ", "hh_poor", Counting.COMPLETED),
    _activity("hh_dtts", "Lượt hộ DTTS hưởng lợi", "Trong đó hộ DTTS.", "hộ", "hh_dtts", Counting.COMPLETED),
    _activity("persons", "Lượt người tham gia", "Tổng số lượt người.", "lượt người", "persons", Counting.COMPLETED),
    _activity("labour_days", "Ngày công", "Ngày công đóng góp.", "ngày công", "labour_days", Counting.COMPLETED),
    _activity(
        "quantity",
        "Số lượng",
        "Tổng số lượng theo đơn vị tính của nhóm hoạt động; chỉ cộng trong một nhóm và một đơn vị tính.",
        "",
        "quantity",
        Counting.COMPLETED,
    ),
    _activity(
        "houses_new",
        "Nhà ở xây mới",
        "Số căn nhà xây mới đã hoàn thành.",
        "căn",
        "quantity",
        Counting.COMPLETED,
        activity_code="NHA_MOI",
    ),
    _activity(
        "houses_repaired",
        "Nhà ở sửa chữa",
        "Số căn nhà sửa chữa xong.",
        "căn",
        "quantity",
        Counting.COMPLETED,
        activity_code="NHA_SUA",
    ),
    _activity(
        "health_cards",
        "Thẻ bảo hiểm y tế",
        "Số thẻ đã trao.",
        "thẻ",
        "quantity",
        Counting.COMPLETED,
        activity_code="BHYT",
    ),
    _activity(
        "tet_gifts",
        "Suất quà Tết",
        "Số suất quà Tết Nguyên đán đã trao.",
        "suất",
        "quantity",
        Counting.COMPLETED,
        activity_code="QUA_TET",
    ),
    _activity(
        "livelihood_households",
        "Lượt hộ được hỗ trợ sinh kế",
        "Số lượt hộ được hỗ trợ sinh kế.",
        "hộ",
        "hh_total",
        Counting.COMPLETED,
        activity_code="SINH_KE",
    ),
    _activity(
        "villages_active",
        "Thôn, làng có hoạt động",
        "Số thôn, làng có ít nhất một hoạt động hoàn thành hoặc đang thực hiện.",
        "thôn, làng",
        "village_id",
        Counting.CARRIED_OUT,
        aggregate=Aggregate.DISTINCT,
    ),
    Indicator(
        "villages_reported",
        "Thôn, làng của các đơn vị đã báo cáo",
        "Số thôn, làng trong danh bạ thuộc các đơn vị có báo cáo được chấp nhận.",
        "thôn, làng",
        Kind.STOCK,
        "register",
    ),
    Indicator(
        "villages_inactive",
        "Thôn, làng chưa có hoạt động",
        "Thôn, làng của các đơn vị đã báo cáo mà không có hoạt động trong kỳ.",
        "thôn, làng",
        Kind.STOCK,
        "register",
    ),
    Indicator(
        "village_activity_rate_pct",
        "Tỷ lệ thôn, làng có hoạt động",
        "Thôn, làng có hoạt động chia cho thôn, làng của các đơn vị đã báo cáo.",
        "%",
        Kind.RATIO,
        numerator="villages_active",
        denominator="villages_reported",
        decimals=1,
    ),
    _households("households", "Tổng số hộ", "Số hộ cuối kỳ của các làng có số liệu.", "households"),
    _households("inhabitants", "Nhân khẩu", "Nhân khẩu cuối kỳ của các làng có số liệu.", "persons"),
    _households("households_dtts", "Hộ DTTS", "Số hộ DTTS cuối kỳ.", "hh_dtts"),
    _households("poor_households", "Hộ nghèo", "Số hộ nghèo cuối kỳ.", "poor_close"),
    _households("poor_households_dtts", "Hộ nghèo DTTS", "Số hộ nghèo DTTS cuối kỳ.", "poor_dtts_close"),
    _households("nearpoor_households", "Hộ cận nghèo", "Số hộ cận nghèo cuối kỳ.", "nearpoor_close"),
    _households("poor_exits", "Hộ thoát nghèo", "Số hộ thoát nghèo trong kỳ.", "poor_exit", Kind.FLOW),
    _households("poor_relapses", "Hộ tái nghèo", "Số hộ tái nghèo trong kỳ.", "poor_relapse", Kind.FLOW),
    _households("poor_arrivals", "Hộ nghèo phát sinh mới", "Số hộ nghèo phát sinh trong kỳ.", "poor_new", Kind.FLOW),
    _households("nearpoor_exits", "Hộ thoát cận nghèo", "Số hộ thoát cận nghèo.", "nearpoor_exit", Kind.FLOW),
    _households("nearpoor_relapses", "Hộ tái cận nghèo", "Số hộ tái cận nghèo.", "nearpoor_relapse", Kind.FLOW),
    _households("nearpoor_arrivals", "Hộ cận nghèo phát sinh mới", "Số phát sinh.", "nearpoor_new", Kind.FLOW),
    Indicator(
        "poverty_rate_pct",
        "Tỷ lệ hộ nghèo của các làng kết nghĩa",
        "Hộ nghèo chia cho tổng số hộ, cộng trước khi chia.",
        "%",
        Kind.RATIO,
        numerator="poor_households",
        denominator="households",
        decimals=2,
    ),
    Indicator(
        "poverty_rate_dtts_pct",
        "Tỷ lệ hộ nghèo DTTS so với tổng số hộ DTTS",
        "Hộ nghèo DTTS chia cho tổng số hộ DTTS, cộng trước khi chia.",
        "%",
        Kind.RATIO,
        numerator="poor_households_dtts",
        denominator="households_dtts",
        decimals=2,
    ),
)
INDICATOR_BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


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
        head, _, basis = text.partition("@")
        indicator, _, part = head.partition(":")
        dimension, _, member = part.partition("=")
        return cls(indicator, basis, dimension, member)
