"""How the figures of months moved from edition to edition: the revision triangle."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from domain.calendar import VIETNAM
from domain.catalogue import INDICATOR_BY_CODE
from domain.editions import EditionRecord
from domain.errors import UnknownFigure
from domain.figures import Figure
from domain.indicators import FigureKey
from domain.period import Period
from services.run import Run
from storage import editions
from storage.database import Session

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


def revisions(run: Run, period: Period, figure_id: str | None = None, as_of: datetime | None = None) -> list[Triangle]:
    """For each figure a triangle over the months of `period` and, where it spans several, the period itself.

    Raises:
        UnknownFigure: if the catalogue has no such figure.
    """
    wanted = [figure_id] if figure_id else list(SHOWN)
    for each in wanted:
        if FigureKey.parse(each).indicator not in INDICATOR_BY_CODE:
            raise UnknownFigure(f"Danh mục không có chỉ tiêu {each}; viết như value_total_vnd@period.")
    spans = dict.fromkeys([*period.months(), period])
    with run.ledger.read() as session:
        printed = {span: _printed(session, span, as_of) for span in spans}
    return [_triangle(each, printed) for each in wanted]


_Printed = Sequence[tuple[EditionRecord, Mapping[str, Figure]]]


def _printed(session: Session, span: Period, as_of: datetime | None) -> _Printed:
    """The editions of a period with their figures, in the order of what they knew."""
    known = [each for each in editions.editions_of(session, str(span)) if as_of is None or each.as_of <= as_of]
    return [
        (edition, {figure.figure_id: figure for figure in editions.figures_of(session, edition.edition_id)})
        for edition in sorted(known, key=lambda each: (each.as_of, each.number))
    ]


def _triangle(figure_id: str, printed: Mapping[Period, _Printed]) -> Triangle:
    entry = INDICATOR_BY_CODE[FigureKey.parse(figure_id).indicator]
    rows = [RevisionRow(str(span), _vintages(figure_id, of_span)) for span, of_span in printed.items()]
    return Triangle(figure_id, entry.name, entry.unit_of_measure, rows)


def _vintages(figure_id: str, printed: _Printed) -> list[Vintage]:
    vintages: list[Vintage] = []
    for edition, figures in printed:
        figure = figures.get(figure_id)
        text = figure.text if figure else _NO_FIGURE
        cut_at = edition.as_of.astimezone(VIETNAM).isoformat(timespec="seconds")
        is_changed = bool(vintages) and vintages[-1].text != text
        vintages.append(Vintage(edition.edition_id, cut_at, text, figure.status if figure else "", is_changed))
    return vintages
