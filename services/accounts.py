"""Accounts: made and changed by whoever may write to the data folder, and shown by a token or by the machine's account."""

import hashlib
import os
import pwd
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from delivery.message import refuse_stranger
from domain.accounts import Account, Duty, RoleName, refuse_strange_name
from domain.errors import BadAccount, BadRecipient, Unproven
from domain.text import fold
from services.log import note
from services.run import Run
from storage import accounts, soundness
from storage.database import Session

_TOKEN_BYTES = 32
"""Nobody guesses it; so one round of a plain hash keeps it as well as many of a slow one would."""


def add_account(run: Run, account: Account) -> str | None:
    """Make an account; gives its token, which is shown this once, or nothing where the machine's account shows who it is.

    Raises:
        BadAccount: if the name is taken, strange, or the person or the machine's account has an account already.
    """
    token = None if account.os_user else secrets.token_urlsafe(_TOKEN_BYTES)
    if account.email:
        refuse_address(run, account.email)
    with run.ledger.write() as session:
        known = accounts.all_accounts(session)
        if any(each.name == account.name for each in known):
            raise BadAccount(f"Đã có tài khoản {account.name}; xem “ketnghia account list”.")
        _refuse_another_of(known, account)
        _put(run, session, replace(account, token_sha256=_hashed(token) if token else ""))
    return token


def renew_token(run: Run, name: str) -> str:
    """Give the account another token; the one of before opens nothing any more.

    Raises:
        BadAccount: if no account bears the name, or it is disabled.
        Unproven: if it was altered in the ledger.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    _change(run, name, lambda account: replace(account, token_sha256=_hashed(token)))
    return token


def give_duty(run: Run, name: str, role: RoleName, begins: date | None, ends: date | None) -> Account:
    """Let the account bear a role between two days; raises as `renew_token`.

    Without a first day it is today, or the one on which the role that is borne today began: so a role is ended.
    """
    today = run.today()

    def given(account: Account) -> Account:
        borne = next((each for each in account.duties if each.role is role and each.holds(today)), None)
        first = begins or (borne.valid_from if borne else today)
        if ends is not None and ends < first:
            raise BadAccount(f"Ngày cuối {ends:%d/%m/%Y} sớm hơn ngày đầu {first:%d/%m/%Y}.")
        return account.with_duty(Duty(role, first, ends))

    return _change(run, name, given)


def refuse_address(run: Run, address: str) -> None:
    """Stop an address that no mail of ours may go to: its owner would never hear.

    Raises:
        BadAccount: with what is allowed.
    """
    try:
        refuse_stranger(address, run.settings.allowed_domains)
    except BadRecipient as reason:
        raise BadAccount(f"Địa chỉ {address} không được phép gửi; xem KETNGHIA_MAIL_DOMAINS.") from reason


def disable_account(run: Run, name: str) -> Account:
    """Nothing is done in its name any more; what it did stays. So one ends that was altered in the ledger, too.

    Raises:
        BadAccount: if no account bears the name, or it is disabled.
    """
    with run.ledger.write() as session:
        disabled = replace(_in_use(session, name), disabled_at=run.now())
        _put(run, session, disabled)
    return disabled


def sound_accounts(session: Session) -> list[Account]:
    """The accounts that the chain knows as they stand; for the others nothing is done, and they hear nothing."""
    return [each for each in accounts.all_accounts(session) if accounts.is_sound(session, each.name)]


def who_acts(run: Run, token: str | None = None) -> Account:
    """The account of the token, or without one that of the machine's account under which this runs.

    Raises:
        Unproven: if that is nobody's, or its account is disabled, or was altered in the ledger.
    """
    shown = token or run.settings.token.get_secret_value()
    user = user_of_machine()
    with run.ledger.read() as session:
        known = accounts.all_accounts(session)
    if shown:
        digest = _hashed(shown.strip())
        found = [each for each in known if each.token_sha256 and secrets.compare_digest(each.token_sha256, digest)]
    else:
        found = [each for each in known if each.os_user == user]
    # The account of the machine may have gone from one person to another.
    found.sort(key=lambda each: each.disabled_at is not None)
    if not known:
        raise Unproven(
            f"Chưa có tài khoản nào, nên chưa ai soát, duyệt được. Lập một tài khoản: {RoleName.RELEASER.command}"
        )
    if not found:
        how = "Mã riêng không khớp tài khoản nào" if shown else f"Tài khoản máy “{user}” chưa gắn với tài khoản nào"
        raise Unproven(
            f"{how}. Ghi mã riêng của mình vào KETNGHIA_TOKEN_FILE (tên tệp) hoặc gõ khi được hỏi; "
            "mất mã thì người giữ máy cấp lại: ketnghia account token TÊN"
        )
    if found[0].disabled_at is not None:
        raise Unproven(f"Tài khoản {found[0].name} đã ngừng dùng; xem “ketnghia account list”.")
    with run.ledger.read() as session:
        _refuse_altered(session, found[0].name)
    return found[0]


def _refuse_altered(session: Session, name: str) -> None:
    """Stop an account that the chain does not know as it stands: nothing is done in its name, and nothing added to it."""
    if soundness.lacks_links(session):
        raise Unproven(
            "Sổ đã bị xóa mất mắt xích ngoài chương trình, nên không biết thiếu gì; xem “ketnghia verify --ledger” và phục hồi "
            "sổ từ bản sao lưu."
        )
    if not accounts.none_is_gone(session):
        raise Unproven(
            "Một dòng về tài khoản đã bị xóa khỏi sổ ngoài chương trình, nên không tài khoản nào còn chắc; xem “ketnghia verify "
            "--ledger” và phục hồi sổ từ bản sao lưu."
        )
    if not accounts.is_sound(session, name):
        raise Unproven(
            f"Tài khoản {name} trong sổ đã bị sửa ngoài chương trình, xem “ketnghia verify --ledger”; người giữ máy ngừng "
            f"tài khoản ấy bằng “ketnghia account disable {name}” rồi lập tài khoản mới."
        )


def needs_token(run: Run) -> bool:
    """Whether only a token can show who this is: none is set, and the machine's account is nobody's."""
    if run.settings.token.get_secret_value():
        return False
    user = user_of_machine()
    with run.ledger.read() as session:
        known = accounts.all_accounts(session)
    return bool(known) and not any(each.os_user == user for each in known)


def user_of_machine() -> str:
    """Under which account of the machine this process runs."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _change(run: Run, name: str, change: Callable[[Account], Account]) -> Account:
    with run.ledger.write() as session:
        account = _in_use(session, name)
        _refuse_altered(session, name)
        changed = change(account)
        if changed != account:
            _put(run, session, changed)
    return changed


