"""The staff's pages without a browser: signing in and out, the start, problems, files."""

import re
from html import unescape

import pytest
from apiflask import APIBlueprint
from argon2 import PasswordHasher
from flask import render_template_string

from miniapp_api import app as application
from miniapp_api.app import create_app
from miniapp_api.desk import assets, places
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff import passwords, service
from miniapp_api.staff.service import COOKIE, Role, requires_staff
from tests.conftest import only_sqlite
from tests.staff.people import ORIGIN, sign_in_as

pytestmark = only_sqlite

PASSWORD = "correct horse battery"
OURS = {"Origin": ORIGIN}
HTMX = {"HX-Request": "true"}


def rooms():
    bp = APIBlueprint("rooms", __name__, url_prefix="/desk", enable_openapi=False)

    @bp.get("/problem")
    @requires_staff()
    def problem():
        raise Problem(409, detail="刚刚有人叫了<这个>号。", headers={"Retry-After": "3"})

    @bp.get("/crash")
    @requires_staff()
    def crash():
        raise ZeroDivisionError("secret")

    @bp.get("/part")
    @requires_staff()
    def part():
        return render_template_string('{% from "desk/parts.html" import message_beside %}{{ message_beside("好了") }}')

    return bp


@pytest.fixture
def app(settings, content, guides, monkeypatch):
    """Make an application with a room that is in trouble, and a clerk with a password."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(application, "BLUEPRINTS", [*application.BLUEPRINTS, rooms()])
    app = create_app(settings, content=content, guides=guides)
    with app.app_context():
        service.add_member(
            db.session, username="wang", name="王小青", role=Role.CLERK, password=PASSWORD, site_code="shiyan-center"
        )
        db.session.commit()
    yield app
    passwords._nobodys.cache_clear()
    with app.app_context():
        db.engine.dispose()


def sign_in(client, password=PASSWORD, headers=OURS, **more):
    return client.post("/desk/sign-in", data={"username": "wang", "password": password, **more}, headers=headers)


def test_from_the_closed_door_to_the_start_and_out_again(client):
    first = client.get("/desk/")
    assert first.status_code == 303
    form = client.get(first.location)
    assert "工作人员登录" in form.text
    wish = re.search(r'name="next" value="([^"]*)"', form.text)[1]
    inside = sign_in(client, next=wish)
    assert (inside.status_code, inside.location) == (303, "/desk/")
    start = client.get(inside.location)
    assert "王小青，您好" in start.text and "窗口人员" in start.text
    token = re.search(r'name="csrf_token" value="(\w+)"', start.text)[1]
    assert f'{{"X-CSRF-Token": "{token}"}}' in unescape(start.text)
    out = client.post("/desk/sign-out", data={"csrf_token": token}, headers=OURS)
    assert (out.status_code, out.location) == (303, "/desk/sign-in")
    assert client.get_cookie(COOKIE) is None
    assert client.get("/desk/").status_code == 303


def test_a_refusal_says_nothing_of_why_and_keeps_the_name(client):
    refused = sign_in(client, password="wrong")
    assert refused.status_code == 401
    assert "用户名或密码不对" in refused.text
    assert 'value="wang"' in refused.text
    assert "wrong" not in refused.text
    assert client.get_cookie(COOKIE) is None


def test_another_page_cannot_sign_anybody_in(client):
    assert sign_in(client, headers={"Origin": "http://evil.test"}).status_code == 403
    assert sign_in(client, headers={}).status_code == 403
    assert client.get_cookie(COOKIE) is None


def test_signing_in_again_ends_the_session_of_before(app, client):
    sign_in(client)
    before = client.get_cookie(COOKIE).value
    sign_in(client)
    stale = app.test_client()
    stale.set_cookie(COOKIE, before)
    assert stale.get("/desk/").status_code == 303
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("wish", "place"),
    [
        ("/desk/password", "/desk/password"),
        ("/desk/today?part=2", "/desk/today?part=2"),
        ("", "/desk/"),
        ("//evil.test/desk/", "/desk/"),
        ("https://evil.test/desk/", "/desk/"),
        ("/deskevil", "/desk/"),
        ("javascript:alert(1)", "/desk/"),
    ],
)
def test_one_is_led_only_to_these_pages(client, wish, place):
    assert sign_in(client, next=wish).location == place


def test_one_address_may_not_try_for_ever(client):
    answers = [sign_in(client, password="wrong") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert "操作太频繁了" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_what_was_typed_cannot_break_out_of_the_page(client):
    page = client.post(
        "/desk/sign-in", data={"username": '"><script>', "password": "x", "next": '"><script>'}, headers=OURS
    )
    assert "<script>" not in page.text


def test_everybody_sees_the_places_of_their_role(app, monkeypatch):
    office = places.Place("desk.start", Role.MANAGER, "今日管理", "看全大厅。")
    monkeypatch.setattr(places, "PLACES", (*places.PLACES, office))
    assert "今日管理" not in sign_in_as(app).get("/desk/").text
    for role in (Role.MANAGER, Role.ADMIN):
        assert "今日管理" in sign_in_as(app, role).get("/desk/").text


def test_every_place_has_a_page_for_the_role_it_names(app):
    for place in places.PLACES:
        assert app.view_functions[place.endpoint]._staff_role == place.role


def change(client, old, new, again=None, headers=None):
    data = {"old": old, "new": new, "again": new if again is None else again}
    return client.post("/desk/password", data=data, headers=headers)


@pytest.fixture
def wang(app):
    """Be the clerk, signed in by the form."""
    client = app.test_client()
    client.environ_base["HTTP_ORIGIN"] = ORIGIN
    sign_in(client)
    page = client.get("/desk/password").text
    client.environ_base["HTTP_X_CSRF_TOKEN"] = re.search(r'name="csrf_token" value="(\w+)"', page)[1]
    return client


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("wrong", "another password"), "原来的密码不对"),
        ((PASSWORD, "short"), "太短，至少 12 个字符"),
        ((PASSWORD, "another password", "another passwort"), "两次输入的新密码不一样"),
    ],
)
def test_a_password_that_is_not_changed_is_explained_in_the_page_and_in_its_part(wang, given, said):
    page, part = change(wang, *given), change(wang, *given, headers=HTMX)
    for answer in (page, part):
        assert answer.status_code == 422
        assert answer.mimetype == "text/html"
        assert said in answer.text
    assert "<html" in page.text
    assert part.text.startswith('<div class="message bad" role="alert">')
    assert sign_in(wang).status_code == 303  # nothing has changed


def test_after_changing_the_password_one_signs_in_with_the_new_one(wang):
    changed = change(wang, PASSWORD, "another password")
    assert changed.location == "/desk/sign-in?changed="
    assert "密码改好了" in wang.get(changed.location).text
    assert wang.get("/desk/").status_code == 303
    assert sign_in(wang).status_code == 401
    assert sign_in(wang, password="another password").status_code == 303


def test_a_part_of_a_page_is_led_on_by_a_header(wang):
    changed = change(wang, PASSWORD, "another password", headers=HTMX)
    assert (changed.status_code, changed.headers["HX-Redirect"]) == (204, "/desk/sign-in?changed=")


def test_a_problem_is_a_small_part_for_htmx_and_a_page_for_others(app):
    client = sign_in_as(app)
    part, page = client.get("/desk/problem", headers=HTMX), client.get("/desk/problem")
    for answer in (part, page):
        assert answer.status_code == 409
        assert answer.headers["Retry-After"] == "3"
        assert answer.mimetype == "text/html"
        assert "刚刚有人叫了&lt;这个&gt;号。" in answer.text
    assert "<html" not in part.text
    assert "王小青" in page.text


def test_a_fault_of_ours_gives_a_number_to_quote_and_nothing_else(app):
    client = sign_in_as(app)
    for headers in (HTMX, {}):
        answer = client.get("/desk/crash", headers=headers)
        assert answer.status_code == 500
        assert answer.headers["X-Request-Id"] in answer.text
        assert "secret" not in answer.text and "ZeroDivision" not in answer.text


def test_a_wrong_address_below_the_desk_is_a_page_and_others_stay_problems(client):
    assert client.get("/desk/nowhere").mimetype == "text/html"
    assert client.get("/desk/nowhere").status_code == 404
    assert client.get("/desktop").mimetype == "application/problem+json"
    assert client.get("/api/v1/nowhere").mimetype == "application/problem+json"


def test_a_message_can_come_beside_another_part(app):
    part = sign_in_as(app).get("/desk/part", headers=HTMX).text
    assert 'id="messages" hx-swap-oob="innerHTML"' in part and "好了" in part


def test_pages_forbid_what_they_do_not_need(app, client):
    inside = sign_in_as(app)
    for page in (client.get("/desk/sign-in"), inside.get("/desk/"), inside.get("/desk/problem")):
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "form-action 'self'" in policy
        assert "unsafe" not in policy and "*" not in policy
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=| hx-on", page.text)
        assert not re.search(r'(?:src|href|action)="(?!/)', page.text.replace('href="#main"', ""))


def test_files_are_cached_for_a_year_under_their_digest(client):
    links = re.findall(r'(?:href|src)="(/desk/assets/[^"]+)"', client.get("/desk/sign-in").text)
    assert len(links) == 4
    for link in links:
        assert "max-age=31536000" in client.get(link).headers["Cache-Control"]
        assert client.get(link.replace(assets.DIGEST, "0" * 12)).headers["Cache-Control"] == "no-cache"
    assert client.get(f"/desk/assets/{assets.DIGEST}/../api.py").status_code == 404
    assert client.get(f"/desk/assets/{assets.DIGEST}/").status_code == 404


def test_a_page_and_all_it_needs_weigh_little(client):
    page = client.get("/desk/sign-in")
    links = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg))"', page.text)
    assert len(page.data) + sum(len(client.get(link).data) for link in links) < 80_000
