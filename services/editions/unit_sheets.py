"""The sheets of single units: printed in several processes, and mailed once a report of the period was released."""

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from cli.terminal import complain
from delivery.message import Attachment, Letter, refuse_stranger
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import BadRecipient, NotReleasable
from domain.figures import Figure
from domain.period import Period
from domain.reference import Reference
from domain.summary import Summary
from services.editions.release import refuse_void
from services.figures.summary import summaries_of_units
from services.mail.outbox import Delivered, deliver_once, outbox
from services.registers import load_registers
from services.settings import Settings, now
from services.steps import Tell, silently
from storage import deliveries, editions
from storage.archive import write_durably
from storage.database import open_database

_BATCH = 8
"""So many sheets a process makes in one go: what is known is read once for all of them."""


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The sheet of one unit."""

    unit_code: str
    path: Path
    pages: int


def unit_sheets(
    settings: Settings,
    period: Period,
    unit_codes: Sequence[str] = (),
    as_of: datetime | None = None,
    jobs: int = 1,
    tell: Tell = silently,
) -> list[PrintedSheet]:
    """Print the sheets of these units (default: all that owe a report), in the order of their codes.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        UnknownUnit: if one of them owes no report of the period.
        BadDocument: if a page is not what it should be.
    """
    codes = list(unit_codes) or [unit.code for unit in load_registers(settings).expected_units(period)]
    batches = [codes[start : start + _BATCH] for start in range(0, len(codes), _BATCH)]
    printed: list[PrintedSheet] = []
    if jobs == 1 or len(batches) == 1:
        for batch in batches:
            printed += _print_some(settings, period, batch, as_of)
            tell("phiếu đơn vị", len(printed), len(codes))
        return printed
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(_print_some, settings, period, batch, as_of) for batch in batches]
        for each in waiting:
            printed += each.result()
            tell("phiếu đơn vị", len(printed), len(codes))
    return printed


def send_unit_sheets(settings: Settings, edition_id: str, jobs: int = 1, tell: Tell = silently) -> list[Delivered]:
    """Mail each unit its sheet, with the figures of a released edition; once, to its registered mailbox.

    Raises:
        NotReleasable: if nobody released the edition.
    """
    reference = load_registers(settings)
    with open_database(settings.ledger_url) as database, database.begin() as session:
        edition = editions.find_edition(session, edition_id)
    refuse_void(edition)
    if edition.state in (EditionState.DRAFT, EditionState.CHECKED):
        raise NotReleasable(f"Bản {edition_id} chưa được duyệt; phiếu đơn vị chỉ gửi theo số liệu của bản đã duyệt.")
    mailboxes = _mailboxes(settings, reference, edition)
    if not mailboxes:
        return []
    sheets = unit_sheets(settings, Period.parse(edition.period), list(mailboxes), edition.as_of, jobs, tell)
    outcome = []
    with open_database(settings.ledger_url) as database, outbox(settings, database):
        for sheet in sheets:
            address, about = mailboxes[sheet.unit_code], f"unit-{edition_id}-{sheet.unit_code}"
            with database.begin() as session:
                before = deliveries.find_delivery(session, about, address)
            if before is not None and not before.state.is_open:
                outcome.append(Delivered(address, before.state, False, before.answer))
                continue
            content = sheet.path.read_bytes()
            letter = _letter(reference, edition, sheet, content)
            outcome.append(deliver_once(settings, database, about, sha256(content).hexdigest(), address, letter))
    return outcome


def sheet_path(settings: Settings, period: Period, unit_code: str) -> Path:
    """Where the sheet of a unit is written."""
    return settings.home / "unit-sheets" / str(period) / f"{unit_code}.pdf"


def unsent(outcome: Sequence[Delivered]) -> bool:
    """Whether a mail has not gone."""
    return any(delivered.state is not DeliveryState.SENT for delivered in outcome)


def _print_some(
    settings: Settings, period: Period, unit_codes: Sequence[str], as_of: datetime | None
) -> list[PrintedSheet]:
    reference = load_registers(settings)
    summaries = summaries_of_units(settings, period, as_of, unit_codes)
    return [_print_one(settings, reference, code, summaries[code]) for code in unit_codes]


def sheet_html(settings: Settings, reference: Reference, summary: Summary) -> tuple[str, Sequence[Figure]]:
    """The page of one unit's sheet, and the figures on it."""
    from reports.figure_book import FigureBook, with_anchors
    from reports.pdf.house_style import style_of
    from reports.pdf.render import render_html
    from reports.pdf.skins import SKINS
    from reports.pdf.table_fit import Fit
    from reports.unit.sheet import build_unit_sheet

    book = FigureBook(summary, settings.differences)
    sheet = build_unit_sheet(summary, reference, book, settings.fonts)
    content = {name: getattr(sheet, name) for name in sheet.__slots__}
    dress = {"sender": reference.sender, "skin": SKINS[reference.sender.skin], "fits": Fit(settings.fonts)}
    return with_anchors(style_of(reference)(render_html("unit_sheet.html.j2", content | dress))), book.figures


def _print_one(settings: Settings, reference: Reference, code: str, summary: Summary) -> PrintedSheet:
    from reports.pdf.inspect import refuse_faulty
    from reports.pdf.render import render_pdf

    html, figures = sheet_html(settings, reference, summary)
    pdf = render_pdf(html, settings.fonts)
    found = refuse_faulty(pdf, figures)
    path = sheet_path(settings, summary.period, code)
    write_durably(path, pdf)
    return PrintedSheet(code, path, found.pages)


def _mailboxes(settings: Settings, reference: Reference, edition: EditionRecord) -> dict[str, str]:
    """The mailbox of each unit of the period that has one today and may be written to."""
    today = now().astimezone(VIETNAM).date()
    expected = {unit.code for unit in reference.expected_units(Period.parse(edition.period))}
    found: dict[str, str] = {}
    for row in reference.unit_mailboxes:
        if row.unit_code in expected and row.valid_from <= today <= (row.valid_to or date.max):
            try:
                refuse_stranger(row.email, settings.allowed_domains)
            except BadRecipient as reason:
                complain(f"ketnghia: {reason}")
            else:
                found.setdefault(row.unit_code, row.email)
    return dict(sorted(found.items()))


def _letter(reference: Reference, edition: EditionRecord, sheet: PrintedSheet, content: bytes) -> Letter:
    from reports.mail.answer import bodies

    period = Period.parse(edition.period)
    unit = reference.reporting_unit(sheet.unit_code, period)
    lines = [
        f"Kính gửi {unit.name} phiếu kết quả công tác kết nghĩa {period.words()} (tệp PDF đính kèm).",
        "Số liệu đúng như trong báo cáo đã duyệt gửi Ban Thường vụ Tỉnh ủy.",
        "Số nào chưa đúng, đề nghị đơn vị gửi lại cả tệp với lần nộp kế tiếp.",
    ]
    subject = f"[Kết nghĩa] Phiếu kết quả {period.words()} của {unit.name}"
    attachment = Attachment(f"phieu-{edition.period}-{sheet.unit_code}.pdf", "application/pdf", content)
    without = ["Tệp phiếu quá lớn để gửi kèm; đơn vị liên hệ người tổng hợp để nhận.", *lines[1:]]
    return Letter(subject, *bodies(lines, reference), [attachment], Letter(subject, *bodies(without, reference)))
