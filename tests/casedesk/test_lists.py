"""Lists of work, look-ups and lamps: by duty, by reach, page by page, on both databases."""

import re
from datetime import datetime

import pytest
from sqlalchemy import event

from miniapp_api.calendar.service import CHINA
from miniapp_api.cases.models import Case
from miniapp_api.cases.service import Applicant
from miniapp_api.extensions import db
from miniapp_api.privacy.service import PersonalRead
from miniapp_api.staff.service import Duty
from tests.casedesk.conftest import NUMBER, press
from tests.conftest import only_sqlite

QUEUES = {
    "/desk/cases/receive": {"counter"},
    "/desk/cases/counter": {"counter"},
    "/desk/cases/review": {"review", "inspect"},
    "/desk/cases/delivery": {"deliver"},
    "/desk/cases/supervision": {"supervise", "government"},
    "/desk/cases/supervision/cases": {"supervise", "government"},
    "/desk/cases/reads": {"supervise"},
    "/desk/cases/find": {duty.value for duty in Duty},
}


def listed(page):
    """The addresses of the cases of a list."""
    return re.findall(r'class="what"><a href="/desk/cases/([0-9a-f]{32})"', page)


@only_sqlite
def test_every_list_is_for_its_duties(staff):
    for path, duties in QUEUES.items():
        answers = {duty for duty in staff if staff[duty].get(path).status_code == 200}
        assert answers == duties, path


@only_sqlite
def test_the_desk_leads_only_to_what_ones_duties_allow(staff):
    ways = {duty: re.findall(r'href="(/desk/cases/[a-z]+)"', staff[duty].get("/desk/").text) for duty in staff}
    assert {duty: {way.rsplit("/", 1)[1] for way in found} for duty, found in ways.items()} == {
        "counter": {"receive", "counter", "find"},
        "review": {"review", "find"},
        "inspect": {"review", "find"},
        "deliver": {"delivery", "find"},
        "supervise": {"supervision", "find"},
        "government": {"supervision", "find"},
    }


def test_a_case_wanders_through_the_lists(staff, received, happen, clock):
    case = received()
    lists = {
        "new": ("counter", "/desk/cases/counter"),
        "correcting": ("counter", "/desk/cases/counter?tab=correcting"),
        "free": ("review", "/desk/cases/review?tab=free"),
        "mine": ("review", "/desk/cases/review?tab=mine"),
        "inspect": ("inspect", "/desk/cases/review"),
        "decided": ("deliver", "/desk/cases/delivery"),
    }

    def found():
        return [name for name, (duty, path) in lists.items() if listed(staff[duty].get(path).text) == [case]]

    assert found() == ["new"]
    happen(case, staff["counter"], "correction_requested", items=["申请表"], until="2026-11-20")
    assert found() == ["correcting"]
    happen(case, staff["counter"], "corrected", items=["申请表"])
    happen(case, staff["counter"], "accepted")
    assert found() == ["free", "inspect"]
    happen(case, staff["review"], "taken_up")
    assert found() == ["mine", "inspect"]
    happen(case, staff["inspect"], "inspected", inspectors=["1", "2"], passed=True)
    assert found() == ["mine"]
    happen(case, staff["review"], "granted")
    assert found() == ["decided"]
    happen(case, staff["deliver"], "delivered", way="post")
    assert found() == []


def test_lamps_are_counted_by_site_and_list_their_cases(staff, at, received, happen, clock):
    dues = {}
    for day in (2, 9, 12, 13):  # last days: 9, 16, 19, 20 November
        clock.now = datetime(2026, 11, day, 10, tzinfo=CHINA)
        dues[day] = received()
    beyond = received(site="branch")
    clock.now = datetime(2026, 11, 16, 9, tzinfo=CHINA)
    chief = staff["supervise"]
    page = chief.get("/desk/cases/supervision").text
    counts = dict(re.findall(r'lamp=(\w+)"><strong>(\d+)</strong>', page))
    assert counts == {"overdue": "1", "red": "1", "yellow": "0", "green": "2"}
    lists = {lamp: listed(chief.get(f"/desk/cases/supervision/cases?lamp={lamp}").text) for lamp in counts}
    assert lists == {"overdue": [dues[2]], "red": [dues[9]], "yellow": [], "green": [dues[12], dues[13]]}
    clock.now = datetime(2026, 11, 17, 9, tzinfo=CHINA)
    assert listed(chief.get("/desk/cases/supervision/cases?lamp=yellow").text) == [dues[12]]
    assert listed(at(Duty.SUPERVISE, site="branch").get("/desk/cases/supervision/cases").text) == [beyond]


