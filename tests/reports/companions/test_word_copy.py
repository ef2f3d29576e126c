"""The Word copy says what the page says, in its order, in styles that a clerk knows from Word."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from markupsafe import Markup

from reports.companions.word_copy import word_copy
from reports.content import Document, Progress, Section, TableContent, plain
from tests.reports.companions.conftest import Copy

pytestmark = pytest.mark.slow
LAYOUTS = ("nd30", "party")
DRAFTED = " (dự thảo theo số liệu)"


def opened(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def paragraphs(word: Any) -> Iterator[Any]:
    """Those of the text and of its tables, in their order."""
    for element in word.element.body.iter(qn("w:p")):
        yield docx.text.paragraph.Paragraph(element, word._body)


def told(content: bytes) -> list[str]:
    texts = (" ".join(paragraph.text.split()) for paragraph in paragraphs(opened(content)))
    return [text for text in texts if text]


def words(*texts: Markup | str) -> list[str]:
    found = (" ".join(plain(text).split()) for text in texts)
    return [text for text in found if text]


def of_table(table: TableContent) -> list[str]:
    numbers = [f"({plain(number)})" for number in table.numbers]
    cells = [cell.text for row in table.rows for cell in row.cells]
    return words(table.caption, table.measure, *(column.name for column in table.columns), *numbers, *cells, table.note)


def of_section(section: Section) -> list[str]:
    found = words(section.heading)
    for part in section.parts:
        found += words(f"{plain(part.heading)}{DRAFTED if part.is_drafted else ''}", *part.paragraphs)
        found += of_table(part.table) if part.table else []
        found += words(*(chart.caption for chart in part.charts))
    return found


def of_progress(each: Progress) -> str:
    return f"{plain(each.words)}, {plain(each.gone_words)}"


def body_of(copy: Copy) -> list[str]:
    document, sender = copy.document, copy.sender
    found = words(*document.opening)
    found += words(*(f"{lead} {plain(sentence)}" for lead, sentence in document.headline.sentences))
    found += of_table(document.headline.table) + words(*map(of_progress, document.headline.progress))
    for section in (*document.sections, document.ending):
        found += of_section(section)
    copied = [f"- {each}" for each in sender.copies]
    found += words(document.farewell, "Nơi nhận:", *copied, *sender.signature_powers, sender.signer)
    for place, annex in enumerate(document.annexes):
        found += words(f"{annex.number} {plain(annex.title)}")
        if place == 0:
            found += words(
                f"(Kèm theo Báo cáo {plain(document.period_label)} của {sender.agency_in_text} {sender.place})"
            )
        for table in annex.tables:
            found += of_table(table)
    assert document.fingerprint is not None
    return [
        *found,
        "Số liệu, cách tính và nguồn của từng số ở trong các tệp đính kèm bản PDF. Mã kiểm tra của tệp so-lieu.json: "
        + plain(document.fingerprint.digest),
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_paragraph_cell_and_caption_stands_in_the_copy_in_its_order(
    copies: Mapping[str, Copy], layout: str
) -> None:
    expected = body_of(copies[layout])
    assert len(expected) > 150
    assert told(copies[layout].content)[-len(expected) :] == expected


def test_the_letterhead_of_the_state_is_that_of_the_decree(copies: Mapping[str, Copy]) -> None:
    copy = copies["nd30"]
    before = told(copy.content)[: -len(body_of(copy))]
    assert before == [
        "ỦY BAN NHÂN DÂN", "TỈNH GIA LAI", "Số: /BC-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "Gia Lai, ngày tháng năm 2024", "BÁO CÁO",
        "Kết quả công tác kết nghĩa với thôn, làng vùng đồng bào dân tộc thiểu số tháng 02 năm 2024",
        "(Dự thảo để sửa câu chữ)", "Kính gửi: Ban Thường vụ Tỉnh ủy",
    ]  # fmt: skip


def test_the_letterhead_of_the_party_addresses_nobody(copies: Mapping[str, Copy]) -> None:
    copy = copies["party"]
    before = told(copy.content)[: -len(body_of(copy))]
    assert before == [
        "TỈNH ỦY GIA LAI", "VĂN PHÒNG", "*", "Số -BC/VPTU", "ĐẢNG CỘNG SẢN VIỆT NAM", "Gia Lai, ngày tháng năm 2024",
        "BÁO CÁO", "kết quả công tác kết nghĩa với thôn, làng vùng đồng bào dân tộc thiểu số tháng 02 năm 2024",
        "-----", "(Dự thảo để sửa câu chữ)",
    ]  # fmt: skip


def styled(word: Any, name: str) -> list[str]:
    return [" ".join(each.text.split()) for each in paragraphs(word) if each.style.name == name]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_outline_has_every_section_part_and_annex(copies: Mapping[str, Copy], layout: str) -> None:
    document, word = copies[layout].document, opened(copies[layout].content)
    sections = [*document.sections, document.ending]
    assert styled(word, "Heading 1") == words(
        *(section.heading for section in sections),
        *(f"{annex.number} {plain(annex.title)}" for annex in document.annexes),
    )
    parts = [part for section in sections for part in section.parts if part.heading]
    assert styled(word, "Heading 2") == [plain(part.heading) + (DRAFTED if part.is_drafted else "") for part in parts]
    assert any(part.is_drafted for part in parts)


def test_an_annex_is_headed_on_two_lines_and_the_first_begins_a_page(copies: Mapping[str, Copy]) -> None:
    word = opened(copies["nd30"].content)
    annexes = [each for each in word.paragraphs if each.text.startswith("Phụ lục ") and each.style.name == "Heading 1"]
    assert [each.paragraph_format.page_break_before for each in annexes] == [True] + [False] * (len(annexes) - 1)
    assert all(re.fullmatch(r"Phụ lục [IVX]+ \n\S.*", each.text) for each in annexes)
    assert not word.element.body.xpath(".//w:br[@w:type='page']")


def test_captions_are_what_word_takes_for_captions(copies: Mapping[str, Copy]) -> None:
    document, word = copies["nd30"].document, opened(copies["nd30"].content)
    parts = [part for section in document.sections for part in section.parts]
    tables = [part.table.caption for part in parts if part.table]
    tables += [table.caption for annex in document.annexes for table in annex.tables]
    charts = [chart.caption for part in parts for chart in part.charts]
    assert sorted(styled(word, "Caption")) == sorted(words(*tables, *charts))
    assert len(charts) == len(word.inline_shapes) >= 2
    assert {shape._inline.docPr.get("descr") for shape in word.inline_shapes} == {
        plain(Markup(chart.svg[chart.svg.index("<title>") : chart.svg.index("</title>")])).strip()
        for part in parts
        for chart in part.charts
    }


def data_tables(word: Any) -> list[Any]:
    return [table for table in word.tables if table.style.name == "Table Grid"]


def test_rows_never_split_and_heads_repeat(copies: Mapping[str, Copy]) -> None:
    word = opened(copies["nd30"].content)
    for table in word.tables:
        assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
        assert abs(sum(column.width for column in table.columns) - Mm(165)) < Mm(0.1)
        assert all([cell.width for cell in row.cells] == [each.width for each in table.columns] for row in table.rows)
    assert data_tables(word)
    for table in data_tables(word):
        assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows][:3] == [True, True, False]


def test_the_first_pages_table_has_light_rules_and_large_figures(copies: Mapping[str, Copy]) -> None:
    word, content = opened(copies["nd30"].content), copies["nd30"].document.headline.table
    table = word.tables[1]
    assert table.style.name != "Table Grid"
    assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
    for row, content_row in zip(table.rows[1:], content.rows, strict=True):
        for cell, each in zip(row.cells, content_row.cells, strict=True):
            assert {side.tag for side in cell._tc.xpath("w:tcPr/w:tcBorders/*")} == {qn("w:bottom")}
            assert cell.paragraphs[0].alignment == (0 if each.kind == "text" else 2)
        [figure] = [cell for cell, each in zip(row.cells, content_row.cells, strict=True) if each.kind == "headline"]
        assert figure.paragraphs[0].runs[0].bold
        assert figure.paragraphs[0].runs[0].font.size.pt == 15


def test_what_is_bold_on_the_page_is_bold_in_the_copy(copies: Mapping[str, Copy]) -> None:
    word, document = opened(copies["nd30"].content), copies["nd30"].document
    bold = [run.text for paragraph in word.paragraphs for run in paragraph.runs if run.bold]
    for lead, _ in document.headline.sentences:
        assert f"{lead} " in bold
    strong = [
        plain(Markup(found))
        for text in (*document.opening, *(each.words for each in document.headline.progress))
        for found in re.findall(r"<strong>(.*?)</strong>", text)
    ]
    assert strong
    assert set(strong) <= set(bold)
    ruled = [each for each in word.paragraphs if each._p.xpath("w:pPr/w:pBdr/w:left")]
    assert len(ruled) == len(document.headline.sentences)


def test_what_is_proposed_stays_with_the_signature(copies: Mapping[str, Copy]) -> None:
    word, document = opened(copies["nd30"].content), copies["nd30"].document
    texts = [paragraph.text for paragraph in word.paragraphs]
    first, last = (texts.index(plain(text)) for text in (document.ending.heading, document.farewell))
    assert all(paragraph.paragraph_format.keep_with_next for paragraph in word.paragraphs[first : last + 1])
    assert word.paragraphs[last]._p.getnext().tag == qn("w:tbl")


def test_the_language_is_vietnamese_and_made_up_figures_are_marked(copies: Mapping[str, Copy]) -> None:
    word = opened(copies["nd30"].content)
    languages = word.styles.element.xpath("//w:lang/@w:val")
    assert languages
    assert set(languages) == {"vi-VN"}
    page = word.sections[0]
    for footer in (page.footer, page.first_page_footer):
        assert footer.paragraphs[0].text == "SỐ LIỆU GIẢ ĐỊNH – không có giá trị pháp lý"


@pytest.mark.parametrize("has_annexes", [True, False])
def test_a_copy_that_ends_with_a_table_ends_with_a_paragraph_of_no_height(
    copies: Mapping[str, Copy], has_annexes: bool
) -> None:
    copy = copies["nd30"]
    bare = replace(copy.document, fingerprint=None, annexes=without_notes(copy.document) if has_annexes else ())
    [*_, before, last, _] = opened(word_copy(bare, copy.sender, copy.at, copy.fonts)).element.body
    assert before.tag == qn("w:tbl")
    assert last.xpath("string(w:pPr/w:spacing/@w:line)") == "20"


def without_notes(document: Document) -> Sequence[Any]:
    return [replace(annex, tables=[replace(table, note="") for table in annex.tables]) for annex in document.annexes]


def test_no_paragraph_is_empty_but_thin_ones(copies: Mapping[str, Copy]) -> None:
    for layout in LAYOUTS:
        for paragraph in opened(copies[layout].content).paragraphs:
            if not paragraph.text.strip() and not paragraph._p.xpath(".//w:drawing"):
                assert int(paragraph._p.xpath("string(w:pPr/w:spacing/@w:line)") or 1000) <= 60


@pytest.mark.prints_anew
def test_the_same_content_and_moment_give_the_same_bytes(copies: Mapping[str, Copy]) -> None:
    copy = copies["party"]
    assert word_copy(copy.document, copy.sender, copy.at, copy.fonts) == copy.content
