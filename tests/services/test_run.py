"""One run is opened once: what somebody saves meanwhile belongs to the next."""

import json
import pickle
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.errors import BadReference
from domain.period import Period
from flows.monthly_report import monthly_report
from ingest.tables.files import read_tables
from services.figures.summary import summary_of
from services.run import open_run, reopen
from services.settings import PROGRAM, Settings
from services.steps import Direct
from services.tables import keep_tables, kept_tables
from storage.kept import KeptFiles
from tests.commands import collect_submissions, verify_edition

JANUARY = Period.parse("2024-01")


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    (home / "reference").mkdir(parents=True)
    return Settings(home=home, _env_file=None)


def save_table(settings: Settings, name: str, change: Callable[[str], str]) -> None:
    """A colleague saves a table."""
    shipped, local = PROGRAM / "reference" / name, settings.home / "reference" / name
    text = (local if local.is_file() else shipped).read_text(encoding="utf-8")
    local.write_text(change(text), encoding="utf-8")


def test_a_table_saved_while_a_run_is_open_is_not_seen_by_it(home: Settings) -> None:
    with open_run(home) as run:
        before = run.tables.version
        save_table(home, "directives.csv", lambda text: text + "2031-01-01,Chỉ thị mới,về việc mới\n")
        assert run.tables.version == before
        assert run.reference.directives[-1].short_name != "Chỉ thị mới"
    with open_run(home) as after:
        assert after.tables.version != before
        assert after.reference.directives[-1].short_name == "Chỉ thị mới"


def test_another_process_gets_the_very_tables_of_the_run(home: Settings) -> None:
    with open_run(home) as run:
        ticket = run.ticket()
    save_table(home, "directives.csv", lambda text: text + "2031-01-01,Chỉ thị mới,về việc mới\n")
    with reopen(ticket) as again:
        assert again.tables.version == ticket.tables_version
        assert again.reference.directives[-1].short_name != "Chỉ thị mới"


def test_tables_that_are_gone_stop_the_other_process(home: Settings) -> None:
    with open_run(home) as run:
        ticket = run.ticket()
    save_table(home, "directives.csv", lambda text: text + "2031-01-01,Chỉ thị mới,về việc mới\n")
    (home.kept_tables / f"{ticket.tables_version}.json").unlink()
    with pytest.raises(BadReference, match="chạy lại"), reopen(ticket):
        pass


def test_kept_tables_come_back_byte_for_byte_and_altered_ones_do_not(tmp_path: Path) -> None:
    tables = read_tables(PROGRAM / "reference", tmp_path / "none")
    keep_tables(KeptFiles(tmp_path), tmp_path / "kept", tables)
    assert kept_tables(KeptFiles(tmp_path), tmp_path / "kept", tables.version) == tables
    victim = next(path for path in (tmp_path / "kept").glob("??/*"))
    victim.write_bytes(victim.read_bytes() + b" ")
    assert kept_tables(KeptFiles(tmp_path), tmp_path / "kept", tables.version) is None
    assert kept_tables(KeptFiles(tmp_path), tmp_path / "kept", "0" * 64) is None


def test_looking_at_settings_and_tables_makes_no_ledger(home: Settings) -> None:
    with open_run(home) as run:
        assert not run.has_ledger
        assert run.reference.units.rows
    assert [path.name for path in home.home.iterdir()] == ["reference"]


def test_a_run_and_its_variants_open_one_ledger_whichever_looks_first(home: Settings) -> None:
    with open_run(home) as run:
        variant = run.with_tables(run.tables).with_settings(home)
        assert variant.ledger is run.ledger


def test_a_run_at_a_moment_shows_it_in_another_process_too(home: Settings) -> None:
    moment = datetime(2024, 2, 15, 3, 0, tzinfo=UTC)
    with open_run(home) as run:
        ticket = run.at(moment).ticket()
    with reopen(pickle.loads(pickle.dumps(ticket))) as again:
        assert (again.now(), again.today()) == (moment, date(2024, 2, 15))


def test_the_clock_is_handed_in(home: Settings) -> None:
    at = datetime(2024, 1, 31, 18, tzinfo=UTC)
    with open_run(home, lambda: at) as run:
        assert run.now() == at
        assert f"{run.today()}" == "2024-02-01"


@pytest.mark.slow
@pytest.mark.prints_anew
def test_an_edition_bears_the_hash_of_the_tables_that_made_it_and_is_verified_with_them(
    home: Settings, sample_registers: Path, fill: Callable[..., None]
) -> None:
    (home.home / "reference").rmdir()
    shutil.copytree(sample_registers, home.home / "reference")
    fill(home, "2024-01", with_faults=False, only={"622"})
    collect_submissions(home)
    home.differences = type(home.differences)("exact")
    with open_run(home) as run:
        made_with = run.tables.version
        steps = Direct(run)
        summary = steps.run("report", summary_of, JANUARY, None)
        # Between two steps a colleague saves the letterhead, and another table.
        save_table(home, "sender.toml", lambda text: text.replace("TỈNH GIA LAI", "TỈNH KHÁC"))
        save_table(home, "directives.csv", lambda text: text + "2031-01-01,Chỉ thị mới,về việc mới\n")
        printed = monthly_report(run, steps, JANUARY)
        assert printed.edition.as_of == summary.cut_at
    assert printed.edition.reference_version == made_with
    manifest = json.loads(printed.edition.manifest)
    assert manifest["tables_sha256"] == made_with
    assert manifest["settings"] == {"differences": "exact"}
    assert "sender.toml" in manifest["tables"]

    home.differences = type(home.differences)("printed")
    checked = verify_edition(home, printed.path)
    assert checked.faults == []
    assert any("từ sổ ra đúng từng byte" in line for line in checked.sound), checked.notes


def test_a_row_of_a_table_whose_year_is_probably_a_slip_is_told(
    new_home: Callable[[], Settings], caplog: pytest.LogCaptureFixture
) -> None:
    settings = new_home()
    year = date.today().year
    rows = f"email,unit_code,valid_from,valid_to,note\npleiku@gialai.example,622,{year + 10}-01-01,,\n"
    (settings.home / "reference" / "unit_mailboxes.csv").write_text(rows, encoding="utf-8")
    with open_run(settings):
        pass
    assert (
        f"unit_mailboxes.csv, dòng pleiku@gialai.example: valid_from {year + 10}-01-01 có lẽ nhầm năm; có phải {year}-01-01?"
        in caplog.text
    )
