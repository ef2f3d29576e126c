"""A month on two machines under one Prefect, one of them killed in the middle: the same as from one machine without it."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from domain.deliveries import DeliveryState
from domain.period import Period
from services.run import open_run
from services.settings import Settings
from storage import arrivals, deliveries, editions, submissions
from storage.edition_files import pdf_path
from tests.commands import collect_submissions, monthly_report, verify_ledger
from tests.file_servers import s3_server
from tests.serving import Machine, Service, free_port, held_up, serving, started_by, until
from tests.tls_proxy import behind_tls

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
JANUARY = Period.parse("2024-01")
UNITS = {"622", "623", "624", "625", "626", "627"}


@pytest.fixture
def prefect_database(postgres_ledger: str) -> Iterator[str]:
    """A database of Prefect's own beside the ledger's."""
    ledger = make_url(postgres_ledger)
    name = f"prefect_{ledger.database}"
    admin = create_engine(ledger.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield ledger.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def endpoint() -> Iterator[str]:
    """Where the store of both machines is."""
    with s3_server("kho") as (address, _):
        yield address


def steps_of(service: Service, run: str) -> set[str]:
    """The steps of the run that have begun."""
    found = service.post("task_runs/filter", {"flow_runs": {"id": {"any_": [run]}}})
    return {each["name"].rsplit("-", 1)[0] for each in found}


def judged_in(settings: Settings) -> list[int]:
    """How often each file that arrived was judged."""
    with open_run(settings) as run, run.ledger.read() as session:
        return [len(submissions.judgements_of(session, sha256)) for sha256 in arrivals.arrived_files(session)]


def kill_all_of(process: int) -> None:
    """The process and all that it started, without a word."""
    for pid in (process, *started_by(process)):
        os.kill(pid, signal.SIGKILL)


def test_what_a_killed_machine_had_is_done_by_the_other_and_nothing_is_lost_or_doubled(
    postgres_ledger: str,
    prefect_database: str,
    endpoint: str,
    new_home: Callable[[], Settings],
    fill: Callable[..., None],
    tmp_path: Path,
) -> None:
    alone, first, second = (with_mailboxes(new_home()) for _ in range(3))
    said = {
        "database_url": postgres_ledger, "store": "s3://kho/ketnghia",
        "store_endpoint": endpoint, "store_key": "key", "store_secret": "secret",
    }  # fmt: skip
    first, second = (Settings(home=each.home, _env_file=None, **said) for each in (first, second))
    shared = {f"KETNGHIA_{name.upper()}": value for name, value in said.items()}
    fill(alone, str(JANUARY), only=UNITS)
    collect_submissions(alone)
    expected = monthly_report(alone, JANUARY).edition

    port = free_port()
    with behind_tls(port, tmp_path) as (address, authority), serving(
        first, port=port,
        KETNGHIA_PREFECT_DATABASE_URL=prefect_database, **shared,
    ) as service:  # fmt: skip
        [begun] = [run["id"] for run in service.runs_of("reconcile") if not run["auto_scheduled"]]
        assert service.ended(begun) == "COMPLETED"
        machine = Machine(
            tmp_path, second,
            KETNGHIA_PREFECT_SERVER=address, KETNGHIA_PREFECT_LOGIN_FILE=str(first.home / "prefect" / "login"), **shared,
        )  # fmt: skip
        fill(first, str(JANUARY), only=UNITS)
        with machine.working(SSL_CERT_FILE=str(authority), PREFECT_WORKER_HEARTBEAT_SECONDS="5") as worker:
            with held_up(service):
                cut = service.begin("collect", {})
                until(lambda: "đọc tệp" in steps_of(service, cut))
                kill_all_of(worker.pid)
            assert service.worker_of(cut) == machine.worker
            assert judged_in(first) == [0] * len(UNITS)
        assert service.ended(cut) == "CRASHED"
        until(lambda: judged_in(first) == [1] * len(UNITS))
        for run in service.runs_of("reconcile"):
            if not run["auto_scheduled"]:
                assert service.ended(run["id"]) in ("COMPLETED", "CANCELLED")

        # The machine comes back, and works with its own program in its own home.
        with machine.working(SSL_CERT_FILE=str(authority)), held_up(service):
            again = service.begin("monthly", {"period": str(JANUARY)})
            assert service.ended(again) == "COMPLETED", machine.log.read_text(encoding="utf-8")
            assert service.worker_of(again) == machine.worker

    assert (first.home / "heartbeat" / "reconcile-elsewhere.json").exists()
    with open_run(first) as run, run.ledger.read() as session:
        [made] = editions.all_editions(session)
        assert arrivals.unanswered(session) == []
        mails = deliveries.about(session, "")
        tried = [len(deliveries.attempts_of(session, subject)) for subject in {mail.subject for mail in mails}]
    assert judged_in(second) == [1] * len(UNITS)
    assert made.sha256 == expected.sha256
    assert report_of(second, made.sha256) == report_of(alone, expected.sha256)
    assert numbers_of(second, made.edition_id) == numbers_of(alone, expected.edition_id)
    assert findings_of(second) == findings_of(alone)
    # Each mail was handed over once, and on one of the machines.
    assert {mail.state for mail in mails} == {DeliveryState.SENT}
    assert sum(tried) == len(mails)
    sent = Counter(
        f"{path.parent.name}/{path.name}" for each in (first, second) for path in each.mail_sink.glob("*/*.eml")
    )
    assert set(sent.values()) == {1}
    assert answers_in(second) == answers_in(alone)
    assert verify_ledger(second).faults == []


def with_mailboxes(home: Settings) -> Settings:
    """The home of an office that knows where each unit hears."""
    rows = "".join(f"{code}@gialai.example,{code},2020-01-01,,\n" for code in sorted(UNITS))
    table = home.home / "reference" / "unit_mailboxes.csv"
    table.write_text(f"email,unit_code,valid_from,valid_to,note\n{rows}", encoding="utf-8")
    return home


def findings_of(settings: Settings) -> dict[str, list[str]]:
    """What was found in each unit's workbook."""
    with open_run(settings) as run, run.ledger.read() as session:
        known = submissions.all_submissions(session, [str(JANUARY)])
        found = submissions.findings_of(session, [each.submission_id for each in known])
        return {
            each.sha256: [str(one) for one in found[each.submission_id].found] if each.submission_id in found else []
            for each in known
        }


def answers_in(settings: Settings) -> Counter[str]:
    """How many answers each mailbox got."""
    with open_run(settings) as run, run.ledger.read() as session:
        found = Counter(mail.recipient for mail in deliveries.about(session, "receipt-"))
    assert found
    return found


def report_of(settings: Settings, sha256: str) -> bytes:
    """The printed report, brought from the store where it was made elsewhere."""
    place = pdf_path(settings.editions, sha256)
    with open_run(settings) as run:
        run.look_into_ledger()
        run.kept.bring(place)
    return place.read_bytes()


def numbers_of(settings: Settings, edition: str) -> dict[str, tuple[str, str]]:
    """Every number of the edition, by its id."""
    with open_run(settings) as run, run.ledger.read() as session:
        return {each.figure_id: (str(each.value), each.text) for each in editions.figures_of(session, edition)}
