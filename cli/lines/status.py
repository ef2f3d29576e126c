"""The state of a period, worded for a terminal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain import wording
from domain.deliveries import DeliveryState
from domain.editions import EditionState
from domain.findings import Verdict

_STATES = {
    "accepted": "đã nhận",
    "accepted_with_warnings": "đã nhận, có cảnh báo",
    "rejected": "bị trả lại",
    "conflicting": "trùng lần nộp, chờ đơn vị xác định",
    "held": "được giữ lại vì kỳ đã khóa",
    "missing": "chưa nộp",
}


def status_lines(found: Mapping[str, Any]) -> list[str]:
    """One line per unit, edition and delivery, with the counts on top."""
    lines = [
        f"Kỳ {found['period']}: {found['accepted']}/{found['expected']} báo cáo được chấp nhận; hạn nộp {wording.moment(datetime.fromisoformat(found['due']))}.",
        f"Chưa nộp {len(found['missing'])}, bị trả lại {len(found['rejected'])}, trễ hạn {len(found['late'])}, "
        f"không phát sinh {len(found['nil'])}.",
    ]
    lines += [
        f"Kỳ {month} khóa từ {wording.moment(datetime.fromisoformat(at))}." for month, at in found["locked"].items()
    ]
    for row in found["units"]:
        notes = unit_notes(row)
        if row["has_held"]:
            notes.append("có bản nộp sau khi khóa, chưa tính")
        told = f" ({', '.join(notes)})" if notes else ""
        lines.append(f"  {row['period']}  {row['unit']:<6} {row['name']:<24} {_STATES[row['state']]}{told}")
    for stray in found["unexpected"]:
        lines.append(f"  ngoài danh sách: {stray['file']} ({Verdict(stray['verdict']).words})")
    for edition in found["editions"]:
        by = f", duyệt bởi {edition['released_by']}" if edition["released_by"] else ""
        why = f": {edition['void_reason']}" if edition["void_reason"] else ""
        lines.append(
            f"Bản {edition['edition']}: {EditionState(edition['state']).words}{by}{why}; SHA-256 {edition['sha256']}"
        )
        lines.append(f"  Cách tính từng số: {edition['workings']}")
        lines += [
            f"  {mail['recipient']}: {DeliveryState(mail['state']).words}. {mail['answer']}".rstrip()
            + (f" (mã thư {mail['message_id']})" if mail["state"] == DeliveryState.UNCERTAIN else "")
            for mail in edition["deliveries"]
        ]
    if not found["editions"]:
        lines.append(f"Chưa có bản phát hành; lập bằng “ketnghia report {found['period']}”.")
    return lines


def unit_notes(row: Mapping[str, Any]) -> list[str]:
    """What is to be said of a unit's report besides its state."""
    notes = []
    if row["is_nil"]:
        notes.append("không phát sinh")
    if row["working_days_late"]:
        notes.append(f"trễ {row['working_days_late']} ngày làm việc")
    if row["revision"] and row["revision"] > 1:
        notes.append(f"lần nộp {row['revision']}")
    return notes
