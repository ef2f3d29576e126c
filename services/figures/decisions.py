"""What the province decided by hand, laid over what units sent: corrected cells, and duplicate rows."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from domain import form
from domain.corrections import AppliedCorrection, Correction
from domain.double_counting import Decision, DoubleDecision
from domain.errors import BadReference
from domain.schemas import FACT_TABLES, stored
from domain.submissions import LockRecord, SubmissionRecord
from services.run import Run
from storage import locks, submissions
from storage.database import Session
from storage.facts import fetch_facts
from transforms.figures.corrections import read_value

_TABLE_OF_SHEET = {form.SHEET_BY_TABLE[table].name: table for table in FACT_TABLES}


def without_duplicates(
    activities: pl.LazyFrame, run: Run, periods: Sequence[str], as_of: datetime | None
) -> pl.LazyFrame:
    """The rows without those that a person decided are duplicates.

    Raises:
        BadReference: if a decision that holds at `as_of` matches nothing.
    """
    for each in _dropped_rows(run, periods, as_of):
        place = each.dropped
        here = (
            (pl.col("period") == place.period)
            & (pl.col("unit_code") == place.unit_code)
            & (pl.col("source_row") == place.row)
        )
        found = activities.filter(here).select("value_total_vnd").collect()
        if found.is_empty() or found.item() != each.value_total_vnd:
            found_value = "không có dòng này" if found.is_empty() else f"dòng này ghi {found.item()}"
            raise BadReference(
                f"double_counting.csv, {place}: tổng trị giá {each.value_total_vnd} không khớp, {found_value}. "
                "Sửa vị trí; nếu đơn vị đã nộp bản khác thì ghi thời điểm hết hiệu lực ở cột valid_to."
            )
        activities = activities.filter(~here)
    return activities


def _dropped_rows(run: Run, periods: Sequence[str], as_of: datetime | None) -> list[DoubleDecision]:
    """The decisions that take a row of the periods out of the count."""
    return [
        each
        for each in run.reference.double_decisions
        if each.decision is Decision.SAME and each.dropped.period in periods and each.holds(as_of or run.now())
    ]


def applied_corrections(session: Session, run: Run, as_of: datetime | None) -> list[AppliedCorrection]:
    """Every correction that holds at `as_of`, with the cell it changes.

    Raises:
        BadReference: names the correction that matches nothing, or that changes a locked period without a reason.
    """
    holding = [each for each in run.reference.corrections if each.holds(as_of or run.now())]
    periods = sorted({each.locator.period for each in holding})
    if not periods:
        return []
    counting = {
        (record.period, record.unit_code): record
        for record in submissions.counting_submissions(session, periods, as_of)
    }
    locked = locks.locks_of(session, periods, as_of)
    return [
        _applied(
            session,
            each,
            counting.get((each.locator.period, each.locator.unit_code)),
            locked.get(each.locator.period),
            as_of,
        )
        for each in holding
    ]


def _applied(
    session: Session,
    correction: Correction,
    record: SubmissionRecord | None,
    lock: LockRecord | None,
    as_of: datetime | None,
) -> AppliedCorrection:
    place = correction.locator
    table = _TABLE_OF_SHEET.get(place.sheet, "")
    if record is None or not table:
        raise _unmatched(correction, "không có báo cáo nào được tính mang vị trí này")
    fields = {letter: name for name, letter in record.columns.get(table, {}).items()}
    rows = fetch_facts(session, table, [place.period], as_of, place.unit_code).collect()
    row = rows.filter(pl.col("source_row") == place.row)
    name = fields.get(place.column)
    if name is None or row.is_empty():
        raise _unmatched(correction, "báo cáo được tính không có dòng hoặc cột này")
    dtype = stored(table)[name]
    try:
        expected, found = read_value(correction.old_value, dtype), row.item(0, name)
        read_value(correction.new_value, dtype)
    except ValueError as error:
        raise _unmatched(correction, str(error)) from error
    if expected != found:
        raise _unmatched(correction, f"ô này đang ghi {'(trống)' if found is None else found}")
    if lock is not None and correction.valid_from >= lock.locked_from and not correction.unlock_reason:
        raise BadReference(
            f"corrections.csv, {place}: kỳ {place.period} đã khóa từ {lock.locked_from:%Y-%m-%d}; "
            "ghi lý do mở khóa ở cột unlock_reason, hoặc bỏ dòng này."
        )
    return AppliedCorrection(correction, record.submission_id, table, place.row, name)


def _unmatched(correction: Correction, why: str) -> BadReference:
    return BadReference(
        f"corrections.csv, {correction.locator}: giá trị cũ {correction.old_value or '(trống)'} không khớp, {why}. "
        "Sửa vị trí hoặc giá trị cũ; nếu đơn vị đã nộp bản đúng thì ghi thời điểm hết hiệu lực ở cột valid_to."
    )
