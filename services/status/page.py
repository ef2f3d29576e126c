"""How a period stands, as one static page per period and an index: readable from a file share, without a server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cli.lines.status import unit_notes
from domain import wording
from domain.deliveries import DeliveryState
from domain.editions import EditionState
from domain.figures import Figure
from domain.period import Period
from domain.reference import Reference
from domain.reminders import milestones
from services.run import Run
from services.status.period import status
from storage import editions, submissions
from storage.durable import write_durably
from storage.edition_files import pdf_path, tables_path, word_path, workings_path

_STATES = {
    "accepted": ("●", "đã nhận"),
    "accepted_with_warnings": ("◐", "đã nhận, có cảnh báo"),
    "rejected": ("✗", "bị trả lại"),
    "conflicting": ("2", "hai tệp cùng lần nộp, chưa tính"),
    "held": ("K", "được giữ lại vì kỳ đã khóa"),
    "missing": ("?", "chưa nộp"),
}
_KEY_FIGURES = ("value_total_vnd@period", "activities@period", "hh_total@period", "poverty_rate_pct@period")
_OPEN = {
    "quality.doubles.open": "cặp dòng có thể trùng, chưa quyết định: “ketnghia duplicates {period}”",
    "quality.questions.open": "câu hỏi về số liệu chưa có giải trình: “ketnghia questions {period} --write”",
}


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's row."""

    code: str
    name: str
    month: str
    state: str
    sign: str
    words: str
    findings: str
    received: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A key figure of the newest edition, with the way to its working."""

    name: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition with its links and its mails."""

    edition_id: str
    words: str
    sha256: str
    files: Sequence[tuple[str, str]]
    """What can be opened: its name and where it lies."""
    mails: Sequence[str]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """Everything a period's page says."""

    period: str
    title: str
    counted: str
    next_steps: Sequence[str]
    days: Sequence[tuple[str, str]]
    units: Sequence[UnitLine]
    legend: Sequence[tuple[str, str, str]]
    figures: Sequence[FigureLine]
    editions: Sequence[EditionLine]


def write_status_page(run: Run, period: Period) -> Path:
    """Write the period's page and the index of all pages; gives the page's path."""
    from reports.pdf.render import TEMPLATES, render_html

    style = (TEMPLATES / "styles" / "status.css").read_text(encoding="utf-8")
    folder = run.settings.home / "status"
    place = folder / f"{period}.html"
    page = _page(run, period)
    write_durably(place, render_html("status_page.html.j2", {"page": page, "style": style}).encode())
    known = sorted((path.stem for path in folder.glob("[0-9]*.html")), reverse=True)
    pages = [(name, Period.parse(name).words()) for name in known]
    write_durably(folder / "index.html", render_html("status_index.html.j2", {"pages": pages, "style": style}).encode())
    return place


def _page(run: Run, period: Period) -> StatusPage:
    found: Mapping[str, Any] = status(run, period)
    printed = [each for each in found["editions"] if each["state"] != EditionState.VOID]
    counts: dict[str, tuple[int, int]] = {}
    figures: list[Figure] = []
    with run.ledger.read() as session:
        received = submissions.all_submissions(session, [str(month) for month in period.months()])
        told = submissions.findings_of(session, [record.submission_id for record in received])
        counts = {
            record.sha256: (len(told[record.submission_id].causes()), len(told[record.submission_id].found))
            for record in received
        }
        if printed:
            figures = editions.figures_of(session, printed[-1]["edition"])
    by_id = {figure.figure_id: figure for figure in figures}
    return StatusPage(
        str(period),
        f"Báo cáo kết nghĩa {period.words()}",
        f"{_closing(found)}{found['accepted']}/{found['expected']} báo cáo được chấp nhận; hạn nộp {_moment(found['due'])}",
        next_steps(period, found, by_id),
        _days(run.reference, period),
        [_unit(row, counts) for row in found["units"]],
        [(state, *words) for state, words in _STATES.items()],
        [
            FigureLine(
                by_id[key].name,
                f"{by_id[key].text} {by_id[key].unit_of_measure}".replace(" %", "%"),
                f"../editions/{printed[-1]['data_of']}/cach-tinh.html#{key}",
            )
            for key in _KEY_FIGURES
            if key in by_id
        ],
        [_edition(run, each) for each in found["editions"]],
    )


def _closing(found: Mapping[str, Any]) -> str:
    """While nothing was sent, the counts are what they would be, were the period closed now."""
    sent = (EditionState.SENT, EditionState.SUPERSEDED)
    return "" if any(each["state"] in sent for each in found["editions"]) else "Nếu chốt bây giờ: "