def test_a_long_list_comes_in_pages_in_the_order_of_the_last_days(app, staff, received, work):
    first = received()

    def copy(act):
        model = act.session.query(Case).one()
        names = [column.key for column in Case.__table__.columns if column.key not in {"id", "public_id", "number"}]
        values = {name: getattr(model, name) for name in names}
        for index in range(64):
            due = None if index < 5 else datetime(2026, 11, 9 + index % 4, tzinfo=CHINA).date()
            act.session.add(Case(**values | {"next_due": due}, public_id=f"{index:032x}", number=f"{index:021}"))

    work(copy)
    path, seen = "/desk/cases/counter", []
    while path:
        page = staff["counter"].get(path).text
        seen.append(listed(page))
        more = re.search(r'href="([^"]+after=[^"]+)"', page)
        path = more and more[1].replace("&amp;", "&")
    assert [len(part) for part in seen] == [30, 30, 5]
    every = [case for part in seen for case in part]
    assert len(set(every)) == 65
    with app.app_context():
        dues = {case.public_id: case.next_due for case in db.session.query(Case)}
    last = datetime(9999, 12, 31, tzinfo=CHINA).date()
    assert [dues[case] or last for case in every] == sorted(dues[case] or last for case in every)
    assert first in every


@only_sqlite
def test_a_mark_of_a_page_that_nobody_gave_begins_anew(staff, received):
    case = received()
    for mark in ("x", "2026-99-99.1", "2026-11-01.", "9" * 99):
        assert listed(staff["counter"].get(f"/desk/cases/counter?after={mark}").text) == [case]


@only_sqlite
def test_a_list_asks_as_much_for_many_cases_as_for_one(app, staff, received):
    def queries():
        seen = []
        with app.app_context():
            engine = db.engine
        listen = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        staff["counter"].get("/desk/cases/counter")
        event.remove(engine, "before_cursor_execute", listen)
        assert not any("case_events" in query for query in seen)
        return len(seen)

    received()
    one = queries()
    for number in ("110105194912310038", "110105194912310054"):
        received(applicant=Applicant("person", "王", number, "13900000000"))
    assert queries() == one


def test_a_number_opens_its_case_and_a_slip_shows(app, staff, at, received, column):
    case = received()
    number = column(case, "number")
    form = staff["review"].get("/desk/cases/find").text
    spaced = f"{number[:6]} {number[6:14]}-{number[14:]}"
    assert press(staff["review"], form, "打开", number=spaced).request.path == f"/desk/cases/{case}"
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    refused = press(staff["review"], form, "打开", number=slip)
    assert (refused.status_code, "办件编号不对" in refused.text, slip in refused.text) == (422, True, True)
    stranger = at(Duty.COUNTER, site="branch")
    beyond = press(stranger, stranger.get("/desk/cases/find").text, "打开", number=number)
    assert (beyond.status_code, "没有找到这个办件" in beyond.text) == (404, True)


def test_a_document_number_finds_cases_for_a_reason_that_stays(app, staff, received):
    case = received()
    form = staff["counter"].get("/desk/cases/find").text
    refused = press(staff["counter"], form, "查", number=NUMBER, reason="查")
    assert (refused.status_code, listed(refused.text)) == (422, [])
    found = press(staff["counter"], form, "查", number=NUMBER.lower(), reason="本人忘带回执")
    assert listed(found.text) == [case]
    with app.app_context():
        (trace,) = db.session.query(PersonalRead)
        assert trace.subject.startswith("person:")
        assert NUMBER not in trace.subject
    assert "本人忘带回执" in staff["supervise"].get("/desk/cases/reads").text


@pytest.mark.parametrize("duty", ["review", "inspect", "government"])
@only_sqlite
def test_who_is_not_to_know_applicants_cannot_look_for_them(staff, received, duty):
    received()
    assert "按证件号查" not in staff[duty].get("/desk/cases/find").text
    data = {"number": NUMBER, "reason": "核对一下材料"}
    assert staff[duty].post("/desk/cases/find/person", data=data).status_code == 403
