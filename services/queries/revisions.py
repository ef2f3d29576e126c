"""How the figures of months moved from edition to edition: the revision triangle."""

from dataclasses import asdict, dataclass
from datetime import datetime

from domain.calendar import VIETNAM
from domain.catalogue import INDICATOR_BY_CODE
from domain.errors import UnknownFigure
from domain.indicators import FigureKey
from domain.period import Period
from services.settings import Settings
from storage import editions
from storage.database import open_database

SHOWN = ("value_total_vnd@period", "activities@period", "poor_households@period", "poverty_rate_pct@period")
_NO_FIGURE = "…"


@dataclass(frozen=True, slots=True)
class Vintage:
    """A figure as one edition printed it."""

    edition: str
    cut_at: str
    text: str
    status: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One period's figure, edition by edition, oldest knowledge first."""

    period: str
    vintages: list[Vintage]


@dataclass(frozen=True, slots=True)
class Triangle:
    """One figure, period by edition."""

    figure_id: str
    name: str
    unit_of_measure: str
    rows: list[RevisionRow]

    def as_json(self) -> dict[str, object]:
        """The triangle as plain data."""
        return asdict(self)


def revisions(
    settings: Settings, period: Period, figure_id: str | None = None, as_of: datetime | None = None
) -> list[Triangle]:
    """For each figure a triangle over the months of `period` and, where it spans several, the period itself.

    Raises:
        UnknownFigure: if the catalogue has no such figure.
    """
    wanted = [figure_id] if figure_id else list(SHOWN)
    for each in wanted:
        if FigureKey.parse(each).indicator not in INDICATOR_BY_CODE:
            raise UnknownFigure(f"Danh mục không có chỉ tiêu {each}; viết như value_total_vnd@period.")
    spans = dict.fromkeys([*period.months(), period])
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        known = {
            span: [
                (edition, {figure.figure_id: figure for figure in editions.figures_of(session, edition.edition_id)})
                for edition in sorted(
                    editions.editions_of(session, str(span)), key=lambda each: (each.as_of, each.number)
                )
                if as_of is None or edition.as_of <= as_of
            ]
            for span in spans
        }
    database.close()
    triangles = []
    for each in wanted:
        entry = INDICATOR_BY_CODE[FigureKey.parse(each).indicator]
        rows = []
        for span, printed in known.items():
            vintages: list[Vintage] = []
            for edition, figures in printed:
                figure = figures.get(each)
                text = figure.text if figure else _NO_FIGURE
                vintages.append(
                    Vintage(
                        edition.edition_id,
                        edition.as_of.astimezone(VIETNAM).isoformat(timespec="seconds"),
                        text,
                        figure.status if figure else "",
                        bool(vintages) and vintages[-1].text != text,
                    )
                )
            rows.append(RevisionRow(str(span), vintages))
        triangles.append(Triangle(each, entry.name, entry.unit_of_measure, rows))
    return triangles


def triangle_lines(triangle: Triangle) -> list[str]:
    """The triangle for a terminal; a star marks what differs from the edition before."""
    lines = [f"{triangle.name} ({triangle.unit_of_measure}), {triangle.figure_id}"]
    most = max((len(row.vintages) for row in triangle.rows), default=0)
    if not most:
        return [*lines, "  Chưa có bản phát hành nào."]
    lines.append(f"  {'Kỳ':<9}" + "".join(f"{f'bản {place}':>14}" for place in range(1, most + 1)))
    for row in triangle.rows:
        cells = "".join(f"{each.text + ('*' if each.is_changed else ' '):>14}" for each in row.vintages)
        lines.append(f"  {row.period:<9}{cells}")
    return lines
