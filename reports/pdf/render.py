"""HTML to PDF; stops on any missing style sheet, font or glyph, so that nothing half-made leaves."""

import atexit
import fcntl
import gc
import hashlib
import logging
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

from domain.errors import BadDocument, UnfitMachine
from reports.html import TEMPLATES
from reports.pdf.archival import claim_accessibility, finish
from reports.pdf.faces import refuse_missing_faces, refuse_missing_letters

_STANDARD = "pdf/a-3a"


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Collect garbage rarely: a page is a million objects that live until it is laid out, and scanning them takes time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@dataclass(frozen=True)
class Page:
    """A finished page in the faces of a folder; laid out when somebody first looks how, and once."""

    html: str
    fonts: Path

    @cached_property
    def document(self) -> Any:
        """How WeasyPrint lays it out.

        Raises:
            BadDocument: names the style sheet, font or glyph that is missing.
        """
        refuse_missing_faces(self.fonts)
        refuse_missing_letters(_printed(self.html), self.fonts)
        weasyprint = weasyprint_with(self.fonts)
        with _rare_collections(), no_complaints(weasyprint):
            return _page(weasyprint, self.html, self.fonts).render(pdf_variant=_STANDARD)

    def __getstate__(self) -> dict[str, object]:
        """What it is; how it is laid out follows from that."""
        return {"html": self.html, "fonts": self.fonts}


def render_pdf(
    page: Page, attached: Sequence[tuple[str, bytes, str]] = (), at: datetime | None = None, source: str = ""
) -> bytes:
    """Print the page, once, as PDF/A-3a and PDF/UA-1; the same HTML, fonts and attachments give the same bytes.

    Args:
        page: the finished page.
        attached: name, bytes and description of the files that go into the PDF.
        at: the moment that the files bear, so that it does not depend on the clock.
        source: what the document comes from, for its metadata alone.

    Raises:
        BadDocument: names the style sheet, font or glyph that is missing.
    """
    document, weasyprint = page.document, weasyprint_with(page.fonts)
    with _rare_collections(), no_complaints(weasyprint), warnings.catch_warnings():
        # WeasyPrint leaves the file of its colour profile to be closed by the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        claim_accessibility(document, source)
        pdf: bytes = document.write_pdf(
            finisher=finish,
            pdf_variant=_STANDARD,
            pdf_identifier=hashlib.sha256(page.html.encode()).digest()[:16],
            attachments=[
                weasyprint.Attachment(
                    string=content, name=name, description=description, created=at, modified=at, relationship="Data"
                )
                for name, content, description in attached
            ],
        )
    return pdf


def render_plain_pdf(html: str, fonts: Path) -> bytes:
    """A page that becomes part of another document: in the same faces, untagged."""
    pdf: bytes = _page(weasyprint_with(fonts), html, fonts).write_pdf()
    return pdf


def _printed(html: str) -> str:
    """The text of a page, with the alternative texts of its charts."""
    return unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL))


def _page(weasyprint: Any, html: str, fonts: Path) -> Any:
    return weasyprint.HTML(string=html, base_url="asset:///", url_fetcher=_fetcher(weasyprint, fonts))


class _Warnings(logging.Handler):
    """Collects the messages of warnings and errors."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def no_complaints(weasyprint: Any) -> Iterator[None]:
    """Turn what WeasyPrint refuses, or only warns about, into a stop.

    Raises:
        BadDocument: names the file it may not read, or its first warning.
    """
    found, logger = _Warnings(), logging.getLogger("weasyprint")
    logger.addHandler(found)
    try:
        yield
    except weasyprint.urls.FatalURLFetchingError as error:
        raise BadDocument(f"Tài liệu dùng một tệp không được phép hoặc không có: {error}.") from error
    finally:
        logger.removeHandler(found)
    if found.messages:
        raise BadDocument(f"Trình bày tài liệu có lỗi: {found.messages[0]}.")


def weasyprint_with(fonts: Path) -> Any:
    """The library, configured before its import to see our fonts and no others of the machine."""
    if "FONTCONFIG_FILE" not in os.environ:
        folder = _folder_of_process()
        configuration = folder / "fonts.conf"
        configuration.write_text(
            f'<?xml version="1.0"?><fontconfig><dir>{fonts}</dir><cachedir>{folder}</cachedir></fontconfig>',
            encoding="utf-8",
        )
        os.environ["FONTCONFIG_FILE"] = str(configuration)
    try:
        import weasyprint
    except OSError as error:
        raise UnfitMachine(
            "Thiếu thư viện hệ thống của WeasyPrint; cài libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0."
        ) from error
    return weasyprint


def _folder_of_process() -> Path:
    """A temporary folder that ends with this process; of one that is killed, the lock on it tells that it is nobody's."""
    folder = Path(tempfile.mkdtemp(prefix=f"ketnghia-fonts-{os.getpid()}-"))
    fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _fetcher(weasyprint: Any, fonts: Path) -> Any:
    """Gives the document our own style sheets and faces, and nothing else of the machine or the network."""

    class AssetFetcher(weasyprint.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: object = None) -> object:
            scheme, _, name = url.partition(":")
            folder = {"asset": TEMPLATES, "font": fonts}.get(scheme)
            place = folder / name.lstrip("/") if folder else None
            is_inside = folder and place and place.resolve().is_relative_to(folder.resolve())
            if place is None or not is_inside or not place.is_file():
                raise weasyprint.urls.FatalURLFetchingError(url)
            kind = "text/css" if place.suffix == ".css" else "font/ttf"
            return weasyprint.urls.URLFetcherResponse(url, body=place.read_bytes(), headers={"Content-Type": kind})

    return AssetFetcher()
