"""The hall over HTTP: citizens see their own, staff act at their own site."""

import uuid
from types import SimpleNamespace

import pytest

from miniapp_api.accounts.models import Visitor
from miniapp_api.accounts.service import token_for
from miniapp_api.extensions import db
from miniapp_api.hall import api, desk_api, service
from miniapp_api.signed_codes import service as signed_codes
from miniapp_api.signed_codes.service import Kind
from tests.hall import halls
from tests.hall.halls import NINE, after
from tests.staff.people import sign_in_as

API = "/api/v1"


@pytest.fixture
def clock(monkeypatch):
    """The time at the hall; a test turns it by setting `now`."""
    clock = SimpleNamespace(now=NINE)
    for module in (api, desk_api):
        monkeypatch.setattr(module, "utc_now", lambda: clock.now)
    return clock


@pytest.fixture
def place(app, clock):
    """A hall, as its code and those of its counters."""
    with app.app_context():
        built = halls.build(db.session, 2, 1)
        db.session.commit()
        return SimpleNamespace(
            code=built.site.code, site=built.site, pools=built.pools, at=f"{API}/desk/sites/{built.site.code}"
        )


@pytest.fixture
def citizen(app):
    """Make citizens, each with a client and an id."""

    def make():
        with app.app_context():
            found = Visitor(locality="shiyan")
            db.session.add(found)
            db.session.commit()
            client = app.test_client()
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token_for(found)}"
            client.visitor_id = found.id
            return client

    return make


@pytest.fixture
def desk(app, place):
    """A clerk of the hall."""
    return sign_in_as(app, site_code=place.code)


def screen(desk, place):
    return desk.get(f"{place.at}/hall-code").json["token"]


def take(client, place, token, key=None, service="service-0"):
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(f"{API}/sites/{place.code}/tickets", json={"token": token, "service": service}, headers=headers)


def give(desk, place, kind="walk_in", service="service-0", key=None):
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return desk.post(f"{place.at}/tickets", json={"service": service, "kind": kind}, headers=headers)


def at_counter(desk, place, deed, counter="A01"):
    return desk.post(f"{place.at}/counters/{counter}/{deed}")


def touch(desk, ticket, deed, **body):
    return desk.post(f"{API}/desk/tickets/{ticket}/{deed}", json=body)


def confirmed(app, place, client=None):
    """A booking at nine with a code: its id and the digits."""
    with app.app_context():
        code = signed_codes.issue(db.session, Kind.APPOINTMENT)
        booking = halls.book(
            db.session, place.pools[0], NINE, sign=code.id, visitor_id=client.visitor_id if client else None
        )
        db.session.commit()
        return booking.public_id, signed_codes.link_of(code).rpartition("/")[2]


def test_a_citizen_takes_a_number_waits_and_is_served(citizen, desk, place, clock):
    me = citizen()
    give(desk, place)
    mine = take(me, place, screen(desk, place))
    assert mine.status_code == 201
    assert (mine.json["number"], mine.json["state"], mine.json["place"]["ahead"]) == ("A002", "waiting", 1)
    assert at_counter(desk, place, "open").status_code == 204
    first = at_counter(desk, place, "call-next").json["ticket"]
    assert first["number"] == "A001"
    assert touch(desk, first["id"], "finish").json["state"] == "finished"
    assert at_counter(desk, place, "call-next").json["ticket"]["number"] == "A002"
    seen = me.get(f"{API}/tickets/{mine.json['id']}").json
    assert (seen["state"], seen["state_text"], seen["counter"], seen["place"]) == ("called", "正在叫号", "A01", None)
    assert touch(desk, mine.json["id"], "start").json["state"] == "serving"
    assert touch(desk, mine.json["id"], "finish").json["state"] == "finished"
    assert at_counter(desk, place, "call-next").json == {"ticket": None}
    assert at_counter(desk, place, "close").status_code == 204


def test_the_same_tap_is_the_same_number(citizen, desk, place):
    me, key, token = citizen(), str(uuid.uuid4()), screen(desk, place)
    answers = [take(me, place, token, key).json for _ in range(2)]
    assert answers[0] == answers[1]
    given = [give(desk, place, key=key).json["number"] for _ in range(2)]
    assert given == ["A002", "A002"]


def test_a_key_is_needed_and_bounded(citizen, desk, place):
    token = screen(desk, place)
    assert take(citizen(), place, token, "short").status_code == 422
    answer = citizen().post(f"{API}/sites/{place.code}/tickets", json={"token": token, "service": "service-0"})
    assert (answer.status_code, answer.json["invalid_params"][0]["name"]) == (422, "Idempotency-Key")


def test_whoever_is_not_in_the_hall_takes_no_number(citizen, desk, place, clock):
    token = screen(desk, place)
    clock.now = after(seconds=91)
    answer = take(citizen(), place, token)
    assert (answer.status_code, answer.json["code"]) == (422, "hall_code_expired")
    assert take(citizen(), place, token[:-1]).json["code"] == "hall_code_forged"


def test_anothers_number_is_not_there(citizen, desk, place):
    mine = take(citizen(), place, screen(desk, place)).json["id"]
    other = citizen()
    assert other.get(f"{API}/tickets/{mine}").status_code == 404
    assert other.post(f"{API}/tickets/{mine}/leave").status_code == 404


