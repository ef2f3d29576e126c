"""The catalogue of indicators: one entry drives the aggregation, the tables, the dictionary, the trace and the exports.

Adding an indicator is adding an entry here. What must not be added up is no entry: figures that others published
(one Tết for everybody, ten years of twinned villages) are facts of `reference/published_facts.csv`, which nothing sums.
"""

from collections.abc import Sequence

from domain import codes
from domain.indicators import ACTIVITIES, HOUSEHOLDS, POLITICS, REGISTER, REPORTS, Aggregate, Counting, Indicator, Kind

_TWINNING = "Chỉ thị 13-CT/TU, 03-CT/TU; biểu KN-01/2026, KN-02/2026, sheet 02"
_POVERTY = "Nghị định 07/2021/NĐ-CP; biểu KN-01/2026, KN-02/2026, sheet 03"
_POLITICS = "Chỉ thị 13-CT/TU, 03-CT/TU; biểu KN-01/2026, KN-02/2026, sheet 04"
_REPORTING = "Nghị định 09/2019/NĐ-CP, Điều 12"
_REGISTER = "Danh bạ thôn, làng và phân công kết nghĩa"
_RESULTS, _RESOURCES, _PROMISES = "Kết quả", "Nguồn lực", "Cam kết và việc đang làm"
_PEOPLE, _POOR, _NEARPOOR = "Hộ dân", "Hộ nghèo", "Hộ cận nghèo"
_VILLAGES, _SYSTEM, _DISCIPLINE = "Thôn, làng", "Hệ thống chính trị, an ninh", "Chế độ báo cáo"
_MILLION = 1_000_000


def _activity(
    code: str,
    name: str,
    definition: str,
    unit: str,
    column: str,
    counting: Counting = Counting.COMPLETED,
    **rest: object,
) -> Indicator:
    group = str(rest.pop("group", _RESULTS))
    return Indicator(
        code,
        name,
        definition,
        unit,
        Kind.FLOW,
        group,
        _TWINNING,
        ACTIVITIES,
        column,
        counting,
        **rest,  # type: ignore[arg-type]
    )


def _quantity(code: str, name: str, definition: str, unit: str, activity: str) -> Indicator:
    return _activity(code, name, definition, unit, "quantity", activity_codes=(activity,))


def _money(
    code: str, name: str, definition: str, column: str, counting: Counting = Counting.PAID, group: str = _RESOURCES,
    **rest: object,
) -> Indicator:  # fmt: skip
    return _activity(
        code, name, definition, "triệu đồng", column, counting, group=group, printed_per=_MILLION, decimals=1, **rest
    )


def _people(
    code: str, name: str, definition: str, column: str, kind: Kind, group: str = _PEOPLE, unit: str = "hộ"
) -> Indicator:
    return Indicator(code, name, definition, unit, kind, group, _POVERTY, HOUSEHOLDS, column)


def _politics(code: str, name: str, definition: str, unit: str, column: str, kind: Kind) -> Indicator:
    return Indicator(code, name, definition, unit, kind, _SYSTEM, _POLITICS, POLITICS, column, first_period="2023-12")


def _reports(code: str, name: str, definition: str, column: str) -> Indicator:
    return Indicator(code, name, definition, "báo cáo", Kind.FLOW, _DISCIPLINE, _REPORTING, REPORTS, column)


def _ratio(
    code: str, name: str, definition: str, group: str, basis: str, numerator: str, denominator: str, **rest: object
) -> Indicator:
    unit = str(rest.pop("unit", "%"))
    return Indicator(
        code, name, definition, unit, Kind.RATIO, group, basis, numerator=numerator, denominator=denominator,
        **({"decimals": 1} | rest),  # type: ignore[arg-type]
    )  # fmt: skip


def _balance(
    code: str,
    name: str,
    definition: str,
    unit: str,
    group: str,
    basis: str,
    plus: Sequence[str],
    minus: Sequence[str],
    **rest: object,
) -> Indicator:
    return Indicator(
        code, name, definition, unit, Kind.BALANCE, group, basis, plus=tuple(plus), minus=tuple(minus),
        **rest,  # type: ignore[arg-type]
    )  # fmt: skip


