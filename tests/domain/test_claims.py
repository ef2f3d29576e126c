"""A claim is kept as plain data and read back as it was."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claims import Claim, ClaimKind, Direction, State, Sum

_DAYS = st.dates(date(2013, 1, 1), date(2030, 12, 31))
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
_NAMES = st.lists(st.text(min_size=1), max_size=4).map(tuple)
_SUMS = st.builds(
    Sum,
    st.text(min_size=1),
    st.text(min_size=1),
    _NUMBERS,
    _NAMES,
    _NAMES,
    _DAYS,
    _DAYS,
    st.integers(0),
    st.integers(0),
)


@pytest.mark.slow
@given(
    st.builds(
        Claim,
        st.text(min_size=1),
        st.sampled_from(ClaimKind),
        st.text(),
        now=st.none() | _SUMS,
        against=st.none() | _SUMS,
        plan=st.none() | _NUMBERS,
        outcome=st.none() | _NUMBERS,
        direction=st.none() | st.sampled_from(Direction),
        state=st.none() | st.sampled_from(State),
        members=_NAMES,
        whole=_NAMES,
        parts=_NAMES,
    )
)
def test_a_claim_read_back_is_the_claim(claim: Claim) -> None:
    assert Claim.of_json(claim.as_json()) == claim


def test_a_number_is_kept_to_its_last_digit() -> None:
    claim = Claim("a", ClaimKind.COUNTED, "", outcome=Decimal("0.10"))
    assert claim.as_json()["outcome"] == "0.10"
