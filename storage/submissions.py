"""Submissions, their findings and their facts: written once, read as known at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from domain.findings import Finding, Findings, Severity, Verdict
from domain.submissions import Difference, NewSubmission, SubmissionRecord
from storage.arrivals import HISTORY
from storage.bulk import insert_rows
from storage.chain import WAIVERS, add_link
from storage.locks import held
from storage.parkings import parked
from storage.rejudgements import rejudged
from storage.tables import FACT_TABLES, Arrival, FindingRow, Submission
from storage.tables import Difference as DifferenceRow

if TYPE_CHECKING:
    # Who asks how a period stands looks at no row of a sheet, and need not wait for it.
    import polars as pl

_came_at = func.coalesce(Submission.arrived_at, Submission.received_at)
COUNTING = tuple(verdict for verdict in Verdict if verdict.counts)


def is_known(session: Session, sha256: str) -> bool:
    """Whether these bytes have been taken in before."""
    return session.scalar(select(Submission.id).where(Submission.sha256 == sha256).limit(1)) is not None


def has_accepted(session: Session, period: str, unit_code: str, apart_from: int = 0) -> bool:
    """Whether anything (else) of the unit's month was ever accepted; cheaper to ask than what counts of it."""
    query = select(Submission.id).where(
        Submission.period == period,
        Submission.unit_code == unit_code,
        Submission.verdict.in_(COUNTING),
        Submission.id != apart_from,
    )
    return session.scalar(query.limit(1)) is not None


