"""The state of a period, worded for a terminal and as JSON."""

from datetime import datetime

from domain import wording
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryRecord, DeliveryState
from services.status.period_status import EditionStatus, PeriodStatus, UnitMonth


def status_lines(found: PeriodStatus) -> list[str]:
    """One line per unit, edition and delivery, with the counts on top."""
    return [
        f"Kỳ {found.period}: {found.accepted}/{found.expected} báo cáo được chấp nhận; "
        f"hạn nộp {wording.moment(found.due)}.",
        f"Chưa nộp {len(found.missing)}, bị trả lại {len(found.rejected)}, trễ hạn {len(found.late)}, "
        f"không phát sinh {len(found.nil)}.",
        *(f"  chưa đọc được: {each.label}" for each in (found.unread if found.owing else ())),
        *(f"Kỳ {month} khóa từ {wording.moment(lock.locked_from)}." for month, lock in sorted(found.locks.items())),
        *(_unit_line(row) for row in found.units),
        *(f"  ngoài danh sách: {stray.file_name} ({stray.verdict.label})" for stray in found.unexpected),
        *(line for edition in found.editions for line in _edition_lines(edition)),
        *([] if found.editions else [f"Chưa có bản phát hành; lập bằng “ketnghia report {found.period}”."]),
    ]


def _unit_line(row: UnitMonth) -> str:
    notes = list(row.notes)
    if row.counting is not None and row.counting.extent:
        notes.append(f"cảnh báo: {row.counting.extent}")
    more = f" ({'; '.join(notes)})" if notes else ""
    newer = f"; {row.newer_sentence}" if row.newer_sentence else ""
    return f"  {row.month}  {row.unit.code:<6} {row.unit.name:<24} {row.standing.label}{more}{newer}"


def _edition_lines(edition: EditionStatus) -> list[str]:
    record = edition.record
    by = f", duyệt bởi {record.released_by}" if record.released_by else ""
    why = f": {record.void_reason}" if record.void_reason else ""
    return [
        f"Bản {record.edition_id}: {record.state.label}{by}{why}; SHA-256 {record.document_sha256}",
        f"  Cách tính từng số: {edition.workings}",
        *(_delivery_line(mail) for mail in edition.deliveries),
    ]


def _delivery_line(mail: DeliveryRecord) -> str:
    mark = f" (mã thư {mail.message_id})" if mail.state is DeliveryState.UNCERTAIN else ""
    return f"  {mail.recipient}: {mail.state.label}. {mail.answer}".rstrip() + mark


def status_json(found: PeriodStatus) -> dict[str, object]:
    """The state as plain data: `units`, `unexpected`, `editions`, with the counts on top."""
    return {
        "period": str(found.period),
        "due": _moment(found.due),
        "expected": found.expected,
        "accepted": found.accepted,
        "missing": found.missing,
        "rejected": found.rejected,
        "conflicting": found.conflicting,
        "late": found.late,
        "nil": found.nil,
        "held": found.held,
        "unread": [{"receipt": each.number, "file": each.file_name} for each in found.unread],
        "locked": {month: _moment(lock.locked_from) for month, lock in sorted(found.locks.items())},
        "units": [_unit_json(row) for row in found.units],
        "unexpected": [
            {"file": record.file_name, "sha256": record.sha256, "verdict": str(record.verdict)}
            for record in found.unexpected
        ],
        "editions": [_edition_json(edition) for edition in found.editions],
    }


def _unit_json(row: UnitMonth) -> dict[str, object]:
    counting = row.counting.record if row.counting else None
    return {
        "unit": row.unit.code,
        "name": row.unit.name,
        "period": str(row.month),
        "state": str(row.standing),
        "revision": counting.revision if counting else None,
        "is_nil": row.is_nil,
        "working_days_late": row.working_days_late,
        "received_at": _moment(counting.received_at) if counting else None,
        "has_held": row.has_held,
        "submissions": [
            {
                "file": each.record.file_name,
                "revision": each.record.revision,
                "verdict": str(each.verdict),
                "counts": each is row.counting,
                "causes": each.causes,
                "cells": each.cells,
                "sha256": each.record.sha256,
            }
            for each in row.files
        ],
    }


def _edition_json(edition: EditionStatus) -> dict[str, object]:
    record = edition.record
    return {
        "edition": record.edition_id,
        "state": str(record.state),
        "sha256": record.document_sha256,
        "data_of": record.sha256,
        "doc_number": record.doc_number,
        "workings": str(edition.workings),
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
            for mail in edition.deliveries
        ],
    }


def _moment(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat(timespec="seconds")
