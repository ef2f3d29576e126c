"""Writes to those who have a report that was withdrawn: once each, naming its number, its day and the reason."""

from collections.abc import Iterator
from datetime import timedelta

from delivery.message import Letter, refuse_stranger
from domain import wording
from domain.accounts import Deed
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState
from domain.errors import BadRecipient
from domain.period import Period
from services.editions.guards import is_proven
from services.log import warn
from services.mail.outbox import Delivered, Outgoing, deliver_once, outbox
from services.run import Run
from storage import accounts, deliveries, editions
from storage.database import Session

_LATELY = timedelta(days=30)
"""What was withdrawn longer ago, by a program that told nobody, is old news."""


def send_withdrawals(run: Run) -> list[Delivered]:
    """Tell whoever has a withdrawn report, or may have it; doing it again tells nobody twice."""
    with run.ledger.read() as session:
        due = list(_due(session, run))
    outcome = []
    for edition, address in due:
        try:
            refuse_stranger(address, run.settings.allowed_domains)
        except BadRecipient as reason:
            warn("recipient-refused", str(reason), recipient=address)
            continue
        with outbox(run):
            outcome.append(deliver_once(run, Outgoing(_subject(edition), address, _letter(run, edition))))
    return outcome


def _due(session: Session, run: Run) -> Iterator[tuple[EditionRecord, str]]:
    """The withdrawn editions of late, each with those who have it and have no mail about that yet."""
    for edition in editions.all_editions(session):
        is_of_late = run.now() - _LATELY <= (edition.withdrawn_at or edition.made_at)
        if edition.state is EditionState.WITHDRAWN and is_of_late and _is_withdrawn(session, edition):
            told = {mail.recipient for mail in deliveries.deliveries_of(session, _subject(edition))}
            for mail in deliveries.deliveries_of(session, edition.edition_id):
                if mail.state.may_be_there and mail.recipient not in told:
                    yield edition, mail.recipient


def _is_withdrawn(session: Session, edition: EditionRecord) -> bool:
    """Whether an account has withdrawn it, and nobody has altered that since."""
    act = accounts.last_act(session, edition.edition_id, Deed.WITHDRAW)
    return act is not None and is_proven(session, edition, act, edition.withdrawn_by, edition.document_sha256)


def _subject(edition: EditionRecord) -> str:
    return f"withdrawn-{edition.edition_id}"


def _letter(run: Run, edition: EditionRecord) -> Letter:
    from reports.mail.answer import bodies
    from reports.pdf.issue import cited

    document = cited(edition.doc_number, edition.doc_date, edition.edition_id, run.reference.sender)
    on = (edition.withdrawn_at or run.now()).astimezone(VIETNAM).date()
    mark = "[SỐ LIỆU GIẢ ĐỊNH] " if edition.is_sample else ""
    lines = [
        f"{document} về công tác kết nghĩa {Period.parse(edition.period).label()} đã được rút {wording.long_day(on)}.",
        f"Lý do: {edition.void_reason}",
        "Đề nghị không sử dụng và không chuyển tiếp văn bản ấy, kể cả bảng số liệu kèm theo.",
        "Nếu có văn bản thay thế, văn bản ấy được gửi bằng thư riêng và ghi rõ thay thế văn bản nào.",
    ]
    return Letter(f"{mark}[Kết nghĩa] Rút {document}", *bodies(lines, run.reference))
