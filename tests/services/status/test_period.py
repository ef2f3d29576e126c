"""How a unit stands is said of the file that counts; a newer file is told beside it, by name."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.lines.status import status_json, status_lines
from domain.findings import Verdict
from domain.period import Period
from domain.standing import Standing
from samples.months import SampleFile
from services.settings import Settings
from services.status.period_status import PeriodStatus, UnitMonth
from tests.builders import edited
from tests.commands import arrive, collect_submissions, grid, status

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")
SENT = datetime(2024, 2, 15, 3, 0, tzinfo=UTC)
SECOND = [("00_ThongTin", "B13", 2), ("00_ThongTin", "B14", "THAY_THE"), ("00_ThongTin", "B15", "Bổ sung số liệu")]
NEWER = "tệp mới nhất sai.xlsx: bị trả lại, 1 loại, 2 ô"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home without made-up registers: Pleiku's villages are those publicly known."""
    return Settings(home=tmp_path / "home", _env_file=None)


@pytest.fixture
def collect(settings: Settings) -> Callable[..., None]:
    def take_in(name: str, content: bytes, hours: int) -> None:
        arrive(settings, SampleFile(name, content, SENT + timedelta(hours=hours)))
        collect_submissions(settings)

    return take_in


def of_pleiku(found: PeriodStatus) -> UnitMonth:
    [row] = [row for row in found.units if row.unit.code == "622"]
    return row


def line_of_pleiku(settings: Settings) -> str:
    [line] = [line for line in status_lines(status(settings, FEBRUARY)) if "622 " in line]
    return line


def page_line_of_pleiku(settings: Settings) -> str:
    page = (settings.home / "status" / "2024-02.html").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if "<tr><td>622</td>" in line]
    return line


def test_the_faults_of_a_later_file_are_not_told_as_those_of_the_file_that_counts(
    settings: Settings, collect: Callable[..., None], pleiku: Any
) -> None:
    collect("v1.xlsx", pleiku(), 0)
    collect("v2.xlsx", edited(pleiku(), *SECOND, ("03_HoDan", "E8", 530)), 1)
    faulty = [*SECOND, ("00_ThongTin", "B13", 3), ("03_HoDan", "E8", "nhiều"), ("03_HoDan", "E9", "ít")]
    collect("sai.xlsx", edited(pleiku(), *faulty), 2)
    row = of_pleiku(status(settings, FEBRUARY))
    assert row.standing is Standing.REVISED
    assert row.counting is not None
    assert (row.counting.record.file_name, row.counting.causes) == ("v2.xlsx", 0)
    assert row.newer is not None
    assert row.newer.verdict is Verdict.REJECTED
    assert line_of_pleiku(settings).endswith(f"đã thay thế, đính chính (lần nộp 2); {NEWER}")
    page = page_line_of_pleiku(settings)
    assert (
        f'<td class="revised">Đ đã thay thế, đính chính; lần nộp 2</td><td><div class="newer">{NEWER}</div></td>'
        in page
    )
    [told] = [each for each in status_json(status(settings, FEBRUARY))["units"] if each["unit"] == "622"]  # type: ignore[attr-defined]
    assert [(each["file"], each["counts"]) for each in told["submissions"]] == [
        ("v1.xlsx", False),
        ("v2.xlsx", True),
        ("sai.xlsx", False),
    ]
    before = SENT + timedelta(hours=1, minutes=30)
    assert of_pleiku(status(settings, FEBRUARY, before)).newer is None


def test_a_unit_of_which_no_file_counts_is_told_what_its_newest_file_lacks(
    settings: Settings, collect: Callable[..., None], pleiku: Any
) -> None:
    collect("sai.xlsx", edited(pleiku(), ("03_HoDan", "E8", "nhiều"), ("03_HoDan", "E9", "ít")), 0)
    found = status(settings, FEBRUARY)
    assert (found.accepted, found.rejected) == (0, ["622"])
    assert of_pleiku(found).counting is None
    assert line_of_pleiku(settings).endswith(f"bị trả lại; {NEWER}")


def test_grid_status_and_page_say_the_same_of_a_unit(
    settings: Settings, collect: Callable[..., None], pleiku: Any
) -> None:
    collect("v1.xlsx", pleiku(), 0)
    collect("a.xlsx", edited(pleiku(), *SECOND, ("03_HoDan", "E8", 530)), 1)
    collect("b.xlsx", edited(pleiku(), *SECOND, ("03_HoDan", "E8", 531)), 2)
    found = status(settings, FEBRUARY)
    row = of_pleiku(found)
    assert (row.standing, found.accepted, found.conflicting) == (Standing.CONFLICTING, 1, ["622"])
    assert row.notes == ["lần nộp 1 đang được tính"]
    [cells] = [each.cells for each in grid(settings, FEBRUARY, FEBRUARY).rows if each.code == "622"]
    assert list(cells) == [Standing.CONFLICTING]
    assert "2 hai tệp cùng lần nộp, chưa tính; lần nộp 1 đang được tính" in page_line_of_pleiku(settings)
