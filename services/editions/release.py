"""A person answers for exact bytes: checks, releases or withdraws an edition, in the ledger, bound to its hash."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256

from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState, Issue
from domain.errors import NotReleasable
from domain.period import Period
from domain.reference import Reference, RoleName, Sender
from domain.text import fold
from reports.pdf.issue import cited, document_number
from services.editions.files import edition_path
from services.editions.issue import issued_pdf
from services.editions.outdated import void_outdated
from services.registers import load_registers
from services.settings import Settings, now
from services.status.page import write_status_page
from storage import editions
from storage.archive import write_durably
from storage.database import Session, open_database


def check_edition(settings: Settings, edition_id: str, by: str) -> EditionRecord:
    """Note that somebody has read a draft and found it right.

    Raises:
        NotReleasable: if it is no draft any more, or the person may not check it.
    """

    def apply(session: Session, reference: Reference, edition: EditionRecord) -> None:
        _refuse_state(edition, "soát", EditionState.DRAFT)
        refuse_unprinted(settings, edition)
        _refuse_person(reference, edition, by, RoleName.CHECKER, "soát")
        editions.set_checked(session, edition_id, by.strip(), now())

    return _changed(settings, edition_id, by, apply)


def release(
    settings: Settings,
    edition_id: str,
    by: str,
    doc_number: str | None = None,
    doc_date: date | None = None,
    not_before: date | None = None,
    replaces: str | None = None,
) -> EditionRecord:
    """Issue an edition in a person's name, who answers for its exact bytes; only then may it be sent.

    What is issued is the page of the draft with number and day in its blanks and without the mark of a draft; its figures
    and data are those that were read.

    Args:
        settings: whether two persons are needed.
        edition_id: the edition.
        by: who releases it.
        doc_number: the number the registry gave.
        doc_date: the day the document bears.
        not_before: the first day on which it may be sent.
        replaces: the edition of the same period, sent before, that it takes the place of.

    Raises:
        NotReleasable: if the edition is void, sent, no longer what the ledger knows or the printed bytes; if the person
            may not release it; if another edition of the period was sent and it is not said that this one replaces it.
    """

    def judge(session: Session, reference: Reference, edition: EditionRecord) -> None:
        _refuse_state(edition, "duyệt", EditionState.DRAFT, EditionState.CHECKED)
        if settings.two_persons and edition.state is not EditionState.CHECKED:
            raise NotReleasable(
                f"Bản {edition_id} chưa có người soát; chạy “ketnghia check-edition {edition_id} --by TÊN” trước."
            )
        _refuse_person(reference, edition, by, RoleName.RELEASER, "duyệt")
        if settings.two_persons and fold(edition.checked_by or "") == fold(by):
            raise NotReleasable(f"{by.strip()} đã soát bản {edition_id}; người duyệt phải là người khác.")
        refuse_unprinted(settings, edition)
        _refuse_silent_replacement(session, edition, replaces)
        _refuse_number_given_before(session, reference.sender, edition, number, doc_date)

    _refuse_nobody(by)
    reference = load_registers(settings)
    number = document_number(doc_number, reference.sender)
    with open_database(settings.ledger_url) as database:
        void_outdated(settings, database, reference, edition_id)
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            refuse_void(edition)
            if edition.state in (EditionState.RELEASED, EditionState.SENT):
                return edition
            judge(session, reference, edition)
            figures = editions.figures_of(session, edition_id)
            before = editions.find_edition(session, replaces) if replaces else None
    sender = reference.sender
    replaced = cited(before.doc_number, before.doc_date, before.edition_id, sender) if before else ""
    issued = issued_pdf(settings, sender, edition, figures, Issue(number, doc_date, replaced))
    digest = sha256(issued).hexdigest()
    write_durably(edition_path(settings, digest), issued)

    def apply(session: Session, reference: Reference, edition: EditionRecord) -> None:
        judge(session, reference, edition)
        editions.set_released(
            session, edition_id, by.strip(), now(), number, doc_date, not_before, replaces, issued_sha256=digest
        )

    return _changed(settings, edition_id, by, apply)


def withdraw(settings: Settings, edition_id: str, by: str, reason: str) -> EditionRecord:
    """Take an edition back, before or after it was sent; nothing more of it is sent.

    Raises:
        NotReleasable: if it is void, withdrawn or superseded already, or no reason is given.
    """

    def apply(session: Session, reference: Reference, edition: EditionRecord) -> None:
        if not reason.strip():
            raise NotReleasable("Phải ghi lý do rút: --reason “…”.")
        _refuse_state(edition, "rút", EditionState.RELEASED, EditionState.SENT)
        _refuse_person(reference, edition, by, RoleName.RELEASER, "rút")
        editions.set_withdrawn(session, edition_id, by.strip(), now(), reason.strip())

    return _changed(settings, edition_id, by, apply)


def refuse_unprinted(settings: Settings, edition: EditionRecord) -> bytes:
    """The exact bytes that were printed.

    Raises:
        NotReleasable: if the file is gone or is no longer those bytes.
    """
    path = edition_path(settings, edition.document_sha256)
    content = path.read_bytes() if path.is_file() else b""
    if sha256(content).hexdigest() != edition.document_sha256:
        raise NotReleasable(
            f"Tệp PDF của bản {edition.edition_id} đã mất hoặc bị sửa; lập lại bằng “ketnghia report {edition.period}”."
        )
    return content


def refuse_void(edition: EditionRecord) -> None:
    """Stop an edition that was voided or withdrawn.

    Raises:
        NotReleasable: with the reason.
    """
    if edition.state in (EditionState.VOID, EditionState.WITHDRAWN):
        raise NotReleasable(
            f"Bản {edition.edition_id} {edition.state.words} ({edition.void_reason}); "
            f"lập lại bằng “ketnghia report {edition.period}”."
        )


def _changed(
    settings: Settings, edition_id: str, by: str, apply: Callable[[Session, Reference, EditionRecord], None]
) -> EditionRecord:
    _refuse_nobody(by)
    reference = load_registers(settings)
    with open_database(settings.ledger_url) as database:
        void_outdated(settings, database, reference, edition_id)
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id, is_held=True)
            refuse_void(edition)
            apply(session, reference, edition)
            changed = editions.find_edition(session, edition_id)
    write_status_page(settings, Period.parse(changed.period))
    return changed


def _refuse_nobody(by: str) -> None:
    if not by.strip():
        raise NotReleasable("Phải ghi tên người thực hiện: --by “Họ và tên”.")


def _refuse_state(edition: EditionRecord, verb: str, *allowed: EditionState) -> None:
    if edition.state not in allowed:
        raise NotReleasable(f"Bản {edition.edition_id} {edition.state.words}, không {verb} được nữa.")


def _refuse_person(reference: Reference, edition: EditionRecord, by: str, role: RoleName, verb: str) -> None:
    if edition.prepared_by and fold(edition.prepared_by) == fold(by):
        raise NotReleasable(f"{by.strip()} đã lập bản {edition.edition_id}; người {verb} phải là người khác.")
    if not reference.may(by, role, now().astimezone(VIETNAM).date()):
        raise NotReleasable(f"{by.strip()} không có tên trong reference/roles.csv để {verb} báo cáo hôm nay.")


def _refuse_silent_replacement(session: Session, edition: EditionRecord, replaces: str | None) -> None:
    """What was sent before is replaced in so many words, or not at all."""
    same = editions.editions_of(session, edition.period)
    sent = [each for each in same if each.state is EditionState.SENT]
    if replaces is None and sent:
        raise NotReleasable(
            f"Kỳ {edition.period} đã gửi bản {sent[-1].edition_id}; nếu bản {edition.edition_id} thay thế bản đó thì ghi "
            f"--replaces {sent[-1].edition_id}."
        )
    gone = {each.edition_id for each in same if each.state in (EditionState.SENT, EditionState.WITHDRAWN)}
    if replaces is not None and replaces not in gone:
        raise NotReleasable(f"Bản {replaces} không phải bản đã gửi của kỳ {edition.period}; không thay thế được.")


def _refuse_number_given_before(
    session: Session, sender: Sender, edition: EditionRecord, number: str | None, day: date | None
) -> None:
    """A number is given once: in the State's offices in a year, in the Party's in a term."""
    for other in editions.all_editions(session) if number else ():
        is_same_series = sender.skin == "party" or (other.doc_date and day and other.doc_date.year == day.year)
        if other.edition_id != edition.edition_id and other.doc_number == number and is_same_series:
            raise NotReleasable(f"Số {number} đã cấp cho bản {other.edition_id}; xem lại sổ văn bản.")
