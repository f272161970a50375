"""Which passwords will do, and how they are kept."""

import argon2
import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from miniapp_api.staff import passwords


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("correct horse", None),
        ("我的密码是十二个字的一句话", None),
        ("x" * 12, None),
        ("x" * 11, "太短"),
        ("x" * 128, None),
        ("x" * 129, "太长"),
        ("my name is Wang", "用户名"),
        ("my name is ｗａｎｇ", "用户名"),
    ],
)
def test_a_password_is_long_and_does_not_hold_the_username(password, fault):
    found = passwords.fault(password, "wang")
    assert found is None if fault is None else fault in found


def test_generated_passwords_will_do_and_differ():
    made = {passwords.generate() for _ in range(100)}
    assert len(made) == 100
    assert {passwords.fault(password, "admin") for password in made} == {None}
    assert not set("".join(made)) & set("il1o0")


@given(st.text(max_size=200), st.text(max_size=200))
def test_only_the_password_itself_matches(one, other):
    kept = passwords.hashed(one[: passwords.MOST])
    assert passwords.matches(kept, one[: passwords.MOST])
    same = passwords._plain(one[: passwords.MOST]) == passwords._plain(other)
    assert passwords.matches(kept, other) == same


def test_full_width_letters_are_the_same_letters():
    assert passwords.matches(passwords.hashed("abc123 456789"), "ａｂｃ１２３　４５６７８９")


def test_what_is_kept_is_salted_argon2id():
    one, other = passwords.hashed("correct horse"), passwords.hashed("correct horse")
    assert one != other
    assert argon2.extract_parameters(one).type is argon2.Type.ID


def test_nobody_has_a_password_and_it_costs_a_computation_to_find_out(monkeypatch):
    computed = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: computed.append(given) or verify(*given))
    assert not passwords.matches(None, "correct horse")
    assert len(computed) == 1
    assert argon2.extract_parameters(computed[0][1]) == argon2.extract_parameters(passwords.hashed("x"))


def test_todays_parameters_are_those_of_rfc_9106():
    """Second recommended option: 64 MiB, three passes, four lanes."""
    fresh = PasswordHasher()
    assert (fresh.memory_cost, fresh.time_cost, fresh.parallelism) == (65536, 3, 4)


def test_a_hash_with_other_parameters_is_outdated():
    kept = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1).hash("correct horse")
    assert passwords.is_outdated(kept)
    assert not passwords.is_outdated(passwords.hashed("correct horse"))
