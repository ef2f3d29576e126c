"""Whatever both engines can judge, they judge alike: random frames, Great Expectations' own expectations unmodified."""

from datetime import datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from expectations.gate import great_expectations
from tests.expectations.engine.suites import NUMBERS, by_pandas, by_polars, crash_of, frames

pytestmark = pytest.mark.slow
# An example costs half a second; making a failing one smaller would take minutes, and eight rows are small.
FEW = settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_same(frame: pl.DataFrame, expectations: list[Any], **result_format: Any) -> None:
    ours, theirs = (judge(frame, expectations, **result_format) for judge in (by_polars, by_pandas))
    for one, other in zip(ours, theirs, strict=True):
        asked = (one.expectation_config.type, one.expectation_config.kwargs, frame.rows())
        assert crash_of(one) is None, (asked, crash_of(one))
        assert crash_of(other) is None, (asked, crash_of(other))
        assert one.success == other.success, (asked, one.result, other.result)
        for key in ("element_count", "missing_count", "unexpected_count", "unexpected_index_list"):
            assert one.result.get(key) == other.result.get(key), (asked, key, one.result, other.result)
        observed, expected = one.result.get("observed_value"), other.result.get("observed_value")
        if isinstance(expected, float | int) and observed is not None:
            assert float(observed) == pytest.approx(float(expected), nan_ok=True), asked


@FEW
@given(frames(), st.data())
def test_values_of_one_column(frame: pl.DataFrame, data: st.DataObject) -> None:
    x = great_expectations().expectations
    least, most = sorted((data.draw(NUMBERS), data.draw(NUMBERS)))
    strict, strictly = data.draw(st.booleans()), data.draw(st.booleans())
    numbers = data.draw(st.lists(NUMBERS, min_size=1, max_size=4))
    words = data.draw(st.lists(st.sampled_from(["a", "ab", "ă", "5", ""]), min_size=1, max_size=3))
    day = datetime(2024, 1, data.draw(st.integers(1, 6)))
    asked: list[Any] = []
    for name in frame.columns:
        asked += [x.ExpectColumnValuesToBeNull(column=name), x.ExpectColumnValuesToNotBeNull(column=name)]
        asked.append(x.ExpectColumnValuesToBeUnique(column=name, mostly=data.draw(st.sampled_from([1, 0.5]))))
    for name in "abxymn":
        asked += [
            x.ExpectColumnValuesToBeBetween(column=name, min_value=least, max_value=most, strict_min=strict),
            x.ExpectColumnValuesToBeBetween(column=name, min_value=least, strict_max=strict),
            x.ExpectColumnValuesToBeBetween(column=name, max_value=most, strict_max=strict),
            x.ExpectColumnValuesToBeInSet(column=name, value_set=numbers),
            x.ExpectColumnValuesToNotBeInSet(column=name, value_set=numbers),
        ]
    for name in "abxy":
        asked += [
            x.ExpectColumnValuesToBeIncreasing(column=name, strictly=strictly),
            x.ExpectColumnValuesToBeDecreasing(column=name, strictly=strictly),
        ]
    for name in "st":
        asked += [
            x.ExpectColumnValuesToBeInSet(column=name, value_set=words),
            x.ExpectColumnValuesToNotBeInSet(column=name, value_set=words),
            x.ExpectColumnValuesToMatchRegex(column=name, regex="^a.?"),
            x.ExpectColumnValuesToNotMatchRegex(column=name, regex=r"\d"),
            x.ExpectColumnValuesToMatchRegexList(column=name, regex_list=["a", "b"], match_on="all"),
            x.ExpectColumnValuesToMatchRegexList(column=name, regex_list=["a", "5"]),
            x.ExpectColumnValuesToNotMatchRegexList(column=name, regex_list=["a", "5"]),
            x.ExpectColumnValueLengthsToEqual(column=name, value=abs(least)),
            x.ExpectColumnValueLengthsToBeBetween(column=name, min_value=1, max_value=2, strict_min=strict),
            x.ExpectColumnValuesToMatchStrftimeFormat(column=name, strftime_format="%Y-%m-%d"),
        ]
    for name in "de":
        asked += [
            x.ExpectColumnValuesToBeBetween(column=name, min_value=day, strict_min=strict),
            x.ExpectColumnValuesToBeInSet(column=name, value_set=[day]),
            x.ExpectColumnValuesToNotBeInSet(column=name, value_set=["2024-01-03"]),
            x.ExpectColumnValuesToBeIncreasing(column=name, strictly=strictly),
        ]
    asked.append(x.ExpectColumnValuesToBeInSet(column="p", value_set=[True]))
    assert_same(frame, asked)


@FEW
@given(frames(), st.data())
def test_values_of_several_columns(frame: pl.DataFrame, data: st.DataObject) -> None:
    x = great_expectations().expectations
    total, or_equal = data.draw(NUMBERS), data.draw(st.booleans())
    asked: list[Any] = []
    for ignored in ("both_values_are_missing", "either_value_is_missing", "neither"):
        for pair in (("a", "b"), ("x", "y"), ("a", "x"), ("d", "e")):
            names = dict(zip(("column_A", "column_B"), pair, strict=True)) | {"ignore_row_if": ignored}
            asked += [
                x.ExpectColumnPairValuesToBeEqual(**names),
                x.ExpectColumnPairValuesAToBeGreaterThanB(or_equal=or_equal, **names),
            ]
        asked.append(
            x.ExpectColumnPairValuesToBeInSet(
                column_A="a", column_B="s", value_pairs_set=[(1, "a"), (2, None)], ignore_row_if=ignored
            )
        )
    for ignored in ("all_values_are_missing", "any_value_is_missing", "never"):
        for several in (["a", "s"], ["s", "t"], ["p", "d", "x"]):
            asked.append(x.ExpectCompoundColumnsToBeUnique(column_list=several, ignore_row_if=ignored))
        asked += [
            x.ExpectSelectColumnValuesToBeUniqueWithinRecord(column_list=["a", "b"], ignore_row_if=ignored),
            x.ExpectMulticolumnSumToEqual(column_list=["a", "b", "x"], sum_total=total, ignore_row_if=ignored),
            x.ExpectMulticolumnValuesToBeEqual(column_list=["a", "b", "x"], ignore_row_if=ignored),
        ]
    assert_same(frame, asked)


