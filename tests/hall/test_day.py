"""A day at a hall, in any order that clerks and citizens may come upon, on both databases."""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, data, integers, sampled_from
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.appointments.service import Booking
from miniapp_api.errors import Problem
from miniapp_api.hall import calling, service
from miniapp_api.hall.models import AT_COUNTER, OVER, Serving, Ticket, TicketEvent
from miniapp_api.hall.ranking import HEAD_START
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.sites.service import Counter, Pool
from miniapp_api.staff.service import StaffMember
from tests.hall import halls
from tests.hall.halls import NINE

LONGEST = max(HEAD_START.values())
PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
"""A failure is told as it was found: making it smaller would take longer than the whole suite."""

AT_WORK = {
    "recall": (service.recall, ("called",)),
    "start": (service.start_serving, ("called",)),
    "finish": (service.finish, AT_COUNTER),
    "miss": (service.miss, ("called",)),
    "requeue": (service.requeue, ("missed",)),
    "park": (service.park, AT_COUNTER),
    "unpark": (service.unpark, ("parked",)),
}
"""What clerks do with a ticket, and in which states of it that makes sense."""

REFUSALS = {
    "already_checked_in",
    "already_in_line",
    "called_just_now",
    "check_in_too_early",
    "check_in_too_late",
    "counter_busy",
    "counter_closed",
    "counter_taken",
    "not_live",
    "not_your_counter",
    "sits_elsewhere",
    "too_late_to_requeue",
    "wrong_state",
}


