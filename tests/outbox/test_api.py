"""The inbox over HTTP: one's own, what is due, newest first; and what one agrees to be sent."""

import pytest
from sqlalchemy.orm import Session

from miniapp_api.accounts.models import Visitor
from miniapp_api.accounts.service import merge
from miniapp_api.app import create_app
from miniapp_api.outbox.inbox import PAGE
from miniapp_api.outbox.models import NoticeConsent
from miniapp_api.outbox.service import grant, post
from tests.conftest import only_sqlite
from tests.outbox.conftest import OTHER, REMINDER, TOPIC, new_visitor, transaction

API = "/api/v1/notices"


class Reader:
    """Somebody with a token."""

    def __init__(self, app):
        self.client = app.test_client()
        token = self.client.post("/api/v1/visitors", json={}).json["token"]
        self.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def inbox(self, **query):
        answer = self.client.get(API, query_string=query)
        assert answer.status_code == 200, answer.json
        return answer.json

    def read(self, *ids):
        return self.client.post(f"{API}/read", json={"ids": list(ids)})

    def agree(self, body):
        return self.client.post(f"{API}/consents", json=body)


@pytest.fixture
def bob(app):
    return Reader(app)


@pytest.fixture
def eve(bob, app):
    """Somebody else, who came after Bob."""
    return Reader(app)


@pytest.fixture
def owe(engine):
    def owe(key, whom=1, notice=REMINDER, **when):
        with transaction(engine) as session:
            post(session, whom, notice, dedupe_key=key, **when)

    return owe


def test_a_new_inbox_is_empty(bob):
    assert bob.inbox() == {"notices": [], "unread": 0, "next": None}


def test_a_message_is_readable_from_its_commit_whatever_becomes_of_it(bob, owe):
    owe("a:1:")
    (notice,) = bob.inbox()["notices"]
    assert len(notice.pop("id")) == 32
    assert notice.pop("at").endswith("Z")
    assert notice == {
        "topic": TOPIC,
        "title": REMINDER.title,
        "text": REMINDER.text,
        "link": "/appointments/17",
        "read": False,
    }


def test_newest_first_and_nothing_of_the_future(bob, owe, clock):
    owe("now:1:", notice=OTHER)
    owe("soon:1:", not_before=clock.after(60))
    assert [notice["title"] for notice in bob.inbox()["notices"]] == [OTHER.title]
    clock.turn(60)
    assert [notice["title"] for notice in bob.inbox()["notices"]] == [REMINDER.title, OTHER.title]


def test_only_ones_own(bob, eve, owe):
    owe("a:1:", whom=1)
    (notice,) = bob.inbox()["notices"]
    assert eve.inbox()["notices"] == []
    assert eve.read(notice["id"]).json == {"unread": 0}
    assert bob.inbox()["unread"] == 1
    assert eve.client.get(API, query_string={"before": notice["id"]}).status_code == 422


def test_pages_hold_everything_once_even_at_one_moment(bob, owe, clock):
    for number in range(2 * PAGE + 5):
        owe(f"a:{number}:")
        if number % 10 == 0:
            clock.turn(1)
    seen, before = [], {}
    for _ in range(3):
        page = bob.inbox(**before)
        assert page["unread"] == 2 * PAGE + 5
        seen += page["notices"]
        before = {"before": page["next"]}
    assert page["next"] is None
    assert len({notice["id"] for notice in seen}) == len(seen) == 2 * PAGE + 5
    assert [notice["at"] for notice in seen] == sorted((notice["at"] for notice in seen), reverse=True)


def test_a_full_last_page_has_no_next(bob, owe):
    for number in range(PAGE):
        owe(f"a:{number}:")
    assert bob.inbox()["next"] is None


@pytest.mark.parametrize("before", ["0" * 32, "x", "0" * 31, ""])
def test_a_page_that_begins_nowhere_is_refused(bob, before):
    answer = bob.client.get(API, query_string={"before": before})
    assert (answer.status_code, answer.json["invalid_params"][0]["name"]) == (422, "before")


