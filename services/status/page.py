"""How a period stands, as one static page per period and an index: readable from a file share, without a server."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from domain import wording
from domain.deliveries import DeliveryState
from domain.editions import EditionState, release_command
from domain.errors import StoreUnreachable
from domain.figures import Figure
from domain.period import Period
from domain.reference import Reference
from domain.reminders import milestones
from domain.replacement import to_be_replaced
from domain.standing import Standing
from services.run import Run
from services.status.period import status
from services.status.period_status import EditionStatus, PeriodStatus, UnitMonth
from storage import editions
from storage.durable import write_durably
from storage.edition_files import pdf_path, tables_path, word_path, workings_path

_KEY_FIGURES = ("value_total_vnd@period", "activities@period", "hh_total@period", "poverty_rate_pct@period")
_NAMED_FILES = 5
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
    standing: Standing
    notes: str
    """What else is to be known of the file that counts; empty where nothing is."""
    findings: str
    """How much was found in the file that counts."""
    newer: str
    """The newest file, where it is not the one that counts."""
    received: str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A key figure of the newest edition, with the way to its working where the reader may go it."""

    name: str
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition with its links and its mails."""

    edition_id: str
    label: str
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
    legend: Sequence[Standing]
    figures: Sequence[FigureLine]
    editions: Sequence[EditionLine]


def write_status_page(run: Run, period: Period, found: PeriodStatus | None = None) -> Path:
    """Write the period's page and the index of all pages, also where they are published; gives the page's path.

    `found` is how it stands now, for whoever has just looked it up.
    """
    from reports.html import TEMPLATES, render_html

    page = _page(run, period, found or status(run, period))
    for folder, shown in (
        (run.settings.status_pages, page),
        (run.settings.status_folder, _for_others(page)),
    ):
        if folder is None:
            continue
        style = (TEMPLATES / "styles" / "status.css").read_text(encoding="utf-8")
        write_durably(
            folder / f"{period}.html", render_html("status_page.html.j2", {"page": shown, "style": style}).encode()
        )
        known = sorted((path.stem for path in folder.glob("[0-9]*.html")), reverse=True)
        pages = [(name, Period.parse(name).label()) for name in known]
        index = render_html("status_index.html.j2", {"pages": pages, "style": style})
        write_durably(folder / "index.html", index.encode())
    return run.settings.status_pages / f"{period}.html"


def _for_others(page: StatusPage) -> StatusPage:
    """The page for whoever may read the published folder: how the period stands, and nothing that only we may open."""
    return replace(
        page,
        next_steps=[],
        figures=[replace(figure, link="") for figure in page.figures],
        editions=[replace(edition, files=[], mails=[]) for edition in page.editions],
    )


def _page(run: Run, period: Period, found: PeriodStatus) -> StatusPage:
    newest = found.newest_edition
    figures: list[Figure] = []
    if newest is not None:
        with run.ledger.read() as session:
            figures = editions.figures_of(session, newest.record.edition_id)
    by_id = {figure.figure_id: figure for figure in figures}
    return StatusPage(
        str(period),
        f"Báo cáo kết nghĩa {period.label()}",
        f"{_closing(found)}{found.accepted}/{found.expected} báo cáo được chấp nhận; hạn nộp {wording.moment(found.due)}",
        next_steps(found, by_id),
        _days(run.reference, period),
        [_unit(row) for row in found.units],
        [standing for standing in Standing if standing is not Standing.NOT_OWED],
        [
            FigureLine(
                by_id[key].name,
                f"{by_id[key].text} {by_id[key].unit_of_measure}".replace(" %", "%"),
                f"../editions/{newest.record.sha256}/cach-tinh.html#{key}",
            )
            for key in _KEY_FIGURES
            if newest is not None and key in by_id
        ],
        [_edition(run, each) for each in found.editions],
    )


def _closing(found: PeriodStatus) -> str:
    """Marks the counts as provisional until an edition is sent."""
    return "" if found.is_sent else "Nếu chốt bây giờ: "


def _unit(row: UnitMonth) -> UnitLine:
    return UnitLine(
        row.unit.code,
        row.unit.name,
        str(row.month),
        row.standing,
        "; ".join(row.notes),
        row.counting.extent if row.counting else "",
        row.newer_sentence,
        wording.moment(row.counting.record.came_at) if row.counting else "",
    )


def _edition(run: Run, each: EditionStatus) -> EditionLine:
    record, folder = each.record, run.settings.editions
    label = record.state.label + (f" bởi {record.released_by}" if record.released_by else "")
    return EditionLine(
        record.edition_id,
        label + (f": {record.void_reason}" if record.void_reason else ""),
        record.document_sha256,
        [
            (name, f"../editions/{place.relative_to(folder)}")
            for name, place in (
                ("PDF", pdf_path(folder, record.document_sha256)),
                ("Cách tính từng số", workings_path(folder, record.sha256)),
                ("Bản Word", word_path(folder, record.sha256)),
                ("Bảng số liệu (Excel)", tables_path(folder, record.tables[0])),
            )
            if _is_here(run, place)
        ],
        [f"{mail.recipient}: {mail.state.label}" for mail in each.deliveries],
    )


def _is_here(run: Run, place: Path) -> bool:
    """Whether the page can lead there; a store that is away leaves a page without some links."""
    with suppress(StoreUnreachable):
        run.kept.bring(place)
    return place.is_file()


def _days(reference: Reference, period: Period) -> list[tuple[str, str]]:
    last = period.last_month
    days = milestones(reference.calendar, last)
    return [
        ("Gửi biểu mẫu", wording.short_day(days.send_forms)),
        ("Khép kỳ", wording.short_day(reference.calendar.window(last).last_day)),
        ("Hạn nộp", wording.moment(reference.calendar.due(last))),
        ("Lập báo cáo", wording.short_day(days.compile_by)),
        ("Duyệt", wording.short_day(days.approve_by)),
        ("Gửi", wording.short_day(days.send_by)),
    ]


def next_steps(found: PeriodStatus, by_id: Mapping[str, Figure]) -> list[str]:
    """What somebody should do now, most pressing first; `by_id` are the figures of the newest edition."""
    steps = [*_steps_of_unread(found), *_steps_of_mails(found), *_steps_of_units(found)]
    for key, step in _OPEN.items():
        figure = by_id.get(key)
        if figure is not None and figure.value:
            steps.append(f"{figure.value:.0f} {step.format(period=found.period)}.")
    steps += _steps_of_editions(found)
    return steps or ["Không còn việc phải làm."]


def _steps_of_unread(found: PeriodStatus) -> list[str]:
    if not found.unread or not found.owing:
        return []
    names = ", ".join(each.label for each in found.unread[:_NAMED_FILES])
    more = ", …" if len(found.unread) > _NAMED_FILES else ""
    return [
        f"{len(found.unread)} tệp đã nhận nhưng chưa đọc được, có thể là báo cáo của đơn vị còn thiếu: {names}{more}. "
        "Chạy “ketnghia collect”."
    ]


def _steps_of_mails(found: PeriodStatus) -> list[str]:
    steps = []
    for edition in found.editions:
        name = edition.record.edition_id
        for mail in edition.deliveries:
            if mail.state is DeliveryState.UNCERTAIN:
                steps.append(
                    f"Hỏi {mail.recipient} đã nhận thư của bản {name} chưa, rồi ghi nhận bằng “ketnghia outbox --resolve "
                    f"'{mail.message_id}' --arrived --by TÊN” (chưa nhận: --lost)."
                )
            if mail.state.is_lost:
                steps.append(
                    f"Thư của bản {name} không tới {mail.recipient}: kiểm tra địa chỉ trong recipients.csv; hộp thư ấy đã sửa "
                    f"xong thì “ketnghia outbox --resolve '{mail.message_id}' --lost --by TÊN” rồi “ketnghia send {name}”."
                )
    return steps


def _steps_of_units(found: PeriodStatus) -> list[str]:
    """Asking, unlocking and reminding are done month by month, whatever the period."""
    steps = []
    for month in found.period.months():
        of_month = [each for each in found.units if each.month == month]
        asked = [each.unit.code for each in of_month if each.standing is Standing.CONFLICTING]
        if asked:
            which = "" if found.period.is_month else f" của kỳ {month}"
            steps.append(f"Hỏi đơn vị {', '.join(asked)} tệp nào{which} đúng; đơn vị gửi lại với lần nộp kế tiếp.")
        held = [each.unit.code for each in of_month if each.has_held]
        if held:
            which = "" if found.period.is_month else f" {month}"
            steps.append(
                f"Đơn vị {', '.join(held)} có bản nộp sau khi khóa kỳ{which}: xem xét “ketnghia unlock {month}”."
            )
    # A code is used again: a commune of July 2025 may bear that of a district of June.
    owing = {(each.unit.level, each.unit.code) for each in found.owing}
    if owing:
        commands = ", ".join(
            f"“ketnghia remind {month}”" for month in sorted({str(each.month) for each in found.owing})
        )
        what = "báo cáo" if found.period.is_month else "đủ báo cáo các tháng"
        steps.append(f"Còn {len(owing)} đơn vị chưa có {what} được chấp nhận: {commands}.")
    return steps


def _steps_of_editions(found: PeriodStatus) -> list[str]:
    if found.newest_edition is None:
        return [f"Lập báo cáo: “ketnghia report {found.period}”." if found.accepted else "Chờ báo cáo của các đơn vị."]
    newest = found.newest_edition.record
    if newest.state is EditionState.SUPERSEDED:
        return [f"Bản thay thế bản {newest.edition_id} đã bị rút; lập lại báo cáo: “ketnghia report {found.period}”."]
    if newest.state in (EditionState.DRAFT, EditionState.CHECKED):
        before = to_be_replaced([(each.record, [mail.state for mail in each.deliveries]) for each in found.editions])
        command = release_command(newest.edition_id, replaces=before.edition_id if before else None)
        return [f"Đọc và duyệt bản {newest.edition_id}: “{command}”."]
    if newest.state is EditionState.RELEASED:
        return [f"Gửi bản {newest.edition_id}: “ketnghia send {newest.edition_id}”."]
    return []
