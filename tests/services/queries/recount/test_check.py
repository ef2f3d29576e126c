"""True claims come out of the archived cells again; every falsified one is named."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.claims import Claim, Direction
from services.queries.recount.check import disagreements
from services.run import open_run
from services.settings import Settings
from storage.database import open_database
from tests.services.queries.recount.small_months import (
    ALL,
    FEBRUARY,
    TRUE,
    TRUE_BY_ID,
    a_sum,
    altered,
    edition_with,
    faults_of,
    side,
)

pytestmark = pytest.mark.slow


def test_every_true_claim_comes_out_again(small: Settings) -> None:
    assert faults_of(small, *TRUE) == []


def test_an_edition_without_claims_has_nothing_to_count(small: Settings) -> None:
    assert faults_of(small) == []


FALSE: dict[str, tuple[Sequence[Claim], str]] = {
    "a wrong sum": (side("total", value=Decimal(61_000_000)), "total .*ghi 61.000.000, đếm lại được 60.000.000"),
    "a unit left out": (side("total", units=("622", "625", "627")), "bỏ sót 1 đơn vị trong 4: Huyện Ia Grai"),
    "a unit too many": (side("total", units=(*ALL, "630")), "nêu thừa 1 đơn vị: Huyện Kông Chro"),
    "another ground than the figure names": (
        side("change", units=("622", "625")), "nêu đơn vị khác với các đơn vị của tổng",
    ),
    "ground that was not whole in both months": (
        altered(
            "change",
            now=a_sum("value_total_vnd:units=622+625+627@period", "60000000", "622", "625", "627"),
            outcome=Decimal("200.0"), words="tăng 200,0%",
        ),
        "nêu thừa 1 đơn vị: Huyện Kbang",
    ),
    "comparable ground left out": (
        altered(
            "change",
            now=a_sum("value_total_vnd:units=622@period", "40000000", "622"),
            against=a_sum("value_total_vnd:units=622@previous", "10000000", "622"),
            outcome=Decimal("300.0"), words="tăng 300,0%",
        ),
        "bỏ sót 1 đơn vị trong 2: Huyện Chư Păh",
    ),
    "a wrong first day": (side("total", first_day=date(2024, 1, 16)), "không phải những ngày của tháng 2024-02"),
    "a wrong month": (
        side("change", "against", months=("2023-12",), first_day=date(2023, 11, 15), last_day=date(2023, 12, 14)),
        "phải lấy các tháng 2024-01",
    ),
    "a wrong direction": (altered("change", direction=Direction.DOWN), "ghi giảm, đếm lại là tăng"),
    "words against the direction": (altered("change", words="giảm 150,0%"), "câu chữ nói ngược lại"),
    "another measure of money in words": (
        altered("total", words="Huy động 60,0 tỷ đồng của 04 đơn vị (04/17 báo cáo)."), "câu chữ ghi tỷ đồng",
    ),
    "another ground in words": (
        altered("total", words="Huy động 60,0 triệu đồng của 04 đơn vị thuộc địa bàn Bình Định cũ."), "ngoài địa bàn ấy",
    ),
    "no direction": (altered("moved", direction=None), "không nói tăng hay giảm"),
    "a wrong percentage": (
        altered("change", outcome=Decimal("151.0"), words="tăng 151,0%"), "ghi 151,0, tính lại được 150,0",
    ),
    "points that are not those of the printed rates": (
        altered("moved", outcome=Decimal("1.20"), words="giảm 1,20 điểm %"), "ghi 1,20, tính lại được 1,19",
    ),
    "a wrong share": (altered("share", outcome=Decimal("49.0"), words="49,0%"), "ghi 49,0, tính lại được 50,0"),
    "a share of another source": (
        side("share", figure="value_total_vnd:funding=DN@period"), "ghi 30.000.000, đếm lại được 0",
    ),
    "a plan fulfilled too well": (
        altered("fulfilled", outcome=Decimal("80.0"), words="bằng 80,0%"), "ghi 80,0, tính lại được 40,0",
    ),
    "a reduction that was not": (
        altered("reduced", outcome=Decimal("60.0"), words="đạt 60,0%"), "ghi 60,0, tính lại được 59,5",
    ),
    "a ceiling that was passed": (altered("ceiling", direction=Direction.UP), "ghi tăng, đếm lại là giảm"),
    "a plan that is not behind": (
        altered("slow", plan=Decimal(400), outcome=Decimal("20.0"), words=""),
        "ghi chậm so với 16,9% thời gian đã qua",
    ),
    "a reduction that is not behind": (
        altered("moved", plan=Decimal(2)),
        "ghi chậm so với tiến độ kế hoạch 0,34",
    ),
    "a sign against the direction": (altered("change", words="−150,0%"), "câu chữ nói ngược lại"),
    "a rest that is not": (
        altered("missing", words="12 đơn vị: huyện Kông Chro, huyện Ia Pa và 11 đơn vị khác"),
        "có số 11",
    ),
    "a moment that is another": (altered("late", words="01 đơn vị trễ đến 17 giờ 30"), "có số 17; 30"),
    "a report too many": (side("total", received=5), "ghi 5/17 báo cáo, đếm lại được 4/17"),
    "a report owed too few": (side("total", expected=16), "ghi 4/16 báo cáo, đếm lại được 4/17"),
    "a unit that did not report": (
        altered("reported", members=(*ALL, "630"), outcome=Decimal(5), words="05 đơn vị"), "thừa Huyện Kông Chro",
    ),
    "a whole that is not": (
        altered("reported", whole=tuple(TRUE_BY_ID["reported"].whole[1:])), "nêu toàn thể 16, tìm lại được 17",
    ),
    "a unit that was not refused": (altered("rejected", members=("627",)), "thiếu Huyện Đak Đoa; thừa Huyện Chư Păh"),
    "a refused unit as missing": (
        altered("missing", members=(*TRUE_BY_ID["missing"].members, "626"), outcome=Decimal(13), words="13 đơn vị"),
        "thừa Huyện Đak Đoa",
    ),
    "a count that is not that of its members": (altered("late", outcome=Decimal(2), words=""), "ghi 2, nhưng nêu 1"),
    "somebody else late": (altered("late", members=("622",)), "thiếu Huyện Kbang; thừa Thành phố Pleiku"),
    "an idle village as active": (
        altered("active", members=(*TRUE_BY_ID["active"].members, "23581-01"), outcome=Decimal(5), words="05"),
        "thừa 23581-01",
    ),
    "a village without a partner among the twinned": (
        altered("active", whole=(*TRUE_BY_ID["active"].whole, "23593-01"), words=""), "nêu toàn thể 7, tìm lại được 6",
    ),
    "units of two months that are not": (
        altered("same", members=ALL, outcome=Decimal(4), words="04 đơn vị"), "nêu 4 đơn vị, tổng .* gồm 2 đơn vị",
    ),
    "the second named first": (altered("ranked", members=("627",), words=""), "bỏ qua Thành phố Pleiku, cao hơn"),
    "the order turned round": (altered("ranked", members=("627", "622"), words=""), "thứ tự 627, 622 không theo"),
    "the least, though others have nothing": (
        altered("ranked", members=("627", "625"), direction=Direction.DOWN, words=""),
        "bỏ qua Huyện Ia Grai, thấp hơn",
    ),
    "a whole without one that has something": (
        altered("ranked", members=("627", "622"), whole=("622", "627"), direction=Direction.DOWN, words=""),
        "không kể Huyện Kbang",
    ),
    "a movement left out": (altered("bridge", parts=("exits", "relapses")), "được 142, cuối kỳ ghi 150"),
    "a part that is not there": (altered("joint", parts=("change", "nothing")), "dựa vào nothing"),
    "a joint sentence of nothing": (altered("joint", parts=(), words=""), "không nêu nhận định nào"),
    "a number nobody carries": (
        altered("total", words="Huy động 60,0 triệu đồng của 05 đơn vị."), "trong câu có số 05 mà nhận định không mang",
    ),
    "another year in words": (altered("change", words="tăng 150,0% so với năm 2022"), "có số 2022"),
    "a count that is only a day": (altered("total", words="của 15 đơn vị"), "có số 15"),
    "a unit compared with itself though it did not report then": (
        altered(
            "unit", now=a_sum("value_total_vnd:unit=625@period", "10000000", "625"),
            against=a_sum("value_total_vnd:unit=625@previous", "0", "625"), outcome=None,
            direction=Direction.FROM_NOTHING, words="",
        ),
        "địa bàn của Huyện Kbang không so sánh được",
    ),
    "an indicator that nobody knows": (
        side("total", figure="gold@period", indicator="gold"), "không có cách đếm lại chỉ tiêu gold",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_falsified_claim_is_named(small: Settings, name: str) -> None:
    claims, expected = FALSE[name]
    faults = faults_of(small, *claims)
    assert any(re.search(expected, fault) for fault in faults), faults


def test_the_truth_of_one_claim_says_nothing_of_another(small: Settings) -> None:
    faults = faults_of(small, *side("total", value=Decimal(1)))
    assert len(faults) >= 1
    assert all(fault.startswith("nhận định total (") for fault in faults)


def test_what_the_archive_no_longer_holds_is_told(small: Settings) -> None:
    [first, *_] = sorted(small.archive.glob("??/*"))
    first.unlink()
    assert any("không còn hoặc không đọc được" in fault for fault in faults_of(small, *TRUE))


def test_what_is_no_claim_is_a_fault_and_no_crash(small: Settings) -> None:
    edition_id = edition_with(small, FEBRUARY, TRUE)
    database = open_database(small.ledger_url)
    for forged in ("{}", "[]", '{"claim_id": "x", "kind": "nope"}'):
        with database.write() as session:
            session.execute(text(f"UPDATE claims SET body = '{forged}' WHERE claim_id = 'total'"))
        with open_run(small) as run:
            assert disagreements(run, edition_id) == [f"nhận định của bản {edition_id} trong sổ đã bị sửa"]
    database.close()


def test_a_month_that_is_none_is_a_fault_and_no_crash(small: Settings) -> None:
    for months in ((), ("2024-13",), ("2024-Q1",)):
        [fault, *_] = faults_of(small, *side("total", months=months))
        assert "không phải tháng" in fault


def test_work_under_way_is_no_result(small: Settings) -> None:
    house = replace(TRUE_BY_ID["total"], now=a_sum("houses_new@period", "1", *ALL), words="Đã xây xong 1 căn nhà.")
    assert any("houses_new@period ghi 1, đếm lại được 0" in fault for fault in faults_of(small, house))
    under_way = replace(house, now=a_sum("houses_under_way@period", "1", *ALL), words="Đang xây 1 căn nhà.")
    assert faults_of(small, under_way) == []


def test_those_left_unnamed_and_the_moment_of_the_edition_may_be_told(small: Settings) -> None:
    missing = replace(
        TRUE_BY_ID["missing"],
        words="12 đơn vị chưa báo cáo đến 12 giờ 00 ngày 26/02/2024: huyện Kông Chro, huyện Ia Pa và 10 đơn vị khác",
    )
    assert faults_of(small, missing) == []


def test_the_least_may_be_told_of_those_who_have_anything(small: Settings) -> None:
    least = replace(
        TRUE_BY_ID["ranked"], members=("627", "625"), whole=("622", "625", "627"), direction=Direction.DOWN, words=""
    )
    assert faults_of(small, least) == []


def test_both_sides_must_name_the_ground(small: Settings) -> None:
    faults = faults_of(small, *side("moved", "against", units=("622",)))
    assert any("poverty_rate_pct:units=622+627@previous" in fault for fault in faults)
    assert faults_of(small, replace(TRUE_BY_ID["moved"], claim_id="again")) == []
