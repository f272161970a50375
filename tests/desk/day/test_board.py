"""The public board, the screen that may show the code, and where the code leads."""

import re
from html import unescape

import pytest

from miniapp_api.desk import board, screens
from miniapp_api.staff.service import Role
from tests.conftest import only_sqlite
from tests.desk.day.conftest import HTMX, press
from tests.staff.people import sign_in_as

pytestmark = only_sqlite


def test_anybody_sees_numbers_and_counters_and_nobody_a_name(client, clerk, booked):
    made = booked()
    clerk.post("/desk/check-in", data={"read": made.code})
    assert "还没有叫号" in client.get("/board/center").text
    assert re.search(r"<span>A001</span>", client.get("/board/center/now").text)
    clerk.post("/desk/calling/counters/A01/open")
    clerk.post("/desk/calling/next")
    page = client.get("/board/center").text
    assert re.search(r'is-called"><strong>A001</strong>.*?class="counter">A01</strong>', page)
    assert made.name_mask not in page and made.code not in page


def test_who_is_awaited_stands_before_who_is_there_and_nobody_awaited_is_left_out(app, client, clerk, monkeypatch):
    monkeypatch.setattr(board, "NEWEST", 1)
    for number in range(2):
        clerk.post("/desk/walk-in", data={"service": "licence", "kind": "walk_in", "key": f"walk-in-{number}"})
    for counter in ("A01", "A02"):
        colleague = sign_in_as(app, site_code="center")
        colleague.post(f"/desk/calling/counters/{counter}/open")
        press(colleague, colleague.get("/desk/calling").text, "叫下一位")
    both = client.get("/board/center/now").text
    assert both.count("请到") == 1 and "<span>A00" in both
    press(colleague, colleague.get("/desk/calling").text, "开始办理")
    after = client.get("/board/center/now").text
    assert re.search(r'is-called"><strong>A001</strong>', after) and "A002" not in after


def test_the_code_is_shown_on_the_halls_screen_only(app, client, clerk):
    assert "<svg" not in client.get("/board/center").text
    assert "<svg" not in client.get("/board/center/code").text
    opened = clerk.post("/desk/screen")
    assert opened.location == "/board/center"
    shown = clerk.get("/board/center")
    assert "<svg" in shown.text
    assert screens.COOKIE in shown.headers["Set-Cookie"]  # for as long again
    assert "<svg" in clerk.get("/board/center/code").text
    assert "<svg" not in clerk.get("/board/branch/code").text
    assert clerk.get("/desk/").status_code == 303  # nobody is signed in there any more


def test_a_cookie_that_is_not_ours_shows_no_code(city, client):
    client.set_cookie(screens.COOKIE, "ImNlbnRlciI.aaaa.bbbb", path="/board")
    assert client.get("/board/nowhere").status_code == 404
    assert "<svg" not in client.get("/board/center/code").text


def test_what_the_screen_shows_leads_to_a_page_of_its_hall(client, clerk, monkeypatch):
    drawn = []
    monkeypatch.setattr("miniapp_api.desk.board.web.draw", lambda text: drawn.append(text) or "<svg></svg>")
    clerk.post("/desk/screen")
    clerk.get("/board/center/code")
    address, _, token = drawn[0].partition("#")
    assert address == "http://zwfw.example.gov.cn/check-in/center"
    page = client.get("/check-in/center")
    assert "营业执照" in page.text and 'data-site="center"' in page.text
    assert token and client.get("/check-in/nowhere").status_code == 404


def test_public_pages_are_guarded(app, city, client):
    for address in ("/board/center", "/check-in/center"):
        page = client.get(address)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=| hx-on", page.text)


def test_whoever_may_act_everywhere_chooses_a_hall_first(app, city, clock):
    admin = sign_in_as(app, Role.ADMIN, None, name="钱管理")
    lost = admin.get("/desk/today", headers=HTMX)
    assert lost.status_code == 409 and "选大厅" in lost.text
    after = press(admin, admin.get("/desk/hall").text, "就看这个", hall="branch")
    assert after.status_code == 200
    assert "1 号区" in admin.get("/desk/walk-in").text
    assert admin.post("/desk/hall", data={"hall": "nowhere"}).status_code == 404


def test_clerks_choose_no_hall(clerk):
    assert clerk.get("/desk/hall").status_code == 403


ALL = ("", "today", "check-in", "walk-in", "book", "book?offer=p0.licence", "calling", "screen", "decisions", "conduct")


@pytest.mark.parametrize("name", ALL)
def test_every_page_of_the_desk_is_guarded_like_the_first(manager, name):
    page = manager.get(f"/desk/{name}")
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=| hx-on|eval", page.text)
    assert not re.search(r'(?:src|href|action|hx-get|hx-post)="(?!/)', page.text.replace('href="#main"', ""))
    assert page.text.count('name="csrf_token"') == page.text.count('method="post"')


def test_what_a_page_asks_by_itself_says_so(manager):
    manager.post("/desk/calling/counters/A01/open")
    for name in ("today", "calling"):
        asking = re.findall(r"<span hidden hx-get=[^>]*>", manager.get(f"/desk/{name}").text)
        assert len(asking) == 1
        assert '"X-Background": "1"' in unescape(asking[0])
