"""What stands behind a sentence: its sides with units, days and coverage, and below them the figures' own traces."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, ClaimKind, Direction, State, Sum
from domain.errors import UnknownClaim
from domain.period import Period
from services.queries.trace import OpenEdition, open_edition
from services.queries.traced import Traced
from services.queries.typed_text import with_typed_text
from services.run import Run
from storage import editions

KINDS = {
    ClaimKind.TOTAL: "nêu một tổng",
    ClaimKind.CHANGE: "so sánh theo phần trăm",
    ClaimKind.MOVED: "so sánh theo điểm phần trăm",
    ClaimKind.SHARE: "tỷ trọng",
    ClaimKind.FULFILLED: "mức thực hiện kế hoạch",
    ClaimKind.REDUCED: "mức giảm so với kế hoạch",
    ClaimKind.COVERED: "số trong toàn thể",
    ClaimKind.COUNTED: "số đếm",
    ClaimKind.RANKED: "xếp thứ tự",
    ClaimKind.BRIDGED: "biến động từ đầu kỳ đến cuối kỳ",
    ClaimKind.JOINT: "gộp các nhận định khác",
}
DIRECTIONS = {
    Direction.UP: "tăng",
    Direction.DOWN: "giảm",
    Direction.SAME: "không đổi",
    Direction.FROM_NOTHING: "kỳ được so không có",
}
STATES = {
    State.REPORTED: "đã nộp đủ báo cáo được chấp nhận",
    State.MISSING: "chưa báo cáo",
    State.REJECTED: "bị trả lại, chưa nộp lại",
    State.LATE: "báo cáo trễ hạn",
    State.NIL: "báo cáo không phát sinh",
    State.IDLE_VILLAGES: "thôn, làng kết nghĩa chưa có hoạt động",
    State.ACTIVE_VILLAGES: "thôn, làng kết nghĩa có hoạt động",
    State.SAME_UNITS: "có mặt ở cả hai kỳ so sánh",
    State.OPEN_QUESTIONS: "câu hỏi chưa được trả lời",
}


@dataclass(frozen=True, slots=True)
class TracedSide:
    """One side of a claim, with names for its codes, and the trace of its figure."""

    figure_id: str
    name: str
    value: str
    unit_of_measure: str
    units: Sequence[str]
    """`Thành phố Pleiku (622)`, one each."""
    months: Sequence[str]
    first_day: str
    last_day: str
    received: int
    expected: int
    trace: Traced | None
    """Null where the edition's program of today no longer knows the figure."""


@dataclass(frozen=True, slots=True)
class TracedClaim:
    """A claim, worded for people, with everything it is made of."""

    claim_id: str
    kind: str
    words: str
    direction: str
    outcome: str
    plan: str
    state: str
    members: Sequence[str]
    whole: Sequence[str]
    now: TracedSide | None
    against: TracedSide | None
    parts: Sequence[str]

    def as_json(self) -> dict[str, object]:
        """The claim as plain data."""
        return asdict(self)


def trace_claim(run: Run, edition_id: str, claim_id: str) -> TracedClaim:
    """The claim of the edition, its sides, and the cells behind them as the ledger knew them then.

    Raises:
        UnknownEdition: if there is no such edition.
        UnknownClaim: if the edition makes no such claim.
    """
    with run.ledger.read() as session:
        editions.find_edition(session, edition_id)
        claim = next((each for each in editions.claims_of(session, edition_id) if each.claim_id == claim_id), None)
    if claim is None:
        raise UnknownClaim(f"Bản {edition_id} không có nhận định {claim_id}.")
    opened = open_edition(run, edition_id, [side.figure for side in (claim.now, claim.against) if side is not None])
    names = _names(opened, claim)
    return TracedClaim(
        claim_id=claim.claim_id,
        kind=KINDS[claim.kind],
        words=claim.words,
        direction=DIRECTIONS[claim.direction] if claim.direction else "",
        outcome=_number(claim.outcome),
        plan=_number(claim.plan),
        state=STATES[claim.state] if claim.state else "",
        members=[names.get(each, each) for each in claim.members],
        whole=[names.get(each, each) for each in claim.whole],
        now=_side(run, opened, claim.now, names) if claim.now else None,
        against=_side(run, opened, claim.against, names) if claim.against else None,
        parts=claim.parts,
    )


def is_claim(run: Run, edition_id: str, claim_id: str) -> bool:
    """Whether the edition makes a claim with this id; false too where there is no such edition."""
    with run.ledger.read() as session:
        return any(each.claim_id == claim_id for each in editions.claims_of(session, edition_id))


def _names(opened: OpenEdition, claim: Claim) -> dict[str, str]:
    """Units and villages by their names, with the code behind; units as they were called when they reported."""
    months = {month for side in (claim.now, claim.against) if side is not None for month in side.months}
    periods = [*(Period.parse(month) for month in sorted(months)), opened.summary.period]
    units = {
        unit.code: f"{unit.name} ({unit.code})"
        for period in periods
        for unit in opened.reference.expected_units(period)
    }
    villages = {
        each.village_id: f"{each.name} ({each.village_id})"
        for each in opened.reference.villages.rows
        if each.village_id in {*claim.members, *claim.whole}
    }
    return villages | units


def _side(run: Run, opened: OpenEdition, side: Sum, names: dict[str, str]) -> TracedSide:
    entry = INDICATOR_BY_CODE.get(side.indicator)
    value = wording.number(side.value / entry.printed_per, entry.decimals) if entry else wording.number(side.value)
    trace = _trace(opened, side)
    return TracedSide(
        figure_id=side.figure,
        name=entry.name if entry else side.indicator,
        value=value,
        unit_of_measure=entry.unit_of_measure if entry else "",
        units=[names.get(code, code) for code in side.units],
        months=side.months,
        first_day=wording.short_day(side.first_day),
        last_day=wording.short_day(side.last_day),
        received=side.received,
        expected=side.expected,
        trace=None if trace is None else with_typed_text(run, trace, opened.summary),
    )


def _trace(opened: OpenEdition, side: Sum) -> Traced | None:
    if not opened.is_known(side.figure):
        return None
    try:
        return opened.traced(side.figure)
    except (KeyError, ValueError):
        # A figure that does not add up over units has no trace over several of them.
        return None


def _number(value: Decimal | None) -> str:
    if value is None:
        return ""
    return wording.number(value, max(0, -int(value.as_tuple().exponent)))