def accepted_before(
    session: Session, period: str, unit_code: str, revision: int, sha256: str
) -> SubmissionRecord | None:
    """The newest accepted submission of the unit's month that bears an earlier revision; other bytes than these."""
    query = (
        select(Submission.__table__)
        .where(
            Submission.period == period,
            Submission.unit_code == unit_code,
            Submission.revision < revision,
            Submission.sha256 != sha256,
            Submission.verdict.in_(COUNTING),
            Submission.id.not_in(rejudged()),
            Submission.id.not_in(parked()),
        )
        .order_by(Submission.revision.desc(), Submission.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None else _record(row)


def _came_before(moment_and_number: tuple[datetime, int]) -> ColumnElement[bool]:
    """Whether a submission's bytes came earlier; of what came at one moment, by the number of the receipt."""
    moment, number = moment_and_number
    first = (
        select(func.min(Arrival.id)).where(Arrival.sha256 == Submission.sha256).correlate(Submission).scalar_subquery()
    )
    return or_(_came_at < moment, and_(_came_at == moment, first < number))


def judgements_of(session: Session, sha256: str) -> list[SubmissionRecord]:
    """Every judgement of these bytes, the oldest first; the last one holds."""
    query = select(Submission.__table__).where(Submission.sha256 == sha256).order_by(Submission.id)
    return [_record(row) for row in session.execute(query)]


def keep_submission(
    session: Session,
    new: NewSubmission,
    findings: Findings,
    facts: Mapping[str, "pl.DataFrame"],
    differences: Sequence[Difference] = (),
) -> int:
    """Keep a submission, its findings, its differences and, where it counts, its rows (`schemas.kept`); gives its id."""
    row = Submission(**{field.name: getattr(new, field.name) for field in fields(new)})
    session.add(row)
    session.flush()
    found = [
        {
            "submission_id": row.id,
            "position": position,
            **{name: getattr(finding, name) for name in finding.__slots__},
            "severity": str(finding.severity),
        }
        for position, finding in enumerate(findings.found)
    ]
    insert_rows(session, FindingRow, found)
    differing = [
        {"submission_id": row.id, "position": position, **asdict(difference)}
        for position, difference in enumerate(differences)
    ]
    insert_rows(session, DifferenceRow, differing)
    if new.verdict.counts:
        for table, frame in facts.items():
            insert_rows(session, FACT_TABLES[table], [{"submission_id": row.id, **fact} for fact in frame.to_dicts()])
    add_link(session, "submission", row.id)
    if new.arrived_at is not None:
        add_link(session, "submission-arrival", row.id)
    if any(each is not None for each in (new.preparer_phone, new.approver_title, new.form)):
        add_link(session, "submission-carried", row.id)
    if any(finding.waived_by for finding in findings.found):
        add_link(session, WAIVERS, row.id)
    return row.id


def first_period(session: Session) -> str | None:
    """The month of the report that was accepted first; what was imported as history came by nobody's hand."""
    by_itself = select(Arrival.sha256).where(Arrival.channel != HISTORY)
    accepted = select(Submission.received_at, Submission.period).where(
        Submission.verdict.in_([verdict for verdict in Verdict if verdict.counts]),
        Submission.period.is_not(None),
        Submission.sha256.in_(by_itself),
    )
    first = session.execute(accepted.order_by(Submission.received_at, Submission.period).limit(1)).first()
    return None if first is None else first.period


def counting_submissions(
    session: Session, periods: Sequence[str], as_of: datetime | None = None, unit_code: str | None = None
) -> list[SubmissionRecord]:
    """The latest accepted revision of each unit (or of one) and period that was known at `as_of`."""
    records = [_record(row) for row in session.execute(counting(periods, as_of, unit_code))]
    return sorted(records, key=lambda record: (record.period, record.unit_code))


def all_submissions(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> list[SubmissionRecord]:
    """Every submission of the periods, whatever became of it, in the order of arrival."""
    query = select(Submission.__table__).where(Submission.period.in_(periods), Submission.id.not_in(rejudged(as_of)))
    if as_of is not None:
        query = query.where(Submission.received_at <= as_of)
    query = query.order_by(_came_at, Submission.unit_code, Submission.sha256)
    return [_record(row) for row in session.execute(query)]


def readable_submissions(session: Session) -> list[SubmissionRecord]:
    """Every submission that a workbook could be made of, oldest first."""
    query = select(Submission.__table__).where(
        Submission.verdict.not_in((Verdict.UNREADABLE, Verdict.SET_ASIDE)), Submission.id.not_in(rejudged())
    )
    return [_record(row) for row in session.execute(query.order_by(Submission.received_at, Submission.sha256))]


def unplaced_submissions(session: Session, as_of: datetime | None = None) -> list[SubmissionRecord]:
    """Submissions whose period could not be read: nobody sees them unless they are asked for."""
    query = select(Submission.__table__).where(Submission.period.is_(None), Submission.id.not_in(rejudged(as_of)))
    if as_of is not None:
        query = query.where(Submission.received_at <= as_of)
    return [_record(row) for row in session.execute(query.order_by(Submission.received_at, Submission.sha256))]


def findings_of(session: Session, submission_ids: Sequence[int]) -> dict[int, Findings]:
    """The findings of each of the submissions."""
    query = select(FindingRow).where(FindingRow.submission_id.in_(submission_ids))
    found: dict[int, list[Finding]] = {submission_id: [] for submission_id in submission_ids}
    for row in session.scalars(query):
        finding = Finding(**{field.name: getattr(row, field.name) for field in fields(Finding)})
        found[row.submission_id].append(replace(finding, severity=Severity(row.severity)))
    return {submission_id: Findings.of(own) for submission_id, own in found.items()}


def has_real_submissions(session: Session) -> bool:
    """Whether anything in the ledger was not made up."""
    return session.scalar(select(func.count()).where(Submission.is_sample.is_(False))) != 0


def latest_accepted(
    session: Session, period: str, except_sha256: Sequence[str] = (), came_before: tuple[datetime, int] | None = None
) -> list[tuple[str, int, str | None, bool]]:
    """Unit, revision, content hash of each unit's newest accepted submission, and whether it counts.

    Files being examined are none. A parked one is among them: the next revision must be newer than it.
    """
    query = (
        select(Submission.unit_code, Submission.revision, Submission.content_hash, Submission.id.not_in(parked()))
        .where(
            Submission.period == period,
            Submission.verdict.in_(COUNTING),
            Submission.sha256.not_in(except_sha256),
            Submission.id.not_in(rejudged()),
        )
        .order_by(Submission.revision, Submission.received_at)
    )
    if came_before is not None:
        query = query.where(_came_before(came_before))
    newest = {
        unit: (revision or 0, content, bool(counts))
        for unit, revision, content, counts in session.execute(query).tuples()
    }
    return [(unit, *revision) for unit, revision in sorted(newest.items(), key=str) if unit is not None]


def likenesses(
    session: Session,
    periods: Sequence[str],
    except_sha256: Sequence[str] = (),
    came_before: tuple[datetime, int] | None = None,
) -> list[tuple[str, str, str]]:
    """Likeness, unit and period of the accepted submissions of the periods."""
    query = (
        select(Submission.likeness, Submission.unit_code, Submission.period)
        .where(
            Submission.period.in_(periods),
            Submission.verdict.in_(COUNTING),
            Submission.likeness.is_not(None),
            Submission.sha256.not_in(except_sha256),
            Submission.id.not_in(rejudged()),
        )
        .order_by(Submission.period.desc(), Submission.unit_code)
    )
    if came_before is not None:
        query = query.where(_came_before(came_before))
    return [(str(likeness), str(unit), str(period)) for likeness, unit, period in session.execute(query).tuples()]


def same_revision(session: Session, period: str, unit_code: str, revision: int) -> list[SubmissionRecord]:
    """The accepted submissions that bear this revision."""
    query = select(Submission.__table__).where(
        Submission.period == period,
        Submission.unit_code == unit_code,
        Submission.revision == revision,
        Submission.verdict.in_(COUNTING),
        Submission.id.not_in(rejudged()),
    )
    return [_record(row) for row in session.execute(query)]


def totals_of(session: Session, submission_id: int) -> dict[str, int]:
    """Rows and money of an accepted submission: `activities`, `villages`, `cash_vnd`, `inkind_vnd`, `value_total_vnd`."""
    facts = FACT_TABLES["activities"].__table__
    households = FACT_TABLES["households"].__table__
    money = [func.coalesce(func.sum(facts.c[name]), 0) for name in ("cash_vnd", "inkind_vnd", "value_total_vnd")]
    counted = session.execute(select(func.count(), *money).where(facts.c.submission_id == submission_id)).one()
    villages = session.scalar(
        select(func.count()).select_from(households).where(households.c.submission_id == submission_id)
    )
    names = ("activities", "cash_vnd", "inkind_vnd", "value_total_vnd")
    return {name: int(value) for name, value in zip(names, counted, strict=True)} | {"villages": villages or 0}


def records_of(session: Session, submission_ids: Sequence[int]) -> list[SubmissionRecord]:
    """The submissions with these ids."""
    query = select(Submission.__table__).where(Submission.id.in_(submission_ids)).order_by(Submission.id)
    return [_record(row) for row in session.execute(query)]


def find_submission(session: Session, sha256: str) -> SubmissionRecord | None:
    """The submission with these bytes, by its last verdict."""
    found = judgements_of(session, sha256)
    return found[-1] if found else None


def differences_of(session: Session, submission_ids: Sequence[int]) -> dict[int, list[Difference]]:
    """In what each of the submissions differs from the accepted revision before it."""
    query = select(DifferenceRow).where(DifferenceRow.submission_id.in_(submission_ids))
    found: dict[int, list[Difference]] = {submission_id: [] for submission_id in submission_ids}
    for row in session.scalars(query.order_by(DifferenceRow.position)):
        found[row.submission_id].append(
            Difference(**{field.name: getattr(row, field.name) for field in fields(Difference)})
        )
    return found


def counting(
    periods: Sequence[str], as_of: datetime | None, unit_code: str | None = None
) -> Select[tuple[object, ...]]:
    """Asks for the rows of `submissions` that count: of each unit and period the latest accepted revision known then."""
    rank = (
        func.row_number()
        .over(
            partition_by=(Submission.unit_code, Submission.period),
            order_by=(Submission.revision.desc(), Submission.received_at.desc(), Submission.sha256),
        )
        .label("newest")
    )
    accepted = select(Submission.__table__, rank).where(
        Submission.period.in_(periods), Submission.verdict.in_(COUNTING)
    )
    if unit_code is not None:
        accepted = accepted.where(Submission.unit_code == unit_code)
    if as_of is not None:
        accepted = accepted.where(Submission.received_at <= as_of)
    accepted = accepted.where(
        Submission.id.not_in(parked(as_of)), Submission.id.not_in(held(as_of)), Submission.id.not_in(rejudged(as_of))
    )
    ranked = accepted.subquery()
    return select(*(column for column in ranked.c if column.name != "newest")).where(ranked.c.newest == 1)


def _record(row: Row[tuple[object, ...]]) -> SubmissionRecord:
    kept = dict(row._mapping)
    return SubmissionRecord(submission_id=kept.pop("id"), **(kept | {"verdict": Verdict(kept["verdict"])}))
