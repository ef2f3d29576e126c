"""The door of Prefect: each flow as it schedules and shows it. Only this module imports Prefect, and nobody imports it.

Deployments stand in `prefect.yaml`. The ledger decides what is due; a repeated or late run converges.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from prefect import flow, runtime, task, unmapped
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.exceptions import CrashedRun
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings
from prefect.states import Completed
from prefect.task_engine import TaskRunTimeoutError
from pydantic import Field

from domain.editions import EditionState
from domain.errors import WorkerLost
from domain.period import Period
from flows import backfill as backfill_months
from flows import collect_submissions as collecting
from flows import monthly_report as reporting
from flows import reconcile as reconciling
from flows import send_report as sending
from flows import unit_sheets as sheets
from flows.records import ToParent, WithFields, on_console, show_records
from flows.redraft import collect_and_redraft
from flows.task_runner import RunnerBySettings
from services.editions import release as releasing
from services.editions.backfill_plan import Only, plan_backfill
from services.editions.ways import to_release
from services.frame_stack import with_room
from services.heartbeat import open_beating
from services.intake.demonstration import made_up_order, made_up_releaser
from services.intake.outcome import Collected
from services.log import LOGGER, keep_log, note
from services.mail import retry
from services.policies import policy_of
from services.progress import Progress
from services.run import Run
from services.settings import Runner, load_settings
from services.steps import heals_by_waiting, how_far, on_ticket
from services.upkeep.tidy import clear_left_overs_of
from storage.edition_files import workings_path


def _parameter(title: str, description: str, pattern: str) -> Any:
    # Prefect's server looks for the pattern in Python's way, in which `$` lets a final newline pass; pydantic knows no `(?!`.
    return Field(
        title=title,
        description=description,
        pattern=f"^{pattern}$",
        json_schema_extra={"pattern": rf"^{pattern}(?![\s\S])"},
    )


_YEAR, _MONTH = "20[0-9]{2}", "0[1-9]|1[0-2]"
_SPAN = f"{_MONTH}|Q[1-4]|H[12]|9M"
Month = Annotated[str, _parameter("Kỳ (tháng)", "Như 2024-02.", f"{_YEAR}-({_MONTH})")]
AnyPeriod = Annotated[
    str,
    _parameter(
        "Kỳ", "Như 2024-02, 2024-Q1, 2024-H1, 2024-9M hoặc 2024; để trống: tháng vừa khép.", f"{_YEAR}(-({_SPAN}))?"
    ),
]
EditionId = Annotated[str, _parameter("Mã bản", "Như 2024-02-1.", f"{_YEAR}-({_SPAN}|N)-[1-9][0-9]*")]
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

        @with_room
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
        ticket = self._run.ticket(is_for_elsewhere=self._run.settings.runner is Runner.DASK)
        futures = _as_task(name, on_ticket).map(unmapped(ticket), unmapped(step), list(items))
        results: list[T] = []
        failures: list[Exception] = []
        for done, (item, future) in enumerate(zip(items, futures, strict=True), start=1):
            try:
                results.append(future.result())
            except _lost() as error:
                if lost is None:
                    failure = WorkerLost(f"Bước {name}: tiến trình làm {item} dừng đột ngột; chạy lại flow này.")
                    failure.__cause__ = error
                    failures.append(failure)
                else:
                    results.append(lost(item))
            except Exception as error:
                failures.append(error)
            self.on_progress(name, *how_far(items, range(done)))
        if failures:
            # Raised once none of the others goes on: what the flow holds meanwhile, such as a turn, is theirs too.
            raise failures[0]
        return results


def _lost() -> tuple[type[Exception], ...]:
    """How a runner says that a task has cost its worker its life; Dask's word is known only where Dask was asked for."""
    dask = sys.modules.get("distributed")
    return (BrokenExecutor, CrashedRun) if dask is None else (BrokenExecutor, CrashedRun, dask.KilledWorker)


