"""What another account of the machine may see: nothing of the data folder, and what is published on purpose."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.settings import PROGRAM
from tests.security.nobody import as_nobody, as_root

pytestmark = pytest.mark.slow


def ketnghia(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        cwd=home.parent, capture_output=True, text=True, check=False,
        env=os.environ | {"KETNGHIA_HOME": str(home), "PYTHONPATH": str(PROGRAM), **environment},
    )  # fmt: skip


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that another account may come to; into those of the tests it may not."""
    with tempfile.TemporaryDirectory(prefix="ketnghia-reachable-") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.fixture
def used(reachable: Path, pleiku: Callable[..., bytes]) -> Path:
    """A home in which a file was taken in, with the inbox and the published pages in folders of their own."""
    home, inbox = reachable / "home", reachable / "share"
    inbox.mkdir(mode=0o777)
    (inbox / "Pleiku.xlsx").write_bytes(pleiku())
    done = ketnghia(
        home, "collect", KETNGHIA_INBOX_FOLDER=str(inbox), KETNGHIA_STATUS_FOLDER=str(reachable / "published")
    )
    assert done.returncode == 0, done.stderr
    return home


def test_what_the_program_writes_is_open_to_nobody_else(used: Path) -> None:
    written = [used, *used.rglob("*")]
    assert len(written) > 10
    assert [place for place in written if place.lstat().st_mode & 0o077 and not place.is_symlink()] == []


def test_what_is_published_is_open_to_everybody_and_leads_nowhere_else(used: Path) -> None:
    pages = sorted((used.parent / "published").iterdir())
    assert [page.name for page in pages] == ["2024-02.html", "index.html"]
    for page in pages:
        assert stat.S_IMODE(page.stat().st_mode) == 0o644
        assert "editions/" not in page.read_text(encoding="utf-8")
        assert "@" not in page.read_text(encoding="utf-8").split("</style>")[1]


@as_root
def test_another_account_reads_the_published_page_and_nothing_of_the_ledger(used: Path) -> None:
    assert as_nobody("cat", str(used.parent / "published" / "2024-02.html")).returncode == 0
    for place in (used / "ketnghia.sqlite3", used / "log" / "ketnghia.jsonl", used):
        assert as_nobody("head", "-c1", str(place)).returncode != 0
    assert as_nobody("ls", str(used)).returncode != 0


def test_a_home_of_before_is_closed_by_the_next_command(used: Path) -> None:
    os.chmod(used, 0o755)
    assert ketnghia(used, "status", "2024-02").returncode == 0
    assert stat.S_IMODE(used.stat().st_mode) == 0o700


def test_what_is_written_for_others_is_as_open_as_their_folder(used: Path, reachable: Path) -> None:
    out = reachable / "for the units"
    assert ketnghia(used, "forms", "2024-02", "--unit", "622", "--out", str(out)).returncode == 0
    [form] = out.iterdir()
    assert (stat.S_IMODE(out.stat().st_mode), stat.S_IMODE(form.stat().st_mode)) == (0o755, 0o644)


def test_settings_that_others_may_read_are_refused_with_what_to_do(used: Path) -> None:
    secrets = used.parent / ".env"
    secrets.write_text("KETNGHIA_SMTP_PASSWORD=mat-khau\n", encoding="utf-8")
    os.chmod(secrets, 0o644)
    refused = ketnghia(used, "status", "2024-02")
    assert refused.returncode != 0
    assert "chmod 600" in refused.stderr
    assert "Traceback" not in refused.stderr
    os.chmod(secrets, 0o600)
    assert ketnghia(used, "status", "2024-02").returncode == 0
