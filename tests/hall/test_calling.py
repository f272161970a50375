"""Calling the right person, once, and what may happen until they are served."""

from datetime import timedelta

import pytest

from miniapp_api.errors import Problem
from miniapp_api.hall import service
from miniapp_api.hall.calling import MOST_CALLS
from tests.hall import halls
from tests.hall.halls import NINE, after


@pytest.fixture
def counter(hall):
    return hall.counters[0][0]


@pytest.fixture
def clerk(session, counter):
    return halls.staffed(session, counter)


@pytest.fixture
def pool(hall):
    return hall.pools[0]


@pytest.fixture
def call(session, counter, clerk):
    """Call the next at the counter at a moment."""

    def call(now=NINE):
        return service.call_next(session, counter, clerk, now)

    return call


@pytest.fixture
def called(session, pool, call):
    """Somebody who was called at nine."""
    halls.walk_in(session, pool)
    return call()


def checked_in(session, pool, start, now, **more):
    return service.check_in_here(
        session, halls.book(session, pool, start, **more), service.hall_token(pool.site, now), now
    )


def refusal(act, *arguments):
    with pytest.raises(Problem) as refused:
        act(*arguments)
    assert refused.value.code == 409
    return refused.value.kind


def test_nobody_waits(call):
    assert call() is None


def test_a_called_ticket_is_at_the_counter(session, counter, called):
    assert (called.state, called.counter_id, called.calls, called.called_at) == ("called", counter.id, 1, NINE)
    assert halls.story_of(session, called) == ["issued", "called"]


def test_special_care_then_bookings_then_walk_ins(session, pool, call, clerk):
    halls.walk_in(session, pool, NINE)
    checked_in(session, pool, after(15), after(15))
    halls.walk_in(session, pool, after(20), kind="special")
    numbers = []
    while ticket := call(after(20)):
        numbers.append(ticket.number)
        service.finish(session, ticket, clerk, after(20))
    assert numbers == [3, 2, 1]


def test_who_has_waited_for_longer_than_a_head_start_is_not_passed(session, pool, call):
    first = halls.walk_in(session, pool, NINE)
    halls.walk_in(session, pool, after(61), kind="special")
    assert call(after(61)) is first


def test_nobody_is_called_before_their_time_while_others_wait(session, pool, call):
    checked_in(session, pool, after(21), NINE, care=True)
    late = halls.walk_in(session, pool, after(5))
    assert call(after(6)) is late


def test_an_idle_counter_does_not_wait_for_the_time_of_a_booking(session, pool, call):
    checked_in(session, pool, after(45), NINE, care=True)
    sooner = checked_in(session, pool, after(30), NINE)
    assert call(after(1)) is sooner


def test_a_counter_with_somebody_at_it_calls_nobody_and_says_who_it_is(session, pool, call, called):
    halls.walk_in(session, pool)
    with pytest.raises(Problem, match="A001") as refused:
        call()
    assert refused.value.kind == "counter_busy"
    assert refused.value.extra == {"ticket": called.public_id, "number": "A001"}


def test_a_closed_counter_and_anothers_counter_call_nobody(session, hall, counter, clerk):
    assert refusal(service.call_next, session, hall.counters[0][1], clerk, NINE) == "counter_closed"
    assert refusal(service.call_next, session, counter, halls.clerk(), NINE) == "not_your_counter"


def test_a_counter_calls_from_its_own_queue_and_day(session, hall, call):
    halls.walk_in(session, hall.pools[1])
    halls.walk_in(session, hall.pools[0], now=NINE - timedelta(days=1))
    assert call() is None


def test_who_does_not_come_is_called_again_after_half_a_minute(session, called, clerk):
    with pytest.raises(Problem, match="1 秒") as refused:
        service.recall(session, called, clerk, after(seconds=29))
    assert refused.value.kind == "called_just_now"
    service.recall(session, called, clerk, after(seconds=30))
    assert (called.calls, called.called_at) == (2, after(seconds=30))


def test_who_does_not_answer_the_last_call_is_missed(session, called, clerk):
    for call in range(1, MOST_CALLS + 1):
        service.recall(session, called, clerk, after(call))
    assert (called.state, called.calls) == ("missed", MOST_CALLS)
    assert halls.story_of(session, called) == ["issued", "called", "recalled", "recalled", "missed"]


def test_who_comes_is_served_and_the_counter_free(session, pool, counter, called, clerk, call):
    service.start_serving(session, called, clerk, after(1))
    service.finish(session, called, clerk, after(9))
    assert called.state == "finished"
    assert service.at_counter(session, counter.id) is None
    following = halls.walk_in(session, pool, after(9))
    assert call(after(9)) is following


@pytest.mark.parametrize("act", [service.start_serving, service.finish, service.miss, service.park])
def test_a_second_tap_changes_nothing(session, called, clerk, act):
    for _ in range(2):
        act(session, called, clerk, after(1))
    assert len(halls.story_of(session, called)) == 3


