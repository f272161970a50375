"""An installation that is described badly does not start, and says in Chinese what to mend."""

import subprocess
import sys

import pytest

from miniapp_api.config import DEMO_KEY, Settings, SettingsError
from tests.conftest import SECRET


def read(**environment):
    return Settings.from_environment(environment)


def refusal(**environment):
    with pytest.raises(SettingsError) as caught:
        read(**environment)
    return str(caught.value)


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("", "没有设置"),
        ("   ", "没有设置"),
        ("short", "太短"),
        (SECRET[:31], "太短"),
        ("a" * 64, "太容易猜到"),
        ("abcabcabc" * 8, "太容易猜到"),
        ("my-very-long-Secret-that-is-a-sentence", "太容易猜到"),
        ("please-CHANGEME-before-production-0123456789", "太容易猜到"),
        (DEMO_KEY, "太容易猜到"),
    ],
)
def test_a_weak_secret_is_refused_with_the_way_out(secret, why):
    said = refusal(SECRET_KEY=secret)
    assert why in said
    assert "secrets.token_urlsafe" in said
    assert "DAOBAN_DEMO=1" in said
    assert not secret.strip() or secret not in said


def test_a_strong_secret_signs():
    assert read(SECRET_KEY=SECRET).signing_key == SECRET


@pytest.mark.parametrize(("secret", "key"), [("", DEMO_KEY), ("weak", "weak")])
def test_a_demonstration_may_be_weak(secret, key):
    assert read(DAOBAN_DEMO="1", SECRET_KEY=secret).signing_key == key


def test_demo_zero_is_no_demonstration():
    assert "SECRET_KEY" in refusal(DAOBAN_DEMO="0")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PORT", "eighty", "应当是整数"),
        ("PORT", "70000", "不大于 65535"),
        ("WEB_THREADS", "2", "不小于 4"),
        ("RASA_TIMEOUT", "0", "大于 0"),
        ("RASA_TIMEOUT", "nan", "RASA_TIMEOUT"),
        ("DAOBAN_DEMO", "perhaps", "1 或 0"),
        ("LOG_LEVEL", "LOUD", "格式不对"),
        ("DATABASE_URL", "nonsense", "不是数据库地址"),
        ("DATABASE_URL", "mysql://u:pw0rd@h/d", "只支持"),
        ("DATABASE_URL", "sqlite://", "只支持"),
        ("METRICS_NETWORKS", "10.0.0.0/8,here", "网段"),
    ],
)
def test_a_wrong_variable_is_named(name, value, why):
    said = refusal(**{"SECRET_KEY": SECRET, name: value})
    assert name in said
    assert why in said
    assert "pw0rd" not in said


def test_all_faults_are_told_at_once():
    said = refusal(SECRET_KEY=SECRET, PORT="x", WEB_THREADS="x")
    assert "PORT" in said
    assert "WEB_THREADS" in said


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg_however_it_is_written(scheme):
    url = read(SECRET_KEY=SECRET, DATABASE_URL=f"{scheme}://u:p%40w@h:5/d?sslmode=require").database_url
    assert url == "postgresql+psycopg://u:p%40w@h:5/d?sslmode=require"


def test_an_empty_variable_counts_as_absent():
    assert read(SECRET_KEY=SECRET, PORT="", REDIS_URL="").port == 8000


def test_settings_do_not_show_what_is_secret():
    shown = repr(read(SECRET_KEY=SECRET, RASA_TOKEN="t0ken", DATABASE_URL="postgresql://u:pw0rd@h/d"))
    assert not [word for word in (SECRET, "t0ken", "pw0rd") if word in shown]


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        read(SECRET_KEY=SECRET).port = 1


def test_two_threads_stay_free_for_call_backs():
    assert read(SECRET_KEY=SECRET, WEB_THREADS="4").rasa_places == 2


def end(program, **environment):
    """Run a program in an environment of its own; return its status and what it said."""
    environment["PYTHONIOENCODING"] = "utf-8"
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    return ended.returncode, ended.stderr


def test_the_migration_ends_with_the_reason():
    status, said = end("from miniapp_api import migrate; migrate.main([])")
    assert status == 1
    assert "服务没有启动" in said
    assert "Traceback" not in said


def test_the_web_server_is_told_the_reason_in_its_own_kind_of_error(tmp_path):
    (tmp_path / "themes").mkdir()
    program = """
from gunicorn.errors import AppImportError
try:
    import miniapp_api.wsgi
except AppImportError as error:
    raise SystemExit(str(error))
"""
    status, said = end(program)
    assert (status, "SECRET_KEY 没有设置" in said) == (1, True), said
    status, said = end(program, SECRET_KEY=SECRET, CATALOGUE_DIR=str(tmp_path))
    assert (status, "内容有错" in said) == (1, True), said
