"""Writes `docs/clerk_guide.pdf`: two pages for the clerk who fills in form KN-02, with pictures of the form itself.

The pictures show the form of a made-up commune as LibreOffice opens it: written, judged and marked by the program. With
`--pages-only` the pages are laid out around the pictures that are there, which needs no LibreOffice.
"""

import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
from openpyxl.workbook import Workbook
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image, ImageChops

from domain import form
from domain.calendar import VIETNAM
from domain.errors import BadDocument
from domain.findings import Verdict
from domain.form import Sheet, column_letter
from domain.kn_02 import ACTIVITIES, CONTROLS, HOUSEHOLDS, KN_02, PAID, POLITICS_SECURITY, STATEMENT
from domain.period import Period
from reports.pdf.archival import claim_accessibility, finish
from reports.pdf.faces import FACES, refuse_missing_faces, refuse_missing_letters
from reports.pdf.render import no_complaints, weasyprint_with
from services.settings import PROGRAM, Settings, load_settings

DOCS = PROGRAM / "docs"
SOURCE, GUIDE = DOCS / "clerk_guide.html", DOCS / "clerk_guide.pdf"
PAGES = 2
MONTH = Period.parse("2026-03")
"""The month of a Tết, so that there is something to give."""
_COMMUNE, _SENT, _FAULTS = "23977", datetime(2026, 3, 16, 9, tzinfo=VIETNAM), 3
"""A commune with two villages, both made up; when its file arrives, and how many faults it has."""
_PIXELS_PER_POINT = 3
_COLOURS = 255
_SECONDS = 180
_STANDARD = "pdf/a-3a"


@dataclass(frozen=True, slots=True)
class Picture:
    """A part of a sheet of one of the workbooks; columns and rows may be set as a clerk may set them, to be read better."""

    book: str
    sheet: str
    cells: str
    widths: Mapping[str, float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)


def _lines_of(sheet: Sheet, first: str, last: str) -> str:
    """The captions and values of a sheet of keys, from one field to another."""
    names = [each.name for each in sheet.fields]
    return f"A{form.FIRST_ROW + names.index(first)}:B{form.FIRST_ROW + names.index(last)}"


def _columns_of(sheet: Sheet, first: str, last: str, rows: int) -> str:
    """The captions and so many rows of a table, from one field to another."""
    names = [each.name for each in sheet.fields]
    begin, end = (column_letter(names.index(name) + 1) for name in (first, last))
    return f"{begin}{form.HEADER_ROW}:{end}{form.FIRST_ROW + rows - 1}"


