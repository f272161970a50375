"""A thing is done once, however often, by however many, it is asked for."""

import threading

import pytest
from sqlalchemy.orm import Session

from miniapp_api.accounts.models import Visitor
from miniapp_api.database import create_engine
from miniapp_api.idempotency.service import once


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
