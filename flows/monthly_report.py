"""Make the report of a period from the ledger as known at a moment: summarise, compose, print, inspect, keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from domain.editions import EditionRecord
from domain.errors import NothingToReport
from domain.findings import Verdict
from domain.indicators import Basis, FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.submissions import SubmissionRecord
from domain.summary import Summary, UnitState
from flows.registers import load_registers
from flows.settings import Settings, now
from flows.steps import RunStep, directly
from storage import archive, editions, submissions
from storage.database import open_database
from transforms.summarise import bases_of, summarise


@dataclass(frozen=True, slots=True)
class Printed:
    """An edition and where its PDF lies."""

    edition: EditionRecord
    path: Path
    pages: int


def monthly_report(
    settings: Settings, period: Period, as_of: datetime | None = None, run_step: RunStep = directly
) -> Printed:
    """Print the report of `period`; the same ledger and moment give the same bytes and the same edition.

    Raises:
        NothingToReport: if no accepted submission of the period is known.
        BadDocument: if the page is not what it should be.
    """
    summary = run_step("summarise", summary_of, settings, period, as_of)
    return run_step("print-edition", _print_edition, settings, summary)


def summary_of(settings: Settings, period: Period, as_of: datetime | None) -> Summary:
    """Every figure of the period as known at `as_of`."""
    database = open_database(settings.ledger_url)
    reference = load_registers(settings)
    bases = bases_of(period)
    periods = sorted(set(bases["period"]))
    with database.begin() as session:
        counting = submissions.counting_submissions(session, periods, as_of)
        own = submissions.all_submissions(session, [str(month) for month in period.months()], as_of)
        activities = submissions.fetch_facts(session, "activities", periods, as_of)
        households = submissions.fetch_facts(session, "households", periods, as_of)
    database.close()
    in_period = [record for record in counting if record.period in {str(month) for month in period.months()}]
    if not in_period:
        raise NothingToReport(
            f"Kỳ {period} chưa có báo cáo nào được chấp nhận; đặt tệp vào {settings.inbox} rồi chạy “ketnghia collect”."
        )
    measured = {
        FigureKey(row["indicator"], row["basis"], row["dimension"], row["member"]): row["value"]
        for row in summarise(activities, households, bases.lazy()).collect().iter_rows(named=True)
    }
    spans = {
        str(basis): [month for month, of, _ in bases.iter_rows() if of == str(basis)] for basis in [*Basis, "trend"]
    }
    reporting = {
        basis: frozenset(str(record.unit_code) for record in counting if record.period in months)
        for basis, months in (spans | {month: [month] for month in spans["trend"]}).items()
    }
    months = {month: Period.parse(month) for month in periods}
    used = {month for basis in spans.values() for month in basis}
    return Summary(
        period=period,
        window=reference.calendar.window(period),
        cut_at=max(record.received_at for record in counting if record.period in used),
        is_sample=any(record.is_sample for record in counting),
        units=_unit_states(reference, period, in_period, own),
        reporting=reporting,
        expected_reports={
            basis: sum(len(reference.expected_units(months[month])) for month in of) for basis, of in spans.items()
        },
        received_reports={basis: sum(1 for record in counting if record.period in of) for basis, of in spans.items()},
        measured=measured | _village_measures(reference, period, reporting["period"], measured),
        months_shown=[months[month] for month in spans["trend"]],
    )


def _unit_states(
    reference: Reference, period: Period, counting: Sequence[SubmissionRecord], own: Sequence[SubmissionRecord]
) -> list[UnitState]:
    """How every unit expected at the period's end stands; a rolled-up period takes its last month."""
    month = str(period.last_month)
    counted = {record.unit_code: record for record in counting if record.period == month}
    rejected = {
        record.unit_code
        for record in own
        if record.period == month and record.verdict in (Verdict.REJECTED, Verdict.CONFLICTING)
    }
    states = []
    for unit in reference.expected_units(period):
        record = counted.get(unit.code)
        if record is None:
            states.append(UnitState(unit, is_counted=False, is_rejected=unit.code in rejected))
        else:
            states.append(
                UnitState(
                    unit,
                    is_counted=True,
                    is_nil=record.is_nil,
                    working_days_late=record.working_days_late,
                    revision=record.revision,
                    received_at=record.received_at,
                )
            )
    return states


def _village_measures(
    reference: Reference, period: Period, reporting: frozenset[str], measured: dict[FigureKey, Decimal]
) -> dict[FigureKey, Decimal]:
    """Villages of the units that reported, from the register, and those of them without activity."""
    on = reference.calendar.window(period).last_day
    owners = [unit.code for _, unit in reference.villages.with_reporter(reference.units, on) if unit.code in reporting]
    found: dict[FigureKey, Decimal] = {}
    for dimension, member, villages in (
        ("", "", len(owners)),
        *(("unit", code, owners.count(code)) for code in sorted(reporting)),
    ):
        active = measured.get(FigureKey("villages_active", "period", dimension, member), Decimal(0))
        found[FigureKey("villages_reported", "period", dimension, member)] = Decimal(villages)
        found[FigureKey("villages_inactive", "period", dimension, member)] = Decimal(villages) - active
    return found


def _print_edition(settings: Settings, summary: Summary) -> Printed:
    from reports.figure_book import FigureBook
    from reports.inspect_pdf import refuse_faulty
    from reports.monthly_summary import build_monthly_summary
    from reports.render import render_html, render_pdf

    reference = load_registers(settings)
    book = FigureBook(summary)
    document = build_monthly_summary(summary, reference, book, settings.fonts)
    content = {name: getattr(document, name) for name in document.__slots__}
    html = render_html("monthly_summary.html.j2", content | {"sender": reference.sender})
    pdf = render_pdf(html, settings.fonts)
    found = refuse_faulty(pdf, book.figures)
    for page in range(1, found.pages + 1):
        book.ordinal(page)
    digest = sha256(pdf).hexdigest()
    path = edition_path(settings, digest)
    archive.write_durably(path, pdf)
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        edition = editions.add_draft(
            session, str(summary.period), digest, summary.cut_at, now(), summary.is_sample, book.figures
        )
    database.close()
    return Printed(edition, path, found.pages)


def edition_path(settings: Settings, digest: str) -> Path:
    """Where the PDF with this hash is kept."""
    return settings.editions / f"{digest}.pdf"
