"""How a period stands: expected and received, verdicts, editions, deliveries."""

from collections.abc import Sequence, Set
from datetime import datetime

from domain.calendar import VIETNAM
from domain.findings import Verdict
from domain.period import Period
from domain.reference import Reference
from domain.submissions import SubmissionRecord
from services.run import Run
from storage import deliveries, editions, locks, submissions
from storage.edition_files import workings_path


def status(run: Run, period: Period, as_of: datetime | None = None) -> dict[str, object]:
    """The state of the period, as known at `as_of`, as plain data: `units`, `unexpected`, `editions`, counts on top."""
    with run.ledger.read() as session:
        months = [str(month) for month in period.months()]
        received = submissions.all_submissions(session, months, as_of)
        counting = submissions.counting_submissions(session, months, as_of)
        unplaced = submissions.unplaced_submissions(session)
        locked = locks.locks_of(session, months, as_of)
        held = set(locks.held_among(session, months, as_of))
        records = [each for each in editions.editions_of(session, str(period)) if as_of is None or each.as_of <= as_of]
        mails = {record.edition_id: deliveries.deliveries_of(session, record.edition_id) for record in records}
    units = [row for month in period.months() for row in _units(run.reference, month, received, counting, held)]
    expected = {(row["unit"], row["period"]) for row in units}
    return {
        "period": str(period),
        "due": _moment(run.reference.calendar.due(period)),
        "expected": len(units),
        "accepted": sum(1 for row in units if row["state"] in ("accepted", "accepted_with_warnings")),
        "missing": [row["unit"] for row in units if row["state"] == "missing"],
        "rejected": [row["unit"] for row in units if row["state"] == "rejected"],
        "conflicting": [row["unit"] for row in units if row["state"] == "conflicting"],
        "late": [row["unit"] for row in units if row["working_days_late"]],
        "nil": [row["unit"] for row in units if row["is_nil"]],
        "held": [row["unit"] for row in units if row["has_held"]],
        "locked": {month: _moment(each.locked_from) for month, each in sorted(locked.items())},
        "units": units,
        "unexpected": [
            {"file": record.file_name, "sha256": record.sha256, "verdict": str(record.verdict)}
            for record in [*received, *unplaced]
            if (record.unit_code, record.period) not in expected
        ],
        "editions": [
            {
                "edition": record.edition_id,
                "state": str(record.state),
                "sha256": record.document_sha256,
                "data_of": record.sha256,
                "doc_number": record.doc_number,
                "workings": str(workings_path(run.settings.editions, record.sha256)),
                "as_of": _moment(record.as_of),
                "released_by": record.released_by,
                "void_reason": record.void_reason,
                "deliveries": [
                    {
                        "recipient": mail.recipient,
                        "state": str(mail.state),
                        "answer": mail.answer,
                        "message_id": mail.message_id,
                    }
                    for mail in mails[record.edition_id]
                ],
            }
            for record in records
        ],
    }


def _units(
    reference: Reference,
    month: Period,
    received: Sequence[SubmissionRecord],
    counting: Sequence[SubmissionRecord],
    held: Set[int],
) -> list[dict[str, object]]:
    counted = {record.unit_code: record for record in counting if record.period == str(month)}
    rows: list[dict[str, object]] = []
    for unit in reference.expected_units(month):
        own = [record for record in received if (record.unit_code, record.period) == (unit.code, str(month))]
        used = counted.get(unit.code)
        state = "missing"
        if used is not None:
            state = str(used.verdict)
        elif any(record.verdict is Verdict.CONFLICTING for record in own):
            state = str(Verdict.CONFLICTING)
        elif any(record.submission_id in held for record in own):
            state = str(Verdict.HELD)
        elif own:
            state = str(Verdict.REJECTED)
        rows.append(
            {
                "unit": unit.code,
                "name": unit.name,
                "period": str(month),
                "state": state,
                "revision": used.revision if used is not None else None,
                "is_nil": bool(used is not None and used.is_nil),
                "working_days_late": used.working_days_late if used is not None else 0,
                "received_at": _moment(used.received_at) if used is not None else None,
                "has_held": any(record.submission_id in held for record in own),
                "submissions": [
                    {
                        "file": record.file_name,
                        "revision": record.revision,
                        "verdict": str(record.verdict),
                        "sha256": record.sha256,
                    }
                    for record in own
                ],
            }
        )
    return rows


def _moment(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")
