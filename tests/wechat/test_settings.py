"""A door that would stand open does not open at all, and start-up says in Chinese what to mend."""

import traceback

import pytest

from miniapp_api.config import Settings, SettingsError
from tests.conftest import SECRET
from wechat_simulator import Account
from wechat_simulator.account import VARIABLES

ACCOUNT = Account()
TOKEN = "q7Yw2LxN9bTz4VfK"
WECHAT = {name: str(getattr(ACCOUNT, field)) for field, name in VARIABLES.items() if name.startswith("WECHAT_")}
GOOD = {"SECRET_KEY": SECRET, **WECHAT, "WECHAT_TOKEN": TOKEN}
DEMO = {**GOOD, "DAOBAN_DEMO": "1"}


def read(environment, **changes):
    return Settings.from_environment(environment | changes)


def refusal(environment=GOOD, **changes):
    """What start-up says; never a secret, not even to a log that shows where it came from."""
    with pytest.raises(SettingsError) as caught:
        read(environment, **changes)
    shown = "".join(traceback.format_exception(caught.value))
    secrets = {GOOD["WECHAT_APP_SECRET"], GOOD["WECHAT_AES_KEY"], SECRET, TOKEN}
    secrets |= {changes[name] for name in ("WECHAT_TOKEN", "WECHAT_AES_KEY") if len(changes.get(name, "")) > 2}
    assert not [secret for secret in secrets if secret in shown]
    return str(caught.value)


def test_a_good_account_opens_the_door():
    wechat = read(GOOD).wechat
    assert (wechat.app_id, wechat.token, wechat.mode) == (ACCOUNT.app_id, TOKEN, "safe")
    assert (wechat.attempts, wechat.window, wechat.open_platform) == (3, 300, False)


def test_without_an_account_there_is_no_door():
    settings = read({"SECRET_KEY": SECRET, "WECHAT_TOKEN": "", "WECHAT_APP_ID": " "})
    assert settings.wechat is settings.miniprogram is None


@pytest.mark.parametrize("missing", ["WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TOKEN", "WECHAT_ACCOUNT"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_half_an_account_is_refused(missing, empty):
    assert f"{missing}：这一项必须填写" in refusal(**{missing: empty})
    assert f"{missing}：这一项必须填写" in refusal(DEMO, **{missing: empty})


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("ab", "格式不对"),
        ("a" * 33, "格式不对"),
        ("with spaces here ok", "格式不对"),
        ("带中文的令牌abcdefghijk", "格式不对"),
        ("abc", "太短（至少 16 个字符）"),
        (TOKEN[:15], "太短"),
        ("a" * 16, "太容易猜到"),
        ("abcabcabcabcabcabc", "太容易猜到"),
        ("MyDaobanToken1234567", "太容易猜到"),
    ],
)
def test_a_token_that_can_be_guessed_is_refused(token, why):
    said = refusal(WECHAT_TOKEN=token)
    assert "WECHAT_TOKEN" in said
    assert why in said


def test_a_demonstration_may_have_a_short_token_but_not_none():
    assert read(DEMO, WECHAT_TOKEN="abc").wechat.token == "abc"
    assert "WECHAT_TOKEN" in refusal(DEMO, WECHAT_TOKEN="ab")


def test_plaintext_is_for_demonstrations_only():
    said = refusal(WECHAT_MODE="plaintext")
    assert "WECHAT_MODE" in said
    assert "伪造" in said
    assert read(DEMO, WECHAT_MODE="plaintext").wechat.mode == "plaintext"


@pytest.mark.parametrize("mode", ["safe", "compatible", ""])
def test_what_is_sealed_needs_a_key(mode):
    assert "必须设 WECHAT_AES_KEY" in refusal(WECHAT_MODE=mode, WECHAT_AES_KEY="")
    assert "必须设 WECHAT_AES_KEY" in refusal(DEMO, WECHAT_MODE=mode, WECHAT_AES_KEY="")


@pytest.mark.parametrize("name", ["WECHAT_AES_KEY", "WECHAT_AES_KEY_PREVIOUS"])
@pytest.mark.parametrize(
    "key", ["a" * 42, "a" * 44, "a" * 42 + "!", "a" * 42 + "=", "密" * 43, "a" * 21 + " " + "a" * 21]
)
def test_a_key_that_is_none_is_named(name, key):
    said = refusal(**{name: key})
    assert f"环境变量 {name}：" in said
    assert "43 位" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WECHAT_APP_ID", "wx123"),
        ("WECHAT_APP_ID", "gh_51a0c0de51a0"),
        ("WECHAT_APP_ID", "WX51A0C0DE51A0C0DE"),
        ("WECHAT_ACCOUNT", "wx51a0c0de51a0c0de"),
        ("WECHAT_ACCOUNT", "gh_"),
        ("WECHAT_MODE", "open"),
        ("WECHAT_DEADLINE", "5"),
        ("WECHAT_DEADLINE", "nan"),
        ("WECHAT_ATTEMPTS", "5"),
        ("WECHAT_ATTEMPTS", "0"),
        ("WECHAT_WINDOW", "1"),
        ("WECHAT_WINDOW", "86400"),
        ("WECHAT_PLACES", "0"),
        ("WECHAT_OPEN_PLATFORM", "perhaps"),
        ("WECHAT_API_URL", "ftp://example.com"),
        ("WECHAT_API_URL", "https://example.com/path"),
        ("WECHAT_CARD_PAGE", "/pages/checklist"),
        ("WECHAT_CARD_PAGE", "pages/checklist?a=1"),
    ],
)
def test_a_wrong_variable_is_named(name, value):
    assert f"环境变量 {name}：" in refusal(**{name: value})


@pytest.mark.parametrize(("places", "threads"), [("48", "48"), ("120", "48"), ("46", "48"), ("24", "26"), ("2", "4")])
def test_waiting_pushes_leave_threads_for_everybody_else(places, threads):
    said = refusal(WECHAT_PLACES=places, WEB_THREADS=threads)
    assert "WEB_THREADS" in said
    assert "WECHAT_PLACES" in said


@pytest.mark.parametrize(("places", "threads", "rasa"), [("24", "48", 22), ("45", "48", 1), ("1", "4", 1)])
def test_enough_threads_start(places, threads, rasa):
    assert read(GOOD, WECHAT_PLACES=places, WEB_THREADS=threads).rasa_places == rasa


def test_all_faults_are_told_at_once():
    said = refusal(WECHAT_APP_ID="x", WECHAT_AES_KEY="x", PORT="x", MINIPROGRAM_APP_ID="x")
    names = ("WECHAT_APP_ID", "WECHAT_AES_KEY", "PORT", "MINIPROGRAM_APP_ID", "MINIPROGRAM_APP_SECRET")
    assert [name for name in names if name not in said] == []


def test_the_mini_program_is_set_by_itself():
    settings = read({"SECRET_KEY": SECRET}, MINIPROGRAM_APP_ID=ACCOUNT.mini_app_id, MINIPROGRAM_APP_SECRET="x")
    assert settings.wechat is None
    assert (settings.miniprogram.app_id, settings.miniprogram.session_days) == (ACCOUNT.mini_app_id, 30)


def test_settings_do_not_show_what_is_secret():
    shown = repr(read(GOOD, MINIPROGRAM_APP_ID=ACCOUNT.mini_app_id, MINIPROGRAM_APP_SECRET="s3cr3t-of-mini"))
    hidden = [GOOD["WECHAT_APP_SECRET"], GOOD["WECHAT_AES_KEY"], TOKEN, SECRET, "s3cr3t-of-mini"]
    assert [secret for secret in hidden if secret in shown] == []
