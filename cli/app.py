"""The command line itself, how its arguments are read, and how a command opens its run."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from cli.terminal import complain, progress, say
from cli.vietnamese import SpokenGroup, SpokenTyper
from domain.calendar import VIETNAM
from domain.errors import KetnghiaError, UnreadableFile
from domain.slips import A_YEAR, refuse_slip
from services.clock import system_clock

if TYPE_CHECKING:
    from domain.accounts import Account
    from services.run import Run
    from services.steps import Direct

# Heavy libraries are imported inside the commands that need them: help must be there at once.
app = SpokenTyper(
    name="ketnghia",
    cls=SpokenGroup,
    options_metavar="[TÙY_CHỌN]",
    subcommand_metavar="LỆNH …",
    help="Báo cáo công tác kết nghĩa hằng tháng của tỉnh Gia Lai: nhận tệp, kiểm tra, tổng hợp, in và gửi.",
    epilog="Mã thoát: 0 xong, 1 câu trả lời là không, 2 gõ sai, 3 máy có trục trặc, 4 chưa kết luận được (docs/commands.md).",
    add_completion=False,
    pretty_exceptions_enable=False,
)
PeriodArgument = Annotated[str, typer.Argument(metavar="KỲ", help="2024-02, 2024-Q1, 2024-H1, 2024-9M hoặc 2024.")]
EditionArgument = Annotated[str, typer.Argument(metavar="BẢN", help="Mã bản phát hành, ví dụ 2024-02-1.")]
AsJson = Annotated[bool, typer.Option("--json", help="In một đối tượng JSON.")]
AsOf = Annotated[
    Optional[str], typer.Option("--as-of", metavar="NGÀY", help="Như đã biết đến ngày (hoặc thời điểm) này.")
]


@app.callback(invoke_without_command=True)
def options(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="In phiên bản rồi dừng.", is_eager=True)] = False,
) -> None:
    """Read the options that stand before any command."""
    if show_version:
        from importlib.metadata import version

        say(f"ketnghia {version('ketnghia')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        context.get_help()
        raise typer.Exit(2)


@contextmanager
def opened(*, on_ledger: bool = False) -> Iterator["Run"]:
    """The run of one command: opened once, its log kept.

    With `on_ledger` the command is about what the ledger holds already: where there is none it stops, and makes none.
    """
    from services.log import keep_log
    from services.run import open_run, refuse_missing_ledger
    from services.settings import load_settings

    settings = load_settings()
    keep_log(settings.home)
    with open_run(settings) as run:
        if on_ledger:
            refuse_missing_ledger(run.settings)
        # One that must be upgraded first, or cannot be read, stops also whoever would look into it later or not at all.
        run.look_into_ledger()
        yield run


@contextmanager
def stepping(jobs: int = 1, *, on_ledger: bool = False) -> Iterator[tuple["Run", "Direct"]]:
    """A run, and its steps done here, with progress shown."""
    from services.steps import Direct
    from services.upkeep.tidy import clear_left_overs_of

    with opened(on_ledger=on_ledger) as run, progress() as on_progress:
        clear_left_overs_of(run.settings)
        yield run, Direct(run, jobs, on_progress)


def acting(run: "Run") -> "Account":
    """Who gives this command: by his account of the machine, or by a token that is set or asked for.

    Raises:
        Unproven: if nobody has shown who he is.
    """
    from services.accounts import needs_token, who_acts

    # Never an argument: the list of processes would show it to everybody.
    is_asked = sys.stdin.isatty() and needs_token(run)
    return who_acts(run, str(typer.prompt("Mã riêng của tài khoản", hide_input=True)) if is_asked else None)


def read_named(file: Path) -> bytes:
    """The bytes of a file that was named on the command line.

    Raises:
        UnreadableFile: if there is none, or it is a folder.
    """
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableFile(f"Không có tệp {file}.") from error
    except IsADirectoryError as error:
        raise UnreadableFile(f"{file} là thư mục, cần một tệp.") from error


_MAY_NOT_WRITE = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def beside_the_answer(*, is_asked_for: bool = False) -> Iterator[None]:
    """A file inside goes beside an answer that was given: an account that may only read has the answer alone.

    Where somebody named the file's place, that it cannot be written is an error.
    """
    try:
        yield
    except OSError as error:
        if is_asked_for or error.errno not in _MAY_NOT_WRITE:
            raise
        complain("ketnghia: Không ghi tệp kèm theo câu trả lời: tài khoản này chỉ được đọc thư mục dữ liệu.")


def parse_day(text: str | None) -> date | None:
    """Parse a date.

    Raises:
        KetnghiaError: if the text is no date.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise KetnghiaError(f"“{text}” không phải ngày; viết như 2024-02-20.") from error


def parse_looked_at(text: str | None) -> date | None:
    """Parse the day as of which something is looked at: any day there was, or within a year.

    Raises:
        KetnghiaError: if the text is no date.
        UnlikelyDay: if it is years ahead.
    """
    day, today = parse_day(text), system_clock().astimezone(VIETNAM).date()
    if day is not None:
        refuse_slip("--on", day, None, today + A_YEAR, today)
    return day


def parse_start(text: str | None) -> datetime | None:
    """Parse a date or moment; a bare date means 00:00 in Vietnam.

    Raises:
        KetnghiaError: if the text is neither.
    """
    return _moment(text, hour=0, minute=0, second=0)


def parse_end(text: str | None) -> datetime | None:
    """Parse the moment as of which something was known; a bare date means its last second in Vietnam.

    Raises:
        KetnghiaError: if the text is neither a date nor a moment.
        UnlikelyDay: if it has not come yet; nobody knows what will be known then.
    """
    moment = _moment(text, hour=23, minute=59, second=59)
    if moment is not None:
        today = system_clock().astimezone(VIETNAM).date()
        refuse_slip("--as-of", moment.astimezone(VIETNAM).date(), None, today, today)
    return moment


def _moment(text: str | None, *, hour: int, minute: int, second: int) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise KetnghiaError(f"“{text}” không phải ngày; viết như 2024-04-05 hoặc 2024-04-05T17:00.") from error
    if len(text) <= 10:
        moment = moment.replace(hour=hour, minute=minute, second=second)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
