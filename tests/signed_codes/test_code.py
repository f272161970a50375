"""The format R1 by itself: whatever we write we read, and nothing else."""

import secrets
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import FIRST_DAY, LAST_DAY, CodeKey
from miniapp_api.signed_codes.code import (
    CLAIMS_LENGTH,
    CLOCKS_DIFFER,
    DIGITS,
    LENGTH,
    Claims,
    ForgedCodeError,
    Kind,
    check,
    decode,
    encode,
    sign,
)
from miniapp_api.signed_codes.keys import KeyRing
from miniapp_api.signed_codes.showing import KIND_NAMES

HOST = "zwfw.example.gov.cn"
DAY = date(2026, 11, 25)
SEED = bytes(range(32))
KEY = CodeKey.from_seed(7, SEED, FIRST_DAY, LAST_DAY)
SM2_KEY = CodeKey.from_seed(7, SEED, FIRST_DAY, LAST_DAY, algorithm=ALGORITHMS["sm2"])
RING = KeyRing([KEY])
KEYS = {"ed25519": KEY, "sm2": SM2_KEY}

every_algorithm = pytest.mark.parametrize("alg", list(ALGORITHMS))
CLAIMS = Claims(7, Kind.APPOINTMENT, DAY, "0123456789ab")

FIXED_SM2 = (
    "024705928907169249073471041448587450800893106164824691235697346067433649357410184427115826"
    "33124769275093922699415200988972061139148519399157473357921836336922229808726124781428700"
)
FIXED = {alg: sign(CLAIMS, HOST, key) for alg, key in KEYS.items()}

any_claims = st.builds(
    Claims,
    st.integers(0, 31),
    st.sampled_from(Kind),
    st.dates(FIRST_DAY, LAST_DAY),
    st.binary(min_size=6, max_size=6).map(bytes.hex),
)


def refused(digits, host=HOST, ring=RING, today=DAY):
    with pytest.raises(ForgedCodeError):
        check(digits, host, ring, today)
    return True


def key_of(alg, kid):
    return replace(KEYS[alg], kid=kid)


@every_algorithm
@settings(max_examples=15, deadline=None)
@given(claims=any_claims, host=st.from_regex(r"[a-z0-9.-]{1,40}(:[0-9]{1,5})?", fullmatch=True))
def test_what_is_signed_is_read_back_and_has_always_the_same_digits(alg, claims, host):
    key = key_of(alg, claims.kid)
    digits = sign(claims, host, key)
    assert len(digits) == DIGITS
    assert digits == sign(claims, host, key)
    assert check(digits, host, KeyRing([key]), claims.issued_on) == claims


@given(st.binary(min_size=LENGTH, max_size=LENGTH))
def test_bytes_and_digits_are_one_to_one(code):
    assert decode(encode(code)) == code


def test_the_format_is_fixed_byte_by_byte():
    """What is on paper must be readable for ever: this text may never change."""
    packed = CLAIMS.pack()
    assert packed.hex() == "27" + "05" + "09d8" + "0123456789ab"
    signature = KEY.sign(b"daoban/receipt/1\0" + HOST.encode() + packed)
    assert sign(CLAIMS, HOST, KEY) == str(int.from_bytes(packed + signature, "big")).zfill(179)
    assert sign(CLAIMS, HOST, KEY) == (
        "024705928907169249073471002326314776721318246119829012487541326865381357597325203106119898"
        "49387494092216006421170389074675634179892278917334122538871886518879970587348431765574153"
    )


def test_the_format_is_fixed_for_sm2_too():
    assert sign(CLAIMS, HOST, SM2_KEY) == FIXED_SM2
    assert check(FIXED_SM2, HOST, KeyRing([SM2_KEY]), DAY) == CLAIMS


@every_algorithm
def test_every_single_flipped_bit_is_noticed(alg):
    code = decode(sign(CLAIMS, HOST, KEYS[alg]))
    flipped = [(int.from_bytes(code) ^ 1 << bit).to_bytes(LENGTH) for bit in range(LENGTH * 8)]
    assert len(flipped) == 592
    # All keys are ours here, so that it is the signature that tells, not the key's number.
    ring = KeyRing(key_of(alg, kid) for kid in range(32))
    assert check(encode(code), HOST, ring, LAST_DAY) == CLAIMS
    assert sum(refused(encode(other), ring=ring, today=LAST_DAY) for other in flipped) == 592


@every_algorithm
def test_the_signature_of_one_kind_is_no_good_for_another(alg):
    signature = decode(sign(CLAIMS, HOST, KEYS[alg]))[CLAIMS_LENGTH:]
    others = [replace(CLAIMS, kind=kind) for kind in Kind if kind is not CLAIMS.kind]
    assert len(others) == 16
    assert all(refused(encode(other.pack() + signature), ring=KeyRing([KEYS[alg]])) for other in others)


@every_algorithm
@pytest.mark.parametrize("host", ["zwfw.example.gov.c", "zwfw.example.gov.cn:8443", "", "xzwfw.example.gov.cn"])
def test_a_code_of_one_host_is_no_good_on_another(alg, host):
    refused(sign(CLAIMS, HOST, KEYS[alg]), host=host, ring=KeyRing([KEYS[alg]]))


