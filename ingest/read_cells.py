"""The child process that opens one workbook: `python -m ingest.read_cells FILE` prints its cells as JSON.

A hostile or broken file can exhaust memory, hang or abort the reader; here it takes only this process along.
"""

import json
import posixpath
import resource
import sys
import zipfile
from datetime import date, datetime, time
from xml.etree import ElementTree

MEMORY_BYTES = 2 * 1024**3
PROCESSOR_SECONDS = 60
UNPACKED_BYTES = 512 * 1024**2
MAX_CELLS = 2_000_000

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_VARIANT = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}lpwstr"


class Unreadable(Exception):
    """The file cannot be read; the text is the reason in Vietnamese."""


def read_cells(path: str) -> dict[str, object]:
    """Sheets with their rows from row 1 on, cells that Excel could not compute, custom properties.

    Raises:
        Unreadable: if the file is no workbook, is damaged, encrypted or far too large.
    """
    import python_calamine

    with _open_package(path) as package:
        troubled = _cells_without_value(package)
        properties = _custom_properties(package)
    try:
        book = python_calamine.load_workbook(path)
    except python_calamine.PasswordError as error:
        raise Unreadable("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.") from error
    except python_calamine.CalamineError as error:
        raise Unreadable("Tệp không phải sổ tính .xlsx hoặc đã hỏng; mở bằng Excel, lưu lại rồi gửi.") from error
    sheets = []
    for name in (entry.name for entry in book.sheets_metadata if entry.typ is python_calamine.SheetTypeEnum.WorkSheet):
        sheet = book.get_sheet_by_name(name)
        rows = [[_tagged(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        sheets.append({"name": name, "rows": rows, "troubled": troubled.get(name, {})})
    return {"sheets": sheets, "properties": properties}


def _open_package(path: str) -> zipfile.ZipFile:
    with open(path, "rb") as file:
        if file.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise Unreadable("Tệp có mật khẩu mở hoặc là sổ tính .xls đời cũ; lưu thành .xlsx không mật khẩu rồi gửi.")
    try:
        package = zipfile.ZipFile(path)
        names = [entry.filename.lower() for entry in package.infolist()]
        if sum(entry.file_size for entry in package.infolist()) > UNPACKED_BYTES:
            raise Unreadable("Tệp phình quá lớn khi giải nén; đề nghị gửi lại bằng biểu mẫu gốc.")
        if len(names) != len(set(names)) or package.testzip() is not None:
            raise Unreadable("Tệp đã hỏng trong lúc gửi; đề nghị gửi lại.")
        if "xl/workbook.xml" not in names:
            raise Unreadable("Tệp không phải sổ tính .xlsx; lưu bằng Excel hoặc LibreOffice thành .xlsx rồi gửi.")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise Unreadable("Tệp không phải sổ tính .xlsx hoặc đã hỏng; mở bằng Excel, lưu lại rồi gửi.") from error
    except Exception as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("Tệp đã hỏng trong lúc gửi; đề nghị gửi lại.") from error
    return package


def _custom_properties(package: zipfile.ZipFile) -> dict[str, str]:
    if "docProps/custom.xml" not in package.namelist():
        return {}
    root = ElementTree.fromstring(package.read("docProps/custom.xml"))
    return {entry.get("name", ""): entry.findtext(_VARIANT, "") for entry in root}


def _cells_without_value(package: zipfile.ZipFile) -> dict[str, dict[str, str]]:
    """Error cells (`#REF!`) and formulas that no program has computed, by sheet and address.

    The reader gives both as blanks, and a blank is not the same thing.

    Raises:
        Unreadable: if a sheet reaches so far that reading it would exhaust memory.
    """
    targets = {
        entry.get("Id"): posixpath.normpath(posixpath.join("xl", entry.get("Target", "").removeprefix("/xl/")))
        for entry in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    }
    found: dict[str, dict[str, str]] = {}
    for sheet in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION))
        if target not in package.namelist():
            continue
        cells = found.setdefault(sheet.get("name", ""), {})
        last_row = last_column = 0
        with package.open(str(target)) as xml:
            for _, element in ElementTree.iterparse(xml):
                if element.tag == f"{_MAIN}c":
                    row, column = position(element.get("r", "A1"))
                    last_row, last_column = max(last_row, row), max(last_column, column)
                    value, formula = element.findtext(f"{_MAIN}v"), element.find(f"{_MAIN}f")
                    if element.get("t") == "e" and value:
                        cells[element.get("r", "")] = value
                    elif formula is not None and not value and element.get("t") != "str":
                        cells[element.get("r", "")] = f"={formula.text or ''}"
                elif element.tag == f"{_MAIN}row":
                    element.clear()
        if last_row * last_column > MAX_CELLS:
            # The reader would ask for memory for every cell up to the last, and be aborted.
            raise Unreadable(f"Sheet “{sheet.get('name')}” trải quá rộng; xóa các ô nằm xa bảng rồi gửi lại.")
    return found


def position(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :]), column


def _tagged(value: object) -> object:
    """A cell as JSON: text, number, true/false, `["day", …]`, or null."""
    match value:
        case datetime():
            return ["day", value.date().isoformat()]
        case date():
            return ["day", value.isoformat()]
        case time():
            return value.isoformat()
        case bool() | float() | int():
            return value
        case "" | None:
            return None
        case _:
            return str(value)


def main() -> int:
    """Print the workbook's cells, or the reason why they cannot be read; the reason exits with 2."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = json.dumps(read_cells(sys.argv[1]), allow_nan=False)
    except Unreadable as reason:
        print(json.dumps({"reason": str(reason)}))
        return 2
    except (ElementTree.ParseError, KeyError, ValueError):
        print(json.dumps({"reason": "Cấu trúc bên trong tệp .xlsx đã hỏng; mở bằng Excel, lưu lại rồi gửi."}))
        return 2
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