class Day(RuleBasedStateMachine):
    """Two queues of two counters, four clerks, and whoever comes."""

    engine = None
    done = None

    def __init__(self):
        super().__init__()
        self.now = NINE
        with Session(self.engine) as session:
            hall = halls.build(session, 2, 2)
            self.site_id = hall.site.id
            self.pools = [pool.id for pool in hall.pools]
            self.counters = [counter.id for group in hall.counters for counter in group]
            self.citizens = [halls.visitor(session).id for _ in range(3)]
            self.clerks = [halls.clerk().public_id for _ in range(4)]
            for counter_id, clerk in zip(self.counters[::2], self.clerks, strict=False):
                service.open_counter(session, session.get_one(Counter, counter_id), StaffMember(public_id=clerk), NINE)
            for pool in hall.pools:
                for minute in range(4):
                    halls.walk_in(session, pool, NINE - timedelta(minutes=minute))
            session.commit()
        self.given = {}

    def act(self, deed):
        """Do something in a transaction; a refusal is an answer too, if it is one of those that may come."""
        with Session(self.engine) as session:
            try:
                answer = deed(session)
            except Problem as refused:
                assert refused.kind in REFUSALS, refused
                self.done[refused.kind] += 1
                return None
            session.commit()
            return answer

    def pick(self, session, data, model, *where):
        """Draw one of what there is, None if there is nothing."""
        found = session.scalars(select(model).where(*where).order_by(model.id)).all()
        return data.draw(sampled_from(found)) if found else None

    def tickets(self, *where):
        return (Ticket.issued_pool_id.in_(self.pools), *where)

    @rule(minutes=integers(1, 25))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule(data=data(), kind=sampled_from(["walk_in", "walk_in", "special"]), key=integers(1, 6), known=booleans())
    def take(self, data, kind, key, known):
        pool_id, citizen = data.draw(sampled_from(self.pools)), data.draw(sampled_from(self.citizens))
        more = {"visitor_id": citizen} if known else {}
        asked = f"{self.site_id}:{pool_id}:{known and citizen}:{key}"

        def deed(session):
            pool = session.get_one(Pool, pool_id)
            return halls.walk_in(session, pool, self.now, kind=kind, key=asked, **more).public_id

        if got := self.act(deed):
            assert self.given.setdefault(asked, got) == got

    @rule(data=data(), minutes=integers(-15, 60), care=booleans())
    def book(self, data, minutes, care):
        pool_id, citizen = data.draw(sampled_from(self.pools)), data.draw(sampled_from([None, *self.citizens]))

        def deed(session):
            start = (self.now + timedelta(minutes=minutes)).replace(second=0)
            halls.book(session, session.get_one(Pool, pool_id), start, care=care, visitor_id=citizen)

        self.act(deed)

    @rule(data=data())
    def check_in(self, data):
        def deed(session):
            if booking := self.pick(session, data, Booking, Booking.pool_id.in_(self.pools)):
                token = service.hall_token(session.get_one(Pool, booking.pool_id).site, self.now)
                service.check_in_here(session, booking, token, self.now)
                self.done["checked in"] += 1

        self.act(deed)

    @rule(data=data())
    def open(self, data):
        counter_id, clerk = data.draw(sampled_from(self.counters)), StaffMember(public_id=self.clerk(data))
        self.act(lambda session: service.open_counter(session, session.get_one(Counter, counter_id), clerk, self.now))

    @rule(data=data())
    def close(self, data):
        counter_id, clerk = data.draw(sampled_from(self.counters)), StaffMember(public_id=self.clerk(data))
        self.act(lambda session: service.close_counter(session, session.get_one(Counter, counter_id), clerk))

    @rule(data=data())
    def call(self, data):
        self.act(lambda session: self.call_at(session, data.draw(sampled_from(self.counters)), self.clerk(data)))

    @rule()
    def call_wherever_one_can(self):
        def deed(session):
            seats = session.scalars(select(Serving).where(Serving.counter_id.in_(self.counters)))
            for seat in sorted(seats, key=lambda seat: seat.counter_id):
                if service.at_counter(session, seat.counter_id) is None:
                    self.call_at(session, seat.counter_id, seat.staff)

        self.act(deed)

    @rule()
    def serve_whoever_is_there(self):
        self.now += timedelta(minutes=4)
        self.act(self.finish_all)

    def call_at(self, session, counter_id, public_id):
        """Call, and see that it is whom the rules say, and that nobody waits for ever."""
        counter = session.get_one(Counter, counter_id)
        waiting = session.scalars(select(Ticket).filter_by(pool_id=counter.pool_id, state="waiting")).all()
        may = [ticket for ticket in waiting if ticket.eligible_at <= self.now]
        expected = min(waiting, key=self.order, default=None)
        clerk = StaffMember(public_id=public_id)
        ticket = service.call_next(session, counter, clerk, self.now)
        assert ticket is expected, "the rules say another"
        if ticket:
            passed = [other.number for other in may if other.eligible_at + LONGEST < ticket.eligible_at]
            assert not passed, "somebody starves"
            self.done["called"] += 1

    def clerk(self, data):
        return data.draw(sampled_from(self.clerks))

    @rule(data=data(), twice=booleans())
    def work_as_one_should(self, data, twice):
        """Do with a ticket that is no longer in the queue what can be done, as its clerk."""

        def once(session):
            moved = Ticket.state.in_((*AT_COUNTER, "parked", "missed"))
            if ticket := self.pick(session, data, Ticket, *self.tickets(moved)):
                deeds = sorted(deed for deed, (_, states) in AT_WORK.items() if ticket.state in states)
                seat = session.get(Serving, ticket.counter_id)
                clerk = StaffMember(public_id=seat.staff) if seat else halls.clerk()
                self.work(session, ticket, data.draw(sampled_from(deeds)), clerk, twice)

        self.act(once)

    @rule(data=data(), deed=sampled_from(sorted(AT_WORK)))
    def work_as_it_comes(self, data, deed):
        """Do anything with any ticket, as anybody."""

        def once(session):
            if ticket := self.pick(session, data, Ticket, *self.tickets()):
                self.work(session, ticket, deed, StaffMember(public_id=self.clerk(data)), twice=False)

        self.act(once)

    def work(self, session, ticket, deed, clerk, twice):
        act, before = AT_WORK[deed][0], ticket.state
        act(session, ticket, clerk, self.now)
        self.done[deed] += ticket.state != before
        if twice and deed != "recall":
            told = len(halls.story_of(session, ticket))
            act(session, ticket, clerk, self.now)
            assert len(halls.story_of(session, ticket)) == told

    @rule(data=data())
    def transfer(self, data):
        def deed(session):
            ticket = self.pick(session, data, Ticket, *self.tickets(Ticket.state.not_in(OVER)))
            if ticket:
                seat = session.get(Serving, ticket.counter_id) if ticket.counter_id else None
                clerk = StaffMember(public_id=seat.staff if seat else self.clerk(data))
                before = ticket.rank_at, ticket.number
                to_pool = session.get_one(Pool, data.draw(sampled_from(self.pools)))
                service.transfer(session, ticket, to_pool, clerk, self.now)
                assert (ticket.rank_at, ticket.number) == before
                self.done["transferred"] += 1

        self.act(deed)

    @rule(data=data())
    def leave(self, data):
        def deed(session):
            if ticket := self.pick(session, data, Ticket, *self.tickets(Ticket.state.not_in(OVER))):
                service.leave(session, ticket, self.now)

        self.act(deed)

    @rule()
    def sweep(self):
        self.act(lambda session: service.end_returns(session, self.now))

    @invariant()
    def all_is_well(self):
        with Session(self.engine) as session:
            tickets = session.scalars(select(Ticket).where(*self.tickets())).all()
            self.numbers_have_no_gap(tickets)
            self.counters_have_one_ticket(session, tickets)
            self.events_tell_the_states(session, tickets)
            self.bookings_agree(session, tickets)
            self.nobody_is_told_twice(session, tickets)
            self.places_are_those_of_the_line(session, tickets)

    def numbers_have_no_gap(self, tickets):
        numbers = defaultdict(list)
        for ticket in tickets:
            numbers[ticket.issued_pool_id].append(ticket.number)
        for given in numbers.values():
            assert sorted(given) == list(range(1, len(given) + 1))

    def counters_have_one_ticket(self, session, tickets):
        at = [ticket.counter_id for ticket in tickets if ticket.state in AT_COUNTER]
        assert len(at) == len(set(at))
        seats = {seat.counter_id: seat.staff for seat in session.scalars(select(Serving))}
        assert set(at) <= set(seats)
        assert len(set(seats.values())) == len(seats)

    def events_tell_the_states(self, session, tickets):
        wanted = select(TicketEvent).join(Ticket).where(*self.tickets()).order_by(TicketEvent.id)
        chains = defaultdict(list)
        for event in session.scalars(wanted):
            chains[event.ticket_id].append(event)
        for ticket in tickets:
            chain = chains[ticket.id]
            assert (chain[0].before, chain[0].what, chain[-1].after) == (None, "issued", ticket.state)
            assert all(one.after == other.before and one.at <= other.at for one, other in pairwise(chain))
            assert sum(event.what == "requeued" for event in chain) == ticket.requeued <= 1

    def bookings_agree(self, session, tickets):
        wanted = select(Booking.id, Booking.status).where(Booking.pool_id.in_(self.pools))
        statuses = dict(session.execute(wanted).all())
        for ticket in tickets:
            if ticket.booking_id:
                open_still = ticket.state not in OVER or ticket.back_until
                ends = {"finished": {"served"}, "left": {"served"}, "missed": {"missed", "served"}}
                assert statuses[ticket.booking_id] in ({"checked_in"} if open_still else ends[ticket.state])

    def nobody_is_told_twice(self, session, tickets):
        keys = {f"hall:{ticket.public_id}:soon" for ticket in tickets if ticket.announced}
        told = session.scalars(select(OutboxMessage.dedupe_key).where(OutboxMessage.visitor_id.in_(self.citizens)))
        assert sorted(told) == sorted(keys)

    def places_are_those_of_the_line(self, session, tickets):
        for pool_id in self.pools:
            line = [ticket for ticket in tickets if ticket.state == "waiting" and ticket.pool_id == pool_id]
            for ticket in line[-1:]:
                ahead = [other for other in line if self.order(other) < self.order(ticket)]
                assert service.position(session, ticket, self.now).ahead == len(ahead)

    def order(self, ticket):
        """Where somebody stands: after all who may be called, if they may not be yet."""
        early = ticket.eligible_at > self.now
        return (early, ticket.eligible_at if early else ticket.rank_at, ticket.number, ticket.id)

    def teardown(self):
        """Let the clerks serve whoever waits, and the day end."""
        self.serve_whoever_is_there()
        for counter_id in (self.counters[0], self.counters[2]):
            self.act(lambda session, counter_id=counter_id: self.empty(session, counter_id))
        with Session(self.engine) as session:
            assert not session.scalars(select(Ticket).where(*self.tickets(Ticket.state == "waiting"))).all()
        self.now += timedelta(days=1)
        self.act(lambda session: service.end_returns(session, self.now))
        self.act(lambda session: service.close_days(session, self.now.date(), self.now))
        with Session(self.engine) as session:
            assert all(t.state in OVER for t in session.scalars(select(Ticket).where(*self.tickets())))
            assert not session.scalars(select(Serving)).all()
        self.all_is_well()

    def finish_all(self, session):
        for ticket in session.scalars(select(Ticket).where(*self.tickets(Ticket.state.in_(AT_COUNTER)))).all():
            seat = session.get_one(Serving, ticket.counter_id)
            service.finish(session, ticket, StaffMember(public_id=seat.staff), self.now)
            self.done["finish"] += 1

    def empty(self, session, counter_id):
        counter, seat = session.get_one(Counter, counter_id), session.get(Serving, counter_id)
        clerk = StaffMember(public_id=seat.staff) if seat else halls.staffed(session, counter, self.now)
        while ticket := service.call_next(session, counter, clerk, self.now):
            service.finish(session, ticket, clerk, self.now)


@pytest.fixture
def machine(in_app, engine):
    """The machine on this database, which counts what it did."""

    class Machine(Day):
        pass

    Machine.engine, Machine.done = engine, defaultdict(int)
    return Machine


RULES = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
)


def test_a_day_goes_by_the_rules(machine):
    run_state_machine_as_test(machine, settings=RULES)
    unseen = [deed for deed in ("called", "checked in", "finish", "transferred") if not machine.done[deed]]
    assert unseen == []


def test_whoever_does_not_write_down_what_happens_is_noticed(machine, monkeypatch):
    """A negative control."""
    monkeypatch.setattr(calling, "record", lambda *_, **__: None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=RULES)


def test_calling_by_number_alone_is_noticed(machine, monkeypatch):
    """A negative control."""
    monkeypatch.setattr(calling, "line", lambda _now, of: (of.number, of.id))
    with pytest.raises(AssertionError, match="the rules say another"):
        run_state_machine_as_test(machine, settings=RULES)
