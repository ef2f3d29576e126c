"""Commands that only look answer while somebody else writes, and from an account that may only read."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from domain.period import Period
from services.settings import PROGRAM, Settings
from storage.database import open_database
from tests.commands import collect_submissions, monthly_report, release

pytestmark = pytest.mark.slow
EDITION = "2024-01-1"
LOOKING: dict[str, tuple[str, ...]] = {
    "status": ("status", "2024-01"),
    "trace": ("trace", EDITION, "value_total_vnd@period"),
    "trace --text": ("trace", "--text", "1"),
    "grid": ("grid", "2024-01", "2024-02"),
    "series": ("series", "value_total_vnd", "2024-01", "2024-02"),
    "revisions": ("revisions", "2024-01"),
    "export": ("export", "2024-01", "--out", "OUT"),
    "verify": ("verify", "PDF"),
    "verify --ledger": ("verify", "--ledger"),
    "preview": ("preview", EDITION),
    "recipients": ("recipients", "--on", "2024-02-20"),
    "duplicates": ("duplicates", "2024-01"),
    "questions": ("questions", "2024-01"),
    "burden": ("burden",),
}
"""Every command that changes nothing; of what it writes beside the ledger it may say that it could not."""
_WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def month(
    request: pytest.FixtureRequest, new_home: Callable[[], Settings], fill: Callable[..., None], postgres_url: str
) -> Iterator[Settings]:
    """One district's January, released."""
    settings = new_home()
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    if request.param == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE looked_at"))
        url = engine.url.set(drivername="postgresql", database="looked_at").render_as_string(hide_password=False)
        settings = settings.model_copy(update={"database_url": url})
    fill(settings, "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    monthly_report(settings, Period.parse("2024-01"))
    release(settings, EDITION, "Người Duyệt", "5", date(2024, 2, 5))
    yield settings
    if request.param == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE looked_at WITH (FORCE)"))
    engine.dispose()


def look(
    settings: Settings, arguments: tuple[str, ...], out: Path, *before: str, url: str = ""
) -> subprocess.CompletedProcess[str]:
    pdf = next(settings.editions.rglob("*.pdf"))
    given = [{"OUT": str(out), "PDF": str(pdf)}.get(each, each) for each in arguments]
    environment = os.environ | {
        "KETNGHIA_HOME": str(settings.home),
        "KETNGHIA_DATABASE_URL": url or settings.database_url,
    }
    return subprocess.run(
        [*before, sys.executable, "-m", "cli.main", *given],
        cwd=PROGRAM, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", LOOKING.values(), ids=LOOKING)
def test_it_answers_while_another_process_writes(month: Settings, arguments: tuple[str, ...], tmp_path: Path) -> None:
    with open_database(month.ledger_url) as writer, writer.write() as session:
        session.execute(text("UPDATE arrivals SET answered_at = answered_at"))
        done = look(month, arguments, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def read_only(month: Settings, tmp_path: Path) -> Iterator[tuple[Settings, str]]:
    """The same home where nothing can be written, and the URL by which an account that may only read opens its ledger."""
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("needs setpriv to do without the rights of root")
    home = tmp_path / "home"
    shutil.copytree(month.home, home, symlinks=True)
    url = month.database_url
    if url:
        with open_database(url) as owner, owner.write() as session:
            session.execute(text("DROP ROLE IF EXISTS looking"))
            session.execute(text("CREATE ROLE looking LOGIN"))
            session.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looking"))
        url = url.replace("//postgres:", "//looking:").replace("//postgres@", "//looking@")
        assert url != month.database_url
    for path in [home, *home.rglob("*")]:
        if os.geteuid() == 0:
            os.chown(path, 65534, 65534)
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield month.model_copy(update={"home": home}), url
    if url:
        with open_database(month.database_url) as owner, owner.write() as session:
            session.execute(text("DROP OWNED BY looking"))
            session.execute(text("DROP ROLE looking"))
    for path in [home, *home.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)


def test_they_all_answer_from_an_account_that_may_only_read(read_only: tuple[Settings, str], tmp_path: Path) -> None:
    settings, url = read_only
    # The server of the tests lets nobody else into its folder; there it is the role that may only read.
    before = _WITHOUT_RIGHTS if os.geteuid() == 0 and not url else ()
    for name, arguments in LOOKING.items():
        done = look(settings, arguments, tmp_path / "out", *before, url=url)
        assert done.returncode == 0, f"{name}: {done.stderr}"
    refused = look(settings, ("lock", "2024-01", "--from", "2024-07-01", "--by", "A"), tmp_path, *before, url=url)
    assert refused.returncode != 0
