"""The tree behind a figure: the figure, its parts, its cells, and the submissions they came with."""

from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One cell that enters a figure."""

    unit: str
    period: str
    revision: int | None
    sha256: str | None
    sheet: str
    cell: str
    value: str
    typed: str | None = None
    """What stands in the archived file; null where it was not looked up."""
    correction: str | None = None
    """What the unit sent, and why the province changed it; null where nobody did."""


@dataclass(frozen=True, slots=True)
class TracedSubmission:
    """One submission behind a figure: who sent what, and when."""

    sha256: str
    file_name: str
    unit: str
    period: str
    revision: int
    received_at: str
    prepared_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A figure with what it is made of: other figures, or cells."""

    figure_id: str
    name: str
    text: str
    value: str | None
    unit_of_measure: str
    explanation: str
    operation: str = ""
    formula: str = ""
    aggregate: str = ""
    """How the cells become the figure: sum, count, distinct; empty where there are parts."""
    cells: list[TracedCell] = field(default_factory=list)
    parts: list["Traced"] = field(default_factory=list)
    submissions: list[TracedSubmission] = field(default_factory=list)
    """On the figure that was asked for: every submission below it."""

    def as_json(self) -> dict[str, object]:
        """The tree as plain data."""
        return asdict(self)

    def all_cells(self) -> list[TracedCell]:
        """The cells of the figure and of all its parts."""
        return [*self.cells, *(cell for part in self.parts for cell in part.all_cells())]
