"""Accounts and what they did: a change of an account is a row more, and an act names the row that was in force."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import Account, Act, Deed, Duty, RoleName
from storage.chain import add_link
from storage.soundness import fits, nothing_gone
from storage.tables import AccountRow, ActRow


def all_accounts(session: Session) -> list[Account]:
    """Every account as it stands now, by its name."""
    newest = select(func.max(AccountRow.id)).group_by(AccountRow.name)
    rows = session.scalars(select(AccountRow).where(AccountRow.id.in_(newest)).order_by(AccountRow.name))
    return [_account(row) for row in rows]


def find_account(session: Session, name: str) -> Account | None:
    """The account of this name as it stands now."""
    row = _newest(session, name)
    return None if row is None else _account(row)


def is_sound(session: Session, name: str) -> bool:
    """Whether the chain knows the account as it stands."""
    row = _newest(session, name)
    return row is not None and fits(session, "account", row.id)


def none_is_gone(session: Session) -> bool:
    """Whether every row of an account is still there: one that was taken out may have ended or changed any of them."""
    return nothing_gone(session, "account")


def put_account(session: Session, account: Account, noted_by: str, at: datetime) -> None:
    """Note how the account stands from now on, and who said so."""
    row = AccountRow(
        name=account.name,
        person=account.person,
        email=account.email,
        os_user=account.os_user,
        token_sha256=account.token_sha256,
        duties=[[duty.role, str(duty.valid_from), str(duty.valid_to or "")] for duty in account.duties],
        disabled_at=account.disabled_at,
        noted_by=noted_by,
        noted_at=at,
    )
    session.add(row)
    session.flush()
    add_link(session, "account", row.id)


def note_act(session: Session, account: Account, deed: Deed, edition_id: str, sha256: str, at: datetime) -> None:
    """Note that the account did this with the exact bytes."""
    in_force = _newest(session, account.name)
    if in_force is None:
        raise LookupError(f"no account is called {account.name!r}")
    row = ActRow(account_id=in_force.id, deed=deed, edition_id=edition_id, document_sha256=sha256, at=at)
    session.add(row)
    session.flush()
    add_link(session, "act", row.id)


def last_act(session: Session, edition_id: str, deed: Deed) -> Act | None:
    """Who last did this with the edition."""
    query = (
        select(ActRow, AccountRow)
        .join(AccountRow, AccountRow.id == ActRow.account_id)
        .where(ActRow.edition_id == edition_id, ActRow.deed == deed)
        .order_by(ActRow.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    row, account = found
    return Act(row.id, account.id, _account(account), deed, row.edition_id, row.document_sha256, row.at)


def is_as_written(session: Session, act: Act) -> bool:
    """Whether the chain knows the act, and the account that did it, as they stand; and no act is gone that came after it."""
    are_known = fits(session, "act", act.act_id) and fits(session, "account", act.version)
    return are_known and nothing_gone(session, "act")


def _newest(session: Session, name: str) -> AccountRow | None:
    return session.scalar(select(AccountRow).where(AccountRow.name == name).order_by(AccountRow.id.desc()).limit(1))


def _account(row: AccountRow) -> Account:
    duties = [
        Duty(RoleName(str(role)), date.fromisoformat(str(first)), date.fromisoformat(last) if last else None)
        for role, first, last in row.duties
    ]
    return Account(row.name, row.person, row.email, row.os_user, row.token_sha256, duties, row.disabled_at)
