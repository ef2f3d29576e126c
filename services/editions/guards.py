"""What must be true of an edition before anybody answers for it, signs it or mails it."""

from domain.accounts import Account, Act, Deed
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState, release_command
from domain.errors import NotReleasable
from domain.findings import Verdict
from domain.period import Period
from services.editions.ways import mended_by, way_on
from services.run import Run
from storage import accounts, chain, soundness, submissions
from storage.arrivals import first_arrival, unjudged
from storage.database import Session
from storage.edition_files import pdf_path, tables_path


def printed_bytes(run: Run, edition: EditionRecord) -> bytes:
    """The exact bytes that were printed.

    Raises:
        NotReleasable: if the file is gone or is no longer those bytes.
    """
    content = run.kept.read(pdf_path(run.settings.editions, edition.document_sha256), edition.document_sha256)
    if content is None:
        raise NotReleasable(f"Tệp PDF của bản {edition.edition_id} đã mất hoặc bị sửa; {mended_by(edition)}.")
    return content


def tables_of(run: Run, edition: EditionRecord) -> bytes | None:
    """The workbook as issued, before that as made; nothing for an edition of before its hash was kept.

    Raises:
        NotReleasable: if the file is gone or is no longer those bytes.
    """
    pdf, digest = edition.tables
    if not digest:
        return None
    path = tables_path(run.settings.editions, pdf)
    content = run.kept.read(path, digest)
    if content is None:
        raise NotReleasable(
            f"Bảng số liệu của bản {edition.edition_id} đã mất hoặc bị sửa ({path}); {mended_by(edition)}."
        )
    return content


def refuse_unread(run: Run, session: Session, edition: EditionRecord) -> None:
    """Stop a report while a file waits that came since its month began and could not be read: it may be a unit's report.

    Raises:
        NotReleasable: with the files and what to do.
    """
    first_day = run.reference.calendar.window(Period.parse(edition.period).months()[0]).first_day
    waiting = [each for each in unjudged(session) if each.arrived_on >= first_day]
    if waiting:
        files = ", ".join(each.label for each in waiting[:_NAMED])
        raise NotReleasable(
            f"Có {len(waiting)} tệp đã nhận mà chưa đọc được, có thể là báo cáo của kỳ này: {files}. Chạy “ketnghia collect”; "
            f"vẫn chưa đọc được thì đề nghị đơn vị gửi lại đúng tệp ấy, rồi lập lại báo cáo."
        )


def refuse_set_aside(session: Session, edition: EditionRecord) -> None:
    """Stop a report that says of a unit that it did not report, when it was our program that could not judge its file.

    Raises:
        NotReleasable: with the files and what to do.
    """
    months = [str(month) for month in Period.parse(edition.period).months()]
    counted = {
        (each.period, each.unit_code): each.revision or 1 for each in submissions.counting_submissions(session, months)
    }
    found = [
        each
        for each in submissions.all_submissions(session, months)
        if each.verdict is Verdict.SET_ASIDE and (each.revision or 1) > counted.get((each.period, each.unit_code), 0)
    ]
    if found:
        numbers = [first_arrival(session, each.sha256) for each in found]
        files = ", ".join(each.label for each in numbers if each is not None)
        raise NotReleasable(
            f"Chưa kiểm tra được tệp của đơn vị vì lỗi của chương trình: {files}. Sửa chương trình, chạy “ketnghia rejudge "
            f"SỐ” cho từng tệp, hoặc đề nghị đơn vị nộp lại với lần nộp kế tiếp, rồi lập lại báo cáo."
        )


def refuse_unnumbered(edition: EditionRecord) -> None:
    """Stop a document that an earlier program released with blanks for its number or day.

    Raises:
        NotReleasable: with what to do.
    """
    if edition.doc_number is None or edition.doc_date is None:
        raise NotReleasable(
            f"Bản {edition.edition_id} đã duyệt khi chưa có số, ngày văn bản; {way_on(edition)}, có số, ngày."
        )


_LINKS_OF_EDITION = (
    "edition", "edition-state", "edition-approval", "edition-papers", "edition-tables", "edition-claims",
    "edition-manifest", "edition-signature",
)  # fmt: skip


def is_whole(session: Session, edition: EditionRecord) -> bool:
    """Whether every row of the edition is what the chain knows."""
    return all(soundness.fits(session, kind, edition.edition_id) for kind in _LINKS_OF_EDITION)


def is_proven(session: Session, edition: EditionRecord, act: Act, by: str | None, sha256: str | None) -> bool:
    """Whether an act is that of the named person with these bytes, whose role it was that day, and nothing was altered since."""
    may = act.account.may(act.deed.role, act.at.astimezone(VIETNAM).date())
    is_his = act.account.is_person(by) and act.document_sha256 == sha256
    return may and is_his and accounts.is_as_written(session, act) and is_whole(session, edition)


