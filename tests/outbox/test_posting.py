"""A message is owed from the commit that caused it, once for a key, and until it is taken back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api.accounts.models import Visitor
from miniapp_api.database import utc_now
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.outbox.service import Notice, Owed, post, post_all, withdraw
from tests.outbox.conftest import OTHER, REMINDER, states, transaction

RIVALS = 6


@pytest.fixture
def statements(engine):
    """Note every statement that reaches the database."""
    noted = []
    event.listen(engine, "before_cursor_execute", lambda *given: noted.append(given[2]))
    return noted


def test_a_committed_message_waits_and_holds_what_was_posted(engine, nobody):
    with transaction(engine) as session:
        post(session, nobody, REMINDER, dedupe_key="appointment:17:reminder")
    with transaction(engine) as session:
        row = session.scalars(select(OutboxMessage)).one()
    assert (row.state, row.tries, row.visitor_id, row.not_after) == ("waiting", 0, nobody, None)
    assert (row.topic, row.title, row.text, row.link) == (REMINDER.topic, REMINDER.title, REMINDER.text, REMINDER.link)
    assert row.fields == REMINDER.fields
    assert row.not_before == row.due_at


def test_a_rolled_back_transaction_owes_nothing(engine, nobody):
    with Session(engine) as session:
        post(session, nobody, REMINDER, dedupe_key="appointment:17:reminder")
        session.rollback()
    assert states(engine) == {}


def test_the_same_key_again_is_nothing_new_and_spares_the_transaction(engine, nobody):
    with transaction(engine) as session:
        post(session, nobody, REMINDER, dedupe_key="appointment:17:reminder")
    with transaction(engine) as session:
        session.add(Visitor(locality="before"))
        post(session, nobody, OTHER, dedupe_key="appointment:17:reminder")
        post(session, nobody, OTHER, dedupe_key="appointment:17:closure")
        session.add(Visitor(locality="after"))
    with transaction(engine) as session:
        titles = session.scalars(select(OutboxMessage.title).order_by(OutboxMessage.id)).all()
        cities = set(session.scalars(select(Visitor.locality)))
    assert titles == [REMINDER.title, OTHER.title]
    assert {"before", "after"} <= cities


def test_of_many_at_the_same_moment_one_counts_and_no_transaction_breaks(engine, nobody):
    start = threading.Barrier(RIVALS)

    def rival(number):
        start.wait()
        with transaction(engine) as session:
            session.add(Visitor(locality=f"rival-{number}"))
            post(session, nobody, REMINDER, dedupe_key="appointment:17:reminder")

    with ThreadPoolExecutor(RIVALS) as pool:
        list(pool.map(rival, range(RIVALS)))
    with transaction(engine) as session:
        assert session.scalar(select(func.count(OutboxMessage.id))) == 1
        assert session.scalar(select(func.count()).where(Visitor.locality.startswith("rival-"))) == RIVALS


def test_the_key_of_a_transaction_that_is_rolled_back_is_free_for_who_waits(engine, nobody):
    first = Session(engine)
    post(first, nobody, OTHER, dedupe_key="appointment:17:reminder")
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(_post, engine, nobody)
        first.rollback()
        second.result()
    first.close()
    with transaction(engine) as session:
        assert session.scalars(select(OutboxMessage.title)).all() == [REMINDER.title]


def _post(engine, visitor_id, key="appointment:17:reminder", **when):
    with transaction(engine) as session:
        post(session, visitor_id, REMINDER, dedupe_key=key, **when)


def test_faults_of_the_caller_do_not_pass_for_a_known_key(engine, nobody):
    with pytest.raises(IntegrityError), transaction(engine) as session:
        post(session, 10**6, REMINDER, dedupe_key="appointment:17:reminder")
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(Visitor(id=nobody, locality="twin"))
        post(session, nobody, REMINDER, dedupe_key="appointment:17:reminder")
    assert states(engine) == {}


def test_several_are_written_together_each_with_its_own_times(engine, nobody, statements):
    soon = utc_now() + timedelta(hours=1)
    keys = ["appointment:17:confirmed", "appointment:17:day", "appointment:17:hours"]
    times = [(None, None), (soon, soon + timedelta(hours=1)), (soon + timedelta(hours=1), None)]
    with transaction(engine) as session:
        post_all(session, nobody, [Owed(REMINDER, key, *when) for key, when in zip(keys, times, strict=True)])
    assert sum("INSERT INTO outbox_messages" in each for each in statements) == 1
    with transaction(engine) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [row.dedupe_key for row in rows] == keys
    assert [(row.not_before, row.not_after) for row in rows][1:] == times[1:]
    assert all(row.due_at == row.not_before for row in rows)
    assert len({row.public_id for row in rows}) == 3


def test_of_several_those_whose_key_is_known_are_left_out_and_the_others_owed(engine, nobody):
    _post(engine, nobody, "appointment:17:day")
    keys = ["appointment:17:confirmed", "appointment:17:day", "appointment:17:hours", "appointment:17:hours"]
    with transaction(engine) as session:
        post_all(session, nobody, [Owed(OTHER, key) for key in keys])
        post_all(session, nobody, [])
    with transaction(engine) as session:
        titles = dict(session.execute(select(OutboxMessage.dedupe_key, OutboxMessage.title)).all())
    assert titles == dict.fromkeys(keys, OTHER.title) | {"appointment:17:day": REMINDER.title}


def test_who_is_forgotten_is_owed_nothing(engine, nobody):
    _post(engine, nobody)
    with transaction(engine) as session:
        session.execute(delete(Visitor).where(Visitor.id == nobody))
    assert states(engine) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"topic": "Appointment"},
        {"topic": "a" * 49},
        {"topic": "appointment."},
        {"title": ""},
        {"title": "长" * 41},
        {"text": ""},
        {"text": "长" * 334},
        {"link": "appointments"},
        {"link": "//elsewhere.example"},
        {"link": "https://elsewhere.example"},
        {"link": "/预约"},
        {"link": "/" + "a" * 200},
        {"fields": {"where": "长" * 201}},
        {"fields": dict.fromkeys(map(str, range(13)), "x")},
    ],
)
def test_a_notice_out_of_bounds_is_refused_when_it_is_written(changes):
    good = {"topic": "appointment.reminder", "title": "预约", "text": "明天", "link": "/a"}
    assert Notice(**good)
    with pytest.raises(ValueError, match=next(iter(changes))):
        Notice(**good | changes)


@pytest.mark.parametrize("key", ["", "k" * 121])
def test_a_key_out_of_bounds_is_refused(engine, nobody, key):
    with pytest.raises(ValueError, match="a key has"):
        _post(engine, nobody, key)


def test_what_is_useless_before_it_may_be_sent_is_refused(engine, nobody):
    soon = utc_now() + timedelta(hours=1)
    with pytest.raises(ValueError, match="useless before"):
        _post(engine, nobody, not_before=soon, not_after=soon)


def test_what_was_taken_back_is_not_owed_and_its_key_stays_used(engine, nobody):
    keys = ["appointment:1:day", "appointment:1:hours", "appointment:17:day", "Appointment:1:day", "appointment:1"]
    for key in keys:
        _post(engine, nobody, key)
    with transaction(engine) as session:
        withdraw(session, "appointment:1:")
    _post(engine, nobody, "appointment:1:day")
    withdrawn = {key for key, state in states(engine).items() if state == "withdrawn"}
    assert withdrawn == {"appointment:1:day", "appointment:1:hours"}


def test_taking_back_can_be_taken_back(engine, nobody):
    _post(engine, nobody)
    with Session(engine) as session:
        withdraw(session, "appointment:17:")
        session.rollback()
    assert states(engine) == {"appointment:17:reminder": "waiting"}


@pytest.mark.parametrize("prefix", ["", "appointment:17"])
def test_a_prefix_that_may_be_the_beginning_of_another_number_is_refused(engine, prefix):
    with pytest.raises(ValueError, match="ends with a colon"), transaction(engine) as session:
        withdraw(session, prefix)


KEYS = st.text(st.sampled_from("a1:Z~é中\U0001f600%_"), min_size=1, max_size=6)


@given(keys=st.sets(KEYS, max_size=12), prefix=KEYS.map(lambda text: f"{text[:3]}:"))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_prefix_is_a_prefix_on_both_databases(engine, nobody, keys, prefix):
    with transaction(engine) as session:
        session.execute(delete(OutboxMessage))
        for key in keys:
            post(session, nobody, REMINDER, dedupe_key=key)
        withdraw(session, prefix)
    withdrawn = {key for key, state in states(engine).items() if state == "withdrawn"}
    assert withdrawn == {key for key in keys if key.startswith(prefix)}
