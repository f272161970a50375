"""SM2 with SM3, by itself: as the standard has it, and without what gmssl gets wrong."""

import random
from itertools import islice

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash
from gmssl.sm2 import CryptSM2
from hypothesis import given, settings
from hypothesis import strategies as st

from miniapp_api import sm2

# GB/T 32918.5, annex A: the public curve, the usual user id.
SECRET = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
NONCE = "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21"
MESSAGE = b"message digest"
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)

# Made with OpenSSL 3.0.19: `openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678`.
OPENSSL_SECRET = bytes.fromhex("2105b83b17261880ba6d3e1ac2ad613ccf6ce910afce6624de5ab0c464085a82")
OPENSSL_MESSAGE = bytes.fromhex(
    "b3b78601ec4cf0b0db4435a0bf0d75a8806420c3200517016f89f335ae6bef8a"
    "0491a1368fab062e3707d2a58bdaa2fb90530fabcb7e442b700078"
)
OPENSSL_SIGNATURE = bytes.fromhex(
    "598773dc5f21a645b8dc88f32a8ea8ce53c8bfb05e9a5dc8d9fd2ca2fa1c965b"
    "c0d6abcbb22a329794b4cdccef87774c8ef9e8000ab98cac77cd5b09fd3adc33"
)

N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def key(number):
    """A key pair that is the same each time."""
    secret = random.Random(number).randrange(1, N - 1).to_bytes(32)
    return secret, sm2.public_of(secret)


def raw(r, s):
    return r.to_bytes(32) + s.to_bytes(32)


def test_the_example_of_the_standard_is_made_and_verified(monkeypatch):
    assert sm2.public_of(SECRET) == PUBLIC
    monkeypatch.setattr(sm2, "nonces", lambda *_: iter([int(NONCE, 16)]))
    assert sm2.sign(SECRET, PUBLIC, MESSAGE) == SIGNATURE
    assert sm2.verifies(PUBLIC, MESSAGE, SIGNATURE)


def test_a_signature_of_openssl_is_verified():
    public = sm2.public_of(OPENSSL_SECRET)
    assert sm2.verifies(public, OPENSSL_MESSAGE, OPENSSL_SIGNATURE)
    assert not sm2.verifies(public, OPENSSL_MESSAGE + b"\0", OPENSSL_SIGNATURE)
    assert not sm2.verifies(PUBLIC, OPENSSL_MESSAGE, OPENSSL_SIGNATURE)


@pytest.mark.parametrize(
    ("message", "nonce"),
    [
        (b"sample", "A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60"),
        (b"test", "D16B6AE827F17175E040871A1C7EC3500192C4C92677336EC2537ACAEE0008E0"),
    ],
)
def test_nonces_are_those_of_rfc_6979(message, nonce):
    """Its appendix A.2.5, which is about another curve of as many bits."""
    secret = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    digest = Hash(SHA256())
    digest.update(message)
    assert next(sm2.nonces(secret, digest.finalize(), P256_ORDER, SHA256())) == int(nonce, 16)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, P256_ORDER - 1), st.binary(max_size=80))
def test_nonces_are_those_that_cryptography_derives(secret, message):
    digest = Hash(SHA256())
    digest.update(message)
    nonce = next(sm2.nonces(secret, digest.finalize(), P256_ORDER, SHA256()))
    signing = ec.ECDSA(SHA256(), deterministic_signing=True)
    r, _ = decode_dss_signature(ec.derive_private_key(secret, ec.SECP256R1()).sign(message, signing))
    assert ec.derive_private_key(nonce, ec.SECP256R1()).public_key().public_numbers().x % P256_ORDER == r


def test_nonces_differ_by_key_and_by_what_is_signed_and_one_that_will_not_do_is_passed_over():
    drawn = list(islice(sm2.nonces(5, b"\1" * 32, N, SM3()), 4))
    assert drawn == list(islice(sm2.nonces(5, b"\1" * 32, N, SM3()), 4))
    others = [next(sm2.nonces(secret, digest * 32, N, SM3())) for secret in (5, 6) for digest in (b"\1", b"\2")]
    assert len({*drawn, *others}) == 7
    assert all(0 < nonce < N for nonce in drawn)


def test_signing_draws_on_no_generator_that_can_be_foretold(monkeypatch):
    """gmssl's own nonces come from `random`; ours follow from the key, so they never ask it."""

    def foretold(*_):
        raise AssertionError("random was asked")

    monkeypatch.setattr("gmssl.func.choice", foretold)
    monkeypatch.setattr("gmssl.sm2.func.random_hex", foretold)
    state = random.getstate()
    assert sm2.sign(SECRET, PUBLIC, MESSAGE) == sm2.sign(SECRET, PUBLIC, MESSAGE)
    assert random.getstate() == state
    with pytest.raises(AssertionError, match="random was asked"):  # the negative control
        CryptSM2(SECRET.hex(), PUBLIC.hex()).sign_with_sm3(MESSAGE)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**64), st.binary(max_size=120))
def test_what_is_signed_verifies_always_with_the_same_bytes(number, message):
    secret, public = key(number)
    signature = sm2.sign(secret, public, message)
    assert len(signature) == 64
    assert signature == sm2.sign(secret, public, message)
    assert sm2.verifies(public, message, signature)


