"""Checking in: by whatever a scanner types, by the code that is said, from the list of the day."""

import pytest

from miniapp_api.extensions import db
from miniapp_api.signed_codes.service import SignedCode, link_of
from tests.appointments import world
from tests.conftest import only_sqlite
from tests.desk.day.conftest import HTMX, number_in, press

pytestmark = only_sqlite


@pytest.fixture
def address_of(app):
    """The address in a booking's QR code."""

    def look(made):
        with app.app_context():
            return link_of(db.session.get_one(SignedCode, made.sign))

    return look


def scan(client, text, **more):
    return client.post("/desk/check-in", data={"read": text}, **more)


@pytest.mark.parametrize(
    "typed",
    [
        lambda address, code: address,
        lambda address, code: address.rpartition("/r/")[2],
        lambda address, code: address.replace(":", "：").replace("/", "／"),
        lambda address, code: code,
        lambda address, code: f"{code[:4].lower()} {code[4:]} ",
    ],
    ids=["address", "digits", "widened", "code", "code as said"],
)
def test_whatever_names_a_booking_gives_its_number(clerk, booked, address_of, status_of, typed):
    made = booked()
    answer = scan(clerk, typed(address_of(made), made.code), headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert number_in(answer.text) == "A001"
    assert "1 号区" in answer.text and "营业执照" in answer.text
    assert status_of(made) == "checked_in"


def test_without_scripts_the_number_comes_in_a_page(clerk, booked):
    page = clerk.get("/desk/check-in").text
    answer = press(clerk, page, "签到", read=booked().code)
    assert "<html" in answer.text
    assert number_in(answer.text) == "A001"


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("http://zwfw.example.gov.cn/r/12345678901234567890", 422, "不是我们发出的码"),
        ("https://evil.test/", 422, "不是我们发出的码"),
        ("ZZZZ9999", 404, "本大厅没有这个预约码"),
        ("   ", 422, "没有读到内容"),
    ],
)
def test_what_is_no_booking_is_told_and_nothing_given(clerk, text, status, said):
    answer = scan(clerk, text, headers=HTMX)
    assert answer.status_code == status
    assert said in answer.text


def test_a_second_scan_tells_the_number_that_was_given(clerk, booked, address_of):
    made = booked()
    scan(clerk, address_of(made))
    again = scan(clerk, address_of(made), headers=HTMX)
    assert again.status_code == 409
    assert "A001" in again.text


@pytest.mark.parametrize(
    ("time", "said"), [("07:30", "08:00 起可以签到"), ("09:16", "已经过时了")], ids=["early", "late"]
)
def test_too_early_and_too_late_are_told(clerk, booked, clock, status_of, time, said):
    made = booked()
    clock.now = world.moment(clock=time)
    answer = scan(clerk, made.code, headers=HTMX)
    assert answer.status_code == 409
    assert said in answer.text
    assert status_of(made) == "confirmed"


def test_a_booking_of_another_hall_is_sent_there(clerk, booked, address_of, status_of):
    made = booked(pool="branch.p0")
    by_code = scan(clerk, address_of(made), headers=HTMX)
    assert by_code.status_code == 409
    assert "东区分中心" in by_code.text
    assert scan(clerk, made.code, headers=HTMX).status_code == 404
    assert status_of(made) == "confirmed"


def test_only_this_page_may_ask_for_the_camera(clerk):
    assert "camera=(self)" in clerk.get("/desk/check-in").headers["Permissions-Policy"]
    assert "camera=()" in clerk.get("/desk/walk-in").headers["Permissions-Policy"]


def test_the_day_lists_who_booked_and_who_walked_in(clerk, booked):
    made, other = booked(), booked("09:15", "center.p1")
    scan(clerk, made.code)
    clerk.post("/desk/walk-in", data={"service": "tax", "kind": "special", "key": "k" * 12})
    page = clerk.get("/desk/today").text
    assert page.count("王***") + page.count("王**") == 2
    assert "A001" in page and "A002" in page and "税务登记" in page
    waiting = clerk.get("/desk/today?state=waiting", headers=HTMX).text
    assert "<html" not in waiting
    assert "A001" in waiting and "A002" in waiting and "09:15" not in waiting
    assert "09:15" in clerk.get("/desk/today?pool=p1").text
    assert "09:00" not in clerk.get("/desk/today?pool=p1").text.partition('id="day"')[2]
    assert other.code not in page  # it is said by its owner, not read from a list


def test_from_the_list_one_checks_in(clerk, booked, status_of):
    made = booked()
    page = clerk.get("/desk/today").text
    after = press(clerk, page, "签到</button>")
    assert status_of(made) == "checked_in"
    assert "A001" in after.text


def test_who_may_still_come_is_not_noted_as_missed(clerk, booked, clock, status_of):
    made = booked()
    note = f"/desk/today/{made.public_id}/missed"
    early = clerk.post(note, headers=HTMX)
    assert early.status_code == 409
    assert "还可能会来" in early.text or "可能还会来" in early.text
    assert status_of(made) == "confirmed"
    clock.now = world.moment(clock="09:16")
    late = clerk.post(note, headers=HTMX)
    assert "记下了：没来" in late.text
    assert status_of(made) == "missed"
    assert clerk.post(note, headers=HTMX).status_code == 409


def test_who_has_come_is_not_noted_as_missed(clerk, booked, clock, status_of):
    made = booked()
    scan(clerk, made.code)
    clock.now = world.moment(clock="09:30")
    assert clerk.post(f"/desk/today/{made.public_id}/missed", headers=HTMX).status_code == 409
    assert status_of(made) == "checked_in"


def test_another_hall_touches_nothing(stranger, booked, status_of):
    made = booked()
    for way in (f"/desk/today/{made.public_id}/check-in", f"/desk/bookings/{made.public_id}/cancel"):
        assert stranger.post(way, headers=HTMX).status_code == 404
    assert made.name_mask not in stranger.get("/desk/today").text
    assert status_of(made) == "confirmed"
