"""A thing is done once, however often, by however many, it is asked for."""

import threading

import pytest
from sqlalchemy.orm import Session

from miniapp_api.accounts.models import Visitor
from miniapp_api.database import create_engine
from miniapp_api.errors import Problem
from miniapp_api.idempotency.service import Keyed, once, once_per_request


@pytest.fixture
def engine(database_url):
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def people(engine):
    with Session(engine) as session:
        visitors = [Visitor(locality="shiyan"), Visitor(locality="shiyan")]
        session.add_all(visitors)
        session.commit()
        return [visitor.id for visitor in visitors]


class Deed:
    """Counts how often it is done."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return {"time": self.times, "say": "办好了"}


def ask(engine, visitor, key, act):
    with Session(engine) as session:
        answer = once(session, visitor, key, act)
        session.commit()
        return answer


def test_a_repetition_gets_the_first_answer(engine, people):
    deed = Deed()
    answers = [ask(engine, people[0], "turn", deed) for _ in range(3)]
    assert answers == [{"time": 1, "say": "办好了"}] * 3
    assert deed.times == 1


def test_another_key_and_another_visitor_are_other_deeds(engine, people):
    deed = Deed()
    for visitor, key in [(people[0], "a"), (people[0], "b"), (people[1], "a")]:
        ask(engine, visitor, key, deed)
    assert deed.times == 3


def test_what_failed_was_not_done_and_may_be_tried_again(engine, people):
    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(engine, people[0], "turn", fail)
    assert ask(engine, people[0], "turn", Deed())["time"] == 1


def test_effects_before_a_repetition_stay_in_the_transaction(engine, people):
    ask(engine, people[0], "turn", Deed())
    with Session(engine) as session:
        session.add(Visitor(locality="jinan"))
        once(session, people[0], "turn", Deed())
        session.commit()
    with Session(engine) as session:
        assert session.query(Visitor).filter_by(locality="jinan").count() == 1


def test_of_many_at_once_one_does_it_and_all_get_its_answer(engine, people):
    deed, answers = Deed(), []
    start = threading.Barrier(6)

    def hurry():
        start.wait()
        answers.append(ask(engine, people[0], "turn", deed))

    threads = [threading.Thread(target=hurry) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert deed.times == 1
    assert answers == [{"time": 1, "say": "办好了"}] * 6


# ---------------------------------------------------------------------- requests under a key


def request(engine, visitor, act, *, key="k", wish=None, operation="book"):
    with Session(engine) as session:
        keyed = Keyed(operation, key, {"day": "2026-09-08"} if wish is None else wish)
        answer = once_per_request(session, visitor, keyed, act)
        session.commit()
        return answer


def test_a_request_under_the_same_key_gets_the_answer_of_the_first(engine, people):
    deed = Deed()
    wishes = [{"a": 1, "b": 2}, {"b": 2, "a": 1}]  # the order of members does not matter
    assert [request(engine, people[0], deed, wish=wish) for wish in wishes] == [{"time": 1, "say": "办好了"}] * 2


def test_another_request_under_the_same_key_is_refused(engine, people):
    request(engine, people[0], Deed())
    with pytest.raises(Problem) as refused:
        request(engine, people[0], Deed(), wish={"day": "2026-09-09"})
    assert (refused.value.code, refused.value.kind) == (422, "idempotency_key_reused")


def test_the_key_of_another_deed_and_of_another_visitor_is_another(engine, people):
    deed = Deed()
    for visitor, operation in ((people[0], "book"), (people[0], "move"), (people[1], "book")):
        request(engine, visitor, deed, operation=operation)
    assert deed.times == 3


@pytest.mark.parametrize("key", [None, "", "k" * 256])
def test_without_a_usable_key_nothing_is_done(engine, people, key):
    deed = Deed()
    with pytest.raises(Problem) as refused:
        request(engine, people[0], deed, key=key)
    assert (refused.value.code, refused.value.kind, deed.times) == (400, "idempotency_key_missing", 0)


@pytest.mark.parametrize("key", ["k" * 255, "钥匙", "'; DROP TABLE answered; --", "\u0001"])
def test_any_text_may_be_a_key(engine, people, key):
    deed = Deed()
    for _ in range(2):
        request(engine, people[0], deed, key=key)
    assert deed.times == 1


def test_what_was_refused_is_not_kept(engine, people):
    def refuse():
        raise Problem(409, "full", "满了")

    with pytest.raises(Problem):
        request(engine, people[0], refuse)
    assert request(engine, people[0], Deed())["time"] == 1
    assert request(engine, people[0], Deed(), wish={"day": "2026-09-08"})["time"] == 1