def _in_use(session: Session, name: str) -> Account:
    account = accounts.find_account(session, name)
    if account is None:
        raise BadAccount(f"Không có tài khoản {name}; xem “ketnghia account list”.")
    if account.disabled_at is not None:
        raise BadAccount(f"Tài khoản {name} đã ngừng dùng từ {account.disabled_at:%d/%m/%Y}; lập tài khoản mới.")
    return account


def _put(run: Run, session: Session, account: Account) -> None:
    accounts.put_account(session, account, user_of_machine(), run.now())
    note("account-noted", account=account.name, by=user_of_machine())


def _refuse_another_of(known: list[Account], account: Account) -> None:
    """One person, one account: or a checker could release by another name."""
    if not account.name.isascii() or not account.name.replace("-", "").replace(".", "").isalnum():
        raise BadAccount(f"Tên tài khoản “{account.name}” chỉ gồm chữ không dấu, số, dấu chấm, gạch nối; như “lan”.")
    refuse_strange_name(account.person)
    if account.os_user and not _is_on_machine(account.os_user):
        raise BadAccount(f"Máy này không có tài khoản {account.os_user}; xem lại --os-user.")
    for other in known:
        if other.disabled_at is not None:
            continue
        if fold(other.person) == fold(account.person):
            raise BadAccount(
                f"{account.person} đã có tài khoản {other.name}. Người khác trùng họ tên thì ghi thêm nơi công tác: "
                f"--person “{account.person} (Phòng Tổng hợp)”."
            )
        if account.os_user and other.os_user == account.os_user:
            raise BadAccount(f"Tài khoản máy {account.os_user} đã gắn với tài khoản {other.name}.")


def _is_on_machine(os_user: str) -> bool:
    try:
        return bool(pwd.getpwnam(os_user))
    except KeyError:
        return False


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
