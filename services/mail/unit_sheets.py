"""Mails each unit its sheet, with the figures of a released edition; once, to its registered mailbox."""

from collections.abc import Mapping, Sequence
from datetime import date

from delivery.message import Attachment, Letter, refuse_stranger
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import BadRecipient, NotReleasable
from domain.period import Period
from domain.reference import Reference
from services.editions.guards import refuse_fallen, refuse_unproven
from services.editions.unit_sheets import PrintedSheet
from services.editions.version import as_made
from services.log import warn
from services.mail.outbox import Delivered, Outgoing, deliver_once, outbox, own_trouble
from services.mail.send import still_stands
from services.run import Run
from services.steps import apart
from storage import deliveries, editions


def find_unit_mailboxes(run: Run, edition_id: str) -> tuple[EditionRecord, dict[str, str]]:
    """A released edition, and the mailbox of each unit of its period that has one today and may be written to.

    Raises:
        NotReleasable: if nobody released the edition.
    """
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
    refuse_fallen(edition)
    if edition.state in (EditionState.DRAFT, EditionState.CHECKED):
        raise NotReleasable(f"Bản {edition_id} chưa được duyệt; phiếu đơn vị chỉ gửi theo số liệu của bản đã duyệt.")
    with run.ledger.read() as session:
        refuse_unproven(session, edition)
    return edition, _mailboxes(run, edition)


def deliver_unit_sheets(
    run: Run, edition: EditionRecord, mailboxes: Mapping[str, str], sheets: Sequence[PrintedSheet]
) -> list[Delivered]:
    """Mail each sheet that has not gone; doing it again sends nothing. A unit without a sheet is told, and stops no other."""
    outcome, made = [], as_made(run, edition)
    for code in mailboxes.keys() - {sheet.unit_code for sheet in sheets}:
        outcome.append(own_trouble(f"unit-{edition.edition_id}-{code}", mailboxes[code], "chưa in được phiếu"))
    # A report that was withdrawn meanwhile stops the sheets with its figures, too.
    check = still_stands(edition.edition_id)
    with outbox(run):
        for sheet in sheets:
            address, subject = mailboxes[sheet.unit_code], f"unit-{edition.edition_id}-{sheet.unit_code}"
            with run.ledger.read() as session:
                before = deliveries.find_delivery(session, subject, address)
            if before is not None and not before.state.is_open:
                outcome.append(Delivered(address, before.state, False, before.answer))
                continue
            letter = None
            with apart("sheet-not-sent", f"{sheet.unit_code}: chưa soạn được thư gửi phiếu", unit=sheet.unit_code):
                letter = _letter(made.reference, edition, sheet, sheet.path.read_bytes())
            if letter is None:
                outcome.append(Delivered(address, DeliveryState.DEFERRED, False, "chưa soạn được thư"))
            else:
                outcome.append(deliver_once(run, Outgoing(subject, address, letter), check))
    return outcome


def _mailboxes(run: Run, edition: EditionRecord) -> dict[str, str]:
    """The mailbox of each unit of the period that has one today and may be written to."""
    today = run.today()
    expected = {unit.code for unit in as_made(run, edition).reference.expected_units(Period.parse(edition.period))}
    found: dict[str, str] = {}
    for row in run.reference.unit_mailboxes:
        if row.unit_code in expected and row.valid_from <= today <= (row.valid_to or date.max):
            try:
                refuse_stranger(row.email, run.settings.allowed_domains)
            except BadRecipient as reason:
                warn("recipient-refused", str(reason), recipient=row.email, unit=row.unit_code)
            else:
                found.setdefault(row.unit_code, row.email)
    return dict(sorted(found.items()))


def _letter(reference: Reference, edition: EditionRecord, sheet: PrintedSheet, content: bytes) -> Letter:
    from reports.mail.answer import bodies
    from reports.pdf.issue import cited

    period = Period.parse(edition.period)
    unit = reference.reporting_unit(sheet.unit_code, period)
    document = cited(edition.doc_number, edition.doc_date, edition.edition_id, reference.sender)
    lines = [
        f"Kính gửi {unit.name} phiếu kết quả công tác kết nghĩa {period.label()} (tệp PDF đính kèm).",
        f"Số liệu đúng như trong {document} gửi {reference.sender.addressee}.",
        "Số nào chưa đúng, đề nghị đơn vị gửi lại cả tệp với lần nộp kế tiếp.",
    ]
    mark = "[SỐ LIỆU GIẢ ĐỊNH] " if edition.is_sample else ""
    subject = f"{mark}[Kết nghĩa] Phiếu kết quả {period.label()} của {unit.name}"
    attachment = Attachment(f"phieu-{edition.period}-{sheet.unit_code}.pdf", "application/pdf", content)
    if edition.is_sample:
        lines.append("SỐ LIỆU GIẢ ĐỊNH – không có giá trị pháp lý.")
    without = ["Tệp phiếu quá lớn để gửi kèm; đơn vị liên hệ người tổng hợp để nhận.", *lines[1:]]
    return Letter(subject, *bodies(lines, reference), [attachment], Letter(subject, *bodies(without, reference)))
