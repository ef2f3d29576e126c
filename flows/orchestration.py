"""The door of Prefect: each flow as it schedules and shows it. Only this module imports Prefect, and nobody imports it.

Deployments stand in `prefect.yaml`. The ledger decides what is due; a repeated or late run converges.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from prefect import flow, runtime, task, unmapped
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import CrashedRun
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Completed
from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

from domain.calendar import VIETNAM
from domain.editions import ReleaseOrder, release_command
from domain.errors import WorkerLost
from domain.period import Period
from domain.reminders import month_of_forms, rung_on
from flows import backfill as backfill_months
from flows import collect_submissions as collecting
from flows import monthly_report as reporting
from flows import send_report as sending
from flows import unit_sheets as sheets
from flows.records import ToParent, WithFields, on_console, show_records
from flows.redraft import collect_and_redraft
from services.editions import release as releasing
from services.editions.backfill_plan import Only, plan_backfill
from services.intake.demonstration import made_up_order
from services.intake.outcome import Collected
from services.log import LOGGER, keep_log, note
from services.mail import deadline, form_mails, reminders, retry
from services.progress import Progress
from services.run import Run, open_run
from services.settings import Runner, load_settings
from services.steps import heals_by_waiting, how_far, on_ticket, policy_of
from services.upkeep.tidy import clear_left_overs_of
from storage.edition_files import workings_path

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")


def _note_progress(step: str, done: int, total: int) -> None:
    if done in (1, total):
        note("progress", step=step, done=done, total=total)


class AsTasks:
    """Steps as Prefect's tasks: seen and timed, tried again where waiting heals, neither cached nor persisted."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.on_progress: Progress = _note_progress

    def run(self, name: str, step: Callable[Concatenate[Run, P], T], /, *arguments: P.args, **named: P.kwargs) -> T:
        """Run the step as a task of its own, in this process."""

        def here() -> T:
            return step(self._run, *arguments, **named)

        result: T = _as_task(name, here)()
        return result

    def map(
        self, name: str, step: Callable[[Run, Item], T], items: Sequence[Item], lost: Callable[[Item], T] | None = None
    ) -> list[T]:
        """Run the step for each item as a task that the flow's runner places; a process opens the run by its ticket."""
        if len(items) < 2:
            return [self.run(name, step, item) for item in items]
        futures = _as_task(name, on_ticket).map(unmapped(self._run.ticket()), unmapped(step), list(items))
        results = []
        for item, future in zip(items, futures, strict=True):
            try:
                results.append(future.result())
            except (BrokenExecutor, CrashedRun) as error:
                if lost is None:
                    raise WorkerLost(f"Bước {name}: tiến trình làm {item} dừng đột ngột; chạy lại flow này.") from error
                results.append(lost(item))
            self.on_progress(name, *how_far(items, range(len(results))))
        return results


