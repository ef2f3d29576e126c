"""The commands that answer for a figure: trace, verify, questions, doubles. Every command reads the settings, runs one composition and words its outcome.

Heavy libraries are imported inside the commands that need them.
"""

import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, AsOf, PeriodArgument, app, moment_of
from cli.terminal import say
from domain.errors import KetnghiaError
from domain.period import Period

PANEL = "Trả lời về số liệu"


@app.command(rich_help_panel=PANEL)
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
    from cli.lines.trace import trace_lines
    from services.queries.trace import find_by_text
    from services.queries.trace import trace as trace_figure
    from services.settings import load_settings

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


@app.command(rich_help_panel=PANEL)
def verify(
    file: Annotated[Optional[Path], typer.Argument(metavar="TỆP.pdf", help="Báo cáo cần kiểm tra.")] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Kiểm tra cả sổ và kho tệp.")] = False,
    head: Annotated[Optional[str], typer.Option(metavar="DẤU", help="Dấu sổ đã ghi lại từ lần trước.")] = None,
) -> None:
    """Tệp này, sổ này có đúng như đã lập không? Mã thoát: 0 đúng, 1 có chỗ sai."""
    from services.queries.verify_edition import verify_edition
    from services.queries.verify_ledger import verify_ledger
    from services.settings import load_settings

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


@app.command(rich_help_panel=PANEL)
def doubles(period: PeriodArgument, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Các dòng có thể kể hai lần cùng một việc: để người quyết định, ghi vào reference/double_counting.csv."""
    from dataclasses import asdict

    from services.figures.duplicates import doubles as doubles_of
    from services.figures.duplicates import pair_lines
    from services.settings import load_settings

    pairs = doubles_of(load_settings(), Period.parse(period), moment_of(as_of))
    if as_json:
        say(json.dumps([asdict(pair) for pair in pairs], ensure_ascii=False, indent=2, default=str))
        return
    for line in pair_lines(pairs):
        say(line)


@app.command(rich_help_panel=PANEL)
def questions(
    period: PeriodArgument,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ đơn vị này.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Lập phiếu câu hỏi .xlsx cho từng đơn vị.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Số liệu khác thường cần hỏi lại đơn vị, kèm mười hai tháng trước của chính đơn vị."""
    from dataclasses import asdict

    from services.intake.question_sheets import open_questions, question_lines, write_question_sheets
    from services.settings import load_settings

    settings = load_settings()
    found = [
        each
        for each in open_questions(settings, Period.parse(period), moment_of(as_of))
        if unit in (None, each.unit_code)
    ]
    if as_json:
        told = [asdict(each) | {"question_id": each.question_id} for each in found]
        say(json.dumps(told, ensure_ascii=False, indent=2, default=str))
        return
    for line in question_lines(found):
        say(line)
    if write:
        for path in write_question_sheets(settings, Period.parse(period), found):
            say(f"Phiếu: {path}")


@app.command(rich_help_panel=PANEL)
def explain(
    file: Annotated[Path, typer.Argument(metavar="PHIẾU.xlsx", help="Phiếu câu hỏi đơn vị đã trả lời.")],
) -> None:
    """Nhận giải trình của đơn vị từ phiếu câu hỏi; giải trình theo số liệu vào báo cáo."""
    from services.intake.question_sheets import take_answers
    from services.settings import load_settings

    new, known = take_answers(load_settings(), file)
    say(f"Nhận {new} giải trình mới; {known} giải trình đã có từ trước.")


@app.command(rich_help_panel=PANEL)
def burden(
    period: Annotated[
        Optional[str], typer.Argument(metavar="KỲ", help="Mười hai tháng đến hết kỳ này (mặc định: tháng vừa đóng).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Mỗi đơn vị phải ghi bao nhiêu ô một năm, và ô nào không có số in nào dùng."""
    from services.queries.burden import burden as burden_of
    from services.queries.burden import burden_as_json, burden_lines
    from services.registers import load_registers
    from services.settings import load_settings, now

    settings = load_settings()
    month = Period.parse(period) if period else load_registers(settings).calendar.last_closed(now())
    asked = burden_of(settings, month.last_month)
    if as_json:
        say(json.dumps(burden_as_json(asked), ensure_ascii=False, indent=2))
        return
    for line in burden_lines(asked):
        say(line)


@app.command(rich_help_panel=PANEL)
def dictionary(
    out: Annotated[Optional[Path], typer.Option(help="Tệp CSV (mặc định: data/tu-dien-so-lieu.csv).")] = None,
) -> None:
    """Từ điển chỉ tiêu: định nghĩa, cách cộng dồn, căn cứ của từng chỉ tiêu, thành một tệp CSV."""
    from reports.companions.edition_data import DICTIONARY_NAME
    from reports.companions.edition_data import dictionary as dictionary_bytes
    from services.settings import load_settings
    from storage.archive import write_durably

    place = out or load_settings().home / DICTIONARY_NAME
    write_durably(place, dictionary_bytes())
    say(f"Từ điển: {place}")
