"""Two halls on each database, the people who work there, and a case that was handed in at the center."""

from types import SimpleNamespace

import pytest

from miniapp_api.accounts.service import authenticate
from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.cases import service
from miniapp_api.cases.service import APPLICANT, Applicant, Application, By, HandedIn
from miniapp_api.extensions import db
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.service import Duty, add_duty
from tests.appointments import world as halls
from tests.appointments.conftest import whole_catalogue

__all__ = ["whole_catalogue"]

ITEM = "open-restaurant:food-licence"
MOBILE = "13912345678"
APPLICANT_DATA = Applicant("person", "王小明", "11010519491231002X", MOBILE)
MATERIALS = (
    HandedIn("食品经营许可申请书"),
    HandedIn("经营场所平面图", "lacking"),
    HandedIn("营业执照", "shared"),
)


@pytest.fixture
def content(whole_catalogue):
    """Serve the real catalogue."""
    return whole_catalogue


@pytest.fixture
def city(app):
    """Build the two halls, `center` and `branch`; gives the ids of two visitors."""
    with app.app_context():
        built = halls.build(db.session)
        db.session.commit()
    return built


@pytest.fixture
def work(app, city):
    """Do something in the context of the application, and commit.

    `work(job, by=…)` calls `job(act)`; what it gives must not be a row that is looked at afterwards.
    """

    def do(job, by=APPLICANT, now=None):
        with app.app_context():
            done = job(service.acting(db.session, by, now))
            db.session.commit()
            return done

    return do


@pytest.fixture
def act(app, city):
    """Act in the name of the applicant in a context that the test stays in; nothing is committed by itself."""
    with app.app_context():
        yield service.acting(db.session, APPLICANT)
        db.session.rollback()


@pytest.fixture
def people(work):
    """Public ids of members of staff by their duty, all of the center."""

    def add(act):
        added = {}
        for duty in Duty:
            member = StaffMember(
                username=f"{duty.value}-someone", name=f"{duty.label}一", site_code="center", password_hash="none"
            )
            act.session.add(member)
            act.session.flush()
            add_duty(act.session, member, duty)
            added[duty] = member.public_id
        return added

    return work(add)


def hand_in(act, **more):
    """Hand a case in at the center; gives it, flushed."""
    wish = {
        "item": ITEM,
        "locality": "shiyan",
        "site_code": "center",
        "applicant": APPLICANT_DATA,
        "materials": MATERIALS,
    }
    return service.receive(act, Application(**(wish | more)))


def facts_of(case):
    """What a test needs to know of a case."""
    return SimpleNamespace(
        id=case.public_id,
        row=case.id,
        number=case.number,
        query=service.personal(case)["query"],
        version=case.version,
    )


@pytest.fixture
def case(work):
    """A case that nobody follows: its `id`, `number`, `query` code, `version` and `row`."""
    return work(lambda act: facts_of(hand_in(act)), by=By("staff", "receiver"), now=now_in_china())


@pytest.fixture
def owned(work, visitor):
    """A case that the `visitor` follows."""

    def add(act):
        who = authenticate(act.session, visitor.environ_base["HTTP_AUTHORIZATION"])
        return facts_of(hand_in(act, visitor_id=who.id))

    return work(add, by=By("staff", "receiver"))


@pytest.fixture
def other(app):
    """Call the application as another visitor."""
    client = app.test_client()
    token = client.post("/api/v1/visitors", json={}).json["token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client
