"""What is kept: the ledger and its schema, the archive, the clock held against the ledger, the newest backup."""

import json
import os
from contextlib import closing
from datetime import datetime, timedelta

from domain.calendar import VIETNAM
from services.identity import home_is_used
from services.queries.verify_ledger import table_faults
from services.run import LedgerOnce
from services.shared_store import named_store, store_folder
from services.upkeep.belongings import NOTE, named_in
from services.upkeep.house import Found, House, bad, good
from storage import archive, chain
from storage.newest import newest_moment

_NONE_LEFT = "chưa xem được: sổ của thư mục này đã mất"
_NONE_YET = "chưa có sổ; lệnh nhận tệp đầu tiên sẽ lập"
_TOLERANCE = timedelta(minutes=2)


def database(house: House) -> Found:
    """Whether the ledger can be opened and read, and is the one that the data folder belongs to."""
    state = house.ledger_state
    if state.revision is None and home_is_used(house.settings.home):
        return bad(
            f"{state.place} không còn sổ, mà {house.settings.home} đã có tệp của một sổ trước",
            "phục hồi sổ từ bản sao lưu mới nhất (ketnghia restore), hoặc sửa KETNGHIA_DATABASE_URL",
        )
    if house.has_usable_ledger:
        # What it raises says whose the ledger is, and whose the folder.
        with closing(LedgerOnce(house.settings)) as ledger:
            ledger.open()
    return good(state.place if state.revision else f"{state.place}: {_NONE_YET}")


def schema(house: House) -> Found:
    """Whether the ledger is of the revision that this program works with."""
    state = house.ledger_state
    if state.revision is None:
        return _where_none_is(house, _NONE_YET)
    if state.revision > state.newest:
        return bad(
            f"sổ do bản chương trình mới hơn lập (lược đồ {state.revision}, bản này biết đến {state.newest})",
            "cài bản chương trình mới",
        )
    if state.revision < state.newest:
        return bad(f"sổ ở lược đồ {state.revision}, bản này dùng {state.newest}", "chạy ketnghia upgrade")
    return good(f"lược đồ {state.revision}, mới nhất")


def kept_files(house: House) -> Found:
    """Whether every file that came in lies in the archive, and the tables of every edition are kept.

    The bytes of what came in are looked at by `verify --ledger`.
    """
    if not house.has_usable_ledger:
        return _where_none_is(house, _NONE_YET) if house.ledger_state.revision is None else _ask_for_upgrade()
    named, there = named_in(house.run), archive.kept_files(house.run.kept, house.settings.archive).keys()
    lost = sorted(named.archive - there)
    if lost:
        return bad(
            f"{len(lost)} tệp có trong sổ mà không còn trong {house.settings.archive}: {lost[0][:12]}…",
            "lấy lại từ bản sao lưu, rồi chạy ketnghia verify --ledger",
        )
    with house.run.ledger.read() as session:
        fault = next(filter(None, table_faults(house.run, session)), "")
    if fault:
        said, _, advice = fault.partition("; ")
        return bad(said, advice)
    return good(f"đủ {len(named.archive)} tệp trong {house.settings.archive}")


def store(house: House) -> Found:
    """Whether the store that several machines share answers, is the ledger's own, and has every received file."""
    if not house.settings.store:
        return good("không dùng: mọi tệp nằm trong thư mục dữ liệu")
    store = named_store(house.settings)
    store.refuse_unfit()
    folder = store_folder(house.settings)
    if folder is not None and not os.access(folder, os.W_OK):
        return bad(
            f"không ghi được vào {folder}",
            "xem quyền và cách gắn (mount) ổ đĩa; trong systemd thêm ReadWritePaths= cho thư mục ấy",
        )
    if not house.has_usable_ledger or house.run.kept.open_store is None:
        return good(f"{store.place}; chưa có sổ để đối chiếu")
    prefix = house.settings.archive.relative_to(house.settings.home).as_posix()
    there = {name.rpartition("/")[2] for name in house.run.kept.open_store().names(prefix)}
    if lost := named_in(house.run).archive - there:
        return bad(
            f"{len(lost)} tệp đã nhận không có trong {store.place}", "chạy ketnghia repair ở máy đã nhận các tệp ấy"
        )
    return good(f"{store.place}: đủ {len(there)} tệp đã nhận")


def clock(house: House) -> Found:
    """Whether this machine's clock stands before something that was noted already."""
    if not house.has_usable_ledger:
        return good(f"{house.now().astimezone(VIETNAM):%d/%m/%Y %H:%M}; chưa có sổ để đối chiếu")
    with house.run.ledger.read() as session:
        newest = newest_moment(session)
    if newest is not None and newest > house.now() + _TOLERANCE:
        return bad(
            f"đồng hồ máy chỉ {house.now().astimezone(VIETNAM):%d/%m/%Y %H:%M}, sổ đã ghi việc lúc "
            f"{newest.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
            "chỉnh đồng hồ máy: timedatectl set-ntp true",
        )
    return good("không chậm hơn việc mới nhất trong sổ")


def backup(house: House) -> Found:
    """How old the newest backup is, whether it has everything that the ledger names, and whether the ledger still goes on from it."""
    days, how = house.settings.backup_days, "chạy ketnghia backup THƯ_MỤC --keep 14 (đặt lịch hằng ngày)"
    place = house.settings.home / NOTE
    if not place.is_file():
        if house.settings.prefect_server:
            return good("sao lưu ở máy chạy ketnghia serve")
        if house.ledger_state.revision is None:
            return _where_none_is(house, "chưa có gì để sao lưu")
        return bad("chưa sao lưu lần nào", how)
    note = json.loads(place.read_bytes())
    at = datetime.fromisoformat(note["at"])
    said = f"bản mới nhất lúc {at.astimezone(VIETNAM):%d/%m/%Y %H:%M}, ở {note['place']}"
    if note["links"] and _is_cut_off(house, note.get("head", "")):
        return bad(
            f"{said}: sổ lúc ấy có {note['links']} mắt xích, nay mắt xích cuối của lúc ấy không còn: phần cuối của sổ đã bị cắt hoặc lập lại",
            "giữ nguyên sổ ấy, chạy ketnghia verify --ledger, rồi phục hồi từ bản sao lưu ấy vào một thư mục trống",
        )
    if missing := note.get("missing"):
        more = f" và {len(missing) - 1} chỗ khác" if len(missing) > 1 else ""
        return bad(
            f"{said}: THIẾU {missing[0]}{more}",
            "tìm trong bản sao lưu cũ hơn, đặt lại vào chỗ ấy rồi sao lưu lại; đến lúc ấy không bản cũ nào bị bỏ",
        )
    if house.now() - at > timedelta(days=days):
        return bad(f"{said}: đã {(house.now() - at).days} ngày, quá {days} ngày", how)
    return good(said)


def _is_cut_off(house: House, head: str) -> bool:
    """Whether the end of the chain, as it was noted outside of the ledger, stands in it no more."""
    if not head or not house.has_usable_ledger:
        return False
    # Whatever is wrong with a store is told in its own line.
    with closing(LedgerOnce(house.settings, meets_store=False)) as ledger, ledger.open().read() as session:
        return not chain.has_link(session, head)


def _where_none_is(house: House, text: str) -> Found:
    """In a new data folder that there is no ledger is well; in a used one it is lost."""
    if home_is_used(house.settings.home):
        return bad(_NONE_LEFT, "xem dòng “Cơ sở dữ liệu”")
    return good(text)


def _ask_for_upgrade() -> Found:
    return bad("chưa xem được: sổ không phải lược đồ của bản này", "xem dòng “Lược đồ của sổ”")
