"""What the repository says of itself is true."""

import re
import subprocess

import pytest

from domain import form
from scripts.handbook import PAGES
from services.settings import PROGRAM, Settings


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_fresh(name: str) -> None:
    assert (PROGRAM / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_setting_is_told_in_the_example() -> None:
    example = (PROGRAM / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"KETNGHIA_{name.upper()}=" not in example]
    assert missing == []


def test_the_readme_names_the_two_commands_and_every_room() -> None:
    readme = (PROGRAM / "README.md").read_text(encoding="utf-8")
    for words in (
        "make demo",
        "make test",
        *(
            f"{room}/"
            for room in (
                "flows",
                "domain",
                "ingest",
                "transforms",
                "expectations",
                "storage",
                "reports",
                "templates",
                "delivery",
                "reference",
                "samples",
                "tests",
                "docs",
            )
        ),
    ):
        assert words in readme, words


def test_every_link_of_the_readme_leads_somewhere() -> None:
    readme = (PROGRAM / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (PROGRAM / target).exists(), target


def test_no_lock_file_holds_an_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (PROGRAM / name).read_text(encoding="utf-8")


def test_the_form_description_uses_each_name_once() -> None:
    for sheet in form.SHEETS:
        names = [field.name for field in sheet.fields]
        captions = [field.caption for field in sheet.fields]
        assert len(names) == len(set(names))
        assert len(captions) == len(set(captions))


def test_make_help_lists_the_commands() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=PROGRAM, check=True).stdout
    for command in ("demo", "test", "check", "serve", "lock"):
        assert f"make {command}" in listed
