"""Submissions, their findings and their facts: written once, read as known at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import RowMapping, Select, func, insert, select
from sqlalchemy.orm import Session

from domain.findings import Findings, Verdict
from domain.schemas import FACT_ORIGIN, stored
from storage.tables import FACT_TABLES, FindingRow, Submission

COUNTING = (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS)


@dataclass(frozen=True, slots=True)
class NewSubmission:
    """What is kept of one workbook besides its rows."""

    sha256: str
    file_name: str
    received_at: datetime
    unit_code: str | None
    period: str | None
    revision: int | None
    kind: str | None
    is_nil: bool
    is_sample: bool
    verdict: Verdict
    working_days_late: int
    columns: Mapping[str, Mapping[str, str]]


def is_known(session: Session, sha256: str) -> bool:
    """Whether these bytes have been taken in before."""
    return session.scalar(select(Submission.id).where(Submission.sha256 == sha256)) is not None


def keep_submission(session: Session, new: NewSubmission, findings: Findings, facts: Mapping[str, pl.DataFrame]) -> int:
    """Keep a submission, its findings and, where it counts, its rows; gives its id."""
    columns = {table: dict(letters) for table, letters in new.columns.items()}
    row = Submission(
        **{name: getattr(new, name) for name in NewSubmission.__slots__ if name not in ("verdict", "columns")},
        verdict=str(new.verdict),
        columns=columns,
    )
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


def counting_submissions(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> list[RowMapping]:
    """The latest accepted revision of each unit and period that was known at `as_of`."""
    rows = session.execute(_counting(periods, as_of)).mappings()
    return sorted(rows, key=lambda row: (row["period"], row["unit_code"]))


def all_submissions(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> list[RowMapping]:
    """Every submission of the periods, whatever became of it, in the order of arrival."""
    query = select(Submission.__table__).where(Submission.period.in_(periods))
    if as_of is not None:
        query = query.where(Submission.received_at <= as_of)
    return list(
        session.execute(query.order_by(Submission.received_at, Submission.unit_code, Submission.sha256)).mappings()
    )


def unplaced_submissions(session: Session) -> list[RowMapping]:
    """Submissions whose period could not be read: nobody sees them unless they are asked for."""
    query = select(Submission.__table__).where(Submission.period.is_(None))
    return list(session.execute(query.order_by(Submission.received_at, Submission.sha256)).mappings())


def findings_of(session: Session, submission_ids: Sequence[int]) -> list[RowMapping]:
    """The findings of the submissions, in order."""
    query = select(FindingRow.__table__).where(FindingRow.submission_id.in_(submission_ids))
    return list(session.execute(query.order_by(FindingRow.submission_id, FindingRow.position)).mappings())


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
