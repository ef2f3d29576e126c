"""Is a PDF what the program printed? Its page, its data, the ledger, and the edition made once more are compared."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from domain import wording
from domain.editions import EditionRecord
from domain.errors import KetnghiaError, NotReleasable, UnreadableFile, needing_extra
from domain.figures import OFFICE, Figure
from domain.period import Period
from reports.companions.edition_data import CSV_NAME, DICTIONARY_NAME, FORMAT, JSON_NAME, exact
from reports.pdf.inspect import Inspected, numbers_in, open_pdf
from reports.pdf.issue import issued_numbers, ledger_named_in
from services.editions.compose import compose
from services.editions.issue import issued_again
from services.editions.version import as_made, unlike_when_made
from services.figures.summary import summary_of
from services.queries.recount.check import recounted
from services.run import Run
from services.tables import kept_tables
from storage import editions
from storage.identity import ledger_id

_LISTED = 10
"""How many differing figures are listed."""


@dataclass(slots=True)
class EditionCheck:
    """What was compared, and every fault found."""

    sound: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_decided: bool = True
    """Whether the ledger was there to compare with; a page that agrees with its own attachments may be anybody's."""

    def add(self, faults: Sequence[str], sound: str) -> None:
        """Note a comparison: its faults, or that it found none."""
        self.faults += faults
        if not faults:
            self.sound.append(sound)


def verify_edition(run: Run, path: Path) -> EditionCheck:
    """Compare the PDF's text, its attachments, the ledger, and the edition made once more.

    Raises:
        UnreadableFile: if the file is no PDF that could be read.
    """
    if path.is_dir():
        raise UnreadableFile(f"{path} là thư mục; cần một tệp PDF.")
    if not path.is_file():
        raise UnreadableFile(f"Không có tệp {path}.")
    try:
        content = path.read_bytes()
        found = open_pdf(content)
    except Exception as error:
        # pypdf raises many kinds of errors on broken files; whichever it is, the file cannot be verified.
        raise UnreadableFile(f"Không đọc được {path} như một tệp PDF ({type(error).__name__}).") from error
    check = EditionCheck()
    data = _data(found, check)
    if data is not None:
        check.add(_text_faults(found, data), "mọi số trên trang có trong tệp số liệu, và ngược lại")
        check.add(_table_faults(found, data), f"{CSV_NAME} khớp {JSON_NAME}")
    _check_signatures(content, check)
    if not run.has_ledger:
        check.is_decided = False
        check.notes.append("không có sổ ở máy này: chỉ so trang in với tệp số liệu đính kèm")
        return check
    if _is_of_another_ledger(run, content, check):
        return check
    edition = _edition(run, sha256(content).hexdigest(), found, data, check)
    if edition is not None:
        if data is not None:
            _compare_with_ledger(run, edition, data, check)
        if _has_its_tables(run, edition, check):
            _rebuild(run, edition, check)
            _recount(run, edition, check)
    return check


def _is_of_another_ledger(run: Run, content: bytes, check: EditionCheck) -> bool:
    """Whether the document names a ledger that is not ours: then ours says nothing of it, neither good nor bad."""
    named = ledger_named_in(content)
    with run.ledger.read() as session:
        own = ledger_id(session)
        known = any(sha256(content).hexdigest() in each.all_sha256 for each in editions.all_editions(session))
    if not named or named == own or known:
        return False
    check.faults.append(
        f"tệp này phát hành từ sổ khác (mã {named[:12]}…; sổ ở máy này mã {own[:12]}…): kiểm tra ở máy có sổ ấy"
    )
    return True


def _check_signatures(content: bytes, check: EditionCheck) -> None:
    """Whether what was signed is what is there; a PDF without a signature is none the worse."""
    if b"/ByteRange" not in content:
        return
    from reports.pdf.signature import signatures_of

    with needing_extra("Kiểm tra chữ ký số", "sign"):
        found = list(signatures_of(content))
    for signature in found:
        stamped = f", dấu thời gian {wording.moment(signature.stamped_at)}" if signature.stamped_at else ""
        check.add(
            [] if signature.is_intact else [f"chữ ký số của {signature.signer} không khớp nội dung tệp"],
            f"chữ ký số của {signature.signer} còn nguyên vẹn{stamped}",
        )
        check.notes.append(
            "chứng thư số chưa được đối chiếu với tổ chức chứng thực; kiểm tra bằng phần mềm của tổ chức ấy"
        )


