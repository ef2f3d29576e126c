"""Digital signatures, PAdES B-T: the field is filled by an incremental update, which leaves the released bytes as they are.

Sources: ETSI EN 319 142-1 (PAdES baseline), NĐ 30/2020/NĐ-CP Phụ lục I (place and form of a digital signature).
"""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from domain import wording
from domain.errors import NoTimeStamp, NotSigned
from reports.html import render_html
from reports.pdf.render import render_plain_pdf
from reports.pdf.signature_field import FIELD_NAME

_SECONDS = 30
"""How long the time-stamping authority may take."""


@dataclass(frozen=True, slots=True)
class KeyInFile:
    """A key and its certificate in a PKCS#12 file."""

    path: Path
    password: Callable[[], str]
    """Asked for once everything else that signing needs is there."""


@dataclass(frozen=True, slots=True)
class KeyOnToken:
    """A key and its certificate on a token, reached through the maker's PKCS#11 library."""

    library: Path
    token: str
    label: str
    pin: Callable[[], str]
    """Asked for once everything else that signing needs is there."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature found in a document."""

    signer: str
    stamped_at: datetime | None
    """The moment in the time-stamp; null without a valid one."""
    is_intact: bool
    """Whether the signed bytes are unchanged, and only permitted changes came after them."""


@contextmanager
def opened(key: KeyInFile | KeyOnToken) -> Iterator[Any]:
    """The key, ready to sign; a session with a token ends afterwards.

    Raises:
        NotSigned: if the key cannot be had, and why.
    """
    from pyhanko.sign import SimpleSigner

    if isinstance(key, KeyInFile):
        if not key.path.is_file():
            raise NotSigned(f"Không có tệp khóa {key.path}.")
        password = key.password()
        try:
            signer = SimpleSigner.load_pkcs12_data(key.path.read_bytes(), (), password.encode() or None)
        except ValueError as error:
            raise NotSigned(f"Không mở được tệp khóa {key.path}: sai mật khẩu hoặc không phải PKCS#12.") from error
        yield signer
        return
    import pkcs11
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    pin = key.pin()
    try:
        session = open_pkcs11_session(str(key.library), token_criteria=TokenCriteria(label=key.token), user_pin=pin)
    except (pkcs11.PKCS11Error, OSError, RuntimeError, ValueError) as error:
        raise NotSigned(
            f"Không mở được thiết bị ký “{key.token}” qua {key.library}: {type(error).__name__} {error}."
        ) from error
    with session:
        yield PKCS11Signer(session, cert_label=key.label)


def sign_pdf(
    pdf: bytes, key: KeyInFile | KeyOnToken, timestamp_url: str, at: datetime, fonts: Path
) -> tuple[bytes, str]:
    """The same PDF with its signature field filled, and the name of the signer.

    Args:
        pdf: the document as it was released.
        key: with what to sign.
        timestamp_url: the time-stamping authority, which is asked over HTTP (RFC 3161).
        at: the moment that the visible mark bears.
        fonts: the folder with the faces.

    Raises:
        NotSigned: if there is no empty field, the key cannot be had, or the authority does not answer.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko.stamp import StaticStampStyle

    if not timestamp_url:
        raise NoTimeStamp("Chưa có máy chủ cấp dấu thời gian; đặt KETNGHIA_TIMESTAMP_URL (RFC 3161).")
    signed = io.BytesIO()
    with opened(key) as signer, tempfile.NamedTemporaryFile(suffix=".pdf") as mark:
        name = _subject(signer)
        mark.write(_visible_mark(name, at, fonts))
        mark.flush()
        with _failures_named(timestamp_url):
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            # What the metadata say of the document, its standards among it, stays true; pyHanko would rewrite it.
            writer._update_meta = lambda: None  # type: ignore[method-assign]
            PdfSigner(
                PdfSignatureMetadata(
                    field_name=FIELD_NAME, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", name=name
                ),
                signer=signer,
                timestamper=HTTPTimeStamper(timestamp_url, timeout=_SECONDS),
                stamp_style=StaticStampStyle.from_pdf_file(mark.name, border_width=0),
            ).sign_pdf(writer, existing_fields_only=True, output=signed)
    return signed.getvalue(), name


@contextmanager
def _failures_named(timestamp_url: str) -> Iterator[None]:
    """Say why a signature failed.

    Raises:
        NotSigned: if the authority does not answer, or pyHanko refuses the document or the key.
    """
    import requests
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.timestamps import TimestampRequestError

    try:
        yield
    except (TimestampRequestError, requests.RequestException) as error:
        raise NoTimeStamp(f"Máy chủ dấu thời gian {timestamp_url} không trả lời: {error}.") from error
    except (SigningError, PdfError, ValueError) as error:
        raise NotSigned(f"Không ký được tệp PDF: {error}.") from error


def signatures_of(pdf: bytes) -> list[Signature]:
    """The signatures of a PDF; whether their certificates can be trusted is for the authority's own tools to say."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    found = []
    for each in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        status = validate_pdf_signature(each, ValidationContext(trust_roots=[], allow_fetching=False))
        stamp = status.timestamp_validity
        found.append(
            Signature(
                _name_in(each.signer_cert),
                stamp.timestamp if stamp is not None and stamp.intact and stamp.valid else None,
                bool(status.intact and status.valid and status.docmdp_ok),
            )
        )
    return found


def _subject(signer: Any) -> str:
    if signer.signing_cert is None:
        raise NotSigned("Khóa không kèm chứng thư số của người ký.")
    return _name_in(signer.signing_cert)


def _name_in(certificate: Any) -> str:
    return str(certificate.subject.native.get("common_name") or certificate.subject.human_friendly)


def _visible_mark(name: str, at: datetime, fonts: Path) -> bytes:
    """A page with who signed and when, in the document's own face; pyHanko's text would break PDF/A."""
    return render_plain_pdf(render_html("signature.html.j2", {"signer": name, "moment": wording.moment(at)}), fonts)
