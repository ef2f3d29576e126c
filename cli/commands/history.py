"""The commands that look back: history, backfill, series, locks."""

from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, AsOf, PeriodArgument, app, beside_the_answer, opened, parse_end, parse_start, stepping
from cli.terminal import progress, say, say_json
from domain.calendar import VIETNAM
from domain.errors import KetnghiaError
from domain.period import Period

PANEL = "Nhìn lại nhiều tháng"


@app.command("import-history", rich_help_panel=PANEL)
def import_history(
    folder: Annotated[Path, typer.Argument(metavar="THƯ_MỤC", help="Thư mục có các bảng CSV của nhiều tháng.")],
) -> None:
    """Nhận số liệu lịch sử: mỗi bảng một tệp CSV cho nhiều tháng, kiểm tra như biểu mẫu ở mức của số liệu cũ."""
    from services.intake.import_history import import_history as run_import

    with opened() as run, progress() as on_progress:
        outcome = run_import(run, folder, on_progress)
    counted = [each for each in outcome if each.verdict.counts]
    for each in outcome:
        if not each.verdict.counts:
            say(
                f"{each.period} {each.unit_code}, lần nộp {each.revision}: {each.verdict.label}. {'; '.join(each.causes[:3])}"
            )
    say(f"Được chấp nhận {len(counted)}/{len(outcome)} báo cáo của {len({each.period for each in outcome})} tháng.")
    if len(counted) < len(outcome):
        say(f"Câu trả lời cho báo cáo bị trả lại: {run.settings.home / 'findings'}")
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
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
    from cli.lines.backfill import outcome_lines, plan_lines
    from flows.backfill import backfill as run_backfill
    from services.editions.backfill_plan import Only, plan_backfill

    if only is not None and only not in list(Only):
        raise KetnghiaError(f"--only {only}: chọn missing, failed, changed hoặc all.")
    moment, confined = parse_end(as_of), Only(only) if only else None
    with stepping(jobs, on_ledger=dry_run) as (run, steps):
        planned = plan_backfill(
            run, Period.parse(first), Period.parse(last), confined, moment, newest_first=newest_first
        )
        for line in plan_lines(planned):
            say(line)
        if dry_run or not any(each.is_due for each in planned):
            return
        outcome = run_backfill(run, steps, planned, moment)
    for line in outcome_lines(outcome):
        say(line)
    if any(each.edition_id is None for each in outcome):
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
def rejudge(
    what: Annotated[str, typer.Argument(metavar="SỐ|KỲ", help="Số tiếp nhận của một tệp, hoặc một kỳ như 2024-02.")],
) -> None:
    """Kiểm tra lại các tệp đã lưu sau khi sửa chương trình hoặc các bảng; kết quả cũ được giữ trong sổ."""
    from cli.lines.rejudged import rejudged_lines
    from services.intake.rejudge import rejudge_period, rejudge_receipt

    if what.isdecimal() and len(what) == 4 and what.startswith("20"):
        raise KetnghiaError(
            f"“{what}” là số tiếp nhận hay năm? Ghi đủ sáu chữ số như 00{what}, hoặc từng tháng như {what}-01."
        )
    with opened(on_ledger=True) as run, progress() as on_progress:
        outcome = (
            rejudge_receipt(run, int(what))
            if what.isdecimal()
            else rejudge_period(run, Period.parse(what), on_progress)
        )
    for line in rejudged_lines(outcome):
        say(line)
    if any(each.after is None for each in outcome):
        raise typer.Exit(1)


@app.command(rich_help_panel=PANEL)
def rehearse(
    rules: Annotated[
        Path,
        typer.Argument(metavar="QUY_TẮC", help="Tệp sửa của expectations/ (activities.py) hoặc bảng thresholds.csv."),
    ],
) -> None:
    """Thử quy tắc đã sửa trên mọi bài nộp từ trước: bài nào sẽ bị trả lại, bài nào được nhận. Không đổi gì trong sổ."""
    from cli.lines.rehearsal import rehearsal_lines
    from services.intake.rehearse import rehearse as run_rehearsal

    with opened(on_ledger=True) as run, progress() as on_progress:
        rehearsal = run_rehearsal(run, rules, on_progress)
    for line in rehearsal_lines(rehearsal):
        say(line)