def _bridge(prefix: str, words: str, group: str) -> tuple[Indicator, ...]:
    """The movement of poor or near-poor households: opening, out, back, new, moved, corrected, closing."""
    low, steps = words[:1].lower() + words[1:], words.removeprefix("Hộ ")
    flow = Kind.FLOW
    return (
        _people(f"{prefix}_opening", f"{words} đầu kỳ", f"Số {low} đầu tháng đầu của kỳ.", f"{prefix}_open",
                Kind.OPENING, group),
        _people(f"{prefix}_exits", f"Hộ thoát {steps}", f"Số hộ thoát {steps} trong kỳ.", f"{prefix}_exit", flow, group),
        _people(f"{prefix}_relapses", f"Hộ tái {steps}", f"Số hộ tái {steps} trong kỳ.", f"{prefix}_relapse", flow, group),
        _people(f"{prefix}_arrivals", f"{words} phát sinh mới", f"Số {low} phát sinh trong kỳ.", f"{prefix}_new", flow,
                group),
        _people(f"{prefix}_moved", f"{words} biến động khác", "Tách, nhập, chuyển hộ và thay đổi địa giới; âm là giảm.",
                f"{prefix}_other", flow, group),
        _balance(f"{prefix}_corrected", f"{words} điều chỉnh", "Cuối kỳ trừ đầu kỳ và mọi biến động đã báo: số tỉnh "
                 "điều chỉnh, rà soát lại. Chỉ tính khi mọi đơn vị đã báo cáo đủ các tháng và địa bàn không đổi.", "hộ",
                 group, _POVERTY, (f"{prefix}_households", f"{prefix}_exits"),
                 (f"{prefix}_opening", f"{prefix}_relapses", f"{prefix}_arrivals", f"{prefix}_moved"),
                 needs_whole_span=True),
        _people(f"{prefix}_households", words, f"Số {low} cuối kỳ.", f"{prefix}_close", Kind.STOCK, group),
        _people(f"{prefix}_households_dtts", f"{words} DTTS", f"Số {low} DTTS cuối kỳ.", f"{prefix}_dtts_close",
                Kind.STOCK, group),
    )  # fmt: skip


