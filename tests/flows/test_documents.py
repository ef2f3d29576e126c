"""What the repository says of itself is true."""

import re
import subprocess

from domain import form
from flows.handbook import handbook
from flows.settings import CHECKOUT, Settings


def test_the_handbook_of_rules_is_fresh() -> None:
    assert (CHECKOUT / "docs" / "rules.md").read_text(encoding="utf-8") == handbook()


def test_every_setting_is_told_in_the_example() -> None:
    example = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"KETNGHIA_{name.upper()}=" not in example]
    assert missing == []


def test_the_readme_names_the_two_commands_and_every_room() -> None:
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
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
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (CHECKOUT / target).exists(), target


def test_no_lock_file_holds_an_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (CHECKOUT / name).read_text(encoding="utf-8")


def test_the_form_description_uses_each_name_once() -> None:
    for sheet in form.SHEETS:
        names = [field.name for field in sheet.fields]
        captions = [field.caption for field in sheet.fields]
        assert len(names) == len(set(names))
        assert len(captions) == len(set(captions))


def test_make_help_lists_the_commands() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=CHECKOUT, check=True).stdout
    for command in ("demo", "test", "check", "serve", "lock"):
        assert f"make {command}" in listed


def test_every_field_with_a_meaning_of_its_own_is_in_the_glossary() -> None:
    glossary = (CHECKOUT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for name in ("cash_vnd", "inkind_vnd", "value_total_vnd", "labour_days", "hh_total", "hh_poor", "hh_nearpoor", "hh_dtts",
                 "persons", "org_id", "village_id", "nil_return", "period", "revision"):  # fmt: skip
        form_names = {field.name for _, field in form.all_fields()}
        assert name in form_names
        assert f"`{name}`" in glossary, name
