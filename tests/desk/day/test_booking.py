"""Booking for somebody, and changing what was booked, by its code."""

import pytest

from miniapp_api.appointments.models import Booking
from miniapp_api.extensions import db
from tests.appointments.world import MONDAY
from tests.conftest import only_sqlite
from tests.desk.day.conftest import HTMX, id_number, number_in

pytestmark = only_sqlite


def form(**more):
    values = {
        "offer": "p0.licence",
        "day": str(MONDAY),
        "time": "09:15",
        "name": "王小明",
        "number": id_number(),
        "channel": "phone",
    }
    return values | more


def all_bookings(app):
    with app.app_context():
        return db.session.query(Booking).all()


def test_first_what_for_then_when_then_who(clerk):
    assert "营业执照（1 号区）" in clerk.get("/desk/book").text
    part = clerk.get("/desk/book?offer=p0.licence", headers=HTMX).text
    assert "<html" not in part
    assert "9月7日 周一" in part and 'value="09:15"' in part
    tuesday = clerk.get("/desk/book?offer=p0.licence&day=2026-09-08").text
    assert "9月8日 周二，几点" in tuesday


def test_a_booking_is_made_of_the_staffs_quota_and_its_code_shown(app, clerk):
    made = clerk.post("/desk/book", data=form(care="on"), headers=HTMX)
    (booking,) = all_bookings(app)
    assert number_in(made.text).replace(" ", "") == booking.code
    assert "<svg" in made.text and "9月7日（周一）09:15" in made.text
    assert (booking.channel, booking.online, booking.care, booking.start) == ("phone", False, True, 555)


def test_places_that_are_only_the_staffs_are_offered(clerk, booked):
    booked("09:00")
    assert 'value="09:00"' in clerk.get("/desk/book?offer=p0.licence").text  # two places, of which citizens have one
    booked("09:00")
    assert 'value="09:00"' not in clerk.get("/desk/book?offer=p0.licence").text


def test_a_long_visit_is_offered_only_where_it_fits(clerk):
    page = clerk.get("/desk/book?offer=p0.permit").text
    assert 'value="09:15"' in page and 'value="09:30"' not in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "请填姓名"),
        ({"number": "11010519900101123X"}, "身份证号不对"),
        ({"channel": "pigeon"}, "打电话来的"),
        ({"offer": "p7.licence"}, "本大厅不能约这一项"),
        ({"offer": "p0.nothing"}, "没有这项业务"),
        ({"day": "soon"}, "请选一个日子"),
        ({"time": "25:00"}, "请选几点"),
    ],
)
def test_what_is_missing_is_said_beside_its_place(app, clerk, wrong, said):
    answer = clerk.post("/desk/book", data=form(**wrong), headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.text
    assert all_bookings(app) == []


def test_one_person_is_not_booked_twice(app, clerk):
    number = id_number()
    clerk.post("/desk/book", data=form(number=number))
    again = clerk.post("/desk/book", data=form(number=number, time="09:30"), headers=HTMX)
    assert again.status_code == 409
    assert len(all_bookings(app)) == 1


def test_a_booking_is_found_by_what_is_said(clerk, booked):
    made = booked()
    page = clerk.get("/desk/bookings", query_string={"code": f"{made.code[:4].lower()} {made.code[4:]}"})
    assert "9月7日（周一）09:00" in page.text and made.name_mask in page.text
    assert clerk.get("/desk/bookings?code=ZZZZ9999").status_code == 404


def test_it_is_moved_keeps_its_code_and_is_cancelled(app, clerk, booked):
    made = booked()
    moved = clerk.post(f"/desk/bookings/{made.public_id}/move", data={"when": "2026-09-08 09:30"}, headers=HTMX)
    assert "改好了" in moved.text and "9月8日（周二）09:30" in moved.text
    cancelled = clerk.post(f"/desk/bookings/{made.public_id}/cancel", headers=HTMX)
    assert "预约取消了" in cancelled.text and "已取消" in cancelled.text
    (booking,) = all_bookings(app)
    assert (booking.code, booking.status, booking.start) == (made.code, "cancelled", 570)


@pytest.mark.parametrize("when", ["", "soon 09:30", "2026-09-08", "2026-09-08 9.30"])
def test_it_is_moved_only_to_a_time(clerk, booked, when):
    answer = clerk.post(f"/desk/bookings/{booked().public_id}/move", data={"when": when}, headers=HTMX)
    assert answer.status_code == 422


def test_what_is_full_is_not_moved_to(clerk, booked):
    made = booked()
    booked("09:15"), booked("09:15")
    answer = clerk.post(f"/desk/bookings/{made.public_id}/move", data={"when": f"{MONDAY} 09:15"}, headers=HTMX)
    assert answer.status_code == 409


def test_who_said_the_code_is_checked_in_from_its_page(clerk, booked, status_of):
    made = booked()
    answer = clerk.post(f"/desk/bookings/{made.public_id}/check-in", headers=HTMX)
    assert "A001" in answer.text
    assert status_of(made) == "checked_in"