def test_reading_counts_once(bob, owe):
    for number in range(3):
        owe(f"a:{number}:")
    newest, *_ = [notice["id"] for notice in bob.inbox()["notices"]]
    assert bob.read(newest, "0" * 32).json == {"unread": 2}
    assert bob.read(newest).json == {"unread": 2}
    assert [notice["read"] for notice in bob.inbox()["notices"]] == [True, False, False]


def test_what_is_to_come_is_not_read_yet(bob, owe, clock):
    owe("a:1:", not_before=clock.after(60))
    clock.turn(60)
    (notice,) = bob.inbox()["notices"]
    clock.turn(-60)
    assert bob.read(notice["id"]).json == {"unread": 0}
    clock.turn(60)
    assert bob.inbox()["unread"] == 1


@pytest.mark.parametrize("body", [{}, {"ids": []}, {"ids": ["x"]}, {"ids": ["0" * 32] * 101}, {"ids": [1]}, {"all": 1}])
def test_reading_what_is_no_message_is_refused(bob, body):
    assert bob.client.post(f"{API}/read", json=body).status_code == 422


def remaining(engine, visitor_id=1):
    with Session(engine) as session:
        consent = session.get(NoticeConsent, (visitor_id, TOPIC))
        return consent and consent.remaining


def test_consents_add_up_to_a_bound(bob, engine):
    for times in (1, 2, 10):
        assert bob.agree({TOPIC: times}).status_code == 204
    assert remaining(engine) == 13
    for _ in range(4):
        bob.agree({TOPIC: 10})
    assert remaining(engine) == 50


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {TOPIC: 0},
        {TOPIC: -1},
        {TOPIC: 11},
        {TOPIC: 1.5},
        {TOPIC: True},
        {TOPIC: "1"},
        {"hall.closure": 1},
        {"Appointment": 1},
        {TOPIC: 1, "hall.closure": 1},
    ],
)
def test_consents_to_nothing_are_refused(bob, engine, body):
    assert bob.agree(body).status_code == 422
    assert remaining(engine) is None


def test_one_citizen_in_two_places_has_one_inbox(bob, eve, engine, owe, app):
    owe("a:1:", whom=1)
    owe("a:2:", whom=2)
    bob.agree({TOPIC: 2})
    eve.agree({TOPIC: 3})
    with transaction(engine) as session:
        merge(session, into=session.get_one(Visitor, 1), gone=session.get_one(Visitor, 2))
    assert len(bob.inbox()["notices"]) == 2
    assert eve.inbox() == bob.inbox()
    assert remaining(engine) == 2


def test_two_first_consents_at_one_moment_both_count(app, engine, bob):
    """The second comes between the look and the insertion of the first."""
    whom = new_visitor(engine)
    with app.app_context(), Session(engine) as session:
        original = session.begin_nested

        def overtaken():
            session.begin_nested = original
            session.rollback()
            with transaction(engine) as other:
                grant(other, other.get_one(Visitor, whom), {TOPIC: 2})
            return original()

        session.begin_nested = overtaken
        grant(session, session.get_one(Visitor, whom), {TOPIC: 1})
        session.commit()
    assert remaining(engine, whom) == 3


def test_without_a_mini_program_there_is_nothing_to_agree_to(settings, content, guides):
    app = create_app(settings.model_copy(update={"miniprogram": None}), content=content, guides=guides)
    assert Reader(app).agree({TOPIC: 1}).status_code == 422


@only_sqlite
def test_figures_survive_the_loss_of_the_database(settings, content, guides):
    gone = "postgresql+psycopg://nobody@127.0.0.1:9/nothing?connect_timeout=1"
    app = create_app(settings.model_copy(update={"database_url": gone}), content=content, guides=guides)
    assert "daoban_outbox_failed" in app.test_client().get("/metrics").text
