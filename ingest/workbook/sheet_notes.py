"""What stands beside the cells of a sheet: errors, uncomputed formulas, what is hidden or struck, old fonts."""

from dataclasses import dataclass, field

from domain.errors import UnreadableFile


@dataclass
class SheetNotes:
    """Beside the cells of one sheet; addresses as Excel writes them, rows and columns counted from 1."""

    troubled: dict[str, str] = field(default_factory=dict)
    """Error cells (`#REF!`) and formulas nobody has computed: the reader gives both as blanks."""
    fonts: dict[str, str] = field(default_factory=dict)
    """Cells in a font of before Unicode, with its encoding."""
    percent: list[str] = field(default_factory=list)
    """Number cells shown as a percentage: 0.965 reads as 96,5% on the page."""
    hidden_rows: list[int] = field(default_factory=list)
    """Rows that Excel does not show, be it that they have no height."""
    hidden_columns: list[int] = field(default_factory=list)
    struck: list[str] = field(default_factory=list)
    """Cells whose text, or part of it, is struck through."""
    unseen: list[str] = field(default_factory=list)
    """Cells whose value cannot be seen: white on white, or a format that shows nothing (`;;;`)."""
    linked: list[str] = field(default_factory=list)
    """Cells whose formula takes its value from another file."""
    pictures: list[str] = field(default_factory=list)
    """Cells that hold a picture instead of a value."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged ranges (first row and column, last row and column) where the reader does not know them."""


def position(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column_of(letters)


def column_of(letters: str) -> int:
    """The number of a column, counted from 1."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def too_far(sheet: str, address: str) -> UnreadableFile:
    """The refusal of a sheet that reaches beyond the limits."""
    return UnreadableFile(f"Sheet “{sheet}” trải quá rộng (đến ô {address}); xóa các ô nằm xa bảng rồi gửi lại.")
