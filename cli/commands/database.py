"""The commands about the ledger's own place: its roles on PostgreSQL, and the tables that several machines go by."""

from typing import Annotated

import typer

from cli.app import app, opened
from cli.terminal import say
from cli.vietnamese import SpokenGroup, SpokenTyper
from domain.errors import Ending, KetnghiaError

database = SpokenTyper(
    cls=SpokenGroup,
    options_metavar="[TÙY_CHỌN]",
    subcommand_metavar="LỆNH …",
    add_completion=False,
)
app.add_typer(
    database,
    name="database",
    help="Nơi giữ sổ: hai tài khoản trên PostgreSQL, và các bảng mà nhiều máy cùng theo.",
    rich_help_panel="Trông nom",
)


@database.command()
def init() -> None:
    """Lập hai tài khoản, lập hoặc nâng cấp sổ, cấp quyền trên PostgreSQL; chạy lại không hại gì."""
    from services.settings import load_settings
    from services.upkeep.upgrade import upgrade
    from storage.roles import grant_rights, make_roles, refuse_unfit

    settings = load_settings()
    if not settings.database_owner_url:
        raise KetnghiaError(
            "Chưa có KETNGHIA_DATABASE_OWNER_URL: tài khoản chủ sổ, khác tài khoản của chương trình ở KETNGHIA_DATABASE_URL."
        )
    refuse_unfit(settings.database_owner_url, settings.database_url)
    if settings.database_admin_url:
        make_roles(settings.database_admin_url, settings.database_owner_url, settings.database_url)
        say("Đã có hai tài khoản và cơ sở dữ liệu.")
    done = upgrade(settings.model_copy(update={"database_url": settings.database_owner_url}))
    if done.copy is not None:
        say(f"Sổ cũ đã chép lại: {done.copy}")
    grant_rights(settings.database_owner_url, settings.database_url)
    say(
        "Sổ đã theo bản chương trình này; tài khoản của chương trình chỉ thêm vào sổ, không sửa, không xóa việc đã ghi."
    )
    say("Bỏ KETNGHIA_DATABASE_OWNER_URL và KETNGHIA_DATABASE_ADMIN_URL khỏi .env của máy chạy hằng ngày.")


@database.command()
def store(
    is_set: Annotated[bool, typer.Option("--set", help="Từ nay sổ dùng kho mà KETNGHIA_STORE ghi.")] = False,
    is_new: Annotated[
        bool, typer.Option("--as-new", help="Cùng --set: kho ở chỗ cũ đã mất hẳn, lập lại ở đúng chỗ ấy.")
    ] = False,
    is_left: Annotated[
        bool, typer.Option("--none", help="Từ nay sổ không dùng kho chung; mọi tệp phải có ở máy này.")
    ] = False,
    by: Annotated[str, typer.Option(help="Họ và tên người quyết định.")] = "",
) -> None:
    """Tệp của sổ nằm trong kho chung nào; hoặc đổi kho, bỏ kho."""
    from services.change_store import change_store, in_short, leave_store, store_in_words
    from services.settings import load_settings

    if is_left and (is_set or is_new):
        raise KetnghiaError("Chọn một: --set (dùng kho mà KETNGHIA_STORE ghi) hoặc --none (không dùng kho chung).")
    if is_new and not is_set:
        raise KetnghiaError("--as-new chỉ đi cùng --set.")
    settings = load_settings()
    if is_left:
        leave_store(settings, by)
        say(
            "Từ nay sổ không dùng kho chung, mọi tệp của sổ đã có trong thư mục dữ liệu của máy này; bỏ KETNGHIA_STORE khỏi .env."
        )
        return
    if is_set:
        changed = change_store(settings, by, is_new=is_new)
        say(
            f"Từ nay sổ dùng kho {settings.store}; đã đưa vào đó {changed.given} tệp của máy này. Các máy khác đặt KETNGHIA_STORE như vậy."
        )
        if changed.faults:
            say(
                f"Kho ấy CÒN THIẾU: {in_short(changed.faults)}. Chép kho cũ sang (trừ ledger.id), và chạy ketnghia repair ở các máy kia."
            )
            raise typer.Exit(Ending.NO)
        return
    say(store_in_words(settings))


@database.command()
def tables(
    is_set: Annotated[bool, typer.Option("--set", help="Lấy các bảng của máy này làm bảng của sổ.")] = False,
    is_taken: Annotated[bool, typer.Option("--take", help="Lấy các bảng của sổ về máy này, từ kho chung.")] = False,
    by: Annotated[str, typer.Option(help="Họ và tên người quyết định.")] = "",
) -> None:
    """Sổ đang theo các bảng nào, của máy nào; máy này khác ở tệp nào (mã thoát 1 nếu khác)."""
    from services.change_tables import put_in_force, tables_here_and_there, take

    if is_set and is_taken:
        raise KetnghiaError("Chọn một: --set (sổ theo bảng của máy này) hoặc --take (máy này theo bảng của sổ).")
    with opened(on_ledger=not is_set) as run:
        if is_taken:
            taken, before = take(run)
            say(f"Đã lấy về: {', '.join(taken)}." if taken else "Các bảng của máy này đã đúng.")
            if before is not None:
                say(f"Các tệp trước đó của máy này nằm ở {before}.")
            return
        if is_set:
            put_in_force(run, by)
            say("Từ nay sổ theo các bảng của máy này; các máy khác phải có đúng các bảng ấy mới ghi được.")
            return
        current, differences = tables_here_and_there(run)
    if current is None:
        say("Sổ chưa theo bảng nào; máy ghi vào sổ đầu tiên sẽ đặt.")
        return
    say(f"Sổ theo các bảng của {current.sentence} ({current.version[:12]}…).")
    for each in differences:
        say(f"  khác: {each}")
    if differences:
        raise typer.Exit(Ending.NO)
    say("Các bảng của máy này đúng như vậy.")
