"""Is the house in order? Every check is made, whatever became of the others; nothing is changed, sent or made."""

from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread

from domain.errors import KetnghiaError
from services.clock import Clock, system_clock
from services.log import traceback_of, warn
from services.settings import Settings
from services.upkeep.checks import books, machine, mail, people
from services.upkeep.house import Check, Found, House, bad


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the answer."""

    name: str
    """What the check is called where machines read."""
    title: str
    found: Found

    def as_json(self) -> dict[str, object]:
        """The line as plain data."""
        told = {"check": self.name, "title": self.title, "good": self.found.is_good, "text": self.found.text}
        return told if self.found.is_good else told | {"advice": self.found.advice}


CHECKS: Sequence[tuple[str, str, Check]] = (
    ("libraries", "Thư viện", machine.libraries),
    ("fonts", "Phông chữ", machine.fonts),
    ("extras", "Phần thêm", machine.extras),
    ("rights", "Quyền của thư mục dữ liệu", machine.rights),
    ("disk", "Chỗ trống trên ổ đĩa", machine.disk),
    ("zone", "Múi giờ", machine.zone),
    ("database", "Cơ sở dữ liệu", books.database),
    ("schema", "Lược đồ của sổ", books.schema),
    ("clock", "Đồng hồ", books.clock),
    ("archive", "Kho tệp", books.kept_files),
    ("store", "Kho chung", books.store),
    ("backup", "Sao lưu", books.backup),
    ("tables", "Các bảng trong reference/", people.tables),
    ("operators", "Người vận hành", people.operators),
    ("roles", "Người soát, người duyệt", people.roles),
    ("holidays", "Ngày nghỉ", people.holidays),
    ("ways-in", "Đường nhận", mail.ways_in),
    ("mail-out", "Máy chủ thư đi", mail.mail_out),
    ("prefect", "Prefect", machine.prefect),
)
"""Every check, with its name and its title, in the order of the answer: what others rest on comes first."""
_SECONDS = 20.0
"""So long a check may take, whichever server it waits for: one that hangs must not hide the others."""


def examine(
    settings: Settings, clock: Clock = system_clock, checks: Sequence[tuple[str, str, Check]] = CHECKS
) -> list[Line]:
    """What every check found; one that raises or hangs is a fault, too."""
    house = House(settings, clock)
    try:
        return [Line(name, title, _found(check, house)) for name, title, check in checks]
    finally:
        house.close()


def _found(check: Check, house: House) -> Found:
    """The check's answer, from a thread that nobody waits for longer than is fair."""
    answers: Queue[Found] = Queue()
    Thread(target=lambda: answers.put(_answer(check, house)), daemon=True).start()
    try:
        return answers.get(timeout=_SECONDS)
    except Empty:
        return bad(
            f"không trả lời trong {_SECONDS:.0f} giây", "xem máy chủ liên quan có chạy không, mạng có thông không"
        )


def _answer(check: Check, house: House) -> Found:
    try:
        return check(house)
    except KetnghiaError as error:
        said, _, advice = str(error).splitlines()[0].partition("; ")
        return bad(said, advice or "sửa theo câu này rồi chạy lại ketnghia doctor")
    except OSError as error:
        return bad(
            f"{error.filename or 'máy'}: {error.strerror or error}", "xem quyền và ổ đĩa, rồi chạy lại ketnghia doctor"
        )
    except Exception as error:
        warn("check-broke", f"doctor: {type(error).__name__}: {error}", traceback=traceback_of(error))
        return bad(
            f"không kiểm tra được ({type(error).__name__}: {error})",
            "gửi data/log/ketnghia.jsonl cho người phụ trách chương trình",
        )
