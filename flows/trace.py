"""Where does this number come from? From a printed figure to the rows and cells behind it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

import polars as pl

from domain import form
from domain.corrections import AppliedCorrection, Correction
from domain.editions import EditionRecord
from domain.errors import UnknownFigure
from domain.figures import Figure
from domain.indicators import INDICATOR_BY_CODE, Aggregate, FigureKey, Indicator, Kind
from domain.period import Period
from flows.known import applied_corrections, known_facts
from flows.registers import load_registers
from flows.settings import Settings
from storage import editions, submissions
from storage.database import open_database
from transforms.summarise import bases_of, departed_units
from transforms.trace import contributions


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One cell that enters a figure."""

    unit: str
    period: str
    revision: int
    sha256: str
    sheet: str
    cell: str
    value: str
    correction: str | None = None
    """What the unit sent, and why the province changed it; null where nobody did."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure with what it is made of: other figures, or cells."""

    figure_id: str
    name: str
    text: str
    value: str | None
    unit_of_measure: str
    explanation: str
    cells: list[TracedCell] = field(default_factory=list)
    parts: list["Traced"] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The tree as plain data."""
        return asdict(self)


def trace(settings: Settings, edition_id: str, figure_id: str) -> Traced:
    """The rows and cells behind a printed figure, as the ledger knew them when the edition was made.

    Raises:
        UnknownEdition: if there is no such edition.
        UnknownFigure: if the edition does not print that figure.
    """
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            printed = {figure.figure_id: figure for figure in editions.figures_of(session, edition_id)}
            if figure_id not in printed:
                raise UnknownFigure(_not_found(edition_id, figure_id, printed))
            period = Period.parse(edition.period)
            bases = bases_of(reference.spans(period))
            departed = departed_units(reference.departed([Period.parse(month) for month in bases["period"].unique()]))
            periods = sorted(set(bases["period"]))
            tables = known_facts(session, reference, ("activities", "households"), periods, edition.as_of)
            corrections = applied_corrections(session, reference, edition.as_of)
            columns = {
                record.submission_id: record.columns
                for record in submissions.counting_submissions(session, periods, edition.as_of)
            }
            counted = submissions.counting_submissions(session, [str(m) for m in period.months()], edition.as_of)
    finally:
        database.close()
    figure = printed[figure_id]
    if figure.kind == "coverage":
        told = "; ".join(f"{row.unit_code} lần nộp {row.revision} ({row.sha256[:12]}…)" for row in counted)
        return _told(figure, f"Đếm trên các báo cáo được chấp nhận: {told}.")
    if figure.kind != "measure":
        return _told(figure, _explain(figure, edition))
    rows = _Rows(tables, bases.lazy(), departed, columns, {_place(each): each.correction for each in corrections})
    return _measured(FigureKey.parse(figure_id), figure, rows)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Everything that figures are traced to."""

    tables: Mapping[str, pl.LazyFrame]
    bases: pl.LazyFrame
    departed: pl.LazyFrame
    columns: Mapping[int, Mapping[str, Mapping[str, str]]]
    corrections: Mapping[tuple[int, str, int, str], Correction]


def _place(applied: AppliedCorrection) -> tuple[int, str, int, str]:
    return applied.submission_id, applied.table, applied.source_row, applied.field


def find_by_text(settings: Settings, edition_id: str, text: str) -> list[Figure]:
    """The figures of an edition that are printed with just this text.

    Raises:
        UnknownEdition: if there is no such edition.
        UnknownFigure: if it prints no such number.
    """
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        editions.find_edition(session, edition_id)
        found = [figure for figure in editions.figures_of(session, edition_id) if figure.text == text]
    database.close()
    if not found:
        raise UnknownFigure(
            f"Bản {edition_id} không in số nào viết là “{text}”; chép đúng như trên trang, ví dụ 15,94."
        )
    return found