@FEW
@given(frames(), st.data())
def test_figures_of_columns_and_of_the_table(frame: pl.DataFrame, data: st.DataObject) -> None:
    x = great_expectations().expectations
    least, most = sorted((data.draw(NUMBERS), data.draw(NUMBERS)))
    bounds = {"min_value": least, "max_value": most}
    asked: list[Any] = []
    for name in "abxy":
        asked += [
            getattr(x, f"ExpectColumn{figure}ToBeBetween")(column=name, **bounds)
            for figure in ("Max", "Min", "Mean", "Median", "Sum", "Stdev", "UniqueValueCount")
        ]
        asked += [
            x.ExpectColumnDistinctValuesToBeInSet(column=name, value_set=[least, most]),
            x.ExpectColumnDistinctValuesToContainSet(column=name, value_set=[least, most]),
            x.ExpectColumnDistinctValuesToEqualSet(column=name, value_set=[least, most]),
            x.ExpectColumnMostCommonValueToBeInSet(column=name, value_set=[least, most]),
        ]
    for name in frame.columns:
        asked += [
            x.ExpectColumnProportionOfUniqueValuesToBeBetween(column=name, min_value=0.5),
            x.ExpectColumnProportionOfNonNullValuesToBeBetween(column=name, min_value=0.5),
            x.ExpectColumnToExist(column=name),
        ]
    asked += [
        x.ExpectTableRowCountToEqual(value=3),
        x.ExpectTableRowCountToBeBetween(min_value=2, max_value=5),
        x.ExpectTableColumnCountToEqual(value=len(frame.columns)),
        x.ExpectTableColumnsToMatchOrderedList(column_list=frame.columns),
        x.ExpectTableColumnsToMatchSet(column_set=["a", "z"], exact_match=False),
        x.ExpectColumnTypeToBe(column="x", type_="float64"),
    ]
    assert_same(frame, asked)


@FEW
@given(frames(), st.data())
def test_row_conditions(frame: pl.DataFrame, data: st.DataObject) -> None:
    from great_expectations.expectations.row_conditions import Column

    x = great_expectations().expectations
    least, word = data.draw(NUMBERS), data.draw(st.sampled_from(["a", "5"]))
    conditions = [
        Column("a") > least,
        Column("a") != least,
        Column("s") == word,
        Column("s").is_in([word, "ab"]),
        Column("s").is_not_in([word]),
        Column("x").is_null(),
        (Column("x").is_not_null()) & (Column("s") != word),
        (Column("a") <= least) | (Column("s") == word),
    ]
    asked: list[Any] = []
    for condition in conditions:
        rows = {"row_condition": condition}
        asked += [
            x.ExpectColumnValuesToNotBeNull(column="b", **rows),
            x.ExpectColumnValuesToBeUnique(column="a", **rows),
            x.ExpectColumnValuesToBeBetween(column="x", min_value=0, **rows),
            x.ExpectColumnValuesToBeIncreasing(column="a", **rows),
            x.ExpectColumnPairValuesAToBeGreaterThanB(column_A="a", column_B="b", **rows),
            x.ExpectCompoundColumnsToBeUnique(column_list=["a", "s"], **rows),
            x.ExpectColumnSumToBeBetween(column="a", min_value=0, **rows),
            x.ExpectColumnUniqueValueCountToBeBetween(column="s", max_value=2, **rows),
        ]
    assert_same(frame, asked)


@pytest.mark.parametrize("shown", ["BASIC", "SUMMARY", "COMPLETE", "BOOLEAN_ONLY"])
def test_every_form_of_a_result_shows_the_same(shown: str) -> None:
    x = great_expectations().expectations
    rows = {"a": [1, 5, 9, 9], "b": [2, 4, 9, None], "s": ["x", None, "x", "y"], "d": ["z"] * 4}
    frame = pl.DataFrame(rows)
    asked = [
        x.ExpectColumnValuesToBeBetween(column="a", max_value=4),
        x.ExpectColumnPairValuesToBeEqual(column_A="a", column_B="b"),
        x.ExpectCompoundColumnsToBeUnique(column_list=["a", "d"]),
    ]
    for more in ({}, {"unexpected_index_column_names": ["s"]}, {"include_unexpected_rows": True}):
        ours, theirs = (
            judge(frame, asked, result_format=shown, return_unexpected_index_query=False, **more)
            for judge in (by_polars, by_pandas)
        )
        for one, other in zip(ours, theirs, strict=True):
            mine, rows_of = one.result.pop("unexpected_rows", None), other.result.pop("unexpected_rows", None)
            assert (mine is None) == (rows_of is None)
            assert mine is None or [row["a"] for row in mine] == list(rows_of["a"])
            # As it is written; missing values are null there, whatever the engine had for them.
            assert one.to_json_dict()["result"] == other.to_json_dict()["result"]
