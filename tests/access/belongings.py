"""Something of everything that a route can be about: all of one citizen, and at one hall."""

import secrets
from datetime import timedelta

from sqlalchemy import select

from miniapp_api.accounts.models import Visitor
from miniapp_api.appointments.models import Booking, DayOverride, Restriction, Waiting
from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import APPLICANT, Applicant, Application
from miniapp_api.extensions import db
from miniapp_api.hall.models import Ticket
from miniapp_api.papers.service import papers_of
from miniapp_api.people.models import Person
from miniapp_api.signed_codes.service import Kind, issue, link_of
from miniapp_api.sites.service import Counter, Pool
from tests.appointments import world as halls

ID_NUMBER = "11010519491231002X"
ITEM = "open-restaurant:register-individual"


def build(owner):
    """Put it there; `owner` is the client of the citizen whose all of it is.

    Returns:
        What stands for each parameter of a route, by its name.
    """
    owner.post("/api/v1/people", json={"name": "王小明", "number": ID_NUMBER, "relation": "self"})
    guide = owner.post("/api/v1/guides", json={"theme": "open-restaurant"}).json
    shared = owner.post(f"/api/v1/guides/{guide['id']}/share", json={}).json
    visitor = db.session.scalars(select(Visitor).order_by(Visitor.id)).first()
    person = db.session.scalars(select(Person)).one()
    halls.build(db.session, visitors=0)
    pool = db.session.scalars(select(Pool).order_by(Pool.id)).first()
    counter = db.session.scalars(select(Counter).filter_by(pool_id=pool.id)).first()
    now = now_in_china()
    code = issue(db.session, Kind.APPOINTMENT)
    booking = Booking(
        code="12345678",
        visitor_id=visitor.id,
        person_id=person.id,
        subject_key=person.subject_key,
        name_mask="王**",
        relation="self",
        service="licence",
        pool_id=pool.id,
        day=now.date() + timedelta(days=1),
        start=600,
        end=615,
        session="normal",
        policy_key="a day",
        channel="mini",
        online=True,
        status="confirmed",
        sign=code.id,
    )
    restriction = Restriction(subject_key=person.subject_key, until_at=now + timedelta(days=9))
    waiting = Waiting(
        visitor_id=visitor.id,
        person_id=person.id,
        subject_key=person.subject_key,
        locality="shiyan",
        service="licence",
        first_day=now.date(),
        last_day=now.date() + timedelta(days=5),
    )
    ticket = Ticket(
        issued_pool_id=pool.id,
        pool_id=pool.id,
        day=now.date(),
        prefix="A",
        number=999,
        kind="walk_in",
        visitor_id=visitor.id,
        eligible_at=now,
        rank_at=now,
    )
    override = DayOverride(site_id=pool.site_id, day=now.date(), action="close", reason="停电", actor="staff")
    db.session.add_all([booking, restriction, waiting, ticket, override])
    db.session.flush()
    applicant = Applicant("person", "王小明", ID_NUMBER, "13912345678")
    application = Application(ITEM, "shiyan", "center", applicant, visitor_id=visitor.id)
    case = cases.receive(cases.acting(db.session, APPLICANT), application)
    paper = papers_of(db.session, case.public_id)[0]
    parameters = {
        "appointment_id": booking.public_id,
        "booking_id": booking.public_id,
        "case_id": case.public_id,
        "code": "center",
        "counter": counter.code,
        "digits": link_of(code).rsplit("/", 1)[1],
        "guide_id": guide["id"],
        "kid": code.kid,
        "name": "accept",
        "matter_id": secrets.token_hex(16),
        "override_id": override.id,
        "paper_id": paper.public_id,
        "partner": "nobody",
        "person_id": person.public_id,
        "restriction_id": restriction.public_id,
        "ticket_id": ticket.public_id,
        "token": shared["path"].rsplit("/", 1)[1],
        "waiting_id": waiting.public_id,
    }
    db.session.commit()
    return parameters
