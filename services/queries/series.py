"""One indicator, month by month, as reported, on the ground of the old districts, or of today's communes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import polars as pl

from domain.catalogue import INDICATOR_BY_CODE
from domain.errors import UnknownFigure
from domain.indicators import Indicator, Kind
from domain.period import Period, month_range
from domain.placement import Ground, Place, place
from domain.reference import Reference
from services.figures.known import COUNTED_TABLES, known_facts
from services.run import Run
from storage import submissions
from transforms.figures.series import PLACED, places_asked
from transforms.figures.series import series as series_of_rows
from transforms.figures.summarise import moves


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One account through all months; null where nothing is known."""

    code: str
    name: str
    values: Sequence[Decimal | None]
    estimated: Sequence[bool]


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator by account and month, with the total of every month."""

    indicator: str
    name: str
    unit_of_measure: str
    ground: Ground
    months: Sequence[str]
    rows: Sequence[SeriesRow]
    totals: Sequence[Decimal | None]
    received: Sequence[int]
    expected: Sequence[int]

    def as_json(self) -> dict[str, object]:
        """The series as plain data; numbers as exact decimal text."""
        return {
            "indicator": self.indicator,
            "unit_of_measure": self.unit_of_measure,
            "territory": str(self.ground),
            "months": list(self.months),
            "rows": [
                {
                    "code": row.code,
                    "name": row.name,
                    "values": [_text(value) for value in row.values],
                    "estimated": list(row.estimated),
                }
                for row in self.rows
            ],
            "totals": [_text(value) for value in self.totals],
            "reports_counted": list(self.received),
            "reports_expected": list(self.expected),
        }


def series(
    run: Run, indicator: str, first: Period, last: Period, ground: Ground, as_of: datetime | None = None
) -> Series:
    """The series of one indicator, as known at `as_of`.

    Raises:
        UnknownFigure: if the catalogue has no such indicator, or it is not counted from rows.
        BadPeriod: if there is no month from `first` to `last`.
    """
    entry = INDICATOR_BY_CODE.get(indicator)
    months = [str(month) for month in month_range(first, last)]
    if entry is None or not {part.table for part in _parts(entry)} <= set(COUNTED_TABLES):
        raise UnknownFigure(f"Danh mục không có chỉ tiêu {indicator} cộng được từ các dòng; ví dụ value_total_vnd.")
    with run.ledger.read() as session:
        facts = known_facts(session, run, COUNTED_TABLES, months, as_of)
        counting = submissions.counting_submissions(session, months, as_of)
    over = [Period.parse(month) for month in months]
    departed, arrived = moves(run.reference.departed(over)), moves(run.reference.arrived(over))
    names: dict[str, str] = {}
    parts = []
    for each in _parts(entry):
        rows = facts[each.table]
        placed = _places(run.reference, places_asked(rows), ground, names)
        parts.append(series_of_rows(rows, each, placed.lazy(), departed, arrived).collect())
    return Series(
        indicator,
        entry.name,
        entry.unit_of_measure,
        ground,
        months,
        _rows(entry, parts, months, names),
        [_value(entry, [_sum(part, month) for part in parts]) for month in months],
        [sum(record.period == month for record in counting) for month in months],
        [len(run.reference.expected_units(Period.parse(month))) for month in months],
    )


def _parts(entry: Indicator) -> list[Indicator]:
    """The indicators counted in rows that it is made of, in the order of its parts."""
    return [INDICATOR_BY_CODE[code] for code in entry.parts] or [entry]


def _places(reference: Reference, asked: pl.DataFrame, ground: Ground, names: dict[str, str]) -> pl.DataFrame:
    rows = []
    for period, unit_code, village_id in asked.iter_rows():
        found: Place = place(reference, Period.parse(period), unit_code, village_id, ground)
        names[found.code] = found.name
        rows.append((period, unit_code, village_id, found.code, found.is_estimated))
    return pl.DataFrame(rows, schema=PLACED, orient="row")


def _rows(
    entry: Indicator, parts: Sequence[pl.DataFrame], months: Sequence[str], names: Mapping[str, str]
) -> list[SeriesRow]:
    known = [{(row["period"], row["code"]): row for row in part.iter_rows(named=True)} for part in parts]
    codes = sorted({code for each in known for _, code in each}, key=lambda code: (len(code), code))
    return [
        SeriesRow(
            code,
            names[code],
            [_value(entry, [_at(each, month, code) for each in known]) for month in months],
            [any(each.get((month, code), {}).get("is_estimated", False) for each in known) for month in months],
        )
        for code in codes
    ]


def _at(known: Mapping[tuple[str, str], Mapping[str, object]], month: str, code: str) -> Decimal | None:
    value = known.get((month, code), {}).get("value")
    return value if isinstance(value, Decimal) else None


def _sum(part: pl.DataFrame, month: str) -> Decimal | None:
    values = part.filter(pl.col("period") == month)["value"].drop_nulls().to_list()
    return sum(values, Decimal(0)) if values else None


def _value(entry: Indicator, parts: Sequence[Decimal | None]) -> Decimal | None:
    match entry.kind:
        case Kind.RATIO:
            numerator, denominator = parts
            return None if numerator is None or not denominator else entry.times * numerator / denominator
        case Kind.BALANCE:
            signs = [1] * len(entry.plus) + [-1] * len(entry.minus)
            known = [sign * value for sign, value in zip(signs, parts, strict=True) if value is not None]
            return sum(known, Decimal(0)) if len(known) == len(parts) else None
    return parts[0]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
