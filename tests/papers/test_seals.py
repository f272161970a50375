"""What is signed can be checked, and nothing of it can be changed."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from miniapp_api.papers.fonts import Fonts
from miniapp_api.papers.rendering import Job, draw
from miniapp_api.papers.seals import KeyFileSeal
from tests.papers import reading
from tests.papers.conftest import LINK

PASSWORD = "no-real-password"
BUREAU = "十堰市行政审批局"


@pytest.fixture(scope="module")
def key():
    """Make a key; certificates of different periods are made for it."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def key_file(key, tmp_path):
    """Write a PKCS#12 file whose certificate is valid from one day to another, counted from now."""

    def write(since, until):
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, BUREAU)])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=since))
            .not_valid_after(now + timedelta(days=until))
            .sign(key, SHA256())
        )
        path = tmp_path / "seal.p12"
        protection = BestAvailableEncryption(PASSWORD.encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, protection))
        return path

    return write


def test_one_changed_byte_breaks_the_signature(drawn):
    pdf = drawn("denial")
    inside = pdf.index(b"stream") + 40  # a drawing of the page, so that the file can still be opened
    flipped = bytearray(pdf)
    flipped[inside] ^= 1
    assert reading.verified(pdf).intact
    assert not reading.verified(bytes(flipped)).intact


def test_what_is_added_afterwards_is_noticed(drawn):
    writer = IncrementalPdfFileWriter(BytesIO(drawn("denial")))
    writer.root["/Lang"] = generic.pdf_string("en")
    writer.update_root()
    changed = BytesIO()
    writer.write(changed)
    status = reading.verified(changed.getvalue())
    assert status.coverage.name != "ENTIRE_FILE"
    assert not status.docmdp_ok


def test_the_sample_certificate_says_that_it_is_worth_nothing(drawn):
    assert reading.verified(drawn("denial")).signing_cert.subject.native["common_name"] == "样章 无效"


def test_a_key_file_signs_for_its_holder(key_file, written):
    seal = KeyFileSeal(key_file(-1, 30), PASSWORD)
    paper = draw(Job(written("withdrawal"), LINK, seal.mark(), datetime.now(UTC)), Fonts())
    status = reading.verified(seal.sign(paper, "撤回申请通知书"))
    assert status.intact
    assert status.valid
    assert status.signing_cert.subject.native["common_name"] == BUREAU
    assert seal.mark().frame == ("电子签名", BUREAU)
    assert not seal.sample


@pytest.mark.parametrize("period", [(-30, -1), (1, 30)])
def test_a_certificate_that_is_not_valid_today_is_refused(key_file, period):
    with pytest.raises(ValueError, match="不在有效期里"):
        KeyFileSeal(key_file(*period), PASSWORD)


def test_a_wrong_password_and_a_file_that_is_not_there_are_refused(key_file, tmp_path):
    with pytest.raises(ValueError, match="PAPERS_SEAL_PASSWORD"):
        KeyFileSeal(key_file(-1, 30), "another")
    with pytest.raises(ValueError, match="PAPERS_SEAL_PASSWORD"):
        KeyFileSeal(tmp_path / "absent.p12", PASSWORD)
