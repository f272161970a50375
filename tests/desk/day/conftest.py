"""The staff's pages at the small city's center, on a Monday morning."""

import itertools
import re
from types import SimpleNamespace

import pytest
from stdnum.cn import ric

from miniapp_api.appointments.models import Booking
from miniapp_api.appointments.service import staff
from miniapp_api.appointments.staffing import DeskBooking, book
from miniapp_api.desk import at_work
from miniapp_api.extensions import db
from miniapp_api.staff.service import Role
from tests.appointments import world
from tests.appointments.conftest import city
from tests.staff.people import sign_in_as

__all__ = ["city"]

HTMX = {"HX-Request": "true"}

_numbers = itertools.count(1)


def id_number():
    """A valid resident identity number that nobody has had yet."""
    digits = f"11010519900101{next(_numbers):03d}"
    return digits + ric.calc_check_digit(f"{digits}0")


@pytest.fixture
def settings(settings, tmp_path):
    """Describe an installation with the small city's schedules, on plain HTTP as the test client speaks it."""
    return settings.model_copy(
        update={"catalogue_dir": world.folder(tmp_path / "city"), "public_url": "http://zwfw.example.gov.cn"}
    )


@pytest.fixture
def clock(monkeypatch):
    """The time at the desk; a test turns it by setting `now`."""
    clock = SimpleNamespace(now=world.moment(clock="08:10"))
    monkeypatch.setattr(at_work, "utc_now", lambda: clock.now)
    return clock


@pytest.fixture
def clerk(app, city, clock):
    """A clerk of the center."""
    return sign_in_as(app, site_code="center")


@pytest.fixture
def manager(app, city, clock):
    """The manager of the center."""
    return sign_in_as(app, Role.MANAGER, "center", name="李主管")


@pytest.fixture
def stranger(app, city, clock):
    """A manager of the other hall."""
    return sign_in_as(app, Role.MANAGER, "branch", name="赵主管")


@pytest.fixture
def booked(app, city, clock):
    """Book for somebody; gives the booking, as it is in the database then."""

    def make(time="09:00", pool="center.p0", day=world.MONDAY, **more):
        start = int(time[:2]) * 60 + int(time[3:])
        wish = DeskBooking(pool, "licence", day, start, "王小明", id_number(), "phone", **more)
        with app.app_context():
            made = book(world.act_at(clock.now, staff("1" * 32)), wish)
            db.session.commit()
            db.session.expunge_all()
            return made

    return make


@pytest.fixture
def status_of(app):
    """Look up what became of a booking."""

    def look(made):
        with app.app_context():
            return db.session.get_one(Booking, made.id).status

    return look


def press(client, page, label, **more):
    """Press the button of a page that has this label, as a browser without scripts does; follows to the page after."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if label in form)
    address = re.search(r'action="([^"]+)"', form)[1].replace("&amp;", "&")
    values = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return client.post(address, data=values | more, follow_redirects=True)


def number_in(page):
    """The very large number of a page."""
    found = re.search(r'class="huge[^"]*">\s*([^<]+?)\s*<', page)
    return found and found[1]
