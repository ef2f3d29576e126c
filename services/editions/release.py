"""A person answers for exact bytes: checks, releases or withdraws an edition, in the ledger, bound to its hash."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from domain import wording
from domain.accounts import Account, Deed, RoleName
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState, Issue, ReleaseOrder, release_command
from domain.errors import NotReleasable
from domain.letterhead import Sender
from domain.period import Period
from domain.slips import probably_meant, refuse_slip
from reports.pdf.issue import cited, document_number
from services.editions.guards import (
    printed_bytes,
    refuse_altered,
    refuse_altered_knowledge,
    refuse_fallen,
    refuse_set_aside,
    refuse_unchecked,
    refuse_unread,
    tables_of,
)
from services.editions.issue import issued_pdf, issued_tables
from services.editions.outdated import void_outdated
from services.editions.version import as_made
from services.editions.ways import replaceable, replaced_by_next, way_on
from services.log import note
from services.run import Run
from services.status.page import write_status_page
from storage import accounts, editions
from storage.database import Session
from storage.edition_files import pdf_path, tables_path
from storage.identity import ledger_id

_AHEAD = timedelta(days=15)
"""A document may be prepared for the day after the longest holiday; a later day is a slip of the pen."""
_WAITS_AT_MOST = timedelta(days=60)
"""A report that lies ready is not kept for longer."""


def check_edition(run: Run, edition_id: str, by: Account) -> EditionRecord:
    """Note that somebody has read a draft and found it right.

    Raises:
        NotReleasable: if it is no draft any more, or the person may not check it.
    """

    def apply(session: Session, edition: EditionRecord) -> None:
        _refuse_state(edition, "soát", EditionState.DRAFT)
        printed_bytes(run, edition)
        _refuse_person(run, edition, by, RoleName.CHECKER, "soát")
        editions.set_checked(session, edition_id, by.person, run.now())

    return _changed(run, edition_id, by, Deed.CHECK, apply)


def release(run: Run, edition_id: str, by: Account, order: ReleaseOrder) -> EditionRecord:
    """Issue an edition in a person's name, who answers for its exact bytes; only then may it be sent.

    What is issued is the page of the draft with number and day in its blanks and without the mark of a draft, and its
    workbook, which names that document; figures and data are those that were read.

    Raises:
        NotReleasable: if the edition is void, no longer what the ledger knows or the printed bytes; if the person may not
            release it; if number or day is missing, or the day cannot be right; if it was released by somebody else, or
            with another number or day; if another edition of the period was sent and it is not said that this one
            replaces it.
    """
    void_outdated(run, edition_id)
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
        refuse_fallen(edition)
        reference = as_made(run, edition).reference
        sender = reference.sender
        order = replace(order, doc_number=document_number(order.doc_number, sender))
        if edition.state in (EditionState.RELEASED, EditionState.SENT):
            _refuse_another_order(edition, by, order)
            return _proven_anew(run, edition, by)
        _refuse_release(session, run, edition, by, order, sender)
        # Seconds of looking, for which no writer should wait: what is written meanwhile voids the edition.
        refuse_altered_knowledge(session, run, edition)
        figures, named = editions.figures_of(session, edition_id), ledger_id(session)
        before = editions.find_edition(session, order.replaces) if order.replaces else None
    replaced = cited(before.doc_number, before.doc_date, before.edition_id, sender) if before else ""
    issue = Issue(order.doc_number, order.doc_date, replaced)
    tables = issued_tables(run, reference, edition, issue)
    issued = issued_pdf(run, sender, edition, figures, issue, named)
    digest = sha256(issued).hexdigest()
    run.kept.keep(tables_path(run.settings.editions, digest), tables)
    run.kept.keep(pdf_path(run.settings.editions, digest), issued)

    def apply(session: Session, edition: EditionRecord) -> None:
        _refuse_release(session, run, edition, by, order, sender)
        editions.set_released(session, edition_id, by.person, order, run.now(), digest, sha256(tables).hexdigest())

    return _changed(run, edition_id, by, Deed.RELEASE, apply)


def _proven_anew(run: Run, edition: EditionRecord, by: Account) -> EditionRecord:
    """An edition that was released before there were accounts: whose name it bears may now show that it was he."""
    with run.ledger.write() as session:
        if accounts.last_act(session, edition.edition_id, Deed.RELEASE) is None:
            _refuse_person(run, edition, by, RoleName.RELEASER, "duyệt")
            issued = edition.issued_sha256 or edition.sha256
            accounts.note_act(session, by, Deed.RELEASE, edition.edition_id, issued, run.now())
    return edition


def _refuse_another_order(edition: EditionRecord, by: Account, order: ReleaseOrder) -> None:
    """Doing the same release again is no fault, but what was released does not change name, number or day."""
    is_other = not by.is_person(edition.released_by) or any(
        getattr(order, name) not in (None, getattr(edition, name))
        for name in ("doc_number", "doc_date", "not_before", "replaces")
    )
    if is_other:
        number = f" với số {edition.doc_number}" if edition.doc_number else ""
        raise NotReleasable(
            f"Bản {edition.edition_id} {edition.state.label}, do {edition.released_by} duyệt{number}; "
            f"không duyệt lại với tên, số hoặc ngày khác. Ghi nhầm thì {way_on(edition)}."
        )


def _refuse_release(
    session: Session, run: Run, edition: EditionRecord, by: Account, order: ReleaseOrder, sender: Sender
) -> None:
    """Everything that keeps an edition from being released as ordered; looked at before and while it is done."""
    _refuse_state(edition, "duyệt", EditionState.DRAFT, EditionState.CHECKED)
    refuse_unread(run, session, edition)
    refuse_set_aside(session, edition)
    _refuse_person(run, edition, by, RoleName.RELEASER, "duyệt")
    if run.settings.two_persons:
        refuse_unchecked(session, edition, by)
    _refuse_blanks(run, edition, order)
    printed_bytes(run, edition)
    tables_of(run, edition)
    _refuse_silent_replacement(session, edition, order.replaces)
    _refuse_number_given_before(session, sender, edition, order)


def _refuse_blanks(run: Run, edition: EditionRecord, order: ReleaseOrder) -> None:
    """No official document has a blank for its number, or bears a day on which its data were not yet known."""
    number, day, today = order.doc_number, order.doc_date, run.today()
    if number is None or day is None:
        lacking = " và ".join(name for name, given in (("số", number), ("ngày", day)) if given is None)
        raise NotReleasable(
            f"Chưa ghi {lacking} văn bản của bản {edition.edition_id}; không phát hành văn bản để trống số, ngày. "
            f"Xem sổ văn bản rồi chạy: {_command(edition, order)}"
        )
    cut = edition.as_of.astimezone(VIETNAM).date()
    if day < cut:
        meant = probably_meant(day, cut, today + _AHEAD, today) or max(cut, today)
        raise NotReleasable(
            f"Ngày văn bản {wording.short_day(day)} sớm hơn ngày chốt số liệu {wording.short_day(cut)} của bản "
            f"{edition.edition_id}; ghi ngày văn bản từ {wording.short_day(cut)} trở đi: "
            f"{_command(edition, replace(order, doc_date=meant))}"
        )
    if day > today + _AHEAD:
        meant = probably_meant(day, cut, today + _AHEAD, today) or today
        raise NotReleasable(
            f"Ngày văn bản {wording.short_day(day)} muộn hơn hôm nay quá {_AHEAD.days} ngày; xem lại, có lẽ là: "
            f"{_command(edition, replace(order, doc_date=meant))}"
        )
    if order.not_before is not None:
        refuse_slip("--not-before", order.not_before, cut, today + _WAITS_AT_MOST, today)


def _command(edition: EditionRecord, order: ReleaseOrder) -> str:
    """The command that was given, with what it lacks."""
    number = shlex.quote(order.doc_number) if order.doc_number else None
    return release_command(
        edition.edition_id, number, order.doc_date, not_before=order.not_before, replaces=order.replaces
    )


def withdraw(run: Run, edition_id: str, by: Account, reason: str) -> EditionRecord:
    """Take an edition back, before or after it was sent; nothing more of it is sent.

    Raises:
        NotReleasable: if it is a draft, void, withdrawn or superseded already, or no reason is given.
    """

    def apply(session: Session, edition: EditionRecord) -> None:
        if not reason.strip():
            raise NotReleasable("Phải ghi lý do rút: --reason “…”.")
        if edition.state is EditionState.DRAFT:
            raise NotReleasable(
                f"Bản {edition_id} {edition.state.label}, không rút được: chưa ai duyệt thì không gửi đi đâu. Muốn bản khác thì "
                f"{way_on(edition)}."
            )
        _refuse_person(run, edition, by, RoleName.RELEASER, "rút")
        editions.set_withdrawn(session, edition_id, by.person, run.now(), reason.strip())

    return _changed(run, edition_id, by, Deed.WITHDRAW, apply)


def _changed(
    run: Run, edition_id: str, by: Account, deed: Deed, apply: Callable[[Session, EditionRecord], None]
) -> EditionRecord:
    void_outdated(run, edition_id)
    with run.ledger.write() as session:
        edition = editions.find_edition(session, edition_id, is_held=True)
        refuse_fallen(edition)
        refuse_altered(session, edition)
        apply(session, edition)
        changed = editions.find_edition(session, edition_id)
        accounts.note_act(session, by, deed, edition_id, changed.document_sha256, run.now())
    note("edition-changed", edition=edition_id, period=changed.period, state=changed.state, by=by.name)
    write_status_page(run, Period.parse(changed.period))
    return changed


def _refuse_state(edition: EditionRecord, verb: str, *allowed: EditionState) -> None:
    if edition.state not in allowed:
        raise NotReleasable(
            f"Bản {edition.edition_id} {edition.state.label}, không {verb} được nữa; việc tiếp theo xem ở "
            f"“ketnghia status {edition.period}”."
        )


def _refuse_person(run: Run, edition: EditionRecord, by: Account, role: RoleName, verb: str) -> None:
    if by.is_person(edition.prepared_by):
        raise NotReleasable(f"{by.person} đã lập bản {edition.edition_id}; người {verb} phải là người khác.")
    if not by.may(role, run.today()):
        raise NotReleasable(
            f"Hôm nay {by.person} không mang vai {role.label} để {verb} báo cáo; người giữ máy giao vai: "
            f"ketnghia account role {by.name} {role}"
        )


def _refuse_silent_replacement(session: Session, edition: EditionRecord, replaces: str | None) -> None:
    """What was sent before, withdrawn or not, is replaced in so many words, or not at all."""
    if replaces is None:
        before = replaced_by_next(session, edition.period)
        if before is not None:
            raise NotReleasable(
                f"Kỳ {edition.period} đã gửi bản {before.edition_id}; nếu bản {edition.edition_id} thay thế bản đó thì ghi "
                f"--replaces {before.edition_id}."
            )
    elif replaces not in replaceable(session, edition.period):
        raise NotReleasable(f"Bản {replaces} không phải bản đã gửi của kỳ {edition.period}; không thay thế được.")


def _refuse_number_given_before(session: Session, sender: Sender, edition: EditionRecord, order: ReleaseOrder) -> None:
    """A number is given once: in the State's offices in a year, in the Party's in a term.

    What was withdrawn or voided stands no longer: a number that was typed by mistake is free for what it belongs to.
    """
    number, day = order.doc_number, order.doc_date
    fallen = (EditionState.WITHDRAWN, EditionState.VOID)
    standing = [each for each in editions.all_editions(session) if each.state not in fallen]
    for other in standing if number else ():
        is_same_series = sender.skin == "party" or (other.doc_date and day and other.doc_date.year == day.year)
        if other.edition_id != edition.edition_id and other.doc_number == number and is_same_series:
            raise NotReleasable(f"Số {number} đã cấp cho bản {other.edition_id}; xem lại sổ văn bản.")
