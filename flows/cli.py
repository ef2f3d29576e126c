"""The command `ketnghia`. Every command reads the settings, runs one composition and words its outcome.

Heavy libraries are imported inside the commands that need them.
"""

import gc
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from domain.calendar import VIETNAM
from domain.errors import KetnghiaError
from domain.period import Period
from flows.console import complain, progress, say

app = typer.Typer(
    name="ketnghia",
    help="Báo cáo công tác kết nghĩa hằng tháng của tỉnh Gia Lai: nhận tệp, kiểm tra, tổng hợp, in và gửi.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="2024-02, 2024-Q1, 2024-H1, 2024-9M hoặc 2024.")]
EditionArgument = Annotated[str, typer.Argument(metavar="BẢN", help="Mã bản phát hành, ví dụ 2024-02-1.")]
AsJson = Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")]
AsOf = Annotated[
    Optional[str], typer.Option("--as-of", metavar="NGÀY", help="Như đã biết đến ngày (hoặc thời điểm) này.")
]


@app.command()
def forms(
    period: PeriodArgument,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ lập cho đơn vị này.")] = None,
    out: Annotated[Optional[Path], typer.Option(help="Thư mục ghi biểu mẫu (mặc định: data/forms/KỲ).")] = None,
) -> None:
    """Lập biểu mẫu KN-01/2026 cho các đơn vị phải báo cáo."""
    from flows.settings import load_settings
    from flows.write_forms import write_forms

    settings = load_settings()
    with progress() as tell:
        paths = write_forms(settings, Period.parse(period), unit, out, tell)
    say(f"Đã lập {len(paths)} biểu mẫu trong {paths[0].parent}.")


@app.command()
def check(
    file: Annotated[Path, typer.Argument(metavar="TỆP", help="Tệp .xlsx cần kiểm tra.")],
    as_json: AsJson = False,
) -> None:
    """Kiểm tra một tệp mà không lưu gì. Mã thoát: 0 nhận, 1 trả lại, 2 không đọc được."""
    # One file, then the process ends: looking for garbage would cost a quarter of the answer's time.
    gc.disable()
    from flows.check_workbook import check_workbook
    from flows.settings import load_settings

    checked = check_workbook(load_settings(), file)
    if as_json:
        say(json.dumps(checked.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in checked.lines():
            say(line)
    raise typer.Exit(checked.exit_code)


@app.command()
def collect() -> None:
    """Nhận mọi tệp đang chờ trong hộp nhận (data/inbox): lưu, đọc, kiểm tra, ghi sổ."""
    from flows.collect_submissions import collect_submissions
    from flows.settings import load_settings

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


@app.command()
def report(period: PeriodArgument, as_of: AsOf = None) -> None:
    """Lập báo cáo (bản dự thảo) của kỳ; không gửi đi đâu."""
    from domain.editions import EditionState
    from flows.monthly_report import monthly_report
    from flows.settings import load_settings

    printed = monthly_report(load_settings(), Period.parse(period), _moment(as_of))
    say(f"Bản {printed.edition.edition_id} ({printed.edition.state.words}), {printed.pages} trang: {printed.path}")
    say(f"SHA-256 {printed.edition.sha256}")
    if printed.edition.state is EditionState.DRAFT:
        say(f'Duyệt: ketnghia release {printed.edition.edition_id} --by "Họ và tên"')


@app.command()
def release(edition: EditionArgument, by: Annotated[str, typer.Option(help="Họ và tên người duyệt.")]) -> None:
    """Duyệt đúng các byte của một bản dự thảo; sau đó mới gửi được."""
    from flows.send_report import release as release_edition
    from flows.settings import load_settings

    record = release_edition(load_settings(), edition, by)
    say(
        f"Bản {record.edition_id} {record.state.words} bởi {record.released_by}. Gửi: ketnghia send {record.edition_id}"
    )


@app.command()
def send(edition: EditionArgument) -> None:
    """Gửi một bản đã duyệt, mỗi người nhận đúng một thư; gửi lại lần nữa không gửi gì thêm."""
    from domain.editions import DeliveryState
    from flows.send_report import send_report
    from flows.settings import load_settings

    settings = load_settings()
    if not settings.smtp_host:
        complain(f"Chưa cài máy chủ thư (KETNGHIA_SMTP_HOST): thư được ghi thành tệp .eml trong {settings.mail_sink}.")
    outcome = send_report(settings, edition)
    words = {
        DeliveryState.SENT: "đã gửi",
        DeliveryState.FAILED: "chưa gửi được, chạy lại lệnh này để gửi tiếp",
        DeliveryState.SENDING: "không chắc đã tới, cần người kiểm tra; không tự gửi lại",
    }
    for delivered in outcome:
        when = "" if delivered.is_new else " (từ trước)"
        say(f"{delivered.recipient}: {words[delivered.state]}{when}. {delivered.answer}")
    if any(delivered.state is not DeliveryState.SENT for delivered in outcome):
        raise typer.Exit(1)


@app.command("import-history")
def import_history(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục có các bảng CSV của nhiều tháng.")],
) -> None:
    """Nhận số liệu lịch sử: mỗi bảng một tệp CSV cho nhiều tháng, kiểm tra như biểu mẫu ở mức của số liệu cũ."""
    from flows.import_history import import_history as run_import
    from flows.settings import load_settings

    settings = load_settings()
    with progress() as tell:
        outcome = run_import(settings, folder, tell)
    counted = [each for each in outcome if each.verdict.counts]
    for each in outcome:
        if not each.verdict.counts:
            say(
                f"{each.period} {each.unit_code}, lần nộp {each.revision}: {each.verdict.words}. {'; '.join(each.causes[:3])}"
            )
    say(f"Được chấp nhận {len(counted)}/{len(outcome)} báo cáo của {len({each.period for each in outcome})} tháng.")
    if len(counted) < len(outcome):
        say(f"Câu trả lời cho báo cáo bị trả lại: {settings.home / 'findings'}")
        raise typer.Exit(1)


@app.command()
def backfill(
    first: Annotated[str, typer.Argument(metavar="TỪ", help="Tháng đầu, ví dụ 2023-12.")],
    last: Annotated[str, typer.Argument(metavar="ĐẾN", help="Tháng cuối.")],
    only: Annotated[
        Optional[str],
        typer.Option(
            metavar="missing|failed|changed|all", help="Chỉ tháng chưa lập, bị lỗi, có thay đổi; all: tất cả."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ in kế hoạch.")] = False,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Số tháng lập cùng lúc.")] = 1,
    as_of: AsOf = None,
    newest_first: Annotated[bool, typer.Option("--newest-first", help="Tháng mới làm trước.")] = False,
) -> None:
    """Lập báo cáo của nhiều tháng: in kế hoạch, rồi làm; chạy lại thì làm tiếp. Không bao giờ gửi thư."""
    from flows.backfill import backfill as run_backfill
    from flows.backfill_plan import Only, plan_backfill
    from flows.backfill_words import outcome_lines, plan_lines
    from flows.settings import load_settings

    if only is not None and only not in list(Only):
        raise KetnghiaError(f"--only {only}: chọn missing, failed, changed hoặc all.")
    settings, moment = load_settings(), _moment(as_of)
    confined = Only(only) if only else None
    planned = plan_backfill(
        settings, Period.parse(first), Period.parse(last), confined, moment, newest_first=newest_first
    )
    for line in plan_lines(planned):
        say(line)
    if dry_run or not any(each.is_due for each in planned):
        return
    with progress() as tell:
        outcome = run_backfill(settings, planned, moment, jobs, tell=tell)
    for line in outcome_lines(outcome):
        say(line)
    if any(each.edition_id is None for each in outcome):
        raise typer.Exit(1)


@app.command()
def rehearse(
    rules: Annotated[
        Path,
        typer.Argument(metavar="QUY_TẮC", help="Tệp sửa của expectations/ (activities.py) hoặc bảng thresholds.csv."),
    ],
) -> None:
    """Thử quy tắc đã sửa trên mọi bài nộp từ trước: bài nào sẽ bị trả lại, bài nào được nhận. Không đổi gì trong sổ."""
    from flows.rehearse import rehearsal_lines
    from flows.rehearse import rehearse as run_rehearsal
    from flows.settings import load_settings

    with progress() as tell:
        rehearsal = run_rehearsal(load_settings(), rules, tell)
    for line in rehearsal_lines(rehearsal):
        say(line)


@app.command()
def status(period: PeriodArgument, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Kỳ này đang thế nào: phải nộp, đã nhận, các bản phát hành, thư đã gửi."""
    from flows.settings import load_settings
    from flows.status import status as status_of
    from flows.status_words import status_lines

    found = status_of(load_settings(), Period.parse(period), _moment(as_of))
    for line in [json.dumps(found, ensure_ascii=False, indent=2)] if as_json else status_lines(found):
        say(line)


@app.command()
def trace(
    edition: EditionArgument,
    figure: Annotated[Optional[str], typer.Argument(metavar="SỐ", help="Mã số, ví dụ value_total_vnd@period.")] = None,
    text: Annotated[Optional[str], typer.Option(help="Tìm mã của số in ra như thế này, ví dụ “15,94”.")] = None,
    as_json: AsJson = False,
) -> None:
    """Số này ở đâu ra: các dòng và ô đứng sau một số đã in."""
    from flows.settings import load_settings
    from flows.trace import find_by_text
    from flows.trace import trace as trace_figure
    from flows.trace_words import trace_lines

    settings = load_settings()
    if figure is None:
        if text is None:
            raise KetnghiaError("Ghi mã số cần tra, hoặc --text “số đã in” để tìm mã.")
        for found in find_by_text(settings, edition, text):
            say(f"{found.figure_id}: {found.name} = {found.text} {found.unit_of_measure}".rstrip())
        return
    traced = trace_figure(settings, edition, figure)
    for line in [json.dumps(traced.as_json(), ensure_ascii=False, indent=2)] if as_json else trace_lines(traced):
        say(line)


@app.command()
def grid(
    first: Annotated[str, typer.Argument(metavar="TỪ", help="Tháng đầu, ví dụ 2023-12.")],
    last: Annotated[str, typer.Argument(metavar="ĐẾN", help="Tháng cuối.")],
    as_of: AsOf = None,
    html: Annotated[Optional[Path], typer.Option(help="Trang HTML (mặc định: data/grid/TỪ_ĐẾN.html).")] = None,
    as_json: AsJson = False,
) -> None:
    """Bảng đơn vị × tháng: ai đã nộp, ai chưa; trên màn hình và thành một trang HTML."""
    from flows.grid import grid as grid_of
    from flows.grid import grid_lines, write_grid_page
    from flows.settings import load_settings

    settings = load_settings()
    start, end = Period.parse(first), Period.parse(last)
    found = grid_of(settings, start, end, _moment(as_of))
    if as_json:
        say(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    for line in grid_lines(found):
        say(line)
    page = html or settings.home / "grid" / f"{start}_{end}.html"
    write_grid_page(found, page)
    say(f"Trang HTML: {page}")


@app.command()
def series(
    indicator: Annotated[str, typer.Argument(metavar="CHỈ_TIÊU", help="Mã chỉ tiêu, ví dụ value_total_vnd.")],
    first: Annotated[str, typer.Argument(metavar="TỪ", help="Tháng đầu.")],
    last: Annotated[str, typer.Argument(metavar="ĐẾN", help="Tháng cuối.")],
    territory: Annotated[
        str, typer.Option(metavar="as-reported|old|new", help="Như đã báo cáo, theo huyện cũ, theo xã hiện nay.")
    ] = "as-reported",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Một chỉ tiêu theo đơn vị và tháng, trên địa bàn cũ hoặc mới; tổng các đơn vị luôn như nhau."""
    from domain.placement import Ground
    from flows.series import series as series_of
    from flows.series import series_lines
    from flows.settings import load_settings

    if territory not in list(Ground):
        raise KetnghiaError(f"--territory {territory}: chọn as-reported, old hoặc new.")
    found = series_of(
        load_settings(), indicator, Period.parse(first), Period.parse(last), Ground(territory), _moment(as_of)
    )
    for line in [json.dumps(found.as_json(), ensure_ascii=False, indent=2)] if as_json else series_lines(found):
        say(line)


@app.command()
def revisions(
    period: PeriodArgument,
    figure: Annotated[Optional[str], typer.Option(metavar="SỐ", help="Mã số, ví dụ value_total_vnd@period.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Số liệu đã đổi thế nào qua các bản: kỳ × bản phát hành; dấu * là khác bản trước."""
    from flows.revisions import revisions as revisions_of
    from flows.revisions import triangle_lines
    from flows.settings import load_settings

    found = revisions_of(load_settings(), Period.parse(period), figure, _moment(as_of))
    if as_json:
        say(json.dumps([triangle.as_json() for triangle in found], ensure_ascii=False, indent=2))
        return
    for triangle in found:
        for line in [*triangle_lines(triangle), ""]:
            say(line)


@app.command()
def lock(
    period: PeriodArgument,
    by: Annotated[str, typer.Option(help="Họ và tên người khóa.")],
    since: Annotated[
        Optional[str], typer.Option("--from", metavar="NGÀY", help="Khóa từ đầu ngày này (mặc định: từ bây giờ).")
    ] = None,
) -> None:
    """Khóa một tháng: tệp đến từ ngày khóa được giữ và kiểm tra nhưng chưa tính, cho đến khi mở khóa."""
    from flows.lock_period import lock_period
    from flows.settings import load_settings, now

    locked = lock_period(load_settings(), Period.parse(period), _start(since) or now(), by)
    say(f"Đã khóa kỳ {locked.period} từ {locked.locked_from.astimezone(VIETNAM):%Y-%m-%d %H:%M}.")
    if locked.held:
        say(f"{locked.held} báo cáo nhận sau đó không được tính cho đến khi mở khóa.")


@app.command()
def unlock(
    period: PeriodArgument,
    unlock_reason: Annotated[str, typer.Option("--unlock-reason", help="Lý do; được in trong báo cáo sau.")],
    by: Annotated[str, typer.Option(help="Họ và tên người mở khóa.")],
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ đơn vị này.")] = None,
) -> None:
    """Cho các báo cáo đang bị giữ vì khóa được tính; tháng vẫn khóa với các tệp đến sau."""
    from flows.lock_period import unlock_period
    from flows.settings import load_settings

    count = unlock_period(load_settings(), Period.parse(period), unit, unlock_reason, by)
    say(f"{count} báo cáo của kỳ {period} nay được tính; lập lại: ketnghia report {period}")


@app.command()
def export(
    period: PeriodArgument,
    out: Annotated[Path, typer.Option(help="Thư mục ghi kết quả.")],
    as_of: AsOf = None,
    with_times: Annotated[bool, typer.Option("--with-times", help="Kèm mã và thời điểm của lần chạy.")] = False,
) -> None:
    """Xuất bài nộp, số liệu, chỉ tiêu, bản phát hành, thư thành JSON lines và Parquet."""
    from flows.export import export as export_period
    from flows.settings import load_settings

    counts = export_period(load_settings(), Period.parse(period), out, _moment(as_of), with_times=with_times)
    for name, count in counts.items():
        say(f"{out / name}.jsonl, .parquet: {count} dòng")


@app.command()
def serve(port: Annotated[int, typer.Option(help="Cổng của giao diện Prefect.")] = 4200) -> None:
    """Chạy máy chủ, lịch và tiến trình làm việc của Prefect trên máy này; dừng bằng Ctrl-C."""
    from flows.serve import serve as run_server
    from flows.settings import load_settings

    raise typer.Exit(run_server(load_settings(), port))


@app.command()
def demo(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Tháng trình diễn.")] = "2024-02",
) -> None:
    """Trình diễn trọn một tháng với số liệu giả định, qua máy chủ Prefect nhúng."""
    from flows.demo import demonstrate
    from flows.settings import load_settings

    demonstrate(load_settings(), Period.parse(period))


def main() -> None:
    """Run the command line; an error that has a name is told in one sentence and exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        app()
    except KetnghiaError as error:
        complain(f"ketnghia: {error}")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)


def _start(text: str | None) -> datetime | None:
    """A day means its first second in Vietnam."""
    at = _moment(text)
    return at if at is None or text is None or len(text) > 10 else at.replace(hour=0, minute=0, second=0)


def _moment(text: str | None) -> datetime | None:
    """A day means its last second in Vietnam."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise KetnghiaError(f"“{text}” không phải ngày; viết như 2024-04-05 hoặc 2024-04-05T17:00.") from error
    if len(text) <= 10:
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


if __name__ == "__main__":
    main()
