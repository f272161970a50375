"""FIELD_KEYS is read strictly, and an installation that cannot seal does not start."""

import io

import pytest

from miniapp_api.app import create_app
from miniapp_api.config import Settings, SettingsError
from miniapp_api.entries import to_text
from miniapp_api.field_settings import INDEX, FieldKey, demonstration_keys, lack, read_field_keys
from miniapp_api.privacy.__main__ import main
from miniapp_api.vault import Vault
from tests.conftest import FIELD_KEYS, SECRET, only_sqlite

LONG = to_text(bytes(range(100, 132)))
SHORT = to_text(bytes(range(16)))
INDEXING = f"kid=0 alg=hmac-sha256 key={to_text(bytes(range(32)))}"
NEW_KEY = "python -m miniapp_api.privacy new-key"


def refusal(text):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SECRET_KEY": SECRET, "FIELD_KEYS": text})
    return str(caught.value)


def test_keys_are_read_from_the_environment_and_the_newest_that_is_not_retired_seals():
    text = f" {INDEXING};\n kid=1 alg=aes-256-gcm key={LONG} ; kid=2 alg=sm4-gcm key={SHORT} retired=yes; "
    keys = Settings.from_environment({"SECRET_KEY": SECRET, "FIELD_KEYS": text}).field_keys
    assert [(key.kid, key.algorithm, key.retired) for key in keys] == [
        (0, "hmac-sha256", False),
        (1, "aes-256-gcm", False),
        (2, "sm4-gcm", True),
    ]
    assert (Vault(keys).newest, Vault(keys).index) == (keys[1], keys[0])
    assert read_field_keys(";".join(key.entry() for key in keys)) == keys


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"kid=1 alg=aes-256-gcm key={LONG};kid=1 alg=sm4-gcm key={SHORT}", "同一个编号"),
        (f"kid=1 alg=aes-256-gcm key={LONG};kid=2 alg=aes-256-gcm key={LONG}", "一样"),
        (f"kid=1 alg=aes-256-gcm key={'A' * 43}", "太容易猜到"),
        (f"kid=1 alg=aes-256-gcm key={SHORT}", "32 字节"),
        (f"kid=1 alg=sm4-gcm key={LONG}", "16 字节"),
        (f"kid=1 alg=sm4-gcm key={'!' * 22}", "16 字节"),
        ("kid=1 alg=sm4-gcm", "16 字节"),
        (f"kid=1000 alg=sm4-gcm key={SHORT}", "0 到 999"),
        (f"kid=-1 alg=sm4-gcm key={SHORT}", "0 到 999"),
        (f"kid=١ alg=sm4-gcm key={SHORT}", "0 到 999"),
        (f"kid=1 alg=sm4-ecb key={SHORT}", "alg 应当是"),
        (f"kid=1 key={SHORT}", "alg 应当是"),
        (f"kid=1 alg=sm4-gcm key={SHORT} retired=no", "retired=yes"),
        (f"{INDEXING} retired=yes", "不能停用"),
        (f"kid=1 kid=2 alg=sm4-gcm key={SHORT}", "每项一次"),
        (f"kid=1 alg=sm4-gcm secret={SHORT}", "只能有"),
    ],
)
def test_what_is_wrong_is_said_without_the_key(text, why):
    said = refusal(text)
    assert "FIELD_KEYS" in said
    assert why in said
    assert LONG not in said
    assert SHORT not in said


@only_sqlite
@pytest.mark.parametrize(
    "keys",
    [
        "",
        INDEXING,
        f"kid=1 alg=aes-256-gcm key={LONG}",
        f"{INDEXING};kid=1 alg=aes-256-gcm key={LONG} retired=yes",
        f"{INDEXING};kid=2 alg={INDEX} key={LONG};kid=1 alg=sm4-gcm key={SHORT}",
    ],
)
def test_an_installation_that_cannot_seal_or_index_does_not_start(settings, content, guides, keys):
    with pytest.raises(SettingsError) as caught:
        create_app(settings.model_copy(update={"field_keys": read_field_keys(keys)}), content=content, guides=guides)
    assert "FIELD_KEYS" in str(caught.value)
    assert NEW_KEY in str(caught.value)


@only_sqlite
def test_a_demonstration_derives_its_keys_and_uses_those_it_is_given(settings, content, guides):
    demo = settings.model_copy(update={"daoban_demo": True, "field_keys": ()})
    derived = create_app(demo, content=content, guides=guides).extensions["vault"]
    assert tuple(derived.keys.values()) == demonstration_keys(SECRET)
    assert demonstration_keys(SECRET) != demonstration_keys(SECRET[::-1])
    assert len({key.secret for key in derived.keys.values()}) == 2
    given = create_app(
        demo.model_copy(update={"field_keys": read_field_keys(FIELD_KEYS)}), content=content, guides=guides
    )
    assert tuple(given.extensions["vault"].keys.values()) == read_field_keys(FIELD_KEYS)


def test_keys_are_not_shown():
    shown = repr(Settings(secret_key=SECRET, field_keys=read_field_keys(FIELD_KEYS)))
    shown += repr(read_field_keys(FIELD_KEYS))
    assert not any(entry.partition("key=")[2] in shown for entry in FIELD_KEYS.split(";"))


def made(monkeypatch, keys, *arguments):
    monkeypatch.setenv("FIELD_KEYS", keys)
    out = io.StringIO()
    return main(["new-key", *arguments], out), out.getvalue()


def test_the_first_keys_are_made_by_one_command(monkeypatch):
    status, printed = made(monkeypatch, "")
    keys = read_field_keys(printed)
    assert (status, lack(keys)) == (0, None)
    assert [(key.kid, key.algorithm) for key in keys] == [(0, INDEX), (1, "aes-256-gcm")]
    assert read_field_keys(made(monkeypatch, "")[1]) != keys


def test_a_further_key_has_the_next_number(monkeypatch):
    status, printed = made(monkeypatch, FIELD_KEYS, "--alg", "sm4-gcm")
    (key,) = read_field_keys(printed)
    assert (status, key.kid, key.algorithm) == (0, 2, "sm4-gcm")


def test_it_says_what_is_wrong_with_the_keys_there_are(monkeypatch):
    status, said = made(monkeypatch, "x")
    assert (status, "FIELD_KEYS：第 1 把密钥" in said) == (1, True)
    last = FieldKey.new(999, "sm4-gcm").entry()
    status, said = made(monkeypatch, f"{INDEXING};{last}")
    assert (status, "用完了" in said) == (1, True)
