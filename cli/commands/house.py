"""The commands of the house: doctor, backup, restore, upgrade."""

from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, app, opened
from cli.terminal import progress, say, say_json
from domain.calendar import VIETNAM
from domain.errors import Ending

PANEL = "Trông nom"


@app.command(rich_help_panel=PANEL)
def doctor(as_json: AsJson = False) -> None:
    """Mọi thứ có ổn không: từng dòng tốt, hoặc phải làm gì. Không đổi gì, không gửi gì. Mã thoát 1 khi có chỗ cần sửa."""
    from cli.lines.doctor import doctor_lines
    from services.log import keep_log
    from services.settings import load_settings
    from services.upkeep.doctor import examine

    settings = load_settings()
    keep_log(settings.home)
    lines = examine(settings)
    if as_json:
        say_json([line.as_json() for line in lines])
    else:
        for line in doctor_lines(lines):
            say(line)
    if not all(line.found.is_good for line in lines):
        raise typer.Exit(Ending.NO)


@app.command(rich_help_panel=PANEL)
def backup(
    to: Annotated[
        Path, typer.Argument(readable=False, metavar="NƠI", help="Thư mục chứa các bản sao lưu, tốt nhất ở ổ đĩa khác.")
    ],
    keep: Annotated[
        Optional[int], typer.Option(min=1, metavar="N", help="Chỉ giữ N bản mới nhất của sổ này trong thư mục ấy.")
    ] = None,
) -> None:
    """Sao lưu trọn vẹn trong khi chương trình vẫn chạy. Mã thoát 1 khi có tệp trong sổ đã mất từ trước."""
    from services.upkeep.backup import back_up
    from services.upkeep.tidy import clear_left_overs_of

    with opened(on_ledger=True) as run, progress() as on_progress:
        clear_left_overs_of(run.settings)
        made = back_up(run, to, keep, on_progress)
    manifest = made.manifest
    say(f"Đã sao lưu {len(manifest.files)} tệp, {manifest.size / 1_000_000:.1f} MB: {made.place}")
    say(f"Sổ lúc ấy có {manifest.links} mắt xích, dấu sổ {manifest.head}.")
    for removed in made.removed:
        say(f"Đã bỏ bản cũ {removed}")
    for fault in manifest.missing:
        say(f"THIẾU {fault}.")
    if manifest.missing:
        if keep:
            say("Chưa bỏ bản cũ nào: bản cũ có thể còn giữ những gì đang thiếu.")
        raise typer.Exit(Ending.NO)


@app.command(rich_help_panel=PANEL)
def restore(
    backup: Annotated[
        # What may not be read is no wrong value: it is told by whoever reads it.
        Path, typer.Argument(readable=False, metavar="BẢN_SAO_LƯU", help="Một bản sao lưu: NƠI/ketnghia-….")
    ],
) -> None:
    """Phục hồi một bản sao lưu vào thư mục dữ liệu còn trống (KETNGHIA_HOME) và sổ của nó (KETNGHIA_DATABASE_URL)."""
    from services.settings import load_settings
    from services.upkeep.restore import restore as run_restore

    settings = load_settings()
    with progress() as on_progress:
        done = run_restore(settings, backup, on_progress)
    at = done.manifest.made_at.astimezone(VIETNAM)
    say(f"Đã phục hồi {len(done.manifest.files)} tệp vào {settings.home}, như lúc {at:%d/%m/%Y %H:%M}.")
    for note in done.notes:
        say(f"LƯU Ý {note}")
    if done.to_go:
        say(
            f"LƯU Ý {done.to_go} thư còn chờ gửi theo sổ lúc ấy; thư nào đã đi sau lúc ấy sẽ đi lần nữa: xem lại với "
            "máy chủ thư trước khi chạy send, outbox, serve."
        )
    say("Kiểm tra: ketnghia verify --ledger")


@app.command(rich_help_panel=PANEL)
def upgrade() -> None:
    """Đưa sổ của bản chương trình cũ lên lược đồ của bản này; sổ cũ được chép lại trước khi đổi."""
    from services.log import keep_log, note
    from services.settings import load_settings
    from services.upkeep.upgrade import upgrade as run_upgrade

    settings = load_settings()
    keep_log(settings.home)
    done = run_upgrade(settings)
    if done.before == done.after:
        say(f"Sổ đã ở lược đồ mới nhất ({done.after}); không phải làm gì.")
        return
    note("ledger-upgraded", before=done.before, after=done.after, copy=str(done.copy or ""))
    if done.copy is not None:
        say(f"Sổ cũ đã chép lại: {done.copy}")
    say(f"Đã đưa sổ từ lược đồ {done.before} lên {done.after}. Kiểm tra: ketnghia verify --ledger")
