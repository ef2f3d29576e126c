"""The commands about accounts: who may check, release and hear of faults.

Heavy libraries are imported inside the commands that need them.
"""

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from cli.app import AsJson, app, opened, parse_day
from cli.terminal import say, say_json
from cli.vietnamese import SpokenGroup, SpokenTyper
from domain.accounts import Account, Duty, RoleName
from domain.errors import BadAccount
from domain.slips import A_YEAR, refuse_slip

if TYPE_CHECKING:
    from services.run import Run

account = SpokenTyper(cls=SpokenGroup, subcommand_metavar="LỆNH …", options_metavar="[TÙY_CHỌN]", add_completion=False)
app.add_typer(
    account,
    name="account",
    help="Tài khoản: ai được soát, duyệt, nghe báo động; người giữ máy lập.",
    rich_help_panel="Duyệt và gửi",
)
Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản, chữ không dấu, như “lan”.")]
From = Annotated[Optional[str], typer.Option("--from", metavar="NGÀY", help="Mang vai từ ngày (mặc định: hôm nay).")]
To = Annotated[Optional[str], typer.Option("--to", metavar="NGÀY", help="Mang vai đến hết ngày này.")]
_ROLES = ", ".join(f"{role} ({role.label})" for role in RoleName)


@account.command()
def add(
    name: Name,
    person: Annotated[str, typer.Option(metavar="HỌ_TÊN", help="Họ và tên, như in trên văn bản.")],
    email: Annotated[str, typer.Option(metavar="ĐỊA_CHỈ", help="Thư báo động, thư báo bản bị hủy gửi đến đây.")] = "",
    os_user: Annotated[
        str,
        typer.Option("--os-user", metavar="TÊN", help="Tài khoản máy của riêng người này; không ghi thì cấp mã riêng."),
    ] = "",
    role: Annotated[Optional[list[str]], typer.Option(metavar="VAI", help=f"{_ROLES}; ghi lại nhiều lần được.")] = None,
    valid_from: From = None,
    valid_to: To = None,
) -> None:
    """Lập tài khoản cho một người; mã riêng chỉ hiện một lần."""
    from services.accounts import add_account

    with opened() as run:
        duties = [_duty(run, each, valid_from, valid_to) for each in role or ()]
        token = add_account(run, Account(name, person.strip(), email.strip(), os_user.strip(), "", duties))
    say(f"Đã lập tài khoản {name} ({person.strip()}).")
    _say_token(token)


@account.command()
def token(name: Name) -> None:
    """Cấp mã riêng mới khi mất mã; mã cũ hết dùng."""
    from services.accounts import renew_token

    with opened(on_ledger=True) as run:
        given = renew_token(run, name)
    _say_token(given)


@account.command("role")
def give_role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="VAI", help=_ROLES)],
    valid_from: From = None,
    valid_to: To = None,
) -> None:
    """Giao một vai từ ngày đến ngày; vai đang mang mà ghi --to thì kết thúc vào ngày ấy."""
    from services.accounts import give_duty

    with opened(on_ledger=True) as run:
        duty = _duty(run, role, valid_from, valid_to)
        changed = give_duty(run, name, duty.role, duty.valid_from if valid_from else None, duty.valid_to)
    for duty in changed.duties:
        say(f"{changed.name}: {duty.line}")


@account.command()
def disable(name: Name) -> None:
    """Ngừng một tài khoản; việc đã làm vẫn còn trong sổ."""
    from services.accounts import disable_account

    with opened(on_ledger=True) as run:
        disable_account(run, name)
    say(f"Tài khoản {name} đã ngừng dùng.")


@account.command("list")
def show(as_json: AsJson = False) -> None:
    """Mọi tài khoản, vai và ngày."""
    from services.accounts import sound_accounts
    from storage.accounts import all_accounts

    with opened(on_ledger=True) as run, run.ledger.read() as session:
        found, sound = all_accounts(session), sound_accounts(session)
    if as_json:
        say_json([_as_json(each) for each in found])
        return
    for each in found:
        shown_by = f"tài khoản máy {each.os_user}" if each.os_user else "mã riêng"
        state = f", ngừng từ {each.disabled_at:%d/%m/%Y}" if each.disabled_at else ""
        say(f"{each.name:<16}{each.person}{', ' + each.email if each.email else ''} ({shown_by}{state})")
        if each not in sound:
            say(
                f"{'':<16}KHÔNG DÙNG ĐƯỢC: dòng này bị sửa, bị thêm vào sổ ngoài chương trình; xem ketnghia verify --ledger"
            )
        for duty in each.duties:
            say(f"{'':<16}{duty.line}")
    say(f"{len(found)} tài khoản.")


def _duty(run: "Run", role: str, valid_from: str | None, valid_to: str | None) -> Duty:
    if role not in list(RoleName):
        raise BadAccount(f"Không có vai “{role}”; chọn một trong: {_ROLES}.")
    today = run.today()
    begins, ends = parse_day(valid_from) or today, parse_day(valid_to)
    refuse_slip("--from", begins, None, today + A_YEAR, today)
    return Duty(RoleName(role), begins, ends)


def _say_token(given: str | None) -> None:
    if given is None:
        say("Người này được nhận ra bằng tài khoản máy của mình, không cần mã riêng.")
        return
    say(f"Mã riêng (chỉ hiện lần này): {given}")
    say(
        "Giao tận tay; người nhận cất vào một tệp chỉ mình đọc được và ghi KETNGHIA_TOKEN_FILE=tên tệp, hoặc gõ khi được hỏi."
    )


def _as_json(each: Account) -> dict[str, object]:
    return {
        "name": each.name,
        "person": each.person,
        "email": each.email,
        "os_user": each.os_user,
        "disabled_at": each.disabled_at,
        "roles": [
            {"role": duty.role, "valid_from": duty.valid_from, "valid_to": duty.valid_to} for duty in each.duties
        ],
    }
