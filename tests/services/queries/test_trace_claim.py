"""A sentence is traced like a number: its sides, whose they are, over which days, and below them the cells."""

import json

import pytest
from typer.testing import CliRunner

from cli.lines.claim import claim_lines
from cli.main import app
from domain.claims import ClaimKind, Direction, State
from domain.errors import UnknownClaim
from services.queries.trace_claim import DIRECTIONS, KINDS, STATES, TracedClaim, is_claim, trace_claim
from services.run import open_run
from services.settings import Settings
from tests.services.queries.recount.small_months import FEBRUARY, TRUE, edition_with

pytestmark = pytest.mark.slow


def test_every_kind_direction_and_state_has_its_words() -> None:
    assert (set(KINDS), set(DIRECTIONS), set(STATES)) == (set(ClaimKind), set(Direction), set(State))


def traced(settings: Settings, edition_id: str, claim_id: str) -> TracedClaim:
    with open_run(settings) as run:
        return trace_claim(run, edition_id, claim_id)


def test_a_comparison_names_both_sides_their_units_days_and_cells(small: Settings) -> None:
    claim = traced(small, edition_with(small, FEBRUARY, TRUE), "change")
    assert (claim.kind, claim.direction, claim.outcome) == ("so sánh theo phần trăm", "tăng", "150,0")
    assert claim.now is not None
    assert claim.against is not None
    assert claim.now.units == ["Thành phố Pleiku (622)", "Huyện Chư Păh (627)"]
    assert (claim.now.value, claim.against.value) == ("50,0", "20,0")
    assert (claim.against.first_day, claim.against.last_day) == ("15/12/2023", "14/01/2024")
    assert (claim.now.received, claim.now.expected) == (4, 17)
    assert claim.now.trace is not None
    assert sum(int(cell.value) for cell in claim.now.trace.all_cells()) == 50_000_000
    told = "\n".join(claim_lines(claim))
    for words in (
        "Kỳ này: Kinh phí huy động 50,0 triệu đồng",
        "So với: ",
        "Thành phố Pleiku (622)",
        "nhận 4/17",
        "!T8",
    ):
        assert words in told, words


def test_who_is_counted_is_named(small: Settings) -> None:
    edition_id = edition_with(small, FEBRUARY, TRUE)
    late = traced(small, edition_id, "late")
    assert (late.state, late.members) == ("báo cáo trễ hạn", ["Huyện Kbang (625)"])
    assert "làng Châm ANẻh (23586-01)" in traced(small, edition_id, "active").members
    assert "Đếm những ai: báo cáo trễ hạn" in "\n".join(claim_lines(late))
    assert traced(small, edition_id, "joint").parts == ("change", "moved")


def test_a_claim_that_is_not_made_is_refused(small: Settings) -> None:
    edition_id = edition_with(small, FEBRUARY, TRUE)
    with pytest.raises(UnknownClaim, match="nothing"):
        traced(small, edition_id, "nothing")
    with open_run(small) as run:
        assert is_claim(run, edition_id, "change")
        assert not is_claim(run, edition_id, "value_total_vnd@period")
        assert not is_claim(run, "2030-01-1", "change")


def test_the_command_traces_claims_and_figures_alike(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    edition_id = edition_with(small, FEBRUARY, TRUE)
    monkeypatch.setenv("KETNGHIA_HOME", str(small.home))
    found = json.loads(CliRunner().invoke(app, ["trace", edition_id, "share", "--json"]).stdout)
    assert found["claim_id"] == "share"
    assert found["now"]["figure_id"] == "value_total_vnd:funding=XHH@period"
    assert found["now"]["trace"]["cells"]
    assert "tỷ trọng" in CliRunner().invoke(app, ["trace", edition_id, "share"]).stdout
    assert "Kinh phí" in CliRunner().invoke(app, ["trace", edition_id, "value_total_vnd@period"]).stdout
    refused = CliRunner().invoke(app, ["trace", edition_id, "share", "--unit", "622"])
    assert refused.exit_code != 0
