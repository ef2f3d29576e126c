"""Changed rules are tried on everything that was taken in, and nothing is altered by it."""

from pathlib import Path

import pytest

from cli.lines.rehearsal import rehearsal_lines
from domain.errors import BadRules
from domain.period import Period
from domain.reference import Reference
from samples.history import write_sample_history
from services.settings import PROGRAM, Settings
from storage.database import open_database
from storage.submissions import counting_submissions
from tests.commands import import_history, rehearse

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


@pytest.fixture
def february(settings: Settings, sample_reference: Reference, tmp_path: Path) -> Settings:
    write_sample_history(sample_reference, [FEBRUARY], tmp_path / "tables", only={"622", "630"})
    import_history(settings, tmp_path / "tables")
    return settings


def test_the_rules_of_today_change_nothing(february: Settings) -> None:
    rehearsal = rehearse(february, PROGRAM / "expectations" / "activities.py")
    assert (rehearsal.looked_at, list(rehearsal.changed)) == (2, [])


def test_a_stricter_rule_names_the_submissions_it_would_have_stopped(february: Settings, tmp_path: Path) -> None:
    draft = tmp_path / "activities.py"
    text = (PROGRAM / "expectations" / "activities.py").read_text(encoding="utf-8")
    draft.write_text(
        text
        + '\nACTIVITIES += (rule("E-DEAR", "Đắt", "Đắt.", "", between("value_total_vnd", most=1), ("value_total_vnd",)),)\n',
        encoding="utf-8",
    )
    rehearsal = rehearse(february, draft)
    assert {(each.unit_code, each.is_stopped, tuple(each.rules)) for each in rehearsal.changed} == {
        ("622", True, ("E-DEAR",)), ("630", True, ("E-DEAR",)),
    }  # fmt: skip
    assert "2 bị trả lại thêm" in rehearsal_lines(rehearsal)[0]
    database = open_database(february.ledger_url)
    with database.write() as session:
        assert len(counting_submissions(session, ["2024-02"])) == 2
    database.close()


def test_a_changed_table_is_tried_like_a_changed_rule(february: Settings, tmp_path: Path) -> None:
    table = tmp_path / "thresholds.csv"
    table.write_text(
        "activity_code,quantity_unit,warn_min_vnd,warn_max_vnd,error_max_vnd,basis\nQUA_TET,*,,,1,thử\n",
        encoding="utf-8",
    )
    changed = rehearse(february, table).changed
    assert {each.unit_code for each in changed} == {"622", "630"}
    assert all("E-PRICE" in each.rules for each in changed)


@pytest.mark.parametrize(("name", "text"), [("notes.txt", "x"), ("other.py", "X = 1"), ("activities.py", "1/0")])
def test_a_file_that_holds_no_rules_is_refused(february: Settings, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadRules):
        rehearse(february, tmp_path / name)
