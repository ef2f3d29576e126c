"""What the two layouts dress differently: letterhead, title, recipients and signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from domain.letterhead import Sender
from reports.companions.word.rules import draw_rule
from reports.companions.word.runs import write
from reports.companions.word.tables import add_table
from reports.companions.word.widths import TEXT_WIDTH
from reports.content import Document, plain
from reports.pdf.faces import width_of
from reports.pdf.skins import Skin, is_power

DRAFT_MARK = "(Dự thảo để sửa câu chữ)"
_NATION, _MOTTO, _PARTY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "ĐẢNG CỘNG SẢN VIỆT NAM"
_BLANK = "\N{NO-BREAK SPACE}" * 7
"""Room for a number or a day that is not known yet: 9 mm."""
_AGENCY_RULE, _TITLE_RULE = Mm(22), Mm(55)
_SEAL = Mm(32)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the letterhead; `rule` is the width of the line drawn under it, in EMU."""

    text: str
    size: float
    is_bold: bool = False
    is_italic: bool = False
    before: float = 0
    rule: int = 0


def add_letterhead(word: Any, document: Document, sender: Sender, skin: Skin, fonts: Path) -> None:
    """The agency, the State or the Party, the place and day, the title, and to whom it goes."""
    is_state = skin.name == "nd30"
    day = f"{sender.place}, ngày{_BLANK}tháng{_BLANK}năm {plain(document.year)}"
    symbol = f"{skin.number_word}{_BLANK}{skin.before_symbol}{sender.symbol}"
    if is_state:
        widths = Mm(65), Mm(100)
        left = [
            _Line(sender.agency, 12), _Line(sender.agency_bold, 12, is_bold=True, rule=_AGENCY_RULE),
            _Line(symbol, 13, before=6),
        ]  # fmt: skip
        right = [
            _Line(_NATION, 12, is_bold=True), _Line(_MOTTO, 13, is_bold=True, rule=_as_wide_as(_MOTTO, 13, fonts)),
            _Line(day, 13, is_italic=True, before=6),
        ]  # fmt: skip
    else:
        widths = Mm(82), Mm(83)
        left = [
            _Line(sender.agency, 14),
            _Line(sender.agency_bold, 14, is_bold=True),
            _Line("*", 14),
            _Line(symbol, 14),
        ]
        right = [
            _Line(_PARTY, 15, is_bold=True, rule=_as_wide_as(_PARTY, 15, fonts)),
            _Line(day, 14, is_italic=True, before=4),
        ]  # fmt: skip
    table = add_table(word, 1, widths)
    for cell, lines, width in zip(table.rows[0].cells, (left, right), widths, strict=True):
        _write_lines(cell, lines, width)
    _add_title(word, document, sender, is_state=is_state)


def add_closing(word: Any, sender: Sender) -> None:
    """To whom copies go, and who signs; it never splits."""
    is_state = sender.skin == "nd30"
    left, right = add_table(word, 1, (Mm(80), Mm(85))).rows[0].cells
    title = write(
        left.paragraphs[0], "Nơi nhận:", ALIGN.LEFT, size=12 if is_state else 14,
        bold=is_state or None, italic=is_state or None,
    )  # fmt: skip
    title.runs[0].underline = not is_state
    for copy in sender.copies:
        write(left.add_paragraph(), f"- {copy}", ALIGN.LEFT, size=11 if is_state else 12)
    for place, power in enumerate(sender.signature_powers):
        paragraph = right.add_paragraph() if place else right.paragraphs[0]
        write(paragraph, power, ALIGN.CENTER, bold=is_state or is_power(power))
    for cell in (left, right):
        cell.paragraphs[0].paragraph_format.space_before = Pt(14)
    signer = write(right.add_paragraph(), sender.signer, ALIGN.CENTER, bold=True)
    signer.paragraph_format.space_before = _SEAL


def _add_title(word: Any, document: Document, sender: Sender, *, is_state: bool) -> None:
    _centred(word, "BÁO CÁO", bold=True, size=None if is_state else 16, before=12 if is_state else 14)
    _centred(word, document.subject, bold=True)
    if is_state:
        _centred(word, DRAFT_MARK, italic=True)
        draw_rule(word.add_paragraph(), _TITLE_RULE, TEXT_WIDTH)
        _centred(word, f"Kính gửi: {sender.addressee}", before=12)
    else:
        _centred(word, "-----")
        _centred(word, DRAFT_MARK, italic=True)


def _centred(word: Any, text: str, *, before: float = 0, **dress: Any) -> None:
    paragraph = write(word.add_paragraph(), text, ALIGN.CENTER, **dress)
    paragraph.paragraph_format.space_before = Pt(before)


def _write_lines(cell: Any, lines: Sequence[_Line], width: int) -> None:
    for place, line in enumerate(lines):
        paragraph = cell.add_paragraph() if place else cell.paragraphs[0]
        write(
            paragraph, line.text, ALIGN.CENTER, size=line.size, bold=line.is_bold or None, italic=line.is_italic or None
        )
        paragraph.paragraph_format.space_before = Pt(line.before)
        if line.rule:
            draw_rule(cell.add_paragraph(), line.rule, width)


def _as_wide_as(text: str, size: float, fonts: Path) -> int:
    return int(Pt(width_of(text, size, fonts, is_bold=True)))
