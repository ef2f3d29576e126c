"""The commands of a month: forms, files, report, release, mail. Every command reads the settings, runs one composition and words its outcome.

Heavy libraries are imported inside the commands that need them.
"""

import gc
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, AsOf, PeriodArgument, app, moment_of, start_of
from cli.terminal import progress, say
from domain.errors import KetnghiaError
from domain.period import Period

PANEL = "Hằng tháng"


@app.command(rich_help_panel=PANEL)
def forms(
    period: PeriodArgument,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ lập cho đơn vị này.")] = None,
    out: Annotated[Optional[Path], typer.Option(help="Thư mục ghi biểu mẫu (mặc định: data/forms/KỲ).")] = None,
) -> None:
    """Lập biểu mẫu KN-01/2026 cho các đơn vị phải báo cáo."""
    from services.intake.forms import write_forms
    from services.settings import load_settings

    settings = load_settings()
    with progress() as tell:
        paths = write_forms(settings, Period.parse(period), unit, out, tell)
    say(f"Đã lập {len(paths)} biểu mẫu trong {paths[0].parent}.")


@app.command(rich_help_panel=PANEL)
def check(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .xlsx cần kiểm tra.")],
    as_json: AsJson = False,
) -> None:
    """Kiểm tra một tệp mà không lưu gì. Mã thoát: 0 nhận, 1 trả lại, 2 không đọc được."""
    # One file, then the process ends: looking for garbage would cost a quarter of the answer's time.
    gc.disable()
    from services.intake.check import check_workbook
    from services.settings import load_settings

    checked = check_workbook(load_settings(), file)
    if as_json:
        say(json.dumps(checked.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in checked.lines():
            say(line)
    raise typer.Exit(checked.exit_code)


@app.command(rich_help_panel=PANEL)
def collect() -> None:
    """Nhận mọi tệp đang chờ trong hộp nhận (data/inbox): lưu, đọc, kiểm tra, ghi sổ."""
    from services.editions.redraft import draft_anew
    from services.intake.collect import collect_submissions
    from services.settings import load_settings

    settings = load_settings()
    with progress() as tell:
        collected = collect_submissions(settings, tell=tell)
    if not collected:
        say(f"Không có tệp mới trong {settings.inbox}.")
    else:
        say(f"Câu trả lời cho từng tệp: {settings.home / 'findings'}")
    for outcome in collected:
        whose = f"đơn vị {outcome.unit_code or '?'}, kỳ {outcome.period or '?'}, lần nộp {outcome.revision or '?'}"
        told = f"; {outcome.causes} loại lỗi, cảnh báo" if outcome.causes else ""
        again = "; đã nhận trước đây" if outcome.is_again else ""
        say(f"{outcome.receipt:06d} {outcome.file_name}: {whose}: {outcome.verdict.words}{told}{again}.")
    for draft in draft_anew(settings, collected):
        say(draft.words)


@app.command(rich_help_panel=PANEL)
def remind(
    period: PeriodArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem hôm nay nhắc ai.")] = False,
    on: Annotated[
        Optional[str], typer.Option("--on", metavar="NGÀY", help="Như vào ngày này (chỉ với --dry-run).")
    ] = None,
) -> None:
    """Nhắc các đơn vị chưa có báo cáo theo bậc thang nhắc; mỗi bậc một lần, không nhắc ngày nghỉ."""
    from services.mail.reminders import plan_reminders, remind_units, reminder_lines
    from services.settings import load_settings

    day = start_of(on)
    if day is not None and not dry_run:
        raise KetnghiaError("--on chỉ dùng với --dry-run: thư nhắc thật chỉ gửi theo ngày hôm nay.")
    month = Period.parse(period)
    if not month.is_month:
        raise KetnghiaError(f"Nhắc theo tháng; {month} gồm nhiều tháng.")
    make = plan_reminders if dry_run else remind_units
    found = make(load_settings(), month, day.date() if day else None)
    for line in reminder_lines(found, is_dry_run=dry_run):
        say(line)


@app.command(rich_help_panel=PANEL)
def narrative(
    period: PeriodArgument,
    by: Annotated[str, typer.Option(help="Họ và tên người viết.")] = "",
    remarks: Annotated[bool, typer.Option("--remarks", help="Chỉ xem các đơn vị đã viết gì ở sheet 05.")] = False,
) -> None:
    """Lập tệp để viết phần đánh giá, nhiệm vụ, kiến nghị của báo cáo; tệp đã có thì giữ nguyên."""
    from services.editions.narrative import remark_lines, write_narrative
    from services.editions.narrative import remarks as remarks_of
    from services.settings import load_settings

    settings, named = load_settings(), Period.parse(period)
    if remarks:
        for line in remark_lines(remarks_of(settings, named)):
            say(line)
        return
    place, is_new = write_narrative(settings, named, by)
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
    if unit or all_units:
        _unit_sheets(Period.parse(period), [unit] if unit else [], moment_of(as_of), jobs)
        return
    from domain.editions import EditionState
    from services.editions.files import tables_path, word_path, workings_path
    from services.editions.make import monthly_report
    from services.settings import load_settings

    settings = load_settings()
    printed = monthly_report(settings, Period.parse(period), moment_of(as_of), prepared_by=by, even_empty=even_empty)
    say(f"Bản {printed.edition.edition_id} ({printed.edition.state.words}), {printed.pages} trang: {printed.path}")
    say(f"SHA-256 {printed.edition.sha256}")
    say(f"Cách tính từng số: {workings_path(settings, printed.edition.sha256)}")
    say(f"Bản Word để sửa chữ: {word_path(settings, printed.edition.sha256)}")
    say(f"Bảng số liệu (Excel): {tables_path(settings, printed.edition.sha256)}")
    if printed.edition.state is EditionState.DRAFT:
        say(f'Duyệt: ketnghia release {printed.edition.edition_id} --by "Họ và tên"')


def _unit_sheets(period: Period, unit_codes: list[str], as_of: datetime | None, jobs: int) -> None:
    from services.editions.unit_sheets import unit_sheets
    from services.settings import load_settings

    with progress() as tell:
        printed = unit_sheets(load_settings(), period, unit_codes, as_of, jobs, tell)
    for sheet in printed:
        say(f"{sheet.unit_code}: {sheet.pages} trang: {sheet.path}")


@app.command(rich_help_panel=PANEL)
def status(period: PeriodArgument, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Kỳ này đang thế nào: phải nộp, đã nhận, các bản phát hành, thư đã gửi."""
    from cli.lines.status import status_lines
    from services.settings import load_settings
    from services.status.page import write_status_page
    from services.status.period import status as status_of

    settings = load_settings()
    found = status_of(settings, Period.parse(period), moment_of(as_of))
    for line in [json.dumps(found, ensure_ascii=False, indent=2)] if as_json else status_lines(found):
        say(line)
    if as_of is None and not as_json:
        say(f"Trang HTML: {write_status_page(settings, Period.parse(period))}")


@app.command(rich_help_panel=PANEL)
def export(
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(help="Thư mục ghi kết quả.")],
    as_of: AsOf = None,
    with_times: Annotated[bool, typer.Option("--with-times", help="Kèm mã và thời điểm của lần chạy.")] = False,
) -> None:
    """Xuất bài nộp, số liệu, chỉ tiêu, bản phát hành, thư thành JSON lines và Parquet."""
    from services.queries.export import export as export_period
    from services.settings import load_settings

    counts = export_period(load_settings(), Period.parse(period), out, moment_of(as_of), with_times=with_times)
    for name, count in counts.items():
        say(f"{out / name}.jsonl, .parquet: {count} dòng")


@app.command(rich_help_panel=PANEL)
def serve(port: Annotated[int, typer.Option(help="Cổng của giao diện Prefect.")] = 4200) -> None:
    """Chạy máy chủ, lịch và tiến trình làm việc của Prefect trên máy này; dừng bằng Ctrl-C."""
    from flows.server import serve as run_server
    from services.settings import load_settings

    raise typer.Exit(run_server(load_settings(), port))


@app.command(rich_help_panel=PANEL)
def demo(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Tháng trình diễn.")] = "2024-02",
) -> None:
    """Trình diễn trọn một tháng với số liệu giả định, qua máy chủ Prefect nhúng."""
    from cli.demo import demonstrate
    from services.settings import load_settings

    demonstrate(load_settings(), Period.parse(period))
