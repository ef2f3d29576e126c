"""What one line of SQL says was released is not sent: an account must have done it, and nothing altered since."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.accounts import Account, Duty, RoleName
from domain.editions import EditionState
from domain.errors import NotReleasable, Unproven
from domain.period import Period
from services.accounts import add_account, disable_account, renew_token, who_acts
from services.run import open_run
from services.settings import Settings
from storage.database import open_database
from tests.commands import (
    collect_submissions,
    flush_outbox,
    give,
    monthly_report,
    preview,
    release,
    send_report,
    send_unit_sheets,
    verify_ledger,
    withdraw,
)
from tests.services.mail.office import address, edition_state

pytestmark = pytest.mark.slow
EDITION = "2024-01-1"
LONG_AGO = "2024-01-01 00:00:00"


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


def test_a_mail_that_sql_made_sent_is_told_and_its_edition_stays_open(settings: Settings) -> None:
    address(settings, 2)
    release(settings, EDITION, "Người Duyệt")
    settings.smtp_host, settings.smtp_port, settings.smtp_timeout_seconds = "127.0.0.1", 1, 1
    send_report(settings, EDITION)
    settings.smtp_host = ""
    alter(settings, "UPDATE deliveries SET state = 'sent' WHERE recipient LIKE 'r0000%'")
    alter(settings, "UPDATE deliveries SET next_attempt_at = '2024-01-01 00:00:00'")
    outcome = {each.recipient: each for each in send_report(settings, EDITION)}
    assert str(outcome["r0000@gialai.example"].state) == "deferred"
    assert "đã bị sửa" in outcome["r0000@gialai.example"].answer
    assert str(outcome["r0001@gialai.example"].state) == "sent"
    assert edition_state(settings) is EditionState.RELEASED
    assert any("không khớp lần gửi cuối cùng" in fault for fault in verify_ledger(settings).faults)


def test_a_mail_whose_row_was_taken_out_goes_no_second_time(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    before = {path: path.stat().st_mtime_ns for path in sent(settings)}
    alter(settings, "DELETE FROM deliveries")
    alter(settings, "DELETE FROM delivery_attempts")
    send_report(settings, EDITION)
    assert {path: path.stat().st_mtime_ns for path in sent(settings)} == before


@pytest.mark.parametrize("also", ["SELECT 1", "UPDATE deliveries SET attempts = 0, sent_at = NULL"])
def test_a_mail_whose_attempt_was_taken_out_goes_no_second_time(settings: Settings, also: str) -> None:
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    before = {path: path.stat().st_mtime_ns for path in sent(settings)}
    alter(settings, "DELETE FROM delivery_attempts WHERE id = 1")
    alter(settings, f"UPDATE deliveries SET state = 'queued', next_attempt_at = '{LONG_AGO}'")
    alter(settings, also)
    outcome = send_report(settings, EDITION)
    flush_outbox(settings)
    assert {path: path.stat().st_mtime_ns for path in sent(settings)} == before
    assert any(each.is_stopped and each.label == "không gửi, cần người xem lại" for each in outcome)


def test_an_attempt_that_was_taken_out_stops_no_mail_of_later(settings: Settings, fill: Callable[..., None]) -> None:
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    alter(settings, "DELETE FROM delivery_attempts WHERE id = 1")
    fill(settings, "2024-02", with_faults=False, only={"622"})
    collect_submissions(settings)
    later = monthly_report(settings, Period.parse("2024-02")).edition.edition_id
    release(settings, later, "Người Duyệt")
    assert {str(each.state) for each in send_report(settings, later)} == {"sent"}


_EDITION_IS_GONE = ("DELETE FROM figures", "DELETE FROM claims", "DELETE FROM report_runs", "DELETE FROM editions")


def test_where_a_sent_edition_was_taken_out_none_takes_its_name_or_is_released(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    for statement in ("DELETE FROM acts", *_EDITION_IS_GONE):
        alter(settings, statement)
    again = monthly_report(settings, Period.parse("2024-01")).edition.edition_id
    assert again == "2024-01-2"
    with pytest.raises(NotReleasable, match="bị xóa mất bản"):
        release(settings, again, "Người Duyệt")
    assert any(f"{EDITION}: đã bị xóa" in fault for fault in verify_ledger(settings).faults)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activities SET cash_vnd = cash_vnd + 900000000, value_total_vnd = value_total_vnd + 900000000 WHERE rowid = 1",
        "DELETE FROM households WHERE rowid = 1",
        "UPDATE submissions SET unit_code = '623'",
        "UPDATE submissions SET arrived_at = '2024-01-01 00:00:00'",
        "INSERT INTO rejudgements (submission_id, by_submission, rejudged_at) VALUES (1, 1, '2024-02-01 00:00:00')",
        "INSERT INTO period_locks (period, locked_from, locked_by, noted_at) VALUES ('2024-02', '2024-01-01 00:00:00', 'x', "
        "'2024-01-01 00:00:00')",
        "DELETE FROM chain WHERE kind = 'arrival'",
    ],
)
def test_a_report_of_what_sql_made_of_the_facts_is_not_released(settings: Settings, statement: str) -> None:
    alter(settings, statement)
    with pytest.raises(NotReleasable, match=r"phục hồi sổ từ bản sao lưu|đã hủy"):
        release(settings, EDITION, "Người Duyệt")


def test_a_withdrawal_that_could_not_be_proven_is_refused(settings: Settings) -> None:
    """Its readers would be told nothing, for what is not proven is told to nobody."""
    release(settings, EDITION, "Người Duyệt")
    send_report(settings, EDITION)
    alter(settings, "DELETE FROM acts")
    with pytest.raises(NotReleasable, match="không chắc ai đang giữ bản nào"):
        withdraw(settings, EDITION, "Người Duyệt", "Sai")
    assert edition_state(settings) is EditionState.SENT


def test_a_mail_that_was_altered_stops_no_other(settings: Settings) -> None:
    address(settings, 3)
    release(settings, EDITION, "Người Duyệt")
    settings.smtp_host, settings.smtp_port, settings.smtp_timeout_seconds = "127.0.0.1", 1, 1
    send_report(settings, EDITION)
    settings.smtp_host = ""
    alter(settings, "UPDATE deliveries SET message_id = '<x>' WHERE recipient LIKE 'r0000%'")
    alter(settings, "UPDATE deliveries SET next_attempt_at = '2024-01-01 00:00:00'")
    send_report(settings, EDITION)
    assert [path.name for path in sent(settings)] == ["r0001@gialai.example.eml", "r0002@gialai.example.eml"]


def test_a_withdrawn_edition_that_sql_made_released_again_is_not_mailed(settings: Settings) -> None:
    release(settings, EDITION, "Người Duyệt")
    withdraw(settings, EDITION, "Người Duyệt", "Sai")
    for kind in ("edition-state", "edition-approval"):
        newest = f"SELECT max(position) FROM chain WHERE kind = '{kind}' AND key = '{EDITION}'"
        alter(settings, f"DELETE FROM chain WHERE position = ({newest})")
    alter(
        settings,
        "UPDATE editions SET state = 'released', withdrawn_by = NULL, withdrawn_at = NULL, void_reason = NULL",
    )
    for also in ("SELECT 1", "DELETE FROM acts WHERE deed = 'withdraw'"):
        alter(settings, also)
        with pytest.raises(NotReleasable):
            send_report(settings, EDITION)
    assert sent(settings) == []


def test_an_account_that_was_disabled_acts_no_more_though_its_last_row_is_taken_out(settings: Settings) -> None:
    with open_run(settings) as run:
        token = add_account(run, Account("lan", "Trần Thị Lan", duties=[Duty(RoleName.RELEASER, date(2013, 1, 1))]))
        disable_account(run, "lan")
    alter(settings, "DELETE FROM accounts WHERE disabled_at IS NOT NULL")
    with open_run(settings) as run, pytest.raises(Unproven, match="đã bị xóa"):
        who_acts(run, token)


def test_a_token_that_was_renewed_opens_nothing_more_though_its_row_is_taken_out_and_another_takes_its_number(
    settings: Settings,
) -> None:
    with open_run(settings) as run:
        old = add_account(run, Account("lan", "Trần Thị Lan", duties=[Duty(RoleName.RELEASER, date(2013, 1, 1))]))
        renew_token(run, "lan")
    alter(settings, "DELETE FROM accounts WHERE id = (SELECT max(id) FROM accounts)")
    for other in ("Một", "Hai"):
        with open_run(settings) as run, pytest.raises(Unproven):
            who_acts(run, old)
        assert any("tài khoản" in fault for fault in verify_ledger(settings).faults)
        with open_run(settings) as run:
            add_account(run, Account(f"moi{len(other)}{other[0]}", f"Người {other}"))
