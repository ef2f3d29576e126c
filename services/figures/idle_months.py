"""Months in which a unit reported that nothing happened: stocks stayed what they were."""

from collections.abc import Sequence

from domain.period import Period
from domain.submissions import SubmissionRecord


def last_months_told(counting: Sequence[SubmissionRecord], month: Period, months: Sequence[str]) -> dict[str, str]:
    """For each unit the last month up to `month` whose stocks it told, where every later one was idle.

    Args:
        counting: the accepted submissions of the months.
        month: the last of them.
        months: all of them; a unit that told nothing in them, or has a gap, is left out.
    """
    is_nil = {(record.unit_code, record.period): record.is_nil for record in counting}
    found = {}
    for unit in {record.unit_code for record in counting if record.period == str(month)}:
        for each in sorted(months, reverse=True):
            idle = is_nil.get((unit, each))
            if idle is False:
                found[str(unit)] = each
            if not idle:
                break
    return found
