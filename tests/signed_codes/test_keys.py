"""Which key signs, which verify, and for which days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from miniapp_api.code_settings import LAST_DAY, CodeKey
from miniapp_api.signed_codes.code import Claims, ForgedCodeError, Kind, check, sign
from miniapp_api.signed_codes.keys import KeyRing, NoSigningKeyError, demonstration_key

HOST = "zwfw.example.gov.cn"
DAY = date(2026, 11, 25)
ONE = timedelta(days=1)


def key(kid, start, end):
    return CodeKey.from_seed(kid, bytes(range(kid, kid + 32)), start, end)


OLD = key(0, DAY - 400 * ONE, DAY + 30 * ONE)
NEW = key(1, DAY, DAY + 400 * ONE)
NEXT = key(2, DAY + 370 * ONE, DAY + 800 * ONE)


def code(of, day):
    return sign(Claims(of.kid, Kind.ACCEPTANCE, day, "00" * 6), HOST, of)


def passes(of, day, ring, today=None):
    try:
        check(code(of, day), HOST, ring, today or day)
    except ForgedCodeError:
        return False
    return True


def test_the_newest_valid_key_signs_and_all_verify():
    ring = KeyRing([NEXT, OLD, NEW])
    assert ring.signing(DAY - ONE) is OLD
    assert ring.signing(DAY) is NEW
    assert ring.signing(DAY + 371 * ONE) is NEXT
    assert passes(OLD, DAY - 300 * ONE, ring, today=DAY + 700 * ONE)
    assert passes(OLD, DAY, ring)
    assert passes(NEW, DAY, ring)


def test_a_key_verifies_only_what_it_may_have_signed():
    ring = KeyRing([OLD, NEW])
    assert not passes(NEW, DAY - ONE, ring)
    assert passes(OLD, OLD.not_after, ring)
    assert not passes(OLD, OLD.not_after + ONE, ring)
    assert not passes(OLD, OLD.not_before - ONE, ring)


def test_an_unknown_key_and_another_one_of_the_same_number_are_refused():
    assert not passes(NEW, DAY, KeyRing([OLD]))
    impostor = replace(key(9, NEW.not_before, NEW.not_after), kid=NEW.kid)
    assert not passes(impostor, DAY, KeyRing([OLD, NEW]))


def test_a_key_that_is_not_valid_yet_does_not_sign():
    with pytest.raises(NoSigningKeyError):
        KeyRing([NEXT]).signing(DAY)
    assert not passes(NEXT, NEXT.not_before, KeyRing([NEXT]), today=DAY)


def test_a_key_without_its_seed_verifies_but_does_not_sign():
    kept = NEW.without_seed()
    assert passes(NEW, DAY, KeyRing([kept]))
    with pytest.raises(NoSigningKeyError):
        KeyRing([kept]).signing(DAY)
    with pytest.raises(ValueError, match="only verify"):
        code(kept, DAY)


def test_a_compromised_key_does_not_sign_any_more():
    lost = replace(NEW, compromised_at=DAY)
    assert KeyRing([OLD, lost]).signing(DAY) is OLD
    with pytest.raises(NoSigningKeyError):
        KeyRing([lost]).signing(DAY)


def test_an_expired_ring_does_not_sign():
    with pytest.raises(NoSigningKeyError):
        KeyRing([OLD, NEW]).signing(NEW.not_after + ONE)


def test_the_key_of_a_demonstration_follows_from_its_secret():
    one, same, other = map(demonstration_key, ("a", "a", "b"))
    assert one == same
    assert one.seed == same.seed
    assert one.public != other.public
    assert one.covers(DAY)
    assert one.covers(LAST_DAY)


def test_a_key_does_not_show_its_seed():
    assert str(NEW.seed) not in repr(NEW)
    assert "seed" not in repr(NEW)
