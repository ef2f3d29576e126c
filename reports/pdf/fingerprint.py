"""The foot of the last page: the hash of the edition's data as text and as a QR code."""

import io

import segno
from markupsafe import Markup

from reports.content import Fingerprint
from reports.figure_book import FigureBook

_GROUP = 8


def fingerprint(book: FigureBook, digest: str) -> Fingerprint:
    """Place the hash of the data, in groups of eight, as people read it aloud."""
    groups = [digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP)]
    drawn = io.BytesIO()
    segno.make(digest, error="m", micro=False).save(
        drawn, kind="svg", scale=2, border=2, xmldecl=False, svgns=True, nl=False, omitsize=False,
        title="Mã QR của dấu số liệu",
    )  # fmt: skip
    return Fingerprint(book.fingerprint(" ".join(groups)), Markup(drawn.getvalue().decode()))
