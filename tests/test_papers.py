"""What the repository says of itself is true."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from cli.main import app
from domain import form
from scripts.handbook import PAGES
from scripts.lock_tools import beyond, entries
from services.settings import PROGRAM, Settings

DOCS = PROGRAM / "docs"
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_fresh(name: str) -> None:
    assert (PROGRAM / "docs" / name).read_text(encoding="utf-8") == PAGES[name]()


def test_every_setting_is_told_in_the_example() -> None:
    example = (PROGRAM / ".env.example").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"KETNGHIA_{name.upper()}=" not in example]
    assert missing == []


def test_the_readme_names_the_two_commands_and_the_six_of_a_month() -> None:
    readme = (PROGRAM / "README.md").read_text(encoding="utf-8")
    for command in ("make demo", "make test"):
        assert command in readme
    assert re.findall(r"^ketnghia (\S+)", readme, re.MULTILINE) == [
        "forms", "collect", "status", "report", "release", "send",
    ]  # fmt: skip


def test_the_tree_of_the_readme_is_that_of_the_checkout() -> None:
    told = _folders((PROGRAM / "README.md").read_text(encoding="utf-8").split("```text\n")[1].split("```")[0])
    assert [folder for folder in told if not (PROGRAM / folder).is_dir()] == []
    packages = {path.parent.name for path in PROGRAM.glob("*/py.typed")} | {"templates", "reference", "tests", "docs"}
    services = {f"services/{path.parent.name}" for path in PROGRAM.glob("services/*/__init__.py")}
    assert packages | services <= set(told)


def _folders(tree: str) -> list[str]:
    """Every folder of an indented tree, by its whole path."""
    above, found = "", []
    for indent, name in re.findall(r"^( *)(\w+)/", tree, re.MULTILINE):
        above = above if indent else name
        found.append(f"{above}/{name}" if indent else name)
    return found


def test_where_the_readme_says_something_is_there_is_something() -> None:
    readme = (PROGRAM / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if line.startswith("| ") and "`" in line]
    told = [path for row in rows for path in re.findall(r"`([\w/]+/(?:\w+\.py)?)`", row)]
    assert len(told) > 5
    assert [path for path in told if not (PROGRAM / path).exists()] == []


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(str(each.relative_to(PROGRAM)) for each in sorted(DOCS.rglob("*.md")))]
)
def test_every_link_leads_somewhere(page: str) -> None:
    place = PROGRAM / page
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", place.read_text(encoding="utf-8")):
        assert (place.parent / target).exists(), target


@pytest.mark.parametrize("page", ["README.md", "docs/commands.md", "docs/runbook.md", "docs/runbook.en.md"])
def test_a_page_names_no_command_that_there_is_not(page: str) -> None:
    named = re.findall(r"(?:^|`)ketnghia ([a-z][a-z-]*)", (PROGRAM / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) - _commands() == set()


def test_the_page_of_commands_has_all() -> None:
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert _commands() - set(re.findall(r"^ketnghia ([a-z][a-z-]*)", page, re.MULTILINE)) == set()


def _commands() -> set[str]:
    return set(getattr(get_command(app), "commands"))  # noqa: B009 - typed as a single command


def test_both_runbooks_tell_the_same() -> None:
    told = []
    for name in ("runbook.md", "runbook.en.md"):
        text = (DOCS / name).read_text(encoding="utf-8")
        commands = re.findall(r"`(?:ketnghia )?([a-z]+(?:-[a-z]+)*)(?= |`)", text)
        told.append(
            (
                text.count("\n## "),
                len(re.findall(r"^(?:- |\d\. )", text, re.MULTILINE)),
                sorted(set(re.findall(r"KETNGHIA_\w+", text))),
                sorted(set(re.findall(r"\w+\.(?:csv|toml|geojson|html|xlsx|docx)", text))),
                sorted(set(commands) & _commands()),
            )
        )
    assert told[0] == told[1]


DECISIONS = sorted(DOCS.glob("decisions/[0-9]*.md"))


def test_decisions_are_numbered_without_gaps() -> None:
    assert [path.name[:4] for path in DECISIONS] == [f"{number:04}" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_a_date_and_a_status_and_stands_in_the_index(path: Path) -> None:
    title, blank, facts, *_ = path.read_text(encoding="utf-8").splitlines()
    assert (title[:8], blank) == (f"# {path.name[:4]}. ", "")
    date, status = facts.split(" · ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", date)
    assert re.fullmatch(r"(accepted|superseded by \[\d{4}\]\(\S+\))(, amended by \[\d{4}\]\(\S+\))?", status)
    row = f"| [{path.name[:4]}]({path.name}) | {title[8:]} | {date} | {status} |"
    assert row in (DOCS / "decisions" / "README.md").read_text(encoding="utf-8").splitlines()


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads((PROGRAM / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    first = re.search(r"^## (\S+)", (PROGRAM / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first is not None
    assert first[1] in (version, "Unreleased")


def test_the_lock_of_tools_holds_nothing_of_the_programs() -> None:
    run, tools = ((PROGRAM / name).read_text(encoding="utf-8") for name in LOCKS)
    assert beyond(run, tools) == tools
    assert len(entries(run)) > len(entries(tools)) > 20


def test_what_the_program_needs_on_some_machines_and_a_tool_on_others_is_one_version() -> None:
    run, tools = (
        {requirement.split(" ;")[0] for requirement in entries((PROGRAM / name).read_text(encoding="utf-8"))}
        for name in LOCKS
    )
    shared = {each.split("==")[0] for each in run} & {each.split("==")[0] for each in tools}
    assert {each for each in tools if each.split("==")[0] in shared} <= run


def test_what_the_run_lock_pins_for_all_is_taken_out_of_the_tools() -> None:
    run = "# run\na==1 \\\n    --hash=x\nb==2 ; sys_platform == 'win32' \\\n    --hash=y\n"
    tools = "# tools\na==1 ; os_name == 'nt' \\\n    --hash=x\nb==2 \\\n    --hash=y\nc==3 \\\n    --hash=z\n"
    assert beyond(run, tools) == "# tools\nb==2 \\\n    --hash=y\nc==3 \\\n    --hash=z\n"


def test_the_hooks_run_what_make_check_runs() -> None:
    hooks = re.findall(r"entry: \.venv/bin/(.+)", (PROGRAM / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    makefile = (PROGRAM / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.split("\ncheck: ")[1].split("\n\n")[0]
    assert hooks == re.findall(r"\$\(BIN\)/(.+?)(?= && |$)", recipe, re.MULTILINE)


def test_no_lock_file_holds_an_address() -> None:
    for name in LOCKS:
        assert "://" not in (PROGRAM / name).read_text(encoding="utf-8")


def test_the_form_description_uses_each_name_once() -> None:
    for sheet in form.SHEETS:
        names = [field.name for field in sheet.fields]
        captions = [field.caption for field in sheet.fields]
        assert len(names) == len(set(names))
        assert len(captions) == len(set(captions))


def test_make_help_lists_the_commands() -> None:
    listed = subprocess.run(["make", "help"], capture_output=True, text=True, cwd=PROGRAM, check=True).stdout
    for command in ("demo", "test", "check", "serve", "guide", "lock"):
        assert f"make {command}" in listed
