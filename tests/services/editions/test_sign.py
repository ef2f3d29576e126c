"""A released PDF is signed beside its bytes, stays what both standards ask, and is what leaves by mail."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import page
import pytest
from cryptography.hazmat.primitives import serialization

from domain.editions import EditionRecord
from domain.errors import NotReleasable, NotSigned, UnknownEdition
from domain.period import Period
from reports.pdf.inspect import open_pdf
from reports.pdf.signature import KeyInFile, KeyOnToken, signatures_of
from services.settings import Settings
from storage.edition_files import pdf_path
from tests.authority import PASSWORD, SIGNER, Authority, time_stamping
from tests.commands import (
    preview,
    send_report,
    sign_edition,
    verify_edition,
    verify_ledger,
    withdraw,
)

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")
SOFTHSM = next((path for path in map(Path, ("/usr/lib/softhsm/libsofthsm2.so",)) if path.is_file()), None)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def settings(tmp_path: Path, released_home: Path, authority: Authority) -> Iterator[Settings]:
    home = tmp_path / "home"
    shutil.copytree(released_home, home)
    (home / "key.p12").write_bytes(authority.key_file())
    with time_stamping(authority) as url:
        yield Settings(home=home, timestamp_url=url, _env_file=None)


def key_of(settings: Settings, password: str = PASSWORD) -> KeyInFile:
    return KeyInFile(settings.home / "key.p12", lambda: password)


def pdf_of(settings: Settings, record: EditionRecord) -> bytes:
    return pdf_path(settings.editions, record.document_sha256).read_bytes()


def faults(pdf: bytes) -> list[str]:
    profiles = (page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1)
    told = [line for each in profiles for line in str(page.validate_pdf_bytes(pdf, profile=each)).splitlines()]
    return [line for line in told if line.startswith("[") and "STREAM-LENGTH" not in line]


def test_the_signature_stands_beside_the_released_bytes_and_breaks_no_standard(settings: Settings) -> None:
    record = sign_edition(settings, "2024-01-1", key_of(settings))
    signed = pdf_of(settings, record)
    assert record.issued_sha256 is not None
    unsigned = pdf_path(settings.editions, record.issued_sha256).read_bytes()
    assert sha256(unsigned).hexdigest() == record.issued_sha256
    assert signed.startswith(unsigned)
    assert len(signed) > len(unsigned)
    [found] = signatures_of(signed)
    assert (found.signer, found.is_intact, found.stamped_at is not None) == (SIGNER, True, True)
    assert b"ETSI.CAdES.detached" in signed
    assert faults(unsigned) == []
    assert faults(signed) == []
    assert open_pdf(signed).attachments == open_pdf(unsigned).attachments


def test_what_is_signed_is_verified_and_mailed(settings: Settings) -> None:
    record = sign_edition(settings, "2024-01-1", key_of(settings))
    checked = verify_edition(settings, pdf_path(settings.editions, record.document_sha256))
    assert checked.faults == []
    assert any(f"chữ ký số của {SIGNER} còn nguyên vẹn, dấu thời gian" in line for line in checked.sound)
    assert verify_ledger(settings).faults == []
    for mail in preview(settings, "2024-01-1").mails.values():
        assert len(mail) > len(pdf_of(settings, record))
    assert {each.state for each in send_report(settings, "2024-01-1")} == {"sent"}


def test_an_altered_byte_is_seen(settings: Settings) -> None:
    signed = bytearray(pdf_of(settings, sign_edition(settings, "2024-01-1", key_of(settings))))
    place = signed.index(b"/Type /Catalog") if b"/Type /Catalog" in signed else signed.index(b"/Lang")
    signed[place + 1] ^= 1
    altered = settings.home / "altered.pdf"
    altered.write_bytes(bytes(signed))
    assert any("không khớp" in fault or "đã bị sửa" in fault for fault in verify_edition(settings, altered).faults)


def test_a_key_that_cannot_be_had_is_said_so(settings: Settings) -> None:
    with pytest.raises(NotSigned, match="sai mật khẩu"):
        sign_edition(settings, "2024-01-1", key_of(settings, "sai"))
    with pytest.raises(NotSigned, match="Không có tệp khóa"):
        sign_edition(settings, "2024-01-1", KeyInFile(settings.home / "none.p12", lambda: PASSWORD))
    with pytest.raises(NotSigned, match="Không mở được thiết bị ký"):
        sign_edition(settings, "2024-01-1", KeyOnToken(settings.home / "none.so", "t", "l", lambda: "0"))


def test_nobody_is_asked_for_a_secret_before_it_is_known_that_the_edition_can_be_signed(settings: Settings) -> None:
    asked = []

    def secret() -> str:
        asked.append("PIN")
        return PASSWORD

    for key in (KeyInFile(settings.home / "key.p12", secret), KeyOnToken(Path("none.so"), "t", "l", secret)):
        with pytest.raises(UnknownEdition):
            sign_edition(settings, "2024-01-9", key)
    assert asked == []


def test_without_a_time_stamp_nothing_is_signed(settings: Settings) -> None:
    for url, told in (("", "KETNGHIA_TIMESTAMP_URL"), ("http://127.0.0.1:9/", "không trả lời")):
        with pytest.raises(NotSigned, match=told):
            sign_edition(settings.model_copy(update={"timestamp_url": url}), "2024-01-1", key_of(settings))
    assert {each.state for each in send_report(settings, "2024-01-1")} == {"sent"}


def test_only_a_released_edition_that_no_mail_holds_is_signed_and_only_once(settings: Settings) -> None:
    sign_edition(settings, "2024-01-1", key_of(settings))
    with pytest.raises(NotSigned, match="đã có chữ ký số của"):
        sign_edition(settings, "2024-01-1", key_of(settings))
    send_report(settings, "2024-01-1")
    with pytest.raises(NotSigned, match="đã gửi"):
        sign_edition(settings, "2024-01-1", key_of(settings))
    withdraw(settings, "2024-01-1", "Người Duyệt", "Nhầm")
    with pytest.raises(NotReleasable, match="đã rút"):
        sign_edition(settings, "2024-01-1", key_of(settings))


@pytest.mark.skipif(SOFTHSM is None, reason="softhsm2 is not installed: no token to sign with")
def test_a_key_on_a_token_signs_too(settings: Settings, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    assert SOFTHSM is not None
    tokens = settings.home / "tokens"
    tokens.mkdir()
    configuration = settings.home / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\n", encoding="utf-8")
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    key = settings.home / "key.pem"
    key.write_bytes(
        authority.signer_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    run = ["softhsm2-util", "--pin", "1234"]
    subprocess.run([*run, "--init-token", "--free", "--label", "Thử", "--so-pin", "4321"], check=True, env=os.environ)
    subprocess.run([*run, "--import", str(key), "--token", "Thử", "--label", "ky", "--id", "01"], check=True)
    with pkcs11.lib(str(SOFTHSM)).get_token(token_label="Thử").open(user_pin="1234", rw=True) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: "ky",
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: authority.signer.subject.public_bytes(),
                pkcs11.Attribute.VALUE: authority.signer.public_bytes(serialization.Encoding.DER),
            }
        )
    signed = pdf_of(settings, sign_edition(settings, "2024-01-1", KeyOnToken(SOFTHSM, "Thử", "ky", lambda: "1234")))
    [found] = signatures_of(signed)
    assert (found.signer, found.is_intact) == (SIGNER, True)
    assert faults(signed) == []
