"""What lies in a shared folder and is not taken: by its name, or because it cannot be."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from unicodedata import normalize


class Why(Enum):
    """Why something is left where it lies, and the sentence by which the operator hears of it."""

    JUNK = "Tệp của hệ điều hành và phần mềm, bỏ qua: {}."
    CONFLICT = (
        "Bản sao do phần mềm đồng bộ lập khi hai máy cùng sửa một tệp, chưa nhận: {}. "
        "Xem bản nào đúng, đổi tên bản ấy rồi để lại đây; xóa bản kia."
    )
    NO_FILE = "Đường tắt (liên kết) hoặc thiết bị, không phải tệp, chưa nhận: {}. Chép chính tệp ấy vào đây."
    UNREADABLE = "Không đọc được, chưa nhận: {}. Xem quyền đọc; lần chạy sau sẽ thử lại."
    CHANGING = "Còn đang được ghi, để lần chạy sau: {}."
    MISPLACED = (
        "Nằm trực tiếp trong thư mục của các tệp đã nhận, chưa nhận: {}. Tệp mới thì chuyển ra ngoài thư mục ấy."
    )


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """Several things of one way in that are left alone for the same reason, each named once."""

    why: Why
    names: tuple[str, ...]


class Aside:
    """Gathers what is left alone, so that a thousand of a kind are one line."""

    def __init__(self) -> None:
        self._names: dict[Why, list[str]] = {}

    def leave(self, why: Why, name: str, reason: object = "") -> None:
        """Leave this one alone, for that reason."""
        self._names.setdefault(why, []).append(f"{name} ({reason})" if reason else name)

    def told(self) -> Iterator[LeftAlone]:
        """What was gathered, by reason."""
        for why, names in self._names.items():
            yield LeftAlone(why, tuple(names))


_JUNK = (
    ".*", "~$*", "~*.tmp", "*.tmp", "*.temp", "*~", "*.swp", "*.part", "*.partial", "*.filepart", "*.crdownload",
    "*.opdownload", "*.download", "thumbs.db", "thumbs.db:*", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r",
    "*:zone.identifier",
)  # fmt: skip
"""Hidden files, the shadow of a workbook that is open, what is still being written or downloaded, what systems leave."""
_JUNK_FOLDERS = (
    ".*", "$recycle.bin", "recycler", "system volume information", "@eadir", "#recycle", "#snapshot", "~snapshot",
    "lost+found", "__macosx", "network trash folder", "temporary items", "*.download",
)  # fmt: skip
_CONFLICT = re.compile(
    # Dropbox, Nextcloud, Syncthing, Seafile, Synology and others say so; OneDrive adds the name of the computer.
    r"conflict|bản sao xung đột|-(desktop|laptop|pc)-[a-z0-9]{4,15}(-\d+)?(\.[^.]*)?$|-[a-z0-9]+-pc(-\d+)?(\.[^.]*)?$"
)


def why_by_name(name: str) -> Why | None:
    """Why a file of this name is none that somebody handed in; null where it may be."""
    key = normalize("NFC", name).casefold()
    if any(fnmatchcase(key, pattern) for pattern in _JUNK):
        return Why.JUNK
    return Why.CONFLICT if _CONFLICT.search(key) else None


def is_junk_folder(name: str) -> bool:
    """Whether a folder of this name belongs to a system or a program, with everything in it."""
    key = normalize("NFC", name).casefold()
    return any(fnmatchcase(key, pattern) for pattern in _JUNK_FOLDERS)
