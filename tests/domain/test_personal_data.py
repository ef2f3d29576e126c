import random
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.personal_data import ACCOUNT, IDENTITY, INSURANCE, MAIL, MASK, PHONE, masked, personal_data
from domain.quoting import quoted
from domain.wording import long_day, number, short_day


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0905123456", PHONE),
        ("gọi 0905.123.456 nhé", PHONE),
        ("0905 123 456", PHONE),
        ("0905-12-34-56", PHONE),
        ("09.05.12.34.56", PHONE),
        ("0905_123_456", PHONE),
        ("0 9 0 5 1 2 3 4 5 6", PHONE),
        ("+84 905 123 456", PHONE),
        ("+84(0)905123456", PHONE),
        ("0084905123456", PHONE),
        ("84905123456", PHONE),
        ("(0269) 3824404", PHONE),
        ("0269.3.824.404", PHONE),
        ("01689123456", PHONE),
        ("sđt0905123456", PHONE),
        ("ĐT: 3824404", PHONE),
        ("０９０５１２３４５６", PHONE),
        ("٠٩٠٥١٢٣٤٥٦", PHONE),
        ("09\u200b05\u200b123456", PHONE),
        ("[0905123456]", PHONE),
        ("064199001234", IDENTITY),
        ("064 199 001 234", IDENTITY),
        ("CCCD số 064199001234", IDENTITY),
        ("CMND 231 123 456", IDENTITY),
        ("CMND: 231.123.456", IDENTITY),
        ("CMND231123456", IDENTITY),
        ("số 231123456 cấp năm 2010", IDENTITY),
        ("STK 6203205123456 Agribank", ACCOUNT),
        ("số tài khoản: 6203 205 123456", ACCOUNT),
        ("chuyển vào 6203205123456", ACCOUNT),
        ("Chưa có MST, SĐT: 0905123456", PHONE),
        ("MST/SĐT 0905123456", PHONE),
        ("Mã số thuế (Zalo 0905123456)", PHONE),
        ("MST/CCCD 0640850012", IDENTITY),
        ("MST và STK: 5005205123", ACCOUNT),
        ("MST công ty và STK: 5005205123", ACCOUNT),
        ("MST CMND 2301234567", IDENTITY),
        ("CMND 230123456 đồng chí Nam", IDENTITY),
        ("CMND 230123456 đ. Lê Lợi", IDENTITY),
        ("CCCD 640950012 Đ.c Nam", IDENTITY),
        ("STK 123456789 đồng sở hữu", ACCOUNT),
        ("STK 5000205012345 tr", ACCOUNT),
        ("MST công ty A, số tk 1234567890", ACCOUNT),
        ("MST công ty A, liên hệ 1900123456", ACCOUNT),
        ("mã số thuế cá nhân 8012345678", ACCOUNT),
        ("mã số thuế của bà Lan 8012345678", ACCOUNT),
        ("12/QĐ-UBND,SĐT:0905123456", PHONE),
        ("1-Hùng(0905123456)", PHONE),
        ("0905/123/456", PHONE),
        ("0905,123,456", PHONE),
        ("0905 -- 123 -- 456", PHONE),
        ("0905123456đ", PHONE),
        ("thẻ GD4641234567890 đã cấp", INSURANCE),
        ("DT 2 64 123 456 7890", INSURANCE),
        ("thẻ BHYT số 6412345678", INSURANCE),
        ("số sổ BHXH: 6412345678", INSURANCE),
        ("a.b@gmail.com", MAIL),
    ],
)
def test_what_is_somebodys_own_is_told_and_masked(text: str, kind: str) -> None:
    assert [found.kind for found in personal_data(text)] == [kind]
    assert MASK in masked(text)
    assert sum(letter.isdigit() for letter in masked(text)) <= 4


def test_a_village_beside_a_number_stays() -> None:
    assert masked("làng 23638-01 (0905123456)") == f"làng 23638-01 ({MASK})"


def test_two_in_one_text_are_both_covered_and_the_words_stay() -> None:
    text = "anh A (0905-123-456), chị B 0912345678/0987654321; STK 6203 205 123456 hết"
    assert masked(text) == f"anh A ({MASK}), chị B {MASK}/{MASK}; STK {MASK} hết"
    assert personal_data(masked(text)) == []


def test_an_address_of_mail_may_be_left() -> None:
    assert masked("a@b.vn, 0905123456", with_mail=False) == f"a@b.vn, {MASK}"


