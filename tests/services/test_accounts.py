"""Who acts is proven: by a token that one person holds, or by the machine's account; a typed name proves nothing."""

import hashlib
from collections.abc import Iterator
from datetime import date

import pytest

from domain.accounts import Account, Duty, RoleName
from domain.errors import BadAccount, Unproven
from services import accounts as service
from services.accounts import (
    add_account,
    disable_account,
    give_duty,
    needs_token,
    renew_token,
    user_of_machine,
    who_acts,
)
from services.mail.notices import operators
from services.run import Run, open_run
from services.settings import Settings
from storage import accounts, soundness

pytestmark = pytest.mark.slow

LAN = Account("lan", "Nguyễn Thị Lan")
RELEASER = Duty(RoleName.RELEASER, date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def run(settings: Settings) -> Iterator[Run]:
    with open_run(settings) as opened:
        yield opened


def test_a_token_shows_whose_it_is_and_the_ledger_does_not_know_it(run: Run) -> None:
    token = add_account(run, LAN)
    assert token is not None
    assert who_acts(run, token).person == "Nguyễn Thị Lan"
    assert token.encode() not in (run.settings.home / "ketnghia.sqlite3").read_bytes()
    with pytest.raises(Unproven, match="không khớp"):
        who_acts(run, token + "x")


def test_a_lost_token_is_replaced_and_opens_nothing_any_more(run: Run) -> None:
    lost = add_account(run, LAN)
    assert who_acts(run, renew_token(run, "lan")).name == "lan"
    with pytest.raises(Unproven):
        who_acts(run, lost)


def test_the_account_of_the_machine_shows_who_it_is_where_it_was_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert add_account(run, Account("lan", "Nguyễn Thị Lan", os_user=user_of_machine())) is None
    assert who_acts(run).name == "lan"
    assert not needs_token(run)
    monkeypatch.setattr(service, "user_of_machine", lambda: "somebody")
    assert needs_token(run)
    with pytest.raises(Unproven, match="somebody"):
        who_acts(run)


def test_an_account_without_a_token_is_nobody_s_who_shows_an_empty_one(run: Run) -> None:
    add_account(run, Account("lan", "Nguyễn Thị Lan", os_user="daemon"))
    for shown in ("", " ", None):
        with pytest.raises(Unproven):
            who_acts(run, shown)


def test_a_disabled_account_acts_no_more(run: Run) -> None:
    token = add_account(run, LAN)
    disable_account(run, "lan")
    with pytest.raises(Unproven, match="ngừng"):
        who_acts(run, token)


def test_without_any_account_the_way_to_the_first_one_is_told(run: Run) -> None:
    with pytest.raises(Unproven, match="ketnghia account add"):
        who_acts(run)


def test_a_name_that_could_be_taken_for_another_s_is_refused(run: Run) -> None:
    with pytest.raises(BadAccount, match="CYRILLIC"):
        add_account(run, Account("hai", "Nguyễn Thị L\u0430n"))


@pytest.mark.parametrize("person", ["nguyễn thị  lan", "Nguyễn Thị Lan", "NGUYỄN THỊ LAN"])
def test_one_person_has_one_account(run: Run, person: str) -> None:
    add_account(run, LAN)
    with pytest.raises(BadAccount, match="đã có tài khoản lan"):
        add_account(run, Account("hai", person))
    assert add_account(run, Account("hai", f"{person} (Phòng Tổng hợp)"))


@pytest.mark.parametrize("name", ["Lan", "lan", "lân", "lan anh", "", "../lan"])
def test_the_name_of_an_account_is_plain_and_its_own(run: Run, name: str) -> None:
    add_account(run, LAN)
    if name == "Lan":
        assert add_account(run, Account(name, "Trần Thị Mai"))
        return
    with pytest.raises(BadAccount):
        add_account(run, Account(name, "Trần Thị Mai"))


def test_a_role_is_borne_between_its_days_alone(run: Run) -> None:
    add_account(run, LAN)
    account = give_duty(run, "lan", RELEASER.role, RELEASER.valid_from, RELEASER.valid_to)
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [account.may(RoleName.RELEASER, day) for day in days] == [False, True, True, False]
    assert not account.may(RoleName.CHECKER, days[1])
    ended = give_duty(run, "lan", RoleName.RELEASER, date(2024, 1, 1), date(2024, 6, 30))
    assert not ended.may(RoleName.RELEASER, date(2024, 7, 1))
    assert not disable_account(run, "lan").may(RoleName.RELEASER, date(2024, 3, 1))


def test_what_an_account_was_before_stays_on_record(run: Run) -> None:
    add_account(run, LAN)
    give_duty(run, "lan", RELEASER.role, RELEASER.valid_from, RELEASER.valid_to)
    with run.ledger.read() as session:
        [account] = accounts.all_accounts(session)
        rows = session.connection().exec_driver_sql("SELECT duties FROM accounts ORDER BY id").all()
    assert account.duties == [RELEASER]
    assert [row[0] for row in rows] == ["[]", '[["releaser", "2024-01-01", "2024-12-31"]]']


def test_a_role_that_is_borne_ends_on_the_day_that_is_told(run: Run) -> None:
    add_account(run, Account("lan", "Nguyễn Thị Lan", duties=[Duty(RoleName.RELEASER, date(2020, 1, 1))]))
    ended = give_duty(run, "lan", RoleName.RELEASER, None, run.today())
    assert ended.duties == [Duty(RoleName.RELEASER, date(2020, 1, 1), run.today())]


def test_a_disabled_account_gets_neither_token_nor_role_and_leaves_its_place_on_the_machine(run: Run) -> None:
    add_account(run, Account("a", "Nguyễn Thị Lan", os_user=user_of_machine()))
    disable_account(run, "a")
    for change in (lambda: renew_token(run, "a"), lambda: give_duty(run, "a", RoleName.CHECKER, None, None)):
        with pytest.raises(BadAccount, match="đã ngừng"):
            change()
    add_account(run, Account("b", "Trần Văn Ba", os_user=user_of_machine()))
    assert who_acts(run).name == "b"


@pytest.mark.parametrize("odd", [{"email": "it@elsewhere.test"}, {"email": "notamail"}, {"os_user": "no-such-user"}])
def test_an_address_or_a_machine_s_account_that_reaches_nobody_is_refused(run: Run, odd: dict[str, str]) -> None:
    with pytest.raises(BadAccount, match=next(iter(odd.values()))):
        add_account(run, Account("ba", "Trần Văn Ba", **odd))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET token_sha256 = '{token}'",
        """UPDATE accounts SET duties = '[["releaser", "2013-01-01", ""]]'""",
        "INSERT INTO accounts (name, person, email, os_user, token_sha256, duties, noted_by, noted_at) "
        "VALUES ('lan', 'Nguyễn Thị Lan', '', '', '{token}', '[]', 'x', '2024-01-01 00:00:00')",
    ],
)
def test_an_account_that_was_altered_by_sql_acts_no_more_and_is_not_laundered(run: Run, statement: str) -> None:
    token = add_account(run, LAN)
    if "{token}" in statement:
        token = "a token of somebody else's"
    digest = hashlib.sha256(str(token).encode()).hexdigest()
    with run.ledger.write() as session:
        session.connection().exec_driver_sql(statement.format(token=digest))
    with pytest.raises(Unproven, match="đã bị sửa"):
        who_acts(run, token)
    with pytest.raises(Unproven, match="đã bị sửa"):
        renew_token(run, "lan")
    # It is ended, and the person begins anew; what was altered stays to be seen.
    assert disable_account(run, "lan").disabled_at is not None
    assert who_acts(run, add_account(run, Account("lan2", "Nguyễn Thị Lan"))).name == "lan2"
    with run.ledger.read() as session:
        assert list(soundness.broken_links(session))


def test_what_was_put_into_the_ledger_by_other_means_hears_no_alarm(run: Run) -> None:
    today = run.today()
    for name, person in (("lan", "Nguyễn Thị Lan"), ("ba", "Trần Văn Ba")):
        add_account(run, Account(name, person, f"{name}@gialai.example", duties=[Duty(RoleName.OPERATOR, today)]))
    with run.ledger.write() as session:
        session.connection().exec_driver_sql("UPDATE accounts SET email = 'x@gialai.example' WHERE name = 'lan'")
    assert operators(run, today) == ["ba@gialai.example"]
