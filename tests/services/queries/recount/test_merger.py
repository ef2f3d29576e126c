"""July 2025: districts answer for its first days, communes for the rest; claims across it name the ground they are over."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.calendar import VIETNAM
from domain.claims import Claim, ClaimKind, Direction, Sum
from domain.period import Period
from domain.reference import Reference
from domain.wording import rounded
from services.queries.recount.check import disagreements
from services.run import open_run
from services.settings import Settings
from storage.database import Session
from storage.facts import fetch_facts
from tests.commands import collect_submissions
from tests.services.queries.recount.registers import scratch_of
from tests.services.queries.recount.small_months import edition_with

pytestmark = pytest.mark.slow
DISTRICT = "630"
JUNE, JULY, JULY_2026 = "2025-06", "2025-07", "2026-07"
DAYS = {
    JUNE: (date(2025, 5, 15), date(2025, 6, 14), 17),
    JULY: (date(2025, 6, 15), date(2025, 7, 14), 17 + 135),
    JULY_2026: (date(2026, 6, 15), date(2026, 7, 14), 135),
}
AS_OF = datetime(2026, 7, 30, tzinfo=VIETNAM)


@pytest.fixture(scope="module")
def communes(reference: Reference) -> list[str]:
    """Those that took over the ground of Kông Chro; no other district has a part in them."""
    database = scratch_of(reference, ["2025-07"])
    return sorted(
        heir
        for (heir,) in database.execute(
            "SELECT DISTINCT heir.code FROM unit AS own JOIN succession ON former = own.id AND effective = '2025-07-01' "
            "JOIN unit AS heir ON heir.id = succession.heir WHERE own.parent = ?",
            (DISTRICT,),
        )
    )


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory, sample_registers: Path, fill: Callable[..., None], communes: list[str]
) -> Path:
    home = tmp_path_factory.mktemp("merger") / "home"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    settings = Settings(home=home, _env_file=None)
    fill(settings, JUNE, JULY, JULY_2026, with_faults=False, only={DISTRICT, *communes})
    collect_submissions(settings)
    return home


@pytest.fixture
def settings(tmp_path: Path, home: Path) -> Settings:
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    return Settings(home=tmp_path / "home", _env_file=None)


def money(session: Session, month: str) -> int:
    """Added up by Polars from the stored rows."""
    rows = fetch_facts(session, "activities", [month]).collect().to_dicts()
    return sum(row["value_total_vnd"] for row in rows if row["status"] in ("hoan_thanh", "dang_thuc_hien"))


def poor(session: Session, month: str, units: list[str]) -> int:
    rows = fetch_facts(session, "households", [month]).collect().to_dicts()
    return sum(row["poor_close"] for row in rows if row["unit_code"] in units)


def a_sum(indicator: str, basis: str, month: str, value: int, units: list[str], received: int) -> Sum:
    first, last, expected = DAYS[month]
    figure = f"{indicator}:units={'+'.join(sorted(units))}@{basis}"
    return Sum(figure, indicator, Decimal(value), tuple(sorted(units)), (month,), first, last, received, expected)


def changed(now: Sum, against: Sum, per: int, decimals: int) -> Claim:
    this, that = (rounded(each.value / per, decimals) for each in (now, against))
    percent = rounded(100 * abs(this - that) / that, 1) if this != that else None
    direction = Direction.UP if this > that else Direction.DOWN if this < that else Direction.SAME
    return Claim("c", ClaimKind.CHANGE, "", now=now, against=against, outcome=percent, direction=direction)


def faults(settings: Settings, period: str, *claims: Claim) -> list[str]:
    edition_id = edition_with(settings, Period.parse(period), claims, AS_OF)
    with open_run(settings) as run:
        return disagreements(run, edition_id)


def test_a_year_after_the_change_the_same_ground_is_communes_and_their_district(
    settings: Settings, communes: list[str]
) -> None:
    both = [DISTRICT, *communes]
    with open_run(settings) as run, run.ledger.read() as session:
        now = a_sum("value_total_vnd", "period", JULY_2026, money(session, JULY_2026), communes, len(communes))
        then = a_sum("value_total_vnd", "same_last_year", JULY, money(session, JULY), both, len(both))
        stock = a_sum(
            "poor_households", "period", JULY_2026, poor(session, JULY_2026, communes), communes, len(communes)
        )
        before = a_sum("poor_households", "same_last_year", JULY, poor(session, JULY, communes), communes, len(both))
    assert (
        faults(
            settings, JULY_2026, changed(now, then, 1_000_000, 1), replace(changed(stock, before, 1, 0), claim_id="d")
        )
        == []
    )
    # The district's days of the month are its ground's too: without them two weeks would be compared with four.
    alone = a_sum("value_total_vnd", "same_last_year", JULY, int(then.value), communes, len(both))
    told = faults(settings, JULY_2026, changed(now, alone, 1_000_000, 1))
    assert any("bỏ sót 1 đơn vị" in fault and "Huyện Kông Chro" in fault for fault in told), told
    assert any("đếm lại được" in fault for fault in told), told


def test_the_month_of_the_change_is_compared_with_the_district(settings: Settings, communes: list[str]) -> None:
    both = [DISTRICT, *communes]
    with open_run(settings) as run, run.ledger.read() as session:
        now = a_sum("value_total_vnd", "period", JULY, money(session, JULY), both, len(both))
        then = a_sum("value_total_vnd", "previous", JUNE, money(session, JUNE), [DISTRICT], 1)
    assert faults(settings, JULY, changed(now, then, 1_000_000, 1)) == []
    few = a_sum("value_total_vnd", "period", JULY, int(now.value), [DISTRICT], len(both))
    told = faults(settings, JULY, changed(few, then, 1_000_000, 1))
    assert any(f"bỏ sót {len(communes)} đơn vị" in fault for fault in told), told


def test_the_districts_closing_stock_is_not_counted_beside_its_communes(
    settings: Settings, communes: list[str]
) -> None:
    both = [DISTRICT, *communes]
    with open_run(settings) as run, run.ledger.read() as session:
        right, doubled = poor(session, JULY, communes), poor(session, JULY, both)
    assert doubled > right
    total = Claim("t", ClaimKind.TOTAL, "", now=a_sum("poor_households", "period", JULY, doubled, both, len(both)))
    assert any("đếm lại được" in fault for fault in faults(settings, JULY, total))
