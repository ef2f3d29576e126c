"""How a command ends that met an error: the sentence for it, and the exit code."""

import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from domain.errors import Ending, KetnghiaError

_REFUSALS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EEXIST: "đã có tệp mang tên này, cần một thư mục",
    errno.ENOTDIR: "đây là tệp, cần một thư mục",
    errno.EISDIR: "đây là thư mục, cần một tệp",
    errno.EACCES: "không có quyền; cấp quyền cho tài khoản đang chạy",
    errno.EPERM: "không có quyền; cấp quyền cho tài khoản đang chạy",
    errno.EROFS: "ổ đĩa chỉ cho đọc; gắn lại cho ghi, hoặc chọn chỗ khác",
    errno.ENOSPC: "hết chỗ trên ổ đĩa; dọn bớt rồi chạy lại",
    errno.EDQUOT: "hết phần ổ đĩa dành cho tài khoản này; dọn bớt rồi chạy lại",
    errno.EFBIG: "tệp vượt cỡ mà máy cho phép; xem giới hạn của tài khoản (ulimit -f)",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc; nâng giới hạn của tài khoản (ulimit -n) rồi chạy lại",
    errno.ENFILE: "cả máy mở quá nhiều tệp; đóng bớt chương trình rồi chạy lại",
    errno.EIO: "ổ đĩa có lỗi; kiểm tra ổ đĩa trước khi chạy lại",
    errno.ENAMETOOLONG: "tên quá dài; chọn tên ngắn hơn",
    errno.ELOOP: "đường tắt chạy vòng quanh; chỉ thẳng đến chỗ thật",
    errno.ENOMEM: "máy hết bộ nhớ; đóng bớt chương trình rồi chạy lại",
    errno.ESTALE: "ổ đĩa mạng đã ngắt; gắn lại rồi chạy lại",
}

_SAID_BY_LIBRARIES = (errno.EMFILE, errno.ENFILE, errno.ENOSPC, errno.ENOMEM, errno.EROFS)


def told(error: BaseException) -> tuple[Ending, str]:
    """The exit code and the Vietnamese sentence for an error, whichever it is."""
    if isinstance(error, KetnghiaError):
        return error.ending, str(error)
    if isinstance(error, OSError):
        return Ending.MACHINE, _refused(error)
    if isinstance(error, MemoryError):
        return Ending.MACHINE, "Máy hết bộ nhớ; đóng bớt chương trình, hoặc giảm --jobs, rồi chạy lại."
    if (of_ledger := _of_ledger(error)) is not None:
        return of_ledger.ending, str(of_ledger)
    if (number := _of_system(error)) is not None:
        return Ending.MACHINE, _without_place(number, _REFUSALS[number])
    return Ending.MACHINE, f"Chương trình gặp lỗi không lường trước ({type(error).__name__}); việc này chưa xong."


def is_unforeseen(error: BaseException) -> bool:
    """Whether the error is a bug of ours, of which somebody has to see where it came from."""
    is_told = isinstance(error, KetnghiaError | OSError | MemoryError)
    return not is_told and _of_ledger(error) is None and _of_system(error) is None


def _of_system(error: BaseException) -> int | None:
    """What the system refused to a library that is written in Rust, which says it in its own words alone."""
    said = str(error)
    return next((number for number in _SAID_BY_LIBRARIES if os.strerror(number) in said), None)


def _of_ledger(error: BaseException) -> KetnghiaError | None:
    """What a database refused, as an error with a sentence."""
    if "sqlalchemy" not in sys.modules:
        # Only whoever has spoken with a database can have been refused by one.
        return None
    from services.settings import load_settings
    from storage.faults import fault_of

    try:
        return fault_of(error, load_settings().ledger_url)
    except KetnghiaError:
        return None


def _without_place(number: int | None, reason: str) -> str:
    """What the system refused without saying where; where room is short can be looked up."""
    where = "; ".join(_room()) if number in (errno.ENOSPC, errno.EDQUOT) else ""
    return f"Máy không làm được việc này: {reason}{where and f' ({where})'}."


def _room() -> Iterator[str]:
    """How much room is left where the program writes by itself, as far as that can be told."""
    from services.settings import load_settings

    places: list[Callable[[], Path]] = [lambda: load_settings().home, lambda: Path(tempfile.gettempdir())]
    for place_of in places:
        # Where no folder for passing files has room, Python says that there is none.
        with suppress(KetnghiaError, OSError):
            place = place_of()
            yield f"{place} còn {shutil.disk_usage(place).free // 1_000_000} MB"


def _refused(error: OSError) -> str:
    reason = _REFUSALS.get(error.errno or 0, error.strerror or str(error))
    # Of a file that was to be put into its place the second name is that place, the first a passing one.
    place = error.filename2 or error.filename
    if place is None:
        return _without_place(error.errno, reason)
    return f"Không đọc hoặc ghi được {place}: {reason}."
