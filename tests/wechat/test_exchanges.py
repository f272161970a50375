"""Whatever goes wrong, in whatever order: every answer arrives once, and in the order of the questions.

A state machine plays WeChat (which sends a push again until it hears an answer), the processes
(which die at any point) and the worker, on both databases.
"""

import itertools
import re
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
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from miniapp_api import database
from miniapp_api.accounts.models import Visitor
from miniapp_api.wechat import composing, exchanges, sending, sweeping
from miniapp_api.wechat.exchanges import Verdict
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity

ATTEMPTS = 3
PATIENCE = timedelta(seconds=5)
LEASE = 14
MODULES = (composing, exchanges, sending, sweeping)
PHASES = [phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)]
"""A failure is told as it was found: making it smaller would take longer than the whole suite."""


class Push:
    """What WeChat knows of one push.

    Attributes:
        open: the connection of its newest attempt is open.
        heard: it got a reply or an acknowledgement, and sends it no more.
        lost: it did not get the reply that was sent last.
    """

    def __init__(self, number):
        self.number = number
        self.attempts, self.open, self.heard, self.lost = 0, False, False, False
        self.exchange_id = None


class Door(RuleBasedStateMachine):
    """The life of exchanges."""

    engine = None

    def __init__(self):
        super().__init__()
        self.clock = database.utc_now()
        self.numbers = itertools.count(1)
        self.pushes = []
        self.turns = []
        self.sendings = []
        self.receipts = set()
        self.received = []
        for module in MODULES:
            module.utc_now = lambda: self.clock

    def teardown(self):
        """Let everything come to its end, and see that nothing is missing."""
        if not hasattr(self, "citizen"):
            return
        self.turns.clear()
        self.sendings.clear()
        self._settle()
        if self._unfinished():  # what the quota refused comes with the answer to one thing more
            self.speak()
            self._settle()
        assert self.received == [push.number for push in self.pushes]
        for module in MODULES:
            module.utc_now = database.utc_now

    def _settle(self):
        for _ in range(40):
            if not self._unfinished():
                return
            self._everybody_works()

    def _unfinished(self):
        return len(self.received) < len(self.pushes) or any(not push.heard for push in self.pushes)

    def _everybody_works(self):
        for push in self.pushes:
            if not push.heard and not push.open:
                self._send(push)
        self.clock += timedelta(seconds=1)
        while self._begin():
            self._finish(self.turns.pop())
        for push in self.pushes:
            if push.open:
                self._look(push, lost=False)
        self.clock += timedelta(seconds=6)
        self._sweep()
        if self._begin_sending():
            self._end_sending(self.sendings.pop(), None)

    def _settle_left_behind(self):
        with Session(self.engine) as session, session.begin():
            left = sending.left_behind(session, self.citizen)
        if left:
            with Session(self.engine) as session, session.begin():
                sending.settle(session, self.citizen, left, self.receipts)

    # ------------------------------------------------------------- the world

    @initialize()
    def meet(self):
        """Meet the citizen; what they do touches nobody else's rows."""
        with Session(self.engine) as session, session.begin():
            session.execute(delete(WeChatExchange))
            session.execute(delete(WeChatIdentity))
            visitor = Visitor(locality="shiyan")
            session.add(visitor)
            session.flush()
            identity = WeChatIdentity(app_id="wx", openid="o", visitor_id=visitor.id, rest=[])
            session.add(identity)
            session.flush()
            self.citizen = identity.id

    @precondition(lambda self: not self.pushes or not self.pushes[-1].lost)
    @rule()
    def speak(self):
        """Say something new."""
        push = Push(next(self.numbers))
        self.pushes.append(push)
        self._send(push)

    @rule(seconds=sampled_from([0.3, 1, 3, 6, 20]))
    def wait(self, seconds):
        """Let time pass."""
        self._pass(timedelta(seconds=seconds))

    def _pass(self, time):
        """Let time pass; WeChat asks again five seconds after each attempt that it heard nothing of, no later."""
        until = self.clock + time
        while due := [push for push in self._unheard() if not push.open and push.sent_at + PATIENCE <= until]:
            first = min(due, key=lambda push: push.sent_at)
            self.clock = max(self.clock, first.sent_at + PATIENCE)
            self._send(first)
        self.clock = until

    @precondition(lambda self: self._unheard())
    @rule(which=integers(0, 100))
    def ask_again(self, which):
        """WeChat heard nothing: the process died, or the reply was lost."""
        push = self._pick(self._unheard(), which)
        if push.open:
            self._pass(PATIENCE)
            self._send(push)
        else:
            self._pass(max(push.sent_at + PATIENCE - self.clock, timedelta()))  # time never runs back

    @precondition(lambda self: self.pushes)
    @rule(which=integers(0, 100))
    def copy_comes_late(self, which):
        """A copy that lay about until WeChat had hung up."""
        push = self._pick(self.pushes, which)
        with Session(self.engine) as session, session.begin():
            exchanges.arrive(
                session,
                session.get_one(WeChatIdentity, self.citizen),
                f"key {push.number}",
                {"do": "say", "text": str(push.number)},
                attempts=ATTEMPTS,
                listening=False,
            )

    def _unheard(self):
        """WeChat does not give up before its last attempt; one that stays open cannot be lost by dying there."""
        return [push for push in self.pushes if not push.heard and push.attempts < ATTEMPTS]

    def _send(self, push):
        with Session(self.engine) as session, session.begin():
            deed = {"do": "say", "text": str(push.number)}
            exchange = exchanges.arrive(
                session, session.get_one(WeChatIdentity, self.citizen), f"key {push.number}", deed, attempts=ATTEMPTS
            )
            push.exchange_id, push.attempts, push.open, push.lost = exchange.id, push.attempts + 1, True, False
            push.sent_at = self.clock
        self._settle_left_behind()

    # ------------------------------------------------------------- web processes

    def _open(self):
        return [push for push in self.pushes if push.open]

    @precondition(_open)
    @rule(which=integers(0, 100), lost=booleans())
    def look(self, which, lost):
        """Whoever waits looks for the answer; a reply may be lost, unless nobody would ask again.

        It is not lost if the citizen says something else before WeChat asks again: who did not see
        the first answer then sees it after the second (docs/decisions/0501-exactly-once.md).
        """
        push = self._pick(self._open(), which)
        self._look(push, lost=lost and push.attempts < ATTEMPTS and push is self.pushes[-1])

    def _look(self, push, *, lost):
        with Session(self.engine) as session, session.begin():
            found = exchanges.try_reply(session, push.exchange_id, self.citizen, attempts=ATTEMPTS)
        if found is Verdict.WAIT:
            return
        if isinstance(found, str) and not lost:
            self._reaches(found)
        if found is Verdict.ACKNOWLEDGE:
            self._give_up(push)
        push.open, push.heard, push.lost = False, push.heard or not lost, lost and isinstance(found, str)

    @precondition(_open)
    @rule(which=integers(0, 100), lost=booleans())
    def acknowledge(self, which, lost):
        """The deadline is reached; the acknowledgement may be lost."""
        push = self._pick(self._open(), which)
        self._give_up(push)
        with Session(self.engine) as session:
            delivery = session.get_one(WeChatExchange, push.exchange_id).delivery
        if delivery == "custom":
            push.open, push.heard = False, push.attempts == ATTEMPTS or not lost
        else:
            self._look(push, lost=False)

    def _give_up(self, push):
        with Session(self.engine) as session, session.begin():
            exchanges.give_up_replying(session, push.exchange_id, self.citizen)

    @precondition(_open)
    @rule(which=integers(0, 100))
    def web_dies(self, which):
        """The process with the open connection dies; WeChat will ask again, as this was not its last attempt."""
        push = self._pick(self._open(), which)
        if push.attempts < ATTEMPTS:
            push.open = False

    # ------------------------------------------------------------- turns

    @rule()
    def take_turn(self):
        """Somebody takes the next turn, and is done before anything else happens."""
        if self._begin():
            self._finish(self.turns.pop())

    @rule()
    def begin_turn(self):
        """Somebody takes the next turn."""
        self._begin()

    def _begin(self):
        with Session(self.engine) as session, session.begin():
            due = exchanges.turn_is_due(session, self.citizen)
            turn = exchanges.begin_turn(session, self.citizen, LEASE)
        assert due or not turn
        if turn:
            self.turns.append(turn)
        return turn

    @precondition(lambda self: self.turns)
    @rule(which=integers(0, 100), fails=booleans())
    def end_turn(self, which, fails):
        """A turn is done, or fails; perhaps long after its lease."""
        turn = self.turns.pop(which % len(self.turns))
        self._finish(turn, fails=fails)

    def _finish(self, turn, *, fails=False):
        answer = {"messages": [{"text": f"[{turn.deed['text']}]", "choices": []}]}
        with Session(self.engine) as session, session.begin():
            (exchanges.fail_turn if fails else exchanges.finish_turn)(session, turn, answer)

    @precondition(lambda self: self.turns)
    @rule(which=integers(0, 100))
    def turner_dies(self, which):
        """Whoever takes a turn dies in it."""
        self.turns.pop(which % len(self.turns))

    # ------------------------------------------------------------- the worker

    @rule()
    def sweep(self):
        """Look for what was left."""
        self._sweep()

    def _sweep(self):
        with Session(self.engine) as session, session.begin():
            sweeping.to_turn(session)
            sweeping.to_send(session)

    @precondition(lambda self: not self.pushes or not self.pushes[-1].lost)
    @rule(settled=booleans(), begun=booleans())
    def answer_late(self, settled, begun):
        """Something is said and answered, its delivery perhaps settled and begun: where most can go wrong."""
        self.speak()
        if settled:
            self.acknowledge(len(self._open()) - 1, lost=False)
        self.take_turn()
        if begun:
            self._begin_sending()

    @rule()
    def send(self):
        """A worker sends what the citizen is owed, before anything else happens."""
        if self._begin_sending():
            self._end_sending(self.sendings.pop(), None)

    @rule()
    def begin_sending(self):
        """A worker takes what the citizen is owed."""
        self._begin_sending()

    def _begin_sending(self):
        self._settle_left_behind()
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            taken = sending.begin_sending(session, self.citizen, 20)
            if taken:
                self.sendings.append(taken)
            return taken

    @precondition(lambda self: self.sendings)
    @rule(which=integers(0, 100), refused=sampled_from([None, None, "45047"]))
    def end_sending(self, which, refused):
        """WeChat takes it or refuses."""
        self._end_sending(self.sendings.pop(which % len(self.sendings)), refused)

    def _end_sending(self, message, refused):
        if not self._asks(message):
            return
        if refused is None:
            self._take(message)
        self._note(message, refused)

    def _asks(self, message):
        """Whether the worker comes to ask WeChat: it is never slower than it said."""
        return self.clock < message.until

    def _take(self, message):
        self._reaches(message.exchange.reply)
        self.receipts.add(message.exchange.turn_id)

    def _note(self, message, refused):
        with Session(self.engine) as session, session.begin():
            sending.end_sending(session, message, refused=refused, again=None)

    @precondition(lambda self: self.sendings)
    @rule(which=integers(0, 100), seconds=sampled_from([1, 30]))
    def end_sending_late(self, which, seconds):
        """WeChat takes it, but the row hears of that late, perhaps after it was settled."""
        message = self.sendings.pop(which % len(self.sendings))
        if self._asks(message):
            self._take(message)
            self._pass(timedelta(seconds=seconds))
            self._begin_sending()
            self._note(message, None)

    @precondition(lambda self: self.sendings)
    @rule(which=integers(0, 100), taken=booleans())
    def worker_dies_sending(self, which, taken):
        """A worker dies with the message in hand, before it asked WeChat or after it kept the receipt."""
        message = self.sendings.pop(which % len(self.sendings))
        if taken and self._asks(message):
            self._take(message)

    # ------------------------------------------------------------- what must hold

    def _reaches(self, text):
        self.received += [int(number) for number in re.findall(r"\[(\d+)\]", text)]

    @invariant()
    def once_and_in_order(self):
        """No answer arrives twice or before an earlier one."""
        assert self.received == sorted(set(self.received))

    @staticmethod
    def _pick(things, which):
        return things[which % len(things)]


@pytest.fixture(autouse=True)
def impatience():
    """Be as patient as the real WeChat: the clock is ours."""


@pytest.fixture
def engine(database_url):
    """Open the database; nothing has to survive a power cut here."""
    engine = database.create_engine(database_url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    yield engine
    engine.dispose()


def test_every_answer_arrives_once_and_in_order(engine):
    class OnThis(Door):
        pass

    OnThis.engine = engine
    few = 60 if engine.dialect.name == "postgresql" else 300
    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=few,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        ),
    )