def _data(found: Inspected, check: EditionCheck) -> dict[str, Any] | None:
    """The attached data, if it is ours and the last page bears its hash."""
    missing = [name for name in (JSON_NAME, CSV_NAME, DICTIONARY_NAME) if name not in found.attachments]
    if missing:
        check.faults.append(f"PDF thiếu tệp đính kèm {', '.join(missing)}")
        return None
    raw = found.attachments[JSON_NAME]
    digest = sha256(raw).hexdigest()
    printed = "".join(found.text.split())
    check.add(
        []
        if digest in printed
        else [f"mã kiểm tra in ở trang cuối không phải của {JSON_NAME} đính kèm ({digest[:16]}…)"],
        f"mã kiểm tra ở trang cuối đúng với {JSON_NAME}",
    )
    try:
        data: dict[str, Any] = json.loads(raw)
    except ValueError:
        check.faults.append(f"{JSON_NAME} không phải JSON")
        return None
    if data.get("format") != FORMAT:
        check.faults.append(f"{JSON_NAME} không phải dạng {FORMAT}")
        return None
    return data


def _text_faults(found: Inspected, data: Mapping[str, Any]) -> list[str]:
    on_page = numbers_in(found.text)
    texts = {figure["id"]: figure["text"] for figure in data["figures"]}
    absent = [
        f"số {text} ({figure_id}) không có trên trang"
        for figure_id, text in texts.items()
        if not numbers_in(text) <= on_page
    ]
    placed = {group for text in texts.values() for group in numbers_in(text)}
    placed |= {str(number) for number in range(1, max(found.pages, data["numbered_up_to"]) + 1)}
    # The hash itself stands on the page in groups; it was compared as a whole.
    placed |= numbers_in(" ".join(_groups(sha256(found.attachments[JSON_NAME]).hexdigest())))
    stray = sorted(on_page - placed - issued_numbers(found.text))
    return [
        *_some(absent),
        *([f"trang có số không có trong tệp số liệu: {', '.join(stray[:_LISTED])}"] if stray else []),
    ]


def _groups(digest: str) -> list[str]:
    return [digest[start : start + 8] for start in range(0, len(digest), 8)]


def _table_faults(found: Inspected, data: Mapping[str, Any]) -> list[str]:
    text = found.attachments[CSV_NAME].decode("utf-8-sig")
    rows = {row["Mã"]: row for row in csv.DictReader(io.StringIO(text))}
    faults = [
        f"{CSV_NAME} ghi {figure['id']} khác {JSON_NAME}"
        for figure in data["figures"]
        if (rows.get(figure["id"], {}).get("In là"), rows.get(figure["id"], {}).get("Giá trị"))
        != (figure["text"], figure.get("value", ""))
    ]
    if len(rows) != len(data["figures"]):
        faults.append(f"{CSV_NAME} có {len(rows)} số, {JSON_NAME} có {len(data['figures'])}")
    return _some(faults)


def _edition(
    run: Run, digest: str, found: Inspected, data: Mapping[str, Any] | None, check: EditionCheck
) -> EditionRecord | None:
    """The edition that the file is, or claims to be."""
    with run.ledger.read() as session:
        known = editions.all_editions(session)
    same = [edition for edition in known if digest in edition.all_sha256]
    if same:
        check.sound.append(f"đúng từng byte với bản {same[-1].edition_id} trong sổ ({same[-1].state.label})")
        return same[-1]
    printed = "".join(found.text.split())
    attached = sha256(found.attachments.get(JSON_NAME, b"")).hexdigest()
    claimed = [
        edition
        for edition in known
        if edition.data_sha256 and (edition.data_sha256 in printed or edition.data_sha256 == attached)
    ] or [edition for edition in known if data is not None and edition.period == data.get("period")]
    if not claimed:
        check.faults.append("tệp không phải bản nào trong sổ")
        return None
    check.faults.append(
        f"tệp không đúng từng byte với bản nào trong sổ; gần nhất là bản {claimed[-1].edition_id}: tệp đã bị sửa sau khi in"
    )
    return claimed[-1]


def _compare_with_ledger(run: Run, edition: EditionRecord, data: Mapping[str, Any], check: EditionCheck) -> None:
    attached = {figure["id"]: (figure["text"], figure.get("value")) for figure in data["figures"]}
    ours = _kept(run, edition)
    check.add(
        _differences(ours, attached, f"sổ ghi ở bản {edition.edition_id}", "tệp đính kèm ghi"),
        f"mọi số đính kèm khớp sổ (bản {edition.edition_id}, {len(ours)} số)",
    )


