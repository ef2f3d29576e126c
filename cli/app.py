"""The command line itself, and how its arguments are read; the commands are in the modules beside this one."""

from datetime import datetime
from typing import Annotated, Optional

import typer

from domain.calendar import VIETNAM
from domain.errors import KetnghiaError

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


def start_of(text: str | None) -> datetime | None:
    """A day means its first second in Vietnam."""
    at = moment_of(text)
    return at if at is None or text is None or len(text) > 10 else at.replace(hour=0, minute=0, second=0)


def moment_of(text: str | None) -> datetime | None:
    """A day means its last second in Vietnam.

    Raises:
        KetnghiaError: if the text is no day and no moment.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise KetnghiaError(f"“{text}” không phải ngày; viết như 2024-04-05 hoặc 2024-04-05T17:00.") from error
    if len(text) <= 10:
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
