"""The commands by which a report leaves: check, release, preview, send, withdraw, the outbox and who gets what.

Heavy libraries are imported inside the commands that need them.
"""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, EditionArgument, app
from cli.terminal import complain, progress, say
from domain.errors import KetnghiaError

By = Annotated[str, typer.Option(help="Họ và tên người thực hiện.")]

PANEL = "Duyệt và gửi"


@app.command("check-edition", rich_help_panel=PANEL)
def check_edition(edition: EditionArgument, by: By) -> None:
    """Ghi nhận một người đã soát bản dự thảo."""
    from services.editions.release import check_edition as check
    from services.settings import load_settings

    record = check(load_settings(), edition, by)
    say(f"Bản {record.edition_id} {record.state.words} bởi {record.checked_by}.")


@app.command(rich_help_panel=PANEL)
def release(
    edition: EditionArgument,
    by: By,
    number: Annotated[Optional[str], typer.Option(metavar="SỐ", help="Số văn bản.")] = None,
    dated: Annotated[Optional[str], typer.Option("--date", metavar="NGÀY", help="Ngày văn bản, 2024-02-20.")] = None,
    not_before: Annotated[
        Optional[str], typer.Option("--not-before", metavar="NGÀY", help="Không gửi trước ngày này.")
    ] = None,
    replaces: Annotated[
        Optional[str], typer.Option(metavar="BẢN", help="Bản đã gửi của cùng kỳ mà bản này thay thế.")
    ] = None,
) -> None:
    """Duyệt đúng các byte của một bản; sau đó mới gửi được."""
    from services.editions.files import edition_path
    from services.editions.release import release as release_edition
    from services.settings import load_settings

    settings = load_settings()
    record = release_edition(settings, edition, by, number, _day(dated), _day(not_before), replaces)
    say(
        f"Bản {record.edition_id} {record.state.words} bởi {record.released_by}. Gửi: ketnghia send {record.edition_id}"
    )
    say(f"Văn bản phát hành: {edition_path(settings, record.document_sha256)}")
    say(f"SHA-256 {record.document_sha256}")


@app.command(rich_help_panel=PANEL)
def sign(
    edition: EditionArgument,
    pkcs12: Annotated[Optional[Path], typer.Option(metavar="TỆP", help="Tệp khóa .p12, .pfx.")] = None,
    pkcs11: Annotated[
        Optional[Path], typer.Option(metavar="THƯ_VIỆN", help="Thư viện PKCS#11 của thiết bị ký.")
    ] = None,
    token: Annotated[str, typer.Option(help="Nhãn của thiết bị ký.")] = "",
    label: Annotated[str, typer.Option(help="Nhãn của chứng thư trong thiết bị.")] = "",
) -> None:
    """Ký số bản đã duyệt (PAdES, có dấu thời gian); bản chưa ký được giữ nguyên, thư gửi kèm bản đã ký."""
    from reports.pdf.signature import KeyInFile, KeyOnToken
    from services.editions.files import edition_path
    from services.editions.sign import sign_edition
    from services.settings import load_settings

    settings = load_settings()
    if (pkcs12 is None) == (pkcs11 is None):
        raise KetnghiaError("Ghi một trong hai: --pkcs12 TỆP, hoặc --pkcs11 THƯ_VIỆN --token NHÃN --label NHÃN.")
    # Never an argument: the list of processes would show it to everybody.
    secret = settings.signing_password.get_secret_value() or typer.prompt("Mật khẩu khóa (PIN)", hide_input=True)
    if pkcs12 is not None:
        record = sign_edition(settings, edition, KeyInFile(pkcs12, secret))
    else:
        assert pkcs11 is not None, "one of the two is named"
        record = sign_edition(settings, edition, KeyOnToken(pkcs11, token, label, secret))
    say(f"Bản {record.edition_id} đã ký số bởi {record.signed_by}. Gửi: ketnghia send {record.edition_id}")
    say(f"Văn bản đã ký: {edition_path(settings, record.document_sha256)}")
    say(f"SHA-256 {record.document_sha256}")


@app.command(rich_help_panel=PANEL)
def withdraw(edition: EditionArgument, by: By, reason: Annotated[str, typer.Option(help="Lý do rút.")]) -> None:
    """Rút một bản đã duyệt hoặc đã gửi; không gửi thêm thư nào của bản này."""
    from services.editions.release import withdraw as withdraw_edition
    from services.settings import load_settings

    record = withdraw_edition(load_settings(), edition, by, reason)
    say(f"Bản {record.edition_id} {record.state.words} bởi {record.withdrawn_by}: {record.void_reason}")


@app.command(rich_help_panel=PANEL)
def preview(
    edition: EditionArgument,
    out: Annotated[Optional[Path], typer.Option(help="Tệp .eml (mặc định: data/preview/BẢN.eml).")] = None,
) -> None:
    """Đúng những gì sẽ gửi và gửi cho ai, không gửi; thư được ghi thành tệp .eml."""
    from services.mail.send import preview as preview_mail
    from services.settings import load_settings
    from storage.archive import write_durably

    settings = load_settings()
    found = preview_mail(settings, edition)
    if not found.is_issued:
        say("Bản chưa duyệt: tệp PDF còn là dự thảo; khi duyệt sẽ có số, ngày và bỏ chữ “DỰ THẢO”.")
    for recipient in found.recipients:
        say(f"{recipient.role:<4}{recipient.email}  {recipient.name}")
    first = out or settings.home / "preview" / f"{edition}.eml"
    for number, (language, content) in enumerate(found.mails.items()):
        place = first if number == 0 else first.with_suffix(f".{language}.eml")
        write_durably(place, content)
        say(f"Thư ({language}, bản của người nhận đầu tiên): {place}")


