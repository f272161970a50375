"""The commands, as an operator runs them."""

import io

import pytest
from sqlalchemy import func, select

from miniapp_api.accounts.models import Visitor
from miniapp_api.chat.models import ChatMessage
from miniapp_api.field_settings import FieldKey, read_field_keys
from miniapp_api.people.models import Person
from miniapp_api.privacy import __main__ as command
from miniapp_api.vault import Vault
from tests.conftest import FIELD_KEYS, only_sqlite

pytestmark = only_sqlite


@pytest.fixture
def run(app, session, monkeypatch):
    """Run a command on the application of the test; gives its status and what it printed."""
    monkeypatch.setattr(command, "_application", lambda: app)

    def run_(*arguments):
        session.rollback()
        out = io.StringIO()
        status = command.main(list(arguments), out)
        session.expire_all()
        return status, out.getvalue()

    return run_


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_erase_counts_first_and_then_erases(run, session, somebody):
    left = somebody()
    status, printed = run("erase", "--visitor", left.name, "--dry-run")
    assert (status, "什么都没有删" in printed, count(session, Visitor)) == (0, True, 1)
    assert "聊天记录：1" in printed
    status, printed = run("erase", "--visitor", left.name)
    assert (status, "已经删掉" in printed, count(session, Visitor)) == (0, True, 0)


def test_erase_says_why_not(run, session, somebody):
    status, printed = run("erase", "--visitor", "0" * 32)
    assert (status, "没有这个访客" in printed) == (1, True)
    status, printed = run("erase", "--visitor", somebody(status="confirmed").name)
    assert (status, "请先取消" in printed, count(session, Visitor)) == (1, True, 1)


def test_retain_counts_first_and_then_lets_go(run, session, somebody):
    somebody(days=200)
    status, printed = run("retain", "--dry-run")
    assert (status, "聊天记录：1" in printed, count(session, ChatMessage)) == (0, True, 1)
    status, printed = run("retain")
    assert (status, "聊天记录：1" in printed, count(session, ChatMessage)) == (0, True, 0)


def test_holdings_lists_what_is_kept_and_how_long(run):
    status, printed = run("holdings")
    assert status == 0
    assert "chat  聊天记录：每句话发出后 184 天" in printed


def test_reseal_shows_how_far_it_is_and_says_when_the_old_key_can_go(run, app, session, somebody):
    somebody()
    index, old = read_field_keys(FIELD_KEYS)
    fresh = FieldKey.new(2, "sm4-gcm")
    app.extensions["vault"] = Vault([index, fresh])
    status, printed = run("reseal")
    assert (status, "people.sealed：有 1 个打不开" in printed) == (1, True)
    app.extensions["vault"] = Vault([index, old, fresh])
    status, printed = run("reseal")
    assert (status, "people.sealed：看过 1，重新加密 1" in printed, "可以从 FIELD_KEYS 里拿掉" in printed) == (
        0,
        True,
        True,
    )
    assert session.scalar(select(Person.sealed)).startswith("2.")
