"""What one line of SQL says was released is not sent: an account must have done it, and nothing altered since."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.accounts import Duty, RoleName
from domain.errors import NotReleasable
from services.settings import Settings
from storage.database import open_database
from tests.commands import (
    flush_outbox,
    give,
    preview,
    release,
    send_report,
    send_unit_sheets,
    verify_ledger,
    withdraw,
)

pytestmark = pytest.mark.slow
EDITION = "2024-01-1"


@pytest.fixture
def settings(tmp_path: Path, printed_home: Path) -> Settings:
    shutil.copytree(printed_home, tmp_path / "home")
    return Settings(home=tmp_path / "home", _env_file=None)


def alter(settings: Settings, statement: str) -> None:
    database = open_database(settings.ledger_url)
    with database.write() as session:
        session.execute(text(statement))
    database.close()


def sent(settings: Settings) -> list[Path]:
    return sorted(settings.mail_sink.rglob("*.eml"))


RELEASED = (
    "UPDATE editions SET state = '{}', released_by = 'Người Duyệt', released_at = made_at, issued_sha256 = sha256, "
    "issued_tables_sha256 = tables_sha256, doc_number = '15/BC-UBND', doc_date = '2024-02-05'"
)
ACCOUNT = (
    "INSERT INTO accounts (name, person, email, os_user, token_sha256, duties, noted_by, noted_at) VALUES ('x', "
    """'Người Duyệt', '', '', '', '[["releaser", "2013-01-01", ""]]', 'x', '2024-01-01 00:00:00')"""
)
ACT = (
    "INSERT INTO acts (account_id, deed, edition_id, document_sha256, at) "
    "SELECT 1, 'release', edition_id, issued_sha256, '2024-02-05 00:00:00' FROM editions"
)


@pytest.mark.parametrize("state", ["released", "sent"])
@pytest.mark.parametrize("forged", [[], [ACCOUNT, ACT]], ids=["edition", "edition, account and act"])
def test_an_edition_released_by_sql_is_not_mailed(settings: Settings, state: str, forged: list[str]) -> None:
    for statement in (RELEASED.format(state), *forged):
        alter(settings, statement)
    for send in (send_report, send_unit_sheets):
        with pytest.raises(NotReleasable, match="verify --ledger"):
            send(settings, EDITION)
    assert sent(settings) == []
    assert verify_ledger(settings).faults


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE editions SET doc_number = '99/BC-UBND'",
        "UPDATE editions SET doc_date = '2024-02-06'",
        "UPDATE editions SET released_by = 'Người Khác'",
        "UPDATE editions SET signed_sha256 = sha256, signed_by = 'x', signed_at = made_at",
        "UPDATE editions SET issued_tables_sha256 = tables_sha256",
        "UPDATE acts SET document_sha256 = 'x'",
        "DELETE FROM acts",
        """UPDATE accounts SET duties = '[["releaser", "2013-01-01", "2013-01-02"]]'""",
        "UPDATE figures SET value = '1' WHERE figure_id = 'activities@period'",
        "DELETE FROM claims",
        "DELETE FROM chain WHERE kind = 'act'",
        "UPDATE chain SET content_sha256 = 'x' WHERE kind = 'edition-state'",
    ],
)
def test_what_was_altered_after_the_release_is_not_mailed(settings: Settings, statement: str) -> None:
    release(settings, EDITION, "Người Duyệt")
    alter(settings, statement)
    with pytest.raises(NotReleasable):
        send_report(settings, EDITION)
    flush_outbox(settings)
    assert sent(settings) == []


def test_a_mail_that_waits_is_not_sent_once_its_release_was_altered(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    settings.smtp_host, settings.smtp_port, settings.smtp_timeout_seconds = "127.0.0.1", 1, 1
    assert {str(each.state) for each in send_report(settings, EDITION)} == {"deferred"}
    settings.smtp_host = ""
    alter(settings, "UPDATE deliveries SET next_attempt_at = '2024-01-01 00:00:00'")
    alter(settings, "DELETE FROM acts")
    assert flush_outbox(settings) == []
    assert sent(settings) == []


def test_what_was_released_before_there_were_accounts_is_shown_to_be_his(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    alter(settings, "DELETE FROM chain WHERE kind = 'act'")
    alter(settings, "DELETE FROM acts")
    give(settings, "Người Khác", Duty(RoleName.RELEASER, date(2013, 1, 1)))
    with pytest.raises(NotReleasable, match="ketnghia release 2024-01-1"):
        send_report(settings, EDITION)
    with pytest.raises(NotReleasable, match="do Người Duyệt duyệt"):
        release(settings, EDITION, "Người Khác")
    release(settings, EDITION, "Người Duyệt")
    assert {str(each.state) for each in send_report(settings, EDITION)} == {"sent"}


def test_a_preview_needs_nobody_s_release(settings: Settings) -> None:
    assert preview(settings, EDITION).mails


def test_a_checker_whom_sql_made_up_does_not_count(settings: Settings) -> None:
    settings.two_persons = True
    alter(settings, "UPDATE editions SET state = 'checked', checked_by = 'Người Soát', checked_at = made_at")
    with pytest.raises(NotReleasable):
        release(settings, EDITION, "Người Duyệt")
    assert verify_ledger(settings).faults


def test_nothing_is_linked_over_an_altered_edition(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    alter(settings, "UPDATE editions SET doc_number = '99/BC-UBND'")
    with pytest.raises(NotReleasable, match="đã bị sửa"):
        withdraw(settings, EDITION, "Người Duyệt", "Sai")
    assert any("việc soát, duyệt, rút bản" in fault for fault in verify_ledger(settings).faults)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deliveries SET state = 'deferred', next_attempt_at = '2024-01-01 00:00:00' WHERE state = 'sent'",
        "UPDATE deliveries SET state = 'queued', next_attempt_at = NULL",
        "UPDATE deliveries SET recipient = 'khac@gialai.example', state = 'deferred', next_attempt_at = '2024-01-01 00:00:00' "
        "WHERE recipient = (SELECT min(recipient) FROM deliveries)",
    ],
)
def test_a_mail_that_sql_made_ready_once_more_is_not_sent(settings: Settings, statement: str) -> None:
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    before = {path: path.stat().st_mtime_ns for path in sent(settings)}
    alter(settings, statement)
    flush_outbox(settings)
    assert {path: path.stat().st_mtime_ns for path in sent(settings)} == before


def test_a_withdrawal_that_sql_made_up_is_told_to_nobody(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    before = sent(settings)
    alter(
        settings,
        "UPDATE editions SET state = 'withdrawn', withdrawn_by = 'x', void_reason = 'bịa', withdrawn_at = CURRENT_TIMESTAMP",
    )
    flush_outbox(settings)
    assert sent(settings) == before