@app.command(rich_help_panel=PANEL)
def send(edition: EditionArgument) -> None:
    """Gửi một bản đã duyệt, mỗi người nhận đúng một thư; gửi lại lần nữa không gửi gì thêm."""
    from domain.deliveries import DeliveryState
    from services.mail.send import send_report
    from services.settings import load_settings

    settings = load_settings()
    if not settings.smtp_host:
        complain(f"Chưa cài máy chủ thư (KETNGHIA_SMTP_HOST): thư được ghi thành tệp .eml trong {settings.mail_sink}.")
    with progress() as tell:
        outcome = send_report(settings, edition, tell=tell)
    for delivered in outcome:
        when = "" if delivered.is_new else " (từ trước)"
        say(f"{delivered.recipient}: {delivered.state.words}{when}. {delivered.answer}")
    if any(delivered.state is not DeliveryState.SENT for delivered in outcome):
        raise typer.Exit(1)


@app.command("send-units", rich_help_panel=PANEL)
def send_units(
    edition: EditionArgument,
    jobs: Annotated[int, typer.Option(min=1, help="Số tiến trình in phiếu.")] = 1,
) -> None:
    """Gửi mỗi đơn vị phiếu kết quả của mình, theo số liệu của một bản đã duyệt; mỗi đơn vị một thư."""
    from services.editions.unit_sheets import send_unit_sheets, unsent
    from services.settings import load_settings

    with progress() as tell:
        outcome = send_unit_sheets(load_settings(), edition, jobs, tell)
    for delivered in outcome:
        when = "" if delivered.is_new else " (từ trước)"
        say(f"{delivered.recipient}: {delivered.state.words}{when}. {delivered.answer}")
    say(f"{len(outcome)} đơn vị có hộp thư trong unit_mailboxes.csv.")
    if unsent(outcome):
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
def outbox(
    resolve: Annotated[
        Optional[str], typer.Option(metavar="MESSAGE-ID", help="Thư không chắc đã tới: ghi nhận kết quả.")
    ] = None,
    arrived: Annotated[
        Optional[bool], typer.Option("--arrived/--lost", help="Người nhận đã có thư, hay chưa (sẽ gửi lại).")
    ] = None,
    by: Annotated[str, typer.Option(help="Họ và tên người xác nhận.")] = "",
    bounced: Annotated[
        Optional[Path], typer.Option(metavar="THƯ.eml", help="Thư báo không tới được: ghép với thư đã gửi.")
    ] = None,
) -> None:
    """Thử lại các thư đến giờ thử lại; hoặc ghi nhận một thư không chắc đã tới, một thư bị trả lại."""
    from services.mail.bounces import note_bounce
    from services.mail.retry import flush_outbox, resolve_uncertain
    from services.settings import load_settings

    settings = load_settings()
    if resolve is not None:
        if arrived is None:
            raise KetnghiaError("Ghi --arrived (người nhận đã có thư) hoặc --lost (chưa có, gửi lại).")
        mail = resolve_uncertain(settings, resolve, arrived, by)
        say(f"{mail.recipient}: {mail.state.words}.")
        return
    if bounced is not None:
        mail = note_bounce(settings, bounced.read_bytes())
        say(f"{mail.recipient}: {mail.state.words}. {mail.answer}")
        return
    with progress() as tell:
        tried = flush_outbox(settings, tell)
    for delivered in tried:
        say(f"{delivered.recipient}: {delivered.state.words}. {delivered.answer}")
    say(f"Đã thử {len(tried)} thư.")


@app.command(rich_help_panel=PANEL)
def watch(
    on: Annotated[
        Optional[str], typer.Option("--on", metavar="NGÀY", help="Như vào ngày này (mặc định: hôm nay).")
    ] = None,
) -> None:
    """Canh hạn gửi: trước hạn một ngày làm việc mà báo cáo chưa gửi thì báo người vận hành. Mã thoát 1 khi báo động."""
    from services.mail.deadline import watch as look
    from services.settings import load_settings

    alarm = look(load_settings(), _day(on))
    if alarm is None:
        say("Không có báo cáo nào sắp trễ hạn gửi.")
        return
    for line in alarm.lines:
        say(line)
    say(f"Đã báo {', '.join(alarm.told)}." if alarm.told else "Không gửi thư báo động nào mới.")
    raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
def recipients(
    on: Annotated[Optional[str], typer.Option("--on", metavar="NGÀY", help="Vào ngày này (mặc định: hôm nay).")] = None,
    as_json: AsJson = False,
) -> None:
    """Ai nhận báo cáo vào một ngày."""
    from dataclasses import asdict

    from domain.calendar import VIETNAM
    from domain.period import PeriodKind
    from services.registers import load_registers
    from services.settings import load_settings, now

    found = load_registers(load_settings()).recipients_on(_day(on) or now().astimezone(VIETNAM).date())
    if as_json:
        rows = [asdict(each) | {"kinds": sorted(kind.value for kind in each.kinds)} for each in found]
        say(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    for each in found:
        until = f" đến {each.valid_to:%d/%m/%Y}" if each.valid_to else ""
        who = f"{each.position}, {each.name}" if each.position else each.name
        what = "mọi báo cáo" if each.kinds == frozenset(PeriodKind) else ", ".join(sorted(k.words for k in each.kinds))
        say(f"{each.role:<4}{each.email:<44}{who}: {what}, thư {each.language} (từ {each.valid_from:%d/%m/%Y}{until})")
    say(f"{len(found)} người nhận.")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise KetnghiaError(f"“{text}” không phải ngày; viết như 2024-02-20.") from error
