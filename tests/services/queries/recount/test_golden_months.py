"""The second definitions give the agreed figures, over all eras and every basis that runs by the calendar."""

import csv
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.catalogue import INDICATORS
from domain.indicators import FigureKey
from domain.period import Period, month_range
from services.queries.recount.definitions import parts_of
from services.queries.recount.measures import Reach, count
from services.queries.recount.scratch import Scratch, open_scratch
from services.queries.recount.spans import months_of_basis
from services.run import open_run
from services.settings import Settings
from tests.commands import import_history
from tests.golden.agree import AGREED, HERE, LAST

pytestmark = pytest.mark.slow
_NEAR = Decimal("0.000001")


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Scratch]]:
    home = tmp_path_factory.mktemp("golden") / "home"
    shutil.copytree(HERE / "reference", home / "reference")
    settings = Settings(home=home, _env_file=None)
    import_history(settings, HERE / "input")
    months = [str(month) for month in month_range(Period.parse("2022-12"), LAST)]
    with open_run(settings) as run:
        scratch = open_scratch(run, months, run.now())
    yield settings, scratch
    scratch.database.close()


def test_every_agreed_figure_is_counted_again(golden: tuple[Settings, Scratch]) -> None:
    settings, scratch = golden
    assert scratch.faults == []
    units = [unit for (unit,) in scratch.database.execute("SELECT DISTINCT unit FROM owed")]
    different, counted = [], 0
    with open_run(settings) as run, AGREED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = FigureKey.parse(row["figure"])
            months = months_of_basis(run.reference, Period.parse(row["period"]), key.basis)
            if months is None:
                continue
            programme = run.reference.programme(Period.parse(row["period"]))
            since = programme.valid_from if programme is not None and key.basis == "programme" else None
            reach = Reach(months, units, key.dimension, key.member, since, since and date.max)
            again = count(scratch.database, key.indicator, reach)
            counted += 1
            if again is None or abs(again - Decimal(row["value"])) > _NEAR:
                different.append(f"{row['period']} {key}: {row['value']}, {again}")
    assert different == []
    assert counted > 10_000


def test_every_indicator_of_the_catalogue_has_a_second_definition(golden: tuple[Settings, Scratch]) -> None:
    _, scratch = golden
    for indicator in INDICATORS:
        assert parts_of(indicator.code), indicator.code
        count(scratch.database, indicator.code, Reach(["2024-02"], ["622"]))
