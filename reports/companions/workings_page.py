"""How every figure of an edition was worked out, as one static page for the officer who is asked about a number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.figures import Figure, FigureStatus
from domain.indicators import FigureKey
from domain.submissions import SubmissionRecord
from domain.summary import Summary
from reports.companions.quality_table import quality_table
from reports.content import TableContent
from reports.figure_book import FigureBook
from reports.figure_names import about
from reports.html import TEMPLATES, render_html

_KINDS = {
    "measure": "Số liệu theo chỉ tiêu",
    "claim": "Nhận định, so sánh trong lời văn",
    "comparison": "So sánh, tỷ trọng, mức đạt kế hoạch",
    "coverage": "Số đơn vị, số báo cáo",
    "planned": "Kế hoạch",
    "published": "Số liệu đã công bố",
    "earlier": "Số của bản trước",
}


@dataclass(frozen=True, slots=True)
class PartLink:
    """A figure that another is calculated from, and whether it is on the page."""

    figure_id: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Working:
    """One figure's entry."""

    figure_id: str
    name: str
    text: str
    status: str
    formula: str
    definition: str
    parts: Sequence[PartLink]
    counted: str
    sources: str


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one kind."""

    name: str
    workings: Sequence[Working]


@dataclass(frozen=True, slots=True)
class WorkingsPage:
    """The whole page."""

    title: str
    subtitle: str
    groups: Sequence[Group]
    submissions: Sequence[str]
    quality: TableContent
    """How good the figures are: for the office, not for the reader of the report."""


def workings_page(summary: Summary, figures: Sequence[Figure], data_sha256: str) -> bytes:
    """The page; the same summary and figures give the same bytes."""
    known = _Known(
        frozenset(figure.figure_id for figure in figures),
        {state.unit.code: state.unit.name for state in summary.units},
        {record.submission_id: _short(record) for record in summary.submissions},
    )
    used = {number for figure in figures for number in figure.submissions}
    groups = [
        Group(name, [_working(figure, known) for figure in figures if figure.kind == kind])
        for kind, name in _KINDS.items()
    ]
    page = WorkingsPage(
        f"Cách tính từng số của báo cáo {summary.period.label()}",
        f"Số liệu chốt đến {wording.moment(summary.cut_at)}; mã kiểm tra (SHA-256) của so-lieu.json: {data_sha256}.",
        [group for group in groups if group.workings],
        [
            f"{known.submissions[record.submission_id]}: nhận {wording.moment(record.came_at)}, tệp {record.sha256}"
            for record in summary.submissions
            if record.submission_id in used
        ],
        quality_table(FigureBook(summary), summary),
    )
    style = (TEMPLATES / "styles" / "workings.css").read_text(encoding="utf-8")
    return render_html("workings.html.j2", {"page": page, "style": style}).encode()


@dataclass(frozen=True, slots=True)
class _Known:
    """What every working of the page looks things up in."""

    here: frozenset[str]
    """The ids of the figures of the page."""
    units: Mapping[str, str]
    submissions: Mapping[int, str]


def _working(figure: Figure, known: _Known) -> Working:
    entry = INDICATOR_BY_CODE.get(FigureKey.parse(figure.figure_id).indicator) if figure.kind == "measure" else None
    name = figure.name
    if figure.kind in ("measure", "earlier"):
        name = f"{figure.name} ({about(FigureKey.parse(figure.figure_id.partition('#')[0]), known.units)})"
    sources = [known.submissions[number] for number in figure.submissions]
    unit = f" {figure.unit_of_measure}".replace(" %", "%")
    return Working(
        figure.figure_id,
        name,
        f"{figure.text}{unit}".rstrip(),
        FigureStatus(figure.status).label if figure.status else "",
        figure.formula,
        entry.definition if entry else figure.source,
        [PartLink(part, part in known.here) for part in figure.parts],
        f"{wording.number(figure.cells)} ô của {wording.number(len(sources))} bài nộp",
        ", ".join(sources),
    )


def _short(record: SubmissionRecord) -> str:
    return f"{record.unit_code} {record.period} v{record.revision}"
