"""Appointments through the API: what may be done, what is refused, in which words, and what nobody learns."""

import re
import threading
from datetime import date, datetime, timedelta

import icalendar
import pytest
from sqlalchemy import select, update

from miniapp_api.appointments import changing, service
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, Slot
from miniapp_api.calendar.service import CHINA
from miniapp_api.extensions import db
from miniapp_api.outbox.models import OutboxMessage
from tests.appointments import world
from tests.appointments.world import MONDAY, NOW, act_at, id_number, later, moment
from tests.signed_codes.test_qr import decoded, enlarged, modules

TUESDAY = MONDAY + timedelta(days=1)
SATURDAY = date(2026, 9, 12)


class Clock:
    """The time that the API believes."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(service, "now_in_china", clock)
    return clock


class Phone:
    """A citizen with the mini-program."""

    def __init__(self, app):
        self.client = app.test_client()
        token = self.client.post("/api/v1/visitors", json={}).json["token"]
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        self.taps = 0

    def add(self, name="王小明", born="19900101", number=None, relation="self", consent=False):
        """Add a person; gives their id."""
        body = {"name": name, "number": number or id_number(born), "relation": relation, "consent": consent}
        return self.client.post("/api/v1/people", json=body).json["id"]

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query_string=query)

    def post(self, path, body=None, key=None):
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1{path}", json={} if body is None else body, headers=headers)

    def book(self, person=None, *, key=None, pool="center.p0", day=TUESDAY, time="09:00", what="licence", **more):
        self.taps += 1
        body = {"pool": pool, "service": what, "day": str(day), "time": time} | more
        if person:
            body["person"] = person
        return self.post("/appointments", body, key or f"tap-{self.taps}")


@pytest.fixture
def phone(app, city, clock):
    return Phone(app)


@pytest.fixture
def other(app, city, clock):
    return Phone(app)


@pytest.fixture(autouse=True)
def adds_up(app, city):
    """Whatever was asked, everything adds up."""
    yield
    with app.app_context():
        assert world.faults(db.session) == []


def refused(answer, status, code):
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.mimetype == "application/problem+json"
    return answer.json["detail"]


# ---------------------------------------------------------------------- the way through


def test_a_citizen_finds_a_hall_a_day_and_a_time_books_it_and_sees_it(phone):
    me = phone.add()
    halls = phone.get("/appointments/halls", service="licence").json["halls"]
    assert [hall["pool"] for hall in halls] == ["center.p0", "center.p1", "branch.p0", "branch.p1"]
    assert halls[0]["text"] == "最近的空号：9月7日（周一）09:00"
    days = phone.get("/appointments/days", pool="center.p0", service="licence", count=7).json["days"]
    assert [day["state"] for day in days] == ["open", "open", "open", "open", "not_released", "open", "open"]
    assert days[5]["sessions"] == ["双休日"]
    times = phone.get("/appointments/times", pool="center.p0", service="tax", day=str(TUESDAY)).json["times"]
    assert [(time["time"], time["until"]) for time in times][:2] == [("09:00", "09:30"), ("09:15", "09:45")]
    answer = phone.book(me)
    assert answer.status_code == 201
    booking = answer.json
    assert (booking["status"], booking["text"], booking["person"]) == ("confirmed", "9月8日（周二）09:00", "王**")
    assert (booking["check_in_from"], booking["check_in_until"]) == (
        "2026-09-08T08:00:00+08:00",
        "2026-09-08T09:15:00+08:00",
    )
    assert booking["bring"] == [{"name": "身份证", "have": False}]
    assert re.fullmatch("[23456789A-HJKMNP-TV-Z]{8}", booking["code"])
    assert phone.get(f"/appointments/{booking['id']}").json == booking
    assert [row["id"] for row in phone.get("/appointments").json["bookings"]] == [booking["id"]]


def test_a_place_is_held_first_and_confirmed_for_somebody(phone, clock):
    me, mother = phone.add(), phone.add("李芳", "19500101", relation="parent", consent=True)
    held = phone.book(hold=True).json
    assert (held["status"], held["person"], held["link"], held["can_move"]) == ("held", "待填", None, False)
    assert datetime.fromisoformat(held["hold_until"]) == later(NOW, 10)
    path = f"/appointments/{held['id']}"
    assert phone.post(f"{path}/confirm").status_code == 422  # for whom?
    refused(phone.client.get(f"/api/v1{path}/qr.svg"), 409, "not_confirmed")
    clock.now = later(NOW, 9)
    done = phone.post(f"{path}/confirm", {"person": mother})
    assert (done.json["status"], done.json["person"], done.json["relation_text"]) == ("confirmed", "李*", "父母")
    assert phone.post(f"{path}/confirm", {"person": mother}).json == done.json  # tapped twice
    assert phone.book(me, time="09:15").status_code == 201


def test_a_hold_that_is_over_cannot_be_confirmed(phone, clock):
    me = phone.add()
    held = phone.book(me, hold=True).json
    clock.now = later(NOW, 10)
    assert "过时放掉了" in refused(phone.post(f"/appointments/{held['id']}/confirm"), 409, "hold_expired")


def test_moving_keeps_the_code_and_is_told_in_the_history_of_states(phone):
    me = phone.add()
    booking = phone.book(me).json
    path = f"/appointments/{booking['id']}"
    moved = phone.post(f"{path}/move", {"day": str(TUESDAY), "time": "14:00"}).json
    assert (moved["code"], moved["text"], moved["version"]) == (booking["code"], "9月8日（周二）14:00", 2)
    assert moved["link"] == booking["link"]
    same = phone.post(f"{path}/move", {"day": str(TUESDAY), "time": "14:00"}).json  # tapped twice
    assert same == moved
    there = phone.post(f"{path}/move", {"pool": "branch.p1", "day": str(MONDAY), "time": "09:30"}).json
    assert (there["pool"], there["can_move"]) == ("branch.p1", False)
    detail = refused(phone.post(f"{path}/move", {"day": str(TUESDAY), "time": "09:00"}), 409, "moved_too_often")
    assert "最多改 2 次" in detail


def test_who_cannot_move_keeps_what_they_have(phone, other):
    me = phone.add()
    booking = phone.book(me, pool="branch.p1").json
    other.book(other.add(), pool="branch.p1", time="09:15")
    answer = phone.post(f"/appointments/{booking['id']}/move", {"day": str(TUESDAY), "time": "09:15"})
    refused(answer, 409, "full")
    assert answer.json["alternatives"] == [
        {"day": "2026-09-08", "time": "09:30"},
        {"day": "2026-09-08", "time": "09:45"},
        {"day": "2026-09-09", "time": "09:00"},
    ]
    assert phone.get(f"/appointments/{booking['id']}").json == booking
    second = phone.book(me, day=MONDAY, what="tax").json
    assert "booked_already" in str(
        phone.post(f"/appointments/{second['id']}/move", {"day": str(TUESDAY), "time": "09:00"}).json
    )
    assert phone.get(f"/appointments/{second['id']}").json["text"] == "9月7日（周一）09:00"


# ---------------------------------------------------------------------- what cannot be had


def fill(other):
    other.book(other.add(), pool="branch.p1")


def test_what_is_full_is_told_with_what_is_free(phone, other):
    fill(other)
    answer = phone.book(phone.add(), pool="branch.p1")
    detail = refused(answer, 409, "full")
    assert detail == (
        "9月8日（周二）09:00刚刚约满了。"
        "可以改约：9月8日（周二）09:15、9月8日（周二）09:30、9月9日（周三）09:00。"
    )  # fmt: skip
    for one in answer.json["alternatives"]:
        free = phone.get("/appointments/times", pool="branch.p1", service="licence", day=one["day"]).json["times"]
        assert one["time"] in [time["time"] for time in free]


@pytest.mark.parametrize(
    ("day", "time", "clock_text", "code", "says"),
    [
        (date(2026, 9, 11), "09:00", "08:10", "not_released", "9月8日（周二）08:00 放号"),
        (MONDAY, "09:00", "08:30", "too_late", "已经过了预约的截止时间，可以直接到窗口取号"),
        (MONDAY, "12:00", "11:00", "too_late", "截止时间"),
        (date(2026, 9, 13), "14:00", "08:10", "no_such_time", "没有号"),
        (TUESDAY, "09:05", "08:10", "no_such_time", "没有号"),
        (TUESDAY, "10:00", "08:10", "no_such_time", "没有号"),
        (date(2026, 12, 1), "09:00", "08:10", "no_such_time", "没有号"),  # beyond the horizon
        (date(2026, 9, 1), "09:00", "08:10", "no_such_time", "没有号"),  # past
    ],
)
def test_each_reason_is_told_in_its_own_words(phone, clock, day, time, clock_text, code, says):
    clock.now = moment(clock=clock_text)
    assert says in refused(phone.book(phone.add(), day=day, time=time), 409, code)


def test_a_closed_day_and_a_provisional_one_say_so(app, phone):
    with app.app_context():
        pool = db.session.scalar(select(Slot.pool_id).order_by(Slot.id))
        world.decide(pool, "close", TUESDAY)
        db.session.execute(update(Slot).where(Slot.day == SATURDAY).values(release_at=None))
        db.session.commit()
    me = phone.add()
    assert "不办理：停电。" in refused(phone.book(me), 409, "closed")
    assert "放假安排还没有公布" in refused(phone.book(me, day=SATURDAY), 409, "provisional")
    shown = phone.get("/appointments/days", pool="center.p0", service="licence", first=str(SATURDAY), count=1).json
    assert shown["days"][0]["state"] == "provisional"
    why = phone.get("/appointments/times", pool="center.p0", service="licence", day=str(TUESDAY)).json
    assert why == {"day": "2026-09-08", "times": [], "why_none": "9月8日（周二）：不办理（停电）"}


def test_a_long_visit_does_not_fit_before_the_end(phone):
    assert "下班前办不完" in refused(phone.book(phone.add(), what="permit", time="09:45"), 409, "too_long")


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2027-12-31", "9999-12-31"])
def test_days_far_away_are_refused_everywhere(phone, day):
    me = phone.add()
    booking = phone.book(me).json
    where = {"pool": "center.p0", "service": "licence"}
    assert phone.book(me, day=day).status_code == 422
    assert phone.post(f"/appointments/{booking['id']}/move", {"day": day, "time": "09:00"}).status_code == 422
    assert phone.get("/appointments/times", day=day, **where).status_code == 422
    assert phone.get("/appointments/days", first=day, **where).status_code == 422


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"pool": "center.p9"}, "pool"),
        ({"pool": "nowhere.p0"}, "pool"),
        ({"what": "passport"}, "service"),
        ({"day": "2026-9-8"}, "day"),
        ({"time": "9:00"}, "time"),
        ({"time": "24:00"}, "time"),
        ({"person": "王小明"}, "person"),
        ({"hold": "yes"}, "hold"),
        ({"visitor_id": 1}, "visitor_id"),
    ],
)
def test_what_does_not_fit_is_named(phone, change, name):
    answer = phone.book(**{"person": phone.add()} | change)
    assert answer.status_code == 422
    assert [param["name"] for param in answer.json["invalid_params"]] == [name]


def test_nobody_books_without_saying_for_whom(phone):
    answer = phone.book()
    assert [param["name"] for param in answer.json["invalid_params"]] == ["person"]


# ---------------------------------------------------------------------- one booking


def test_the_same_person_books_a_day_once_and_is_told_what_they_have(phone):
    me = phone.add()
    phone.book(me)
    for more in ({"time": "14:00"}, {"pool": "branch.p0", "what": "tax"}, {"day": MONDAY}):
        detail = refused(phone.book(me, **more), 409, "booked_already")
        assert "9月8日（周二）09:00" in detail
        assert "改约" in detail
    assert phone.book(me, day=MONDAY, what="tax").status_code == 201


def test_a_stranger_who_has_somebodys_number_does_not_learn_when_they_come(phone, other):
    number = id_number()
    phone.book(phone.add(number=number))
    theirs = other.add("张三", number=number, relation="other", consent=True)
    answers = [other.book(theirs, time="14:00"), other.book(theirs, day=MONDAY)]
    held = other.book(hold=True, time="14:15").json
    answers.append(other.post(f"/appointments/{held['id']}/confirm", {"person": theirs}))
    details = {refused(answer, 409, "booked_already") for answer in answers}
    assert details == {
        "这个人已经约过了。同一个人，同一天、同一件事只能约一个号。要改时间，请在原来预约的地方改，或者打电话、到窗口。"
    }
    assert other.get("/appointments").json["bookings"][0]["id"] == held["id"]


def test_somebody_elses_booking_is_as_little_there_as_one_that_never_was(phone, other):
    booking = phone.book(phone.add()).json["id"]
    never = "0" * 32
    calls = [
        ("get", ""),
        ("get", "/qr.svg"),
        ("get", "/calendar.ics"),
        ("post", "/cancel"),
        ("post", "/confirm"),
        ("post", "/move"),
    ]
    for method, path in calls:
        bodies = []
        for id_ in (booking, never):
            json = {"day": str(TUESDAY), "time": "14:00"} if path == "/move" else {}
            call = getattr(other.client, method)
            answer = call(f"/api/v1/appointments/{id_}{path}", **({"json": json} if method == "post" else {}))
            refused(answer, 404, "booking_not_found")
            bodies.append({name: value for name, value in answer.json.items() if name != "instance"})
        assert bodies[0] == bodies[1]
    assert other.get("/appointments").json == {"bookings": []}
    assert phone.get(f"/appointments/{booking}").json["status"] == "confirmed"
    assert other.book(phone.add("李四", relation="other", consent=True)).status_code == 404  # nor others' people


# ---------------------------------------------------------------------- twice


def test_the_same_tap_again_is_the_same_booking(phone):
    me = phone.add()
    first, again = phone.book(me, key="a"), phone.book(me, key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json


def test_taps_that_come_together_are_one_booking(app, phone):
    me, answers = phone.add(), []
    start = threading.Barrier(5)

    def tap():
        client = app.test_client()
        client.environ_base.update(phone.client.environ_base)
        start.wait()
        body = {"pool": "center.p0", "service": "licence", "day": str(TUESDAY), "time": "09:00", "person": me}
        answers.append(client.post("/api/v1/appointments", json=body, headers={"Idempotency-Key": "one"}))

    threads = [threading.Thread(target=tap) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1


def test_a_lost_answer_is_given_again_even_when_all_is_full_by_then(phone, other, clock):
    me = phone.add()
    lost = phone.book(me, key="k", pool="branch.p1")  # stored, and lost on the way
    refused(other.book(other.add(), pool="branch.p1"), 409, "full")
    clock.now = moment(TUESDAY, "08:45")  # past its cut-off
    assert phone.book(me, key="k", pool="branch.p1").json == lost.json


def test_the_key_of_one_wish_is_not_for_another(phone):
    me = phone.add()
    phone.book(me, key="k")
    assert "换一个新的" in refused(phone.book(me, key="k", time="14:00"), 422, "idempotency_key_reused")
    assert phone.book(phone.add("李四", relation="other", consent=True), key="k").status_code == 422


def test_what_was_refused_may_be_tried_again_under_its_key(phone, other):
    theirs, me = other.book(other.add(), pool="branch.p1", day=MONDAY).json["id"], phone.add()
    refused(phone.book(me, key="k", pool="branch.p1", day=MONDAY), 409, "full")
    other.post(f"/appointments/{theirs}/cancel")  # so late that it is free at once
    assert phone.book(me, key="k", pool="branch.p1", day=MONDAY).status_code == 201


def test_without_a_key_nothing_is_booked(phone):
    body = {"pool": "center.p0", "service": "licence", "day": str(TUESDAY), "time": "09:00", "person": phone.add()}
    assert phone.post("/appointments", body).status_code in (400, 422)
    assert phone.get("/appointments").json == {"bookings": []}


def test_cancelling_twice_is_cancelling(phone):
    booking = phone.book(phone.add()).json["id"]
    first, again = phone.post(f"/appointments/{booking}/cancel"), phone.post(f"/appointments/{booking}/cancel")
    assert first.json == again.json
    assert (first.json["status"], first.json["can_cancel"], first.json["can_move"]) == ("cancelled", False, False)
    refused(phone.post(f"/appointments/{booking}/move", {"day": str(TUESDAY), "time": "14:00"}), 409, "not_live")
    refused(phone.post(f"/appointments/{booking}/confirm"), 409, "hold_expired")


# ---------------------------------------------------------------------- conduct, waiting


def miss(app, phone, clock, me, times=3):
    """Let somebody not come, on several days."""
    for offset in range(times):
        clock.now = moment(MONDAY + timedelta(days=offset))
        booking = phone.book(me, day=MONDAY + timedelta(days=offset), pool="branch.p1").json["id"]
        with app.app_context():
            now = moment(MONDAY + timedelta(days=offset), "09:16")
            assert len(changing.mark_missed(act_at(now, SYSTEM))) == 1
            db.session.commit()
        assert phone.get(f"/appointments/{booking}").json["status_text"] == "没有来"
    clock.now = later(clock.now, 120)


def test_whoever_does_not_come_three_times_is_restricted_and_can_appeal(app, phone, other, clock):
    me = phone.add()
    miss(app, phone, clock, me)
    assert "9月9日" not in (detail := refused(phone.book(me, day=SATURDAY), 403, "restricted"))
    assert "10月9日前不能在网上约双休日和午间" in detail
    assert phone.book(me, day=date(2026, 9, 10), time="14:00").status_code == 201
    standing = phone.get("/conduct").json
    assert standing["points"] == [{"person": "王**", "points": 0.0}]
    [row] = standing["restrictions"]
    assert (row["state"], row["person"]) == ("standing", "王**")
    path = f"/conduct/{row['id']}/appeal"
    refused(other.post(path, {"text": "不是我的"}), 404, "restriction_not_found")
    assert phone.post(path, {"text": "住"}).status_code == 422
    assert phone.post(path, {"text": "那几天住院了"}).json["state"] == "appealed"
    refused(phone.post(path, {"text": "那几天住院了"}), 409, "appealed_already")


def test_who_is_sixty_is_never_restricted(app, phone, clock):
    me = phone.add(born="19660907")  # sixty on this very day
    miss(app, phone, clock, me)
    assert phone.get("/conduct").json["restrictions"] == []
    assert phone.book(me, day=SATURDAY).status_code == 201


def test_whoever_waits_is_offered_what_is_given_up_and_declines_by_leaving(phone, other):
    theirs = other.book(other.add(), pool="branch.p1").json["id"]
    me = phone.add()
    wish = {
        "service": "licence",
        "person": me,
        "site": "branch",
        "first_day": str(TUESDAY),
        "last_day": str(TUESDAY),
        "first_time": "09:00",
        "last_time": "09:00",
    }
    entry = phone.post("/waiting", wish)
    assert (entry.status_code, entry.json["ahead"], entry.json["state"]) == (201, 0, "waiting")
    assert phone.post("/waiting", wish).json["id"] == entry.json["id"]
    refused(other.client.delete(f"/api/v1/waiting/{entry.json['id']}"), 404, "waiting_not_found")
    other.post(f"/appointments/{theirs}/cancel")
    [shown] = phone.get("/waiting").json["waiting"]
    assert (shown["state"], shown["text"]) == ("offered", "轮到您了，请尽快确认")
    assert phone.get(f"/appointments/{shown['booking']}").json["status"] == "held"
    assert phone.client.delete(f"/api/v1/waiting/{shown['id']}").status_code == 204
    assert phone.get("/waiting").json == {"waiting": []}
    assert phone.get(f"/appointments/{shown['booking']}").json["status"] == "cancelled"


@pytest.mark.parametrize(
    "change",
    [{"site": "nowhere"}, {"last_day": "2026-09-07"}, {"last_time": "08:00"}, {"service": "passport"}],
)
def test_a_wish_that_cannot_come_true_is_refused(phone, change):
    wish = {"service": "licence", "person": phone.add(), "first_day": str(TUESDAY), "last_day": str(TUESDAY)}
    answer = phone.post("/waiting", wish | {"first_time": "09:00"} | change)
    assert answer.status_code == 422


# ---------------------------------------------------------------------- to take away


def test_the_calendar_event_is_read_back_and_follows_the_booking(phone):
    booking = phone.book(phone.add(), what="tax").json
    path = f"/api/v1/appointments/{booking['id']}"
    answer = phone.client.get(f"{path}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    [event] = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart") == moment(TUESDAY, "09:00")
    assert event.decoded("dtend") == moment(TUESDAY, "09:30")
    assert str(event["summary"]) == "到政务服务中心办税务登记"
    assert booking["code"] in str(event["description"])
    assert event.walk("VALARM")[0].decoded("trigger") == timedelta(hours=-2)
    assert (str(event["status"]), int(event["sequence"])) == ("CONFIRMED", 1)
    phone.post(f"/appointments/{booking['id']}/move", {"day": str(TUESDAY), "time": "14:00"})
    [moved] = icalendar.Calendar.from_ical(phone.client.get(f"{path}/calendar.ics").data).walk("VEVENT")
    assert (moved["uid"], int(moved["sequence"])) == (event["uid"], 2)
    assert moved.decoded("dtstart") == moment(TUESDAY, "14:00")
    phone.post(f"/appointments/{booking['id']}/cancel")
    [gone] = icalendar.Calendar.from_ical(phone.client.get(f"{path}/calendar.ics").data).walk("VEVENT")
    assert (str(gone["status"]), int(gone["sequence"])) == ("CANCELLED", 3)


def test_the_calendar_event_stands_by_itself_in_any_calendar(phone):
    """A zone that is named is also defined, or the time is UTC (RFC 5545, 3.6.5)."""
    booking = phone.book(phone.add()).json
    text = phone.client.get(f"/api/v1/appointments/{booking['id']}/calendar.ics").text
    zones = set(re.findall("TZID=([^:;]+)", text))
    assert zones <= set(re.findall("^TZID:(.+?)\r?$", text, re.MULTILINE))
    assert "王小明" not in text


def test_the_qr_code_holds_the_link_and_the_link_tells_strangers_little(phone, client):
    booking = phone.book(phone.add()).json
    answer = phone.client.get(f"/api/v1/appointments/{booking['id']}/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert decoded(enlarged(modules(answer.text))) == booking["link"]
    path = booking["link"].removeprefix("https://zwfw.example.gov.cn")
    page = client.get(path).text
    assert "9月8日（周二）09:00" in page
    for secret in ("王", "政务服务中心办", booking["code"], "营业执照"):
        assert secret not in page.replace("行政审批局", "")
    phone.post(f"/appointments/{booking['id']}/cancel")
    assert "09:00" not in client.get(path).text


# ---------------------------------------------------------------------- what is nobody's business


def test_neither_names_nor_numbers_get_into_logs_messages_or_errors(app, phone, clock, caplog, capsys):
    caplog.set_level("DEBUG")
    number, name = id_number(), "欧阳震华"
    secrets = (number, name, number[6:14])
    texts = []
    me = phone.client.post("/api/v1/people", json={"name": name, "number": number, "relation": "self"})
    texts.append(me.text)
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    for bad in ({"number": wrong}, {"name": name * 20}, {"relation": name}, {"consent": name}):
        body = {"name": name, "number": number, "relation": "self"} | bad
        texts.append(phone.client.post("/api/v1/people", json=body).text)
    booking = phone.book(me.json["id"]).json
    texts += [str(booking), phone.get("/conduct").text, phone.get("/people").text]
    texts.append(phone.book(me.json["id"], time="14:00").text)
    texts.append(phone.client.get(f"/api/v1/appointments/{booking['id']}/calendar.ics").text)
    phone.post(f"/appointments/{booking['id']}/move", {"day": str(TUESDAY), "time": "14:00"})
    phone.post(f"/appointments/{booking['id']}/cancel")
    with app.app_context():
        texts += [f"{row.title}{row.text}{row.fields}{row.link}" for row in db.session.scalars(select(OutboxMessage))]
        row = db.session.scalar(select(Booking))
        texts.append(str({column.key: getattr(row, column.key) for column in Booking.__table__.columns}))
    texts += [caplog.text, *capsys.readouterr()]
    for text in texts:
        assert not any(secret in text for secret in secrets), text[:300]


def test_a_forgotten_person_leaves_their_booking_with_a_masked_name(phone):
    me = phone.add()
    booking = phone.book(me).json["id"]
    assert phone.client.delete(f"/api/v1/people/{me}").status_code == 204
    shown = phone.get(f"/appointments/{booking}").json
    assert (shown["status"], shown["person"]) == ("confirmed", "王**")
    assert phone.get("/people").json == {"people": []}


def test_times_are_china_s_wherever_the_server_stands(phone, clock):
    clock.now = datetime(2026, 9, 8, 0, 5, tzinfo=CHINA)  # still Monday in Europe
    days = phone.get("/appointments/days", pool="center.p0", service="licence", count=1).json["days"]
    assert days[0]["day"] == "2026-09-08"
