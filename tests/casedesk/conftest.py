"""Two halls, the real catalogue, and somebody for each duty, on a working Monday."""

import re
from datetime import datetime
from html import unescape
from types import SimpleNamespace

import pytest

from miniapp_api.calendar.service import CHINA
from miniapp_api.casedesk import frame
from miniapp_api.cases import service as cases
from miniapp_api.cases.models import Case
from miniapp_api.cases.service import Applicant, Application, By, HandedIn
from miniapp_api.extensions import db
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.service import Duty
from tests.appointments import world as halls
from tests.appointments.conftest import whole_catalogue
from tests.staff.people import sign_in_as

__all__ = ["whole_catalogue"]

ITEM = "open-restaurant:food-licence"
NAME, NUMBER, MOBILE = "王小明", "11010519491231002X", "13912345678"
MATERIALS = (
    HandedIn("申请表"),
    HandedIn("店面布局图和操作流程图", "lacking"),
    HandedIn("营业执照", "shared"),
)


@pytest.fixture
def settings(settings):
    """Describe an installation on plain HTTP, as the test client speaks it."""
    return settings.model_copy(update={"public_url": "http://zwfw.example.gov.cn"})


@pytest.fixture
def content(whole_catalogue):
    """Serve the real catalogue."""
    return whole_catalogue


@pytest.fixture
def clock(monkeypatch):
    """The time at the desk; a test turns it by setting `now`."""
    clock = SimpleNamespace(now=datetime(2026, 11, 2, 10, tzinfo=CHINA))
    monkeypatch.setattr(frame, "now_in_china", lambda: clock.now)
    return clock


@pytest.fixture
def city(app, clock):
    """Build the two halls, `center` and `branch`."""
    with app.app_context():
        halls.build(db.session)
        db.session.commit()


@pytest.fixture
def at(app, city):
    """Sign in with a duty: `at(Duty.COUNTER)`."""

    def sign_in(*duties, site="center", name="王小青"):
        return sign_in_as(app, site_code=site, name=name, duties=duties)

    return sign_in


@pytest.fixture
def staff(at):
    """Somebody for each duty, by its value."""
    return {duty.value: at(duty, name=f"{duty.label}人") for duty in Duty}


@pytest.fixture
def work(app, city, clock):
    """Do something in the context of the application, and commit: `work(lambda act: …, by=client)`."""

    def do(job, by=None):
        with app.app_context():
            who = By("staff", by.staff) if by else cases.APPLICANT
            done = job(cases.acting(db.session, who, clock.now))
            db.session.commit()
            return done

    return do


@pytest.fixture
def received(work, staff):
    """Receive a case at the center; gives its public id."""

    def receive(item=ITEM, materials=MATERIALS, applicant=None, site="center", **more):
        applicant = applicant or Applicant("person", NAME, NUMBER, MOBILE)
        application = Application(item, "shiyan", site, applicant, materials, **more)
        return work(lambda act: cases.receive(act, application).public_id, by=staff["counter"])

    return receive


@pytest.fixture
def happen(work):
    """Let a member of staff take a step without the pages: `happen(id, client, "accepted")`."""

    def step(public_id, client, kind, **facts):
        def do(act):
            case = act.session.query(Case).filter_by(public_id=public_id).one()
            member = act.session.query(StaffMember).filter_by(public_id=client.staff).one()
            cases.do(act, member, case, cases.read_fact({"kind": kind, **facts}), seen=case.version)

        work(do, by=client)

    return step


@pytest.fixture
def column(app):
    """Read a column of a case: `column(id, "state")`."""

    def read(public_id, name):
        with app.app_context():
            return getattr(db.session.query(Case).filter_by(public_id=public_id).one(), name)

    return read


def page_of(case):
    """The address of a case."""
    return f"/desk/cases/{case}"


def press(client, page, label, **more):
    """Press the button of a page that has this label, as a browser without scripts does."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f">{label}<" in form)
    address = unescape(re.search(r'action="([^"]+)"', form)[1])
    values = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        values.setdefault(name, []).append(unescape(value))
    return client.post(address, data=values | more, follow_redirects=True)


def do(client, case, label, **more):
    """Open a case and take a step."""
    return press(client, client.get(page_of(case)).text, label, **more)


def labels(page):
    """The steps that a page offers."""
    return re.findall(r"<summary>([^<]+)</summary>", page)
