"""Codes of the time: those of RFC 6238, for a step before and after, each once."""

from datetime import UTC, datetime

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.staff import totp

SECRETS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=32, max_size=32)
COUNTERS = st.integers(10, 200_000_000)

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""Of the ASCII string 12345678901234567890, appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds, code):
    moment = datetime.fromtimestamp(seconds, UTC)
    counter = totp.counter_at(moment)
    assert totp.code_at(RFC, counter) == code[-6:]
    assert totp.matching(RFC, code[-6:], moment, after=0) == counter


@given(SECRETS, COUNTERS, st.integers(0, 29), st.integers(-4, 4), st.integers(-4, 4))
def test_a_code_is_good_a_step_before_and_after_and_not_once_it_or_a_later_one_was_used(
    secret, now, second, shown, used
):
    """By definition: some step in the window, after the last that was used, has this code."""
    moment = datetime.fromtimestamp(now * totp.STEP + second, UTC)
    code = totp.code_at(secret, now + shown)
    window = [now + offset for offset in (-1, 0, 1)]
    good = [step for step in window if step > now + used and totp.code_at(secret, step) == code]
    found = totp.matching(secret, code, moment, after=now + used)
    assert found == (good[0] if good else None)
    if abs(shown) <= 1 and shown > used:
        assert found is not None


@given(SECRETS, COUNTERS)
def test_what_was_found_once_is_never_found_again(secret, now):
    """However often and whenever it is shown: the steps that were found grow."""
    last, found = 0, []
    for second in range(0, 120, 15):
        moment = datetime.fromtimestamp(now * totp.STEP + second, UTC)
        for shown in (now - 1, now, now + 1, now):
            step = totp.matching(secret, totp.code_at(secret, shown), moment, after=last)
            if step is not None:
                found.append(step)
                last = step
    assert found == sorted(set(found))


@given(st.text(max_size=12), COUNTERS)
def test_anything_else_is_no_code(text, now):
    moment = datetime.fromtimestamp(now * totp.STEP, UTC)
    good = {totp.code_at(RFC, now + offset) for offset in (-1, 0, 1)}
    assert (totp.matching(RFC, text, moment, after=0) is not None) == (text in good)


def test_a_secret_has_160_bits_and_is_written_in_groups():
    secret = totp.new_secret()
    assert len(secret) == 32 and secret != totp.new_secret()
    assert totp.grouped(secret).split() == [secret[start : start + 4] for start in range(0, 32, 4)]
    address = totp.address(secret, "wang", "十堰市行政审批局")
    assert pyotp.parse_uri(address).secret == secret
    assert (pyotp.parse_uri(address).name, pyotp.parse_uri(address).issuer) == ("wang", "十堰市行政审批局")
