"""The commands of a month: forms, files, report, status, and what schedules them."""

import gc
from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, AsOf, PeriodArgument, app, beside_the_answer, opened, parse_end, parse_looked_at, stepping
from cli.terminal import complain, progress, say, say_json
from domain.errors import KetnghiaError
from domain.period import Period

PANEL = "Hằng tháng"


@app.command(rich_help_panel=PANEL)
def forms(
    period: PeriodArgument,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ lập cho đơn vị này.")] = None,
    out: Annotated[Optional[Path], typer.Option(help="Thư mục ghi biểu mẫu (mặc định: data/forms/KỲ).")] = None,
) -> None:
    """Lập biểu mẫu KN-02/2026 cho các đơn vị phải báo cáo."""
    from services.forms import write_forms

    with opened() as run, progress() as on_progress:
        paths = write_forms(run, Period.parse(period), unit, out, on_progress)
    say(f"Đã lập {len(paths)} biểu mẫu trong {paths[0].parent}.")


@app.command("send-forms", rich_help_panel=PANEL)
def send_forms(
    period: PeriodArgument,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ gửi cho đơn vị này.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem gửi cho ai.")] = False,
) -> None:
    """Gửi biểu mẫu của tháng đến hộp thư của từng đơn vị; mỗi đơn vị một lần."""
    from services.mail.form_mails import plan_forms
    from services.mail.form_mails import send_forms as send

    month = Period.parse(period)
    with opened(on_ledger=dry_run) as run, progress() as on_progress:
        found = plan_forms(run, month, unit) if dry_run else send(run, month, unit, on_progress)
    for line in found.lines():
        say(line)


@app.command(rich_help_panel=PANEL)
def check(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .xlsx cần kiểm tra.")],
    as_json: AsJson = False,
) -> None:
    """Kiểm tra một tệp mà không lưu gì. Mã thoát: 0 nhận, 1 trả lại, 2 không đọc được."""
    # One file, then the process ends: looking for garbage would cost a quarter of the answer's time.
    gc.disable()
    from cli.lines.check import check_lines
    from services.intake.check import check_workbook

    with opened() as run:
        checked = check_workbook(run, file)
    if as_json:
        say_json(checked.as_json())
    else:
        for line in check_lines(checked):
            say(line)
    raise typer.Exit(checked.exit_code)


@app.command(rich_help_panel=PANEL)
def collect() -> None:
    """Nhận mọi tệp đang chờ trong hộp nhận (data/inbox): lưu, đọc, kiểm tra, ghi sổ."""
    from flows.redraft import collect_and_redraft

    with stepping() as (run, steps):
        collected, drafts = collect_and_redraft(run, steps)
        if not collected:
            say(f"Không có tệp mới trong {run.settings.inbox}.")
        else:
            say(f"Câu trả lời cho từng tệp: {run.settings.home / 'findings'}")
        for outcome in collected:
            whose = f"đơn vị {outcome.unit_code or '?'}, kỳ {outcome.period or '?'}, lần nộp {outcome.revision or '?'}"
            causes = f"; {outcome.causes} loại lỗi, cảnh báo" if outcome.causes else ""
            again = "; đã nhận trước đây" if outcome.is_again else ""
            say(f"{outcome.receipt:06d} {outcome.file_name}: {whose}: {outcome.verdict.label}{causes}{again}.")
        for draft in drafts:
            say(draft.sentence)


@app.command(rich_help_panel=PANEL)
def remind(
    period: PeriodArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem hôm nay nhắc ai.")] = False,
    on: Annotated[
        Optional[str], typer.Option("--on", metavar="NGÀY", help="Như vào ngày này (chỉ với --dry-run).")
    ] = None,
) -> None:
    """Nhắc các đơn vị chưa có báo cáo theo bậc thang nhắc; mỗi bậc một lần, không nhắc ngày nghỉ."""
    from services.mail.reminders import plan_reminders, remind_units

    day = parse_looked_at(on)
    if day is not None and not dry_run:
        raise KetnghiaError("--on chỉ dùng với --dry-run: thư nhắc thật chỉ gửi theo ngày hôm nay.")
    month = Period.parse(period)
    if not month.is_month:
        raise KetnghiaError(f"Nhắc theo tháng; {month} gồm nhiều tháng.")
    with opened(on_ledger=dry_run) as run:
        found = plan_reminders(run, month, day) if dry_run else remind_units(run, month)
    for line in found.lines():
        say(line)


@app.command(rich_help_panel=PANEL)
def narrative(
    period: PeriodArgument,
    by: Annotated[str, typer.Option(help="Họ và tên người viết.")] = "",
    remarks: Annotated[bool, typer.Option("--remarks", help="Chỉ xem các đơn vị đã viết gì ở sheet 05.")] = False,
) -> None:
    """Lập tệp để viết phần đánh giá, nhiệm vụ, kiến nghị của báo cáo; tệp đã có thì giữ nguyên."""
    from services.editions.narrative import find_remarks, remark_lines, write_narrative

    named = Period.parse(period)
    with opened(on_ledger=remarks) as run:
        if remarks:
            for line in remark_lines(find_remarks(run, named)):
                say(line)
            return
        place, is_new = write_narrative(run, named, by)
    say(f"{'Đã lập' if is_new else 'Đã có, giữ nguyên'}: {place}")


