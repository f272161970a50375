"""The page of a counter, and numbers for who walks in."""

import pytest

from tests.appointments import world
from tests.conftest import only_sqlite
from tests.desk.day.conftest import HTMX, number_in, press
from tests.staff.people import sign_in_as

pytestmark = only_sqlite


def take(client, service="licence", kind="walk_in", key="key-of-a-tap", **more):
    return client.post("/desk/walk-in", data={"service": service, "kind": kind, "key": key}, **more)


@pytest.fixture
def at_counter(clerk):
    """A clerk who has opened A01."""
    press(clerk, clerk.get("/desk/calling").text, "A01")
    return clerk


def page_of(client):
    return client.get("/desk/calling").text


def test_a_tap_twice_is_one_number_and_the_next_tap_another(clerk):
    first, again = take(clerk), take(clerk, headers=HTMX)
    assert number_in(first.text) == number_in(again.text) == "A001"
    assert "下一位就是他" in first.text
    assert number_in(take(clerk, key="another-tap").text) == "A002"
    fresh = clerk.get("/desk/walk-in", headers=HTMX).text
    assert "<html" not in fresh and "营业执照" in fresh


@pytest.mark.parametrize("wrong", [{"service": "nothing"}, {"service": ""}, {"kind": "booked"}, {"key": ""}])
def test_a_number_for_nothing_is_not_given(clerk, wrong):
    assert take(clerk, headers=HTMX, **wrong).status_code == 422


def test_a_counter_is_opened_kept_and_left(app, at_counter):
    assert "A01 窗口" in page_of(at_counter)
    other = sign_in_as(app, site_code="center")
    assert "同事在用" in page_of(other)
    taken = other.post("/desk/calling/counters/A01/open", headers=HTMX)
    assert taken.status_code == 409 and "有同事在用" in taken.text
    after = press(at_counter, page_of(at_counter), "关窗口")
    assert "打开哪个窗口" in after.text


def test_call_serve_and_finish(at_counter):
    take(at_counter)
    page = press(at_counter, page_of(at_counter), "叫下一位").text
    assert number_in(page) == "A001"
    assert "正在叫号" in page
    page = press(at_counter, page, "开始办理").text
    assert "正在办理" in page
    page = press(at_counter, page, "办完了").text
    assert number_in(page) == "—"


def test_the_answer_to_a_button_brings_counter_queue_and_what_was_done(at_counter):
    take(at_counter)
    answer = at_counter.post("/desk/calling/next", headers=HTMX).text
    assert "<html" not in answer
    assert 'id="counter"' in answer and number_in(answer) == "A001"
    assert 'id="queue" class="queue" hx-swap-oob="true"' in answer
    assert "现在没有人等" in answer


def test_nobody_to_call_is_said(at_counter):
    assert "现在没有人在等" in at_counter.post("/desk/calling/next", headers=HTMX).text


def test_called_twice_at_once_one_is_called(at_counter):
    take(at_counter)
    take(at_counter, key="another-tap")
    at_counter.post("/desk/calling/next", headers=HTMX)
    again = at_counter.post("/desk/calling/next", headers=HTMX)
    assert again.status_code == 409 and "A001" in again.text


def test_who_does_not_come_is_called_again_missed_and_put_back(at_counter, clock):
    take(at_counter)
    page = press(at_counter, page_of(at_counter), "叫下一位").text
    assert press(at_counter, page, "再叫一次").status_code == 409  # a moment ago
    clock.now = world.later(clock.now, 1)
    page = press(at_counter, page, "再叫一次").text
    assert "叫了 2 次" in page
    page = press(at_counter, page, "过号").text
    assert "过号的" in page and "08:41 前可重排" in page
    page = press(at_counter, page, "前可重排").text
    assert "在等 1 位" in page


def test_who_is_set_aside_comes_back(at_counter):
    take(at_counter)
    page = press(at_counter, page_of(at_counter), "叫下一位").text
    page = press(at_counter, page, "挂起").text
    assert "挂起的" in page and number_in(page) == "—"
    page = press(at_counter, page, "恢复").text
    assert "在等 1 位" in page


def test_somebody_is_sent_to_another_queue(app, at_counter):
    take(at_counter)
    page = press(at_counter, page_of(at_counter), "叫下一位").text
    page = press(at_counter, page, "2 号区").text
    assert number_in(page) == "—"
    other = sign_in_as(app, site_code="center")
    press(other, page_of(other), "B01")
    assert number_in(press(other, page_of(other), "叫下一位").text) == "A001"


def test_the_queue_brings_the_counter_along_only_if_that_has_changed(at_counter):
    take(at_counter)
    same = at_counter.get("/desk/calling/queue?shown=none", headers=HTMX).text
    assert "A001" in same and 'id="counter"' not in same
    at_counter.post("/desk/calling/next", headers=HTMX)
    changed = at_counter.get("/desk/calling/queue?shown=none", headers=HTMX).text
    assert 'id="counter" class="counter" hx-swap-oob="true"' in changed


def test_the_first_in_line_are_shown_as_they_will_be_called(at_counter):
    for number in range(6):
        take(at_counter, key=f"walk-in-{number}")
    take(at_counter, kind="special", key="special-one")
    page = page_of(at_counter)
    assert page.index("A007") < page.index("A001") < page.index("A004")
    assert "A005" not in page and "后面还有 2 位" in page


def test_nobody_moves_a_number_of_another_hall_or_of_another_counter(app, at_counter, stranger):
    take(at_counter)
    page = press(at_counter, page_of(at_counter), "叫下一位").text
    finish = page.partition("/desk/calling/")[2]
    ticket = page.partition("/start")[0].rpartition("/desk/calling/")[2]
    assert len(ticket) == 32, finish
    colleague = sign_in_as(app, site_code="center")
    press(colleague, page_of(colleague), "A02")
    assert colleague.post(f"/desk/calling/{ticket}/miss", headers=HTMX).status_code == 409
    assert stranger.post(f"/desk/calling/{ticket}/miss", headers=HTMX).status_code == 404
    assert stranger.post("/desk/calling/counters/A09/open", headers=HTMX).status_code == 404
    assert number_in(page_of(at_counter)) == "A001"
