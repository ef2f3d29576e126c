"""A verdict does not depend on a file's company: however the files of a run are batched, each gets the same one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.form import KN_01, Form
from domain.kn_02 import KN_02
from domain.period import Period
from domain.reference import Reference
from samples.months import SampleFile, sample_month
from services.intake import batches
from services.settings import Settings
from storage import submissions
from storage.database import open_database
from tests.builders import edited
from tests.commands import arrive, collect_submissions

pytestmark = pytest.mark.slow
UNITS = {"622", "623", "625", "626", "627", "628"}
Found = dict[str, tuple[str, list[tuple[str, str, str]]]]


def files(sample_reference: Reference, form: Form) -> list[SampleFile]:
    """An honest month, with a second file of a unit's revision, a copy under another unit's code, and an odd month."""
    month = list(sample_month(sample_reference, Period.parse("2024-01"), with_faults=True, only=UNITS, form=form))
    sound = next(each for each in month if "_622_" in each.name)

    def also(name: str, hours: int, *changes: tuple[str, str, Any]) -> SampleFile:
        return SampleFile(name, edited(sound.content, *changes), sound.arrives_at + timedelta(hours=hours))

    return [
        *month,
        also("second.xlsx", 1, ("02_HoatDong", "H8" if form is KN_01 else "C8", "Tặng quà Tết cho hộ nghèo, lần khác")),
        also("copy.xlsx", 2, ("00_ThongTin", "B8", "631"), ("00_ThongTin", "B9", "Huyện Chư Păh")),
        also("odd.xlsx", 3, ("00_ThongTin", "B10", "2024-13")),
        also("odder.xlsx", 4, ("00_ThongTin", "B10", "2024-13"), ("00_ThongTin", "B8", "632")),
    ]


def found(settings: Settings) -> Found:
    with open_database(settings.ledger_url) as ledger, ledger.read() as session:
        records = submissions.all_submissions(session, ["2024-01", "2024-13"])
        told = submissions.findings_of(session, [each.submission_id for each in records])
        return {
            each.sha256: (
                str(each.verdict),
                [(finding.rule, finding.sheet, finding.cell) for finding in told[each.submission_id].found],
            )
            for each in records
        }


@pytest.mark.parametrize(("form", "again"), [(KN_01, "E-REVISION-TWICE"), (KN_02, "E-KIND")])
def test_any_batching_gives_the_same_verdicts(
    form: Form,
    again: str,
    new_home: Callable[[], Settings],
    sample_reference: Reference,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcomes, sent = [], files(sample_reference, form)
    for cells in (1, 2_500, 10**9):
        monkeypatch.setattr(batches, "CELLS_IN_A_BATCH", cells)
        settings = new_home()
        arrive(settings, *sent)
        collect_submissions(settings)
        outcomes.append(found(settings))
    assert len(outcomes[0]) == len(sent)
    assert outcomes[1] == outcomes[0]
    assert outcomes[2] == outcomes[0]
    rules = {rule for _, told in outcomes[0].values() for rule, _, _ in told}
    assert {again, "W-COPY", "E-PERIOD"} <= rules


def test_one_run_for_all_or_one_for_each_gives_the_same_verdicts(
    new_home: Callable[[], Settings], sample_reference: Reference
) -> None:
    together, one_by_one = new_home(), new_home()
    sent = [*files(sample_reference, KN_01), *files(sample_reference, KN_02)]
    arrive(together, *sent)
    collect_submissions(together)
    for file in sorted(sent, key=lambda each: (each.arrives_at, each.name)):
        arrive(one_by_one, file)
        collect_submissions(one_by_one)
    assert found(one_by_one) == found(together)
