"""Where the files of an edition lie below the folder of editions, by the hash of its PDF."""

from pathlib import Path


def pdf_path(editions: Path, digest: str) -> Path:
    """The PDF with this hash: a draft, an issued or a signed document."""
    return editions / f"{digest}.pdf"


def companion_path(editions: Path, digest: str, name: str) -> Path:
    """A file beside the PDF with this hash."""
    return editions / digest / name


def html_path(editions: Path, digest: str) -> Path:
    """The page that the PDF was printed from."""
    return companion_path(editions, digest, "bao-cao.html")


def workings_path(editions: Path, digest: str) -> Path:
    """The page with the working of each figure; `#` and a figure's id lead to it."""
    return companion_path(editions, digest, "cach-tinh.html")


def word_path(editions: Path, digest: str) -> Path:
    """The narrative for Word."""
    return companion_path(editions, digest, "bao-cao.docx")


def tables_path(editions: Path, digest: str) -> Path:
    """The tables as a workbook."""
    return companion_path(editions, digest, "bang-so-lieu.xlsx")
