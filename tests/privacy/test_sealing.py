"""What is sealed opens in its own place, under its own key, and only if nobody changed it."""

import pytest
from flask import current_app
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from miniapp_api import vault
from miniapp_api.field_settings import CIPHERS, INDEX, BrokenSealError, FieldKey
from miniapp_api.vault import Vault

INDEXING = FieldKey.new(0, INDEX)
KEYS = {algorithm: FieldKey.new(kid, algorithm) for kid, algorithm in enumerate(CIPHERS, 1)}
UNDER_BOTH = pytest.mark.parametrize("algorithm", list(CIPHERS))
TEXT = st.text(max_size=60)

each = hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def algorithm():
    """Seal under AES, unless a test says otherwise."""
    return "aes-256-gcm"


@pytest.fixture
def sealing(sealing, algorithm):
    """Seal under one algorithm, with the retired key of the other at hand."""
    keys = [FieldKey(key.kid, key.algorithm, key.secret, key.algorithm != algorithm) for key in KEYS.values()]
    return use(INDEXING, *keys)


def use(*keys):
    """Have other keys from now on."""
    current_app.extensions["vault"] = Vault(keys)
    return current_app.extensions["vault"]


@UNDER_BOTH
@each
@given(purpose=TEXT, bound_to=TEXT, text=TEXT)
def test_what_is_sealed_is_unsealed(sealing, algorithm, purpose, bound_to, text):
    sealed = vault.seal(purpose, bound_to, text)
    assert sealing.newest.algorithm == algorithm
    assert vault.unseal(purpose, bound_to, sealed) == text
    assert sealed.startswith(f"{sealing.newest.kid}.")
    raw = text.encode()
    assert vault.unseal_bytes(purpose, bound_to, vault.seal_bytes(purpose, bound_to, raw)) == raw


@UNDER_BOTH
@each
@given(place=st.tuples(TEXT, TEXT), other=st.tuples(TEXT, TEXT), text=TEXT)
def test_moved_to_another_column_or_row_it_is_broken(sealing, place, other, text):
    assume(place != other)
    with pytest.raises(BrokenSealError):
        vault.unseal(*other, vault.seal(*place, text))
    with pytest.raises(BrokenSealError):
        vault.unseal_bytes(*other, vault.seal_bytes(*place, text.encode()))


@UNDER_BOTH
@each
@given(text=TEXT, data=st.data())
def test_changed_in_any_character_it_is_broken(sealing, text, data):
    sealed = vault.seal("people.sealed", "1", text)
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("ABYZabyz0123456789-_.="))
    assume(sealed[at] != other)
    with pytest.raises(BrokenSealError):
        vault.unseal("people.sealed", "1", sealed[:at] + other + sealed[at + 1 :])


@UNDER_BOTH
def test_any_bit_of_sealed_bytes_counts(sealing):
    sealed = vault.seal_bytes("papers.content", "7", b"%PDF")
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BrokenSealError):
            vault.unseal_bytes("papers.content", "7", bytes(changed))


@pytest.mark.usefixtures("sealing")
@pytest.mark.parametrize(
    "sealed", ["", ".", "1.", "1", "x.AAAA", "01.AAAA", "1.AAAA", "1.****", "999.AAAA", "0.AAAA", "1.A"]
)
def test_what_was_never_sealed_is_broken(sealed):
    with pytest.raises(BrokenSealError):
        vault.unseal("people.sealed", "1", sealed)
    with pytest.raises(BrokenSealError):
        vault.unseal_bytes("people.sealed", "1", sealed.encode())


@pytest.mark.usefixtures("sealing")
def test_under_another_key_of_the_same_number_it_is_broken():
    sealed = vault.seal("people.sealed", "1", "王小明")
    use(INDEXING, FieldKey.new(1, "aes-256-gcm"))
    with pytest.raises(BrokenSealError):
        vault.unseal("people.sealed", "1", sealed)


@pytest.mark.usefixtures("sealing")
def test_a_key_that_is_gone_breaks_what_it_sealed_and_a_retired_one_does_not():
    sealed = vault.seal("people.sealed", "1", "王小明")
    fresh = FieldKey.new(9, "sm4-gcm")
    old = FieldKey(1, "aes-256-gcm", KEYS["aes-256-gcm"].secret, retired=True)
    use(INDEXING, old, fresh)
    assert vault.unseal("people.sealed", "1", sealed) == "王小明"
    assert (vault.is_newest(sealed), vault.is_newest(vault.seal("a", "b", "c"))) == (False, True)
    use(INDEXING, fresh)
    with pytest.raises(BrokenSealError):
        vault.unseal("people.sealed", "1", sealed)


@UNDER_BOTH
def test_no_nonce_comes_twice(sealing):
    nonces = {sealing.newest.seal("people.sealed", "1", b"")[:12] for _ in range(10_000)}
    assert len(nonces) == 10_000


@pytest.mark.usefixtures("sealing")
def test_an_index_is_the_same_for_the_same_text_and_purpose_only():
    index = vault.blind_index("people.subject", "11010519491231002X")
    assert index == vault.blind_index("people.subject", " 110105 19491231 002X ".replace("1", "１"))
    assert len(index) == 64
    others = {
        vault.blind_index("cases.subject", "11010519491231002X"),
        vault.blind_index("people.subject", "110105194912310021"),
        vault.blind_index("people", "subject11010519491231002X"),
    }
    use(FieldKey.new(0, INDEX), *KEYS.values())
    others.add(vault.blind_index("people.subject", "11010519491231002X"))
    assert len(others | {index}) == 5


@pytest.mark.usefixtures("sealing")
def test_an_index_outlives_a_change_of_the_sealing_key():
    index = vault.blind_index("people.subject", "11010519491231002X")
    use(INDEXING, FieldKey.new(9, "sm4-gcm"))
    assert vault.blind_index("people.subject", "11010519491231002X") == index