def test_who_gives_up_is_not_called(citizen, desk, place):
    me = citizen()
    mine = take(me, place, screen(desk, place)).json["id"]
    assert [me.post(f"{API}/tickets/{mine}/leave").json["state"] for _ in range(2)] == ["left", "left"]
    at_counter(desk, place, "open")
    assert at_counter(desk, place, "call-next").json["ticket"] is None


def test_a_citizen_checks_in_at_the_screen(app, citizen, desk, place):
    me = citizen()
    booking, _ = confirmed(app, place, me)
    path = f"{API}/appointments/{booking}/check-in"
    answers = [me.post(path, json={"token": screen(desk, place)}) for _ in range(2)]
    assert [(answer.status_code, answer.json["number"]) for answer in answers] == [(200, "A001")] * 2
    assert citizen().post(path, json={"token": screen(desk, place)}).status_code == 404


def test_the_number_of_a_booking_is_shown_to_its_citizen_only(app, citizen, desk, place):
    me = citizen()
    booking, digits = confirmed(app, place, me)
    path = f"{API}/appointments/{booking}/ticket"
    assert (me.get(path).status_code, me.get(path).json["code"]) == (404, "not_checked_in")
    desk.post(f"{place.at}/check-ins", json={"digits": digits})
    assert me.get(path).json["number"] == "A001"
    assert citizen().get(path).status_code == 404


def test_the_desk_checks_in_by_the_code_once(app, desk, place):
    _, digits = confirmed(app, place)
    first = desk.post(f"{place.at}/check-ins", json={"digits": digits})
    assert (first.status_code, first.json["number"], first.json["booked"]) == (201, "A001", True)
    again = desk.post(f"{place.at}/check-ins", json={"digits": digits})
    assert (again.status_code, again.json["code"], again.json["number"]) == (409, "already_checked_in", "A001")
    forged = desk.post(f"{place.at}/check-ins", json={"digits": "1" * 179})
    assert (forged.status_code, forged.json["code"]) == (422, "code_forged")


def test_the_desk_does_all_there_is_to_do(desk, place, clock):
    at_counter(desk, place, "open")
    ticket = give(desk, place, kind="special").json["id"]
    at_counter(desk, place, "call-next")
    assert touch(desk, ticket, "recall").json["code"] == "called_just_now"
    clock.now = after(1)
    assert touch(desk, ticket, "recall").json["calls"] == 2
    assert touch(desk, ticket, "miss").json["state"] == "missed"
    assert touch(desk, ticket, "requeue").json["state"] == "waiting"
    at_counter(desk, place, "call-next")
    assert touch(desk, ticket, "park").json["state"] == "parked"
    assert touch(desk, ticket, "unpark").json["state"] == "waiting"
    moved = touch(desk, ticket, "transfer", pool="pool-1").json
    assert (moved["pool"], moved["number"], moved["state"]) == ("pool-1", "A001", "waiting")
    assert touch(desk, ticket, "transfer", pool="pool-9").json["invalid_params"][0]["name"] == "pool"
    day = desk.get(f"{place.at}/today").json
    assert [row["number"] for row in day["tickets"]] == ["A001"]
    assert day["counters"][0]["staff"] == desk.staff


def test_the_desk_acts_at_its_own_site_only(app, citizen, desk, place):
    ticket = give(desk, place).json["id"]
    stranger = sign_in_as(app, site_code="elsewhere")
    for answer in (
        stranger.get(f"{place.at}/today"),
        stranger.get(f"{place.at}/hall-code"),
        give(stranger, place),
        stranger.post(f"{place.at}/check-ins", json={"digits": "1"}),
        *(at_counter(stranger, place, deed) for deed in ("open", "close", "call-next")),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "other_site")
    for deed in ("recall", "start", "finish", "miss", "requeue", "park", "unpark"):
        assert touch(stranger, ticket, deed).status_code == 404
    assert touch(stranger, ticket, "transfer", pool="pool-1").status_code == 404


def test_what_is_not_there_is_not_found(client, desk, place):
    assert client.get(f"{API}/sites/nowhere/board").status_code == 404
    assert desk.get(f"{API}/desk/sites/nowhere/today").status_code == 404
    assert at_counter(desk, place, "open", "Z99").json["code"] == "counter_not_found"
    assert give(desk, place, service="service-9").json["invalid_params"][0]["name"] == "service"


def test_anybody_sees_the_board_and_not_the_halls_code(client, desk, place):
    give(desk, place)
    answer = client.get(f"{API}/sites/{place.code}/board")
    assert answer.json["queues"][0] == {"pool": "pool-0", "name": "1 号区", "waiting": 1, "next": ["A001"]}
    assert screen(desk, place) not in answer.text
    assert client.get(f"{place.at}/hall-code").status_code == 401


def test_a_busy_counter_says_with_whom(desk, place):
    at_counter(desk, place, "open")
    give(desk, place)
    at_counter(desk, place, "call-next")
    answer = at_counter(desk, place, "call-next")
    assert (answer.status_code, answer.json["code"], answer.json["number"]) == (409, "counter_busy", "A001")
    assert "A001" in answer.json["detail"]


def test_the_sweep_leaves_what_is_going_on_alone(app, desk, place):
    give(desk, place)
    with app.app_context():
        assert service.close_days(db.session, NINE.date(), NINE) == 0
