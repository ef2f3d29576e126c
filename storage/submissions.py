"""Submissions, their findings and their facts: written once, read as known at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime

import polars as pl
from sqlalchemy import BigInteger, Row, Select, func, insert, select, type_coerce
from sqlalchemy.orm import Session

from domain.findings import Finding, Findings, Severity, Verdict
from domain.schemas import FACT_ORIGIN, USUAL_PRICES, stored
from domain.submissions import NewSubmission, SubmissionRecord
from storage.tables import FACT_TABLES, FindingRow, Submission

COUNTING = (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS)


def is_known(session: Session, sha256: str) -> bool:
    """Whether these bytes have been taken in before."""
    return session.scalar(select(Submission.id).where(Submission.sha256 == sha256)) is not None


def keep_submission(session: Session, new: NewSubmission, findings: Findings, facts: Mapping[str, pl.DataFrame]) -> int:
    """Keep a submission, its findings and, where it counts, its rows; gives its id."""
    row = Submission(**{field.name: getattr(new, field.name) for field in fields(new)})
    session.add(row)
    session.flush()
    if findings.found:
        session.execute(
            insert(FindingRow),
            [
                {
                    "submission_id": row.id,
                    "position": position,
                    **{name: getattr(finding, name) for name in finding.__slots__},
                    "severity": str(finding.severity),
                }
                for position, finding in enumerate(findings.found)
            ],
        )
    if new.verdict.counts:
        for table, frame in facts.items():
            rows = frame.drop("file").to_dicts()
            if rows:
                session.execute(insert(FACT_TABLES[table]), [{"submission_id": row.id, **fact} for fact in rows])
    return row.id


def counting_submissions(
    session: Session, periods: Sequence[str], as_of: datetime | None = None
) -> list[SubmissionRecord]:
    """The latest accepted revision of each unit and period that was known at `as_of`."""
    records = [_record(row) for row in session.execute(_counting(periods, as_of))]
    return sorted(records, key=lambda record: (record.period, record.unit_code))


def all_submissions(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> list[SubmissionRecord]:
    """Every submission of the periods, whatever became of it, in the order of arrival."""
    query = select(Submission.__table__).where(Submission.period.in_(periods))
    if as_of is not None:
        query = query.where(Submission.received_at <= as_of)
    query = query.order_by(Submission.received_at, Submission.unit_code, Submission.sha256)
    return [_record(row) for row in session.execute(query)]


def unplaced_submissions(session: Session) -> list[SubmissionRecord]:
    """Submissions whose period could not be read: nobody sees them unless they are asked for."""
    query = select(Submission.__table__).where(Submission.period.is_(None))
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


def latest_revisions(session: Session, period: str, except_sha256: Sequence[str] = ()) -> dict[str, int]:
    """The highest accepted revision of each unit in the period, apart from the files being examined."""
    query = (
        select(Submission.unit_code, func.max(Submission.revision))
        .where(Submission.period == period, Submission.verdict.in_(COUNTING), Submission.sha256.not_in(except_sha256))
        .group_by(Submission.unit_code)
    )
    return {unit: revision or 0 for unit, revision in session.execute(query).tuples() if unit is not None}


def fetch_facts(session: Session, table: str, periods: Sequence[str], as_of: datetime | None = None) -> pl.LazyFrame:
    """The accepted rows of `table` in the periods, as known at `as_of`.

    Returns:
        `schemas.stored(table)`, in the order of period, unit and row.
    """
    counting = _counting(periods, as_of).subquery()
    facts = FACT_TABLES[table].__table__
    schema = stored(table)
    own = [facts.c[name] for name in schema if name not in FACT_ORIGIN or name == "submission_id"]
    query = (
        select(
            *own[:1],
            counting.c.period,
            counting.c.unit_code,
            counting.c.revision,
            counting.c.sha256,
            *own[1:],
        )
        .join(counting, counting.c.id == facts.c.submission_id)
        .order_by(counting.c.period, counting.c.unit_code, facts.c.source_row)
    )
    rows = [tuple(row) for row in session.execute(query)]
    return pl.DataFrame(rows, schema=schema, orient="row").lazy()


def fetch_unit_prices(session: Session, periods: Sequence[str]) -> pl.DataFrame:
    """What one unit of quantity came to over the periods, as `USUAL_PRICES`."""
    counting = _counting(periods, None).subquery()
    facts = FACT_TABLES["activities"].__table__
    named = (counting.c.unit_code, facts.c.activity_code, facts.c.quantity_unit)
    query = (
        select(*named, func.sum(facts.c.value_total_vnd), type_coerce(func.sum(facts.c.quantity), BigInteger))
        .join(counting, counting.c.id == facts.c.submission_id)
        .where(facts.c.value_total_vnd > 0, facts.c.quantity > 0)
        .group_by(*named)
        .order_by(*named)
    )
    rows = [(*names, 1000 * float(value) / float(thousandths)) for *names, value, thousandths in session.execute(query)]
    return pl.DataFrame(rows, schema=USUAL_PRICES, orient="row")


def _counting(periods: Sequence[str], as_of: datetime | None) -> Select[tuple[object, ...]]:
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
    if as_of is not None:
        accepted = accepted.where(Submission.received_at <= as_of)
    ranked = accepted.subquery()
    return select(*(column for column in ranked.c if column.name != "newest")).where(ranked.c.newest == 1)


def _record(row: Row[tuple[object, ...]]) -> SubmissionRecord:
    kept = dict(row._mapping)
    return SubmissionRecord(submission_id=kept.pop("id"), **(kept | {"verdict": Verdict(kept["verdict"])}))
