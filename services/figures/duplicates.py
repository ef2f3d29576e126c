"""Which rows of a period may tell the same gift twice, and what somebody decided about them."""

from collections.abc import Sequence
from datetime import datetime

from domain import wording
from domain.double_counting import DoubleDecision, DoubtfulPair, RowLocator
from domain.period import Period
from domain.reference import Reference
from services.figures.decisions import applied_corrections
from services.figures.rows import partner_keys
from services.registers import load_registers
from services.settings import Settings, now
from storage import submissions
from storage.database import Session, open_database
from transforms.figures.corrections import corrected
from transforms.figures.countable import with_partner
from transforms.figures.double_counting import doubtful_pairs


def doubles(settings: Settings, period: Period, as_of: datetime | None = None) -> list[DoubtfulPair]:
    """Every doubtful pair of the period, as known at `as_of`."""
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            return pairs_of(session, reference, period, as_of)
    finally:
        database.close()


def pairs_of(session: Session, reference: Reference, period: Period, as_of: datetime | None) -> list[DoubtfulPair]:
    """Likewise, in a transaction that is open already. Nothing is left out of the count by itself."""
    months = [str(month) for month in period.months()]
    sent = submissions.fetch_facts(session, "activities", months, as_of)
    rows = corrected(sent, "activities", applied_corrections(session, reference, as_of))
    decided = {
        frozenset((each.kept, each.dropped)): each for each in reference.double_decisions if each.holds(as_of or now())
    }
    partners = {partner.partner_id: partner.name for partner in reference.villages.partners}
    found = []
    for row in doubtful_pairs(with_partner(rows, partner_keys(reference).lazy())).collect().iter_rows(named=True):
        first = RowLocator(row["period"], row["unit_code"], row["source_row"])
        second = RowLocator(row["other_period"], row["other_unit"], row["other_row"])
        found.append(
            DoubtfulPair(
                first,
                second,
                row["village_id"],
                wording.short_day(row["activity_date"]),
                row["activity_code"],
                partners.get(row["partner"], row["partner"] or ""),
                partners.get(row["other_partner"], row["other_partner"] or ""),
                row["quantity"] or "",
                row["value_total_vnd"] or 0,
                decided.get(frozenset((first, second))),
            )
        )
    return found


def pair_lines(pairs: Sequence[DoubtfulPair]) -> list[str]:
    """The pairs for a terminal, each with the row that a decision would add to the table."""
    lines = [
        f"{len(pairs)} cặp dòng có thể là một; {sum(pair.decision is None for pair in pairs)} cặp chưa quyết định."
    ]
    for pair in pairs:
        lines.append(
            f"  {pair.first} ({pair.first_partner}) và {pair.second} ({pair.second_partner}): làng {pair.village_id}, "
            f"ngày {pair.day}, {pair.activity_code}, {pair.quantity}, {wording.number(pair.value_total_vnd)} đồng"
        )
        lines.append(f"    {_decided(pair.decision)}")
        if pair.decision is None:
            lines.append(
                f"    double_counting.csv: {pair.first},{pair.second},{pair.value_total_vnd},same|different,LÝ DO,"
                "NGƯỜI QUYẾT ĐỊNH,NGÀY,"
            )
    return lines


def _decided(decision: DoubleDecision | None) -> str:
    if decision is None:
        return "chưa quyết định: cả hai dòng đang được tính"
    return f"{decision.decision.words}: {decision.reason} ({decision.decided_by})"
