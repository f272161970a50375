"""What is put under a paper: a digital signature over the whole file (PAdES), and what is said in its frame.

A seal of state is made, filed and applied by the national system of electronic seals only (国令第716号
第九条; 国办发〔2025〕33号), so nothing here draws one: without a seal a paper says 样章, in a plain square.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Protocol

from asn1crypto import keys, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Seal"
SAMPLE_NAME = "样章 无效"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reader sees of a seal.

    Attributes:
        frame: two lines in the square frame, the first one large.
        banner: what stands at the foot of every page, if anything.
    """

    frame: tuple[str, str]
    banner: str | None = None


class SealProvider(Protocol):
    """Seals papers. One for the bureau's seal in the national system goes here too.

    Attributes:
        sample: what it seals is worth nothing, and says so.
    """

    sample: bool

    def mark(self) -> Mark:
        """Say what the reader sees."""

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """Sign a whole document.

        Args:
            pdf: the document.
            reason: what the signature is for; anybody can read it.
        """


class SampleSeal:
    """样章: the signature shows that a file is unchanged, and nothing else: its key is worth nothing."""

    sample = True

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """Sign with a key that was made for it."""
        return _signed(pdf, reason, _sample_signer())

    def mark(self) -> Mark:
        """Say that it is a sample, plainly."""
        return Mark(("样章", "无效"), "样章 · 无效　　仅供演示，没有法律效力")


class KeyFileSeal:
    """Signs with the key and certificate of a PKCS#12 file (.p12, .pfx)."""

    sample = False

    def __init__(self, path: Path, password: str) -> None:
        """Open the file.

        Raises:
            ValueError: It cannot be opened, or its certificate is not valid today; said in Chinese.
        """
        signer = SimpleSigner.load_pkcs12(str(path), passphrase=password.encode() or None)
        if signer is None or signer.signing_cert is None:
            raise ValueError("打不开这个证书文件：请核对路径和 PAPERS_SEAL_PASSWORD，文件应当是 .p12 或 .pfx")
        certificate: x509.Certificate = signer.signing_cert
        if not certificate.not_valid_before <= datetime.now(UTC) <= certificate.not_valid_after:
            raise ValueError(f"证书今天不在有效期里（到 {certificate.not_valid_after:%Y-%m-%d}），请换新的证书")
        self._signer = signer
        self._name = str(certificate.subject.native.get("common_name") or "未写明持有人")

    def sign(self, pdf: bytes, reason: str) -> bytes:
        """Sign with the key of the file."""
        return _signed(pdf, reason, self._signer)

    def mark(self) -> Mark:
        """Name the holder of the certificate."""
        return Mark(("电子签名", self._name))


def _signed(pdf: bytes, reason: str, signer: SimpleSigner) -> bytes:
    """Sign a document so that nothing may be added to it afterwards."""
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signed: BytesIO = sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer)
    return signed.getvalue()


@cache
def _sample_signer() -> SimpleSigner:
    """Make a key for this process, at the first need. RSA, for elliptic curves are PDF 2.0, and PDF/A-2 is 1.7."""
    key = rsa.generate_private_key(65537, 2048)
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, SAMPLE_NAME)])
    usage = certificates.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 12, 31, tzinfo=UTC))
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