def _measured(key: FigureKey, figure: Figure | None, rows: _Rows) -> Traced:
    indicator = INDICATOR_BY_CODE[key.indicator]
    text = figure.text if figure else ""
    if indicator.kind is Kind.RATIO:
        parts = [
            _measured(FigureKey(code, key.basis, key.dimension, key.member), None, rows)
            for code in (indicator.numerator, indicator.denominator)
        ]
        formula = f"{_as_text(figure.numerator)} ÷ {_as_text(figure.denominator)} = {text}%" if figure else ""
        return Traced(str(key), indicator.name, text, _exact(figure), "%", formula, parts=parts)
    if indicator.table == "register":
        return Traced(
            str(key), indicator.name, text, _exact(figure), indicator.unit_of_measure,
            f"{indicator.definition} Nguồn: reference/villages.csv.",
        )  # fmt: skip
    counted = contributions(rows.tables[indicator.table], rows.bases, rows.departed, key, indicator).collect()
    sheet = form.SHEET_BY_TABLE[indicator.table].name
    cells = [
        TracedCell(
            unit=row["unit_code"],
            period=row["period"],
            revision=row["revision"],
            sha256=row["sha256"],
            sheet=sheet,
            cell=f"{rows.columns[row['submission_id']][indicator.table].get(indicator.column, '?')}{row['source_row']}",
            value=_as_text(Decimal(row["value"])) if indicator.aggregate is Aggregate.SUM else row["value"],
            correction=_correction(rows, row["submission_id"], indicator, row["source_row"]),
        )
        for row in counted.iter_rows(named=True)
    ]
    explanation = f"{indicator.definition} {len(cells)} ô."
    return Traced(str(key), indicator.name, text, _exact(figure), indicator.unit_of_measure, explanation, cells)


def _correction(rows: _Rows, submission_id: int, indicator: Indicator, source_row: int) -> str | None:
    found = rows.corrections.get((submission_id, indicator.table, source_row, indicator.column))
    if found is None:
        return None
    return f"tỉnh điều chỉnh từ {found.old_value or '(trống)'}: {found.reason} ({found.source})"


def _told(figure: Figure, explanation: str) -> Traced:
    return Traced(figure.figure_id, figure.name, figure.text, _exact(figure), figure.unit_of_measure, explanation)


def _explain(figure: Figure, edition: EditionRecord) -> str:
    match figure.kind:
        case "published":
            return f"Số liệu đã công bố, mã {figure.figure_id}; nguồn: {figure.source} (reference/published_facts.csv)."
        case "planned":
            return f"Kế hoạch năm, nguồn: {figure.source} (reference/targets.csv)."
        case "comparison" if figure.denominator is not None:
            return f"{_as_text(figure.numerator)} ÷ {_as_text(figure.denominator)}; tính từ các số khác của bản {edition.edition_id}."
        case "comparison":
            return f"Tính từ các số khác của bản {edition.edition_id}."
        case "earlier":
            key, _, earlier = figure.figure_id.partition("#")
            return f"Số của bản {earlier}; tra bằng “ketnghia trace {earlier} {key}”."
        case "calendar":
            return "Ngày, kỳ theo reference/calendar.csv và thời điểm nhận tệp."
        case "reference":
            return "Tên, số hiệu văn bản trong thư mục reference/."
    return "Số thứ tự của trang, bảng, hàng hoặc cột."


def _not_found(edition_id: str, figure_id: str, printed: dict[str, Figure]) -> str:
    near = [key for key in printed if key.split("@")[0].split(":")[0] == figure_id.split("@")[0].split(":")[0]][:5]
    hint = f" Có phải: {', '.join(near)}?" if near else " Tìm theo số đã in: ketnghia trace BẢN --text “15,94”."
    return f"Bản {edition_id} không in số nào có mã {figure_id}.{hint}"


def _exact(figure: Figure | None) -> str | None:
    return None if figure is None or figure.value is None else _as_text(figure.value)


def _as_text(value: Decimal | None) -> str:
    if value is None:
        return "?"
    return format(value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1)), "f")
