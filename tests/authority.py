"""An authority of the tests' own: it certifies a signer and stamps times, as a certification service does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSWORD = "mật khẩu"
SIGNER = "Nguyễn Văn Ký"


class Authority:
    """A root, the certificates it gave out, and their keys."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(65537, 2048)
        self.root = self._certify("Tổ chức chứng thực của phép thử", self._key, is_authority=True)
        self.signer_key = rsa.generate_private_key(65537, 2048)
        self.signer = self._certify(SIGNER, self.signer_key)
        self._clock_key = rsa.generate_private_key(65537, 2048)
        self._clock = self._certify("Dấu thời gian của phép thử", self._clock_key, stamps_times=True)

    def key_file(self) -> bytes:
        """The signer's key and certificate as PKCS#12."""
        return pkcs12.serialize_key_and_certificates(
            SIGNER.encode(), self.signer_key, self.signer, [self.root],
            serialization.BestAvailableEncryption(PASSWORD.encode()),
        )  # fmt: skip

    def stamp(self, request: bytes) -> bytes:
        """The answer of the time-stamping service (RFC 3161)."""
        # Imported by those who stamp alone: it takes longer than most tests.
        from pyhanko.sign.timestamps import DummyTimeStamper
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        store = SimpleCertificateStore()
        store.register(_asn1(self.root))
        key = keys.PrivateKeyInfo.load(
            self._clock_key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        clock = DummyTimeStamper(_asn1(self._clock), key, certs_to_embed=store)
        return bytes(clock.request_tsa_response(tsp.TimeStampReq.load(request)).dump())

    def _certify(
        self, name: str, key: rsa.RSAPrivateKey, *, is_authority: bool = False, stamps_times: bool = False
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = self.root.subject if hasattr(self, "root") else _name(name)
        usage = x509.KeyUsage(
            digital_signature=not is_authority, content_commitment=not is_authority, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )
        if stamps_times:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return builder.sign(self._key, hashes.SHA256())


@contextmanager
def time_stamping(authority: Authority) -> Iterator[str]:
    """The authority's time-stamping service on loopback; gives its address."""

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.stamp(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *words: object) -> None:
            del words

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
