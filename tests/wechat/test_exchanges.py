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
from miniapp_api.wechat.identities import hold
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
        number: of its arrival, the order of the answers; None until it arrives.
        open: the connection of its newest attempt is open.
        heard: WeChat got a reply or an acknowledgement, and sends it no more.
        lost: WeChat did not get the reply that was written last.
        breaks: the next attempt meets a process that dies before it has written anything down.
    """

    def __init__(self):
        self.number = self.exchange_id = None
        self.attempts, self.open, self.heard, self.lost, self.breaks = 0, False, False, False, False

    @property
    def over(self):
        """WeChat sends it no more."""
        return self.heard or (self.attempts == ATTEMPTS and not self.open)


class Door(RuleBasedStateMachine):
    """The life of exchanges."""

    engine = None

    def __init__(self):
        super().__init__()
        self.clock = database.utc_now()
        self.numbers = itertools.count(1)
        self.pushes = []
        self.turns = []
        self.replies = []
        self.notes = []
        self.sendings = []
        self.receipts = set()
        self.received = []
        for module in MODULES:
            module.utc_now = lambda: self.clock

    def teardown(self):
        """Let everything come to its end, and see that nothing is missing."""
        if not hasattr(self, "citizen"):
            return
        for in_hand in (self.turns, self.replies, self.notes, self.sendings):
            in_hand.clear()
        self._settle()
        if self._unfinished():  # what the quota refused comes with the answer to one thing more
            self.speak(breaks=False)
            self._settle()
        assert self.received == self._arrived()
        for module in MODULES:
            module.utc_now = database.utc_now

    def _arrived(self):
        return sorted(push.number for push in self.pushes if push.number)

    def _settle(self):
        for push in self.pushes:
            push.breaks = False
        for _ in range(40):
            if not self._unfinished():
                return
            self._everybody_works()

    def _unfinished(self):
        return len(self.received) < len(self._arrived()) or any(not push.over for push in self.pushes)

    def _everybody_works(self):
        self._pass(timedelta(seconds=1))
        while self._begin():
            self._finish(self.turns.pop())
        for push in self._open():
            self._look(push, "heard")
        self._pass(timedelta(seconds=6))
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

    def _may_speak(self):
        return not any(push.lost for push in self.pushes)

    @precondition(_may_speak)
    @rule(breaks=sampled_from([False, False, False, True]))
    def speak(self, breaks):
        """Say something new."""
        self.pushes.append(Push())
        self.pushes[-1].breaks = breaks
        self._attempt(self.pushes[-1])

    @precondition(_may_speak)
    @rule(turn=sampled_from(["none", "begun", "done"]))
    def speak_twice(self, turn):
        """Say two things; the first arrives first, but waits longer until it can be written down."""
        first, at = Push(), self.clock
        self.pushes.append(first)
        self._send(first)
        self._pass(timedelta(seconds=0.3))
        self.speak(breaks=False)
        if turn == "begun":
            self.begin_turn()
        if turn == "done":
            self.take_turn()
        self._arrive(first, at)

    @rule(seconds=sampled_from([0.3, 1, 3, 6, 20]))
    def wait(self, seconds):
        """Let time pass."""
        self._pass(timedelta(seconds=seconds))

    def _pass(self, time):
        """Let time pass; WeChat hangs up five seconds after each attempt, and asks again if it heard nothing."""
        until = self.clock + time
        while due := [push for push in self.pushes if not push.over and push.sent_at + PATIENCE <= until]:
            first = min(due, key=lambda push: push.sent_at)
            self.clock = max(self.clock, first.sent_at + PATIENCE)
            first.open = False
            if not first.over:
                self._attempt(first)
        self.clock = until

    @precondition(lambda self: self._repeatable())
    @rule(which=integers(0, 100))
    def ask_again(self, which):
        """WeChat heard nothing: the process died, or the reply was lost."""
        push = self._pick(self._repeatable(), which)
        self._pass(max(push.sent_at + PATIENCE - self.clock, timedelta()))  # time never runs back

    @precondition(lambda self: self._breakable())
    @rule(which=integers(0, 100))
    def break_next_attempt(self, which):
        """When WeChat asks again, it will meet a dead process; unless it is the only one to know of a loss."""
        self._pick(self._breakable(), which).breaks = True

    @precondition(lambda self: self._arrived())
    @rule(which=integers(0, 100))
    def copy_comes_late(self, which):
        """A copy that lay about until WeChat had hung up."""
        push = self._pick([push for push in self.pushes if push.number], which)
        self._arrive(push, self.clock, listening=False)

    def _repeatable(self):
        return [push for push in self.pushes if not push.heard and push.attempts < ATTEMPTS]

    def _breakable(self):
        return [push for push in self._repeatable() if not push.lost]

    def _attempt(self, push):
        if push.breaks:
            push.breaks, push.attempts, push.sent_at = False, push.attempts + 1, self.clock
        else:
            self._send(push)
            self._arrive(push, self.clock)

    def _send(self, push):
        push.attempts, push.open, push.lost, push.sent_at = push.attempts + 1, True, False, self.clock
        push.number = push.number or next(self.numbers)

    def _arrive(self, push, at, *, listening=True):
        with Session(self.engine) as session, session.begin():
            exchange = exchanges.arrive(
                session,
                hold(session, self.citizen),
                f"key {push.number}",
                {"do": "say", "text": str(push.number)},
                at=at,
                attempts=ATTEMPTS,
                listening=listening,
            )
            push.exchange_id = exchange.id
        self._settle_left_behind()

    # ------------------------------------------------------------- web processes

    def _open(self):
        return [push for push in self.pushes if push.open and push.exchange_id]

    @precondition(_open)
    @rule(which=integers(0, 100), fate=sampled_from(["heard", "late", "slow", "lost", "dies"]))
    def look(self, which, fate):
        """Whoever waits looks for the answer, and replies with it."""
        self._look(self._pick(self._open(), which), fate)

    def _look(self, push, fate):
        with Session(self.engine) as session, session.begin():
            found = exchanges.try_reply(session, hold(session, self.citizen), push.exchange_id, attempts=ATTEMPTS)
        self._was_found(push, found, fate)

    def _was_found(self, push, found, fate):
        if isinstance(found, exchanges.Reply):
            self._reply(push, found, fate)
        elif found is Verdict.ACKNOWLEDGE:
            self._acknowledge(push, lost=False)

    def _reply(self, push, reply, fate):
        """A reply was claimed: it is heard, and noted at once or late; is written slowly; is lost; or its process dies.

        It is lost without anybody here knowing only where WeChat will ask again, and before the citizen
        has said something else: who did not see the first answer then sees it after the second
        (docs/decisions/0501-exactly-once.md).
        """
        if fate == "slow":
            self.replies.append((push, reply, push.attempts))
        elif fate == "dies":
            push.open = False
        elif fate == "lost" and push.attempts < ATTEMPTS and all(one.over for one in self.pushes if one is not push):
            push.open, push.lost = False, True
            self._note(reply)
        else:
            self._is_heard(push, reply)
            (self.notes.append if fate == "late" else self._note)(reply)

    def _is_heard(self, push, reply):
        push.open, push.heard = False, True
        self._reaches(reply.text)
        self.receipts.add(reply.receipt)

    def _note(self, reply):
        self.receipts.add(reply.receipt)
        if reply.until:
            with Session(self.engine) as session, session.begin():
                sending.end_replying(session, reply)

    @precondition(lambda self: self.replies)
    @rule(which=integers(0, 100))
    def write_slowly(self, which):
        """A reply that was claimed before is written, perhaps to nobody any more."""
        push, reply, attempt = self.replies.pop(which % len(self.replies))
        if push.open and push.attempts == attempt:
            self._is_heard(push, reply)
            self._note(reply)

    @precondition(lambda self: self.notes)
    @rule(which=integers(0, 100), dies=booleans())
    def note_late(self, which, dies):
        """The row hears late of a reply, or never; its receipt was kept."""
        reply = self.notes.pop(which % len(self.notes))
        if not dies:
            self._note(reply)

    @precondition(_open)
    @rule(which=integers(0, 100), lost=booleans())
    def acknowledge(self, which, lost):
        """The deadline is reached; the acknowledgement may be lost."""
        self._acknowledge(self._pick(self._open(), which), lost=lost)

    def _acknowledge(self, push, *, lost):
        with Session(self.engine) as session, session.begin():
            settled = exchanges.give_up_replying(session, hold(session, self.citizen), push.exchange_id)
        if isinstance(settled, exchanges.Reply):
            self._reply(push, settled, "heard")
        else:
            push.open, push.heard = False, not lost

    @precondition(_open)
    @rule(which=integers(0, 100))
    def web_dies(self, which):
        """The process with the open connection dies."""
        self._pick(self._open(), which).open = False

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
            turn = exchanges.begin_turn(session, hold(session, self.citizen), LEASE)
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
        with Session(self.engine) as session, session.begin():
            hold(session, self.citizen)
            (exchanges.fail_turn if fails else exchanges.finish_turn)(session, turn, self._answer(turn))

    @staticmethod
    def _answer(turn):
        return {"messages": [{"text": f"[{turn.deed['text']}]", "choices": []}]}

    @precondition(lambda self: self.turns)
    @rule(which=integers(0, 100), fate=sampled_from(["heard", "late", "slow", "dies"]))
    def answer_whoever_waits(self, which, fate):
        """A turn is done, and its answer claimed in the same transaction for whoever waits in the process."""
        turn = self.turns.pop(which % len(self.turns))
        waiting = next((push for push in self._open() if push.exchange_id == turn.exchange_id), None)
        if waiting is None:
            return self._finish(turn)
        with Session(self.engine) as session, session.begin():
            held = hold(session, self.citizen)
            if exchanges.finish_turn(session, turn, self._answer(turn)):
                return None
            found = exchanges.try_reply(session, held, turn.exchange_id, attempts=ATTEMPTS)
        return self._was_found(waiting, found, fate)

    @rule(fails=booleans())
    def take_turn_in_one_transaction(self, fails):
        """Begin a turn and do it in one transaction; if it fails, it was never begun."""
        with Session(self.engine) as session:
            turn = exchanges.begin_turn(session, hold(session, self.citizen), LEASE)
            if turn and fails:
                session.rollback()
                hold(session, self.citizen)
                exchanges.fail_turn(session, turn, self._answer(turn))
            elif turn:
                exchanges.finish_turn(session, turn, self._answer(turn))
            session.commit()

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

    @precondition(_may_speak)
    @rule(settled=booleans(), begun=booleans())
    def answer_late(self, settled, begun):
        """Something is said and answered, its delivery perhaps settled and begun: where most can go wrong."""
        self.speak(breaks=False)
        if settled:
            self._acknowledge(self.pushes[-1], lost=False)
        self.take_turn()
        if begun:
            self._begin_sending()

    @precondition(_may_speak)
    @rule(fate=sampled_from(["late", "slow", "dies"]), breaks=booleans())
    def answer_at_once(self, fate, breaks):
        """Something is said and replied to, or nearly; the next attempt perhaps breaks."""
        self.speak(breaks=False)
        self.take_turn()
        self._look(self.pushes[-1], fate)
        self.pushes[-1].breaks = breaks

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
        self._tell(message, refused)

    def _asks(self, message):
        """Whether the worker comes to ask WeChat: it is never slower than it said."""
        return self.clock < message.until

    def _take(self, message):
        self._reaches(message.exchange.reply)
        self.receipts.add(message.receipt)

    def _tell(self, message, refused):
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
            self._tell(message, None)

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
