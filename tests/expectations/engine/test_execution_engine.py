"""What the engine does beside judging: threads, crashes, refusals, and staying out of the way of others."""

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import expectations.engine
from expectations.engine import read_frame
from expectations.gate import great_expectations
from services.settings import PROGRAM
from tests.expectations.engine.suites import by_polars, crash_of

HERE = Path(str(expectations.engine.__file__)).parent
slow = pytest.mark.slow


def test_the_package_imports_nothing_of_the_rest_of_the_program() -> None:
    ours = {place.parent.name for place in PROGRAM.glob("*/__init__.py")}
    for path in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in named:
                assert name.split(".")[0] not in ours or name.startswith("expectations.engine"), (path.name, name)


def test_importing_the_package_imports_neither_great_expectations_nor_pandas() -> None:
    asked = "import sys, expectations.engine; print({'great_expectations', 'pandas'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROGRAM, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@slow
def test_threads_judge_their_own_frames() -> None:
    x = great_expectations().expectations

    def judge(number: int) -> bool:
        frame = pl.DataFrame({"a": [place % (number + 2) for place in range(200)]})
        [result] = by_polars(frame, [x.ExpectColumnValuesToBeBetween(column="a", max_value=0)])
        due = [place for place in range(200) if place % (number + 2)]
        return bool(result.result["unexpected_index_list"] == due)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(judge, range(60)))


@slow
def test_a_crash_names_its_rule_and_leaves_the_others_their_verdicts(caplog: pytest.LogCaptureFixture) -> None:
    x = great_expectations().expectations
    frame = pl.DataFrame({"a": [1, 2], "s": ["x", "y"]})
    sound, text, absent, figure, pattern, other = by_polars(
        frame,
        [
            x.ExpectColumnValuesToBeBetween(column="a", max_value=1),
            x.ExpectColumnValuesToBeBetween(column="s", min_value=0),
            x.ExpectColumnValuesToBeNull(column="z"),
            x.ExpectColumnMeanToBeBetween(column="z", min_value=0),
            x.ExpectColumnValuesToMatchRegex(column="s", regex="("),
            x.ExpectColumnSumToBeBetween(column="a", min_value=3, max_value=3),
        ],
    )
    assert (sound.result["unexpected_index_list"], other.success) == ([1], True)
    assert "cannot be compared" in str(crash_of(text))
    assert 'column "z"' in str(crash_of(absent))
    assert 'column "z"' in str(crash_of(figure))
    assert "regex" in str(crash_of(pattern))


@slow
@pytest.mark.filterwarnings("ignore:.*row_condition parameter is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*condition_parser parameter is deprecated:DeprecationWarning")
def test_a_row_condition_as_text_is_refused_in_words() -> None:
    x = great_expectations().expectations
    frame = pl.DataFrame({"a": [1, 2]})
    asked = [x.ExpectColumnValuesToBeNull(column="a", row_condition="a > 1", condition_parser="pandas")]
    [refused] = by_polars(frame, asked)
    assert "cannot be asked of Polars" in str(crash_of(refused))


@slow
def test_a_metric_that_is_not_covered_says_so() -> None:
    x = great_expectations().expectations
    frame = pl.DataFrame({"a": [1.0, 2.0]})
    [refused] = by_polars(frame, [x.ExpectColumnValuesToNotBeOutliers(column="a", method="iqr", multiplier=1.5)])
    assert "PolarsExecutionEngine" in str(crash_of(refused))


@slow
def test_a_batch_takes_an_eager_frame_alone_and_shows_its_head() -> None:
    context: Any = great_expectations().get_context(mode="ephemeral")
    with pytest.raises(Exception, match=r"a polars\.DataFrame"):
        read_frame(context, pl.LazyFrame({"a": [1]}))  # type: ignore[arg-type] # what is tested
    batch = read_frame(context, pl.DataFrame({"a": range(9)}))
    assert (batch.columns(), len(batch.head().data), len(batch.head(fetch_all=True).data)) == (["a"], 5, 9)


@slow
def test_all_rows_are_passed_over_in_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations.engine import execution_engine

    x = great_expectations().expectations
    asked, answers = [], execution_engine.answers

    def counting(frame: pl.DataFrame, queries: Any) -> Any:
        asked.append(len(queries))
        return answers(frame, queries)

    monkeypatch.setattr(execution_engine, "answers", counting)
    by_polars(
        pl.DataFrame({"a": [1, 2], "b": [3, None]}),
        [
            x.ExpectColumnValuesToBeNull(column="a"),
            x.ExpectColumnValuesToBeBetween(column="b", min_value=0),
            x.ExpectCompoundColumnsToBeUnique(column_list=["a", "b"]),
            x.ExpectTableRowCountToEqual(value=2),
        ],
    )
    # The first step of their graph knows the number of rows already; all conditions are in the other.
    assert len([count for count in asked if count > 1]) == 1
