"""Any change of code or rules lists every figure that would change."""

from pathlib import Path

import pytest

from tests.golden.agree import agreed, differences, figures_now

pytestmark = pytest.mark.slow


def test_every_agreed_figure_is_still_made(tmp_path: Path) -> None:
    changed = differences(agreed(), figures_now(tmp_path / "home"))
    assert not changed, f"{len(changed)} figures would change; read them, and agree by `make golden`:\n" + "\n".join(
        changed[:200]
    )


def test_the_agreed_months_lie_in_all_three_eras() -> None:
    months = {period for period, _ in agreed() if len(period) == 7 and period[5:].isdigit()}
    assert len(months) >= 24
    assert min(months) < "2024-11" < "2025-07" < max(months)


def test_a_difference_names_the_figure_with_both_values() -> None:
    before, after = {("2024-02", "a"): "1", ("2024-02", "b"): "2"}, {("2024-02", "a"): "3", ("2024-03", "c"): "4"}
    assert differences(before, after) == [
        "2024-02 a: 1 -> 3",
        "2024-02 b: 2 -> nothing",
        "2024-03 c: nothing -> 4",
    ]