@pytest.mark.parametrize("act", [service.recall, service.start_serving, service.finish, service.miss, service.park])
def test_only_the_clerk_of_the_counter_touches_what_is_there(session, called, act):
    assert refusal(act, session, called, halls.clerk(), after(1)) == "not_your_counter"


def test_what_is_over_stays_over(session, called, clerk):
    service.finish(session, called, clerk, NINE)
    for act in (service.recall, service.start_serving, service.miss, service.park, service.unpark, service.requeue):
        assert refusal(act, session, called, clerk, after(1)) == "wrong_state"
    assert refusal(service.leave, session, called, after(1)) == "wrong_state"


def test_who_was_missed_is_put_back_where_they_stood_once(session, pool, called, clerk, call):
    halls.walk_in(session, pool, after(1))
    service.miss(session, called, clerk, after(2))
    assert called.back_until == after(32)
    service.requeue(session, called, clerk, after(32))
    assert call(after(32)) is called
    service.miss(session, called, clerk, after(33))
    assert refusal(service.requeue, session, called, clerk, after(33)) == "too_late_to_requeue"


def test_who_comes_back_too_late_takes_a_new_number(session, called, clerk):
    service.miss(session, called, clerk, NINE)
    assert refusal(service.requeue, session, called, clerk, after(30, 1)) == "too_late_to_requeue"


def test_who_is_set_aside_leaves_the_counter_free_and_is_next_when_they_are_back(session, pool, called, clerk, call):
    other = halls.walk_in(session, pool, after(1))
    service.park(session, called, clerk, after(1))
    assert call(after(2)) is other
    service.unpark(session, called, clerk, after(3))
    halls.walk_in(session, pool, after(3))
    service.finish(session, other, clerk, after(4))
    assert call(after(4)) is called


def test_who_is_transferred_keeps_number_and_seniority(session, hall, called, clerk):
    there, counter = hall.pools[1], hall.counters[1][0]
    halls.walk_in(session, there, after(1))
    service.start_serving(session, called, clerk, after(2))
    service.transfer(session, called, there, clerk, after(3))
    assert (called.state, called.counter_id, called.pool_id) == ("waiting", None, there.id)
    colleague = halls.staffed(session, counter)
    assert service.call_next(session, counter, colleague, after(3)) is called
    assert service.label(called) == "A001"


def test_a_transfer_goes_no_further_than_the_site(session, called, clerk):
    elsewhere = halls.build(session, 1)
    with pytest.raises(Problem) as refused:
        service.transfer(session, called, elsewhere.pools[0], clerk, NINE)
    assert refused.value.code == 422


def test_two_who_touch_a_ticket_at_once_do_not_both(session, called, clerk):
    """Both read it while it was called."""
    service.park(session, called, clerk, after(1))
    session.flush()
    called.state = "called"  # as the slower of them believes
    session.expunge(called)
    assert refusal(service.miss, session, called, clerk, after(1)) == "ticket_changed"


def test_a_citizen_gives_up(session, pool, call):
    ticket = halls.walk_in(session, pool)
    for _ in range(2):
        service.leave(session, ticket, after(1))
    assert call(after(2)) is None
    assert halls.story_of(session, ticket) == ["issued", "left"]


class TestTheBooking:
    """What becomes of the booking behind a ticket."""

    @pytest.fixture
    def booking(self, session, pool):
        return halls.book(session, pool, NINE)

    @pytest.fixture
    def ticket(self, session, pool, booking, call):
        service.check_in_here(session, booking, service.hall_token(pool.site, NINE), NINE)
        return call(after(1))

    def test_it_is_served_when_the_ticket_is_finished(self, session, booking, ticket, clerk):
        assert booking.status == "checked_in"
        service.finish(session, ticket, clerk, after(9))
        assert booking.status == "served"

    def test_it_is_missed_only_once_there_is_no_way_back(self, session, booking, ticket, clerk, call):
        service.miss(session, ticket, clerk, after(2))
        assert booking.status == "checked_in"
        service.requeue(session, ticket, clerk, after(3))
        service.miss(session, call(after(4)), clerk, after(5))
        assert booking.status == "missed"

    def test_it_is_missed_when_nobody_came_back_in_time(self, session, booking, ticket, clerk):
        service.miss(session, ticket, clerk, after(2))
        assert service.end_returns(session, after(32)) == 0
        assert service.end_returns(session, after(32, 1)) == 1
        assert service.end_returns(session, after(33)) == 0
        assert booking.status == "missed"

    def test_who_gave_up_is_not_blamed(self, session, booking, pool):
        ticket = service.check_in_here(session, booking, service.hall_token(pool.site, NINE), NINE)
        service.leave(session, ticket, after(50))
        assert booking.status == "served"

    def test_who_was_kept_waiting_is_not_blamed_for_being_gone(self, session, booking, pool, call, clerk):
        service.check_in_here(session, booking, service.hall_token(pool.site, NINE), NINE)
        ticket = call(after(31))
        service.miss(session, ticket, clerk, after(33))
        service.end_returns(session, after(90))
        assert booking.status == "served"
