"""The servers of others: each is logged in to, nothing is taken and nothing sent."""

from datetime import datetime, timedelta

from delivery.smtp import Deferred, Server
from domain import wording
from domain.errors import UnreachableChannel
from services.intake.channels import channels
from services.upkeep.house import Found, House, bad, good
from services.upkeep.manifest import WAITING

SECONDS = 10.0
"""So long a server may take."""
_NEAR = timedelta(days=21)


def mail_out(house: House) -> Found:
    """The server that takes our mails."""
    settings = house.settings
    if not settings.smtp_host:
        return bad(
            f"chưa cài máy chủ thư: thư chỉ được ghi vào {settings.mail_sink}",
            "đặt KETNGHIA_SMTP_HOST và các cài đặt cùng nhóm",
        )
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    server = Server(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password.get_secret_value(),
        min(SECONDS, settings.smtp_timeout_seconds),
    )
    try:
        ends = server.log_in()
    except Deferred as error:
        return bad(
            f"{where} không nhận đăng nhập ({error})", "xem KETNGHIA_SMTP_…: máy, cổng, bảo mật, tài khoản, mật khẩu"
        )
    if (ending := _ending(house, where, ends)) is not None:
        return ending
    if settings.mail_redirect:
        return bad(f"mọi thư đang được chuyển đến {settings.mail_redirect}", "chạy thật thì bỏ KETNGHIA_MAIL_REDIRECT")
    return good(f"đăng nhập được {where}")


def ways_in(house: House) -> Found:
    """The mailbox, the bucket and the SFTP folder, where they are set; and what a restore has brought of the inbox."""
    waiting = house.settings.home / WAITING
    if any(path.is_file() for path in waiting.rglob("*")):
        return bad(
            f"còn tệp của hộp nhận trong {waiting}, do phục hồi từ bản sao lưu",
            f"chuyển vào {house.settings.inbox} thì được nhận; đã nhận rồi thì xóa thư mục ấy",
        )
    entered, refused = [], []
    ending: Found | None = None
    for channel in channels(house.run):
        log_in = getattr(channel, "log_in", None)
        if log_in is not None:
            try:
                ending = ending or _ending(house, channel.name, log_in())
                entered.append(channel.name)
            except UnreachableChannel as reason:
                refused.append(str(reason))
    if refused:
        return bad(" ".join(refused), "xem KETNGHIA_IMAP_…, KETNGHIA_S3_…, KETNGHIA_SFTP_…: máy, tài khoản, mật khẩu")
    return ending or good(f"vào được {', '.join(entered)}" if entered else f"chỉ nhận qua {house.settings.inbox}")


def _ending(house: House, where: str, ends: datetime | None) -> Found | None:
    """A certificate near its end stops all mail on that day."""
    if ends is None or ends - house.now() > _NEAR:
        return None
    return bad(
        f"chứng thư của {where} hết hạn {wording.moment(ends)}",
        "báo người quản lý máy chủ thư thay chứng thư trước ngày ấy, không thì thư ngừng đi, ngừng đến",
    )
