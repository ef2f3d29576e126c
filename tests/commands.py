"""What a person does at the terminal, one call each: a run is opened, the flow or service done, the run closed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from domain.accounts import Account, Duty, RoleName
from domain.calendar import VIETNAM
from domain.editions import EditionRecord, ReleaseOrder
from domain.period import Period
from domain.reference import Reference
from flows import backfill as _backfill
from flows import collect_submissions as _collect
from flows import monthly_report as _report
from flows import reconcile as _reconcile
from flows import redraft as _redraft
from flows import send_report as _send
from flows import unit_sheets as _sheets
from ingest.channels.arrival import Arrival
from samples.months import SampleFile
from services import forms
from services.clock import stopped
from services.editions import backfill_plan, narrative, sign
from services.editions import release as _release
from services.editions import repair as _repair
from services.editions.backfill import Backfilled
from services.editions.make import Printed
from services.editions.redraft import Draft
from services.editions.unit_sheets import PrintedSheet
from services.figures import duplicates as _duplicates
from services.figures import summary
from services.intake import check, lock, question_sheets
from services.intake import import_history as _history
from services.intake import rehearse as _rehearse
from services.intake.arrivals import take_in
from services.intake.outcome import Collected
from services.mail import bounces, deadline, form_mails, reminders, retry, send
from services.mail.outbox import Delivered
from services.queries import asked_figure as _asked
from services.queries import burden as _burden
from services.queries import export as _export
from services.queries import grid as _grid
from services.queries import revisions as _revisions
from services.queries import series as _series
from services.queries import trace as _trace
from services.queries import verify_edition as _verify
from services.queries import verify_ledger as _ledger
from services.run import Run, open_run
from services.settings import Settings
from services.status import page, period
from services.steps import Direct
from services.undertaking import Undertaken
from storage import accounts, editions
from storage.durable import write_durably

P = ParamSpec("P")
T = TypeVar("T")


def by_hand(service: Callable[Concatenate[Run, P], T]) -> Callable[Concatenate[Settings, P], T]:
    """The service with a run of its own, as a command calls it."""

    @wraps(service)
    def call(settings: Settings, *arguments: P.args, **named: P.kwargs) -> T:
        with open_run(settings) as run:
            return service(run, *arguments, **named)

    return call


def arrive(settings: Settings, *files: SampleFile) -> None:
    """Each file is put into the inbox and taken at its moment; `collect_submissions` finds it kept and not yet judged."""
    with open_run(settings) as run:
        for file in sorted(files, key=lambda each: (each.arrives_at, each.name)):
            at = file.arrives_at
            take_in(run.at(at), Arrival("folder", f"{file.name}@{at.isoformat()}", file.name, file.content))


def collect_submissions(settings: Settings) -> list[Collected]:
    with open_run(settings) as run:
        return _collect.collect_submissions(run, Direct(run))


def redraft_reports(settings: Settings, collected: Sequence[Collected]) -> list[Draft]:
    with open_run(settings) as run:
        return _redraft.redraft_reports(run, Direct(run), collected)


def monthly_report(
    settings: Settings, period: Period, as_of: datetime | None = None, prepared_by: str = "", even_empty: bool = False
) -> Printed:
    with open_run(settings) as run:
        return _report.monthly_report(run, Direct(run), period, as_of, prepared_by, even_empty)


def send_report(settings: Settings, edition_id: str) -> list[Delivered]:
    with open_run(settings) as run:
        return _send.send_report(run, Direct(run), edition_id)


def unit_sheets(
    settings: Settings, period: Period, unit_codes: Sequence[str] = (), as_of: datetime | None = None, jobs: int = 1
) -> list[PrintedSheet]:
    with open_run(settings) as run:
        return _sheets.unit_sheets(run, Direct(run, jobs), period, unit_codes, as_of)


def send_unit_sheets(settings: Settings, edition_id: str, jobs: int = 1) -> list[Delivered]:
    with open_run(settings) as run:
        return _sheets.send_unit_sheets(run, Direct(run, jobs), edition_id)


def backfill(
    settings: Settings,
    planned: Sequence[backfill_plan.Planned],
    as_of: datetime | None = None,
    jobs: int = 1,
) -> list[Backfilled]:
    with open_run(settings) as run:
        return _backfill.backfill(run, Direct(run, jobs), planned, as_of)


def release(
    settings: Settings,
    edition_id: str,
    by: str,
    doc_number: str | None = None,
    doc_date: date | None = None,
    not_before: date | None = None,
    replaces: str | None = None,
) -> EditionRecord:
    """Release it; number and day, where the test names none, are a number of its own and the day of its data."""
    with open_run(settings) as run:
        with run.ledger.read() as session:
            edition = editions.find_edition(session, edition_id)
            place = [each.edition_id for each in editions.all_editions(session)].index(edition_id)
        number = doc_number or edition.doc_number or str(100 + place)
        day = doc_date or edition.doc_date or edition.as_of.astimezone(VIETNAM).date()
        order = ReleaseOrder(number, day, not_before, replaces)
        return _release.release(run, edition_id, account_of(run, by), order)


def account_of(run: Run, person: str) -> Account:
    """The person's account; where there is none, one is made that may check and release."""
    with run.ledger.write() as session:
        known = accounts.all_accounts(session)
        found = next((each for each in known if each.is_person(person)), None)
        if found is None:
            duties = [Duty(role, date(2013, 1, 1)) for role in (RoleName.CHECKER, RoleName.RELEASER)]
            found = Account(f"a{len(known) + 1}", person, duties=duties)
            accounts.put_account(session, found, "test", run.now())
    return found


