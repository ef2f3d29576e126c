"""Where the engine differs from the one for pandas on purpose, as its README says."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from expectations.gate import great_expectations
from tests.expectations.engine.suites import by_pandas, by_polars, crash_of

pytestmark = pytest.mark.slow
NAN = float("nan")


@pytest.fixture(scope="module")
def x() -> Any:
    return great_expectations().expectations


def broken(results: list[Any]) -> list[list[int]]:
    assert [crash_of(result) for result in results] == [None] * len(results)
    return [result.result["unexpected_index_list"] for result in results]


def test_nan_is_a_value_that_lies_in_no_range_and_follows_nothing(x: Any) -> None:
    frame = pl.DataFrame({"f": [1.0, NAN, None, NAN, 2.0], "g": [0.0, 0.0, 0.0, NAN, 0.0]})
    asked = [
        x.ExpectColumnValuesToNotBeNull(column="f"),
        x.ExpectColumnValuesToBeBetween(column="f", min_value=0),
        x.ExpectColumnValuesToBeBetween(column="f", max_value=9),
        x.ExpectColumnValuesToBeUnique(column="f"),
        x.ExpectColumnValuesToBeIncreasing(column="f"),
        x.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="f", column_B="g", or_equal=True, ignore_row_if="either_value_is_missing"
        ),
    ]
    assert broken(by_polars(frame, asked)) == [[2], [1, 3], [1, 3], [1, 3], [1, 3], [1, 3]]
    # For pandas NaN is the way to say that a value is missing.
    assert broken(by_pandas(frame, asked)) == [[1, 2, 3], [], [], [], [], []]


def test_decimals_are_exact_and_a_float_bound_is_what_was_written(x: Any) -> None:
    frame = pl.DataFrame({"m": [Decimal("0.1"), Decimal("0.2"), Decimal("0.3")]})
    [total, least, among] = by_polars(
        frame,
        [
            x.ExpectColumnSumToBeBetween(column="m", min_value=0.6, max_value=0.6),
            x.ExpectColumnValuesToBeBetween(column="m", min_value=0.1),
            x.ExpectColumnValuesToBeInSet(column="m", value_set=[0.1, 0.3]),
        ],
    )
    assert total.result["observed_value"] == Decimal("0.6")
    assert broken([least, among]) == [[], [1]]
    # As floats a tenth and two tenths are more than three.
    sums = pl.DataFrame({"a": [Decimal("0.1")], "b": [Decimal("0.2")]})
    asked = [x.ExpectMulticolumnSumToEqual(column_list=["a", "b"], sum_total=0.3)]
    assert broken(by_polars(sums, asked)) == [[]]


def test_integers_beside_missing_ones_stay_integers(x: Any) -> None:
    large = 2**53 + 1
    frame = pl.DataFrame({"n": [large, None]})
    asked = [x.ExpectColumnValuesToBeInSet(column="n", value_set=[large - 1])]
    assert broken(by_polars(frame, asked)) == [[0]]
    assert broken(by_pandas(frame, asked)) == [[]]


def test_a_day_is_a_day_and_may_be_written_as_text(x: Any) -> None:
    frame = pl.DataFrame({"d": [date(2024, 1, 1), date(2024, 1, 2)]})
    asked = [
        x.ExpectColumnValuesToBeInSet(column="d", value_set=["2024-01-01"]),
        x.ExpectColumnValuesToNotBeInSet(column="d", value_set=["2024-01-01T12:00:00"]),
    ]
    [among, outside] = by_polars(frame, asked)
    assert broken([among, outside]) == [[1], []]
    assert among.result["unexpected_list"] == [date(2024, 1, 2)]


def test_values_of_another_type_are_a_crash_and_no_verdict(x: Any) -> None:
    frame = pl.DataFrame({"n": [1, 2], "s": ["1", "2"]})
    asked = [
        x.ExpectColumnValuesToNotBeInSet(column="n", value_set=["1"]),
        x.ExpectColumnValuesToBeInSet(column="s", value_set=[1, 2]),
    ]
    crashes = [str(crash_of(result)) for result in by_polars(frame, asked)]
    assert ["cannot be among values of the type" in crash for crash in crashes] == [True, True]
    # There the first passes, as if somebody had looked.
    assert broken(by_pandas(frame, asked)) == [[], [0, 1]]


def test_patterns_are_those_of_rust(x: Any) -> None:
    frame = pl.DataFrame({"s": ["ab\n", "ab"]})
    ends, ahead = by_polars(
        frame,
        [
            x.ExpectColumnValuesToMatchRegex(column="s", regex="b$"),
            x.ExpectColumnValuesToMatchRegex(column="s", regex="a(?=b)"),
        ],
    )
    assert broken([ends]) == [[0]]
    assert "look-around" in str(crash_of(ahead))


def test_like_patterns_of_sql_are_answered_though_pandas_has_none(x: Any) -> None:
    frame = pl.DataFrame({"s": ["a%b", "axxb", "ab\n", None]})
    asked = [
        x.ExpectColumnValuesToMatchLikePattern(column="s", like_pattern="a%b"),
        x.ExpectColumnValuesToMatchLikePattern(column="s", like_pattern="a_b%"),
        x.ExpectColumnValuesToNotMatchLikePattern(column="s", like_pattern="a%"),
        x.ExpectColumnValuesToMatchLikePatternList(column="s", like_pattern_list=["axxb", "ab_"], match_on="any"),
        x.ExpectColumnValuesToNotMatchLikePatternList(column="s", like_pattern_list=["axxb", "ab_"]),
    ]
    assert broken(by_polars(frame, asked)) == [[2], [1, 2], [0, 1, 2], [0], [1, 2]]


def test_types_are_asked_for_by_the_expectation_that_knows_every_engine(x: Any) -> None:
    frame = pl.DataFrame({"n": [1], "s": ["a"], "p": [True]})
    asked = [
        x.ExpectColumnTypeToBe(column="n", type_="int64"),
        x.ExpectColumnTypeToBe(column="n", type_="float64"),
        x.ExpectColumnTypeToBe(column="s", type_="string"),
        x.ExpectColumnTypeToBe(column="p", type_="bool"),
    ]
    assert [result.success for result in by_polars(frame, asked)] == [True, False, True, True]
    # These two name the engines they know within themselves.
    unknown = [
        x.ExpectColumnValuesToBeOfType(column="n", type_="int64"),
        x.ExpectColumnValuesToBeInTypeList(column="n", type_list=["int64"]),
    ]
    assert None not in [crash_of(result) for result in by_polars(frame, unknown)]
