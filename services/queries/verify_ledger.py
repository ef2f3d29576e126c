"""Is the ledger what was written, and does every kept file still have the bytes it was kept with?"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.pdf.issue import ledger_named_in
from services.editions.papers import papers_of
from services.editions.ways import mended_by
from services.run import Run
from services.tables import faults_of_kept_tables
from storage import archive, arrivals, chain, deliveries, editions, soundness
from storage.database import Session
from storage.identity import ledger_id

_BROKEN = {
    "altered": "đã bị sửa sau khi ghi",
    "removed": "đã bị xóa",
    "added": "được thêm ngoài chương trình",
    "reordered": "bị đổi chỗ hoặc mất mắt xích trước nó",
}
_KINDS = {
    "arrival": "lần nhận tệp",
    "arrival-own-time": "ngày ghi trên tệp của lần nhận",
    "received-mail": "thư của đơn vị",
    "submission": "bài nộp",
    "submission-arrival": "lúc bài nộp đến",
    "submission-carried": "biểu mẫu, người lập, người duyệt của bài nộp",
    "rejudgement": "việc kiểm tra lại bài nộp",
    "parking": "việc ngừng tính hai tệp trùng lần nộp",
    "submission-waivers": "việc miễn quy tắc cho bài nộp",
    "lock": "khóa kỳ",
    "period-lock": "lần khóa kỳ",
    "unlock": "mở khóa bài nộp",
    "edition": "bản phát hành",
    "edition-state": "trạng thái của bản",
    "edition-approval": "việc soát, duyệt, rút bản",
    "edition-papers": "tệp in của bản",
    "edition-tables": "bảng số liệu của bản",
    "edition-claims": "nhận định của bản",
    "run-made-with": "việc lập báo cáo lần ấy dùng những gì",
    "edition-manifest": "bản kê những gì đã dùng để lập bản",
    "edition-signature": "chữ ký số của bản",
    "account": "tài khoản",
    "act": "việc một tài khoản đã làm với bản",
    "identity": "mã của sổ",
    "run": "lần lập báo cáo",
    "explanation": "giải trình",
    "delivery": "thư gửi trước khi có hộp thư đi",
    "mail": "thư",
    "attempt": "lần gửi thư",
    "tables": "các bảng mà sổ đang theo",
    "store": "kho chung của sổ",
    "file": "tệp kèm theo (thư, bảng lịch sử)",
}


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What was looked at, and every fault found."""

    links: int
    head: str
    files: int
    faults: list[str]


def verify_ledger(run: Run, noted_head: str | None = None) -> LedgerCheck:
    """Follow the chain through the whole ledger, and hash every kept file.

    `noted_head` is a mark that somebody noted down earlier; it must still stand in the chain.
    """
    with run.ledger.read() as session:
        links, head = chain.head(session)
        faults = [
            f"{_KINDS.get(kind, kind)} {key}: {_BROKEN[what]}" for kind, key, what in soundness.broken_links(session)
        ]
        faults += [
            f"thư {mail.subject} cho {mail.recipient}: ghi {mail.state.label}, không khớp lần gửi cuối cùng"
            for mail in deliveries.altered(session)
        ]
        if noted_head is not None and not chain.has_link(session, noted_head.replace(" ", "").lower()):
            faults.append(f"dấu sổ {noted_head} không còn trong chuỗi: phần cuối của sổ đã bị cắt hoặc lập lại")
        files = 0
        for file_fault in (
            *file_faults(run, session),
            *_strange_documents(run, session),
            *_strange_mails(run, session),
        ):
            files += 1
            if file_fault:
                faults.append(file_fault)
    return LedgerCheck(links, head, files, faults)


def file_faults(run: Run, session: Session) -> Iterator[str]:
    """One entry per file that the ledger names, and per file of the archive; empty where it is sound."""
    yield from _archive_faults(run, session)
    yield from _edition_faults(run, session)
    yield from table_faults(run, session)


def _archive_faults(run: Run, session: Session) -> Iterator[str]:
    """One entry per file, empty where it is sound."""
    expected = arrivals.arrived_files(session)
    expected |= dict.fromkeys(chain.keys_of(session, chain.FILE), "kèm theo (thư, bảng lịch sử)")
    kept = archive.kept_files(run.kept, run.settings.archive)
    for digest, name in sorted(expected.items()):
        place = archive.place_of(run.settings.archive, digest)
        fault = run.kept.fault(place, digest)
        advice = "; chạy “ketnghia repair” ở máy còn tệp ấy" if run.kept.open_store is not None else ""
        yield fault and f"tệp {name} ({digest[:12]}…) của kho {fault}: {place}{advice}"
    for digest in sorted(kept.keys() - expected.keys()):
        yield (
            f"tệp {digest[:12]}… có trong kho mà không có trong sổ: {kept[digest]}; nếu lần nhận vừa bị ngắt thì chạy "
            "lại “ketnghia collect”"
        )


def _edition_faults(run: Run, session: Session) -> Iterator[str]:
    for edition in editions.all_editions(session):
        for paper in papers_of(run, edition):
            yield (paper.fault and f"bản {edition.edition_id}: tệp {paper.place} {paper.fault}; {mended_by(edition)}")


def _strange_documents(run: Run, session: Session) -> Iterator[str]:
    """Documents in the folder of editions that no row names: of another ledger, or of rows that were cut off."""
    known = {digest for edition in editions.all_editions(session) for digest in edition.all_sha256}
    own = ledger_id(session)
    for place in run.kept.places(run.settings.editions):
        if place.suffix != ".pdf" or place.stem in known:
            continue
        named = ledger_named_in(run.kept.read(place) or b"")
        if named and named != own:
            yield f"{place} phát hành từ sổ khác (mã {named[:12]}…): sổ đã bị thay, hoặc tệp từ nơi khác; không dùng"
        elif named:
            yield (
                f"{place} phát hành từ sổ này mà sổ không có dòng nào về nó: lần duyệt bị ngắt (thì duyệt lại), hoặc phần cuối "
                "của sổ đã bị mất (thì khôi phục từ bản sao lưu); không gửi tệp ấy"
            )
        else:
            yield f"{place} không có trong sổ: lần lập báo cáo bị ngắt thì xóa được, nếu không thì sổ đã bị thay"


def _strange_mails(run: Run, session: Session) -> Iterator[str]:
    """Composed mails that no row names."""
    known = deliveries.composed(session)
    for place in run.kept.places(run.settings.mails):
        if place.stem not in known:
            yield f"thư {place} không có trong sổ: lần soạn thư bị ngắt thì xóa được, nếu không thì sổ đã bị thay"


def table_faults(run: Run, session: Session) -> Iterator[str]:
    """One entry per file of the tables that editions were made with; those of before there were manifests kept none."""
    made_with: dict[str, list[str]] = {}
    for edition in editions.all_editions(session):
        if edition.manifest:
            made_with.setdefault(edition.reference_version, []).append(edition.edition_id)
    for version, made in made_with.items():
        for fault in faults_of_kept_tables(run.kept, run.settings.kept_tables, version):
            yield (
                fault
                and f"bản {', '.join(made)}: {fault}; lấy lại từ bản sao lưu, nếu không thì không lập lại đúng được"
            )
