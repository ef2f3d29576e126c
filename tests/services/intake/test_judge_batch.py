"""What the program stumbles over is set aside, down to the one file; the others are judged as if it had not come."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl
import polars as pl
import pytest

from domain.errors import BadReference
from domain.findings import Engine, Rule, Verdict
from domain.period import Period
from domain.reference import Reference
from expectations.rules import RULES
from ingest.workbook.packed import PackedWorkbook, pack
from ingest.workbook.read import read_workbook
from services.intake import judge, pointing
from services.intake.judge import Circumstances, Examined
from services.intake.judge_batch import SetAside, examine_apart
from tests.builders import ACTIVITY
from transforms.history import NO_HISTORY

ODD = "việc lạ làm chương trình vấp"
GATES = tuple((frame, number) for frame, rules in RULES.items() for number in range(len(rules)))
TRANSFORMS = (
    "gather", "type_cells", "money_units", "widen", "clean_statements", "fingerprints", "judge_statements",
    "judge_activities", "judge_households", "judge_roster", "judge_politics_security", "judge_control_totals",
    "judge_written_totals",
)  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, pleiku: Callable[..., bytes]) -> list[PackedWorkbook]:
    """Five workbooks, the fourth with an odd description."""
    found, folder = [], tmp_path_factory.mktemp("books")
    for number in range(5):
        description = ODD if number == 3 else f"Tặng quà Tết đợt {number + 1}"
        path = folder / f"{number}.xlsx"
        meeting = {key: ACTIVITY[key] for key in ("village_id", "village_name")} | {"joint_meetings": 1}
        rows = {"activities": [ACTIVITY | {"description": description}], "politics_security": [meeting]}
        path.write_bytes(with_odd_places(pleiku(rows=rows)))
        found.append(pack(read_workbook(path, f"{number}")))
    return found


def with_odd_places(content: bytes) -> bytes:
    """The workbook with a hidden row, a row of totals, and a remark beside the table."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["02_HoatDong"]
    sheet.row_dimensions[8].hidden = True
    sheet["C40"], sheet["T40"] = "Tổng cộng", 10_000_000
    sheet["C45"] = "Số liệu chưa đối chiếu với xã"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def given(reference: Reference, books: Sequence[PackedWorkbook]) -> Circumstances:
    received = {book.file: date(2024, 2, 16) for book in books}
    return Circumstances(received, reference, NO_HISTORY, Period.parse("2013-01"))


def is_with_the_odd_one(frame: pl.DataFrame | pl.LazyFrame) -> bool:
    return "3" in frame.lazy().select("file").collect().to_series().to_list()


def set_aside(judged: Sequence[Examined | SetAside]) -> list[str]:
    return [each.file for each in judged if isinstance(each, SetAside)]


@pytest.mark.slow
def test_whichever_rule_raises_it_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, books: list[PackedWorkbook], given: Circumstances
) -> None:
    asked: list[tuple[str, int]] = []

    def stumble(frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine) -> list[tuple[Rule, list[int]]]:
        if rules is RULES[gate[0]] and is_with_the_odd_one(frame):
            asked.append(gate)
            raise OverflowError(f"{rules[gate[1]].code} is out of range")
        return [(rule, []) for rule in rules]

    monkeypatch.setattr(pointing, "broken_rows", stumble)
    for gate in GATES:
        judged = examine_apart(books, given)
        assert set_aside(judged) == ["3"], gate
        assert [each.file for each in judged] == ["0", "1", "2", "3", "4"]
    assert set(asked) == set(GATES)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRANSFORMS)
def test_whichever_transform_raises_it_costs_one_file(
    monkeypatch: pytest.MonkeyPatch, books: list[PackedWorkbook], given: Circumstances, name: str
) -> None:
    true_one: Any = getattr(judge, name)

    def stumble(*arguments: Any) -> Any:
        if name == "gather":
            is_odd = any(book.file == "3" for book in arguments[0])
        else:
            is_odd = is_with_the_odd_one(arguments[0])
        if is_odd:
            raise pl.exceptions.ComputeError("conversion failed")
        return true_one(*arguments)

    monkeypatch.setattr(judge, name, stumble)
    judged = examine_apart(books, given)
    assert set_aside(judged) == ["3"]
    [odd] = [each for each in judged if isinstance(each, SetAside)]
    assert (odd.unit, odd.period, odd.revision) == ("622", "2024-02", 1)
    assert "conversion failed" in odd.traceback


def test_every_transform_is_made_to_raise() -> None:
    named = {name for name in vars(judge) if name.startswith("judge_") or name in TRANSFORMS}
    assert named == set(TRANSFORMS)


@pytest.mark.slow
def test_however_many_odd_files_come_first_the_sound_ones_are_judged(
    monkeypatch: pytest.MonkeyPatch, books: list[PackedWorkbook], given: Circumstances
) -> None:
    sound, odd = books[0], books[3]
    true_one = judge.examine

    def stumble(part: list[PackedWorkbook], known: Circumstances) -> list[Examined]:
        if odd in part:
            raise ZeroDivisionError
        return true_one(part, known)

    monkeypatch.setattr("services.intake.judge_batch.examine", stumble)
    judged = examine_apart([odd] * 20 + [sound], given)
    assert set_aside(judged) == [odd.file] * 20
    assert [each.file for each in judged if isinstance(each, Examined)] == [sound.file]


@pytest.mark.slow
@pytest.mark.parametrize("error", [OSError("disk full"), MemoryError(), BadReference("villages.csv")])
def test_what_is_no_fault_of_a_file_sets_none_aside(
    monkeypatch: pytest.MonkeyPatch, books: list[PackedWorkbook], given: Circumstances, error: Exception
) -> None:
    def stumble(*_: object) -> list[Examined]:
        raise error

    monkeypatch.setattr("services.intake.judge_batch.examine", stumble)
    with pytest.raises(type(error)):
        examine_apart(books, given)


def test_set_aside_is_no_verdict_on_the_sender() -> None:
    assert not Verdict.SET_ASIDE.counts
    assert "lỗi của chương trình" in Verdict.SET_ASIDE.label
