"""What is for staff is closed to others, to sessions that are over, to low roles and to foreign pages."""

from datetime import timedelta

import pytest
from apiflask import APIBlueprint
from sqlalchemy import select, update

from miniapp_api import app as application
from miniapp_api.accounts.service import Access
from miniapp_api.app import create_app
from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.staff import service
from miniapp_api.staff.models import StaffMember, StaffSession
from miniapp_api.staff.service import BACKGROUND, COOKIE, Duty, Role, current_staff, requires_staff
from tests.api.test_access import path_to, routes
from tests.conftest import only_sqlite
from tests.staff.people import client_with, sign_in_as

BEFORE_SECOND_FACTOR = {
    "desk.second_factor",
    "desk.bind_second_factor",
    "desk.confirm_second_factor",
    "desk.leave",
}


def rooms():
    bp = APIBlueprint("rooms", __name__, enable_openapi=False)

    @bp.route("/api/v1/room", methods=["GET", "POST"])
    @requires_staff()
    def room():
        return {"staff": current_staff().public_id}

    @bp.get("/api/v1/office")
    @requires_staff(role=Role.MANAGER)
    def office():
        return {}

    @bp.get("/desk/room")
    @requires_staff()
    def page():
        return ""

    return bp


@pytest.fixture
def app(settings, content, guides, monkeypatch):
    """Make an application with rooms for staff."""
    monkeypatch.setattr(application, "BLUEPRINTS", [*application.BLUEPRINTS, rooms()])
    app = create_app(settings, content=content, guides=guides)
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


def age(app, **columns):
    with app.app_context():
        db.session.execute(update(StaffSession).values(**{name: utc_now() - ago for name, ago in columns.items()}))
        db.session.commit()


def last_seen(app):
    with app.app_context():
        return utc_now() - db.session.scalars(select(StaffSession.last_seen_at)).one()


def test_staff_get_in_and_are_known(app):
    client = sign_in_as(app)
    assert client.get("/api/v1/room").json == {"staff": client.staff}
    assert client.post("/api/v1/room").json == {"staff": client.staff}


def test_without_a_session_the_api_says_so_and_a_page_leads_to_the_sign_in(client):
    for stranger in (client, client_with(client.application, "x" * 43)):
        answer = stranger.get("/api/v1/room")
        assert (answer.status_code, answer.json["code"]) == (401, "unauthorized")
        answer = stranger.get("/desk/room?day=1&part=2")
        assert answer.status_code == 303
        assert answer.location == "/desk/sign-in?next=/desk/room?day%3D1%26part%3D2"


def test_a_part_of_a_page_leads_the_whole_page_to_the_sign_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/desk/today"}
    answer = client.get("/desk/room", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/desk/sign-in?next=/desk/today"


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 403), (Role.MANAGER, 200), (Role.ADMIN, 200)])
def test_a_role_too_low_is_refused(app, role, status):
    assert sign_in_as(app, role).get("/api/v1/office").status_code == status


def test_a_session_ends_when_nobody_was_there_for_half_an_hour(app):
    client = sign_in_as(app)
    age(app, last_seen_at=timedelta(minutes=29))
    assert client.get("/api/v1/room").status_code == 200
    assert last_seen(app) < timedelta(minutes=1)  # looking is being there
    age(app, last_seen_at=timedelta(minutes=30))
    assert client.get("/api/v1/room").status_code == 401


def test_acting_is_being_there_too(app):
    client = sign_in_as(app)
    age(app, last_seen_at=timedelta(minutes=29))
    assert client.post("/api/v1/room").status_code == 200
    assert last_seen(app) < timedelta(minutes=1)


def test_what_a_page_does_by_itself_is_not_being_there(app):
    client = sign_in_as(app)
    age(app, last_seen_at=timedelta(minutes=29))
    assert client.get("/api/v1/room", headers={BACKGROUND: "1"}).status_code == 200
    assert last_seen(app) > timedelta(minutes=28)


def test_a_session_ends_after_twelve_hours_however_busy(app):
    client = sign_in_as(app)
    with app.app_context():
        lasting = db.session.scalars(select(StaffSession.expires_at)).one() - utc_now()
    assert timedelta(hours=11) < lasting <= timedelta(hours=12)
    age(app, expires_at=timedelta(0))
    assert client.get("/api/v1/room").status_code == 401


def test_who_is_disabled_is_out_at_once(app):
    client = sign_in_as(app)
    with app.app_context():
        db.session.execute(update(StaffMember).values(active=False))
        db.session.commit()
    assert client.get("/api/v1/room").status_code == 401


def test_signing_out_ends_this_session_and_no_other(app):
    client, other = sign_in_as(app), sign_in_as(app)
    with app.app_context():
        service.sign_out(db.session, client.token)
        db.session.commit()
    assert client.get("/api/v1/room").status_code == 401
    assert other.get("/api/v1/room").status_code == 200


