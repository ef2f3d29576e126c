"""The flows as Prefect sees them. Only this module imports Prefect; the work is the plain compositions' own.

Deployments stand in `prefect.yaml`. The ledger decides what is due; a repeated or late run converges.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from prefect import flow, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from cli.terminal import progress
from domain.calendar import VIETNAM
from domain.period import Period
from domain.reminders import rung_on
from services.editions import backfill as backfill_months
from services.editions import make as reporting
from services.editions import release as releasing
from services.editions.backfill_plan import Only, plan_backfill
from services.editions.files import workings_path
from services.editions.redraft import draft_anew
from services.intake import collect as collecting
from services.mail import deadline as watching
from services.mail import reminders as reminding
from services.mail import retry as deliver_again
from services.mail import send as sending
from services.registers import load_registers
from services.settings import load_settings, now

T = TypeVar("T")


def as_task(name: str, step: Callable[..., T], *arguments: object) -> T:
    """Run one step of a composition as a task: seen and timed, neither cached nor persisted."""
    as_step: Any = task(name=name, cache_policy=NO_CACHE, persist_result=False)
    result: T = as_step(step)(*arguments)
    return result


@flow(name="collect_submissions", persist_result=False)
def collect_submissions() -> dict[str, int]:
    """Take in every workbook that waits, and make the drafts anew that it changed; gives how many met which verdict."""
    settings = load_settings()
    with progress() as tell:
        collected = collecting.collect_submissions(settings, as_task, tell)
    drafts = draft_anew(settings, collected, as_task)
    if drafts:
        _show("drafts", "\n\n".join(draft.words for draft in drafts))
    return _verdicts(collected)


@flow(name="monthly_report", persist_result=False)
def monthly_report(period: str | None = None) -> State[str]:
    """Collect what waits, then print the report of the period; gives the edition's id. Sends nothing.

    It ends there: the gate is the edition's row in the ledger, and nothing waits in memory for the release.

    Without a period it is the month that had closed at the scheduled start, however late the run.
    """
    settings = load_settings()
    with progress() as tell:
        collecting.collect_submissions(settings, as_task, tell)
    if period is None:
        calendar = load_registers(settings).calendar
        month = calendar.last_closed(_scheduled_start())
    else:
        month = Period.parse(period)
    printed = reporting.monthly_report(settings, month, None, as_task)
    edition = printed.edition.edition_id
    page = settings.home / "status" / f"{month}.html"
    workings = workings_path(settings, printed.edition.sha256)
    _show(
        f"edition-{edition}",
        f"Bản **{edition}** {printed.edition.state.words}, chờ duyệt.\n\n"
        f"- [Báo cáo (PDF)]({printed.path.as_uri()}): `{printed.path}`\n"
        f"- [Tình trạng kỳ]({page.as_uri()}): `{page}`\n"
        f"- [Cách tính từng số]({workings.as_uri()}): `{workings}`\n\n"
        f"Duyệt: deployment `release` với `edition` = `{edition}`, hoặc `ketnghia release {edition} --by TÊN`",
    )
    return Completed(name="AwaitingRelease", message=f"Bản {edition} chờ duyệt", data=edition)


@flow(name="send_report", persist_result=False)
def send_report(edition: str) -> dict[str, str]:
    """Mail a released edition, once to each recipient; gives each recipient's state."""
    outcome = sending.send_report(load_settings(), edition, as_task)
    return {delivered.recipient: str(delivered.state) for delivered in outcome}


@flow(name="release_edition", persist_result=False)
def release_edition(
    edition: str,
    by: str,
    number: str | None = None,
    dated: date | None = None,
    not_before: date | None = None,
    replaces: str | None = None,
) -> str:
    """Release an edition in a named person's name, as `ketnghia release` does; gives its state.

    The gate is in the ledger: nothing waits here, and nothing is sent.
    """
    record = releasing.release(load_settings(), edition, by, number, dated, not_before, replaces)
    _show(f"edition-{edition}", f"Bản **{edition}** {record.state.words} bởi {record.released_by}.")
    return str(record.state)


@flow(name="remind_units", persist_result=False)
def remind_units(period: str | None = None) -> str:
    """Remind the units whose report is missing, of the month that is closing or has just closed; gives how many."""
    settings = load_settings()
    calendar = load_registers(settings).calendar
    today = _scheduled_start().astimezone(VIETNAM).date()
    # Before the month has closed it is the one we are in; afterwards, for as long as it is being chased, the one before.
    current = calendar.month_of(today)
    before = rung_on(calendar, current, today)
    month = Period.parse(period) if period else current if before else current.previous()
    found = reminding.remind_units(settings, month, today)
    lines = reminding.reminder_lines(found, is_dry_run=False)
    _show(f"remind-{month}", "\n".join(lines))
    return lines[0]


@flow(name="flush_outbox", persist_result=False)
def flush_outbox() -> dict[str, str]:
    """Try every mail whose time has come; gives each recipient's state."""
    tried = deliver_again.flush_outbox(load_settings())
    return {delivered.recipient: str(delivered.state) for delivered in tried}


@flow(name="backfill", persist_result=False)
def backfill(first: str, last: str, only: str | None = None, jobs: int = 1) -> dict[str, str]:
    """Print the reports of many months; gives each month's edition, or why there is none. Never mails."""
    settings = load_settings()
    planned = plan_backfill(settings, Period.parse(first), Period.parse(last), Only(only) if only else None)
    outcome = backfill_months.backfill(settings, planned, None, jobs, as_task)
    made = {each.period: each.edition_id or each.reason for each in outcome}
    result = {str(each.period): made.get(each.period, each.why) for each in planned}
    rows = "\n".join(f"| {period} | {told} |" for period, told in result.items())
    _show("backfill", f"| Kỳ | Kết quả |\n|---|---|\n{rows}")
    return result


@flow(name="watch", persist_result=False)
def watch() -> str:
    """Tell the operators of a report that is about to be late; gives what they hear."""
    alarm = watching.watch(load_settings(), _scheduled_start().astimezone(VIETNAM).date())
    if alarm is None:
        return "Không có báo cáo nào sắp trễ hạn gửi."
    _show(f"alarm-{alarm.period}", "\n\n".join(alarm.lines))
    return alarm.lines[0]


def _verdicts(collected: Iterable[collecting.Collected]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in collected:
        counts[str(outcome.verdict)] = counts.get(str(outcome.verdict), 0) + 1
    return counts


def _scheduled_start() -> datetime:
    """When the run was meant to start; a run by hand starts now."""
    start: datetime | None = runtime.flow_run.scheduled_start_time
    return start or now()


def _show(key: str, markdown: str) -> None:
    create_markdown_artifact(markdown=markdown, key=key.lower())
