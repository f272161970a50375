"""The administrator's command line."""

import re

import pytest

from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff import __main__ as commands
from miniapp_api.staff import service, totp

ADD = ("add", "wang", "--name", "王小青", "--role", "clerk", "--site", "shiyan-center")


def printed_password(text):
    return re.search(r"：([a-z0-9-]{19})$", text, re.MULTILINE)[1]


def test_somebody_added_signs_in_with_the_password_that_was_printed(run, in_app):
    status, text = run(*ADD)
    assert status == 0
    assert "王小青  窗口人员  shiyan-center" in text
    assert service.sign_in(db.session, "wang", printed_password(text))


def test_a_password_can_be_typed_and_is_not_printed(run, in_app, monkeypatch):
    monkeypatch.setattr(commands, "getpass", lambda _prompt: "typed by hand")
    status, text = run(*ADD, "--ask")
    assert status == 0
    assert "typed by hand" not in text
    assert service.sign_in(db.session, "wang", "typed by hand")


def test_typed_twice_differently_nothing_happens(run, monkeypatch):
    typed = iter(["typed by hand", "typed by foot"])
    monkeypatch.setattr(commands, "getpass", lambda _prompt: next(typed))
    assert run(*ADD, "--ask") == (1, "两次输入的密码不一样。\n")
    assert run("list") == (0, "")


def test_people_are_listed_disabled_and_let_in_again(run, in_app):
    password = printed_password(run(*ADD)[1])
    run("add", "zhao", "--name", "赵", "--role", "admin")
    assert run("list")[1].splitlines() == [
        "wang  王小青  窗口人员  shiyan-center",
        "zhao  赵  系统管理员  全部大厅",
    ]
    assert run("disable", "wang") == (0, "wang  王小青  窗口人员  shiyan-center  已停用\n")
    with pytest.raises(Problem):
        service.sign_in(db.session, "wang", password)
    db.session.rollback()
    run("enable", "wang")
    assert service.sign_in(db.session, "wang", password)
    db.session.commit()
    changed = printed_password(run("password", "wang")[1])
    assert changed != password
    assert service.sign_in(db.session, "wang", changed)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "w", "--name", "王", "--role", "clerk"), "username"),
        (("add", "wang", "--name", "王", "--role", "manager"), "site_code：窗口人员和大厅主管必须属于一个大厅"),
        (("disable", "nobody"), "没有用户名是 nobody 的工作人员"),
        (("password", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_done_is_explained(run, arguments, said):
    status, text = run(*arguments)
    assert status == 1
    assert said in text


def test_a_wrong_environment_is_explained(run, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "short")
    monkeypatch.delenv("DAOBAN_DEMO", raising=False)
    status, text = run("list")
    assert status == 1
    assert "SECRET_KEY" in text


def test_duties_are_given_listed_and_taken(run):
    run(*ADD)
    assert run("duty", "add", "wang", "deliver") == (0, "wang  王小青  窗口人员  shiyan-center  出件\n")
    run("duty", "add", "wang", "counter")
    assert "  窗口收件、出件\n" in run("list")[1]
    status, text = run("duty", "add", "wang", "review")
    assert status == 1
    assert "不能再加“后台审查”" in text
    assert "  窗口收件、出件\n" in run("list")[1]
    run("duty", "remove", "wang", "counter")
    run("duty", "remove", "wang", "deliver")
    assert run("duty", "add", "wang", "review")[0] == 0


def test_a_lost_phone_is_taken_away_and_that_is_logged(run, in_app, caplog):
    password = printed_password(run(*ADD)[1])
    wang = service.find_member(db.session, "wang")
    service.bind_second_factor(db.session, wang)
    secret = service.second_factor_of(db.session, wang).pending
    service.confirm_second_factor(db.session, wang, "", totp.code_at(secret, totp.counter_at(utc_now())))
    db.session.commit()
    assert service.sign_in(db.session, "wang", password).half_way
    db.session.commit()
    status, text = run("remove-factor", "wang")
    assert (status, text) == (0, "已去掉手机验证码：wang  王小青  窗口人员  shiyan-center\n")
    logged = next(record.msg for record in caplog.records if record.msg.get("event") == "second_factor_removed")
    assert (logged["staff"], logged["had"]) == (wang.public_id, True)
    assert not service.sign_in(db.session, "wang", password).half_way
    db.session.commit()
    assert run("remove-factor", "wang")[1].startswith("没有绑定过手机")


def test_somebody_is_linked_with_the_citys_sign_in(run):
    run(*ADD)
    run("add", "li", "--name", "李", "--role", "admin")
    assert run("link", "wang", "city-0001")[1].startswith("已关联")
    assert run("link", "li", "city-0001")[0] == 1
    assert run("link", "wang")[1].startswith("已取消关联")
    assert run("link", "li", "city-0001")[0] == 0
