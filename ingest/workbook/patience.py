"""When a file that ended its reader is held to be bad, and when nothing can be said of it yet."""

from collections.abc import Mapping
from pathlib import Path

from domain.errors import Interrupted, UnreadableFile
from ingest.apart.bounds import SAME_ENDS, End
from ingest.workbook.packed import PackedWorkbook
from ingest.workbook.read import NO_ALIASES
from ingest.workbook.readers import Readers
from ingest.workbook.table_layout import Captions

_TRIES_AT_ONCE = 2
"""So often it is tried on one occasion where the end was not its own doing: what is wrong with a machine takes time."""
_MOST_TRIES = 6
"""After so many it waits for another occasion, in whichever ways it ended."""
_REASONS = {
    End.MEMORY: "Tệp cần quá nhiều bộ nhớ để đọc; xóa sheet, ô không thuộc biểu mẫu rồi gửi lại.",
    End.PROCESSOR: "Đọc tệp quá lâu nên dừng lại; chép số liệu sang biểu mẫu gốc rồi gửi lại.",
    End.RAISED: "Cấu trúc bên trong tệp đã hỏng; mở bằng Excel, lưu lại rồi gửi.",
}
_OTHER_REASON = "Tệp làm chương trình đọc dừng đột ngột; mở bằng Excel, lưu lại rồi gửi, hoặc gửi bằng biểu mẫu gốc."


def read_again(
    readers: Readers,
    path: Path,
    sha256: str,
    aliases: Mapping[str, Captions],
    interrupted: Interrupted,
    occasions: Mapping[str, int],
) -> PackedWorkbook:
    """Read a file whose reading was interrupted, with nothing else going on.

    Args:
        readers: one process that nobody else uses.
        path: where the bytes lie.
        sha256: their hash.
        aliases: other captions of the columns, by table.
        interrupted: how the first try ended.
        occasions: on how many earlier occasions it ended in which way beside a sound file.

    Raises:
        UnreadableFile: if no workbook can be made of the bytes, also because they end every reader; `__cause__` is then
            the end of the last one, and somebody should look.
        Interrupted: if nothing can be said yet; `is_suspect` where a sound file was read well all the while.
    """
    in_one_way = 1
    for _ in range(_MOST_TRIES):
        end = End(interrupted.end)
        interrupted.is_suspect = readers.can_read()
        if not interrupted.is_suspect:
            break
        if in_one_way >= (SAME_ENDS if end.is_own_doing else _TRIES_AT_ONCE):
            if end.is_own_doing or occasions.get(end, 0) + 1 >= SAME_ENDS:
                raise UnreadableFile(_REASONS.get(end, _OTHER_REASON)) from interrupted
            break
        try:
            return readers.read(path, sha256, aliases)
        except Interrupted as again:
            in_one_way = in_one_way + 1 if again.end == interrupted.end else 1
            interrupted = again
    raise interrupted


def read_alone(
    readers: Readers, path: Path, sha256: str, aliases: Mapping[str, Captions] = NO_ALIASES
) -> PackedWorkbook:
    """Read one file, and once more where that is interrupted.

    Raises:
        UnreadableFile, Interrupted: as `read_again`.
    """
    try:
        return readers.read(path, sha256, aliases)
    except Interrupted as interrupted:
        return read_again(readers, path, sha256, aliases, interrupted, {})