def test_sessions_that_are_over_are_forgotten_at_the_next_sign_in(app):
    sign_in_as(app)
    age(app, last_seen_at=timedelta(minutes=31))
    sign_in_as(app)
    with app.app_context():
        assert len(db.session.scalars(select(StaffSession)).all()) == 1


@only_sqlite
def test_without_the_second_factor_they_need_they_reach_the_page_for_it_and_the_way_out_only(app):
    client = sign_in_as(app, Role.ADMIN, site_code=None, second_factor=False)
    for rule, method, access in routes(app):
        if access is Access.STAFF and rule.endpoint not in BEFORE_SECOND_FACTOR:
            answer = client.open(path_to(rule), method=method)
            if rule.rule.startswith("/api/"):
                assert (answer.status_code, answer.json["code"]) == (403, "second_factor_missing"), str(rule)
            else:
                assert (answer.status_code, answer.location) == (303, "/desk/second-factor"), str(rule)
    assert client.get("/desk/second-factor").status_code == 200
    assert client.post("/desk/second-factor").status_code == 303
    assert client.post("/desk/second-factor/confirm").status_code == 422
    assert client.post("/desk/sign-out").location == "/desk/sign-in"


@only_sqlite
def test_a_part_of_a_page_leads_the_whole_page_to_the_second_factor(app):
    client = sign_in_as(app, duties=[Duty.REVIEW], second_factor=False)
    answer = client.get("/desk/room", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (403, "/desk/second-factor")


@only_sqlite
def test_who_needs_no_second_factor_works_without(app):
    assert sign_in_as(app, second_factor=False).get("/api/v1/room").status_code == 200


@only_sqlite
def test_a_duty_given_meanwhile_asks_for_a_second_factor_at_once(app):
    client = sign_in_as(app, second_factor=False)
    with app.app_context():
        member = db.session.scalars(select(StaffMember)).one()
        service.add_duty(db.session, member, Duty.REVIEW)
        db.session.commit()
    assert client.get("/api/v1/room").status_code == 403


@only_sqlite
@pytest.mark.parametrize(
    ("site", "origin", "status"),
    [
        ("same-origin", None, 200),
        ("same-origin", "null", 200),
        (None, "http://localhost", 200),
        (None, "http://127.0.0.1:8000", 200),  # PUBLIC_URL
        ("cross-site", "http://localhost", 403),
        ("same-site", "http://localhost", 403),
        ("none", None, 403),
        (None, "http://localhost.evil.test", 403),
        (None, "https://localhost", 403),
        (None, "null", 403),
        (None, None, 403),
    ],
)
def test_only_our_pages_may_change_something(app, site, origin, status):
    client = sign_in_as(app)
    del client.environ_base["HTTP_ORIGIN"]
    headers = {name: text for name, text in (("Sec-Fetch-Site", site), ("Origin", origin)) if text}
    assert client.post("/api/v1/room", headers=headers).status_code == status
    assert client.get("/api/v1/room", headers=headers).status_code == 200


@only_sqlite
def test_what_changes_something_needs_the_token_of_this_session(app):
    client, other = sign_in_as(app), sign_in_as(app)
    own = client.environ_base.pop("HTTP_X_CSRF_TOKEN")
    foreign = other.environ_base["HTTP_X_CSRF_TOKEN"]
    for token, status in ((None, 403), ("", 403), (foreign, 403), ("é", 403), (own, 200)):
        headers = {"X-CSRF-Token": token} if token is not None else {}
        answer = client.post("/api/v1/room", headers={k: v.encode().decode("latin-1") for k, v in headers.items()})
        assert answer.status_code == status, token
    assert client.post("/api/v1/room", data={"csrf_token": own}).status_code == 200
    assert client.post("/api/v1/room", data={"csrf_token": foreign}).status_code == 403


@only_sqlite
def test_a_visitors_token_opens_nothing_of_staffs(app, visitor):
    assert visitor.get("/api/v1/room").status_code == 401


@only_sqlite
@pytest.mark.parametrize(("address", "cookie"), [("http://x.test", COOKIE), ("https://x.test", f"__Host-{COOKIE}")])
def test_the_cookie_is_guarded_as_well_as_the_address_allows(settings, content, guides, address, cookie):
    app = create_app(settings.model_copy(update={"public_url": address}), content=content, guides=guides)
    with app.test_request_context():
        answer = app.response_class()
        service.remember(answer, "secret")
        name, _, rest = answer.headers["Set-Cookie"].partition("=")
        flags = set(rest.split("; ")[1:])
        assert name == cookie
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= flags
        assert ("Secure" in flags) == address.startswith("https")
        assert not any(flag.startswith(("Domain", "Max-Age", "Expires")) for flag in flags)
