"""What changed since an earlier edition of the same period: figure, old value, new value, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.indicators import FigureKey


@dataclass(frozen=True, slots=True)
class News:
    """One reason why figures of a unit changed: a submission or a correction that became known since."""

    unit_code: str
    unit_name: str
    period: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that an earlier edition printed otherwise; `before` is null where it printed none."""

    key: FigureKey
    before: Decimal | None
    before_text: str
    news: Sequence[News]


@dataclass(frozen=True, slots=True)
class Restatement:
    """Everything that changed since the edition the reader had last."""

    edition_id: str
    cut_at: datetime
    changes: Sequence[Change]
    printed_before: Mapping[FigureKey, frozenset[str]]
    """Every text that earlier editions printed a figure with."""
