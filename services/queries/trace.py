"""Where does this number come from? From a printed figure through its working to the cells as they were typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from domain import form
from domain.calendar import VIETNAM
from domain.catalogue import INDICATOR_BY_CODE
from domain.corrections import Correction
from domain.editions import EditionRecord
from domain.figures import Figure
from domain.indicators import REGISTER, REPORTS, Aggregate, FigureKey, Indicator
from domain.period import Period
from domain.reference import Reference
from domain.submissions import SubmissionRecord
from domain.summary import Summary
from domain.workings import Operation
from services.editions.version import as_made
from services.figures.decisions import applied_corrections
from services.figures.summary import summary_behind
from services.queries.asked_figure import asked_figure, is_known, not_found
from services.queries.traced import Traced, TracedCell, TracedSubmission
from services.queries.typed_text import with_typed_text
from services.run import Run
from storage import editions
from transforms.figures.summarise import Countable
from transforms.figures.trace import contributions


def trace(run: Run, edition_id: str, figure_id: str, unit_code: str | None = None, *, as_typed: bool = True) -> Traced:
    """The working and the cells behind a figure, as the ledger knew them when the edition was made.

    With `unit_code`, the part of that unit. A figure of the catalogue may be asked for that the edition does not print.

    Raises:
        UnknownEdition: if there is no such edition.
        UnknownFigure: if the edition does not print that figure, and the catalogue does not know it.
        UnknownUnit: if no such unit reports in the edition's period.
    """
    made, edition, printed = _find(run, edition_id)
    wanted = asked_figure(made.reference, edition, printed, figure_id, unit_code)
    opened = _open(made, edition, printed, [wanted])
    traced = opened.traced(wanted)
    if _is_of_nobody(opened, FigureKey.parse(wanted), traced):
        raise not_found(edition, printed, wanted)
    if as_typed:
        traced = with_typed_text(run, traced, opened.summary)
    behind = {cell.sha256 for cell in traced.all_cells()}
    records = [record for record in opened.summary.submissions if record.sha256 in behind]
    return replace(traced, submissions=[_traced_submission(record) for record in records])


def _is_of_nobody(opened: "OpenEdition", key: FigureKey, traced: Traced) -> bool:
    """Whether the figure is of a partner that neither the tables nor any row knows."""
    is_listed = key.dimension != "partner" or opened.reference.villages.find_partner(key.member) is not None
    return not is_listed and str(key) not in opened.printed and not traced.all_cells()


def open_edition(run: Run, edition_id: str, figure_ids: Collection[str] = ()) -> "OpenEdition":
    """An edition with everything that these figures are traced to; where none are named, all that it prints.

    Raises:
        UnknownEdition: if there is no such edition.
    """
    made, edition, printed = _find(run, edition_id)
    return _open(made, edition, printed, figure_ids or printed)


def _find(run: Run, edition_id: str) -> tuple[Run, EditionRecord, Mapping[str, Figure]]:
    """The edition with its figures, and the run as it was made."""
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
        printed = {figure.figure_id: figure for figure in editions.figures_of(session, edition_id)}
    return as_made(run, edition), edition, printed


def _open(
    made: Run, edition: EditionRecord, printed: Mapping[str, Figure], figure_ids: Collection[str]
) -> "OpenEdition":
    keys = frozenset(key for figure_id in figure_ids for key in _measured_below(printed, figure_id))
    with made.ledger.read() as session:
        summary, countable = summary_behind(session, made, Period.parse(edition.period), edition.as_of, keys)
        corrections = {
            (each.submission_id, each.table, each.source_row, each.field): each.correction
            for each in applied_corrections(session, made, edition.as_of)
        }
    return OpenEdition(edition, made.reference, printed, keys, summary, countable, corrections)


def _measured_below(printed: Mapping[str, Figure], figure_id: str) -> set[FigureKey]:
    """The figures of the catalogue that a printed one comes down to."""
    figure = printed.get(figure_id)
    if figure is None or figure.kind == "measure":
        return {FigureKey.parse(figure_id)}
    return {key for part in figure.parts for key in _measured_below(printed, part)}


@dataclass(frozen=True, slots=True)
class OpenEdition:
    """An edition, and everything that some of its figures are traced to."""

    edition: EditionRecord
    reference: Reference
    printed: Mapping[str, Figure]
    keys: frozenset[FigureKey]
    """The figures of the catalogue whose rows are here."""
    summary: Summary
    countable: Countable
    corrections: Mapping[tuple[int, str, int, str], Correction]

    def is_known(self, figure_id: str) -> bool:
        """Whether the edition prints such a figure, or the catalogue has it."""
        return figure_id in self.printed or is_known(self.reference, self.summary.period, FigureKey.parse(figure_id))

    def traced(self, figure_id: str) -> Traced:
        """The figure with everything below it.

        Raises:
            LookupError: if the edition was not opened for it.
        """
        absent = _measured_below(self.printed, figure_id) - self.keys
        if absent:
            raise LookupError(f"edition {self.edition.edition_id} was not opened for {', '.join(map(str, absent))}")
        return self._traced(figure_id)

    def _traced(self, figure_id: str) -> Traced:
        figure, key = self.printed.get(figure_id), FigureKey.parse(figure_id)
        if figure is not None and figure.kind != "measure":
            return self._other(figure)
        entry = INDICATOR_BY_CODE[key.indicator]
        value, text = self.summary.value(key), self.summary.text(key) or ""
        traced = Traced(
            figure_id, entry.name, figure.text if figure else text, _as_text(value), entry.unit_of_measure,
            entry.definition + self._differing(figure, text),
        )  # fmt: skip
        if entry.parts:
            parts = [self._traced(str(key.of(part))) for part in entry.parts]
            return replace(
                traced,
                operation=str(Operation.RATIO if entry.numerator else Operation.BALANCE),
                formula=figure.formula if figure else "",
                parts=parts,
            )
        return replace(traced, aggregate=str(entry.aggregate), cells=self._cells(key, entry))

    def _other(self, figure: Figure) -> Traced:
        traced = Traced(
            figure.figure_id, figure.name, figure.text, _as_text(figure.value), figure.unit_of_measure,
            _explain(figure, self.edition), figure.operation, figure.formula,
        )  # fmt: skip
        if figure.operation == Operation.COUNT:
            return replace(traced, parts=[self._member(each) for each in figure.parts])
        return replace(traced, parts=[self._traced(each) for each in figure.parts])

    def _member(self, member: str) -> Traced:
        """One thing that was counted: a unit with its reports of the period, or a figure."""
        names = {unit.code: unit.name for unit in self.reference.expected_units(self.summary.period)}
        if member not in names:
            return Traced(member, member, "", None, "", "")
        own = {str(month) for month in self.summary.period.months()}
        reports = [
            f"kỳ {record.period}, lần nộp {record.revision} ({record.sha256[:12]}…)"
            for record in self.summary.submissions
            if record.unit_code == member and record.period in own
        ]
        return Traced(member, names[member], "", None, "", "; ".join(reports) or "không có báo cáo được chấp nhận")

    def _cells(self, key: FigureKey, entry: Indicator) -> list[TracedCell]:
        columns = {record.submission_id: record.columns for record in self.summary.submissions}
        cells = []
        for row in contributions(self.countable, key, entry).collect().iter_rows(named=True):
            match entry.table:
                case table if table == REPORTS:
                    sheet, cell = "báo cáo", row["unit_code"]
                case table if table == REGISTER:
                    sheet, cell = "reference/villages.csv", row["village_id"]
                case _:
                    sheet = form.SHEET_BY_TABLE[entry.table].name
                    letters = columns[row["submission_id"]].get(entry.table, {})
                    cell = f"{letters.get(entry.column, '?')}{row['source_row']}"
            is_number = entry.aggregate is Aggregate.SUM
            cells.append(
                TracedCell(
                    unit=row["unit_code"],
                    period=row["period"],
                    revision=row["revision"],
                    sha256=row["sha256"],
                    sheet=sheet,
                    cell=cell,
                    value=str(_as_text(Decimal(row["value"]))) if is_number else row["value"],
                    correction=self._correction(row["submission_id"], entry, row["source_row"]),
                )
            )
        return cells

    def _correction(self, submission_id: int | None, entry: Indicator, source_row: int) -> str | None:
        found = self.corrections.get((submission_id or 0, entry.table, source_row, entry.column))
        if found is None:
            return None
        return f"tỉnh điều chỉnh từ {found.old_value or '(trống)'}: {found.reason} ({found.source})"

    def _differing(self, figure: Figure | None, text: str) -> str:
        """Said where the ledger gives another number today than the edition printed."""
        if figure is None:
            return " Bản này không in số này."
        if figure.text == text:
            return ""
        return f" Nay tính lại được {text or '…'}: chương trình đã đổi từ khi lập bản này, hoặc các bảng của bản này không còn."


def _traced_submission(record: SubmissionRecord) -> TracedSubmission:
    return TracedSubmission(
        record.sha256,
        record.file_name,
        str(record.unit_code),
        str(record.period),
        record.revision or 1,
        record.came_at.astimezone(VIETNAM).isoformat(timespec="seconds"),
        record.preparer_name or "",
        record.approver_name or "",
    )


def _explain(figure: Figure, edition: EditionRecord) -> str:
    match figure.kind:
        case "published":
            return f"Số liệu đã công bố, mã {figure.figure_id}; nguồn: {figure.source} (reference/published_facts.csv)."
        case "planned":
            return f"Kế hoạch năm, nguồn: {figure.source} (reference/targets.csv)."
        case "comparison":
            return f"Tính từ các số khác của bản {edition.edition_id}."
        case "coverage" | "office":
            return "Đếm trên các đơn vị và báo cáo của kỳ."
        case "earlier":
            key, _, earlier = figure.figure_id.partition("#")
            return f"Số của bản {earlier}; tra bằng “ketnghia trace {earlier} {key}”."
        case "calendar":
            return "Ngày, kỳ theo reference/calendar.csv và thời điểm nhận tệp."
        case "reference":
            return "Tên, số hiệu văn bản trong thư mục reference/."
        case "fingerprint":
            return "Mã kiểm tra (SHA-256) của tệp số liệu so-lieu.json đính kèm; kiểm tra bằng “ketnghia verify”."
    return "Số thứ tự của trang, bảng, hàng hoặc cột."


def _as_text(value: Decimal | None) -> str | None:
    if value is None:
        return None
    return format(value.normalize() if value != value.to_integral_value() else value.quantize(Decimal(1)), "f")
