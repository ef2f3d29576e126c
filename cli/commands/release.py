"""The commands by which a report leaves: check, release, preview, send, withdraw, the outbox and who gets what.

Heavy libraries are imported inside the commands that need them.
"""

from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import (
    AsJson,
    EditionArgument,
    acting,
    app,
    beside_the_answer,
    opened,
    parse_day,
    parse_looked_at,
    read_named,
    stepping,
)
from cli.terminal import complain, progress, say, say_json
from domain.errors import Ending, KetnghiaError

PANEL = "Duyệt và gửi"


@app.command("check-edition", rich_help_panel=PANEL)
def check_edition(edition: EditionArgument) -> None:
    """Ghi nhận người có tài khoản này đã soát bản dự thảo."""
    from services.editions.release import check_edition as check

    with opened(on_ledger=True) as run:
        record = check(run, edition, acting(run))
    say(f"Bản {record.edition_id} {record.state.label} bởi {record.checked_by}.")


@app.command(rich_help_panel=PANEL)
def release(
    edition: EditionArgument,
    number: Annotated[Optional[str], typer.Option(metavar="SỐ", help="Số văn bản theo sổ; bắt buộc.")] = None,
    dated: Annotated[
        Optional[str], typer.Option("--date", metavar="NGÀY", help="Ngày văn bản, 2024-02-22; bắt buộc.")
    ] = None,
    not_before: Annotated[
        Optional[str], typer.Option("--not-before", metavar="NGÀY", help="Không gửi trước ngày này.")
    ] = None,
    replaces: Annotated[
        Optional[str], typer.Option(metavar="BẢN", help="Bản đã gửi của cùng kỳ mà bản này thay thế.")
    ] = None,
) -> None:
    """Duyệt một bản bằng tài khoản của mình và phát hành văn bản với số, ngày của sổ; sau đó mới gửi được."""
    from domain.editions import EditionState, ReleaseOrder
    from services.editions.release import release as release_edition
    from storage.edition_files import pdf_path, tables_path

    order = ReleaseOrder(number, parse_day(dated), parse_day(not_before), replaces)
    with opened(on_ledger=True) as run:
        record = release_edition(run, edition, acting(run), order)
    if record.state is EditionState.SENT:
        say(f"Bản {record.edition_id} đã gửi từ trước, do {record.released_by} duyệt; không có gì thay đổi.")
    else:
        say(f"Bản {record.edition_id} đã duyệt bởi {record.released_by}. Gửi: ketnghia send {record.edition_id}")
    say(f"Văn bản phát hành: {pdf_path(run.settings.editions, record.document_sha256)}")
    say(f"SHA-256 {record.document_sha256}")
    say(f"Bảng số liệu kèm theo: {tables_path(run.settings.editions, record.tables[0])}")


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
    from services.editions.sign import sign_edition
    from storage.edition_files import pdf_path

    if (pkcs12 is None) == (pkcs11 is None):
        raise KetnghiaError("Ghi một trong hai: --pkcs12 TỆP, hoặc --pkcs11 THƯ_VIỆN --token NHÃN --label NHÃN.")
    with opened(on_ledger=True) as run:

        def secret() -> str:
            """Never an argument: the list of processes would show it to everybody."""
            kept = run.settings.signing_password.get_secret_value()
            return kept or str(typer.prompt("Mật khẩu khóa (PIN)", hide_input=True))

        key = KeyInFile(pkcs12, secret) if pkcs12 else KeyOnToken(pkcs11 or Path(), token, label, secret)
        record = sign_edition(run, edition, key)
    say(f"Bản {record.edition_id} đã ký số bởi {record.signed_by}. Gửi: ketnghia send {record.edition_id}")
    say(f"Văn bản đã ký: {pdf_path(run.settings.editions, record.document_sha256)}")
    say(f"SHA-256 {record.document_sha256}")


