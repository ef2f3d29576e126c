"""What the pages say is counted again from the archived files by the second implementation, in SQL: months of all eras,
quarters across the merger, and random months with units missing, nil or returned."""

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from domain.claims import Claim, ClaimKind
from domain.period import Period, month_range
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.monthly.summary import build_monthly_summary
from services.figures.summary import summary_of
from services.queries.recount.check import counted_again
from services.run import open_run
from services.settings import Settings
from tests.commands import import_history
from tests.golden.agree import FIRST, HERE, LAST

pytestmark = pytest.mark.slow
PLANS = "".join(
    f"{year},{indicator},{kind},{value},lang,tỉnh,KH {year}\n"
    for year in (2024, 2025)
    for indicator, kind, value in (
        ("value_total_vnd", "level", 9000),
        ("activities", "level", 700),
        ("poverty_rate_pct", "reduction", 2),
        ("nearpoverty_rate_pct", "ceiling", 9),
    )
)


def claims_of(settings: Settings, period: Period) -> tuple[list[Claim], list[str], Summary]:
    """What the period's report says, what of it does not come out again, and what is known."""
    with open_run(settings) as run:
        summary = summary_of(run, period, None, even_empty=True)
        book, beside = FigureBook(summary), FigureBook(summary)
        build_monthly_summary(summary, run.reference, book, beside, settings.fonts)
        figures = {figure.figure_id: figure for figure in book.figures}
        again = counted_again(run, period, summary.cut_at, book.claims, figures)
    return book.claims, [str(each) for each in again.disagreements], summary


def planned_home(home: Path) -> Settings:
    """A home with the frozen registers and a plan for both years."""
    shutil.copytree(HERE / "reference", home / "reference")
    text = "year,indicator,kind,value,scope,plan_owner,source\n" + PLANS
    (home / "reference" / "targets.csv").write_text(text, encoding="utf-8")
    return Settings(home=home, _env_file=None)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = planned_home(tmp_path_factory.mktemp("golden") / "home")
    import_history(settings, HERE / "input")
    return settings


PERIODS = [*month_range(FIRST, LAST), *map(Period.parse, ("2023-Q4", "2024-Q1", "2024", "2025-Q3", "2025-H2"))]


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_every_claim_of_a_golden_period_comes_out_again(golden: Settings, period: Period) -> None:
    claims, disagreements, _ = claims_of(golden, period)
    assert disagreements == []
    kinds = {claim.kind for claim in claims}
    assert kinds >= {ClaimKind.COVERED, ClaimKind.JOINT, ClaimKind.TOTAL, ClaimKind.SHARE}


def kept(path: Path, target: Path, dropped: set[tuple[str, str]], emptied: set[tuple[str, str]]) -> None:
    """A table of the frozen input without the months that were not sent, and without the rows of nil ones."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names: Sequence[str] = reader.fieldnames or ()
        rows = [row for row in reader if (row["unit_code"], row["period"]) not in dropped]
    if path.name != "statements.csv":
        rows = [row for row in rows if (row["unit_code"], row["period"]) not in emptied]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


DISTRICTS, COMMUNES = ("622", "625", "630"), ("23575", "23590", "23611", "23638", "23824")
LOOKED_AT = {
    "2024-02": ("2023-12", "2024-01", "2024-02"),
    "2024-Q1": ("2023-12", "2024-01", "2024-02", "2024-03"),
    "2025-07": ("2024-07", "2025-06", "2025-07"),
    "2025-08": ("2025-06", "2025-07", "2025-08"),
}
PLACES = st.sets(st.tuples(st.sampled_from([*DISTRICTS, *COMMUNES]), st.sampled_from([0, 1, 2, 3])), max_size=9)


@how(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(period=st.sampled_from(sorted(LOOKED_AT)), missing=PLACES, nil=PLACES)
def test_whoever_is_missing_or_nil_the_ground_named_is_the_ground_summed(
    tmp_path_factory: pytest.TempPathFactory,
    period: str,
    missing: set[tuple[str, int]],
    nil: set[tuple[str, int]],
) -> None:
    months = LOOKED_AT[period]
    folder = tmp_path_factory.mktemp("random")
    settings = planned_home(folder / "home")
    dropped, emptied = ({(unit, months[place % len(months)]) for unit, place in places} for places in (missing, nil))
    with (HERE / "input" / "statements.csv").open(encoding="utf-8", newline="") as file:
        sent = {(row["unit_code"], row["period"]) for row in csv.DictReader(file)}
    unseen = {place for place in sent if place[1] not in months or place[0] not in (*DISTRICTS, *COMMUNES)}
    (folder / "in").mkdir()
    for path in sorted((HERE / "input").glob("*.csv")):
        kept(path, folder / "in" / path.name, dropped | unseen, emptied)
    import_history(settings, folder / "in")
    _, disagreements, summary = claims_of(settings, Period.parse(period))
    assert disagreements == []
    for state in summary.units:
        assert not state.is_counted or (state.unit.code, period) not in dropped
