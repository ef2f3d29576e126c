"""History as one CSV per table for many months at once: split into what each unit would have sent each month."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from domain import form
from domain.calendar import moment_in_vietnam
from domain.errors import UnreadableFile
from domain.form import Sheet
from domain.text import bare, heading, tidy
from ingest.workbook.csv_package import decode, split_rows
from ingest.workbook.limits import Limits
from ingest.workbook.table_layout import Captions, captions_of

RECEIVED = "received_at"
_KEYS = ("unit_code", "period", "revision")
_SHEETS = (form.STATEMENT, form.ACTIVITIES, form.HOUSEHOLDS, form.POLITICS_SECURITY, form.CONTROL_TOTALS)
_OPTIONAL = (form.POLITICS_SECURITY, form.CONTROL_TOTALS)
_MOST_ROWS = 2_000_000
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Slice:
    """One unit's month: its statement, and its rows by table, every value as typed."""

    unit_code: str
    period: str
    revision: str
    statement: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    received_at: datetime | None = None

    @property
    def file_name(self) -> str:
        """What the unit's package is called."""
        return f"KN_{self.unit_code}_{self.period}_v{self.revision}.zip"


def read_history(folder: Path, aliases: Mapping[str, Captions]) -> list[Slice]:
    """Every unit's month in the CSV files of `folder`, in the order of month, unit and revision.

    A file is called like its table (`activities.csv`) or its sheet (`02_HoatDong.csv`); each row names unit, month
    and, where it is not the first, revision. A month without activities stands in the table of statements.

    Raises:
        UnreadableFile: names the folder, or the file and line, that cannot be read.
    """
    if not folder.is_dir():
        raise UnreadableFile(
            f"{folder} là tệp; cần thư mục có các bảng." if folder.exists() else f"Không có thư mục {folder}."
        )
    slices: dict[tuple[str, str, str], Slice] = {}
    found = False
    for sheet in _SHEETS:
        for path in _files_of(folder, sheet):
            found = True
            _read_table(path, sheet, aliases.get(sheet.table, {}), slices)
    if not found:
        raise UnreadableFile(
            f"Thư mục {folder} không có bảng nào: cần ít nhất một trong statements.csv, activities.csv, households.csv, "
            "control_totals.csv."
        )
    return [slices[key] for key in sorted(slices, key=lambda key: (key[1], key[0], key[2]))]


def package_of(found: Slice) -> bytes:
    """The slice as the unit would have sent it: a zip of CSV files, one per sheet; the same slice, the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        _put(package, form.STATEMENT, [[form.KEY_CAPTION, form.VALUE_CAPTION], *_key_values(found.statement)])
        for sheet in _SHEETS[1:]:
            # A month without activities is no month without a sheet for them; sheets 04 and 06 may be lacking altogether.
            rows = found.rows.get(sheet.table, [])
            if rows or sheet not in _OPTIONAL:
                header = [each.caption for each in sheet.fields]
                lines = [[row.get(each.name, "") for each in sheet.fields] for row in rows]
                _put(package, sheet, [header, *lines])
    return buffer.getvalue()


def _files_of(folder: Path, sheet: Sheet) -> list[Path]:
    names = {bare(sheet.table), bare(f"{sheet.table}s"), bare(sheet.name)}
    return [path for path in sorted(folder.glob("*.csv")) if bare(path.stem) in names]


def _read_table(path: Path, sheet: Sheet, aliases: Captions, slices: dict[tuple[str, str, str], Slice]) -> None:
    rows = split_rows(decode(path.read_bytes(), path.name), path.name, Limits(rows=_MOST_ROWS))
    known = {heading(each.name): each.name for each in (*form.STATEMENT.fields, *sheet.fields)}
    known |= {**captions_of(form.STATEMENT, {}), **captions_of(sheet, aliases)}
    known |= {heading(RECEIVED): RECEIVED, heading("Ngày nhận"): RECEIVED}
    names = [known.get(heading(caption or ""), "") for caption in (rows[0] if rows else [])]
    for key in _KEYS[:2]:
        if key not in names:
            caption = form.STATEMENT.field(key).caption
            raise UnreadableFile(f"{path.name}: thiếu cột “{caption}” ({key}) ở dòng tiêu đề đầu tiên.")
    for number, line in enumerate(rows[1:], start=2):
        values = {name: tidy(value or "") for name, value in zip(names, line, strict=False) if name}
        if not any(values.values()):
            continue
        unit_code, period, revision = (values.pop(key, "") for key in _KEYS)
        if not unit_code or not period:
            raise UnreadableFile(f"{path.name}, dòng {number}: chưa ghi mã đơn vị hoặc kỳ báo cáo.")
        place = (unit_code, period, revision or "1")
        found = slices.setdefault(place, Slice(*place))
        received = values.pop(RECEIVED, "")
        if received:
            found.received_at = _moment(received, path.name, number)
        if sheet is form.STATEMENT:
            found.statement |= {name: value for name, value in values.items() if value}
        else:
            found.rows.setdefault(sheet.table, []).append(values)


def _moment(text: str, file: str, line: int) -> datetime:
    try:
        return moment_in_vietnam(text)
    except ValueError as error:
        raise UnreadableFile(f"{file}, dòng {line}: ngày nhận “{text}” không đúng dạng 2024-02-16.") from error


def _key_values(statement: Mapping[str, str]) -> list[list[str]]:
    return [[each.caption, statement.get(each.name, "")] for each in form.STATEMENT.fields]


def _put(package: zipfile.ZipFile, sheet: Sheet, lines: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    entry = zipfile.ZipInfo(f"{sheet.name}.csv", _LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(entry, text.getvalue().encode())
