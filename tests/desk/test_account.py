"""The pages of the second step and of the second factor, without a browser."""

import re

import pytest
from sqlalchemy import select, update

from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.staff import service, totp
from miniapp_api.staff.models import StaffHalfSignIn, StaffMember
from miniapp_api.staff.service import COOKIE, HALF_WAY_COOKIE, Duty, Role
from tests.conftest import only_sqlite
from tests.desk.test_pages import OURS, sign_in
from tests.staff.conftest import PASSWORD, cheap_hashes
from tests.staff.people import sign_in_as

__all__ = ["cheap_hashes"]

pytestmark = only_sqlite


@pytest.fixture
def wang(app):
    """Have a clerk bind a phone; gives a way to compute codes, of the next step on."""
    who = {"username": "wang", "name": "王小青", "role": Role.CLERK, "site_code": "shiyan-center"}
    with app.app_context():
        member = service.add_member(db.session, password=PASSWORD, **who)
        service.bind_second_factor(db.session, member)
        secret = service.second_factor_of(db.session, member).pending
        service.confirm_second_factor(db.session, member, "", code_of(secret, -1))
        db.session.commit()
    return lambda steps=0: code_of(secret, steps)


def code_of(secret, steps=0):
    return totp.code_at(secret, totp.counter_at(utc_now()) + steps)


def show(client, code, wish="", headers=OURS):
    return client.post("/desk/sign-in/code", data={"code": code, "next": wish}, headers=headers)


def test_with_a_phone_the_password_leads_to_the_second_step_and_that_to_where_one_wanted(client, wang):
    half = sign_in(client, next="/desk/password")
    assert half.location == "/desk/sign-in/code?next=/desk/password"
    assert client.get_cookie(COOKIE) is None
    assert client.get("/desk/").status_code == 303
    form = client.get(half.location)
    assert 'name="next" value="/desk/password"' in form.text
    inside = show(client, wang(), "/desk/password")
    assert (inside.status_code, inside.location) == (303, "/desk/password")
    assert client.get_cookie(HALF_WAY_COOKIE) is None
    assert client.get("/desk/").status_code == 200


def test_the_cookie_half_way_says_nothing_and_is_guarded(client, wang):
    header = sign_in(client).headers["Set-Cookie"]
    assert re.fullmatch(HALF_WAY_COOKIE + r"=[\w-]{43}; HttpOnly; Path=/; SameSite=Strict", header)


def test_a_wrong_code_may_be_tried_again_and_is_not_shown(client, wang):
    sign_in(client)
    refused = show(client, "123 987", "/desk/password")
    assert refused.status_code == 401
    assert "验证码不对" in refused.text and "987" not in refused.text
    assert 'value="/desk/password"' in refused.text
    assert show(client, wang()).status_code == 303


def test_the_second_step_begins_with_the_first(client, wang):
    assert client.get("/desk/sign-in/code?next=/desk/password").location == "/desk/sign-in?next=/desk/password"
    refused = show(client, wang(), "/desk/password")
    assert refused.status_code == 401
    assert "从头再登录一次" in refused.text and "工作人员登录" in refused.text


def test_after_five_minutes_one_begins_anew(app, client, wang):
    sign_in(client)
    with app.app_context():
        db.session.execute(update(StaffHalfSignIn).values(expires_at=utc_now()))
        db.session.commit()
    assert "从头再登录一次" in show(client, wang()).text


def test_another_page_cannot_show_a_code(client, wang):
    sign_in(client)
    assert show(client, wang(), headers={"Origin": "http://evil.test"}).status_code == 403


def test_one_address_may_not_try_codes_for_ever(client, wang):
    statuses = [show(client, "000000").status_code for _ in range(31)]
    assert statuses[-1] == 429


def test_a_wish_leads_nowhere_else(client, wang):
    sign_in(client)
    assert show(client, wang(), "https://evil.test/desk/").location == "/desk/"


def test_who_needs_a_phone_binds_it_first_and_then_works(app):
    client = sign_in_as(app, duties=[Duty.REVIEW], second_factor=False)
    assert client.get("/desk/").location == "/desk/second-factor"
    assert "您的岗位要绑定手机" in client.get("/desk/second-factor").text
    assert client.post("/desk/second-factor").location == "/desk/second-factor"
    page = client.get("/desk/second-factor")
    assert "<svg" in page.text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)[1]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", secret)
    refused = client.post("/desk/second-factor/confirm", data={"code": "000000"})
    assert refused.status_code == 422
    assert "没有绑定" in refused.text and secret in refused.text
    shown = client.post("/desk/second-factor/confirm", data={"code": code_of(secret.replace(" ", ""))})
    codes = re.findall(r"<li>([a-z2-9-]{14})</li>", shown.text)
    assert len(codes) == 10
    assert client.get("/desk/").status_code == 200
    after = client.get("/desk/second-factor").text
    assert "已绑定手机" in after and secret not in after and "<svg" not in after
    assert not any(code in after for code in codes)


def test_no_page_with_a_secret_is_kept_anywhere(app):
    client = sign_in_as(app)
    client.post("/desk/second-factor")
    assert client.get("/desk/second-factor").headers["Cache-Control"] == "no-store"


def test_new_paper_and_a_new_phone_need_a_code(app, client, wang):
    sign_in(client)
    show(client, wang())
    token = re.search(r'name="csrf_token" value="(\w+)"', client.get("/desk/second-factor").text)[1]

    def ask(path, code):
        data = {"code": code, "csrf_token": token}
        return client.post(f"/desk/second-factor{path}", data=data, headers=OURS)

    for path in ("/recovery-codes", ""):
        assert "验证码不对" in ask(path, "000000").text
    shown = ask("/recovery-codes", wang(1))
    codes = re.findall(r"<li>([a-z2-9-]{14})</li>", shown.text)
    assert len(codes) == 10
    assert ask("", codes[0]).location == "/desk/second-factor"
    assert "<svg" in client.get("/desk/second-factor").text


def test_signed_in_by_the_city_one_has_no_password_here(app):
    app.extensions["sign_in"] = service.LocalSignIn(Role.ADMIN)
    page = sign_in_as(app).get("/desk/password").text
    assert "这里没有密码可改" in page and 'name="old"' not in page
    assert 'name="old"' in sign_in_as(app, Role.ADMIN).get("/desk/password").text


def test_a_failure_counts_though_the_page_is_shown(app, client, wang):
    sign_in(client)
    show(client, "000000")
    with app.app_context():
        assert db.session.scalars(select(StaffMember.failures)).one() == 1
