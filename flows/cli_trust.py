"""The commands that answer for a figure: trace, verify, questions, doubles. Every command reads the settings, runs one composition and words its outcome.

Heavy libraries are imported inside the commands that need them.
"""

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from domain.errors import KetnghiaError
from flows.cli_app import AsJson, app
from flows.console import say


@app.command()
def trace(
    edition: Annotated[
        Optional[str], typer.Argument(metavar="BẢN", help="Mã bản phát hành, ví dụ 2024-02-1; với --text có thể bỏ.")
    ] = None,
    figure: Annotated[Optional[str], typer.Argument(metavar="SỐ", help="Mã số, ví dụ value_total_vnd@period.")] = None,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ phần của đơn vị này.")] = None,
    text: Annotated[Optional[str], typer.Option(help="Tìm mã của số in ra như thế này, ví dụ “15,94”.")] = None,
    as_json: AsJson = False,
) -> None:
    """Số này ở đâu ra: cách tính, đơn vị, bài nộp và các ô như đã ghi trong tệp."""
    from flows.settings import load_settings
    from flows.trace import find_by_text
    from flows.trace import trace as trace_figure
    from flows.trace_words import trace_lines

    settings = load_settings()
    if text is not None:
        for where, found in find_by_text(settings, text, edition):
            say(f"{where} {found.figure_id}: {found.name} = {found.text} {found.unit_of_measure}".rstrip())
        return
    if edition is None or figure is None:
        raise KetnghiaError("Ghi mã bản và mã số cần tra, hoặc --text “số đã in” để tìm mã.")
    traced = trace_figure(settings, edition, figure, unit)
    for line in [json.dumps(traced.as_json(), ensure_ascii=False, indent=2)] if as_json else trace_lines(traced):
        say(line)


@app.command()
def verify(
    file: Annotated[Optional[Path], typer.Argument(metavar="TỆP.pdf", help="Báo cáo cần kiểm tra.")] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Kiểm tra cả sổ và kho tệp.")] = False,
    head: Annotated[Optional[str], typer.Option(metavar="DẤU", help="Dấu sổ đã ghi lại từ lần trước.")] = None,
) -> None:
    """Tệp này, sổ này có đúng như đã lập không? Mã thoát: 0 đúng, 1 có chỗ sai."""
    from flows.settings import load_settings
    from flows.verify_edition import verify_edition
    from flows.verify_ledger import verify_ledger

    settings = load_settings()
    if file is None and not ledger:
        raise KetnghiaError("Ghi tệp PDF cần kiểm tra, hoặc --ledger để kiểm tra sổ.")
    faults: list[str] = []
    if file is not None:
        checked = verify_edition(settings, file)
        for line in checked.sound:
            say(f"ĐÚNG  {line}.")
        for line in checked.notes:
            say(f"LƯU Ý {line}.")
        faults += checked.faults
    if ledger:
        found = verify_ledger(settings, head)
        say(f"Sổ có {found.links} mắt xích, dấu sổ {found.head}; đã kiểm tra {found.files} tệp.")
        faults += found.faults
    for line in faults:
        say(f"SAI   {line}.")
    if faults:
        raise typer.Exit(1)
    say("Không tìm thấy chỗ nào sai.")
