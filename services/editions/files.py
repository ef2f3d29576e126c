"""Where the files of an edition lie."""

from pathlib import Path

from services.settings import Settings


def workings_path(settings: Settings, digest: str) -> Path:
    """Where the page with the working of each figure of that PDF is kept; `#` and a figure's id lead to it."""
    return settings.editions / digest / "cach-tinh.html"


def html_path(settings: Settings, digest: str) -> Path:
    """Where the page that the PDF with this hash was printed from is kept."""
    return settings.editions / digest / "bao-cao.html"


def word_path(settings: Settings, digest: str) -> Path:
    """Where the narrative of that PDF is kept for Word."""
    return settings.editions / digest / "bao-cao.docx"


def tables_path(settings: Settings, digest: str) -> Path:
    """Where the tables of that PDF are kept as a workbook."""
    return settings.editions / digest / "bang-so-lieu.xlsx"


def edition_path(settings: Settings, digest: str) -> Path:
    """Where the PDF with this hash is kept."""
    return settings.editions / f"{digest}.pdf"