def _unit(row: Mapping[str, Any], counts: Mapping[str, tuple[int, int]]) -> UnitLine:
    sign, words = _STATES[row["state"]]
    notes = [words, *unit_notes(row)]
    last = row["submissions"][-1]["sha256"] if row["submissions"] else ""
    causes, cells = counts.get(last, (0, 0))
    return UnitLine(
        row["unit"],
        row["name"],
        row["period"],
        row["state"],
        sign,
        ", ".join(notes),
        f"{causes} loại, {cells} ô" if causes else "",
        _moment(row["received_at"]) if row["received_at"] else "",
    )


def _edition(run: Run, each: Mapping[str, Any]) -> EditionLine:
    state = EditionState(each["state"])
    words = state.words + (f" bởi {each['released_by']}" if each["released_by"] else "")
    return EditionLine(
        each["edition"],
        words + (f": {each['void_reason']}" if each["void_reason"] else ""),
        each["sha256"],
        [
            (name, f"../editions/{place.relative_to(run.settings.editions)}")
            for name, place in (
                ("PDF", pdf_path(run.settings.editions, each["sha256"])),
                ("Cách tính từng số", workings_path(run.settings.editions, each["data_of"])),
                ("Bản Word", word_path(run.settings.editions, each["data_of"])),
                ("Bảng số liệu (Excel)", tables_path(run.settings.editions, each["data_of"])),
            )
            if place.is_file()
        ],
        [f"{mail['recipient']}: {DeliveryState(mail['state']).words}" for mail in each["deliveries"]],
    )


def _days(reference: Reference, period: Period) -> list[tuple[str, str]]:
    last = period.last_month
    days = milestones(reference.calendar, last)
    return [
        ("Khép kỳ", wording.short_day(reference.calendar.window(last).last_day)),
        ("Hạn nộp", wording.moment(reference.calendar.due(last))),
        ("Lập báo cáo", wording.short_day(days.compile_by)),
        ("Duyệt", wording.short_day(days.approve_by)),
        ("Gửi", wording.short_day(days.send_by)),
    ]


def next_steps(period: Period, found: Mapping[str, Any], by_id: Mapping[str, Figure]) -> list[str]:
    """What somebody should do now, most pressing first."""
    steps = []
    mails = [(each["edition"], mail) for each in found["editions"] for mail in each["deliveries"]]
    for edition, mail in mails:
        if mail["state"] == DeliveryState.UNCERTAIN:
            steps.append(
                f"Hỏi {mail['recipient']} đã nhận thư của bản {edition} chưa, rồi ghi nhận bằng “ketnghia outbox --resolve”."
            )
        if mail["state"] in (DeliveryState.REFUSED, DeliveryState.BOUNCED):
            steps.append(f"Thư của bản {edition} không tới {mail['recipient']}: kiểm tra địa chỉ trong recipients.csv.")
    if found["conflicting"]:
        steps.append(f"Hỏi đơn vị {', '.join(found['conflicting'])} tệp nào đúng; đơn vị gửi lại với lần nộp kế tiếp.")
    if found["held"]:
        steps.append(
            f"Đơn vị {', '.join(found['held'])} có bản nộp sau khi khóa kỳ: xem xét “ketnghia unlock {period}”."
        )
    if found["missing"] or found["rejected"]:
        owing = len(found["missing"]) + len(found["rejected"])
        steps.append(f"Còn {owing} đơn vị chưa có báo cáo được chấp nhận: “ketnghia remind {period}”.")
    for key, words in _OPEN.items():
        figure = by_id.get(key)
        if figure is not None and figure.value:
            steps.append(f"{figure.text} {words.format(period=period)}.")
    standing = [each for each in found["editions"] if EditionState(each["state"]) is not EditionState.VOID]
    if not standing:
        steps.append(
            f"Lập báo cáo: “ketnghia report {period}”." if found["accepted"] else "Chờ báo cáo của các đơn vị."
        )
    else:
        newest = standing[-1]
        state = EditionState(newest["state"])
        if state in (EditionState.DRAFT, EditionState.CHECKED):
            steps.append(f"Đọc và duyệt bản {newest['edition']}: “ketnghia release {newest['edition']} --by TÊN”.")
        if state is EditionState.RELEASED:
            steps.append(f"Gửi bản {newest['edition']}: “ketnghia send {newest['edition']}”.")
    return steps or ["Không còn việc phải làm."]


def _moment(iso: str) -> str:
    return wording.moment(datetime.fromisoformat(iso))
