"""What people must have written down: sound tables, who bears which role, the days off."""

from domain.accounts import Account, RoleName
from services.accounts import sound_accounts
from services.settings import PROGRAM
from services.upkeep.house import Found, House, bad, good
from storage import accounts, soundness, submissions

_SHIPPED = PROGRAM / "reference"
_ASKED_FROM_MONTH = 11
"""The days off of a year are announced in the last months of the year before."""


def tables(house: House) -> Found:
    """Whether the tables can be read, and those that say who writes to whom are the office's own."""
    broken = house.reference.broken_narratives
    if broken:
        return bad(next(iter(broken.values())).splitlines()[0], "sửa tệp ấy; riêng báo cáo của kỳ ấy chưa lập được")
    return _lent(house) or good(f"{len(house.tables.files)} bảng đọc được")


def _lent(house: House) -> Found | None:
    """A home with real reports that goes by the program's examples: its own tables were never filled, or are lost."""
    own = house.settings.home / "reference"
    lent = [name for name in ("recipients.csv", "sender.toml") if house.tables.origins.get(name) == _SHIPPED]
    examples = [each.email for each in house.reference.recipients_on(house.today()) if each.is_example]
    if not (lent or examples) or not _has_real_reports(house):
        return None
    if lent:
        return bad(
            f"{' và '.join(lent)} là bản mẫu của chương trình, không phải của cơ quan",
            f"chép từ {_SHIPPED} vào {own} rồi ghi của cơ quan mình; đã có mà mất thì lấy lại từ bản sao lưu",
        )
    return bad(f"recipients.csv còn địa chỉ mẫu: {examples[0]}", f"ghi địa chỉ thật vào {own / 'recipients.csv'}")


def _has_real_reports(house: House) -> bool:
    if not house.has_usable_ledger:
        return False
    with house.run.ledger.read() as session:
        return submissions.has_real_submissions(session)


def operators(house: House) -> Found:
    """Who hears of misfortunes."""
    bearers = [each for each in _accounts(house) if each.may(RoleName.OPERATOR, house.today()) and each.email]
    if not bearers:
        return bad("không ai được báo khi có trục trặc", RoleName.OPERATOR.command)
    return good(", ".join(each.email for each in bearers))


def roles(house: House) -> Found:
    """Who may check and release; while nobody does, no report leaves."""
    if house.has_usable_ledger:
        with house.run.ledger.read() as session:
            if soundness.lacks_links(session):
                return bad(
                    "sổ đã bị xóa mất mắt xích ngoài chương trình: không ai soát, duyệt được",
                    "xem ketnghia verify --ledger, phục hồi sổ từ bản sao lưu",
                )
            if not accounts.none_is_gone(session):
                return bad(
                    "một dòng về tài khoản đã bị xóa khỏi sổ ngoài chương trình: không ai soát, duyệt được",
                    "xem ketnghia verify --ledger, phục hồi sổ từ bản sao lưu",
                )
    altered = _altered(house)
    if altered:
        return bad(
            f"tài khoản {altered[0].name} ({altered[0].person}) trong sổ đã bị sửa ngoài chương trình",
            f"ketnghia account disable {altered[0].name}, lập tài khoản mới, rồi xem ketnghia verify --ledger",
        )
    on, known = house.today(), _accounts(house)
    needed = [RoleName.RELEASER, *([RoleName.CHECKER] if house.settings.two_persons else [])]
    bearers = {role: [each for each in known if each.may(role, on)] for role in needed}
    missing = [role for role, found in bearers.items() if not found]
    if missing:
        listed = ", ".join(role.label for role in missing)
        return bad(f"chưa ai giữ vai {listed}: chưa gửi được báo cáo nào", missing[0].command)
    return good(
        "; ".join(f"{role.label}: {', '.join(each.person for each in found)}" for role, found in bearers.items())
    )


def _accounts(house: House) -> list[Account]:
    """The sound accounts of the ledger; where there is none yet, nobody has one."""
    if not house.has_usable_ledger:
        return []
    with house.run.ledger.read() as session:
        return sound_accounts(session)


def _altered(house: House) -> list[Account]:
    """The accounts in use that the chain does not know as they stand."""
    if not house.has_usable_ledger:
        return []
    with house.run.ledger.read() as session:
        known = accounts.all_accounts(session)
        return [each for each in known if each.disabled_at is None and not accounts.is_sound(session, each.name)]


def holidays(house: House) -> Found:
    """Whether the days off are written down: of this year, and towards its end of the next."""
    known = {day.year for day in house.reference.calendar.holidays}
    today = house.today()
    years = [today.year, *([today.year + 1] if today.month >= _ASKED_FROM_MONTH else [])]
    missing = [str(year) for year in years if year not in known]
    if missing:
        return bad(
            f"holidays.csv chưa có ngày nghỉ năm {', '.join(missing)}; đang tạm tính theo luật",
            f"chép theo thông báo nghỉ lễ vào {house.settings.home / 'reference' / 'holidays.csv'}",
        )
    return good(f"đã có ngày nghỉ đến năm {max(known)}")
