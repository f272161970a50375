"""One clerk at a counter, and a clerk at one counter."""

import pytest

from miniapp_api.errors import Problem
from miniapp_api.hall import service
from miniapp_api.sites.service import Counter
from tests.hall import halls
from tests.hall.halls import NINE
from tests.hall.test_numbers import at_once


def test_a_counter_has_one_clerk(session, hall):
    counter = hall.counters[0][0]
    halls.staffed(session, counter)
    with pytest.raises(Problem, match="有同事在用") as refused:
        halls.staffed(session, counter)
    assert (refused.value.code, refused.value.kind) == (409, "counter_taken")


def test_a_clerk_sits_at_one_counter_and_is_told_at_which(session, hall):
    first, second, _ = hall.counters[0]
    clerk = halls.staffed(session, first)
    with pytest.raises(Problem, match="A01") as refused:
        service.open_counter(session, second, clerk, NINE)
    assert refused.value.kind == "sits_elsewhere"
    service.close_counter(session, first, clerk)
    service.open_counter(session, second, clerk, NINE)
    assert service.counter_of_clerk(session, clerk) is second


def test_opening_and_closing_again_changes_nothing(session, hall):
    counter = hall.counters[0][0]
    clerk = halls.staffed(session, counter)
    service.open_counter(session, counter, clerk, NINE)
    service.close_counter(session, counter, clerk)
    service.close_counter(session, counter, clerk)
    assert service.counter_of_clerk(session, clerk) is None


def test_a_counter_with_somebody_at_it_is_not_closed(session, hall):
    counter = hall.counters[0][0]
    clerk = halls.staffed(session, counter)
    halls.walk_in(session, hall.pools[0])
    service.call_next(session, counter, clerk, NINE)
    with pytest.raises(Problem, match="A001") as refused:
        service.close_counter(session, counter, clerk)
    assert refused.value.kind == "counter_busy"


def test_anothers_counter_is_not_closed(session, hall):
    counter = hall.counters[0][0]
    halls.staffed(session, counter)
    with pytest.raises(Problem) as refused:
        service.close_counter(session, counter, halls.clerk())
    assert refused.value.kind == "not_your_counter"


def test_of_many_who_open_a_counter_at_once_one_sits_there(engine, fresh):
    counter_id = halls.build(fresh, 1).counters[0][0].id
    fresh.commit()

    def sit(session, _number):
        counter = session.get_one(Counter, counter_id)
        try:
            service.open_counter(session, counter, halls.clerk(), NINE)
        except Problem as refused:
            session.rollback()
            return refused.kind
        session.commit()
        return "sits"

    outcomes = at_once(engine, sit)
    assert sorted(set(outcomes)) == ["counter_taken", "sits"]
    assert outcomes.count("sits") == 1
