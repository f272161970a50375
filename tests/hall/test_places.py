"""Everybody knows their place, about how long it takes, and is told once when it is nearly their turn."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.hall import service
from miniapp_api.hall.models import Ticket
from miniapp_api.hall.places import UNKNOWN
from miniapp_api.hall.ranking import rank
from miniapp_api.outbox.models import OutboxMessage
from tests.hall import halls
from tests.hall.halls import NINE, after

arrivals = lists(tuples(sampled_from(["special", "booked", "walk_in"]), integers(-90, 90)), max_size=12)


def place_of(session, ticket, now=NINE):
    return service.position(session, ticket, now)


def serve(session, counter, clerk, begin, minutes):
    ticket = service.call_next(session, counter, clerk, begin)
    service.finish(session, ticket, clerk, halls.after(minutes) - NINE + begin)
    return ticket


@given(arrivals=arrivals)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_everybody_is_called_after_as_many_as_they_were_told(engine, arrivals):
    with Session(engine) as session:
        hall = halls.build(session, 1)
        counter = hall.counters[0][0]
        clerk = halls.staffed(session, counter)
        for kind, minutes in arrivals:
            ticket = halls.walk_in(session, hall.pools[0], after(min(minutes, 0)), kind="walk_in")
            ticket.kind, ticket.eligible_at = kind, after(minutes if kind != "walk_in" else min(minutes, 0))
            ticket.rank_at = rank(kind, ticket.eligible_at)
        session.flush()
        waiting = session.scalars(select(Ticket).filter_by(pool_id=hall.pools[0].id)).all()
        told = {ticket.id: place_of(session, ticket).ahead for ticket in waiting}
        called = {}
        while ticket := service.call_next(session, counter, clerk, NINE):
            called[ticket.id] = len(called)
            service.finish(session, ticket, clerk, NINE)
        session.rollback()
    assert called == told


def test_only_those_who_wait_have_a_place(session, hall):
    counter = hall.counters[0][0]
    clerk = halls.staffed(session, counter)
    ticket = halls.walk_in(session, hall.pools[0])
    service.call_next(session, counter, clerk, NINE)
    assert place_of(session, ticket) is None


class TestTheEstimate:
    """Coarse, and only when something is known."""

    @pytest.fixture
    def served(self, session, hall):
        """Let three visits take 3, 9 and 6 minutes; gives a function that opens more counters."""
        counter = hall.counters[0][0]
        clerk = halls.staffed(session, counter)
        for begin, minutes in ((0, 3), (10, 9), (20, 6)):
            halls.walk_in(session, hall.pools[0], after(begin))
            serve(session, counter, clerk, after(begin), minutes)
        return counter, clerk

    def last_of(self, session, hall, count, now):
        return [halls.walk_in(session, hall.pools[0], now) for _ in range(count)][-1]

    def test_nobody_was_served_yet(self, session, hall):
        halls.staffed(session, hall.counters[0][0])
        assert place_of(session, halls.walk_in(session, hall.pools[0])).estimate == UNKNOWN

    @pytest.mark.parametrize(
        ("count", "words"),
        [(1, "大约 5–10 分钟"), (3, "大约 10–20 分钟"), (20, "两小时以上")],
    )
    def test_it_is_the_median_times_those_before(self, session, hall, served, count, words):
        ticket = self.last_of(session, hall, count, after(30))
        assert place_of(session, ticket, after(30)).estimate == words

    def test_more_counters_are_faster(self, session, hall, served):
        halls.staffed(session, hall.counters[0][1])
        ticket = self.last_of(session, hall, 3, after(30))
        assert place_of(session, ticket, after(30)).estimate == "大约 5–10 分钟"
        halls.staffed(session, hall.counters[0][2])
        first = session.scalars(select(Ticket).filter_by(state="waiting").order_by(Ticket.id)).first()
        assert place_of(session, first, after(30)).estimate == "大约 5 分钟以内"

    def test_nobody_knows_while_no_counter_is_open(self, session, hall, served):
        service.close_counter(session, *served)
        assert place_of(session, self.last_of(session, hall, 1, after(30)), after(30)).estimate == UNKNOWN

    def test_it_is_no_shorter_than_until_the_time_of_a_booking(self, session, hall, served):
        booking = halls.book(session, hall.pools[0], after(80))
        ticket = service.check_in_here(session, booking, service.hall_token(hall.site, after(30)), after(30))
        assert place_of(session, ticket, after(30)).estimate == "大约 45–60 分钟"


class TestTheNotice:
    """前面还有两位."""

    def texts(self, session):
        return session.scalars(select(OutboxMessage.text).order_by(OutboxMessage.id)).all()

    def test_it_comes_once_to_each_when_two_are_ahead(self, session, hall):
        counter = hall.counters[0][0]
        clerk = halls.staffed(session, counter)
        for minute in range(5):
            halls.walk_in(session, hall.pools[0], after(minute), visitor_id=halls.visitor(session).id)
        serve(session, counter, clerk, after(5), 1)
        heard = self.texts(session)
        assert [text[: text.index("。")] for text in heard] == [
            "您的号码是 A002，下一位就是您",
            "您的号码是 A003，前面还有一位",
            "您的号码是 A004，前面还有两位",
        ]
        assert hall.site.name in heard[0]
        serve(session, counter, clerk, after(7), 1)
        assert [text[6:10] for text in self.texts(session)] == ["A002", "A003", "A004", "A005"]
        serve(session, counter, clerk, after(9), 1)
        assert len(self.texts(session)) == 4

    def test_it_is_useless_after_half_an_hour(self, session, hall):
        citizen = halls.visitor(session)
        halls.walk_in(session, hall.pools[0])
        halls.walk_in(session, hall.pools[0], after(1), visitor_id=citizen.id)
        service.call_next(session, hall.counters[0][0], halls.staffed(session, hall.counters[0][0]), after(2))
        message = session.scalar(select(OutboxMessage))
        assert (message.visitor_id, message.topic, message.not_after) == (citizen.id, "hall.soon", after(32))

    def test_whoever_has_no_telephone_here_is_not_told(self, session, hall):
        for _ in range(2):
            halls.walk_in(session, hall.pools[0])
        service.call_next(session, hall.counters[0][0], halls.staffed(session, hall.counters[0][0]), NINE)
        assert self.texts(session) == []
