"""Who gets in where: every route × six kinds of callers, as `matrix.txt` says, and nobody else.

`-` must say who they are · `x` may not · `0` is told that there is no such thing · `+` gets in (what they
send may still be refused). Whatever is about somebody else's things is `0`, just as if it were not there.
"""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import update

from miniapp_api.extensions import db
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.passwords import hashed
from miniapp_api.staff.service import Duty, Role
from tests.access import belongings
from tests.api.test_access import routes
from tests.appointments import world
from tests.appointments.conftest import whole_catalogue
from tests.conftest import only_sqlite
from tests.staff.people import client_with, sign_in_as

__all__ = ["whole_catalogue"]

pytestmark = only_sqlite

ROLES = ("anonymous", "other", "owner", "elsewhere", "clerk", "superior")
EXPECTED = {
    (method, endpoint): cells
    for endpoint, method, *cells in (
        line.split()
        for line in Path(__file__).with_name("matrix.txt").read_text("utf-8").splitlines()
        if line[0] != "#"
    )
}

BODIES = {
    "appointments.appeal": {"text": "我那天生病了，去不了"},
    "appointments.move": {"pool": "center.p0", "day": "2026-12-01", "time": "10:00"},
    "cases.ask": {"what": "call"},
    "cases.withdraw": {"seen": 1},
    "guides.answer": {"fact": "subject", "value": "unknown"},
    "guides.tick": {"ready": []},
    "guides.what_if": {"changes": {"subject": "company"}},
    "hall.check_in": {"token": "x" * 20},
    "hall_desk.check_in": {"digits": "1"},
    "hall_desk.transfer": {"pool": "p0"},
    "hall_desk.walk_in": {"service": "licence"},
}
FORMS = {"desk.move_booking": {"when": "2026-12-01 10:00"}}
KEY = {"Idempotency-Key": "a-key-of-this-test"}
QUERIES = {"guides.explain": {"item": "food-licence"}}


@pytest.fixture
def settings(settings, tmp_path):
    """Describe an installation on plain HTTP, as the test client speaks it, with the small city's schedules."""
    catalogue = world.folder(tmp_path / "city")
    return settings.model_copy(update={"public_url": "http://zwfw.example.gov.cn", "catalogue_dir": catalogue})


@pytest.fixture
def content(whole_catalogue):
    """Serve the real catalogue."""
    return whole_catalogue


def as_visitor(app, token=None):
    """Call as a citizen: a new one, or whose token it is."""
    client = app.test_client()
    client.token = token or client.post("/api/v1/visitors", json={}).json["token"]
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {client.token}"
    return client


@pytest.fixture
def town(app, settings):
    """Build it once, and give a way to have it as it was, with six callers who have done nothing yet."""
    with app.app_context():
        owner, other = as_visitor(app), as_visitor(app)
        there = belongings.build(owner)
        staff = {
            "elsewhere": sign_in_as(app, site_code="branch", duties=[Duty.COUNTER]),
            "clerk": sign_in_as(app, site_code="center", duties=[Duty.COUNTER]),
            "superior": sign_in_as(app, Role.MANAGER, site_code="center", duties=[Duty.SUPERVISE]),
        }
        db.session.execute(update(StaffMember).values(password_hash=hashed(settings.secret_key)))
        db.session.commit()
        db.engine.dispose()
    live = Path(settings.database_url.removeprefix("sqlite:///"))
    with sqlite3.connect(live) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = shutil.copy(live, live.with_name("as-it-was"))

    def callers():
        with app.app_context():
            db.engine.dispose()
        for file in live.parent.glob(f"{live.name}*"):
            file.unlink()
        shutil.copy(kept, live)
        yield "anonymous", app.test_client()
        yield "other", as_visitor(app, other.token)
        yield from ((role, client_with(app, staff[role].token)) for role in staff)
        yield "owner", as_visitor(app, owner.token)  # whose deeds may change what the others would find

    return there, callers


def address(rule, there):
    """Give the address of a route, about what is there."""
    given = {}
    for name, converter in rule._converters.items():
        options = sorted(getattr(converter, "items", ()))
        given[name] = options[0] if options else there.get(name, "0")
    if rule.endpoint == "desk.open_counter":
        given["code"] = there["counter"]
    return rule.build(given)[1]


def call(client, rule, method, there):
    """Call a route about what is there, with a body that is as it should be."""
    path = address(rule, there)
    query = QUERIES.get(rule.endpoint)
    if method == "GET":
        return client.get(path, query_string=query)
    if path.startswith("/desk"):
        return client.open(path, method=method, data=FORMS.get(rule.endpoint))
    return client.open(path, method=method, json=BODIES.get(rule.endpoint, {}), headers=KEY)


def symbol(answer):
    """Tell how an answer treats its caller."""
    if answer.status_code == 401 or (answer.status_code == 303 and "/desk/sign-in" in answer.location):
        return "-"
    return {403: "x", 404: "0"}.get(answer.status_code, "+")


def test_every_cell_of_the_matrix_holds_and_no_route_is_without_a_row(app, town):
    there, callers = town
    found = {}
    for rule, method, _ in routes(app):
        cells = {}
        for role, client in callers():
            answer = call(client, rule, method, there)
            assert answer.status_code < 500, (rule.endpoint, role)
            cells[role] = symbol(answer)
        found[method, rule.endpoint] = [cells[role] for role in ROLES]
    told = "\n".join(f"{endpoint} {method} {' '.join(cells)}" for (method, endpoint), cells in sorted(found.items()))
    assert found == EXPECTED, f"routes as they are now:\n{told}"


def test_what_is_anothers_is_told_of_like_what_is_not_there(app, town):
    there, callers = town
    nothing = dict.fromkeys(there, "0" * 32) | {"digits": there["digits"], "code": "center"}
    other = dict(callers())["other"]
    for rule, method, _ in routes(app):
        if EXPECTED[method, rule.endpoint][1] != "0":
            continue
        anothers, absent = (call(other, rule, method, about) for about in (there, nothing))
        said = [{**(answer.get_json(silent=True) or {}), "instance": None} for answer in (anothers, absent)]
        assert (anothers.status_code, said[0]) == (absent.status_code, said[1]), rule.endpoint
