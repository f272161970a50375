"""CODE_KEYS is read strictly, and an installation without a key that signs does not start."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from structlog.testing import capture_logs

from miniapp_api.app import create_app
from miniapp_api.calendar.service import today
from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import LAST_DAY, CodeKey, read_keys
from miniapp_api.config import Settings, SettingsError
from miniapp_api.entries import to_text
from miniapp_api.signed_codes.installation import Codes
from tests.conftest import CODE_KEYS, SECRET, only_sqlite

SEED = to_text(bytes(range(100, 132)))
WHEN = "not_before=2026-01-01 not_after=2026-12-31"
GOOD = f"kid=3 seed={SEED} {WHEN}"
SM2_ORDER = bytes.fromhex("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123")
SM2_ENTRY = f"kid=5 alg=sm2 seed={to_text(bytes(range(60, 92)))} {WHEN}"
SM2 = CodeKey.from_seed(3, bytes(range(100, 132)), date(2026, 1, 1), LAST_DAY, algorithm=ALGORITHMS["sm2"])
NEW_KEY = "python -m miniapp_api.signed_codes new-key"


def refusal(text):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SECRET_KEY": SECRET, "CODE_KEYS": text})
    return str(caught.value)


def test_keys_are_read_from_the_environment():
    public = to_text(bytes(range(32)))
    text = f" {GOOD};\n kid=4 public={public} {WHEN} compromised_at=2026-05-04 ; "
    first, second = Settings.from_environment({"SECRET_KEY": SECRET, "CODE_KEYS": text}).code_keys
    assert (first.kid, first.not_before, first.not_after) == (3, date(2026, 1, 1), date(2026, 12, 31))
    assert to_text(first.seed) == SEED
    assert (second.kid, second.seed, second.compromised_at) == (4, None, date(2026, 5, 4))
    assert second.public == bytes(range(32))


def test_a_key_is_of_ed25519_if_it_names_no_algorithm():
    first, second, third = read_keys(f"{GOOD}; kid=4 alg=ed25519 seed={to_text(bytes(range(32)))} {WHEN}; {SM2_ENTRY}")
    assert [key.algorithm.name for key in (first, second, third)] == ["Ed25519", "Ed25519", "SM2"]
    assert [len(key.public) for key in (first, second, third)] == [32, 32, 64]


@pytest.mark.parametrize("alg", list(ALGORITHMS))
def test_an_entry_is_read_back_as_it_was_written(alg):
    key = CodeKey.from_seed(3, bytes(range(100, 132)), date(2026, 1, 1), LAST_DAY, algorithm=ALGORITHMS[alg])
    for one in (key, key.without_seed()):
        (read,) = read_keys(one.entry())
        assert (read, read.seed) == (one, one.seed)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"{GOOD};{GOOD}", "kid=3 用了两次"),
        (f"{GOOD};kid=4 seed={SEED} {WHEN}", "一样"),
        (f"kid=3 seed={'A' * 43} {WHEN}", "太容易猜到"),
        (f"kid=3 seed={to_text(b'0123456701234567' * 2)} {WHEN}", "太容易猜到"),
        (f"kid=3 seed={SEED[:-1]} {WHEN}", "32 字节"),
        (f"kid=3 seed={SEED}AA {WHEN}", "32 字节"),
        (f"kid=3 seed={'!' * 43} {WHEN}", "32 字节"),
        (f"kid=3 public={SEED[:-2]} {WHEN}", "32 字节"),
        (f"kid=32 seed={SEED} {WHEN}", "0 到 31"),
        (f"kid=-1 seed={SEED} {WHEN}", "0 到 31"),
        (f"kid=٣ seed={SEED} {WHEN}", "0 到 31"),
        (f"seed={SEED} {WHEN}", "0 到 31"),
        (f"kid=3 {WHEN}", "写一个"),
        (f"kid=3 seed={SEED} public={SEED} {WHEN}", "写一个"),
        (f"kid=3 seed={SEED} not_before=2026-01-01", "not_after 应当是日期"),
        (f"kid=3 seed={SEED} not_before=2026-13-01 not_after=2027-01-01", "not_before 应当是日期"),
        (f"kid=3 seed={SEED} not_before=2026-02-01 not_after=2026-01-01", "不能晚于"),
        (f"kid=3 seed={SEED} not_before=2019-12-31 not_after=2026-01-01", "2020-01-01"),
        (f"kid=3 seed={SEED} not_before=2026-01-01 not_after={LAST_DAY + timedelta(days=1)}", str(LAST_DAY)),
        (f"{GOOD} compromised_at=soon", "compromised_at 应当是日期"),
        (f"{GOOD} alg=none", "alg 只能是 ed25519 或 sm2"),
        (f"{GOOD} alg=", "alg 只能是 ed25519 或 sm2"),
        (f"{GOOD} alg=SM2", "alg 只能是 ed25519 或 sm2"),
        (f"{GOOD} alg=sm2 alg=sm2", "每项一次"),
        (f"{GOOD} algorithm=sm2", "只能有"),
        (f"kid=3 alg=sm2 public={SEED} {WHEN}", "64 字节的 base64url（86 个字符）"),
        (f"kid=3 public={to_text(SM2.public)} {WHEN}", "32 字节"),
        (f"kid=3 alg=sm2 public={to_text(bytes(range(64)))} {WHEN}", "不是 SM2 的公钥"),
        (f"kid=3 alg=sm2 seed={to_text(SM2_ORDER)} {WHEN}", "不是 SM2 的私钥"),
        (f"{GOOD};kid=4 alg=sm2 seed={SEED} {WHEN}", "一样"),
        (f"{GOOD} kid=4", "每项一次"),
        ("x", "只能有"),
    ],
)
def test_a_wrong_entry_is_named_without_its_seed(text, why):
    said = refusal(text)
    assert "CODE_KEYS" in said
    assert why in said
    assert SEED not in said


def test_settings_do_not_show_the_seed():
    settings = Settings.from_environment({"SECRET_KEY": SECRET, "CODE_KEYS": GOOD})
    assert SEED not in repr(settings)
    assert str(bytes(range(100, 132))) not in repr(settings)


@only_sqlite
@pytest.mark.parametrize(
    "keys",
    [
        "",
        f"kid=0 seed={SEED} not_before=2020-01-01 not_after=2020-12-31",
        f"kid=0 seed={SEED} not_before=2199-01-01 not_after=2199-01-02",
        f"kid=0 public={SEED} not_before=2020-01-01 not_after=2199-01-01",
        f"kid=0 seed={SEED} not_before=2020-01-01 not_after=2199-01-01 compromised_at=2026-01-01",
    ],
)
def test_an_installation_without_a_key_that_signs_does_not_start(settings, content, guides, keys):
    with pytest.raises(SettingsError) as caught:
        create_app(settings.model_copy(update={"code_keys": read_keys(keys)}), content=content, guides=guides)
    assert "CODE_KEYS" in str(caught.value)
    assert NEW_KEY in str(caught.value)
    assert "DAOBAN_DEMO=1" in str(caught.value)


def test_a_demonstration_needs_no_key_and_uses_the_one_it_is_given():
    derived = Codes.of(Settings(daoban_demo=True), today)
    assert derived.ring.signing(today()).kid == 0
    given = Codes.of(Settings(daoban_demo=True, code_keys=read_keys(GOOD.replace("2026-12-31", "2099-12-31"))), today)
    assert given.ring.signing(today()).kid == 3


def warnings(**changes):
    settings = Settings(secret_key=SECRET, code_keys=read_keys(CODE_KEYS)).model_copy(update=changes)
    with capture_logs() as logs:
        Codes.of(settings, lambda: date(2026, 11, 25))
    return [line["event"] for line in logs]


def test_the_operator_is_warned_when_the_last_key_runs_out_soon():
    soon = f"kid=0 seed={SEED} not_before=2026-01-01 not_after=2026-12-01"
    assert warnings(code_keys=read_keys(soon)) == ["code_keys_expire_soon"]
    successor = f"{soon}; kid=1 seed={to_text(bytes(range(50, 82)))} not_before=2026-11-20 not_after=2027-12-31"
    assert warnings(code_keys=read_keys(successor)) == []


@pytest.mark.parametrize(
    ("host", "warned"),
    [
        ("a" * 16 + ".cn", []),
        ("a" * 17 + ".cn", ["code_address_is_long"]),
        ("a" * 11 + ".cn:8443", []),
        ("a" * 12 + ".cn:8443", ["code_address_is_long"]),
    ],
)
def test_the_operator_is_warned_of_a_host_of_more_than_19_characters_as_it_makes_qr_codes_finer(host, warned):
    assert warnings(public_url=f"https://{host}") == warned


def run(*arguments, **environment):
    environment["PYTHONIOENCODING"] = "utf-8"
    command = [sys.executable, "-m", "miniapp_api.signed_codes", *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_new_key_is_printed_as_an_entry_with_the_next_number():
    status, printed, _ = run("new-key", CODE_KEYS=GOOD)
    (key,) = read_keys(printed)
    assert (status, key.kid) == (0, 4)
    assert key.may_sign(today())
    (other,) = read_keys(run("new-key")[1])
    assert (other.kid, other.seed == key.seed) == (0, False)


def test_a_new_key_of_sm2_is_printed_if_asked_for():
    status, printed, _ = run("new-key", "--alg", "sm2", CODE_KEYS=GOOD)
    (key,) = read_keys(printed)
    assert (status, key.kid, key.algorithm.name) == (0, 4, "SM2")
    assert key.verifies(b"x", key.sign(b"x"))
    (kept,) = read_keys(run("retire", "4", CODE_KEYS=printed)[1])
    assert (kept.seed, kept.public, kept.algorithm) == (None, key.public, key.algorithm)


def test_the_numbers_of_keys_are_not_used_again():
    keys = [CodeKey.from_seed(kid, bytes(range(kid, kid + 32)), date(2026, 1, 1), LAST_DAY) for kid in (0, 31)]
    status, _, said = run("new-key", CODE_KEYS=";".join(key.entry() for key in keys))
    assert status == 1
    assert "不能重用编号" in said


def test_retiring_a_key_prints_its_public_half():
    _, printed, _ = run("retire", "3", CODE_KEYS=f"{GOOD} compromised_at=2026-05-04")
    (kept,) = read_keys(printed)
    (key,) = read_keys(GOOD)
    assert (kept.kid, kept.public, kept.seed, kept.not_after) == (3, key.public, None, key.not_after)
    assert kept.compromised_at == date(2026, 5, 4)
    assert SEED not in printed


@pytest.mark.parametrize(
    ("arguments", "keys", "said"),
    [
        ((), "", "new-key"),
        (("retire", "9"), GOOD, "没有 kid=9"),
        (("new-key",), "x", "第 1 把密钥"),
        (("new-key", "--alg", "rsa"), GOOD, "ed25519 或 sm2"),
        (("new-key", "--alg"), GOOD, "new-key --alg sm2"),
    ],
)
def test_the_command_explains_itself(arguments, keys, said):
    status, _, printed = run(*arguments, CODE_KEYS=keys)
    assert status == 1
    assert said in printed
    assert "Traceback" not in printed
