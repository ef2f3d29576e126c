"""How a command ends that meets an error is said where the error is."""

import re
from pathlib import Path

import pytest

from domain import errors
from domain.errors import Ending, KetnghiaError

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
KINDS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, KetnghiaError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_ends_in_a_code_of_the_table(kind: type[KetnghiaError]) -> None:
    assert kind.ending in (Ending.NO, Ending.WRONG_USE, Ending.MACHINE)


@pytest.mark.parametrize(
    ("ending", "kinds"),
    [
        (Ending.NO, (errors.NotReleasable, errors.NothingToReport, errors.BadLock, errors.NotSigned)),
        (Ending.WRONG_USE, (errors.BadPeriod, errors.BadReference, errors.UnknownEdition, errors.NoLedger)),
        (Ending.MACHINE, (errors.BadSettings, errors.LedgerFault, errors.LedgerOutdated, errors.UnfitMachine)),
    ],
)
def test_what_was_decided_stays(ending: Ending, kinds: tuple[type[KetnghiaError], ...]) -> None:
    assert {kind.ending for kind in kinds} == {ending}


def test_the_page_of_commands_has_the_whole_table() -> None:
    told = re.findall(r"^\| (\d) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(code) for code in told] == [int(each) for each in Ending]
