"""The format R1 by itself: whatever we write we read, and nothing else."""

import secrets
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

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

HOST = "zwfw.example.gov.cn"
DAY = date(2026, 11, 25)
KEY = CodeKey.from_seed(7, bytes(range(32)), FIRST_DAY, LAST_DAY)
RING = KeyRing([KEY])
CLAIMS = Claims(7, Kind.APPOINTMENT, DAY, "0123456789ab")

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


@given(any_claims, st.from_regex(r"[a-z0-9.-]{1,40}(:[0-9]{1,5})?", fullmatch=True))
def test_what_is_signed_is_read_back_and_has_always_the_same_digits(claims, host):
    key = CodeKey.from_seed(claims.kid, bytes(range(32)), FIRST_DAY, LAST_DAY)
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


def test_every_single_flipped_bit_is_noticed():
    code = decode(sign(CLAIMS, HOST, KEY))
    flipped = [(int.from_bytes(code) ^ 1 << bit).to_bytes(LENGTH) for bit in range(LENGTH * 8)]
    assert len(flipped) == 592
    # All keys are ours here, so that it is the signature that tells, not the key's number.
    ring = KeyRing(CodeKey.from_seed(kid, bytes(range(32)), FIRST_DAY, LAST_DAY) for kid in range(32))
    assert check(encode(code), HOST, ring, LAST_DAY) == CLAIMS
    assert sum(refused(encode(other), ring=ring, today=LAST_DAY) for other in flipped) == 592


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.APPOINTMENT])
def test_the_signature_of_one_kind_is_no_good_for_another(kind):
    signature = decode(sign(CLAIMS, HOST, KEY))[CLAIMS_LENGTH:]
    other = Claims(CLAIMS.kid, kind, CLAIMS.issued_on, CLAIMS.id)
    refused(encode(other.pack() + signature))


@pytest.mark.parametrize("host", ["zwfw.example.gov.c", "zwfw.example.gov.cn:8443", "", "xzwfw.example.gov.cn"])
def test_a_code_of_one_host_is_no_good_on_another(host):
    refused(sign(CLAIMS, HOST, KEY), host=host)


def test_the_host_is_the_same_in_capitals():
    assert check(sign(CLAIMS, HOST.upper(), KEY), HOST, RING, DAY) == CLAIMS


def test_a_signature_for_another_purpose_is_no_good():
    packed = CLAIMS.pack()
    for purpose in (b"", b"daoban/receipt/2\0", b"daoban/receipt/1"):
        refused(encode(packed + KEY.sign(purpose + HOST.encode() + packed)))


@pytest.mark.parametrize("kind", [0, 7, 255])
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


def test_made_up_codes_are_refused():
    for _ in range(500):
        refused(encode(CLAIMS.pack() + secrets.token_bytes(LENGTH - CLAIMS_LENGTH)))


def test_a_code_from_tomorrow_passes_as_clocks_differ_but_none_from_later():
    ahead = Claims(7, Kind.APPOINTMENT, DAY + CLOCKS_DIFFER, CLAIMS.id)
    assert check(sign(ahead, HOST, KEY), HOST, RING, DAY) == ahead
    later = Claims(7, Kind.APPOINTMENT, ahead.issued_on + timedelta(days=1), CLAIMS.id)
    refused(sign(later, HOST, KEY))