@app.command(rich_help_panel=PANEL)
def report(
    period: PeriodArgument,
    as_of: AsOf = None,
    by: Annotated[str, typer.Option(help="Họ và tên người lập; người lập không tự soát, tự duyệt.")] = "",
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ in phiếu của đơn vị này.")] = None,
    all_units: Annotated[bool, typer.Option("--all-units", help="In phiếu của mọi đơn vị.")] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Số tiến trình in phiếu đơn vị.")] = 1,
    even_empty: Annotated[bool, typer.Option("--even-empty", help="Lập cả khi chưa đơn vị nào có báo cáo.")] = False,
) -> None:
    """Lập báo cáo (bản dự thảo) của kỳ, hoặc phiếu của từng đơn vị; không gửi đi đâu."""
    from domain.editions import EditionState
    from flows.monthly_report import monthly_report
    from services.editions.ways import to_release
    from storage.edition_files import pdf_path, tables_path, word_path, workings_path

    month, moment = Period.parse(period), parse_end(as_of)
    with stepping(jobs) as (run, steps):
        if unit or all_units:
            from flows.unit_sheets import unit_sheets

            for sheet in unit_sheets(run, steps, month, [unit] if unit else [], moment):
                say(f"{sheet.unit_code}: {sheet.pages} trang: {sheet.path}")
            return
        printed = monthly_report(run, steps, month, moment, by, even_empty)
        with run.ledger.read() as session:
            command = to_release(session, printed.edition.period, printed.edition.edition_id)
    edition, editions = printed.edition, run.settings.editions
    say(
        f"Bản {edition.edition_id} ({edition.state.label}), {printed.pages} trang: {pdf_path(editions, edition.document_sha256)}"
    )
    say(f"SHA-256 {edition.document_sha256}")
    say(f"Cách tính từng số: {workings_path(editions, edition.sha256)}")
    say(f"Bản Word để sửa chữ: {word_path(editions, edition.sha256)}")
    say(f"Bảng số liệu (Excel): {tables_path(editions, edition.sha256)}")
    if edition.state is EditionState.DRAFT:
        say(f"Duyệt: {command}")


@app.command(rich_help_panel=PANEL)
def status(period: PeriodArgument, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Kỳ này đang thế nào: phải nộp, đã nhận, các bản phát hành, thư đã gửi."""
    from cli.lines.status import status_json, status_lines
    from services.run import no_ledger
    from services.status.page import write_status_page
    from services.status.period import status as status_of

    month = Period.parse(period)
    with opened() as run:
        if not run.has_ledger:
            complain(f"ketnghia: {no_ledger(run.settings)} Chưa nhận tệp nào.")
        found = status_of(run, month, parse_end(as_of))
        if as_json:
            say_json(status_json(found))
            return
        for line in status_lines(found):
            say(line)
        # Looking around in some folder leaves nothing there; nor is a page written of a ledger that is not there.
        if as_of is None and run.has_ledger and run.settings.home.is_dir():
            with beside_the_answer():
                say(f"Trang HTML: {write_status_page(run, month, found)}")


@app.command(rich_help_panel=PANEL)
def export(
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(help="Thư mục ghi kết quả.")],
    as_of: AsOf = None,
    with_times: Annotated[bool, typer.Option("--with-times", help="Kèm mã và thời điểm của lần chạy.")] = False,
) -> None:
    """Xuất bài nộp, số liệu, chỉ tiêu, bản phát hành, thư thành JSON lines và Parquet."""
    from services.queries.export import as_files
    from services.queries.export import export as export_period
    from storage.durable import write_durably

    with opened(on_ledger=True) as run:
        tables = export_period(run, Period.parse(period), parse_end(as_of), with_times=with_times)
    for name, content in as_files(tables).items():
        write_durably(out / name, content)
    for table, rows in tables.items():
        say(f"{out / table}.jsonl, .parquet: {len(rows)} dòng")


@app.command(rich_help_panel=PANEL)
def serve(
    port: Annotated[int, typer.Option(help="Cổng của giao diện Prefect.")] = 4200,
    host: Annotated[
        str, typer.Option(metavar="ĐỊA_CHỈ", help="Nghe ở địa chỉ này; ngoài 127.0.0.1 thì phải đứng sau TLS.")
    ] = "127.0.0.1",
) -> None:
    """Chạy máy chủ, lịch và tiến trình làm việc của Prefect trên máy này; dừng bằng Ctrl-C."""
    from flows.serving.server import serve as run_server

    with opened() as run:
        settings = run.settings
    raise typer.Exit(run_server(settings, host, port, say))


@app.command(rich_help_panel=PANEL)
def worker() -> None:
    """Làm việc cho “ketnghia serve” của máy khác (KETNGHIA_PREFECT_SERVER); dừng bằng Ctrl-C."""
    from flows.serving.worker import work

    with opened() as run:
        settings = run.settings
    raise typer.Exit(work(settings, say))