def _as_task(name: str, work: Callable[..., Any]) -> Any:
    policy = policy_of(name)
    as_task: Any = task(
        name=name,
        tags=set(policy.tags),
        retries=len(policy.waits_seconds),
        retry_delay_seconds=list(policy.waits_seconds) or None,
        retry_condition_fn=_may_try_again,
        timeout_seconds=policy.timeout_seconds,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return as_task(work)


def _may_try_again(_task: object, _run: object, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and heals_by_waiting(error)


class RunnerBySettings(ThreadPoolTaskRunner[Any]):
    """What places the tasks of a mapped step: a setting, read when a run begins, which is when Prefect duplicates it."""

    def duplicate(self) -> Any:
        """The runner of one run of a flow."""
        settings = load_settings()
        kind = ProcessPoolTaskRunner if settings.runner is Runner.PROCESSES else ThreadPoolTaskRunner
        return kind(max_workers=settings.workers)


_BY_SETTINGS: Any = RunnerBySettings()


@contextmanager
def _opened() -> Iterator[tuple[Run, AsTasks]]:
    settings = load_settings()
    keep_log(settings.home)
    show_records(on_console())
    for handler in LOGGER.handlers:
        if isinstance(handler, APILogHandler):
            handler.setFormatter(WithFields())
    with open_run(settings) as run:
        clear_left_overs_of(settings)
        yield run, AsTasks(run)


@flow(name="collect_submissions", persist_result=False, task_runner=_BY_SETTINGS)
def collect_submissions() -> dict[str, int]:
    """Take in every workbook that waits, and redraft what it changed; gives how many met which verdict."""
    with _opened() as (run, steps):
        collected, drafts = collect_and_redraft(run, steps)
        if drafts:
            _show("drafts", "\n\n".join(draft.sentence for draft in drafts))
        return _verdicts(collected)


@flow(name="monthly_report", persist_result=False, task_runner=_BY_SETTINGS)
def monthly_report(period: str | None = None) -> State[str]:
    """Collect what waits, then print the report of the period; gives the edition's id. Sends nothing.

    It ends there: the gate is the edition's row in the ledger, and nothing waits in memory for the release.

    Without a period it is the month that had closed at the scheduled start, however late the run.
    """
    with _opened() as (run, steps):
        collecting.collect_submissions(run, steps)
        month = Period.parse(period) if period else run.reference.calendar.last_closed(_scheduled_start(run))
        printed = reporting.monthly_report(run, steps, month)
        edition = printed.edition.edition_id
        page = run.settings.home / "status" / f"{month}.html"
        workings = workings_path(run.settings.editions, printed.edition.sha256)
        _show(
            f"edition-{edition}",
            f"Bản **{edition}** {printed.edition.state.label}, chờ duyệt.\n\n"
            f"- [Báo cáo (PDF)]({printed.path.as_uri()}): `{printed.path}`\n"
            f"- [Tình trạng kỳ]({page.as_uri()}): `{page}`\n"
            f"- [Cách tính từng số]({workings.as_uri()}): `{workings}`\n\n"
            f"Duyệt: deployment `release` với `edition` = `{edition}`, `by`, `number`, `dated`, hoặc `{release_command(edition)}`",
        )
        return Completed(name="AwaitingRelease", message=f"Bản {edition} chờ duyệt", data=edition)


@flow(name="send_report", persist_result=False)
def send_report(edition: str) -> dict[str, str]:
    """Mail a released edition, once to each recipient; gives each recipient's state."""
    with _opened() as (run, steps):
        outcome = sending.send_report(run, steps, edition)
    return {delivered.recipient: str(delivered.state) for delivered in outcome}


@flow(name="send_unit_sheets", persist_result=False, task_runner=_BY_SETTINGS)
def send_unit_sheets(edition: str) -> dict[str, str]:
    """Print and mail each unit its sheet, by the figures of a released edition; gives each mailbox's state."""
    with _opened() as (run, steps):
        outcome = sheets.send_unit_sheets(run, steps, edition)
    return {delivered.recipient: str(delivered.state) for delivered in outcome}


@flow(name="release_edition", persist_result=False)
def release_edition(
    edition: str,
    by: str,
    number: str,
    dated: date,
    not_before: date | None = None,
    replaces: str | None = None,
) -> str:
    """Release an edition in a named person's name, as `ketnghia release` does; gives its state.

    The gate is in the ledger: nothing waits here, and nothing is sent.
    """
    with _opened() as (run, _):
        record = releasing.release(run, edition, ReleaseOrder(by, number, dated, not_before, replaces))
    _show(f"edition-{edition}", f"Bản **{edition}** {record.state.label} bởi {record.released_by}.")
    return str(record.state)


@flow(name="send_forms", persist_result=False)
def send_forms(period: str | None = None) -> str:
    """Send the forms of the month that is running, from the day on which they are due to go out; gives the sentence."""
    with _opened() as (run, _):
        today = _scheduled_start(run).astimezone(VIETNAM).date()
        month = Period.parse(period) if period else month_of_forms(run.reference.calendar, today)
        if month is None:
            return "Chưa đến ngày gửi biểu mẫu."
        found = form_mails.send_forms(run, month)
    _show(f"forms-{month}", "\n\n".join(found.lines()))
    return found.sentence


@flow(name="remind_units", persist_result=False)
def remind_units(period: str | None = None) -> str:
    """Remind the units whose report is missing, of the month that is closing or has just closed; gives the sentence."""
    with _opened() as (run, _):
        calendar = run.reference.calendar
        today = _scheduled_start(run).astimezone(VIETNAM).date()
        # Before the month has closed it is the one we are in; afterwards, while it is being chased, the one before.
        current = calendar.month_of(today)
        before = rung_on(calendar, current, today)
        month = Period.parse(period) if period else current if before else current.previous()
        found = reminders.remind_units(run, month, today)
    _show(f"remind-{month}", "\n\n".join(found.lines()))
    return found.sentence


@flow(name="flush_outbox", persist_result=False)
def flush_outbox() -> dict[str, str]:
    """Try every mail whose time has come; gives each recipient's state."""
    with _opened() as (run, _):
        tried = retry.flush_outbox(run)
    return {delivered.recipient: str(delivered.state) for delivered in tried}


@flow(name="backfill", persist_result=False, task_runner=_BY_SETTINGS)
def backfill(first: str, last: str, only: str | None = None) -> dict[str, str]:
    """Print the reports of many months; gives each month's edition, or why there is none. Never mails."""
    with _opened() as (run, steps):
        planned = plan_backfill(run, Period.parse(first), Period.parse(last), Only(only) if only else None)
        outcome = backfill_months.backfill(run, steps, planned)
    made = {each.period: each.edition_id or each.reason for each in outcome}
    result = {str(each.period): made.get(each.period, each.why) for each in planned}
    rows = "\n".join(f"| {period} | {found} |" for period, found in result.items())
    _show("backfill", f"| Kỳ | Kết quả |\n|---|---|\n{rows}")
    return result


@flow(name="watch", persist_result=False)
def watch() -> str:
    """Tell the operators of a report that is about to be late; gives what they hear."""
    with _opened() as (run, _):
        alarm = deadline.watch(run, _scheduled_start(run).astimezone(VIETNAM).date())
    if alarm is None:
        return "Không có báo cáo nào sắp trễ hạn gửi."
    _show(f"alarm-{alarm.period}", "\n\n".join(alarm.lines))
    return alarm.lines[0]


def demonstrate(period: str, released_by: str) -> dict[str, Any]:
    """One month of the demonstration: report, release in a made-up name, mail; gives the edition and its recipients."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        edition = str(monthly_report(period))
        with _opened() as (run, _):
            releasing.release(run, edition, made_up_order(run, edition, released_by))
        return {"edition": edition, "delivered": send_report(edition)}


def _verdicts(collected: Iterable[Collected]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in collected:
        counts[str(outcome.verdict)] = counts.get(str(outcome.verdict), 0) + 1
    return counts


def _scheduled_start(run: Run) -> datetime:
    """When the run was meant to start; a run by hand starts now."""
    start: datetime | None = runtime.flow_run.scheduled_start_time
    return start or run.now()


def _show(key: str, markdown: str) -> None:
    create_markdown_artifact(markdown=markdown, key=key.lower())


if __name__ == "__main__":
    show_records(ToParent(sys.stdout))
    print(json.dumps({"result": demonstrate(*sys.argv[1:3])}), flush=True)
