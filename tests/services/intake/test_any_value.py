"""Whatever a cell may hold, anywhere in the form: it is judged, what cannot be is told at its cell, and all can be printed."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.alphabet import is_printed, without_unseen
from domain.findings import Severity, Verdict
from domain.form import NUMERIC, CellType, Field, column_letter
from domain.forms import FORMS, all_fields
from domain.period import Period
from domain.reference import Reference
from domain.text import clean, tidy
from ingest.workbook.packed import PackedWorkbook, pack
from ingest.workbook.raw_workbook import RawCell, RawWorkbook
from ingest.workbook.read import read_workbook
from services.intake.judge import Circumstances, Examined, examine
from services.settings import Settings
from tests.builders import edited
from tests.commands import collect_submissions
from transforms.history import NO_HISTORY

pytestmark = pytest.mark.slow

COMPUTED = {
    (each.version, sheet.table, field.name)
    for each in FORMS
    for sheet in each.sheets
    for field in sheet.fields
    if field.computed
}
"""Cells that are compared with what is computed, and asked nothing else."""
FIELDS = {(sheet.table, field.name): (sheet, field) for sheet, field in all_fields()}
LARGE = [1e15, 1e16, 1e24, 1e28, 1e30, 1e300, 2.0**63, 2.0**64, 1.7e308, math.inf]
SMALL = [5e-324, 1e-300, 0.0, -0.0, 0.1, 999_999_999_999_999.0, 1e14, math.nan]
NUMBERS = (
    st.sampled_from([*LARGE, *(-each for each in LARGE), *SMALL]) | st.floats() | st.integers(0, 80_000).map(float)
)
DAYS = st.dates() | st.sampled_from([date(1, 1, 1), date(24, 2, 5), date(1899, 12, 31), date(2404, 2, 5), date.max])
WRITTEN_DAYS = DAYS.map(lambda day: f"{day.day:02d}/{day.month:02d}/{day.year:04d}") | st.just("05/02/0000")
WRITTEN_NUMBERS = st.from_regex(r"[-+(]?[0-9.]{1,40}(,[0-9]{1,20})?( ?(tỷ|triệu|đ|%))?\)?", fullmatch=True)
LETTERS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("😀\u200b\x7f\uf0b7\ufeff中\u0301ạ\ufffe"))
VALUES = NUMBERS | DAYS | (WRITTEN_DAYS | WRITTEN_NUMBERS | LETTERS).map(tidy)


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: form.version)
def sound(
    request: pytest.FixtureRequest, reference: Reference, tmp_path_factory: pytest.TempPathFactory
) -> RawWorkbook:
    """Pleiku's workbook as it was read, with something in every sheet."""
    from reports.form.content import FormContent
    from reports.form.workbook import write_form
    from tests.builders import ACTIVITY, FEBRUARY, HOUSEHOLD, PEOPLE

    unit, window = reference.reporting_unit("622", FEBRUARY), reference.calendar.window(FEBRUARY)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    households = [HOUSEHOLD | {"village_id": each.village_id, "village_name": each.name} for each in villages]
    rows = {"activities": [ACTIVITY], "households": households}
    content = FormContent(unit, FEBRUARY, window, villages, {}, statement=PEOPLE, rows=rows, form=request.param)
    path: Path = tmp_path_factory.mktemp("sound") / "book.xlsx"
    path.write_bytes(write_form(content))
    return read_workbook(path, "sound")


def with_value(book: RawWorkbook, number: int, table: str, name: str, value: float | date | str) -> RawWorkbook:
    """The workbook with one cell of the first row of a sheet filled in as a reader gives it."""
    place = next(cell for cell in book.cells if (cell.table, cell.field) == (table, name))
    blank = RawCell(place.file, table, place.source_row, place.source_column, name, "blank")
    match value:
        case float():
            put = blank._replace(kind="number", text=repr(value), number=value)
        case date():
            put = blank._replace(kind="day", text=f"{value:%d/%m/%Y}", day=value)
        case _:
            put = blank._replace(kind="text", text=value) if value else blank
    file = f"{number:04d}"
    cells = [(put if cell is place else cell)._replace(file=file) for cell in book.cells]
    columns = [column._replace(file=file) for column in book.columns]
    sheets = [sheet._replace(file=file) for sheet in book.sheets]
    odd = [each._replace(file=file) for each in book.odd]
    totals = [each._replace(file=file) for each in book.totals]
    return replace(book, file=file, cells=cells, columns=columns, sheets=sheets, odd=odd, totals=totals)