INDICATORS = (
    _activity(
        "activities", "Lượt hoạt động", "Số dòng hoạt động đã hoàn thành trong kỳ.", "lượt", "status",
        aggregate=Aggregate.COUNT,
    ),
    _activity("hh_total", "Lượt hộ được hỗ trợ", "Tổng số lượt hộ được hỗ trợ.", "lượt hộ", "hh_total"),
    _activity("hh_poor", "Lượt hộ nghèo được hỗ trợ", "Trong đó hộ nghèo.", "lượt hộ", "hh_poor"),
    _activity("hh_nearpoor", "Lượt hộ cận nghèo được hỗ trợ", "Trong đó hộ cận nghèo.", "lượt hộ", "hh_nearpoor"),
    _activity("hh_dtts", "Lượt hộ DTTS được hỗ trợ", "Trong đó hộ DTTS.", "lượt hộ", "hh_dtts"),
    _activity("persons", "Lượt người tham gia", "Tổng số lượt người.", "lượt người", "persons"),
    _activity("labour_days", "Ngày công", "Ngày công đóng góp.", "ngày công", "labour_days"),
    _activity(
        "quantity",
        "Số lượng",
        "Tổng số lượng theo đơn vị tính của nhóm hoạt động; chỉ cộng trong một nhóm và một đơn vị tính.",
        "",
        "quantity",
    ),
    _quantity("houses_new", "Nhà ở xây mới", "Số căn nhà xây mới đã hoàn thành.", "căn", "NHA_MOI"),
    _quantity("houses_repaired", "Nhà ở sửa chữa", "Số căn nhà sửa chữa xong.", "căn", "NHA_SUA"),
    _quantity("health_cards", "Thẻ bảo hiểm y tế", "Số thẻ đã trao.", "thẻ", "BHYT"),
    _quantity("tet_gifts", "Suất quà Tết", "Số suất quà Tết Nguyên đán đã trao.", "suất", "QUA_TET"),
    _activity(
        "quantity_under_way",
        "Số lượng đang thực hiện",
        "Tổng số lượng của hoạt động đang thực hiện, theo đơn vị tính; chưa phải kết quả.",
        "",
        "quantity",
        Counting.UNDER_WAY,
        group=_PROMISES,
    ),
    _activity(
        "tet_gift_activities", "Lượt trao quà Tết", "Số dòng hoạt động trao quà Tết đã hoàn thành.", "lượt", "status",
        aggregate=Aggregate.COUNT, activity_codes=("QUA_TET",),
    ),
    _activity(
        "tet_gift_households", "Lượt hộ được tặng quà Tết", "Số lượt hộ của hoạt động trao quà Tết đã hoàn thành.",
        "lượt hộ", "hh_total", activity_codes=("QUA_TET",),
    ),
    _balance(
        "activities_without_tet", "Lượt hoạt động, không kể quà Tết", "Lượt hoạt động trừ lượt trao quà Tết.", "lượt",
        _RESULTS, _TWINNING, ["activities"], ["tet_gift_activities"],
    ),
    _balance(
        "hh_without_tet", "Lượt hộ được hỗ trợ, không kể quà Tết", "Lượt hộ được hỗ trợ trừ lượt hộ được tặng quà Tết.",
        "lượt hộ", _RESULTS, _TWINNING, ["hh_total"], ["tet_gift_households"],
    ),
    _activity(
        "livelihood_households", "Lượt hộ được hỗ trợ sinh kế", "Số lượt hộ được hỗ trợ sinh kế.", "lượt hộ", "hh_total",
        activity_codes=("SINH_KE",),
    ),
    _money(
        "value_total_vnd",
        "Kinh phí huy động",
        "Tổng trị giá tiền mặt và hiện vật của hoạt động hoàn thành và phần đã chi của hoạt động đang thực hiện.",
        "value_total_vnd",
    ),
    _money(
        "completed_value_vnd", "Kinh phí của hoạt động hoàn thành", "Trị giá của hoạt động đã hoàn thành.",
        "value_total_vnd", Counting.COMPLETED,
    ),
    _money(
        "under_way_value_vnd", "Kinh phí đã chi cho hoạt động đang thực hiện",
        "Phần đã chi của hoạt động đang thực hiện; công việc chưa xong.", "value_total_vnd", Counting.UNDER_WAY, _PROMISES,
    ),
    _money(
        "tet_gift_value_vnd", "Kinh phí quà Tết", "Kinh phí huy động của nhóm quà Tết Nguyên đán.", "value_total_vnd",
        activity_codes=("QUA_TET",),
    ),
    _balance(
        "value_without_tet_vnd", "Kinh phí huy động, không kể quà Tết", "Kinh phí huy động trừ kinh phí quà Tết.",
        "triệu đồng", _RESOURCES, _TWINNING, ["value_total_vnd"], ["tet_gift_value_vnd"], printed_per=_MILLION, decimals=1,
    ),
    _money("cash_vnd", "Tiền mặt", "Phần tiền mặt của kinh phí huy động.", "cash_vnd"),
    _money("inkind_vnd", "Hiện vật quy đổi", "Phần hiện vật quy đổi của kinh phí huy động.", "inkind_vnd"),
    _money(
        "twinning_value_vnd",
        "Kinh phí của đơn vị kết nghĩa",
        "Phần kinh phí do đơn vị kết nghĩa tự góp hoặc vận động: nguồn xã hội hóa, cán bộ đóng góp, doanh nghiệp.",
        "value_total_vnd",
        funding_sources=codes.TWINNING_SOURCES,
    ),
    _money(
        "other_value_vnd",
        "Kinh phí của nguồn khác",
        "Phần kinh phí của ngân sách, Quỹ Vì người nghèo, chương trình mục tiêu và tổ chức, cá nhân khác cho cùng "
        "hoạt động; không phải tiền của đơn vị kết nghĩa.",
        "value_total_vnd",
        funding_sources=tuple(
            choice.code for choice in codes.FUNDING_SOURCES if choice.code not in codes.TWINNING_SOURCES
        ),
    ),
    _money(
        "tet_value_vnd", "Kinh phí dịp Tết", "Kinh phí huy động của các hoạt động ghi dịp TET.", "value_total_vnd",
        occasion="TET",
    ),
    _money(
        "household_value_vnd",
        "Kinh phí hỗ trợ hộ",
        "Trị giá hoạt động hoàn thành thuộc các nhóm hỗ trợ hộ.",
        "value_total_vnd",
        Counting.COMPLETED,
        activity_codes=codes.FOR_HOUSEHOLDS,
    ),
    _activity(
        "supported_households",
        "Lượt hộ của các nhóm hỗ trợ hộ",
        "Số lượt hộ của hoạt động hoàn thành thuộc các nhóm hỗ trợ hộ.",
        "lượt hộ",
        "hh_total",
        activity_codes=codes.FOR_HOUSEHOLDS,
        group=_RESOURCES,
    ),
    _ratio(
        "value_per_household_vnd",
        "Bình quân một lượt hộ được hỗ trợ",
        "Kinh phí hỗ trợ hộ chia cho số lượt hộ của cùng các hoạt động.",
        _RESOURCES,
        _TWINNING,
        "household_value_vnd",
        "supported_households",
        unit="triệu đồng",
        times=1,
        printed_per=_MILLION,
        decimals=2,
    ),
    _ratio(
        "value_per_village_vnd",
        "Kinh phí bình quân một làng kết nghĩa",
        "Kinh phí huy động chia cho số thôn, làng có đơn vị kết nghĩa của các đơn vị đã báo cáo.",
        _RESOURCES,
        _TWINNING,
        "value_total_vnd",
        "villages_with_partner",
        unit="triệu đồng",
        times=1,
        printed_per=_MILLION,
    ),
    _ratio(
        "cash_share_pct", "Tỷ trọng tiền mặt", "Tiền mặt chia cho kinh phí huy động.", _RESOURCES, _TWINNING,
        "cash_vnd", "value_total_vnd",
    ),
    _ratio(
        "inkind_share_pct", "Tỷ trọng hiện vật", "Hiện vật quy đổi chia cho kinh phí huy động.", _RESOURCES, _TWINNING,
        "inkind_vnd", "value_total_vnd",
    ),
    _ratio(
        "twinning_share_pct", "Tỷ trọng của đơn vị kết nghĩa",
        "Kinh phí của đơn vị kết nghĩa chia cho kinh phí huy động.", _RESOURCES, _TWINNING,
        "twinning_value_vnd", "value_total_vnd",
    ),
    _activity(
        "works_under_way", "Hoạt động đang thực hiện", "Số dòng đang thực hiện; chưa phải kết quả.", "lượt", "status",
        Counting.UNDER_WAY, aggregate=Aggregate.COUNT, group=_PROMISES,
    ),
    _activity(
        "houses_under_way", "Nhà ở đã khởi công", "Số căn nhà xây mới, sửa chữa đang làm; chưa phải kết quả.", "căn",
        "quantity", Counting.UNDER_WAY, activity_codes=("NHA_MOI", "NHA_SUA"), group=_PROMISES,
    ),
    _activity(
        "commitments", "Cam kết, kế hoạch", "Số dòng cam kết; không phải kết quả.", "lượt", "status",
        Counting.COMMITTED, aggregate=Aggregate.COUNT, group=_PROMISES,
    ),
    _money(
        "committed_value_vnd", "Trị giá cam kết", "Trị giá của các dòng cam kết; không cộng vào kinh phí huy động.",
        "value_total_vnd", Counting.COMMITTED, _PROMISES,
    ),
    _activity(
        "villages_active",
        "Thôn, làng kết nghĩa có hoạt động",
        "Số thôn, làng có đơn vị kết nghĩa mà có ít nhất một hoạt động hoàn thành hoặc đang thực hiện.",
        "thôn, làng",
        "village_id",
        Counting.CARRIED_OUT,
        aggregate=Aggregate.DISTINCT,
        group=_VILLAGES,
    ),
    Indicator(
        "villages_reported",
        "Thôn, làng của các đơn vị đã báo cáo",
        "Số thôn, làng trong danh bạ thuộc các đơn vị có báo cáo được chấp nhận.",
        "thôn, làng",
        Kind.FLOW,
        _VILLAGES,
        _REGISTER,
        REGISTER,
        "village_id",
        Counting.REPORTED,
        aggregate=Aggregate.DISTINCT,
    ),
    Indicator(
        "villages_with_partner",
        "Thôn, làng có đơn vị kết nghĩa",
        "Trong đó, số thôn, làng có ít nhất một đơn vị kết nghĩa theo phân công.",
        "thôn, làng",
        Kind.FLOW,
        _VILLAGES,
        _REGISTER,
        REGISTER,
        "village_id",
        Counting.REPORTED_WITH_PARTNER,
        aggregate=Aggregate.DISTINCT,
    ),
    _balance(
        "villages_inactive",
        "Thôn, làng kết nghĩa chưa có hoạt động",
        "Thôn, làng có đơn vị kết nghĩa, của các đơn vị đã báo cáo, mà không có hoạt động trong kỳ.",
        "thôn, làng",
        _VILLAGES,
        _TWINNING,
        ["villages_with_partner"],
        ["villages_active"],
    ),
    _balance(
        "villages_without_partner",
        "Thôn, làng chưa có đơn vị kết nghĩa",
        "Thôn, làng của các đơn vị đã báo cáo chưa được phân công đơn vị kết nghĩa.",
        "thôn, làng",
        _VILLAGES,
        _REGISTER,
        ["villages_reported"],
        ["villages_with_partner"],
    ),
    _ratio(
        "village_activity_rate_pct",
        "Tỷ lệ thôn, làng kết nghĩa có hoạt động",
        "Thôn, làng kết nghĩa có hoạt động chia cho thôn, làng có đơn vị kết nghĩa của các đơn vị đã báo cáo.",
        _VILLAGES,
        _TWINNING,
        "villages_active",
        "villages_with_partner",
    ),
    Indicator(
        "villages_rural_standard",
        "Làng đạt nông thôn mới",
        "Số làng ghi đã đạt chuẩn nông thôn mới cuối kỳ.",
        "thôn, làng",
        Kind.STOCK,
        _VILLAGES,
        _POVERTY,
        HOUSEHOLDS,
        "ntm",
        Counting.RURAL_STANDARD,
        aggregate=Aggregate.COUNT,
    ),
    Indicator(
        "villages_with_households",
        "Làng có số liệu hộ dân",
        "Số làng có dòng số liệu hộ dân cuối kỳ.",
        "thôn, làng",
        Kind.STOCK,
        _VILLAGES,
        _POVERTY,
        HOUSEHOLDS,
        "village_id",
        aggregate=Aggregate.COUNT,
    ),
    _ratio(
        "rural_standard_rate_pct",
        "Tỷ lệ làng đạt nông thôn mới",
        "Làng đạt nông thôn mới chia cho làng có số liệu hộ dân.",
        _VILLAGES,
        _POVERTY,
        "villages_rural_standard",
        "villages_with_households",
    ),
    _people("households", "Tổng số hộ", "Số hộ cuối kỳ của các làng có số liệu.", "households", Kind.STOCK),
    _people(
        "inhabitants", "Nhân khẩu", "Nhân khẩu cuối kỳ của các làng có số liệu.", "persons", Kind.STOCK, unit="người"
    ),
    _people("households_dtts", "Hộ DTTS", "Số hộ DTTS cuối kỳ.", "hh_dtts", Kind.STOCK),
    *_bridge("poor", "Hộ nghèo", _POOR),
    _ratio(
        "poverty_rate_pct",
        "Tỷ lệ hộ nghèo của các làng kết nghĩa",
        "Hộ nghèo chia cho tổng số hộ, cộng trước khi chia.",
        _POOR,
        _POVERTY,
        "poor_households",
        "households",
        decimals=2,
    ),
    _ratio(
        "poverty_rate_dtts_pct",
        "Tỷ lệ hộ nghèo DTTS so với tổng số hộ DTTS",
        "Hộ nghèo DTTS chia cho tổng số hộ DTTS, cộng trước khi chia.",
        _POOR,
        _POVERTY,
        "poor_households_dtts",
        "households_dtts",
        decimals=2,
    ),
    _ratio(
        "dtts_share_of_poor_pct",
        "Tỷ trọng hộ DTTS trong tổng số hộ nghèo",
        "Hộ nghèo DTTS chia cho tổng số hộ nghèo; khác với tỷ lệ so với tổng số hộ DTTS.",
        _POOR,
        _POVERTY,
        "poor_households_dtts",
        "poor_households",
        decimals=2,
    ),
    *_bridge("nearpoor", "Hộ cận nghèo", _NEARPOOR),
    _ratio(
        "nearpoverty_rate_pct",
        "Tỷ lệ hộ cận nghèo của các làng kết nghĩa",
        "Hộ cận nghèo chia cho tổng số hộ, cộng trước khi chia.",
        _NEARPOOR,
        _POVERTY,
        "nearpoor_households",
        "households",
        decimals=2,
    ),
    _politics("party_cells_dtts", "Chi bộ có đảng viên DTTS", "Số chi bộ có đảng viên DTTS cuối kỳ.", "chi bộ",
              "party_cells_dtts", Kind.STOCK),
    _politics("party_members", "Đảng viên", "Số đảng viên cuối kỳ.", "đảng viên", "party_members", Kind.STOCK),
    _politics("party_members_new", "Đảng viên mới kết nạp", "Số đảng viên kết nạp trong kỳ.", "đảng viên",
              "party_members_new", Kind.FLOW),
    _politics("organisations_strengthened", "Tổ chức đoàn thể được kiện toàn", "Số tổ chức được kiện toàn trong kỳ.",
              "tổ chức", "organisations_strengthened", Kind.FLOW),
    _politics("joint_meetings", "Cuộc họp hai bên", "Số cuộc họp giữa đơn vị kết nghĩa và làng trong kỳ.", "cuộc",
              "joint_meetings", Kind.FLOW),
    _politics("cases_received", "Vụ việc phức tạp nắm được", "Số vụ việc nắm được trong kỳ; chỉ số đếm.", "vụ việc",
              "cases_received", Kind.FLOW),
    _politics("cases_resolved", "Vụ việc đã giải quyết", "Số vụ việc giải quyết xong trong kỳ.", "vụ việc",
              "cases_resolved", Kind.FLOW),
    _ratio("case_resolution_rate_pct", "Tỷ lệ vụ việc được giải quyết", "Vụ việc đã giải quyết chia cho vụ việc nắm.",
           _SYSTEM, _POLITICS, "cases_resolved", "cases_received", first_period="2023-12"),
    _politics("security_models", "Mô hình an ninh trật tự", "Số mô hình đang hoạt động cuối kỳ.", "mô hình",
              "security_models", Kind.STOCK),
    _politics("elders_visited", "Già làng, người có uy tín được thăm", "Số lượt thăm trong kỳ.", "lượt người",
              "elders_visited", Kind.FLOW),
    _reports("reports_expected", "Báo cáo phải nộp", "Số báo cáo tháng mà các đơn vị phải nộp.", "is_expected"),
    _reports("reports_received", "Báo cáo được chấp nhận", "Số báo cáo tháng có bản được chấp nhận.", "is_received"),
    _reports("reports_sent", "Báo cáo đã gửi", "Số báo cáo tháng có ít nhất một tệp nhận được, kể cả bị trả lại.",
             "is_sent"),
    _reports("reports_on_time", "Báo cáo đúng hạn", "Số báo cáo được chấp nhận và nhận trong hạn.", "is_on_time"),
    _reports("reports_late", "Báo cáo trễ hạn", "Số báo cáo được chấp nhận nhưng nhận sau hạn.", "is_late"),
    _reports("reports_nil", "Báo cáo không phát sinh", "Số báo cáo được chấp nhận ghi không phát sinh.", "is_nil"),
    _reports("reports_right_first_time", "Báo cáo đúng ngay lần đầu",
             "Số báo cáo được chấp nhận mà bản nhận đầu tiên không bị trả lại.", "is_right_first_time"),
    _reports("reports_replaced", "Báo cáo được thay thế, đính chính",
             "Số báo cáo mà bản được tính là lần nộp thứ hai trở đi.", "is_replaced"),
    _balance("reports_missing", "Báo cáo còn thiếu", "Báo cáo phải nộp chưa có bản được chấp nhận.", "báo cáo",
             _DISCIPLINE, _REPORTING, ["reports_expected"], ["reports_received"]),
    _ratio("coverage_pct", "Tỷ lệ báo cáo được chấp nhận", "Báo cáo được chấp nhận chia cho báo cáo phải nộp.",
           _DISCIPLINE, _REPORTING, "reports_received", "reports_expected"),
    _ratio("on_time_pct", "Tỷ lệ báo cáo đúng hạn", "Báo cáo đúng hạn chia cho báo cáo phải nộp.",
           _DISCIPLINE, _REPORTING, "reports_on_time", "reports_expected"),
    _ratio("right_first_time_pct", "Tỷ lệ báo cáo đúng ngay lần đầu",
           "Báo cáo đúng ngay lần đầu chia cho báo cáo đã gửi.",
           _DISCIPLINE, _REPORTING, "reports_right_first_time", "reports_sent"),
)  # fmt: skip
INDICATOR_BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


def counted_behind(code: str) -> list[Indicator]:
    """The indicators that are counted in rows and of which this one is made, itself or its parts; none for an unknown one."""
    entry = INDICATOR_BY_CODE.get(code)
    if entry is None:
        return []
    return [counted for part in entry.parts for counted in counted_behind(part)] if entry.parts else [entry]
