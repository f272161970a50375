"""Who does what with cases: given and taken one by one, and never together what has to be apart."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from apiflask import APIBlueprint
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api import app as application
from miniapp_api import database
from miniapp_api.accounts.service import Access, access_of
from miniapp_api.app import create_app
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.staff import duties, roles, service
from miniapp_api.staff.models import StaffDuty, StaffMember
from miniapp_api.staff.service import Duty, Role, duties_for, requires_duty
from tests.api.test_access import path_to, routes
from tests.conftest import only_sqlite
from tests.staff.conftest import PASSWORD
from tests.staff.people import sign_in_as

TOGETHER_NEVER = [{Duty.COUNTER, Duty.REVIEW}, {Duty.REVIEW, Duty.DELIVER}]


@given(st.sets(st.sampled_from(Duty)))
def test_two_pairs_of_duties_clash_and_no_others(held):
    clash = roles.clash(held)
    assert (clash is not None) == any(pair <= held for pair in TOGETHER_NEVER)
    assert clash is None or clash in TOGETHER_NEVER


def test_in_whatever_order_nobody_gets_what_has_to_be_apart(wang):
    for order in itertools.permutations([Duty.COUNTER, Duty.REVIEW, Duty.DELIVER, Duty.INSPECT]):
        for duty in order:
            before = service.duties_of(wang)
            clashes = any(pair <= before | {duty} for pair in TOGETHER_NEVER)
            try:
                service.add_duty(db.session, wang, duty)
            except Problem as refused:
                assert clashes
                assert (refused.code, refused.kind) == (409, "duties_apart")
                assert duty.label in refused.description
            else:
                assert not clashes
            assert service.duties_of(wang) == before | (set() if clashes else {duty})
        for duty in order:
            service.remove_duty(db.session, wang, duty)
        assert db.session.scalars(select(StaffDuty)).all() == []


def test_a_duty_is_had_once_and_an_administrator_has_none_of_itself(wang):
    service.add_duty(db.session, wang, Duty.INSPECT)
    service.add_duty(db.session, wang, Duty.INSPECT)
    db.session.commit()
    db.session.expire_all()
    assert service.duties_of(wang) == {Duty.INSPECT}
    assert service.has_duty(wang, Duty.INSPECT) and not service.has_duty(wang, Duty.REVIEW)
    admin = service.add_member(db.session, username="zhao", name="赵", role=Role.ADMIN, password=PASSWORD)
    assert service.duties_of(admin) == frozenset()


def test_somebody_is_called_by_their_duties_else_by_their_role(wang):
    assert service.title(wang) == "窗口人员"
    for duty in (Duty.DELIVER, Duty.COUNTER):
        service.add_duty(db.session, wang, duty)
    assert service.title(wang) == "窗口收件、出件"


def test_the_database_refuses_an_unknown_duty(wang):
    statement = "INSERT INTO staff_duties (member_id, duty, granted_at) VALUES (1, 'king', '2026-11-25')"
    with pytest.raises(IntegrityError):
        db.session.connection().exec_driver_sql(statement)
    db.session.rollback()


@pytest.fixture
def rush(database_url, cheap_hashes, monkeypatch):
    """Give one person two duties that clash, at the same moment; gives what they have then."""
    engine = database.create_engine(database_url)
    with Session(engine) as session, session.begin():
        who = {"username": "wang", "name": "王", "role": Role.CLERK, "site_code": "shiyan-center"}
        service.add_member(session, password=PASSWORD, **who)
    clash, moment = roles.clash, threading.Event()

    def slowly(held):
        found = clash(held)
        moment.wait(0.3)
        return found

    monkeypatch.setattr(duties, "clash", slowly)
    start = threading.Barrier(2)

    def give_one(duty):
        start.wait()
        with Session(engine) as session, session.begin():
            try:
                service.add_duty(session, service.find_member(session, "wang"), duty)
            except Problem:
                return

    def both():
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(give_one, (Duty.COUNTER, Duty.REVIEW)))
        with Session(engine) as session:
            return set(session.scalars(select(StaffDuty.duty)))

    yield both
    engine.dispose()


def test_given_at_the_same_moment_they_are_apart_too(rush):
    assert len(rush()) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_lock_they_would_not_be(rush, monkeypatch):
    """A negative control; SQLite has one writer anyway."""
    refresh = Session.refresh

    def without_lock(self, member, names=None, **_options):
        refresh(self, member, names)

    monkeypatch.setattr(Session, "refresh", without_lock)
    assert rush() == {Duty.COUNTER, Duty.REVIEW}


def rooms():
    bp = APIBlueprint("rooms", __name__, enable_openapi=False)

    @bp.route("/api/v1/desk", methods=["GET", "POST"])
    @requires_duty(Duty.COUNTER, Duty.DELIVER)
    def desk():
        return {}

    @bp.get("/api/v1/back-office")
    @requires_duty(Duty.REVIEW)
    def back_office():
        return {}

    return bp


@pytest.fixture
def app(settings, content, guides, monkeypatch):
    """Make an application with rooms for duties."""
    monkeypatch.setattr(application, "BLUEPRINTS", [*application.BLUEPRINTS, rooms()])
    app = create_app(settings, content=content, guides=guides)
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("duties", "statuses"),
    [
        ([], (403, 403)),
        ([Duty.COUNTER], (200, 403)),
        ([Duty.DELIVER, Duty.INSPECT], (200, 403)),
        ([Duty.REVIEW], (403, 200)),
        ([Duty.SUPERVISE, Duty.GOVERNMENT], (403, 403)),
    ],
)
def test_one_of_the_duties_of_a_route_opens_it_and_no_other(app, duties, statuses):
    client = sign_in_as(app, duties=duties)
    assert (client.get("/api/v1/desk").status_code, client.get("/api/v1/back-office").status_code) == statuses
    assert client.post("/api/v1/desk").status_code == statuses[0]


@only_sqlite
def test_no_role_stands_in_for_a_duty_and_the_refusal_says_whose_it_is(app):
    for role in Role:
        answer = sign_in_as(app, role).get("/api/v1/desk")
        assert answer.status_code == 403
        assert "“窗口收件”或“出件”" in answer.json["detail"]


@only_sqlite
def test_a_duty_taken_away_is_gone_at_once(app):
    client = sign_in_as(app, duties=[Duty.REVIEW])
    assert client.get("/api/v1/back-office").status_code == 200
    with app.app_context():
        service.remove_duty(db.session, db.session.scalars(select(StaffMember)).one(), Duty.REVIEW)
        db.session.commit()
    assert client.get("/api/v1/back-office").status_code == 403


@only_sqlite
def test_every_route_for_a_duty_is_for_staff_and_closed_to_all_other_duties(app):
    clients = {duty: sign_in_as(app, Role.ADMIN, duties=[duty]) for duty in Duty}
    for rule, method, access in routes(app):
        if wanted := duties_for(app.view_functions[rule.endpoint]):
            assert access is Access.STAFF is access_of(app.view_functions[rule.endpoint])
            for duty in set(Duty) - wanted:
                assert clients[duty].open(path_to(rule), method=method).status_code == 403, (str(rule), duty)
