"""Do what the ledger says is due, whatever happened meanwhile: no month is skipped, and nothing is done twice."""

from collections.abc import Callable, Mapping
from functools import partial

from flows.monthly_report import monthly_report
from flows.redraft import collect_and_redraft
from flows.send_report import send_report
from services.due import Due, Work, find_due
from services.mail.deadline import watch
from services.mail.form_mails import send_forms
from services.mail.reminders import remind_units
from services.mail.retry import flush_outbox
from services.run import Run
from services.steps import Steps
from services.undertaking import Undertaken, undertake
from services.watching import look_around


def reconcile(run: Run, steps: Steps) -> list[Undertaken]:
    """What came of taking in what waited, and of everything that was due; what failed stopped nothing else."""
    return [
        undertake(run, "collect", "thu nhận", partial(_collect, run, steps)),
        undertake(run, "outbox", "thử lại thư chờ gửi", partial(_flush, run, steps)),
        *(
            undertake(run, due.key, due.label, partial(_WORK[due.work], run, steps, due))
            for due in steps.run("find-due", find_due)
        ),
        undertake(run, "look-around", "xem lại máy và sổ", partial(_look_around, run, steps)),
    ]


def _collect(run: Run, steps: Steps) -> str:
    collected, _ = collect_and_redraft(run, steps)
    return f"{len(collected)} tệp."


def _flush(run: Run, steps: Steps) -> str:
    tried = steps.run("flush-outbox", flush_outbox)
    return f"{len(tried)} thư."


def _look_around(run: Run, steps: Steps) -> str:
    found = steps.run("look-around", look_around)
    return "; ".join(found.values()) or "Mọi thứ đều tốt."


def _send_forms(run: Run, steps: Steps, due: Due) -> str:
    return steps.run("send-forms", send_forms, due.period).sentence


def _remind(run: Run, steps: Steps, due: Due) -> str:
    return steps.run("remind", remind_units, due.period).sentence


def _report(run: Run, steps: Steps, due: Due) -> str:
    edition = monthly_report(run, steps, due.period).edition
    return f"Bản {edition.edition_id} ({edition.state.label})."


def _send(run: Run, steps: Steps, due: Due) -> str:
    outcome = send_report(run, steps, due.edition_id)
    return "; ".join(f"{each.recipient}: {each.state.label}" for each in outcome)


def _watch(run: Run, steps: Steps, _: Due) -> str:
    alarm = steps.run("watch", watch)
    return alarm.lines[0] if alarm else "Không có báo cáo nào sắp trễ hạn gửi."


_WORK: Mapping[Work, Callable[[Run, Steps, Due], str]] = {
    Work.FORMS: _send_forms,
    Work.REMIND: _remind,
    Work.REPORT: _report,
    Work.SEND: _send,
    Work.WATCH: _watch,
}
