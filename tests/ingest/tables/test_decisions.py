import pytest

from ingest.tables.cells import Cells
from ingest.tables.decisions import DOUBLE_DECISIONS, WAIVERS

WAIVER = {
    "rule": "E-SUM", "unit_code": "633", "first_period": "2024-02", "last_period": "", "granted_by": "B",
    "reason": "R", "valid_from": "2024-02-01", "valid_to": "2024-02-29",
}  # fmt: skip


def test_a_waiver_without_a_last_period_is_for_one_month() -> None:
    waiver = WAIVERS.record(Cells(WAIVER))
    assert waiver.last_period == waiver.first_period


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ({"valid_to": ""}, "cột valid_to: để trống, phải là ngày"),
        ({"reason": ""}, "thiếu lý do"),
        ({"granted_by": ""}, "thiếu người cho phép"),
        ({"first_period": "2024-13"}, "cột first_period: “2024-13” không phải kỳ báo cáo"),
    ],
)
def test_a_waiver_says_who_why_and_until_when(odd: dict[str, str], says: str) -> None:
    row = Cells(WAIVER | odd)
    WAIVERS.record(row)
    assert [problem.what for problem in row.problems] == [says]


def test_every_cell_that_cannot_be_read_is_noted() -> None:
    row = Cells({"kept": "x", "dropped": "2024-02/622/02_HoatDong!8", "value_total_vnd": "1.000", "decision": "maybe"})
    DOUBLE_DECISIONS.record(row)
    assert [problem.what.split(":")[0] for problem in row.problems] == [
        "cột kept",
        "cột value_total_vnd",
        "cột decision",
        "thiếu lý do",
        "thiếu người quyết định",
        "cột valid_from",
    ]