def judged(reference: Reference, books: list[RawWorkbook]) -> dict[str, Examined]:
    received = {book.file: date(2024, 2, 16) for book in books}
    given_ = Circumstances(received, reference, NO_HISTORY, Period.parse("2013-01"))
    # All at once, though they are of one unit: what is asked here is no question of revisions.
    batches: dict[tuple[str | None, str | None, int], list[PackedWorkbook]] = {}
    for book in map(pack, books):
        batches.setdefault((book.period, book.unit, book.revision), []).append(book)
    return {each.file: each for batch in batches.values() for each in examine(batch, given_)}


def must_be_refused(field: Field, value: float | date | str) -> bool:
    if field.type in NUMERIC and isinstance(value, float):
        return not math.isfinite(value) or abs(value) >= 1e15
    if field.type is CellType.DAY and isinstance(value, date):
        return not date(1900, 1, 1) <= value <= date(2100, 12, 31)
    # Whatever numbers the rows, nobody asks.
    if field.type is CellType.TEXT and field.name != "stt" and isinstance(value, str):
        return not is_printed(clean(value))
    return False


def test_any_value_anywhere_is_judged_told_at_its_cell_and_can_be_printed(
    reference: Reference, sound: RawWorkbook
) -> None:
    there = {(cell.table, cell.field): cell for cell in reversed(sound.cells) if (cell.table, cell.field) in FIELDS}

    # Not shrunk: what fails names its cell and value, and each step of shrinking would judge sixty workbooks.
    @settings(max_examples=12, deadline=None, phases=[Phase.reuse, Phase.generate])
    @given(st.lists(st.tuples(st.sampled_from(sorted(there)), VALUES), min_size=30, max_size=60))
    def any_value_anywhere(put: list[tuple[tuple[str, str], float | date | str]]) -> None:
        books = [with_value(sound, number, *where, value) for number, (where, value) in enumerate(put)]
        found = judged(reference, books)
        assert sorted(found) == [book.file for book in books]
        for book, (where, value) in zip(books, put, strict=True):
            sheet, field = FIELDS[where]
            address = f"{column_letter(there[where].source_column)}{there[where].source_row}"
            findings = [
                each for each in found[book.file].findings.found if (each.sheet, each.cell) == (sheet.name, address)
            ]
            if must_be_refused(field, value) and (sound.form, *where) in COMPUTED:
                assert "W-COMPUTED" in {each.rule for each in findings}, (sheet.name, address, value)
            elif must_be_refused(field, value):
                assert Severity.ERROR in {each.severity for each in findings}, (sheet.name, address, value)
            if isinstance(value, str) and value != without_unseen(value):
                assert "W-INVISIBLE" in {each.rule for each in findings}, (sheet.name, address, value)
            assert_can_be_printed(found[book.file])

    any_value_anywhere()


def assert_can_be_printed(examined: Examined) -> None:
    """Every sentence of the answer, and every text that would be stored."""
    for finding in examined.findings.found:
        assert is_printed(finding.message + finding.title + finding.value), finding
    stored = [value for value in examined.statement.values() if isinstance(value, str)]
    stored += [
        value
        for frame in examined.facts.values()
        for row in frame.iter_rows()
        for value in row
        if isinstance(value, str)
    ]
    assert all(is_printed(text) for text in stored)


@pytest.mark.parametrize("period", ["9999-12", "0001-01", "2404-02", "2100-12", "2101-01", "2000-01", "\u200b2024-02"])
def test_any_year_of_the_period_is_judged(reference: Reference, sound: RawWorkbook, period: str) -> None:
    [examined] = judged(reference, [with_value(sound, 0, "statement", "period", period)]).values()
    rules = {finding.rule for finding in examined.findings.found if finding.cell == "B10"}
    assert rules & {"E-PERIOD", "E-PERIOD-FUTURE", "E-PERIOD-OLD", "W-INVISIBLE"}


def test_a_month_before_the_calendar_begins_is_refused_and_answered_and_stops_nobody(
    tmp_path: Path, pleiku: Callable[..., bytes]
) -> None:
    run = Settings(home=tmp_path, _env_file=None)
    run.inbox.mkdir()
    (run.inbox / "1.xlsx").write_bytes(edited(pleiku(), ("00_ThongTin", "B10", "2005-01")))
    (run.inbox / "2.xlsx").write_bytes(pleiku())
    verdicts = {collected.verdict for collected in collect_submissions(run)}
    assert verdicts == {Verdict.REJECTED, Verdict.ACCEPTED}
