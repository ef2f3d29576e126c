"""Numbers and addresses that belong to a person: told in free text at the gate, masked at every exit.

A number of a telephone, an identity card, a health insurance card, an account; an address of mail. No document, sum of
money, day, tax code of ten figures or code of a village is one. What looks like one and is none costs a question; what is
one and is printed cannot be taken back.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from domain.alphabet import without_unseen

MASK = "[đã che]"
PHONE, IDENTITY, ACCOUNT, MAIL = "số điện thoại", "số căn cước, CMND", "số tài khoản", "địa chỉ thư"
INSURANCE = "số thẻ bảo hiểm y tế"


class Found(NamedTuple):
    """A piece of a text that seems to be somebody's own: what it is, and where it stands."""

    kind: str
    start: int
    end: int


_PARTS = r"[\s_.\-–—·()]"
_GAP = rf"{_PARTS}{{0,4}}"
_BEFORE, _AFTER = r"(?<![.,])(?<![^\W_])", r"(?![^\W_])"
_NAMED = r"(?![^\W\d_])"
"""After a word such as STK: no letter more."""
_ALONE = "".join(rf"(?<!\d{_PARTS}{{{length}}})" for length in (1, 2, 3, 4)) + r"(?<![\w.,])"
"""Not the rest of a longer number, however that is parted."""
_BESIDE, _ENDED = r"(?<!\d[ .\-_])(?<![\w.,])", r"(?![ .\-_]?\d)"
"""Not right behind another number; not right before one."""
_OF_A_FIRM = (
    r"(?:(?:\s+của)?\s+(?:công ty|doanh nghiệp|hợp tác xã|htx|chi nhánh|ngân hàng)"
    r"(?:(?!\b(?:stk|tk|tài khoản|cmnd|cccd|căn cước|sđt|đt|điện thoại|liên hệ|gọi|zalo|do|bà|ông|anh|chị)\b)[^\d\n;@]){0,60}?)?"
)
_MONEY = r"(?:đồng(?!\s+(?:chí|sở|bào|hương|nghiệp|đội))|đ(?![/.])|vnđ|vnd|nghìn|ngàn|triệu|tr(?![.])|tỷ|tỉ)(?!\w)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-]"
_KEPT = (
    # A sum: grouped by threes, or said to be money.
    rf"{_ALONE}[1-9]\d{{0,2}}(?:[.,]\d{{3}})*[.,]000(?!\d)",
    rf"{_ALONE}(?!\d{{13}})[1-9][\d.,]*(?: \d{{3}})*\s?{_MONEY}",
    rf"{_BESIDE}[1-9]\d{{5,11}}\s?{_MONEY}",
    # A day, or two.
    rf"{_ALONE}{_DAY}(?:19|20)\d\d(?:\s?[-–—]\s?{_DAY}(?:19|20)\d\d)?(?![.\-]?\d)",
    rf"{_ALONE}{_DAY}\d\d{_ENDED}",
    # A document, a village.
    rf"{_ALONE}\d{{1,5}}/\d{{4}}/(?!\S*\d{{7}})[^\W\d_]\S*",
    rf"{_ALONE}\d{{1,5}}[/-](?!\S*\d{{7}})[^\W\d_]\S*",
    rf"{_ALONE}[1-9]\d{{4}}-\d{{2}}{_ENDED}",
    # An enterprise, by its tax code; a person's begins with 8, and has twelve figures since July 2025.
    rf"(?<!\w)(?:mst|mã số thuế|mã số doanh nghiệp){_NAMED}{_OF_A_FIRM}(?:[\s:.(]|số|là){{0,5}}[1-79]\d{{9}}(?:-\d{{3}})?(?!\d)",
)
"""What holds digits and is nobody's; looked for first, and left alone."""
_TEN = r"\d{10}|\d{3}([ .])\d{3}\2\d{4}|\d{2}([ .])\d{2}(?:\3\d{2}){3}"
_TOLD = (
    (MAIL, r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # Whom it insures, how much is paid, the province, and ten figures of the person.
    (INSURANCE, r"(?<!\w)(?-i:[A-Z]{2})[ .\-]?[1-5][ .\-]?\d{2}[ .\-]?\d{3}[ .\-]?\d{3}[ .\-]?\d{4}(?!\w)"),
    (INSURANCE, rf"(?<!\w)(?:bhyt|bảo hiểm y tế|bhxh|bảo hiểm xã hội){_NAMED}\D{{0,25}}(?<![\d.,])({_TEN}){_AFTER}"),
    (IDENTITY, rf"{_BEFORE}0(?:{_GAP}\d){{11}}{_AFTER}"),
    (PHONE, rf"{_BEFORE}(?:\+|00)?\(?84\)?(?:{_GAP}0)?{_GAP}[2-9](?:{_GAP}\d){{8,9}}{_AFTER}"),
    (PHONE, r"(?<![\d.,])0[35789]\d{8}(?!\d)"),
    (PHONE, rf"{_BEFORE}0\d{{3}}(?:/\d{{3}}/\d{{3}}|,\d{{3}},\d{{3}}){_AFTER}"),
    (PHONE, rf"{_BEFORE}\(?0{_GAP}(?:[35789](?:{_GAP}\d){{8}}|2(?:{_GAP}\d){{9}}|1(?:{_GAP}\d){{9}}){_AFTER}"),
    (
        PHONE,
        rf"(?<!\w)(?:sđt|đt|dt|sdt|điện thoại|di động|zalo|hotline|phone|tel){_NAMED}\D{{0,15}}(\d(?:{_GAP}\d){{6,}})",
    ),
    (
        IDENTITY,
        rf"(?<!\w)(?:cccd|cmnd|cmt|cmtnd|căn cước|chứng minh|định danh|hộ chiếu){_NAMED}\D{{0,25}}(\d(?:{_GAP}\d){{5,}})",
    ),
    (ACCOUNT, rf"(?<!\w)(?:stk|tk|tài khoản|account){_NAMED}\D{{0,25}}(\d(?:{_GAP}\d){{5,}})"),
    (IDENTITY, rf"{_BEFORE}(?!\d*000(?!\d))(?:\d{{9}}|\d{{12}}){_AFTER}"),
    (ACCOUNT, rf"{_BEFORE}(?!\d*000(?!\d))\d{{10,}}{_AFTER}"),
)
MAY_HOLD = r"(?:\p{Nd}\P{L}*){6}|@"
"""What a text has at the least, as a regular expression of Polars: few need to be looked at more closely."""


def personal_data(text: str) -> list[Found]:
    """What in the text seems to be somebody's own, in its order; digits of any script, and hidden marks between them."""
    letters = [(place, letter) for place, letter in enumerate(text) if without_unseen(letter)]
    plain = "".join(_plain(letter) for _, letter in letters)
    free = _kept_pattern().sub(lambda kept: "|" * len(kept[0]), plain)
    taken: list[Found] = []
    for kind, pattern in _told_patterns():
        for found in pattern.finditer(free):
            start, end = found.span(found.lastindex or 0)
            if plain[start] == "(" and ")" not in plain[start:end]:
                start += 1
            if not any(start < other.end and other.start < end for other in taken):
                taken.append(Found(kind, start, end))
    return [
        Found(each.kind, letters[each.start][0], letters[each.end - 1][0] + 1) for each in sorted(taken, key=_start)
    ]


def masked(text: str, *, with_mail: bool = True) -> str:
    """The text with what seems to be somebody's own covered; addresses of mail, too, unless told otherwise."""
    return "".join(_pieces(text, with_mail=with_mail))


@cache
def _kept_pattern() -> re.Pattern[str]:
    """Compiled when the first text is looked at: most commands mask nothing."""
    return re.compile("|".join(_KEPT), re.IGNORECASE)


@cache
def _told_patterns() -> Sequence[tuple[str, re.Pattern[str]]]:
    return [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _TOLD]


def _pieces(text: str, *, with_mail: bool) -> Iterator[str]:
    end = 0
    for found in personal_data(text):
        if found.kind != MAIL or with_mail:
            yield text[end : found.start] + MASK
            end = found.end
    yield text[end:]


def _plain(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    return {"＋": "+", "．": ".", "－": "-", "＠": "@"}.get(letter, letter)


def _start(found: Found) -> int:
    return found.start