_STATEMENT_ROWS = dict.fromkeys(range(form.FIRST_ROW, form.FIRST_ROW + len(STATEMENT.fields)), 17.0)
_ACTIVITY_ROWS = {form.HEADER_ROW: 64, form.FIRST_ROW: 46, form.FIRST_ROW + 1: 46, form.FIRST_ROW + 2: 24}
PICTURES = {
    "form-00.png": Picture(
        "begun", STATEMENT.name, _lines_of(STATEMENT, "period", "submission_kind"), {"A": 40, "B": 23}, _STATEMENT_ROWS
    ),
    "form-02-left.png": Picture(
        "begun", ACTIVITIES.name, _columns_of(ACTIVITIES, "activity_date", "persons", 3), heights=_ACTIVITY_ROWS
    ),
    "form-02-right.png": Picture(
        "begun", ACTIVITIES.name, _columns_of(ACTIVITIES, "cash_vnd", "occasion", 3), heights=_ACTIVITY_ROWS
    ),
    "form-03.png": Picture("begun", HOUSEHOLDS.name, _columns_of(HOUSEHOLDS, "village_id", "poor_dtts_close", 2)),
    "form-self-check.png": Picture(
        "faulty", form.SELF_CHECK_SHEET, "A1:F9",
        {"A": 7, "B": 13, "C": 9, "D": 7, "E": 50, "F": 42}, {5: 10, 6: 31, 7: 31, 8: 31, 9: 17},
    ),
    "form-results.png": Picture(
        "marked", form.FEEDBACK_SHEET, "B8:G11",
        {"B": 5, "C": 14, "D": 5, "E": 46, "F": 11, "G": 46}, {8: 17, 9: 31, 10: 31, 11: 31},
    ),
    "form-marked.png": Picture(
        "marked", STATEMENT.name, _lines_of(STATEMENT, CONTROLS[0], CONTROLS[-1]), {"A": 40, "B": 15}, _STATEMENT_ROWS
    ),
}  # fmt: skip
_LOCALE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>vi-VN</value></prop></item></oor:items>"""
"""So that LibreOffice shows 55.000.000 as in Vietnam."""
_FONTS = """<?xml version="1.0"?>
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias></fontconfig>"""


def draw_pictures(folder: Path, fonts: Path) -> None:
    """Write the pictures anew.

    Raises:
        BadDocument: if LibreOffice or a face is missing, or a part of the form does not come out on one page.
    """
    refuse_missing_faces(fonts)
    if shutil.which("soffice") is None:
        raise BadDocument("Không có LibreOffice (soffice) để chụp biểu mẫu; cài gói libreoffice-calc-nogui.")
    with tempfile.TemporaryDirectory(prefix="ketnghia-guide-") as name:
        work = Path(name)
        books = _workbooks(work / "home")
        for picture, part in PICTURES.items():
            (work / picture).with_suffix(".xlsx").write_bytes(_only(books[part.book], part))
        _print(work, fonts)
        for picture in PICTURES:
            printed = (work / picture).with_suffix(".pdf")
            if not printed.is_file():
                raise BadDocument(f"LibreOffice không mở được biểu mẫu cho hình {picture}.")
            _drawn(printed.read_bytes(), picture).save(folder / picture, optimize=True)


def _print(work: Path, fonts: Path) -> None:
    """Print the workbooks of a folder by LibreOffice, whatever faces and country the machine is set to."""
    profile = work / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_LOCALE, encoding="utf-8")
    (work / "fonts.conf").write_text(_FONTS.format(fonts=fonts, cache=work / "fonts"), encoding="utf-8")
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile.parent}", "--convert-to", "pdf"]
    subprocess.run(
        [*command, "--outdir", str(work), *map(str, sorted(work.glob("*.xlsx")))],
        env=os.environ | {"FONTCONFIG_FILE": str(work / "fonts.conf")},
        capture_output=True,
        check=True,
        timeout=_SECONDS,
    )


def _only(content: bytes, part: Picture) -> bytes:
    """The workbook with nothing to print but that part of it, on one page with the letters of its columns and its row numbers."""
    book = _opened(content)
    book.active = book.sheetnames.index(part.sheet)
    for each in book.worksheets:
        if each.title != part.sheet:
            # LibreOffice prints what is to be printed of a hidden sheet, too.
            each.sheet_state, each.print_area = "hidden", None
    sheet = book[part.sheet]
    sheet.print_area = part.cells
    sheet.print_options.headings = True
    sheet.HeaderFooter = HeaderFooter()
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1
    sheet.page_setup.orientation = "landscape"
    for letter, width in part.widths.items():
        # Its own, for columns of one width share theirs.
        sheet.column_dimensions[letter] = ColumnDimension(sheet, index=letter, width=width)
    for row, height in part.heights.items():
        sheet.row_dimensions[row].height = height
    return _saved(book)


def _drawn(printed: bytes, picture: str) -> Image.Image:
    """The one page of a PDF, without its margins, in few colours."""
    document = pypdfium2.PdfDocument(printed)
    try:
        if len(document) != 1:
            raise BadDocument(f"Hình {picture} không nằm gọn trên một trang.")
        drawn: Image.Image = document[0].render(scale=_PIXELS_PER_POINT).to_pil().convert("RGB")
    finally:
        document.close()
    box = ImageChops.difference(drawn, Image.new("RGB", drawn.size, "white")).getbbox()
    if box is None:
        raise BadDocument(f"Hình {picture} trắng trơn.")
    return drawn.crop(box).quantize(_COLOURS, dither=Image.Dither.NONE)


def _workbooks(home: Path) -> dict[str, bytes]:
    """The form of the month as a clerk has begun it, as it is sent with faults, and as it comes back."""
    from flows.collect_submissions import collect_submissions
    from ingest.channels.arrival import Arrival
    from ingest.tables.reference import load_reference
    from samples.months import sample_month
    from samples.registers import write_sample_registers
    from services.forms import form_maker
    from services.intake.arrivals import take_in
    from services.run import open_run
    from services.steps import Direct

    home.mkdir()
    reference = load_reference(PROGRAM / "reference", home / "reference")
    write_sample_registers(reference, PROGRAM / "reference", home / "reference")
    # Nothing of the machine's settings: its ledger and its mailbox are not for made-up files.
    with open_run(Settings.model_construct(home=home)) as run:

        def send(content: bytes, at: datetime, expected: tuple[Verdict, int]) -> None:
            then = run.at(at)
            take_in(then, Arrival("folder", str(at), f"KN_{_COMMUNE}.xlsx", content))
            [collected] = collect_submissions(then, Direct(then))
            if (collected.verdict, collected.causes) != expected:
                raise BadDocument(
                    f"Tệp để chụp hình {collected.verdict.label}, {collected.causes} lỗi; sửa lại dữ liệu mẫu."
                )

        # What the month before was accepted with stands in the form.
        [before] = sample_month(run.reference, MONTH.previous(), with_faults=False, only={_COMMUNE})
        send(before.content, before.arrives_at, (Verdict.ACCEPTED, 0))
        unit, day = run.reference.reporting_unit(_COMMUNE, MONTH), run.reference.calendar.window(MONTH).last_day
        villages = run.reference.villages.of_unit(unit, run.reference.units, day)
        twins = run.reference.villages.partners_of(day)
        clerk = _Clerk(form_maker(run, MONTH)(unit))
        clerk.begin([(f"{each.village_id} {each.name}", twins[each.village_id][0].name) for each in villages])
        begun = clerk.saved()
        clerk.finish_with_faults()
        send(clerk.saved(), _SENT, (Verdict.REJECTED, _FAULTS))
        [marked] = (home / "findings" / str(MONTH)).glob("*.xlsx")
        return {"begun": begun, "faulty": clerk.saved(), "marked": marked.read_bytes()}


class _Clerk:
    """Fills in the form by another program than ours, a cell at a time."""

    def __init__(self, content: bytes) -> None:
        self._book = _opened(content)

    def begin(self, villages: list[tuple[str, str]]) -> None:
        """The totals of the book, an activity finished and one under way, the households of the first village."""
        (first, first_twin), (second, second_twin) = villages
        gift = {
            "activity_date": date(2026, 2, 16), "village_id": first, "activity_code": "Quà Tết Nguyên đán",
            "org_id": first_twin, "quantity": 20, "quantity_unit": "suất", "hh_total": 20, "hh_poor": 12,
            "hh_nearpoor": 5, "hh_dtts": 18, "cash_vnd": 8_000_000, "inkind_vnd": 2_000_000,
            "funding_source": "Xã hội hóa", "status": "Hoàn thành",
        }  # fmt: skip
        house = {
            "activity_date": date(2026, 3, 5), "village_id": second, "activity_code": "Nhà ở xây mới",
            "org_id": second_twin, "quantity": 1, "quantity_unit": "căn", "hh_total": 1, "hh_poor": 1, "hh_nearpoor": 0,
            "hh_dtts": 1, PAID: 45_000_000, "funding_source": "Doanh nghiệp", "status": "Đang thực hiện",
        }  # fmt: skip
        for row, activity in enumerate((gift, house), start=form.FIRST_ROW):
            self._write_row(ACTIVITIES.table, activity, row)
        for name, value in zip(CONTROLS, (2, 21, 55_000_000), strict=True):
            self._write(STATEMENT.table, name, value)
        self._write_households(form.FIRST_ROW)

    def finish_with_faults(self) -> None:
        """The rest, with a day beyond the month, a count left out, and a total in thousands."""
        self._write_households(form.FIRST_ROW + 1)
        for row in (form.FIRST_ROW, form.FIRST_ROW + 1):
            counts = [each.name for each in POLITICS_SECURITY.fields if not each.locked and not each.carried]
            self._write_row(POLITICS_SECURITY.table, dict.fromkeys(counts, 0), row)
        self._write(ACTIVITIES.table, "activity_date", date(2026, 4, 5), form.FIRST_ROW + 1)
        self._write(ACTIVITIES.table, "hh_dtts", None, form.FIRST_ROW)
        self._write(STATEMENT.table, CONTROLS[2], 55_000)

    def saved(self) -> bytes:
        return _saved(self._book)

    def _write_households(self, row: int) -> None:
        for prefix, of_minorities in (("poor", 12), ("nearpoor", 2)):
            movements = {"exit": 1, "relapse": 0, "new": 0, "other": 0, "dtts_close": of_minorities}
            self._write_row(HOUSEHOLDS.table, {f"{prefix}_{step}": value for step, value in movements.items()}, row)

    def _write_row(self, table: str, values: Mapping[str, Any], row: int) -> None:
        for name, value in values.items():
            self._write(table, name, value, row)

    def _write(self, table: str, name: str, value: Any, row: int = 0) -> None:
        """Of a row, or into the line of a field in a sheet of keys."""
        sheet = KN_02.sheet_by_table[table]
        place = [each.name for each in sheet.fields].index(name)
        cell = f"B{form.FIRST_ROW + place}" if table in form.KEY_VALUE_TABLES else f"{column_letter(place + 1)}{row}"
        self._book[sheet.name][cell] = value


def _opened(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        # The lists that it leaves out are not seen on paper.
        warnings.filterwarnings("ignore", "(Data Validation|Conditional Formatting) extension")
        return openpyxl.load_workbook(io.BytesIO(content))


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def mark_of(source: bytes, pictures: Mapping[str, bytes]) -> bytes:
    """What tells from which source and pictures a guide was made: the identifier that its PDF bears."""
    digest = hashlib.sha256(source)
    for name in sorted(pictures):
        digest.update(name.encode() + pictures[name])
    return digest.digest()[:16]


def pictures_of(source: str, folder: Path) -> dict[str, bytes]:
    """The pictures that a source shows, by their paths.

    Raises:
        BadDocument: names the one that is not there.
    """
    found = {}
    for name in re.findall(r'<img src="([^"]+)"', source):
        if not (folder / name).is_file():
            raise BadDocument(f"Không có hình {name} trong {folder}.")
        found[name] = (folder / name).read_bytes()
    return found


def guide_pdf(source: str, pictures: Mapping[str, bytes], fonts: Path) -> bytes:
    """The pages; the same source, pictures and faces give the same bytes.

    Raises:
        BadDocument: if a face, a letter or a picture is missing, or there are not two pages.
    """
    refuse_missing_faces(fonts)
    refuse_missing_letters(unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", source, flags=re.DOTALL)), fonts)
    weasyprint = weasyprint_with(fonts)
    known = {name: (content, "image/png") for name, content in pictures.items()}
    known |= {f"font:///{face}": ((fonts / face).read_bytes(), "font/ttf") for face in FACES}
    page = weasyprint.HTML(string=source, base_url="guide:///", url_fetcher=_fetcher(weasyprint, known))
    with no_complaints(weasyprint):
        document = page.render(pdf_variant=_STANDARD)
        if len(document.pages) != PAGES:
            raise BadDocument(f"Tờ hướng dẫn phải có {PAGES} trang, đang có {len(document.pages)}.")
        claim_accessibility(document)
        with warnings.catch_warnings():
            # WeasyPrint leaves the file of its colour profile to be closed by the collector.
            warnings.simplefilter("ignore", ResourceWarning)
            pdf: bytes = document.write_pdf(
                finisher=finish, pdf_variant=_STANDARD, pdf_identifier=mark_of(source.encode(), pictures)
            )
    return pdf


def _fetcher(weasyprint: Any, known: Mapping[str, tuple[bytes, str]]) -> Any:
    """Gives the faces and pictures, and nothing else of the machine or the network."""

    class Known(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> object:
            if url not in known:
                raise weasyprint.urls.FatalURLFetchingError(url)
            body, kind = known[url]
            return weasyprint.urls.URLFetcherResponse(url, body=body, headers={"Content-Type": kind})

    return Known()


def main() -> None:
    """Draw the pictures, unless asked for the pages only, and lay the pages out."""
    fonts = load_settings().fonts
    if "--pages-only" not in sys.argv[1:]:
        draw_pictures(DOCS / "pictures", fonts)
    source = SOURCE.read_text(encoding="utf-8")
    GUIDE.write_bytes(guide_pdf(source, pictures_of(source, DOCS), fonts))


if __name__ == "__main__":
    main()