def _as_task(name: str, work: Callable[..., Any]) -> Any:
    policy = policy_of(name)
    as_task: Any = task(
        name=policy.label,
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
    if isinstance(error, TaskRunTimeoutError):
        # It took all its time: again it would take as long.
        return False
    return isinstance(error, BaseException) and heals_by_waiting(error)


_BY_SETTINGS: Any = RunnerBySettings()
_LONG, _DAYS = 3 * 3_600, 3 * 86_400
"""After so many seconds a run has lost its way: it is ended, and what it left is done by the next."""


@contextmanager
def _opened(flow: str, label: str) -> Iterator[tuple[Run, AsTasks]]:
    # What a run of Prefect's makes is as private as what a command makes.
    os.umask(0o077)
    settings = load_settings()
    keep_log(settings.home)
    show_records(on_console())
    for handler in LOGGER.handlers:
        if isinstance(handler, APILogHandler):
            handler.setFormatter(WithFields())
    with open_beating(settings, flow, label) as run:
        clear_left_overs_of(settings)
        yield run, AsTasks(run)


@flow(name="reconcile", timeout_seconds=_LONG, persist_result=False, task_runner=_BY_SETTINGS)
def reconcile() -> dict[str, str]:
    """Take in what waits, and do all that the ledger says is due; gives what came of each piece of work.

    Whenever it runs, it asks what is due now: it catches up after months, and does nothing twice.
    """
    with _opened("reconcile", "làm việc đến hạn") as (run, steps):
        done = reconciling.reconcile(run, steps)
        _show("reconcile", "\n".join(f"- {each.line}" for each in done))
    return {each.label: each.sentence for each in done}


@flow(name="collect_submissions", timeout_seconds=_LONG, persist_result=False, task_runner=_BY_SETTINGS)
def collect_submissions() -> dict[str, str]:
    """Take in every workbook that waits, and redraft what it changed; gives how many met which verdict."""
    with _opened("collect-submissions", "thu nhận") as (run, steps):
        collected, drafts = collect_and_redraft(run, steps)
        if drafts:
            _show("drafts", "\n\n".join(draft.sentence for draft in drafts))
        return _verdicts(collected)


@flow(name="monthly_report", timeout_seconds=_LONG, persist_result=False, task_runner=_BY_SETTINGS)
def monthly_report(period: AnyPeriod | None = None) -> State[str]:
    """Collect what waits, then print the report of the period; gives the edition's id. Sends nothing.

    It ends there: the gate is the edition's row in the ledger, and nothing waits in memory for the release.

    Without a period it is the month that had closed at the scheduled start, however late the run.
    """
    with _opened("monthly-report", "lập báo cáo") as (run, steps):
        collecting.collect_submissions(run, steps)
        month = Period.parse(period) if period else run.reference.calendar.last_closed(_scheduled_start(run))
        printed = reporting.monthly_report(run, steps, month)
        edition, page = printed.edition, run.settings.status_pages / f"{month}.html"
        with run.ledger.read() as session:
            command = to_release(session, edition.period, edition.edition_id)
        is_waiting = edition.state in (EditionState.DRAFT, EditionState.CHECKED)
        _show(
            f"edition-{edition.edition_id}",
            f"Bản **{edition.edition_id}**: {edition.state.label}.\n\n"
            f"- Báo cáo (PDF): `{printed.path}`\n"
            f"- Tình trạng kỳ: `{page}`\n"
            f"- Cách tính từng số: `{workings_path(run.settings.editions, edition.sha256)}`\n\n"
            + (f"Người duyệt chạy bằng tài khoản của mình: `{command}`" if is_waiting else ""),
        )
        state = "AwaitingRelease" if is_waiting else edition.state.name.capitalize()
        message = f"Bản {edition.edition_id}: {'chờ duyệt' if is_waiting else edition.state.label}"
        return Completed(name=state, message=message, data=edition.edition_id)


@flow(name="send_report", timeout_seconds=_LONG, persist_result=False)
def send_report(edition: EditionId) -> dict[str, str]:
    """Mail a released edition, once to each recipient; gives each recipient's state."""
    with _opened("send-report", "gửi báo cáo") as (run, steps):
        outcome = sending.send_report(run, steps, edition)
    return {delivered.recipient: str(delivered.state) for delivered in outcome}


@flow(name="send_unit_sheets", timeout_seconds=_LONG, persist_result=False, task_runner=_BY_SETTINGS)
def send_unit_sheets(edition: EditionId) -> dict[str, str]:
    """Print and mail each unit its sheet, by the figures of a released edition; gives each mailbox's state."""
    with _opened("send-unit-sheets", "gửi phiếu đơn vị") as (run, steps):
        outcome = sheets.send_unit_sheets(run, steps, edition)
    return {delivered.recipient: str(delivered.state) for delivered in outcome}


@flow(name="flush_outbox", timeout_seconds=_LONG, persist_result=False)
def flush_outbox() -> dict[str, str]:
    """Try every mail whose time has come; gives each recipient's state."""
    with _opened("flush-outbox", "thử lại thư") as (run, _):
        tried = retry.flush_outbox(run)
    return {delivered.recipient: str(delivered.state) for delivered in tried}


@flow(name="backfill", timeout_seconds=_DAYS, persist_result=False, task_runner=_BY_SETTINGS)
def backfill(
    first: Month,
    last: Month,
    only: Annotated[Only | None, Field(title="Chỉ các tháng", description="Để trống: mọi tháng cần lập.")] = None,
) -> dict[str, str]:
    """Print the reports of many months; gives each month's edition, or why there is none. Never mails."""
    with _opened("backfill", "lập lại nhiều tháng") as (run, steps):
        planned = plan_backfill(run, Period.parse(first), Period.parse(last), only)
        outcome = backfill_months.backfill(run, steps, planned)
    made = {each.period: each.edition_id or each.reason for each in outcome}
    result = {str(each.period): made.get(each.period, each.why) for each in planned}
    rows = "\n".join(f"| {period} | {found} |" for period, found in result.items())
    _show("backfill", f"| Kỳ | Kết quả |\n|---|---|\n{rows}")
    return result


def demonstrate(period: str, released_by: str) -> dict[str, Any]:
    """One month of the demonstration: report, release in a made-up name, mail; gives the edition and its recipients."""
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        edition = str(monthly_report(period))
        with _opened("demonstrate", "trình diễn") as (run, _):
            releasing.release(run, edition, made_up_releaser(run, released_by), made_up_order(run, edition))
        return {"edition": edition, "delivered": send_report(edition)}


def _verdicts(collected: Iterable[Collected]) -> dict[str, str]:
    counts = Counter(outcome.verdict.label for outcome in collected)
    return {label: f"{count} tệp" for label, count in counts.items()}


def _scheduled_start(run: Run) -> datetime:
    """When the run was meant to start; a run by hand starts now."""
    start: datetime | None = runtime.flow_run.scheduled_start_time
    return start or run.now()


def _show(key: str, markdown: str) -> None:
    create_markdown_artifact(markdown=markdown, key=key.lower())


if __name__ == "__main__":
    show_records(ToParent(sys.stdout))
    print(json.dumps({"result": demonstrate(*sys.argv[1:3])}), flush=True)