@pytest.mark.parametrize(("signer", "checker"), [(KEY, SM2_KEY), (SM2_KEY, KEY)])
def test_the_signature_of_one_algorithm_is_no_good_for_another(signer, checker):
    """Of the same private key even: the key's number says what is to be checked, the code cannot."""
    refused(sign(CLAIMS, HOST, signer), ring=KeyRing([checker]))
    elsewhere = replace(checker, kid=8)
    moved = bytes((decode(sign(CLAIMS, HOST, signer))[0] ^ 7 ^ 8,)) + decode(sign(CLAIMS, HOST, signer))[1:]
    refused(encode(moved), ring=KeyRing([signer, elsewhere]))


def test_a_signature_of_ed25519_can_be_written_in_one_way_only():
    order = 2**252 + 27742317777372353535851937790883648493
    code = decode(sign(CLAIMS, HOST, KEY))
    s = int.from_bytes(code[-32:], "little")
    for times in range(1, 15):
        refused(encode(code[:-32] + (s + times * order).to_bytes(32, "little")))


def test_the_numbers_of_kinds_are_fixed_and_each_has_a_name():
    """They are printed on paper."""
    assert {kind.value: kind.name for kind in Kind} == {
        1: "ACCEPTANCE",
        2: "CORRECTION",
        3: "CONCLUSION",
        4: "DELIVERY",
        5: "APPOINTMENT",
        6: "RECEIVED",
        7: "NOT_OURS",
        8: "NOT_REQUIRED",
        9: "PROVISIONAL",
        10: "COMMITMENT",
        11: "SPECIAL_PROCEDURE",
        12: "EXTENSION",
        13: "GRANT",
        14: "DENIAL",
        15: "DELIVERY_RECEIPT",
        16: "ENDED",
        17: "DEEMED",
    }
    assert KIND_NAMES.keys() == set(Kind)
    assert len(set(KIND_NAMES.values())) == len(Kind)


def test_the_host_is_the_same_in_capitals():
    assert check(sign(CLAIMS, HOST.upper(), KEY), HOST, RING, DAY) == CLAIMS


def test_a_signature_for_another_purpose_is_no_good():
    packed = CLAIMS.pack()
    for purpose in (b"", b"daoban/receipt/2\0", b"daoban/receipt/1"):
        refused(encode(packed + KEY.sign(purpose + HOST.encode() + packed)))


@pytest.mark.parametrize("kind", [0, 18, 255])
def test_a_kind_that_does_not_exist_is_refused_even_if_signed(kind):
    packed = bytes((CLAIMS.pack()[0], kind)) + CLAIMS.pack()[2:]
    refused(encode(packed + KEY.sign(b"daoban/receipt/1\0" + HOST.encode() + packed)))


@pytest.mark.parametrize("version", [0, 2, 7])
def test_another_version_is_refused_even_if_signed(version):
    packed = bytes((version << 5 | KEY.kid,)) + CLAIMS.pack()[1:]
    refused(encode(packed + KEY.sign(b"daoban/receipt/1\0" + HOST.encode() + packed)))


def test_digits_are_ascii_digits_of_the_right_number():
    good = sign(CLAIMS, HOST, KEY)
    fullwidth = good.translate({ord(str(n)): 0xFF10 + n for n in range(10)})
    arabic = good.translate({ord(str(n)): 0x660 + n for n in range(10)})
    assert fullwidth.isdigit()
    assert int(arabic) == int(good)
    for bad in (
        fullwidth,
        arabic,
        good[:-1] + "²",
        good[1:],
        "0" + good,
        good + "\n",
        " " + good[1:],
        "+" + good[1:],
        good[:90] + "_" + good[91:],
        "",
        "9" * 100_000,
    ):
        refused(bad)


def test_numbers_of_more_than_74_bytes_are_refused():
    assert len(str(256**LENGTH)) == DIGITS
    assert decode(str(256**LENGTH - 1)) == b"\xff" * LENGTH
    for number in (256**LENGTH, 256**LENGTH + int(sign(CLAIMS, HOST, KEY)), 10**DIGITS - 1):
        if len(str(number)) == DIGITS:
            with pytest.raises(ForgedCodeError, match="74 bytes"):
                decode(str(number))


@given(st.text(max_size=200))
def test_no_text_is_taken_for_a_code(text):
    refused(text)


@every_algorithm
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_genuine_code_that_was_edited_is_refused(alg, data):
    """Fuzz of the text: a piece is replaced by another, of other scripts, signs, blanks or digits."""
    good, ring = FIXED[alg], KeyRing([KEYS[alg]])
    start = data.draw(st.integers(0, DIGITS))
    end = data.draw(st.integers(start, min(DIGITS, start + 12)))
    other = data.draw(
        st.text("0123456789\u0660\u0665\uff10\uff19²½一_+-.eExX \n\t\0", max_size=12) | st.text(max_size=6)
    )
    edited = good[:start] + other + good[end:]
    if edited != good:
        refused(edited, ring=ring)


def test_made_up_codes_are_refused():
    for _ in range(500):
        refused(encode(CLAIMS.pack() + secrets.token_bytes(LENGTH - CLAIMS_LENGTH)))


def test_a_code_from_tomorrow_passes_as_clocks_differ_but_none_from_later():
    ahead = Claims(7, Kind.APPOINTMENT, DAY + CLOCKS_DIFFER, CLAIMS.id)
    assert check(sign(ahead, HOST, KEY), HOST, RING, DAY) == ahead
    later = Claims(7, Kind.APPOINTMENT, ahead.issued_on + timedelta(days=1), CLAIMS.id)
    refused(sign(later, HOST, KEY))
