"""Makes again what was lost of an edition and can be derived: the bytes must have the very hashes that the ledger has."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from domain.editions import EditionRecord
from domain.errors import KetnghiaError
from domain.period import Period
from services.editions.compose import compose
from services.editions.issue import issue_of, issued_again, issued_tables
from services.editions.make import all_tables, printed_files
from services.editions.papers import Made, Paper, papers_of
from services.editions.version import as_made, unlike_when_made
from services.editions.ways import way_on
from services.figures.summary import summary_of
from services.log import note
from services.run import Run
from services.shared_store import level_home
from services.status.page import write_status_page
from storage import editions
from storage.edition_files import pdf_path, tables_path

_Files = Mapping[Path, bytes]


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of the files of one edition."""

    edition_id: str
    mended: list[Path]
    """What was missing or altered, and is there again."""
    faults: list[str]
    """What could not be made again, why, and what to do."""


def repair(run: Run, edition_id: str | None = None) -> list[Repair]:
    """Mend one edition, or every one of which a file is missing or altered; status pages are made anew.

    Raises:
        UnknownEdition: if there is no such edition.
    """
    with run.ledger.read() as session:
        known = [editions.find_edition(session, edition_id)] if edition_id else editions.all_editions(session)
    found = [_mend(run, edition) for edition in known if edition_id or _faulty(run, edition)]
    for period in sorted({edition.period for edition in known}):
        write_status_page(run, Period.parse(period))
    return found


def exchange(run: Run) -> list[Path]:
    """Put into the store what this machine alone has, and bring from it what this machine has altered; gives all of it.

    Raises:
        StoreUnreachable: if there is one, and it does not answer.
    """
    if run.kept.open_store is None:
        return []
    return level_home(run.settings, run.ledger, run.kept, is_thorough=True)


def _faulty(run: Run, edition: EditionRecord) -> list[Paper]:
    return [paper for paper in papers_of(run, edition) if paper.fault]


def _mend(run: Run, edition: EditionRecord) -> Repair:
    """A draft first, because what is issued is made of it."""
    before, reasons = _faulty(run, edition), dict[Made, str]()
    for paper in before:
        run.kept.level(paper.place, paper.sha256)
    for made, again in ((Made.DRAFTED, _drafted), (Made.ISSUED, _issued)):
        if any(paper.made is made for paper in _faulty(run, edition)):
            try:
                _write_what_fits(run, edition, again(as_made(run, edition), edition))
            except KetnghiaError as reason:
                reasons[made] = str(reason).rstrip(".")
    left = _faulty(run, edition)
    faults = [_fault(run, edition, paper, reasons.get(paper.made, "")) for paper in left]
    if left:
        faults.append(f"Lấy lại các tệp ấy của bản {edition.edition_id} từ bản sao lưu; không có thì {way_on(edition)}")
    mended = [paper.place for paper in before if not paper.fault]
    note("edition-repaired", edition=edition.edition_id, mended=len(mended), left=len(left))
    return Repair(edition.edition_id, mended, faults)


def _drafted(made: Run, edition: EditionRecord) -> _Files:
    """The draft and everything beside it, from the rows as they were known."""
    summary = summary_of(made, Period.parse(edition.period), edition.as_of, edition)
    composed = compose(made, summary)
    pdf = pdf_path(made.settings.editions, edition.sha256)
    return printed_files(pdf, summary, composed, made.settings.fonts) | {
        tables_path(made.settings.editions, edition.sha256): all_tables(summary, composed)
    }


def _issued(made: Run, edition: EditionRecord) -> _Files:
    """The document and its workbook, from the draft."""
    issued = edition.issued_sha256 or ""
    files = {pdf_path(made.settings.editions, issued): issued_again(made, edition)}
    if edition.issued_tables_sha256:
        with made.ledger.read() as session:
            issue = issue_of(session, edition, made.reference.sender)
        read = replace(edition, issued_sha256=None, issued_tables_sha256=None)
        files[tables_path(made.settings.editions, issued)] = issued_tables(made, made.reference, read, issue)
    return files


def _write_what_fits(run: Run, edition: EditionRecord, files: _Files) -> None:
    """Write what has the hash it must have; what the ledger has no hash of, with the draft that it was made with."""
    wanted = {paper.place: paper.sha256 for paper in papers_of(run, edition)}
    fitting = {place for place, content in files.items() if sha256(content).hexdigest() == wanted.get(place)}
    is_same = pdf_path(run.settings.editions, edition.sha256) in fitting
    for place, content in files.items():
        if place in fitting or (place not in wanted and is_same):
            run.kept.keep(place, content)


def _fault(run: Run, edition: EditionRecord, paper: Paper, reason: str) -> str:
    if paper.made is Made.SIGNED:
        why = "chữ ký số không lập lại được nếu không có khóa; bản chưa gửi thì ký lại bằng “ketnghia sign”"
    elif reason:
        why = reason
    else:
        others = ", ".join(unlike_when_made(as_made(run, edition), edition))
        why = "lập lại từ sổ không ra đúng các byte đã ghi" + (
            f" vì {others} đã khác khi lập bản này" if others else ""
        )
    return f"bản {edition.edition_id}: tệp {paper.place} {paper.fault}; {why}"