@pytest.mark.parametrize(("scalar", "begins"), [(327, "00"), (11, "04"), (138, "44")])
def test_a_public_key_may_begin_with_any_digits(scalar, begins):
    """One key in 256 begins like `04`, and gmssl cuts that off."""
    secret = scalar.to_bytes(32)
    public = sm2.public_of(secret)
    assert public.hex().startswith(begins)
    assert sm2.verifies(public, MESSAGE, sm2.sign(secret, public, MESSAGE))
    if begins == "04":  # the negative control
        assert CryptSM2("", public.hex()).public_key != public.hex()


def test_a_coordinate_may_begin_with_zeros():
    public = sm2.public_of((107).to_bytes(32))
    assert public[32] == 0
    assert sm2.is_public(public)
    assert sm2.verifies(public, MESSAGE, sm2.sign((107).to_bytes(32), public, MESSAGE))


@pytest.mark.parametrize(("nonce", "place"), [(240, 0), (121, 32)])
def test_a_signature_whose_numbers_begin_with_zeros_has_64_bytes_all_the_same(monkeypatch, nonce, place):
    monkeypatch.setattr(sm2, "nonces", lambda *_: iter([nonce]))
    signature = sm2.sign(SECRET, PUBLIC, MESSAGE)
    assert (len(signature), signature[place]) == (64, 0)
    assert sm2.verifies(PUBLIC, MESSAGE, signature)


def test_numbers_outside_their_range_are_refused():
    r, s = int.from_bytes(SIGNATURE[:32]), int.from_bytes(SIGNATURE[32:])
    wrong = [(0, s), (r, 0), (0, 0), (N, s), (r, N), (2**256 - 1, s), (r, 2**256 - 1), (r, N - r), (N - s, s)]
    assert not any(sm2.verifies(PUBLIC, MESSAGE, raw(*pair)) for pair in wrong)


def test_a_signature_can_be_written_in_one_way_only():
    """gmssl takes s + n for s where both fit into 32 bytes."""
    secret, small = 5, 7  # the message's digest is made for an s of 7: nonce = s (1 + d) + r d
    r = 0xABCDEF
    nonce = (small * (1 + secret) + r * secret) % N
    public = sm2.public_of(secret.to_bytes(32))
    x = int.from_bytes(sm2.public_of(nonce.to_bytes(32))[:32])
    digest = ((r - x) % N).to_bytes(32)
    curve = sm2._Curve(public)
    assert curve.verify(raw(r, small).hex(), digest)
    assert curve.verify(raw(r, small + N).hex(), digest)  # the negative control
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sm2, "_digest", lambda *_: digest)
        assert sm2.verifies(public, b"", raw(r, small))
        assert not sm2.verifies(public, b"", raw(r, small + N))


def test_who_leads_the_check_to_infinity_is_refused():
    """Only who has the private key can; gmssl stumbles over it."""
    d = int.from_bytes(SECRET)
    r, s = (1 + d) % N, -d % N
    with pytest.raises(TypeError):
        sm2._Curve(PUBLIC).verify(raw(r, s).hex(), b"\1" * 32)
    assert not sm2.verifies(PUBLIC, MESSAGE, raw(r, s))


@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length):
    assert not sm2.verifies(PUBLIC, MESSAGE, (SIGNATURE * 2)[:length])


def test_what_is_no_point_of_the_curve_is_no_public_key():
    assert sm2.is_public(PUBLIC)
    p = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
    x, y = int.from_bytes(PUBLIC[:32]), int.from_bytes(PUBLIC[32:])
    assert sm2.is_public(raw(x, p - y))
    for wrong in (raw(x, y ^ 1), raw(y, x), bytes(64), raw(0, 1), raw(p, y), PUBLIC[:-1], b"\4" + PUBLIC, b""):
        assert not sm2.is_public(wrong)
    # The same point with a coordinate written too large: x = 0 has one, as b is a square.
    b = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
    root = pow(b, (p + 1) // 4, p)
    assert sm2.is_public(raw(0, root))
    assert not sm2.is_public(raw(p, root))


@pytest.mark.parametrize(
    "secret", [bytes(32), raw(0, N - 1)[32:], raw(0, N)[32:], b"\xff" * 32, b"\1" * 31, b"\1" * 33]
)
def test_what_is_out_of_range_is_no_private_key(secret):
    with pytest.raises(ValueError, match="private key"):
        sm2.public_of(secret)


def test_the_largest_and_the_smallest_private_key_sign():
    for secret in ((1).to_bytes(32), (N - 2).to_bytes(32)):
        public = sm2.public_of(secret)
        assert sm2.verifies(public, MESSAGE, sm2.sign(secret, public, MESSAGE))


def test_new_private_keys_are_in_range_and_differ():
    drawn = {sm2.new_secret() for _ in range(100)}
    assert len(drawn) == 100
    assert all(1 <= int.from_bytes(secret) <= N - 2 for secret in drawn)


def test_a_signature_that_went_wrong_is_not_given_out():
    """A fault while signing could give away the key."""
    other = sm2.public_of((5).to_bytes(32))
    with pytest.raises(ArithmeticError):
        sm2.sign(SECRET, other, MESSAGE)