@app.command(rich_help_panel=PANEL)
def withdraw(edition: EditionArgument, reason: Annotated[str, typer.Option(help="Lý do rút.")]) -> None:
    """Rút một bản đã soát, đã duyệt hoặc đã gửi; không gửi thêm thư nào của bản này, ai đã nhận thì được báo."""
    from services.editions.release import withdraw as withdraw_edition
    from services.editions.ways import replaced_by_next, to_release
    from services.mail.withdrawals import send_withdrawals

    with opened(on_ledger=True) as run:
        record = withdraw_edition(run, edition, acting(run), reason)
        say(f"Bản {record.edition_id} {record.state.label} bởi {record.withdrawn_by}: {record.void_reason}")
        for told in send_withdrawals(run):
            say(f"Báo đã rút cho {told.recipient}: {told.label}. {told.answer}")
        with run.ledger.read() as session:
            before, command = replaced_by_next(session, record.period), to_release(session, record.period, "BẢN_MỚI")
    say(f"Lập lại: ketnghia report {record.period}")
    if before is not None:
        say(f"Duyệt bản mới, thay bản {before.edition_id} đã gửi: {command}")


@app.command(rich_help_panel=PANEL)
def repair(
    edition: Annotated[
        Optional[str], typer.Argument(metavar="BẢN", help="Mã bản phát hành (mặc định: mọi bản thiếu tệp).")
    ] = None,
) -> None:
    """Làm lại tệp đã mất hoặc bị sửa của bản phát hành, đúng từng byte theo sổ. Mã thoát 1 khi còn tệp chưa làm lại được."""
    from services.editions.repair import exchange
    from services.editions.repair import repair as repair_editions

    with opened(on_ledger=True) as run:
        exchanged = [] if edition else exchange(run)
        found = repair_editions(run, edition)
    if exchanged:
        say(f"Đã trao đổi {len(exchanged)} tệp với kho chung.")
    for each in found:
        for place in each.mended:
            say(f"Đã làm lại {place}")
        for line in each.faults:
            say(f"{line}.")
    if any(each.faults for each in found):
        raise typer.Exit(Ending.NO)
    if not exchanged and not any(each.mended for each in found):
        say("Mọi tệp của các bản đều còn nguyên; tệp đã nhận: ketnghia verify --ledger")


@app.command(rich_help_panel=PANEL)
def preview(
    edition: EditionArgument,
    out: Annotated[Optional[Path], typer.Option(help="Tệp .eml (mặc định: data/preview/BẢN.eml).")] = None,
) -> None:
    """Đúng những gì sẽ gửi và gửi cho ai, không gửi; thư được ghi thành tệp .eml."""
    from services.mail.send import preview as preview_mail
    from storage.durable import write_durably

    with opened(on_ledger=True) as run:
        found = preview_mail(run, edition)
    if not found.is_issued:
        say("Bản chưa duyệt: tệp PDF còn là dự thảo; khi duyệt sẽ có số, ngày và bỏ chữ “DỰ THẢO”.")
    for recipient in found.recipients:
        say(f"{recipient.role:<4}{recipient.email}  {recipient.name}")
    first = out or run.settings.home / "preview" / f"{edition}.eml"
    for number, (language, content) in enumerate(found.mails.items()):
        place = first if number == 0 else first.with_suffix(f".{language}.eml")
        with beside_the_answer(is_asked_for=out is not None):
            write_durably(place, content)
            say(f"Thư ({language}, bản của người nhận đầu tiên): {place}")


@app.command(rich_help_panel=PANEL)
def send(edition: EditionArgument) -> None:
    """Gửi một bản đã duyệt, mỗi người nhận đúng một thư; gửi lại lần nữa không gửi gì thêm."""
    from domain.deliveries import DeliveryState
    from flows.send_report import send_report

    with stepping(on_ledger=True) as (run, steps):
        if not run.settings.smtp_host:
            sink = run.settings.mail_sink
            complain(f"Chưa cài máy chủ thư (KETNGHIA_SMTP_HOST): thư được ghi thành tệp .eml trong {sink}.")
        outcome = send_report(run, steps, edition)
    for delivered in outcome:
        when = "" if delivered.is_new else " (từ trước)"
        say(f"{delivered.recipient}: {delivered.label}{when}. {delivered.answer}")
    if any(delivered.state is not DeliveryState.SENT for delivered in outcome):
        raise typer.Exit(1)


