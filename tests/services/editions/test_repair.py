"""What was lost of an edition and can be derived comes back to the byte; what cannot is said, with a way on."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import NotReleasable
from domain.period import Period
from reports.pdf.issue import ledger_named_in
from services.identity import NAME
from services.settings import Settings
from storage.edition_files import pdf_path
from tests.builders import PARTY
from tests.commands import (
    collect_submissions,
    monthly_report,
    repair,
    send_report,
    verify_edition,
    verify_ledger,
)

pytestmark = [pytest.mark.slow, pytest.mark.prints_anew]
EDITION = "2024-01-1"


@pytest.fixture
def settings(tmp_path: Path, released_home: Path) -> Settings:
    """One district's January, released as number 07."""
    home = tmp_path / "home"
    shutil.copytree(released_home, home)
    return Settings(home=home, _env_file=None)


def files(settings: Settings) -> dict[str, bytes]:
    return {
        str(path.relative_to(settings.editions)): path.read_bytes()
        for path in settings.editions.rglob("*")
        if path.is_file()
    }


def test_every_file_of_an_edition_comes_back_to_the_byte(settings: Settings) -> None:
    before = files(settings)
    shutil.rmtree(settings.editions)
    (settings.home / "status" / "2024-01.html").unlink()
    with pytest.raises(NotReleasable, match=f"ketnghia repair {EDITION}"):
        send_report(settings, EDITION)
    [found] = repair(settings)
    assert found.faults == []
    assert files(settings) == before
    assert (settings.home / "status" / "2024-01.html").is_file()
    assert repair(settings) == []
    assert verify_ledger(settings).faults == []
    assert {each.state for each in send_report(settings, EDITION)} == {"sent"}


def test_what_comes_out_otherwise_is_not_kept_and_says_why_and_what_to_do(settings: Settings) -> None:
    shutil.rmtree(settings.editions)
    shutil.rmtree(settings.kept_tables)
    (settings.home / "reference" / "sender.toml").write_text(PARTY, encoding="utf-8")
    [found] = repair(settings)
    assert (found.mended, files(settings)) == ([], {})
    assert "các bảng trong reference/ đã khác khi lập bản này" in "\n".join(found.faults)
    assert found.faults[-1].startswith(f"Lấy lại các tệp ấy của bản {EDITION} từ bản sao lưu; không có thì rút bằng")


def test_an_issued_document_names_its_ledger_and_a_draft_does_not(
    settings: Settings, new_home: Callable[[], Settings], fill: Callable[..., None]
) -> None:
    named = {path.name: ledger_named_in(path.read_bytes()) for path in settings.editions.glob("*.pdf")}
    assert sorted(named.values()) == ["", (settings.home / NAME).read_text(encoding="utf-8").strip()]
    [issued] = [name for name, ledger in named.items() if ledger]
    assert verify_edition(settings, settings.editions / issued).faults == []
    # Another ledger says whose it is, and not that it was altered.
    other = new_home()
    fill(other, "2024-01", with_faults=False, only={"622"})
    collect_submissions(other)
    draft = monthly_report(other, Period.parse("2024-01"))
    assert draft.path.name in named
    [fault] = verify_edition(other, settings.editions / issued).faults
    assert re.match(r"tệp này phát hành từ sổ khác \(mã \w{12}…; sổ ở máy này mã \w{12}…\)", fault)


def test_documents_and_mails_that_no_row_names_are_found_from_the_files(settings: Settings) -> None:
    [issued] = [path for path in settings.editions.glob("*.pdf") if ledger_named_in(path.read_bytes())]
    own = ledger_named_in(issued.read_bytes())
    for digest, content in (
        ("a" * 64, issued.read_bytes()),
        ("b" * 64, issued.read_bytes().replace(own.encode(), b"0" * 32)),
        ("c" * 64, b"%PDF"),
    ):
        pdf_path(settings.editions, digest).write_bytes(content)
    mail = settings.home / "mail" / "dd" / f"{'d' * 64}.eml"
    mail.parent.mkdir(parents=True)
    mail.write_bytes(b"x")
    told = verify_ledger(settings).faults
    assert [fault.partition("/editions/")[2][:1] or fault[:3] for fault in told] == ["a", "b", "c", "thư"]
    assert "sổ không có dòng nào về nó" in told[0]
    assert "phát hành từ sổ khác (mã 000000000000…)" in told[1]
    assert "lần lập báo cáo bị ngắt thì xóa được" in told[2]