@pytest.mark.parametrize(
    "text",
    [
        "13-CT/TU", "15/BC-UBND", "1234/QĐ-UBND", "QĐ 1719/QĐ-TTg ngày 14/10/2021", "123/2024/NĐ-CP", "01/2024/TT-BTC",
        "12.000.000 đồng", "368.548.000", "1.234.567.890", "231.123.456 đồng", "231 123 456 đồng", "100000000 đồng",
        "hỗ trợ 100000000", "200 suất, 500.000 đ/suất", "tài khoản 12.000.000 đồng", "0 - 1.200.000 đồng",
        "Tổng 1.234.567 và 2.345.678", "ngày 05/02/2024", "05.02.2024-10.02.2024", "từ 05-02-2024 06-02-2024",
        "MST 5900123456", "MST của Công ty là 5900415863", "MST công ty cổ phần Đức Long Gia Lai 5900415863",
        "hỗ trợ mua BHYT giai đoạn 2021-2025 (85 hộ)", "hỗ trợ BHYT năm 2023-2024 (98 %)", "BHYT: 120 - 130 - 1400 hộ",
        "cấp thẻ BHYT năm 2022 - 2023 - 24 hộ nghèo", "bảo hiểm xã hội tự nguyện (2023-2024) 15 hộ",
        "trẻ em 120 - 130 - 140 - 1500", "QL 14 - 19 - 25 - 2024 - 100", "làng 3 – 123456789 đồng",
        "12 hộ (3) 123456789 đồng", "thôn 5 (123456789 đồng)", "CT 1719 (2) 123456789 đồng", "vốn năm 2023 (1234567890 đ)", "Công ty 74, mã số thuế: 5900123456-001", "tặng 1.200 thẻ BHYT, trị giá 1.234.567.890 đồng",
        "2024-02-05", "20240205", "2021-2025", "năm 2023, 2024, 2025", "23586-01", "23586-01, 23586-02", "DV-016",
        "tặng 12 hộ, 34 người, 56 suất, 78 cây", "km 0+500", "tọa độ 13,9833", "ĐT 662 nối ĐT 663", "TK 2024",
        "24 con bò; 120 m2; 4,5 km; 30 ngày công", "thửa 123 tờ 45", "lớp 10, 11, 12", "tiến độ 100%",
    ],
)  # fmt: skip
def test_documents_money_days_and_villages_are_nobodys(text: str) -> None:
    assert personal_data(text) == []


def test_five_hundred_ordinary_descriptions_are_not_asked_about() -> None:
    dice = random.Random(16)
    deeds = (
        "Tặng quà Tết cho",
        "Bàn giao nhà Đại đoàn kết cho",
        "Trao học bổng cho",
        "Hỗ trợ bò giống cho",
        "Thăm hỏi",
    )
    texts = []
    for _ in range(500):
        day = dice.randrange(738_000, 740_000)
        on = date.fromordinal(day)
        parts = [
            f"{dice.choice(deeds)} {dice.randint(1, 120)} hộ làng {dice.randint(10_000, 30_000)}-{dice.randint(1, 30):02d}",
            f"trị giá {number(dice.randint(1, 5_000) * 100_000)} đồng",
            f"mỗi suất {dice.randint(2, 20) * 100_000} đồng",
            dice.choice([short_day(on), long_day(on), f"{on:%d-%m-%Y}", f"{on:%d.%m}"]),
            f"theo {dice.randint(1, 4_000)}/QĐ-UBND và {dice.randint(1, 300)}-KH/TU",
            f"{number(dice.randint(10, 99_999))} m², {number(dice.random() * 90)} km",
        ]
        texts.append(", ".join(dice.sample(parts, k=dice.randint(2, 6))))
    assert [text for text in texts if personal_data(text)] == []


@given(st.text())
def test_any_text_can_be_masked_and_nothing_is_left_to_mask(text: str) -> None:
    assert personal_data(masked(text)) == []


@given(
    st.from_regex(r"0[35789][0-9]{8}", fullmatch=True) | st.from_regex(r"0[35789][0-2]{8}", fullmatch=True),
    st.sampled_from([(10,), (4, 3, 3), (3, 3, 4), (4, 2, 2, 2), (4, 6), (5, 5), (2,) * 5, (1,) * 10]),
    st.sampled_from(["", " ", ".", "-", "\u200b", "_", " . ", " - ", ") ", "–"]),
    st.sampled_from([" nhé", " đ/c Hùng", "-Hùng", ", 20 suất", "/QĐ", ")", " 12.000.000 đồng"]),
)
def test_a_mobile_number_is_found_however_it_is_parted(
    digits: str, groups: tuple[int, ...], gap: str, after: str
) -> None:
    places = [sum(groups[:count]) for count in range(len(groups) + 1)]
    parted = gap.join(digits[start:end] for start, end in pairwise(places))
    assert MASK in masked(f"gọi {parted}{after}")


def test_a_quotation_can_be_printed_and_is_nobodys() -> None:
    assert quoted("gọi 0905\u200b123456 😀\x7f nhé") == f"gọi {MASK} [U+1F600] nhé"
