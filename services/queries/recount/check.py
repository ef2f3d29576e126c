"""Every claim of an edition counted again from the archived cells: what does not come out the same is a disagreement."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain import wording
from domain.claims import Claim, ClaimKind, State, Sum
from domain.editions import EditionRecord
from domain.figures import Figure
from domain.indicators import FigureKey
from domain.period import Period
from services.queries.recount.bridge import bridge_faults
from services.queries.recount.carried import carried_by, names_with_digits
from services.queries.recount.definitions import needs_cells
from services.queries.recount.measures import Uncountable
from services.queries.recount.members import member_faults
from services.queries.recount.outcomes import outcome_faults
from services.queries.recount.ranks import rank_faults
from services.queries.recount.scratch import open_scratch
from services.queries.recount.spans import months_of_basis
from services.queries.recount.states import VILLAGE_STATES
from services.queries.recount.sums import Ground, ground_faults, sum_faults
from services.queries.recount.telling import telling_faults
from services.queries.recount.words import stray_numbers
from services.run import Run
from services.tables import kept_tables
from storage import editions, explanations

_OVER_TIME = (ClaimKind.CHANGE, ClaimKind.MOVED, ClaimKind.REDUCED)
_MONTH = re.compile(r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])")
_QUOTED = 60
"""How many letters of a sentence are quoted."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What a claim says and the cells do not."""

    claim_id: str
    """Empty where a file of the archive is at fault, not a claim."""
    words: str
    fault: str
    """In Vietnamese, without a full stop."""

    def __str__(self) -> str:
        if not self.claim_id:
            return self.fault
        words = self.words if len(self.words) <= _QUOTED else f"{self.words[:_QUOTED]}…"
        return f"nhận định {self.claim_id} (“{words}”): {self.fault}"


@dataclass(frozen=True, slots=True)
class Recounted:
    """How many claims there were, and everything that did not come out the same."""

    claims: int
    disagreements: Sequence[Disagreement]


def disagreements(run: Run, edition_id: str) -> list[str]:
    """Every fault of the edition's claims as a sentence, counted with the tables that the edition was made with.

    Raises:
        UnknownEdition: if there is no such edition.
        BadReference: if its tables were kept and this program refuses them.
    """
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
    if run.tables.version != edition.reference_version:
        tables = kept_tables(run.kept, run.settings.kept_tables, edition.reference_version)
        run = run if tables is None else run.with_tables(tables)
    return [str(each) for each in recounted(run, edition).disagreements]


def recounted(run: Run, edition: EditionRecord) -> Recounted:
    """Count every claim of the edition again, from the archived cells as they were known when it was made.

    Args:
        run: with the tables and settings that the edition was made with.
        edition: whose claims are counted; one of before there were claims has none.
    """
    period = Period.parse(edition.period)
    with run.ledger.read() as session:
        try:
            claims = editions.claims_of(session, edition.edition_id)
        except (ValueError, LookupError, TypeError, ArithmeticError):
            # Only who altered the ledger can have written what is no claim.
            return Recounted(1, [Disagreement("", "", f"nhận định của bản {edition.edition_id} trong sổ đã bị sửa")])
        figures = {each.figure_id: each for each in editions.figures_of(session, edition.edition_id)}
        own = [str(month) for month in period.months()]
        answered = {each.question for each in explanations.explanations_of(session, own, edition.as_of)}
    if not claims:
        return Recounted(0, [])
    return counted_again(run, period, edition.as_of, claims, figures, answered)


def counted_again(
    run: Run,
    period: Period,
    as_of: datetime,
    claims: Sequence[Claim],
    figures: Mapping[str, Figure],
    answered: Collection[str] = (),
) -> Recounted:
    """Count claims again that are, or are to be, an edition's.

    Args:
        run: with the tables and settings that they were made with.
        period: of which they speak.
        as_of: what became known later is left out.
        claims: all of one report, for they name each other.
        figures: what the report prints, by id.
        answered: the ids of the questions that units have answered.
    """
    own = [str(month) for month in period.months()]
    read = _months_to_read(run, claims, period)
    months = {*read, *_months_of(claims), *own, *(f"{period.year}-{number:02d}" for number in range(1, 13))}
    scratch = open_scratch(run, months, as_of, read)
    ground = Ground(scratch, run.reference, period, as_of, run.settings.differences)
    check = _Check(ground, {claim.claim_id: claim for claim in claims}, figures, answered)
    found = [Disagreement("", "", fault) for fault in scratch.faults]
    found += [Disagreement(claim.claim_id, claim.words, fault) for claim in claims for fault in check.faults(claim)]
    return Recounted(len(claims), list(dict.fromkeys(found)))


