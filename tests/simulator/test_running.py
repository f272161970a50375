"""The simulator as a program of its own, set by environment variables."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.conftest import HTTP
from wechat_simulator import Account
from wechat_simulator.account import account_from

ROOT = Path(__file__).parents[2]


def test_the_environment_sets_the_account():
    environment = {
        "WECHAT_APP_ID": "wx1111111111111111",
        "WECHAT_APP_SECRET": "s1",
        "WECHAT_TOKEN": "t1",
        "WECHAT_AES_KEY": "A" * 43,
        "WECHAT_ACCOUNT": "gh_1",
        "WECHAT_MODE": "compatible",
        "WECHAT_OPEN_PLATFORM": "true",
        "MINIPROGRAM_APP_ID": "wx2222222222222222",
        "MINIPROGRAM_APP_SECRET": "s2",
    }
    assert account_from(environment) == Account(
        app_id="wx1111111111111111",
        app_secret="s1",
        token="t1",
        aes_key="A" * 43,
        original_id="gh_1",
        mode="compatible",
        open_platform=True,
        mini_app_id="wx2222222222222222",
        mini_app_secret="s2",
    )
    assert account_from({"WECHAT_TOKEN": ""}) == Account()


@pytest.mark.parametrize("fields", [{"mode": "secret"}, {"aes_key": "short"}])
def test_an_account_that_cannot_be(fields):
    with pytest.raises(ValueError, match=r"WECHAT_MODE|EncodingAESKey"):
        Account(**fields)


def test_it_runs_until_it_is_told_to_stop():
    environment = {**os.environ, "SIMULATOR_PORT": "0", "SIMULATOR_CALLBACK": "http://127.0.0.1:9/wechat"}
    command = [sys.executable, "-m", "wechat_simulator"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split("：")[1].split("（")[0]
        assert HTTP.get(f"{url}/cgi-bin/token").json()["errcode"] == 40002
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
