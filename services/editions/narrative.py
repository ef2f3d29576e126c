"""The file in which a person writes the report's own words: made once, never overwritten, with what units wrote beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from domain import form
from domain.catalogue import INDICATORS
from domain.errors import KetnghiaError, UnreadableFile
from domain.period import Period
from domain.text import in_one_line
from domain.toml import toml_remark, toml_string
from ingest.tables.files import Tables
from ingest.tables.narratives import read_narratives
from ingest.workbook.read import read_workbook
from services.run import Run
from storage import archive, submissions
from storage.durable import write_durably

_SECTIONS: Mapping[str, str] = {
    "strengths": "Ưu điểm",
    "limits": "Hạn chế (để trống thì in phần dự thảo theo số liệu; chỉ ghi một dấu – thì bỏ mục này)",
    "causes": "Nguyên nhân",
    "tasks": "Nhiệm vụ kỳ tới",
    "proposals": "Kiến nghị",
    "remarks": "Chọn từ lời của các đơn vị (ở cuối tệp này)",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """What a unit wrote on sheet 05."""

    unit_code: str
    unit_name: str
    about: str
    text: str


def write_narrative(run: Run, period: Period, by: str, on: date | None = None) -> tuple[Path, bool]:
    """Make the file for a period, unless it is there; gives its path, and whether it is new.

    Raises:
        KetnghiaError: if nobody is named, or what was to be written could not be read again.
    """
    author = in_one_line(by)
    if not author:
        raise KetnghiaError("Phải ghi tên người viết: --by “Họ và tên”.")
    place = run.settings.home / "reference" / "narratives" / f"{period}.toml"
    if place.is_file():
        return place, False
    day = on or run.today()
    lines = [
        f"# Lời của người tổng hợp cho báo cáo {period.label()}. Lập lại báo cáo không làm mất tệp này.",
        "# Mỗi đoạn cách nhau một dòng trống. Không viết số thẳng: ghi mã số liệu trong { }, ngày tháng và số văn bản trong [ ].",
        f"# Ví dụ: Kinh phí đạt {{{INDICATORS[0].code}@period}}; hoàn thành trước ngày [20/12/2026].",
        "# Mã của từng số: trang cach-tinh.html bên cạnh báo cáo, hoặc “ketnghia dictionary”.",
        f"author = {toml_string(author)}",
        f"written_on = {day.isoformat()}",
    ]
    for name, words in _SECTIONS.items():
        lines += ["", f"# {words}", f'{name} = """', '"""']
    lines += [
        "",
        "# Các đơn vị đã viết ở sheet 05:",
        *map(toml_remark, remark_lines(find_remarks(run, period))),
    ]
    content = ("\n".join(lines) + "\n").encode()
    # A file that cannot be read would keep the report from being made.
    faults = read_narratives(Tables({f"narratives/{place.name}": content})).faults
    if faults:
        raise KetnghiaError(f"Không lập được {place}: {faults[0].what}; báo người phụ trách chương trình.")
    write_durably(place, content)
    return place, True


def find_remarks(run: Run, period: Period) -> list[Remark]:
    """What the units wrote on sheet 05 of the submissions that count, read again from the kept files."""
    with run.ledger.read() as session:
        counting = submissions.counting_submissions(session, [str(month) for month in period.months()])
    captions = {field.name: field.caption for field in form.NARRATIVE.fields}
    found = []
    for record in counting:
        path = archive.brought(run.kept, run.settings.archive, record.sha256)
        try:
            # It was read apart, with limits, when it was accepted; its bytes are the same.
            book = read_workbook(path, record.sha256, run.reference.column_aliases(), run.settings.limits)
        except (UnreadableFile, OSError):
            continue
        name = run.reference.reporting_unit(str(record.unit_code), Period.parse(str(record.period))).name
        found += [
            Remark(str(record.unit_code), name, captions[cell.field], in_one_line(str(cell.text)))
            for cell in book.cells
            if cell.table == form.NARRATIVE.table and cell.field in captions and cell.text
        ]
    return found


def remark_lines(found: Sequence[Remark]) -> list[str]:
    """The remarks, a line each."""
    return [f"{each.unit_code} {each.unit_name}, {each.about}: {each.text}" for each in found] or ["(chưa có)"]