@app.command(rich_help_panel=PANEL)
def grid(
    first: Annotated[str, typer.Argument(metavar="TỪ", help="Tháng đầu, ví dụ 2023-12.")],
    last: Annotated[str, typer.Argument(metavar="ĐẾN", help="Tháng cuối.")],
    as_of: AsOf = None,
    html: Annotated[Optional[Path], typer.Option(help="Trang HTML (mặc định: data/grid/TỪ_ĐẾN.html).")] = None,
    as_json: AsJson = False,
) -> None:
    """Bảng đơn vị × tháng: ai đã nộp, ai chưa; trên màn hình và thành một trang HTML."""
    from cli.lines.grid import grid_lines
    from services.queries.grid import grid as grid_of
    from services.queries.grid import grid_page
    from storage.durable import write_durably

    start, end = Period.parse(first), Period.parse(last)
    with opened(on_ledger=True) as run:
        found = grid_of(run, start, end, parse_end(as_of))
    if as_json:
        say_json(found.as_json())
        return
    for line in grid_lines(found):
        say(line)
    page = html or run.settings.home / "grid" / f"{start}_{end}.html"
    with beside_the_answer(is_asked_for=html is not None):
        write_durably(page, grid_page(found))
        say(f"Trang HTML: {page}")


@app.command(rich_help_panel=PANEL)
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
    from cli.lines.series import series_lines
    from domain.placement import Ground
    from services.queries.series import series as series_of

    if territory not in list(Ground):
        raise KetnghiaError(f"--territory {territory}: chọn as-reported, old hoặc new.")
    with opened(on_ledger=True) as run:
        found = series_of(run, indicator, Period.parse(first), Period.parse(last), Ground(territory), parse_end(as_of))
    if as_json:
        say_json(found.as_json())
        return
    for line in series_lines(found):
        say(line)


@app.command(rich_help_panel=PANEL)
def revisions(
    period: PeriodArgument,
    figure: Annotated[Optional[str], typer.Option(metavar="SỐ", help="Mã số, ví dụ value_total_vnd@period.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Số liệu đã đổi thế nào qua các bản: kỳ × bản phát hành; dấu * là khác bản trước."""
    from cli.lines.revisions import triangle_lines
    from services.queries.revisions import revisions as revisions_of

    with opened(on_ledger=True) as run:
        found = revisions_of(run, Period.parse(period), figure, parse_end(as_of))
    if as_json:
        say_json([triangle.as_json() for triangle in found])
        return
    for triangle in found:
        for line in [*triangle_lines(triangle), ""]:
            say(line)


@app.command(rich_help_panel=PANEL)
def lock(
    period: PeriodArgument,
    by: Annotated[str, typer.Option(help="Họ và tên người khóa.")],
    since: Annotated[
        Optional[str], typer.Option("--from", metavar="NGÀY", help="Khóa từ đầu ngày này (mặc định: từ bây giờ).")
    ] = None,
) -> None:
    """Khóa một tháng: tệp đến từ ngày khóa được giữ và kiểm tra nhưng chưa tính, cho đến khi mở khóa."""
    from services.intake.lock import lock_period

    with opened() as run:
        locked = lock_period(run, Period.parse(period), parse_start(since) or run.now(), by)
    say(f"Đã khóa kỳ {locked.period} từ {locked.locked_from.astimezone(VIETNAM):%Y-%m-%d %H:%M}.")
    if locked.held:
        say(f"{locked.held} báo cáo nhận sau đó không được tính cho đến khi mở khóa.")


@app.command(rich_help_panel=PANEL)
def unlock(
    period: PeriodArgument,
    unlock_reason: Annotated[str, typer.Option("--unlock-reason", help="Lý do; được in trong báo cáo sau.")],
    by: Annotated[str, typer.Option(help="Họ và tên người mở khóa.")],
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ đơn vị này.")] = None,
) -> None:
    """Cho các báo cáo đang bị giữ vì khóa được tính; tháng vẫn khóa với các tệp đến sau."""
    from services.intake.lock import unlock_period

    with opened(on_ledger=True) as run:
        count = unlock_period(run, Period.parse(period), unit, unlock_reason, by)
    say(f"{count} báo cáo của kỳ {period} nay được tính; lập lại: ketnghia report {period}")
