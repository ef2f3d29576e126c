"""Is everybody who is counted as a claim says, and nobody left out?"""

from collections.abc import Collection, Iterator, Mapping

from domain.claims import Claim, ClaimKind, State
from domain.indicators import FigureKey
from services.queries.recount import states
from services.queries.recount.sums import Ground


def member_faults(
    ground: Ground, claim: Claim, claims: Mapping[str, Claim], answered: Collection[str]
) -> Iterator[str]:
    """What is wrong with who is counted.

    Args:
        ground: what is counted in.
        claim: which counts its members.
        claims: the others of the edition, by id.
        answered: the questions that units have answered.
    """
    if claim.outcome != len(claim.members):
        yield f"ghi {claim.outcome}, nhưng nêu {len(claim.members)} thành viên"
    if len(set(claim.members)) != len(claim.members):
        yield "nêu một thành viên hai lần"
    match claim.state:
        case None:
            yield "không nói đếm những ai"
        case State.OPEN_QUESTIONS:
            closed = set(answered) & set(claim.members)
            if closed:
                yield f"câu hỏi đã được trả lời: {', '.join(sorted(closed))}"
        case State.SAME_UNITS:
            yield from _same_units(ground, claim, claims)
        case state:
            yield from _as_found(ground, claim, state)


def _as_found(ground: Ground, claim: Claim, state: State) -> Iterator[str]:
    database = ground.scratch.database
    months = claim.now.months if claim.now else [str(month) for month in ground.period.months()]
    asked = _asked_of(ground, claim, state, set(states.whole_of(database, state, months)))
    if claim.kind is ClaimKind.COVERED and set(claim.whole) != asked:
        yield f"nêu toàn thể {len(claim.whole)}, tìm lại được {len(asked)}{_odd(ground, set(claim.whole), asked)}"
    members, due = set(claim.members), set(states.members_of(database, state, months)) & asked
    if members != due:
        yield f"nêu {len(members)} thành viên, tìm lại được {len(due)}{_odd(ground, members, due)}"


def _asked_of(ground: Ground, claim: Claim, state: State, everybody: set[str]) -> set[str]:
    """All, or those of the units that the claim's sum is narrowed to."""
    if claim.now is None or FigureKey.parse(claim.now.figure).dimension not in ("unit", "units"):
        return everybody
    units = set(claim.now.units)
    if state not in states.VILLAGE_STATES:
        return everybody & units
    wards = ground.scratch.database.execute("SELECT village_id, unit FROM ward_reported").fetchall()
    return {village for village, unit in wards if unit in units and village in everybody}


def _odd(ground: Ground, told: set[str], due: set[str]) -> str:
    lacking, added = due - told, told - due
    return (f"; thiếu {ground.names(lacking)}" if lacking else "") + (f"; thừa {ground.names(added)}" if added else "")


def _same_units(ground: Ground, claim: Claim, claims: Mapping[str, Claim]) -> Iterator[str]:
    """Its members are the units of now of the comparisons that it speaks for."""
    parts = [claims[part] for part in claim.parts if part in claims]
    sides = [each.now for each in (claim, *parts) if each.now is not None and each.against is not None]
    if not sides:
        yield "nêu các đơn vị có mặt hai kỳ mà không nêu so sánh nào"
    for side in sides:
        if set(side.units) != set(claim.members):
            yield f"nêu {len(claim.members)} đơn vị, tổng {side.figure} gồm {len(side.units)} đơn vị"
    owing = {unit for (unit,) in ground.scratch.database.execute("SELECT unit FROM owed")}
    if claim.whole and not set(claim.members) <= set(claim.whole) <= owing:
        yield "toàn thể nêu ra không gồm hết các đơn vị được đếm, hoặc có đơn vị không phải báo cáo"
