"""Every step of every flow: what people call it, and how an engine treats it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """How an engine treats a step: its name for people, how often it is tried again, how long it may take, its tags."""

    label: str
    """What the step is called where people read it."""
    waits_seconds: tuple[int, ...] = ()
    timeout_seconds: int | None = None
    tags: tuple[str, ...] = ()


_LEDGER_WAITS = (5, 20, 60)
"""The ledger's server may be away for a moment."""


def _looks_up(label: str) -> Policy:
    """For a step that speaks with nobody but the ledger."""
    return Policy(label, waits_seconds=_LEDGER_WAITS)


def _may_wait(label: str) -> Policy:
    """For a step that speaks with another's server: what fails there heals by waiting."""
    return Policy(label, waits_seconds=(10, 60, 300), tags=("network",))


def _prints(label: str) -> Policy:
    return Policy(label, waits_seconds=_LEDGER_WAITS, timeout_seconds=1_800, tags=("print",))


POLICIES: dict[str, Policy] = {
    "answer-mails": _may_wait("trả lời thư không có tệp"),
    "answer-units": _may_wait("trả lời đơn vị"),
    "archive-arrivals": _may_wait("nhận và lưu tệp"),
    "check-release": _looks_up("xem lại việc duyệt"),
    "close-edition": _looks_up("ghi nhận đã gửi"),
    "deliver": _may_wait("gửi thư"),
    "find-due": _looks_up("tìm việc đến hạn"),
    "find-due-drafts": _looks_up("tìm dự thảo phải lập lại"),
    "find-mailboxes": _looks_up("tìm hộp thư đơn vị"),
    "find-unanswered": _looks_up("tìm tệp chưa trả lời"),
    "find-unjudged": _looks_up("tìm tệp chưa kiểm tra"),
    "flush-outbox": _may_wait("thử lại thư chờ gửi"),
    "judge": _looks_up("kiểm tra"),
    "keep": _looks_up("ghi sổ"),
    "keep-unreadable": _looks_up("ghi sổ tệp không đọc được"),
    "note-not-read": _looks_up("ghi sổ tệp chưa đọc xong"),
    "publish-status": _looks_up("ghi trang tình trạng"),
    "read-files": _looks_up("đọc tệp"),
    "redraft": _prints("lập lại dự thảo"),
    "rejudge-sent-again": _looks_up("kiểm tra lại tệp gửi lại"),
    "remind": _may_wait("nhắc đơn vị"),
    "reserve-mails": _may_wait("soạn thư"),
    "report": _prints("lập báo cáo"),
    "send-forms": _may_wait("gửi biểu mẫu"),
    "unit-sheets": _prints("phiếu đơn vị"),
    "look-around": _may_wait("xem lại máy và sổ"),
    "void-outdated": _looks_up("hủy bản không còn đúng"),
    "watch": _may_wait("canh hạn gửi"),
}
"""Every step of every flow, by its name."""


def policy_of(name: str) -> Policy:
    """How the step of this name is treated.

    Raises:
        LookupError: if there is no such step; a misspelt name must not quietly mean “once”.
    """
    if name not in POLICIES:
        raise LookupError(f"no step is called {name!r}; services.steps.POLICIES names them all")
    return POLICIES[name]