@app.command("send-units", rich_help_panel=PANEL)
def send_units(
    edition: EditionArgument,
    jobs: Annotated[int, typer.Option(min=1, help="Số tiến trình in phiếu.")] = 1,
) -> None:
    """Gửi mỗi đơn vị phiếu kết quả của mình, theo số liệu của một bản đã duyệt; mỗi đơn vị một thư."""
    from domain.deliveries import DeliveryState
    from flows.unit_sheets import send_unit_sheets

    with stepping(jobs, on_ledger=True) as (run, steps):
        outcome = send_unit_sheets(run, steps, edition)
    for delivered in outcome:
        when = "" if delivered.is_new else " (từ trước)"
        say(f"{delivered.recipient}: {delivered.label}{when}. {delivered.answer}")
    say(f"{len(outcome)} đơn vị có hộp thư trong unit_mailboxes.csv.")
    if any(delivered.state is not DeliveryState.SENT for delivered in outcome):
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
    from domain.deliveries import DeliveryState
    from services.mail.bounces import note_bounce
    from services.mail.retry import flush_outbox, resolve_uncertain

    if resolve is not None and arrived is None:
        raise KetnghiaError("Ghi --arrived (người nhận đã có thư) hoặc --lost (chưa có, gửi lại).")
    with opened(on_ledger=True) as run, progress() as on_progress:
        if resolve is not None:
            mail = resolve_uncertain(run, resolve, bool(arrived), by)
            say(f"{mail.recipient}: {mail.state.label}.")
            if not arrived:
                say("Thư được gửi lại đến giờ thử lại; thư của một báo cáo thì gửi ngay được bằng “ketnghia send BẢN”.")
            return
        if bounced is not None:
            mail = note_bounce(run, read_named(bounced))
            say(f"{mail.recipient}: {mail.state.label}. {mail.answer}")
            return
        tried = flush_outbox(run, on_progress)
    for delivered in tried:
        say(f"{delivered.recipient}: {delivered.label}. {delivered.answer}")
    say(f"Đã thử {len(tried)} thư.")
    if any(delivered.state is not DeliveryState.SENT for delivered in tried):
        raise typer.Exit(Ending.NO)


@app.command(rich_help_panel=PANEL)
def watch(
    on: Annotated[
        Optional[str], typer.Option("--on", metavar="NGÀY", help="Như vào ngày này (mặc định: hôm nay).")
    ] = None,
) -> None:
    """Canh hạn gửi, máy, sổ và việc hằng ngày; có gì không ổn thì báo người vận hành. Mã thoát 1 khi có."""
    from services.heartbeat import open_beating
    from services.log import keep_log
    from services.mail.deadline import watch as look
    from services.run import refuse_missing_ledger
    from services.settings import load_settings
    from services.watching import look_around

    settings = load_settings()
    keep_log(settings.home)
    day = parse_looked_at(on)
    refuse_missing_ledger(settings)
    with open_beating(settings, "watch", "canh máy và hạn gửi") as run:
        alarm = look(run, day)
        found = look_around(run)
    if alarm is None:
        say("Không có báo cáo nào sắp trễ hạn gửi.")
    else:
        for line in alarm.lines:
            say(line)
        say(f"Đã báo {', '.join(alarm.notified)}." if alarm.notified else "Không gửi thư báo động nào mới.")
    for line in found.values():
        say(line)
    if alarm is not None or found:
        raise typer.Exit(Ending.NO)


@app.command(rich_help_panel=PANEL)
def recipients(
    on: Annotated[Optional[str], typer.Option("--on", metavar="NGÀY", help="Vào ngày này (mặc định: hôm nay).")] = None,
    as_json: AsJson = False,
) -> None:
    """Ai nhận báo cáo vào một ngày."""
    from dataclasses import asdict

    from domain.period import PeriodKind

    with opened() as run:
        found = run.reference.recipients_on(parse_looked_at(on) or run.today())
    if as_json:
        rows = [asdict(each) | {"kinds": sorted(kind.value for kind in each.kinds)} for each in found]
        say_json(rows)
        return
    for each in found:
        until = f" đến {each.valid_to:%d/%m/%Y}" if each.valid_to else ""
        who = f"{each.position}, {each.name}" if each.position else each.name
        what = "mọi báo cáo" if each.kinds == frozenset(PeriodKind) else ", ".join(sorted(k.label for k in each.kinds))
        say(f"{each.role:<4}{each.email:<44}{who}: {what}, thư {each.language} (từ {each.valid_from:%d/%m/%Y}{until})")
    say(f"{len(found)} người nhận.")
