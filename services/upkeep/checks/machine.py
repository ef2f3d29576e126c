"""What the machine must have: libraries, fonts, room, rights, the zone of Vietnam, the scheduler."""

import os
import pwd
import shutil
import tempfile
import urllib.error
import urllib.request
import warnings
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from domain.calendar import VIETNAM
from reports.pdf.faces import refuse_missing_faces
from reports.pdf.render import weasyprint_with
from services.shared_store import store_folder
from services.upkeep.house import Found, House, bad, good

_PREFECT_PORT, _PREFECT_SECONDS = 4200, 3
_WRITTEN_BY_ALL = ("log", "status", "heartbeat")
"""Folders of the data folder in which most commands write."""
_LOOKED_AT = 1_000
"""So many entries of a folder tell well enough whose they are."""


def libraries(house: House) -> Found:
    """The libraries of the system that WeasyPrint loads."""
    with warnings.catch_warnings():
        # That there are no fonts is the next line's matter.
        warnings.simplefilter("ignore")
        library = weasyprint_with(house.settings.fonts)
    return good(f"WeasyPrint {library.__version__} và các thư viện hệ thống của nó")


def fonts(house: House) -> Found:
    """The four faces."""
    refuse_missing_faces(house.settings.fonts)
    return good(f"đủ bốn phông trong {house.settings.fonts}")


def extras(house: House) -> Found:
    """The optional parts that the settings need."""
    settings = house.settings
    needed = {
        "s3": ("s3fs",) if settings.s3_url else (),
        "sftp": ("paramiko", "fsspec") if settings.sftp_url else (),
        "postgres": ("psycopg",) if settings.database_url.startswith("postgres") else (),
        "sign": ("pyhanko",) if settings.timestamp_url else (),
        "serve": ("prefect",) if settings.prefect_server or (settings.home / "prefect").is_dir() else (),
    }
    wanted = [name for name, modules in needed.items() if modules]
    missing = [name for name in wanted if any(find_spec(module) is None for module in needed[name])]
    if missing:
        return bad(f"thiếu phần {', '.join(missing)} mà cài đặt cần", f'pip install "ketnghia[{",".join(missing)}]"')
    return good(f"đủ phần cài đặt cần ({', '.join(wanted) or 'không cần phần nào'})")


def zone(house: House) -> Found:
    """The zone of Vietnam; without its data days would begin seven hours late."""
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(VIETNAM).utcoffset()
    if offset != timedelta(hours=7):
        return bad(f"giờ Việt Nam đang lệch {offset} so với UTC, phải là 7 giờ", "cài lại gói tzdata")
    return good(f"giờ Việt Nam là UTC+7; bây giờ là {house.now().astimezone(VIETNAM):%d/%m/%Y %H:%M}")


def disk(house: House) -> Found:
    """The room that is left where the program writes."""
    least = house.settings.least_free_mb
    folders = [_nearest(house.settings.home), Path(tempfile.gettempdir())]
    if (shared := store_folder(house.settings)) is not None:
        folders.append(_nearest(shared))
    room = {folder: shutil.disk_usage(folder).free // 1_000_000 for folder in folders}
    short = [f"{folder} còn {free} MB" for folder, free in room.items() if free < least]
    if short:
        return bad(
            f"{'; '.join(short)}; cần ít nhất {least} MB",
            "dọn ổ đĩa, hoặc dời thư mục dữ liệu sang ổ lớn hơn (KETNGHIA_LEAST_FREE_MB là mức báo)",
        )
    return good("; ".join(f"{folder} còn {free} MB" for folder, free in room.items()))


def rights(house: House) -> Found:
    """Whether this account may write the data folder, all in it is of one account, and no other may read it."""
    home = house.settings.home
    if not home.exists():
        above = _nearest(home)
        if not os.access(above, os.W_OK | os.X_OK):
            return bad(f"chưa có {home} và không lập được trong {above}", f"cấp quyền ghi {above} cho tài khoản này")
        return good(f"chưa có {home}; lệnh ghi đầu tiên sẽ lập")
    if not home.is_dir():
        return bad(f"{home} là tệp, không phải thư mục", "đặt KETNGHIA_HOME là một thư mục")
    if (strange := _of_another(home)) is not None:
        owner = _account(home.stat().st_uid)
        return bad(
            f"{strange} là của tài khoản {_account(strange.lstat().st_uid)}, thư mục dữ liệu là của {owner}: một lệnh đã được "
            "gọi bằng tài khoản khác",
            f"chown -R {owner}: {home} (bằng root), rồi chỉ gọi lệnh bằng tài khoản {owner}",
        )
    if not os.access(home, os.W_OK | os.X_OK):
        return bad(f"tài khoản này không ghi được vào {home}", f"cấp quyền: chown -R TÀI_KHOẢN {home}")
    open_to_others = [place for place in (home, Path(".env").resolve()) if place.exists() and _is_open(place)]
    if open_to_others:
        listed = " ".join(str(place) for place in open_to_others)
        return bad(f"tài khoản khác đọc được {listed}", f"chmod go-rwx {listed}")
    return good(f"{home} chỉ tài khoản này đọc, ghi được")


def prefect(house: House) -> Found:
    """The scheduler: answering, where it was ever started here, or this machine works for the one of another."""
    elsewhere = house.settings.prefect_server.rstrip("/")
    if not elsewhere and not (house.settings.home / "prefect").is_dir():
        return good("chưa từng chạy ketnghia serve ở đây; lịch do cron, systemd hoặc người chạy")
    if find_spec("prefect") is None:
        return bad("đã từng chạy ở đây nhưng nay chưa cài", 'pip install "ketnghia[serve]"')
    here = os.environ.get("PREFECT_API_URL") or f"http://127.0.0.1:{_PREFECT_PORT}/api"
    url = f"{elsewhere}/api" if elsewhere else here
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=_PREFECT_SECONDS):
            return good(f"{url} trả lời")
    except urllib.error.HTTPError:
        # It asks who we are: it is there.
        return good(f"{url} trả lời")
    except (OSError, ValueError) as error:
        advice = "chạy ketnghia serve, hoặc: systemctl restart ketnghia"
        return bad(
            f"{url} không trả lời ({error})",
            f"ở máy ấy: {advice}; xem KETNGHIA_PREFECT_SERVER" if elsewhere else advice,
        )


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that there is."""
    return next(each for each in (folder, *folder.parents) if each.is_dir())


def _of_another(home: Path) -> Path | None:
    """A file, of those that every command writes, or a folder of such, that is not of the account that the home is of."""
    owner = home.stat().st_uid
    for folder in (home, *(home / name for name in _WRITTEN_BY_ALL)):
        if not folder.is_dir():
            continue
        if folder.stat().st_uid != owner:
            return folder
        with os.scandir(folder) as entries:
            for entry in islice(entries, _LOOKED_AT):
                with suppress(FileNotFoundError):
                    if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid != owner:
                        return Path(entry.path)
    return None


def _account(number: int) -> str:
    """The name of an account of this machine, or its number."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _is_open(place: Path) -> bool:
    return bool(place.stat().st_mode & 0o077)
