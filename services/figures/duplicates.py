"""Suspected duplicate rows of a period: one gift that two units may have reported, and what a person decided."""

from datetime import datetime

from domain import wording
from domain.double_counting import DoubtfulPair, RowLocator
from domain.period import Period
from domain.quoting import quoted
from services.figures.decisions import applied_corrections
from services.figures.rows import partner_keys
from services.run import Run
from storage.database import Session
from storage.facts import fetch_facts
from transforms.figures.corrections import corrected
from transforms.figures.countable import with_partner
from transforms.figures.double_counting import doubtful_pairs


def find_duplicates(run: Run, period: Period, as_of: datetime | None = None) -> list[DoubtfulPair]:
    """Suspected duplicate rows of the period, as known at `as_of`."""
    with run.ledger.read() as session:
        return pairs_of(session, run, period, as_of)


def pairs_of(session: Session, run: Run, period: Period, as_of: datetime | None) -> list[DoubtfulPair]:
    """Suspected duplicate rows of the period, within an open session. Excludes nothing."""
    months = [str(month) for month in period.months()]
    sent = fetch_facts(session, "activities", months, as_of)
    rows = corrected(sent, "activities", applied_corrections(session, run, as_of))
    decided = {
        frozenset((each.kept, each.dropped)): each
        for each in run.reference.double_decisions
        if each.holds(as_of or run.now())
    }
    partners = {partner.partner_id: partner.name for partner in run.reference.villages.partners}
    found = []
    known = partner_keys(run.reference, run.reference.calendar.window(period).last_day)
    for row in doubtful_pairs(with_partner(rows, known.lazy())).collect().iter_rows(named=True):
        first = RowLocator(row["period"], row["unit_code"], row["source_row"])
        second = RowLocator(row["other_period"], row["other_unit"], row["other_row"])
        found.append(
            DoubtfulPair(
                first,
                second,
                row["village_id"],
                wording.short_day(row["activity_date"]),
                row["activity_code"],
                partners.get(row["partner"], quoted(row["partner"] or "")),
                partners.get(row["other_partner"], quoted(row["other_partner"] or "")),
                row["quantity"] or "",
                row["value_total_vnd"] or 0,
                decided.get(frozenset((first, second))),
            )
        )
    return found
