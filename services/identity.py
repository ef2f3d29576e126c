"""Is this the ledger that the home belongs to? An empty or foreign one in its place would send everything once more."""

from itertools import islice
from pathlib import Path

from domain.errors import ForeignLedger
from storage import identity
from storage.database import Database
from storage.durable import write_durably

NAME = "ledger.id"
"""The file of a home that bears the id of its ledger."""
_LOOKED_AT = 200
"""So many files of each kind tell well enough whose they are."""


def home_is_used(home: Path) -> bool:
    """Whether something lies there that a ledger must know of: the home's mark, a received file, a report or a mail."""
    return (home / NAME).is_file() or bool(_digests(home, 1))


def refuse_lost_ledger(home: Path, *, has_ledger: bool, place: str) -> None:
    """Stop before a new ledger is made in a home that has had one.

    Raises:
        ForeignLedger: says what is missing and what to do.
    """
    if not has_ledger and home_is_used(home):
        raise ForeignLedger(
            f"Không còn sổ {place}, mà thư mục {home} đã có tệp của một sổ trước. Không lập sổ mới: sổ trống sẽ nhận lại "
            "tệp, gửi lại báo cáo cho mọi người với cùng số. Khôi phục sổ từ bản sao lưu, hoặc sửa KETNGHIA_DATABASE_URL. "
            "Nếu cố ý bắt đầu sổ mới thì đặt KETNGHIA_HOME sang một thư mục trống."
        )


def refuse_foreign_ledger(home: Path, ledger: Database, place: str, *, was_used: bool) -> None:
    """Stop where the ledger is not that of the home; a home that has no mark yet gets that of its ledger.

    `was_used` says whether the home held anything before this run wrote to it.

    Raises:
        ForeignLedger: says whose the home is, which ledger it met, and what to do.
    """
    mark = home / NAME
    expected = mark.read_text(encoding="utf-8").strip() if mark.is_file() else ""
    with ledger.read() as session:
        found, is_empty = identity.ledger_id(session), identity.is_empty(session)
        is_own = expected == found if expected else not was_used or identity.knows_any(session, _digests(home))
    if not found:
        raise ForeignLedger(f"Sổ {place} đã mất mã của sổ: bảng identity bị xóa. Khôi phục sổ từ bản sao lưu.")
    if not is_own:
        what = "một sổ trống" if is_empty else "sổ khác"
        whose = f"sổ có mã {expected[:12]}…" if expected else "một sổ đã có dữ liệu"
        raise ForeignLedger(
            f"Sổ {place} là {what} (mã {found[:12]}…), không phải sổ của thư mục {home} ({whose}). Chưa làm gì: sổ sai sẽ "
            "gửi lại báo cáo cho mọi người với cùng số. Khôi phục sổ từ bản sao lưu, hoặc sửa KETNGHIA_HOME, "
            f"KETNGHIA_DATABASE_URL cho khớp. Nếu cố ý dùng sổ này cho thư mục này thì ghi mã {found} vào tệp {mark}."
        )
    if not expected and home.is_dir():
        # Looking around makes no folder; one that is made later is known by its files.
        write_durably(mark, f"{found}\n".encode())


def _digests(home: Path, most: int = _LOOKED_AT) -> list[str]:
    """The hashes by which files of the home bear their names: received files, documents, mails."""
    kinds = (
        (home / "archive").glob("??/" + "[0-9a-f]" * 64),
        (home / "editions").glob("*.pdf"),
        (home / "mail").glob("??/*.eml"),
    )
    return [path.stem for found in kinds for path in islice(found, most)]
