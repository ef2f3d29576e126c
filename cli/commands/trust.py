"""The commands that answer for a figure: trace, verify, questions, duplicates."""

from pathlib import Path
from typing import Annotated, Optional

import typer

from cli.app import AsJson, AsOf, PeriodArgument, app, opened, parse_end
from cli.terminal import say, say_json
from domain.errors import Ending, KetnghiaError
from domain.period import Period

PANEL = "Trả lời về số liệu"


@app.command(rich_help_panel=PANEL)
def trace(
    edition: Annotated[
        Optional[str], typer.Argument(metavar="BẢN", help="Mã bản phát hành, ví dụ 2024-02-1; với --text có thể bỏ.")
    ] = None,
    figure: Annotated[
        Optional[str], typer.Argument(metavar="SỐ", help="Mã số, ví dụ value_total_vnd@period; hoặc mã một nhận định.")
    ] = None,
    unit: Annotated[Optional[str], typer.Option(metavar="MÃ", help="Chỉ phần của đơn vị này.")] = None,
    text: Annotated[Optional[str], typer.Option(help="Tìm mã của số in ra như thế này, ví dụ “15,94”.")] = None,
    as_json: AsJson = False,
) -> None:
    """Số này, câu này ở đâu ra: cách tính, đơn vị, ngày, bài nộp và các ô như đã ghi trong tệp."""
    from cli.lines.claim import claim_lines
    from cli.lines.trace import trace_lines
    from services.queries.asked_figure import find_by_text
    from services.queries.trace import trace as trace_figure
    from services.queries.trace_claim import TracedClaim, is_claim, trace_claim
    from services.queries.traced import Traced

    if text is None and (edition is None or figure is None):
        raise KetnghiaError("Ghi mã bản và mã số cần tra, hoặc --text “số đã in” để tìm mã.")
    with opened(on_ledger=True) as run:
        if text is not None:
            for where, printed in find_by_text(run, text, edition):
                say(f"{where} {printed.figure_id}: {printed.name} = {printed.text} {printed.unit_of_measure}".rstrip())
            return
        if is_claim(run, str(edition), str(figure)):
            if unit is not None:
                raise KetnghiaError("Một nhận định không tách theo đơn vị; bỏ --unit, hoặc tra mã số của từng vế.")
            found: Traced | TracedClaim = trace_claim(run, str(edition), str(figure))
        else:
            found = trace_figure(run, str(edition), str(figure), unit)
    if as_json:
        say_json(found.as_json())
        return
    for line in trace_lines(found) if isinstance(found, Traced) else claim_lines(found):
        say(line)


@app.command(rich_help_panel=PANEL)
def verify(
    file: Annotated[Optional[Path], typer.Argument(metavar="TỆP.pdf", help="Báo cáo cần kiểm tra.")] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Kiểm tra cả sổ và kho tệp.")] = False,
    head: Annotated[
        Optional[str], typer.Option(metavar="MÃ", help="Mã kiểm tra của sổ đã ghi lại từ lần trước.")
    ] = None,
) -> None:
    """Tệp này, sổ này có đúng như đã lập không? Mã thoát: 0 đúng, 1 có chỗ sai, 4 không có sổ để đối chiếu."""
    from services.queries.verify_edition import verify_edition
    from services.queries.verify_ledger import verify_ledger

    if file is None and not ledger:
        raise KetnghiaError("Ghi tệp PDF cần kiểm tra, hoặc --ledger để kiểm tra sổ.")
    faults: list[str] = []
    is_decided = True
    with opened(on_ledger=ledger) as run:
        if file is not None:
            checked = verify_edition(run, file)
            for line in checked.sound:
                say(f"ĐÚNG  {line}.")
            for line in checked.notes:
                say(f"LƯU Ý {line}.")
            faults += checked.faults
            is_decided = checked.is_decided
        if ledger:
            found = verify_ledger(run, head)
            say(f"Sổ có {found.links} mắt xích, dấu sổ {found.head}; đã kiểm tra {found.files} tệp.")
            faults += found.faults
    for line in faults:
        say(f"SAI   {line}.")
    if faults:
        raise typer.Exit(Ending.NO)
    if not is_decided:
        say(
            "Chưa kết luận được: trang và tệp đính kèm khớp nhau, còn có phải của mình không thì chỉ sổ mới trả lời được."
        )
        raise typer.Exit(Ending.UNDECIDED)
    say("Không tìm thấy chỗ nào sai.")


@app.command(rich_help_panel=PANEL)
def duplicates(period: PeriodArgument, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Các dòng có thể kể hai lần cùng một việc: để người quyết định, ghi vào reference/double_counting.csv."""
    from dataclasses import asdict

    from cli.lines.duplicates import pair_lines
    from services.figures.duplicates import find_duplicates

    with opened(on_ledger=True) as run:
        pairs = find_duplicates(run, Period.parse(period), parse_end(as_of))
    if as_json:
        say_json([asdict(pair) for pair in pairs])
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

    from cli.lines.questions import question_lines
    from services.intake.question_sheets import open_questions, write_question_sheets

    month = Period.parse(period)
    with opened(on_ledger=True) as run:
        found = [each for each in open_questions(run, month, parse_end(as_of)) if unit in (None, each.unit_code)]
        if as_json:
            say_json([asdict(each) | {"question_id": each.question_id} for each in found])
            return
        for line in question_lines(found):
            say(line)
        if write:
            for path in write_question_sheets(run, month, found):
                say(f"Phiếu: {path}")


@app.command(rich_help_panel=PANEL)
def explain(
    file: Annotated[Path, typer.Argument(metavar="PHIẾU.xlsx", help="Phiếu câu hỏi đơn vị đã trả lời.")],
) -> None:
    """Nhận giải trình của đơn vị từ phiếu câu hỏi; giải trình theo số liệu vào báo cáo."""
    from services.intake.question_sheets import take_answers

    with opened(on_ledger=True) as run:
        new, known = take_answers(run, file)
    say(f"Nhận {new} giải trình mới; {known} giải trình đã có từ trước.")


@app.command(rich_help_panel=PANEL)
def burden(
    period: Annotated[
        Optional[str], typer.Argument(metavar="KỲ", help="Mười hai tháng đến hết kỳ này (mặc định: tháng vừa đóng).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Mỗi đơn vị phải ghi bao nhiêu ô một năm, và ô nào không có số in nào dùng."""
    from cli.lines.burden import burden_lines
    from services.queries.burden import burden as burden_of
    from services.queries.burden import burden_as_json

    with opened(on_ledger=True) as run:
        month = Period.parse(period) if period else run.reference.calendar.last_closed(run.now())
        asked = burden_of(run, month.last_month)
    if as_json:
        say_json(burden_as_json(asked))
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
    from storage.durable import write_durably

    place = out or load_settings().home / DICTIONARY_NAME
    write_durably(place, dictionary_bytes())
    say(f"Từ điển: {place}")
