"""Whatever goes wrong, in whatever order: what is owed is sent, once, in order, and never when it is useless.

A state machine plays those who post and withdraw, the workers (which die at any point, or are slow)
and WeChat (which may not be reached, or leave only the inbox), on both databases.
"""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, sampled_from
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api import database
from miniapp_api.outbox import claims, notices, sweeping
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.outbox.service import Notice, post, withdraw
from tests.outbox.conftest import new_visitor, transaction

LEASE = timedelta(seconds=30)
PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
"""A failure is told as it was found: making it smaller would take longer than the whole suite."""

DONE = {"sent", "inbox_only", "dropped", "withdrawn", "failed"}


class Posted:
    """What the model knows of one message.

    Attributes:
        sent: when WeChat took it, each time.
        trouble: a worker died over it, or WeChat did not take it: its order may have changed.
        died: a worker died after WeChat took it, and before that was noted.
    """

    def __init__(self, key, visitor, not_before, not_after):
        self.key, self.visitor, self.not_before, self.not_after = key, visitor, not_before, not_after
        self.withdrawn_at = None
        self.sent, self.trouble, self.died = [], False, False


class Outbox(RuleBasedStateMachine):
    """The life of messages."""

    engine = None

    def __init__(self):
        super().__init__()
        self.clock = database.utc_now()
        self.start = self.clock
        self.numbers = itertools.count(1)
        self.posted = {}
        self.visitors = []
        self.hands = []
        for module in (claims, notices, sweeping):
            module.utc_now = lambda: self.clock

    def teardown(self):
        """Let time pass until nothing is left to do, and see that everything is settled as it must be."""
        self.hands.clear()  # whoever had something in hand died
        for _ in range(60):
            self.clock += timedelta(minutes=30)
            self.sweep()
            for visitor in self.visitors:
                while self.take(visitor):
                    self.send(0, "taken", slow=False)
            if set(self._states().values()) <= DONE:
                break
        states = self._states()
        for message in self.posted.values():
            state = states[message.key]
            assert state in DONE
            if not message.died:  # who dies after WeChat took it cannot say so
                assert len(message.sent) == (state == "sent")
            assert state != "dropped" or message.not_after
            assert state != "withdrawn" or message.withdrawn_at
        for module in (claims, notices, sweeping):
            module.utc_now = database.utc_now

    def _states(self):
        with transaction(self.engine) as session:
            return dict(session.execute(select(OutboxMessage.dedupe_key, OutboxMessage.state)).all())

    @initialize()
    def meet(self):
        """Meet two citizens."""
        with transaction(self.engine) as session:
            session.execute(delete(OutboxMessage))
        self.visitors = [new_visitor(self.engine) for _ in range(2)]

    # ------------------------------------------------------------- those who owe

    @rule(
        whom=integers(0, 1),
        kept=booleans(),
        begins=sampled_from([None, None, -5, 40, 3600]),
        lasts=sampled_from([None, None, 20, 100, 7200]),
    )
    def owe(self, whom, kept, begins, lasts):
        """Owe a message; the transaction may be rolled back."""
        key = f"thing:{next(self.numbers)}:"
        begin = None if begins is None else self.clock + timedelta(seconds=begins)
        end = None if lasts is None else (begin or self.clock) + timedelta(seconds=lasts)
        notice = Notice("test.topic", "标题", key)
        with Session(self.engine) as session:
            post(session, self.visitors[whom], notice, dedupe_key=key, not_before=begin, not_after=end)
            if not kept:
                session.rollback()
                return
            session.commit()
        self.posted[key] = Posted(key, self.visitors[whom], begin or self.clock, end)

    @precondition(lambda self: self.posted)
    @rule(which=integers(0, 100))
    def take_back(self, which):
        """Take a message back."""
        message = list(self.posted.values())[which % len(self.posted)]
        with transaction(self.engine) as session:
            withdraw(session, message.key)
        message.withdrawn_at = message.withdrawn_at or self.clock

    @rule(seconds=sampled_from([0.5, 5, 15, 31, 70, 700]))
    def wait(self, seconds):
        """Let time pass."""
        self.clock += timedelta(seconds=seconds)

    # ------------------------------------------------------------- workers

    @rule()
    def sweep(self):
        """Look for what is useless."""
        with transaction(self.engine) as session:
            sweeping.drop_late(session)
            sweeping.to_deliver(session)

    @precondition(lambda self: self.visitors)
    @rule(whom=integers(0, 1))
    def work(self, whom):
        """A worker takes a citizen's next message and sends it, before anything else happens."""
        if self.take(self.visitors[whom]):
            self.send(len(self.hands) - 1, "taken", slow=False)

    @precondition(lambda self: self.visitors)
    @rule(whom=integers(0, 1))
    def begin(self, whom):
        """A worker takes a citizen's next message."""
        self.take(self.visitors[whom])

    def take(self, visitor):
        """Claim; gives whether there was anything."""
        with transaction(self.engine) as session:
            message = claims.claim(session, visitor, LEASE)
        if message is None:
            return False
        if message.tries == 1:  # one that was in hand before goes first
            self._in_order(self.posted[message.dedupe_key])
        self.hands.append(message)
        return True

    def _in_order(self, taken):
        states = self._states()
        for other in self.posted.values():
            before = other.visitor == taken.visitor and other.not_before < taken.not_before
            if before and not other.trouble and not taken.trouble:
                assert states[other.key] in DONE, "taken before what was due before it"

    @precondition(lambda self: self.hands)
    @rule(
        which=integers(0, 100),
        comes=sampled_from(["taken", "taken", "passing", "nowhere", "dies before", "dies after"]),
        slow=booleans(),
    )
    def end(self, which, comes, slow):
        """A worker asks whether it may send, and does, with one outcome or another."""
        self.send(which % len(self.hands), comes, slow=slow)

    def send(self, which, comes, *, slow):
        """Send what is in hand."""
        hand = self.hands.pop(which)
        message = self.posted[hand.dedupe_key]
        if comes == "dies before":
            message.trouble = True
            return
        with transaction(self.engine) as session:
            still = claims.renew(session, hand, LEASE)
        if still and comes in {"taken", "dies after"}:
            self._reaches(message)
        if slow:
            self.clock += timedelta(seconds=20)  # WeChat takes its time, but less than a lease
        if comes == "dies after":
            message.died |= still
            return
        with transaction(self.engine) as session:
            if comes == "passing" and still:
                claims.put_back(session, hand)
                self._troubled(message.visitor)
            else:
                claims.settle(session, hand, "custom" if still and comes == "taken" else None)

    def _reaches(self, message):
        assert message.not_before <= self.clock
        assert message.not_after is None or self.clock < message.not_after, "sent when it was useless"
        assert message.withdrawn_at is None or message.withdrawn_at > self.clock, "sent though it was withdrawn"
        assert message.died or not message.sent, "sent twice"
        message.sent.append(self.clock)

    def _troubled(self, visitor):
        for message in self.posted.values():
            message.trouble |= message.visitor == visitor

    # ------------------------------------------------------------- what must hold

    @invariant()
    def one_at_a_time(self):
        """Nobody is sent two messages at once."""
        with transaction(self.engine) as session:
            held = select(OutboxMessage.visitor_id).where(
                OutboxMessage.state == "leased", OutboxMessage.leased_until > self.clock
            )
            visitors = session.scalars(held).all()
        assert len(visitors) == len(set(visitors))

    @invariant()
    def only_what_was_committed(self):
        """There are the messages of the transactions that were committed, and no others."""
        assert not self.visitors or set(self._states()) == set(self.posted)


@pytest.fixture
def machine(engine):
    class Machine(Outbox):
        pass

    Machine.engine = engine
    return Machine


RULES = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
)


def test_what_is_owed_is_sent_once_in_order_and_while_it_is_of_use(machine):
    run_state_machine_as_test(machine, settings=RULES)


def test_a_worker_that_does_not_ask_whether_it_may_still_send_is_noticed(machine, monkeypatch):
    """A negative control, walked by hand: the message is taken back while a worker has it in hand."""
    monkeypatch.setattr(claims, "renew", lambda *_: True)
    world = machine()
    world.meet()
    world.owe(whom=0, kept=True, begins=None, lasts=None)
    world.begin(whom=0)
    world.take_back(which=0)
    world.wait(seconds=5)
    with pytest.raises(AssertionError, match="sent though it was withdrawn"):
        world.end(which=0, comes="taken", slow=False)
    world.hands.clear()
    for module in (claims, notices, sweeping):
        module.utc_now = database.utc_now
