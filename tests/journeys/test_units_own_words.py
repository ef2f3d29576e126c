"""What a unit wrote in its own words leaves the house without anybody's number, and never keeps a report from being made."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.findings import Verdict
from domain.period import Period
from domain.personal_data import MASK
from reports.pdf.inspect import open_pdf
from services.log import LOGGER, keep_log
from services.settings import Settings
from tests.builders import edited
from tests.commands import collect_submissions, export, monthly_report, status, verify_edition

pytestmark = pytest.mark.slow
FEBRUARY, MARCH = Period.parse("2024-02"), Period.parse("2024-03")
PHONE, ACCOUNT, CARD = "0905 123 456", "6203205123456", "064199001234"


@pytest.fixture
def settings(tmp_path: Path, pleiku: Callable[..., bytes]) -> Settings:
    settings = Settings(home=tmp_path, _env_file=None)
    settings.inbox.mkdir()
    (settings.inbox / "1.xlsx").write_bytes(pleiku())
    collect_submissions(settings)
    return settings


def replaced(pleiku: Callable[..., bytes], reason: str) -> bytes:
    """The second revision: less money, and people's numbers wherever words may stand."""
    money = [("02_HoatDong", "R8", 7_000_000), ("02_HoatDong", "T8", 9_000_000), ("02_HoatDong", "L8", 450_000)]
    sums = [("06_TongHop", "F14", 7_000_000), ("06_TongHop", "H14", 9_000_000), ("06_TongHop", "I14", 9_000_000)]
    words = [
        ("02_HoatDong", "X8", f"STK {ACCOUNT} của chị H’Ly"),
        ("02_HoatDong", "H8", f"Tặng quà Tết cho hộ nghèo, CCCD {CARD}"),
    ]
    statement = {"revision": 2, "submission_kind": "THAY_THE", "reason": reason}
    return edited(pleiku(statement), *money, *sums, *words)


def digits_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def test_a_persons_numbers_are_asked_about_and_stand_on_no_page_no_export_and_no_line_of_the_log(
    settings: Settings, pleiku: Callable[..., bytes], tmp_path: Path
) -> None:
    log = keep_log(settings.home)
    assert log is not None
    monthly_report(settings, FEBRUARY)
    content = replaced(pleiku, f"Ghi nhầm, hỏi anh A {PHONE}")
    (settings.inbox / f"{digits_of(PHONE)}.xlsx").write_bytes(content)
    [second] = collect_submissions(settings)
    assert second.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    printed = monthly_report(settings, FEBRUARY)
    page = " ".join(open_pdf(printed.path.read_bytes()).text.split())
    assert f"Ghi nhầm, hỏi anh A {MASK}" in page
    export(settings, FEBRUARY, tmp_path / "out")
    LOGGER.removeHandler(log)
    log.close()
    left = [path for place in (tmp_path / "out", settings.home / "log") for path in place.iterdir()]
    left += [path for path in settings.editions.rglob("*") if path.suffix in (".html", ".csv", ".json", ".jsonl")]
    assert len(left) > 10
    for path in left:
        text = path.read_bytes().decode("utf-8", "replace")
        for number in (PHONE, digits_of(PHONE), ACCOUNT, CARD):
            assert number not in text, (path, number)
    assert verify_edition(settings, printed.path).faults == []


def test_a_letter_that_no_face_has_keeps_no_report_from_being_made_even_where_its_rule_was_waived(
    settings: Settings, pleiku: Callable[..., bytes]
) -> None:
    monthly_report(settings, FEBRUARY)
    (settings.inbox / "2.xlsx").write_bytes(replaced(pleiku, "rà soát 😀"))
    [refused] = collect_submissions(settings)
    assert refused.verdict is Verdict.REJECTED
    waivers = settings.home / "reference" / "waivers.csv"
    waivers.parent.mkdir(exist_ok=True)
    waivers.write_text(
        "rule,unit_code,first_period,last_period,granted_by,reason,valid_from,valid_to\n"
        "E-LETTER,622,2024-02,2024-02,Người Duyệt,Không kịp sửa,2020-01-01,2099-12-31\n",
        encoding="utf-8",
    )
    (settings.inbox / "3.xlsx").write_bytes(edited(replaced(pleiku, "rà soát 😀"), ("02_HoatDong", "S8", 2_000_000)))
    [waived] = [each for each in collect_submissions(settings) if each.verdict is not Verdict.REJECTED]
    assert waived.verdict.counts
    page = " ".join(open_pdf(monthly_report(settings, FEBRUARY).path.read_bytes()).text.split())
    assert "rà soát [U+1F600]" in page


def test_a_broken_narrative_stops_its_own_report_alone(settings: Settings, pleiku: Callable[..., bytes]) -> None:
    folder = settings.home / "reference" / "narratives"
    folder.mkdir(parents=True)
    (folder / "2024-03.toml").write_text('author = "B"\x7f\n', encoding="utf-8")
    assert status(settings, MARCH)
    (settings.inbox / "2.xlsx").write_bytes(replaced(pleiku, "Ghi nhầm"))
    assert [each.verdict.counts for each in collect_submissions(settings)] == [True]
    assert monthly_report(settings, FEBRUARY).path.is_file()