def refuse_unproven(session: Session, edition: EditionRecord) -> None:
    """Stop an edition that says it was released, where no account did that, or the ledger was altered since.

    Raises:
        NotReleasable: with what to do.
    """
    act = accounts.last_act(session, edition.edition_id, Deed.RELEASE)
    if act is None:
        raise NotReleasable(
            f"Bản {edition.edition_id} ghi là {edition.state.label}, nhưng sổ không có tài khoản nào đã duyệt. Người duyệt chạy "
            f"lại “{release_command(edition.edition_id, edition.doc_number, edition.doc_date)}” bằng tài khoản của mình; nếu "
            "không ai duyệt thì sổ đã bị sửa, xem “ketnghia verify --ledger”."
        )
    taken_back = accounts.last_act(session, edition.edition_id, Deed.WITHDRAW)
    stands = taken_back is None or taken_back.act_id < act.act_id
    if not (stands and is_proven(session, edition, act, edition.released_by, edition.issued_sha256)):
        raise NotReleasable(
            f"Bản {edition.edition_id} trong sổ không còn như lúc {act.account.person} duyệt; không ký, không gửi. "
            "Xem “ketnghia verify --ledger”."
        )


def refuse_altered(session: Session, edition: EditionRecord) -> None:
    """Stop an edition whose rows are not what the chain knows: a link over them would make the alteration look whole.

    Raises:
        NotReleasable: with what to do.
    """
    if not is_whole(session, edition):
        raise NotReleasable(
            f"Bản {edition.edition_id} trong sổ đã bị sửa ngoài chương trình; không soát, duyệt, rút được. Xem “ketnghia verify "
            "--ledger”."
        )
    if not soundness.nothing_gone(session, "edition", "act"):
        raise NotReleasable(
            f"Sổ đã bị xóa mất bản hoặc việc soát, duyệt từng ghi, nên không soát, duyệt, rút được bản {edition.edition_id}: "
            "không chắc ai đang giữ bản nào. Xem “ketnghia verify --ledger” và phục hồi sổ từ bản sao lưu."
        )


_OF_SUBMISSIONS = ("submission", "submission-arrival", "submission-carried", chain.WAIVERS)
_WHAT_COUNTS = ("rejudgement", "parking", "period-lock", "unlock", "explanation")


def refuse_altered_knowledge(session: Session, run: Run, edition: EditionRecord) -> None:
    """Stop a report that may have been made of rows that somebody altered, put into the ledger or took out of it.

    Raises:
        NotReleasable: names the reports of units, and what to do.
    """
    months = run.reference.months_covered(Period.parse(edition.period))
    counted = submissions.counting_submissions(session, months)
    ids = [each.submission_id for each in counted]
    altered = {key for kind in _OF_SUBMISSIONS for key in soundness.unfit(session, kind, ids)}
    told = [f"{each.unit_code} kỳ {each.period}" for each in counted if str(each.submission_id) in altered]
    if not soundness.nothing_gone(session, "submission"):
        told.append("báo cáo đã bị xóa")
    if not all(soundness.is_sound(session, kind) for kind in _WHAT_COUNTS):
        told.append("khóa kỳ, mở khóa, giải trình hoặc việc chọn bài nộp")
    if told:
        more = ", …" if len(told) > _NAMED else ""
        raise NotReleasable(
            f"Sổ đã bị sửa ngoài chương trình ở những gì bản {edition.edition_id} tính: {'; '.join(told[:_NAMED])}{more}. Xem "
            "“ketnghia verify --ledger”, phục hồi sổ từ bản sao lưu rồi lập lại báo cáo."
        )


_NAMED = 5
"""So many are told by name."""


def refuse_unchecked(session: Session, edition: EditionRecord, releaser: Account) -> None:
    """Stop an edition that no other account has checked, as these bytes.

    Raises:
        NotReleasable: with what to do.
    """
    act = accounts.last_act(session, edition.edition_id, Deed.CHECK)
    if edition.state is not EditionState.CHECKED or act is None:
        raise NotReleasable(
            f"Bản {edition.edition_id} chưa có người soát; chạy “ketnghia check-edition {edition.edition_id}” trước."
        )
    if not is_proven(session, edition, act, edition.checked_by, edition.sha256):
        raise NotReleasable(f"Việc soát bản {edition.edition_id} trong sổ đã bị sửa; xem “ketnghia verify --ledger”.")
    if act.account.name == releaser.name or releaser.is_person(edition.checked_by):
        raise NotReleasable(f"{releaser.person} đã soát bản {edition.edition_id}; người duyệt phải là người khác.")


def refuse_fallen(edition: EditionRecord) -> None:
    """Stop an edition that was voided, withdrawn, or replaced by one that was sent.

    Raises:
        NotReleasable: with the reason.
    """
    if edition.state is EditionState.SUPERSEDED:
        raise NotReleasable(f"Bản {edition.edition_id} {edition.state.label}; {way_on(edition)}.")
    if edition.state in (EditionState.VOID, EditionState.WITHDRAWN):
        raise NotReleasable(
            f"Bản {edition.edition_id} {edition.state.label} ({edition.void_reason}); {way_on(edition)}."
        )
