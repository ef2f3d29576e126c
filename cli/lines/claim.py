"""A claim with what stands behind it, worded for a terminal."""

from cli.lines.trace import trace_lines
from services.queries.trace_claim import TracedClaim, TracedSide


def claim_lines(claim: TracedClaim) -> list[str]:
    """The sentence, what it concludes, whom it counts, and each side with its figure's own trace."""
    lines = [f"“{claim.words}”  ({claim.claim_id}: {claim.kind})"]
    lines += [
        f"  {label}: {value}"
        for label, value in (
            ("Chiều", claim.direction),
            ("Kết quả", claim.outcome),
            ("Kế hoạch", claim.plan),
            ("Đếm những ai", claim.state),
            ("Gồm", "; ".join(claim.members)),
            ("Trong", "; ".join(claim.whole)),
            ("Dựa vào", ", ".join(claim.parts)),
        )
        if value
    ]
    for label, side in (("Kỳ này", claim.now), ("So với", claim.against)):
        if side is not None:
            lines += _side_lines(label, side)
    return lines


def _side_lines(label: str, side: TracedSide) -> list[str]:
    lines = [
        f"{label}: {side.name} {side.value} {side.unit_of_measure}".rstrip() + f"  ({side.figure_id})",
        f"  Từ {side.first_day} đến {side.last_day}, báo cáo các tháng {', '.join(side.months)}: "
        f"nhận {side.received}/{side.expected}",
        f"  {len(side.units)} đơn vị: {'; '.join(side.units)}",
    ]
    return lines if side.trace is None else [*lines, *trace_lines(side.trace, 1)]
