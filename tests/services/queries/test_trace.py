"""Every printed figure leads to the cells it is made of, and comes out of them again."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from cli.lines.trace import trace_lines
from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.comparison import Differences, compared
from domain.errors import UnknownFigure, UnknownUnit
from domain.indicators import Aggregate, FigureKey
from domain.period import Period
from domain.workings import Operation, outcome
from reports.pdf.inspect import open_pdf
from services.queries import typed_text
from services.queries.trace import OpenEdition
from services.queries.traced import Traced
from services.settings import Settings
from tests.builders import ACTIVITY
from tests.commands import collect_submissions, find_by_text, monthly_report, open_edition, trace

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


@pytest.fixture(scope="module")
def settings(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """The demo's month with its faults, the month before and last year's, and a plan."""
    settings = new_home()
    (settings.home / "reference" / "targets.csv").write_text(
        "year,indicator,kind,value,plan_owner,source\n"
        "2024,value_total_vnd,level,30000,UBND tỉnh,KH 1\n"
        "2024,poverty_rate_pct,ceiling,20,UBND tỉnh,KH 1\n"
        "2024,poverty_rate_pct,reduction,2,UBND tỉnh,KH 1\n",
        encoding="utf-8",
    )
    fill(settings, "2023-02", "2023-12", "2024-01", "2024-02")
    collect_submissions(settings)
    return settings


@pytest.fixture(scope="module")
def opened(settings: Settings) -> OpenEdition:
    return open_edition(settings, monthly_report(settings, FEBRUARY).edition.edition_id)


def value_of(node: Traced) -> Decimal:
    """The figure worked out anew from nothing but the traced cells."""
    key = FigureKey.parse(node.figure_id)
    entry = INDICATOR_BY_CODE.get(key.indicator)
    if node.aggregate == Aggregate.SUM:
        return sum((Decimal(cell.value) for cell in node.cells), Decimal(0))
    if node.aggregate == Aggregate.COUNT:
        return Decimal(len(node.cells))
    if node.aggregate == Aggregate.DISTINCT:
        return Decimal(len({cell.value for cell in node.cells}))
    if node.operation == Operation.RATIO:
        assert entry is not None
        over, under = (value_of(part) for part in node.parts)
        return entry.times * over / under
    if node.operation == Operation.BALANCE:
        assert entry is not None
        values = [value_of(part) for part in node.parts]
        return sum(values[: len(entry.plus)], Decimal(0)) - sum(values[len(entry.plus) :], Decimal(0))
    if node.operation == Operation.COUNT:
        return Decimal(len(node.parts))
    if node.operation:
        return outcome(Operation(node.operation), [operand_of(part) for part in node.parts])
    return Decimal(node.value or 0)


def operand_of(node: Traced) -> Decimal:
    entry = INDICATOR_BY_CODE.get(FigureKey.parse(node.figure_id).indicator)
    if entry is None or not (node.aggregate or entry.parts) or "@" not in node.figure_id or node.operation in (
        Operation.DIFFERENCE, Operation.SHARE_PCT, Operation.CHANGE_PCT, Operation.SAME
    ):  # fmt: skip
        return value_of(node)
    return compared(value_of(node) / entry.printed_per, entry.decimals, Differences.PRINTED)


def printed(figure_id: str, kind: str, value: Decimal, text: str) -> str:
    """The value as the page writes it."""
    if kind == "coverage":
        return wording.count(int(value))
    if kind == "measure":
        entry = INDICATOR_BY_CODE[FigureKey.parse(figure_id).indicator]
        return wording.number(value / entry.printed_per, entry.decimals)
    decimals = len(text.partition(",")[2])
    return wording.number(value, decimals)


def test_every_figure_of_an_edition_is_what_its_cells_add_up_to(opened: OpenEdition) -> None:
    looked_at = 0
    for figure_id, figure in opened.printed.items():
        if figure.kind in ("measure", "comparison", "coverage"):
            value = value_of(opened.traced(figure_id))
            assert printed(figure_id, figure.kind, value, figure.text) == figure.text, figure_id
            looked_at += 1
    kinds = {figure.kind for figure in opened.printed.values()}
    assert {"measure", "comparison", "coverage", "planned", "published"} <= kinds
    assert looked_at > 300


def test_every_kind_of_indicator_is_on_the_page_or_in_its_lists(settings: Settings, opened: OpenEdition) -> None:
    data = json.loads((settings.editions / opened.edition.sha256 / "so-lieu.json").read_text(encoding="utf-8"))
    listed = [each["id"] for each in (*data["figures"], *data["listed"])]
    printed_codes = {FigureKey.parse(figure_id).indicator for figure_id in listed}
    assert {code for code, entry in INDICATOR_BY_CODE.items() if entry.unit_of_measure} <= printed_codes


def test_a_figure_says_of_how_many_cells_and_submissions_it_is_made(settings: Settings, opened: OpenEdition) -> None:
    asked = ("value_total_vnd@period", "poverty_rate_pct@period", "villages_inactive:unit=622@period")
    opened = open_edition(settings, opened.edition.edition_id, asked)
    for figure_id in asked:
        traced = opened.traced(figure_id)
        assert opened.printed.get(figure_id) is None or opened.printed[figure_id].cells == len(traced.all_cells())
        sources = opened.summary.sources(FigureKey.parse(figure_id))
        assert sources.cells == len(traced.all_cells())
        hashes = {record.sha256 for record in opened.summary.submissions if record.submission_id in sources.submissions}
        assert hashes == {cell.sha256 for cell in traced.all_cells() if cell.sha256}


def test_a_trace_ends_at_what_was_typed_and_by_whom(settings: Settings, opened: OpenEdition) -> None:
    traced = trace(settings, opened.edition.edition_id, "value_total_vnd@period", "622")
    assert traced.figure_id == "value_total_vnd:unit=622@period"
    assert {cell.unit for cell in traced.cells} == {"622"}
    assert all(cell.typed == cell.value for cell in traced.cells)
    [sent] = traced.submissions
    assert (sent.revision, sent.prepared_by) == (2, "Nguyễn Văn Giả Định")
    assert sent.received_at.startswith("2024-02-16")
    told = "\n".join(trace_lines(traced))
    assert sent.sha256[:12] in told
    assert "người duyệt Trần Thị Giả Định" in told


def test_a_comparison_leads_down_to_both_sides(settings: Settings, opened: OpenEdition) -> None:
    traced = trace(
        settings, opened.edition.edition_id, "value_without_tet_vnd@change_from_previous_pct", as_typed=False
    )
    now, then = traced.parts
    assert {cell.period for cell in now.all_cells()} == {"2024-02"}
    assert {cell.period for cell in then.all_cells()} == {"2024-01"}
    assert traced.formula.endswith(f"= {traced.text}%")
    percent = trace(settings, opened.edition.edition_id, "target.3@fulfilled_pct", as_typed=False)
    assert [part.figure_id for part in percent.parts] == ["target.3@moved_pp", "target.3"]
    assert percent.all_cells()


def test_what_is_read_for_one_figure_gives_what_the_whole_edition_gives(
    settings: Settings, opened: OpenEdition
) -> None:
    one_of_each = {}
    for figure_id, figure in opened.printed.items():
        key = FigureKey.parse(figure_id)
        # A claim has a trace of its own kind: tests/services/queries/test_trace_claim.py.
        if figure.kind != "claim":
            one_of_each[figure.kind, figure.operation, key.indicator, key.basis, key.dimension] = figure_id
    assert len(one_of_each) > 200
    for figure_id in list(one_of_each.values())[::7]:
        alone = open_edition(settings, opened.edition.edition_id, [figure_id])
        assert alone.traced(figure_id) == opened.traced(figure_id)


def test_only_the_tables_and_months_behind_a_figure_are_read(settings: Settings, opened: OpenEdition) -> None:
    alone = open_edition(settings, opened.edition.edition_id, ["poverty_rate_pct@year_start"])
    assert set(alone.countable.tables) == {"households"}
    rows = alone.countable.tables["households"].collect()
    assert set(rows["period"]) == {"2023-12", "2024-02"}


def test_of_a_figure_of_too_many_files_it_is_said_that_they_were_not_read_again(
    settings: Settings, opened: OpenEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = opened.edition.edition_id
    monkeypatch.setattr(typed_text, "MOST_FILES", 3)
    whole = trace(settings, edition, "value_total_vnd@period")
    files = len({cell.sha256 for cell in whole.cells})
    assert whole.explanation.endswith(
        f"Không đọc lại {files} tệp để lấy chữ đã ghi trong từng ô. Xem phần của một đơn vị: thêm --unit MÃ."
    )
    assert {cell.typed for cell in whole.cells} == {None}
    # The part of a unit is another figure than this one, of which only a part may be asked for.
    of_some = trace(settings, edition, "value_total_vnd:activity=QUA_TET@period")
    assert of_some.explanation.endswith("từng ô.")
    of_unit = trace(settings, edition, "value_total_vnd@period", "622")
    assert "Không đọc lại" not in of_unit.explanation
    assert all(cell.typed == cell.value for cell in of_unit.cells)


def test_a_count_of_units_names_them_with_their_reports(opened: OpenEdition) -> None:
    late = opened.traced("coverage.late")
    assert [part.name for part in late.parts] == ["Huyện Kbang"]
    assert "lần nộp 1" in late.parts[0].explanation
    missing = opened.traced("coverage.missing")
    assert [part.explanation for part in missing.parts] == ["không có báo cáo được chấp nhận"]


def test_a_figure_that_is_not_printed_can_be_traced_and_one_that_nobody_knows_cannot(
    settings: Settings, opened: OpenEdition
) -> None:
    edition = opened.edition.edition_id
    village = trace(settings, edition, "inkind_vnd:village=23586-01@period")
    assert "không in số này" in village.explanation
    assert value_of(village) == Decimal(village.value or 0)
    partner = trace(settings, edition, "activities:partner=DV-001@period")
    assert partner.cells
    for unknown in (
        "value_total_vnd:activity=NOPE@period",
        "value_total_vnd:village=00000-99@period",
        "activities:partner=XXX@period",
        "value_total_vnd:unit=99999@period",
        "value_total_vnd:units=622+99999@period",
        "value_total_vnd:month=1999-01@trend",
    ):
        with pytest.raises(UnknownFigure, match=re.escape(unknown)):
            trace(settings, edition, unknown)
    with pytest.raises(UnknownFigure, match="mới tách được theo đơn vị"):
        trace(settings, edition, "published.1", "622")
    with pytest.raises(UnknownUnit, match="999"):
        trace(settings, edition, "value_total_vnd@period", "999")
    for nowhere in (
        "value_total_vnd@nowhere",
        "value_total_vnd@history",
        "value_total_vnd@trend",
        "value_total_vnd:village=23586-01@previous",
        "villages_active:units=622+623@period",
        "value_per_village_vnd:village=23586-01@period",
    ):
        with pytest.raises(UnknownFigure, match=r"value|villages_active"):
            trace(settings, edition, nowhere)


def test_a_partner_whom_no_table_has_is_traced_where_somebody_wrote_it(
    new_home: Callable[[], Settings], pleiku: Callable[..., bytes]
) -> None:
    settings = new_home()
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "KN_622.xlsx").write_bytes(
        pleiku(rows={"activities": [ACTIVITY | {"activity_date": date(2024, 2, 5), "org_id": "Công ty Lạ"}]})
    )
    assert [each.verdict.counts for each in collect_submissions(settings)] == [True]
    edition = monthly_report(settings, FEBRUARY).edition.edition_id
    assert len(trace(settings, edition, "activities:partner=Công ty Lạ@period").cells) == 1
    with pytest.raises(UnknownFigure, match="Công ty Khác"):
        trace(settings, edition, "activities:partner=Công ty Khác@period")


def test_a_part_of_another_kind_is_not_taken_for_the_part_of_a_unit(settings: Settings, opened: OpenEdition) -> None:
    with pytest.raises(UnknownFigure, match="hoặc hỏi value_total_vnd@period"):
        trace(settings, opened.edition.edition_id, "value_total_vnd:activity=QUA_TET@period", "622")
    for figure in ("value_total_vnd:unit=622@period", "value_total_vnd:units=622+625@period"):
        with pytest.raises(UnknownFigure, match="không phải số của đơn vị 623"):
            trace(settings, opened.edition.edition_id, figure, "623")
    own = trace(settings, opened.edition.edition_id, "value_total_vnd:units=622+625@period", "622")
    assert own.figure_id == "value_total_vnd:unit=622@period"


def test_of_reports_nobody_is_told_that_their_typed_text_was_not_looked_up(
    settings: Settings, opened: OpenEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_text, "MOST_FILES", 3)
    assert "Không đọc lại" not in trace(settings, opened.edition.edition_id, "reports_received@period").explanation


def test_an_edition_opened_for_one_figure_says_nothing_of_another(settings: Settings, opened: OpenEdition) -> None:
    alone = open_edition(settings, opened.edition.edition_id, ["value_total_vnd@period"])
    with pytest.raises(LookupError, match="value_total_vnd@cumulative"):
        alone.traced("value_total_vnd@cumulative")


def test_a_number_is_found_without_knowing_its_edition(settings: Settings, opened: OpenEdition) -> None:
    text = opened.printed["poverty_rate_pct@period"].text
    found = find_by_text(settings, f" {text}% ")
    assert (opened.edition.edition_id, "poverty_rate_pct@period") in [(where, each.figure_id) for where, each in found]
    with pytest.raises(UnknownFigure, match="Không bản nào"):
        find_by_text(settings, "9.999.999,9")


def test_page_and_data_file_bear_the_same_ids(settings: Settings, opened: OpenEdition) -> None:
    pdf = open_pdf((settings.editions / f"{opened.edition.sha256}.pdf").read_bytes())
    in_text = {
        figure_id
        for figure_id, figure in opened.printed.items()
        if figure.kind in ("measure", "comparison", "coverage", "planned", "published")
        and not re.search(r":month=|^(sent|owing|stating|to_state)\.|value_per_village_vnd:", figure_id)  # on a chart
    }
    assert in_text <= pdf.destinations


def test_a_figure_is_traced_by_the_tables_of_its_edition(settings: Settings, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(settings.home, home)
    own = Settings(home=home, _env_file=None)
    edition = monthly_report(own, FEBRUARY).edition.edition_id
    before = trace(own, edition, "villages_with_partner@period").as_json()
    assignments = home / "reference" / "assignments.csv"
    assignments.write_text(assignments.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert trace(own, edition, "villages_with_partner@period").as_json() == before
