"""The command that shows one month from the workbooks to the mail, with made-up figures, through Prefect."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import app, opened, stepping
from cli.terminal import complain, progress, say
from domain.errors import BadPeriod, MissingExtra, WorkerLost
from domain.period import Period

if TYPE_CHECKING:
    from services.progress import Progress
    from services.run import Run

RELEASED_BY = "Người trình diễn"


@app.command(rich_help_panel="Hằng tháng")
def demo(
    period: Annotated[str, typer.Argument(metavar="KỲ", help="Tháng trình diễn.")] = "2024-02",
) -> None:
    """Trình diễn trọn một tháng với số liệu giả định, qua máy chủ Prefect nhúng."""
    from services.intake.demonstration import let_months_arrive, refuse_real_data, write_registers

    month = Period.parse(period)
    if not month.is_month:
        raise BadPeriod(f"Trình diễn theo tháng; {month} gồm nhiều tháng.")
    if find_spec("prefect") is None:
        raise MissingExtra.of("Trình diễn qua Prefect", "serve")
    with opened() as run:
        refuse_real_data(run)
        say(f"1/3 Lập bài nộp giả định kỳ {month} vào {run.settings.inbox}")
        write_registers(run)
    with stepping() as (run, steps):
        let_months_arrive(run, month, steps.on_progress)
    say("2/3 Khởi động máy chủ Prefect nhúng: thu nhận, kiểm tra, lập báo cáo, duyệt, gửi thư")
    edition, recipients = _through_prefect(month)
    with opened() as run:
        _show_results(run, month, edition, recipients)


def _through_prefect(month: Period) -> tuple[str, int]:
    """Run the flows in a process of their own, for this one does not know Prefect; gives the edition and its recipients."""
    from flows.serving.surroundings import login_of_server, prefect_environment
    from services.settings import load_settings

    command = [sys.executable, "-m", "flows.orchestration", str(month), RELEASED_BY]
    settings = load_settings()
    environment = os.environ | prefect_environment(settings, login_of_server(settings))
    with progress() as on_progress, subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as flows:
        found = _follow(flows.stdout or (), on_progress)
    if flows.returncode or found is None:
        raise WorkerLost("Các bước qua Prefect không thành công; xem thông báo ở trên.")
    return str(found["edition"]), len(found["delivered"])


def _follow(lines: Iterable[bytes], on_progress: "Progress") -> dict[str, Any] | None:
    """Show what the process of the flows says as it says it; gives its result, nothing where it ended without one."""
    result: dict[str, Any] | None = None
    for line in lines:
        match _read(line):
            case {"progress": {"step": step, "done": done, "total": total}}:
                on_progress(step, done, total)
            case {"warning": sentence}:
                complain(f"ketnghia: {sentence}")
            case {"result": found}:
                result = found
    return result


def _read(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:
        # Not ours: a library printed it, and whoever watches sees it as it is.
        complain(line.decode(errors="replace").rstrip())
        return None


def _show_results(run: "Run", month: Period, edition: str, recipients: int) -> None:
    from storage.edition_files import pdf_path
    from storage.editions import find_edition

    with run.ledger.read() as session:
        record = find_edition(session, edition)
    home = run.settings.home
    say(f"3/3 Bản {edition} {record.state.label} (tên người duyệt: {RELEASED_BY})")
    say()
    say(f"Báo cáo (PDF):        {pdf_path(run.settings.editions, record.document_sha256)}")
    if not run.settings.smtp_host:
        say(f"Thư đã ghi (.eml):    {run.settings.mail_sink / edition} ({recipients} người nhận)")
    say(
        f"Kết quả kiểm tra:     {home / 'findings' / str(month)} (mỗi tệp một câu trả lời; có lỗi thì kèm tệp đã đánh dấu)"
    )
    say()
    say("Thử tiếp:")
    for line, meaning in (
        (f"status {month}", "ai đã nộp, ai chưa"),
        (f"trace {edition} value_total_vnd@period", "số này ở đâu ra"),
        (f"forms {month} --unit {run.reference.expected_units(month)[0].code}", "biểu mẫu cho một đơn vị điền"),
        (f"report {month}", "lập lại: cùng dữ liệu, cùng từng byte"),
        ("serve", "máy chủ, việc đến hạn tự chạy mỗi ngày, và lập lại bằng tay"),
    ):
        say(f"  {_command()} {line:<52} # {meaning}")


def _command() -> str:
    """How this program was called, so that the examples can be copied."""
    called = Path(sys.argv[0])
    try:
        return str(called.resolve().relative_to(Path.cwd()))
    except ValueError:
        return called.name
