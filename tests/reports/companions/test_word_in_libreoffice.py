"""The Word copy laid out by a real writer: no blank page, no signature alone, heads on every page."""

import io
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace

import docx
import pypdfium2
import pytest

from reports.companions.word_copy import word_copy
from reports.content import Annex, Document, Part, Section
from tests.reports.companions.conftest import Copy

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
LAYOUTS = ("nd30", "party")
Pages = list[str]
LayOut = Callable[[Mapping[str, bytes]], dict[str, Pages]]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, bytes]], dict[str, bytes]]:
    """Open documents in LibreOffice and print them; skipped where it has no writer."""
    profile = f"-env:UserInstallation=file://{tmp_path_factory.mktemp('profile')}"

    def run(files: Mapping[str, bytes]) -> dict[str, bytes]:
        before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
        for name, content in files.items():
            (before / f"{name}.docx").write_bytes(content)
        command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(after)]
        subprocess.run([*command, *map(str, sorted(before.iterdir()))], capture_output=True, check=True, timeout=300)
        return {path.stem: path.read_bytes() for path in after.iterdir()}

    word, written = docx.Document(), io.BytesIO()
    word.add_paragraph("Có trình soạn thảo.")
    word.save(written)
    if not run({"tried": written.getvalue()}):
        pytest.skip("LibreOffice has no writer (libreoffice-writer-nogui)")
    return run


@pytest.fixture
def lay_out(convert: Callable[[Mapping[str, bytes]], dict[str, bytes]]) -> LayOut:
    """The text of each page, without page number and footer."""

    def run(files: Mapping[str, bytes]) -> dict[str, Pages]:
        found = {}
        for name, content in convert(files).items():
            with pypdfium2.PdfDocument(content) as pdf:
                found[name] = [body_of(page) for page in pdf]
        assert set(found) == set(files)
        return found

    return run


def body_of(page: pypdfium2.PdfPage) -> str:
    width, height = page.get_size()
    text = page.get_textpage().get_text_bounded(0, 50, width, height - 50)
    return " ".join(text.split())


def copied(copy: Copy, document: Document) -> bytes:
    return word_copy(document, copy.sender, copy.at, copy.fonts)


def test_no_page_is_blank(copies: Mapping[str, Copy], lay_out: LayOut) -> None:
    laid_out = lay_out({layout: copies[layout].content for layout in LAYOUTS})
    for layout, pages in laid_out.items():
        assert 5 <= len(pages) <= 12
        assert all(len(page) > 40 for page in pages), layout
        [first] = [page for page in pages if "(Kèm theo Báo cáo" in page]
        assert first.startswith("Phụ lục I KẾT QUẢ THEO ĐƠN VỊ")
        assert "trân trọng báo cáo" not in first


def test_the_outline_of_the_copy_is_that_of_the_content(
    copies: Mapping[str, Copy], convert: Callable[..., dict[str, bytes]]
) -> None:
    copy = copies["nd30"]
    with pypdfium2.PdfDocument(convert({"copy": copy.content})["copy"]) as pdf:
        titles = [(each.level, " ".join(each.get_title().split())) for each in pdf.get_toc()]
    assert (0, "II. KẾT QUẢ") in titles
    assert (1, "1. Tình hình chung") in titles
    assert (0, "Phụ lục I KẾT QUẢ THEO ĐƠN VỊ") in titles
    sections = [*copy.document.sections, copy.document.ending]
    headed = [part for section in sections for part in section.parts if part.heading]
    assert len(titles) == len(sections) + len(headed) + len(copy.document.annexes)


def padded(document: Document, lines: int) -> Document:
    """The document with so many more one-line paragraphs before its ending."""
    filler = Section("X. DÒNG THÊM", [Part([f"Dòng thêm thứ {place}." for place in range(lines)])])
    return replace(document, sections=[*document.sections, filler])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_wherever_a_page_ends_the_signature_stands_with_what_is_proposed(
    copies: Mapping[str, Copy], lay_out: LayOut, layout: str
) -> None:
    copy = copies[layout]
    bare = replace(copy.document, annexes=(), fingerprint=None)
    laid_out = lay_out({f"{lines}": copied(copy, padded(bare, lines)) for lines in range(1, 38, 2)})
    counts = set()
    for pages in laid_out.values():
        counts.add(len(pages))
        assert "KIẾN NGHỊ" in pages[-1]
        assert "trân trọng báo cáo" in pages[-1]
        assert copy.sender.signature_powers[0] in pages[-1]
        assert "Nơi nhận" in pages[-1]
    assert len(counts) > 1


def long_annex(document: Document, rows: int) -> Annex:
    """The first annex with its table's rows repeated, and nothing below it."""
    annex = document.annexes[0]
    table = annex.tables[0]
    many = [table.rows[place % len(table.rows)] for place in range(rows)]
    return replace(annex, tables=[replace(table, rows=many, note="")])


def test_a_table_that_ends_the_document_leaves_no_blank_page(copies: Mapping[str, Copy], lay_out: LayOut) -> None:
    copy = copies["nd30"]
    laid_out = lay_out(
        {
            f"{rows}": copied(copy, replace(copy.document, annexes=[long_annex(copy.document, rows)], fingerprint=None))
            for rows in range(30, 60, 2)
        }
    )
    counts = set()
    for rows, pages in laid_out.items():
        counts.add(len(pages))
        assert all(len(page) > 40 for page in pages), rows
    assert len(counts) > 1


def test_the_head_of_a_long_table_stands_on_each_of_its_pages(copies: Mapping[str, Copy], lay_out: LayOut) -> None:
    copy = copies["nd30"]
    document = replace(copy.document, annexes=[long_annex(copy.document, 150)], fingerprint=None)
    pages = lay_out({"long": copied(copy, document)})["long"]
    [first] = [place for place, page in enumerate(pages) if "(Kèm theo Báo cáo" in page]
    assert len(pages) - first >= 4
    assert [page[:300] for page in pages[first:] if "(1) (2) (3)" not in page] == []