def _has_its_tables(run: Run, edition: EditionRecord, check: EditionCheck) -> bool:
    """Whether the edition's own tables are there: by others nothing that comes out says anything of it."""
    version = edition.reference_version
    is_current, was_kept = run.tables.version == version, bool(edition.manifest)
    if is_current or not was_kept or kept_tables(run.kept, run.settings.kept_tables, version) is not None:
        return True
    check.faults.append(
        f"các bảng mà bản {edition.edition_id} được lập theo không còn nguyên trong {run.settings.kept_tables}, nên không lập "
        "lại, không đếm lại được; lấy lại từ bản sao lưu rồi kiểm tra lại"
    )
    return False


def _rebuild(run: Run, edition: EditionRecord, check: EditionCheck) -> None:
    """Make the edition again from the ledger as it was known, and compare bytes, or else figures."""
    try:
        made = as_made(run, edition)
        summary = summary_of(made, Period.parse(edition.period), edition.as_of, edition)
        composed = compose(made, summary)
    except KetnghiaError as error:
        check.faults.append(f"không lập lại được bản {edition.edition_id}: {error}")
        return
    if made.tables.version != edition.reference_version:
        check.notes.append(
            "các bảng của khi ấy không còn hoặc không dùng được nữa; bản được lập lại theo các bảng hôm nay"
        )
    elif made.tables.version != run.tables.version:
        check.notes.append("các bảng trong reference/ đã đổi từ khi lập bản này; bản được lập lại theo các bảng đã giữ")
    if sha256(composed.pdf).hexdigest() == edition.sha256:
        check.sound.append(f"lập lại bản {edition.edition_id} từ sổ ra đúng từng byte")
        _issue_again(made, edition, check)
        return
    others = unlike_when_made(made, edition)
    again, kept = _comparable(composed.figures), _kept(run, edition)
    if others:
        # Another program may print another choice of tables: what the edition printed is looked for in all of them.
        again = {key: value for key, value in _comparable(composed.all_figures).items() if key in kept}
    faults = _differences(kept, again, f"bản {edition.edition_id} ghi", "lập lại từ sổ được")
    if others:
        check.notes.append(f"{', '.join(others)} đã khác khi lập bản này: so từng số thay vì từng byte")
        check.add(faults, f"lập lại từ sổ ra đúng mọi số ({len(again)} số)")
    else:
        check.faults += faults or [f"lập lại bản {edition.edition_id} từ sổ không ra đúng các byte cũ"]


def _recount(run: Run, edition: EditionRecord, check: EditionCheck) -> None:
    """Count again what the edition's sentences say, from the archived cells; editions of before said no such thing."""
    try:
        found = recounted(as_made(run, edition), edition)
    except NotReleasable:
        # That the manifest was altered is told where the edition is made again.
        return
    if found.claims:
        check.add(
            _some([str(each) for each in found.disagreements]),
            f"{found.claims} nhận định đếm lại từ các ô đã lưu: khớp",
        )


def _issue_again(run: Run, edition: EditionRecord, check: EditionCheck) -> None:
    """Fill in the blanks of the draft once more: the same document must come out that was released."""
    if edition.issued_sha256 is None:
        return
    try:
        pdf = issued_again(run, edition)
    except KetnghiaError as error:
        check.faults.append(f"không phát hành lại được bản {edition.edition_id}: {error}")
        return
    is_same = sha256(pdf).hexdigest() == edition.issued_sha256
    check.add(
        [] if is_same else [f"phát hành lại bản {edition.edition_id} không ra đúng các byte cũ"],
        f"phát hành lại bản {edition.edition_id} ra đúng từng byte",
    )


def _kept(run: Run, edition: EditionRecord) -> dict[str, tuple[str, str | None]]:
    """What the ledger says the edition prints."""
    with run.ledger.read() as session:
        return _comparable(editions.figures_of(session, edition.edition_id))


def _comparable(figures: Sequence[Figure]) -> dict[str, tuple[str, str | None]]:
    """What is compared of the figures; numbers of rows and pages, and the mark of the data, say nothing by themselves."""
    return {
        figure.figure_id: (figure.text, exact(figure.value))
        for figure in figures
        if figure.kind not in ("numbering", "fingerprint", OFFICE)
    }


def _differences(
    one: Mapping[str, tuple[str, str | None]], other: Mapping[str, tuple[str, str | None]], first: str, second: str
) -> list[str]:
    faults = [
        f"{figure_id}: {first} {one.get(figure_id, ('không có',))[0]}, {second} {other.get(figure_id, ('không có',))[0]}"
        for figure_id in dict.fromkeys([*one, *other])
        if one.get(figure_id) != other.get(figure_id)
    ]
    return _some(faults)


def _some(faults: Sequence[str]) -> list[str]:
    more = len(faults) - _LISTED
    return [*faults[:_LISTED], f"và {more} chỗ khác"] if more > 0 else list(faults)
