"""A backfill's plan and outcome, worded for a terminal."""

from collections.abc import Sequence

from domain import wording
from services.editions.backfill import Backfilled
from services.editions.backfill_plan import Planned


def plan_lines(planned: Sequence[Planned]) -> list[str]:
    """Each month with what will be done and why."""
    due = sum(each.is_due for each in planned)
    lines = [f"Kế hoạch: lập {due}/{len(planned)} tháng."]
    return lines + [f"  {each.period!s:<8} {'lập' if each.is_due else 'bỏ qua':<7} {each.why}" for each in planned]


def outcome_lines(outcome: Sequence[Backfilled]) -> list[str]:
    """Each month with its edition, pages and seconds, or the reason why there is none."""
    made = [each for each in outcome if each.edition_id]
    lines = [
        f"  {each.period!s:<8} {each.edition_id or 'KHÔNG LẬP ĐƯỢC':<14} "
        + (f"{each.pages:>3} trang {wording.number(each.seconds, 1):>6} giây" if each.edition_id else each.reason)
        for each in outcome
    ]
    return [*lines, f"Đã lập {len(made)}/{len(outcome)} tháng; không gửi thư nào."]