def _months_of(claims: Sequence[Claim]) -> set[str]:
    return {month for claim in claims for side in _sides(claim) for month in side.months if _MONTH.fullmatch(month)}


def _months_to_read(run: Run, claims: Sequence[Claim], period: Period) -> set[str]:
    """The months whose files the claims are counted in; who reported, and when, is known without them."""
    found = {
        month
        for claim in claims
        for side in _sides(claim)
        if needs_cells(side.indicator) or claim.state in VILLAGE_STATES
        for month in side.months
        if _MONTH.fullmatch(month)
    }
    if any(claim.state in VILLAGE_STATES for claim in claims):
        found |= {str(month) for month in period.months()}
    for claim in claims:
        if claim.kind is ClaimKind.BRIDGED:
            bases = {FigureKey.parse(part).basis for part in claim.parts}
            found |= {month for basis in bases for month in months_of_basis(run.reference, period, basis) or ()}
    return found


def _has_months(side: Sum) -> bool:
    return bool(side.months) and all(_MONTH.fullmatch(month) for month in side.months)


def _sides(claim: Claim) -> list[Sum]:
    return [side for side in (claim.now, claim.against) if side is not None]


@dataclass(frozen=True, slots=True)
class _Check:
    """The claims of one edition, among which they may name each other."""

    ground: Ground
    claims: Mapping[str, Claim]
    figures: Mapping[str, Figure]
    answered: Collection[str]

    def faults(self, claim: Claim) -> Iterator[str]:
        """What is not true of the claim."""
        if not all(_has_months(side) for side in _sides(claim)):
            yield "có tổng không ghi tháng nào, hoặc ghi kỳ không phải tháng"
            return
        is_compared = _is_compared(claim)
        try:
            for side in _sides(claim):
                yield from sum_faults(self.ground, side, is_compared=is_compared)
                yield from self._printed_otherwise(side)
            if is_compared and claim.now is not None and claim.against is not None:
                yield from ground_faults(self.ground, claim.now, claim.against)
            yield from self._of_its_kind(claim)
        except Uncountable as error:
            yield f"không đếm lại được: {error}"
        yield from telling_faults(self.ground, claim)
        unknown = [part for part in claim.parts if part not in self.claims and part not in self.figures]
        if unknown:
            yield f"dựa vào {', '.join(unknown)}, bản này không có"
        carried = carried_by(self.ground, claim, self.claims, self.figures)
        stray = stray_numbers(claim.words, carried, names_with_digits(self.ground, self.figures))
        if stray:
            yield f"trong câu có số {'; '.join(dict.fromkeys(stray))} mà nhận định không mang"

    def _printed_otherwise(self, side: Sum) -> Iterator[str]:
        figure = self.figures.get(side.figure)
        if figure is not None and figure.value is not None and figure.value != side.value:
            yield f"{side.figure} mang giá trị {wording.number(side.value)}, bản này in {figure.text}"

    def _of_its_kind(self, claim: Claim) -> Iterator[str]:
        match claim.kind:
            case ClaimKind.COVERED | ClaimKind.COUNTED:
                yield from member_faults(self.ground, claim, self.claims, self.answered)
            case ClaimKind.RANKED:
                yield from rank_faults(self.ground, claim)
            case ClaimKind.BRIDGED:
                yield from bridge_faults(self.ground, claim, self.figures, self.claims)
            case ClaimKind.JOINT:
                if not claim.parts:
                    yield "gộp các nhận định khác mà không nêu nhận định nào"
            case _:
                yield from outcome_faults(self.ground, claim)


def _is_compared(claim: Claim) -> bool:
    """Whether two spans of time stand side by side."""
    if claim.now is None or claim.against is None:
        return False
    is_over_time = claim.kind in _OVER_TIME or claim.state is State.SAME_UNITS
    return is_over_time and claim.now.months != claim.against.months
