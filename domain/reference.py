"""The tables that people edit, as the rest of the house sees them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar

from domain.blocks import Block, blocks
from domain.boundaries import Outline
from domain.calendar import Calendar, Window
from domain.corrections import Correction
from domain.double_counting import DoubleDecision
from domain.errors import BadReference, UnknownUnit
from domain.letterhead import Sender
from domain.mailboxes import Recipient, UnitMailbox
from domain.narrative import Narrative
from domain.period import Period, PeriodKind
from domain.plans import Directive, PovertyStandard, Programme, Target
from domain.published_facts import PublishedFact
from domain.spans import Span, spans_of
from domain.text import heading
from domain.units import DISTRICTS_ABOLISHED, Level, Unit, Units
from domain.villages import Villages
from domain.waivers import Waiver

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Threshold:
    """What one unit of quantity plausibly costs; `*` stands for every activity or every quantity unit."""

    activity_code: str
    quantity_unit: str
    warn_min_vnd: int | None
    warn_max_vnd: int | None
    error_max_vnd: int | None


@dataclass(frozen=True, slots=True)
class ColumnName:
    """Another caption that clerks or earlier forms put over a column."""

    form_version: str
    table: str
    name: str
    alias: str


@dataclass(frozen=True)
class Reference:
    """Every table of the reference folder, read once."""

    units: Units
    villages: Villages
    calendar: Calendar
    thresholds: Sequence[Threshold]
    recipients: Sequence[Recipient]
    published_facts: Sequence[PublishedFact]
    directives: Sequence[Directive]
    sender: Sender
    column_names: Sequence[ColumnName]
    unit_mailboxes: Sequence[UnitMailbox]
    corrections: Sequence[Correction]
    waivers: Sequence[Waiver]
    double_decisions: Sequence[DoubleDecision]
    poverty_standards: Sequence[PovertyStandard]
    programmes: Sequence[Programme]
    targets: Sequence[Target]
    tet_days: Mapping[int, date]
    narratives: Mapping[str, Narrative] = field(default_factory=dict)
    """What people wrote for the reports, by period."""
    broken_narratives: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with those that cannot be used, by the file's name, which may be no period."""
    boundaries: Mapping[str, Outline] = field(default_factory=dict)
    """The outlines of units, by code, where the province has put a map there."""

    def narrative(self, period: Period) -> Narrative | None:
        """What somebody wrote for the period's report; null where nobody did.

        Raises:
            BadReference: if somebody did, and it cannot be used; names file and line.
        """
        if str(period) in self.broken_narratives:
            raise BadReference(self.broken_narratives[str(period)])
        return self.narratives.get(str(period))

    def poverty_standard(self, on: date) -> PovertyStandard | None:
        """The standard in force on that day."""
        begun = [row for row in self.poverty_standards if row.valid_from <= on]
        return max(begun, key=lambda row: row.valid_from, default=None)

    def programme(self, period: Period) -> Programme | None:
        """The programme that the period's results are cumulated over."""
        on = self.calendar.window(period).last_day
        running = [
            row for row in self.programmes if row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
        ]
        return max(running, key=lambda row: row.valid_from, default=None)

    def spans(self, period: Period) -> dict[str, Span]:
        """The months of every basis that the period's figures are taken over."""
        programme = self.programme(period)
        return spans_of(period, self.calendar, programme.valid_from if programme else None, self.tet_days)

    def months_covered(self, period: Period) -> list[str]:
        """Every month that the period's report speaks of, oldest first."""
        return sorted({str(month) for span in self.spans(period).values() for month in span.months})

    def units_of_sender(self, email: str | None, on: date) -> list[str]:
        """The codes of the units that send from this address; none for a stranger, or where nobody is named."""
        registered = self._mailboxes_at.get(email.casefold(), ()) if email else ()
        return sorted({row.unit_code for row in registered if row.valid_from <= on <= (row.valid_to or date.max)})

    @cached_property
    def _mailboxes_at(self) -> Mapping[str, Sequence[UnitMailbox]]:
        return _grouped(self.unit_mailboxes, lambda row: row.email.casefold())

    @cached_property
    def _mailboxes_of(self) -> Mapping[str | None, Sequence[UnitMailbox]]:
        return _grouped(self.unit_mailboxes, lambda row: row.unit_code)

    def may_be_sent_by(self, email: str | None, on: date) -> frozenset[str]:
        """The codes of the units whose workbooks may come from this address: its own, their heirs, their forebears."""
        own = self.units_of_sender(email, on)
        heirs = {unit.code for code in own for unit in self.units.heirs(code, on)}
        forebears = {unit.code for code in own for unit in self.units.forebears(code)}
        return frozenset(own) | heirs | forebears

    def mailboxes_of_unit(self, unit_code: str | None, on: date) -> list[str]:
        """The addresses of the unit on that day, as they are registered."""
        return [
            row.email
            for row in self._mailboxes_of.get(unit_code, ())
            if row.valid_from <= on <= (row.valid_to or date.max)
        ]

    def mailbox_of_unit(self, unit_code: str | None, on: date) -> str | None:
        """The address that the unit hears at on that day, the first that is registered for it."""
        return next(iter(self.mailboxes_of_unit(unit_code, on)), None)

    def column_aliases(self) -> dict[str, dict[str, str]]:
        """For each table, the field that each other caption stands for."""
        aliases: dict[str, dict[str, str]] = {}
        for row in self.column_names:
            aliases.setdefault(row.table, {})[heading(row.alias)] = row.name
        return aliases

    def subperiods(self, month: Period) -> list[Window]:
        """The days of a month, cut where other units begin to report: 2025-07 has two subperiods."""
        window = self.calendar.window(month)
        if window.first_day < DISTRICTS_ABOLISHED <= window.last_day:
            eve = DISTRICTS_ABOLISHED - timedelta(days=1)
            return [Window(window.first_day, eve), Window(DISTRICTS_ABOLISHED, window.last_day)]
        return [window]

    def subperiod_of(self, unit_code: str | None, month: Period) -> Window:
        """The days of the month that the unit answers for; the last ones where nobody bears the code."""
        found = self.subperiods(month)
        for subperiod in found:
            if unit_code is not None and self.units.reporter(unit_code, subperiod.last_day) is not None:
                return subperiod
        return found[-1]

    def expected_units(self, period: Period) -> list[Unit]:
        """The units that owe a report for a month of `period`, in administrative order, districts first."""
        found = {
            unit.unit_id: unit
            for month in period.months()
            for subperiod in self.subperiods(month)
            for unit in self.units.reporting(subperiod.last_day)
        }
        return sorted(found.values(), key=lambda unit: (unit.level is Level.COMMUNE, unit.code))

    def departed(self, months: Iterable[Period]) -> list[tuple[str, str]]:
        """Months with the codes of the units that ended in them: their flows count, their closing stocks do not."""
        return [
            (str(month), unit.code)
            for month in months
            for subperiod in self.subperiods(month)[:-1]
            for unit in self.units.reporting(subperiod.last_day)
        ]

    def arrived(self, months: Iterable[Period]) -> list[tuple[str, str]]:
        """Months with the codes of the units that began in them: their opening stocks are their predecessors' already."""
        return [
            (str(month), unit.code)
            for month in months
            for subperiod in self.subperiods(month)[1:]
            for unit in self.units.reporting(subperiod.last_day)
        ]

    def blocks(self, then: Sequence[Period], now: Sequence[Period]) -> list[Block]:
        """The units of two runs of months that cover the same ground."""
        days = [[subperiod.last_day for month in side for subperiod in self.subperiods(month)] for side in (then, now)]
        return blocks(self.units, *days)

    def closing_blocks(self, then: Period, now: Period) -> list[Block]:
        """The units of two months' last days that cover the same ground: over them stocks are compared."""
        return blocks(self.units, *([self.calendar.window(month).last_day] for month in (then, now)))

    def find_reporting_unit(self, code: str, period: Period) -> Unit | None:
        """The unit that reports under `code` for a month of `period`, a district before a commune; null if none does."""
        days = [subperiod.last_day for month in period.months() for subperiod in self.subperiods(month)]
        found = [unit for day in days if (unit := self.units.reporter(code, day)) is not None]
        return min(found, key=lambda unit: unit.level is Level.COMMUNE, default=None)

    def reporting_unit(self, code: str, period: Period) -> Unit:
        """The unit that reports under `code` for `period`.

        Raises:
            UnknownUnit: if none does.
        """
        found = self.find_reporting_unit(code, period)
        if found is not None:
            return found
        raise UnknownUnit(
            f"Không có đơn vị báo cáo nào mang mã {code} trong kỳ {period}; xem danh sách bằng “ketnghia status {period}”."
        )

    def directive(self, on: date) -> Directive:
        """The directive in force on that day."""
        return max(
            (row for row in self.directives if row.valid_from <= on),
            key=lambda row: row.valid_from,
            default=self.directives[0],
        )

    def recipients_on(self, on: date) -> list[Recipient]:
        """Who receives reports on that day, in the order of the table."""
        return [row for row in self.recipients if row.valid_from <= on <= (row.valid_to or date.max)]

    def recipients_of(self, kind: PeriodKind, on: date) -> list[Recipient]:
        """Who receives a report of that kind on that day; an address that stands twice is taken where it stands first."""
        found: dict[str, Recipient] = {}
        for row in self.recipients_on(on):
            if kind in row.kinds:
                found.setdefault(row.email.casefold(), row)
        return list(found.values())


def _grouped(rows: Iterable[UnitMailbox], key: Callable[[UnitMailbox], Key]) -> dict[Key, list[UnitMailbox]]:
    found: dict[Key, list[UnitMailbox]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
