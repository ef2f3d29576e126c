"""The numbers of a sentence are told apart: days among days, everything else among sums and counts."""

from decimal import Decimal

import pytest

from services.queries.recount.words import Carried, numbers_in, stray_numbers, times_of

CARRIED = Carried(
    frozenset(map(Decimal, ("50.0", "1234567", "12.5", "4", "17"))), frozenset({2024, 2023, 15, 1, 14, 2, 6, 17, 0})
)


@pytest.mark.parametrize(
    ("words", "stray"),
    [
        ("tăng 12,5% so với tháng 01 năm 2024", []),
        ("từ 15/01/2024 đến 14/02/2024, 04/17 đơn vị", []),
        ("từ ngày 15/01/2024 huy động 50,0 triệu đồng", []),
        ("Lũy kế 6 tháng năm 2024: 1.234.567 hộ", []),
        ("so với quý IV/2023 và Tết Quý Mão 2023", []),
        ("trước 17 giờ 00 ngày 14/02/2024", []),
        ("trong tháng 4 hộ thoát nghèo", []),
        ("không có số nào", []),
        ("tăng 12,6%", ["12,6"]),
        ("so với năm 2022", ["2022"]),
        ("ngày 16/01/2024", ["16"]),
        ("của 15 đơn vị", ["15"]),
        ("trong tháng 5 hộ thoát nghèo", ["5"]),
        ("9 tháng đầu năm 2024", ["9"]),
        ("1.234.568 hộ và 50,1 triệu đồng", ["1.234.568", "50,1"]),
    ],
)
def test_what_the_claim_does_not_carry_is_stray(words: str, stray: list[str]) -> None:
    assert stray_numbers(words, CARRIED, []) == stray


def test_a_number_within_a_name_belongs_to_the_name() -> None:
    assert stray_numbers("làng Têng 2 và Chỉ thị số 13-CT/TU", CARRIED, ["làng Têng 2", "Chỉ thị số 13-CT/TU"]) == []
    assert stray_numbers("làng Têng 3", CARRIED, ["làng Têng 2"]) == ["3"]


def test_a_run_of_months_is_called_by_its_numbers_years_and_length() -> None:
    assert times_of(["2023-12", "2024-01", "2024-02"]) == {2023, 2024, 12, 1, 2, 3}
    assert numbers_in("từ 1.234,50 đến 03") == {Decimal("1234.5"), Decimal(3)}
