"""Is the ledger what was written, and does every kept file still have the bytes it was kept with?"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from reports.companions.edition_data import JSON_NAME
from services.run import Run
from services.tables import faults_of_kept_tables
from storage import archive, arrivals, chain, editions
from storage.database import Session
from storage.edition_files import html_path, pdf_path, tables_path

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
    "edition-manifest": "bản kê những gì đã dùng để lập bản",
    "edition-signature": "chữ ký số của bản",
    "account": "tài khoản",
    "act": "việc một tài khoản đã làm với bản",
    "run": "lần lập báo cáo",
    "explanation": "giải trình",
    "delivery": "thư gửi trước khi có hộp thư đi",
    "mail": "thư",
    "attempt": "lần gửi thư",
    "tables": "các bảng mà sổ đang theo",
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
        faults = [f"{_KINDS.get(kind, kind)} {key}: {_BROKEN[what]}" for kind, key, what in chain.broken_links(session)]
        if noted_head is not None and not chain.has_link(session, noted_head.replace(" ", "").lower()):
            faults.append(f"dấu sổ {noted_head} không còn trong chuỗi: phần cuối của sổ đã bị cắt hoặc lập lại")
        files = 0
        for file_fault in file_faults(run, session):
            files += 1
            if file_fault:
                faults.append(file_fault)
    return LedgerCheck(links, head, files, faults)


def file_faults(run: Run, session: Session) -> Iterator[str]:
    """One entry per file that the ledger names, and per file of the archive; empty where it is sound."""
    yield from _archive_faults(run, session)
    yield from _edition_faults(run, session)
    yield from _table_faults(run, session)


def _archive_faults(run: Run, session: Session) -> Iterator[str]:
    """One entry per file, empty where it is sound."""
    expected = arrivals.arrived_files(session)
    expected |= dict.fromkeys(chain.keys_of(session, chain.FILE), "kèm theo (thư, bảng lịch sử)")
    kept = archive.kept_files(run.settings.archive)
    for digest, name in sorted(expected.items()):
        if digest not in kept:
            yield f"tệp {name} ({digest[:12]}…) không còn trong kho {run.settings.archive}"
        elif sha256(kept[digest].read_bytes()).hexdigest() != digest:
            yield f"tệp {name} ({digest[:12]}…) trong kho đã bị sửa: {kept[digest]}"
        else:
            yield ""
    for digest in sorted(kept.keys() - expected.keys()):
        yield (
            f"tệp {digest[:12]}… có trong kho mà không có trong sổ: {kept[digest]}; nếu lần nhận vừa bị ngắt thì chạy "
            "lại “ketnghia collect”"
        )


def _edition_faults(run: Run, session: Session) -> Iterator[str]:
    for edition in editions.all_editions(session):
        path = pdf_path(run.settings.editions, edition.sha256)
        wanted = [(path, edition.sha256)]
        if edition.data_sha256:
            wanted.append((path.with_suffix("") / JSON_NAME, edition.data_sha256))
        if edition.html_sha256:
            wanted.append((html_path(run.settings.editions, edition.sha256), edition.html_sha256))
        wanted += [(pdf_path(run.settings.editions, digest), digest) for digest in edition.all_sha256[1:]]
        for pdf, tables in (
            (edition.sha256, edition.tables_sha256),
            (edition.issued_sha256, edition.issued_tables_sha256),
        ):
            if pdf and tables:
                wanted.append((tables_path(run.settings.editions, pdf), tables))
        for place, digest in wanted:
            if not place.is_file():
                yield f"bản {edition.edition_id}: thiếu tệp {place}; lập lại bằng “ketnghia report {edition.period}”"
            elif sha256(place.read_bytes()).hexdigest() != digest:
                yield f"bản {edition.edition_id}: tệp {place} đã bị sửa"
            else:
                yield ""


def _table_faults(run: Run, session: Session) -> Iterator[str]:
    """The tables that editions were made with; those of before there were manifests kept none."""
    made_with: dict[str, list[str]] = {}
    for edition in editions.all_editions(session):
        if edition.manifest:
            made_with.setdefault(edition.reference_version, []).append(edition.edition_id)
    for version, made in made_with.items():
        for fault in faults_of_kept_tables(run.settings.kept_tables, version):
            yield (
                fault
                and f"bản {', '.join(made)}: {fault}; lấy lại từ bản sao lưu, nếu không thì không lập lại đúng được"
            )