def give(settings: Settings, person: str, *duties: Duty, email: str = "") -> None:
    """An account with these roles, in the place of the person's account where he has one."""
    with open_run(settings) as run, run.ledger.write() as session:
        known = accounts.all_accounts(session)
        name = next((each.name for each in known if each.is_person(person)), f"a{len(known) + 1}")
        accounts.put_account(session, Account(name, person, email, duties=list(duties)), "test", run.now())


def remind_units(settings: Settings, period: Period, day: date | None = None) -> reminders.Reminders:
    with open_run(settings) as run:
        return reminders.remind_units(run.at(datetime.combine(day, time(9), VIETNAM)) if day else run, period)


def reconcile(settings: Settings, at: datetime) -> list[Undertaken]:
    """What is due at a moment is done, as the deployment of that name does it."""
    with open_run(settings, stopped(at)) as run:
        return _reconcile.reconcile(run, Direct(run))


def check_edition(settings: Settings, edition_id: str, by: str) -> EditionRecord:
    with open_run(settings) as run:
        return _release.check_edition(run, edition_id, account_of(run, by))


def order_release(settings: Settings, edition_id: str, order: ReleaseOrder) -> EditionRecord:
    with open_run(settings) as run:
        return _release.release(run, edition_id, account_of(run, "Người Duyệt"), order)


def withdraw(settings: Settings, edition_id: str, by: str, reason: str) -> EditionRecord:
    with open_run(settings) as run:
        return _release.withdraw(run, edition_id, account_of(run, by), reason)


def export(settings: Settings, period: Period, out: Path, as_of: datetime | None = None) -> dict[str, int]:
    with open_run(settings) as run:
        tables = _export.export(run, period, as_of)
    for name, content in _export.as_files(tables).items():
        write_durably(out / name, content)
    return {name: len(rows) for name, rows in tables.items()}


burden = by_hand(_burden.burden)
check_workbook = by_hand(check.check_workbook)
find_by_text = by_hand(_asked.find_by_text)
find_duplicates = by_hand(_duplicates.find_duplicates)
find_remarks = by_hand(narrative.find_remarks)
flush_outbox = by_hand(retry.flush_outbox)
grid = by_hand(_grid.grid)
import_history = by_hand(_history.import_history)
lock_period = by_hand(lock.lock_period)
note_bounce = by_hand(bounces.note_bounce)
open_edition = by_hand(_trace.open_edition)
open_questions = by_hand(question_sheets.open_questions)
plan_backfill = by_hand(backfill_plan.plan_backfill)
plan_forms = by_hand(form_mails.plan_forms)
plan_reminders = by_hand(reminders.plan_reminders)
preview = by_hand(send.preview)
rehearse = by_hand(_rehearse.rehearse)
repair = by_hand(_repair.repair)
exchange = by_hand(_repair.exchange)
resolve_uncertain = by_hand(retry.resolve_uncertain)
revisions = by_hand(_revisions.revisions)
send_forms = by_hand(form_mails.send_forms)
series = by_hand(_series.series)
sign_edition = by_hand(sign.sign_edition)
status = by_hand(period.status)
summaries_of_units = by_hand(summary.summaries_of_units)
summary_of = by_hand(summary.summary_of)
take_answers = by_hand(question_sheets.take_answers)
trace = by_hand(_trace.trace)
unlock_period = by_hand(lock.unlock_period)
verify_edition = by_hand(_verify.verify_edition)
verify_ledger = by_hand(_ledger.verify_ledger)
watch = by_hand(deadline.watch)
write_forms = by_hand(forms.write_forms)
write_narrative = by_hand(narrative.write_narrative)
write_question_sheets = by_hand(question_sheets.write_question_sheets)
write_status_page = by_hand(page.write_status_page)


def reference_of(settings: Settings) -> Reference:
    """The tables as a run would have them now."""
    with open_run(settings) as run:
        return run.reference
