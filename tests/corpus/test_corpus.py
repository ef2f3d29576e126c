"""Every nasty file is answered with its exit code and a sentence that names the cause."""

import re
from pathlib import Path
from typing import Any

import pytest

from domain.findings import Verdict
from services.settings import Settings
from tests.commands import check_workbook
from tests.corpus.nasty import ACCEPTED, UNREADABLE, Nasty, corpus, readme

pytestmark = pytest.mark.slow
CORPUS = corpus()


def test_the_list_is_fresh_and_long() -> None:
    assert Path(__file__).with_name("README.md").read_text(encoding="utf-8") == readme()
    assert len({each.name for each in CORPUS}) == len(CORPUS) >= 150


@pytest.mark.parametrize("nasty", CORPUS, ids=[each.name for each in CORPUS])
def test_a_nasty_file_is_answered(nasty: Nasty, tmp_path: Path, pleiku: Any) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    path = folder / nasty.name
    path.write_bytes(nasty.make(pleiku()))
    checked = check_workbook(Settings(home=tmp_path / "home", _env_file=None), path)
    told = "\n".join(f"{finding.rule} {finding.message}" for finding in checked.findings.found)
    assert checked.exit_code == nasty.exit_code, told
    assert re.search(nasty.says, told), told
    assert (checked.verdict is Verdict.UNREADABLE) == (nasty.exit_code == UNREADABLE)
    assert nasty.exit_code == ACCEPTED or told
    assert [entry.name for entry in tmp_path.iterdir()] == ["here"]
    assert [entry.name for entry in folder.iterdir()] == [nasty.name]
