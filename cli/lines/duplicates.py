"""Suspected duplicate rows, worded for a terminal."""

from collections.abc import Sequence

from domain import wording
from domain.double_counting import DoubleDecision, DoubtfulPair


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
    return f"{decision.decision.label}: {decision.reason} ({decision.decided_by})"
