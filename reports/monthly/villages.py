"""Which twinned villages of the units that reported had any activity in the period, and which had none."""

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from domain.units import Level, Region, Unit
from domain.villages import Village


def twinned_villages(summary: Summary, reference: Reference) -> list[str]:
    """The ids of the villages with a partner in a month that their unit reported, sorted."""
    return sorted({village.village_id for village, _ in _twinned(summary, reference)})


def active_villages(summary: Summary, reference: Reference) -> list[str]:
    """Those with an activity finished or under way."""
    return [each for each in twinned_villages(summary, reference) if _is_active(summary, each)]


def idle_villages(summary: Summary, reference: Reference) -> list[tuple[Village, Unit]]:
    """Those without, with the unit that reports for them, in the order of the table of units."""
    found: dict[str, tuple[Village, Unit]] = {}
    for village, unit in _twinned(summary, reference):
        if not _is_active(summary, village.village_id):
            found[village.village_id] = (village, unit)
    return sorted(
        found.values(),
        key=lambda pair: (
            pair[1].level is Level.COMMUNE, pair[1].region is Region.EAST, pair[1].code, pair[0].village_id,
        ),
    )  # fmt: skip


def _twinned(summary: Summary, reference: Reference) -> list[tuple[Village, Unit]]:
    found = []
    sent = {(record.period, record.unit_code) for record in summary.submissions}
    for month in summary.period.months():
        for subperiod in reference.subperiods(month):
            twins = reference.villages.partners_of(subperiod.last_day)
            found += [
                (village, unit)
                for village, unit in reference.villages.with_reporter(reference.units, subperiod.last_day)
                if village.village_id in twins and (str(month), unit.code) in sent
            ]
    return found


def _is_active(summary: Summary, village_id: str) -> bool:
    return bool(summary.value(FigureKey("villages_active", "period", "village", village_id)))
