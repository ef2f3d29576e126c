"""What people must have written down: sound tables, who bears which role, the days off."""

from domain.roles import RoleName
from services.upkeep.house import Found, House, bad, good

_ASKED_FROM_MONTH = 11
"""The days off of a year are announced in the last months of the year before."""


def tables(house: House) -> Found:
    """Whether the tables can be read."""
    broken = house.reference.broken_narratives
    if broken:
        return bad(next(iter(broken.values())).splitlines()[0], "sửa tệp ấy; riêng báo cáo của kỳ ấy chưa lập được")
    return good(f"{len(house.tables.files)} bảng đọc được")


def operators(house: House) -> Found:
    """Who hears of misfortunes."""
    addresses = house.reference.mailboxes_of(RoleName.OPERATOR, house.today())
    if not addresses:
        return bad("không ai được báo khi có trục trặc", _add(house, "operator, có địa chỉ thư"))
    return good(", ".join(addresses))


def roles(house: House) -> Found:
    """Who may check and release; while nobody bears the role, everybody may."""
    on = house.today()
    needed = [RoleName.RELEASER, *([RoleName.CHECKER] if house.settings.two_persons else [])]
    borne = {row.role for row in house.reference.roles_on(on)}
    labels = {RoleName.RELEASER: "duyệt", RoleName.CHECKER: "soát"}
    missing = [role for role in needed if role not in borne]
    if missing:
        listed = ", ".join(labels[role] for role in missing)
        return bad(f"chưa ai giữ vai {listed}: ai cũng làm được", _add(house, ", ".join(missing)))
    return good(f"{sum(row.role in needed for row in house.reference.roles_on(on))} người")


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


def _add(house: House, role: str) -> str:
    return f"thêm dòng vai {role} vào {house.settings.home / 'reference' / 'roles.csv'}"
