"""Taking turns: a citizen's exchanges one after the other, those of different citizens side by side.

Turns are taken by threads beside the web server's, so that a stalled Rasa holds none of those; what
these threads cannot take the worker does, as it does what a dead process left behind.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import structlog
from flask import Flask
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.chat import service as chat
from miniapp_api.extensions import db, reading, settings
from miniapp_api.wechat import exchanges
from miniapp_api.wechat.delivering import send_soon
from miniapp_api.wechat.exchanges import Reply, Turn
from miniapp_api.wechat.identities import hold, visitor_of
from miniapp_api.wechat.joining import new_code
from miniapp_api.wechat.links import links_of
from miniapp_api.wechat.models import WeChatIdentity
from miniapp_api.wechat.signals import Signals

CHANNEL = "wechat"
QUEUED_A_THREAD = 4
"""Citizens who may wait for each turning thread; the worker takes the others."""

REST = 1.0
"""Seconds that a turning thread rests after its turns: when Rasa is given up on, the guides take many at a
time alone, and the database's one writer is somebody else's too. It delays nobody while a thread is free."""

ALL_READ = "前面的内容都看完了。"
JOIN_CODE = "您的关联码是 {}，十分钟内有效，只能用一次。\n在小程序里填上它，两边就是同一份导办。不要告诉别人。"
APOLOGY = "系统有点忙，这句话没能处理好。请稍等一会儿再发一次，您前面的回答都还在。"

log = structlog.get_logger()


class Turner:
    """The turning threads of one process.

    Args:
        app: whose turns they take.
        threads: turns at a time.
        signals: whom to wake.
    """

    def __init__(self, app: Flask, threads: int, signals: Signals) -> None:
        self._app = app
        self._signals = signals
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="turn")
        self._most = threads * (1 + QUEUED_A_THREAD)
        self._lock = threading.Lock()
        self._wanted: set[int] = set()
        self._again: set[int] = set()

    def has(self, identity_id: int) -> bool:
        """Whether the turns of a citizen are being taken here, or wait for a thread."""
        with self._lock:
            return identity_id in self._wanted

    def kick(self, identity_id: int, *, due: bool = False) -> None:
        """Have the turns of a citizen taken soon; more than can be queued are left to the worker.

        Args:
            identity_id: whose.
            due: there is one, so that nobody need look first.
        """
        with self._lock:
            if identity_id in self._wanted:
                self._again.add(identity_id)
                return
            if len(self._wanted) >= self._most:
                return
            self._wanted.add(identity_id)
        self._pool.submit(self._work, identity_id, due)

    def _work(self, identity_id: int, due: bool) -> None:
        worked = False
        while True:
            try:
                with self._app.app_context():
                    worked |= take_turns(identity_id, self._signals, due=due)
            except Exception:  # a thread must not die; the worker tries again
                log.exception("turns_failed")
            with self._lock:
                if identity_id not in self._again:
                    self._wanted.discard(identity_id)
                    break
                self._again.discard(identity_id)
            due = False
        if worked:
            time.sleep(REST)


def take_turns(identity_id: int, signals: Signals, *, due: bool = False) -> bool:
    """Take all turns of a citizen that are due, in order; inside an application context.

    Args:
        identity_id: whose.
        signals: whom to wake.
        due: there is one, so that it is begun without a look.

    Returns:
        Whether there were any.
    """
    session = db.session
    lease = settings().rasa_connect_timeout + settings().rasa_timeout + 5
    taken = False
    while due or _is_due(identity_id):
        due = False
        held = hold(session, identity_id)
        turn = exchanges.begin_turn(session, held, lease)
        if turn is None:
            session.commit()
            break
        taken = True
        if not _take(session, turn, held, signals):
            break  # replied, and theirs is the newest; or whoever waits says when it is settled
        send_soon(identity_id)
    return taken


def _is_due(identity_id: int) -> bool:
    """Look whether there is a turn to take, without waiting for any writer: mostly there is none."""
    with reading() as looking:
        return exchanges.turn_is_due(looking, identity_id)


def _take(session: Session, turn: Turn, held: WeChatIdentity, signals: Signals) -> bool:
    """Take one turn, and give its answer to whoever waits here; tells whether it is to be sent instead.

    The turn is begun in the transaction that stores what was said, and its answer claimed in that which
    stores the answer: to be on time is to write little.
    """
    reply = None
    try:
        answer = _perform(session, turn, held)
        to_send = exchanges.finish_turn(session, turn, answer)
        if not to_send and signals.awaited(turn.exchange_id):
            reply = _claim(session, held, turn)
        session.commit()
    except Exception:  # whatever went wrong, the citizen gets an answer in the end
        session.rollback()
        log.exception("turn_failed")
        hold(session, turn.identity_id)
        reply, to_send = None, exchanges.fail_turn(session, turn, _told(APOLOGY))
        session.commit()
    signals.answered(turn.exchange_id, reply)
    return to_send


def _claim(session: Session, held: WeChatIdentity, turn: Turn) -> Reply | None:
    attempts = settings().wechat.attempts
    found = exchanges.try_reply(session, held, turn.exchange_id, attempts=attempts)
    return found if isinstance(found, Reply) else None


def _perform(session: Session, turn: Turn, held: WeChatIdentity) -> dict[str, Any]:
    """Do the deed of a turn for whoever the citizen is by the time it is done; the citizen is held then again.

    If they turned out to be somebody else too while Rasa was asked, it is done again; a turn takes
    effect once (docs/decisions/0303-a-turn-takes-effect-once.md).
    """
    while True:
        visitor = visitor_of(session, held)
        answer = _answer(session, turn, held, visitor)
        held = hold(session, turn.identity_id)
        if held.visitor_id == visitor.id:
            return answer
        session.rollback()


def _answer(session: Session, turn: Turn, identity: WeChatIdentity, visitor: Visitor) -> dict[str, Any]:
    """What is kept as the answer of a turn, `{}` for the next piece of the last one."""
    deed = turn.deed
    if deed["do"] == "more":
        return {} if identity.rest else _told(ALL_READ)
    if deed["do"] == "tell":
        return _told(deed["text"])
    if deed["do"] == "join":
        return _told(JOIN_CODE.format(new_code(session, identity)))
    if deed["do"] == "greet":
        answer = chat.welcome(session, visitor)
    else:
        answer = chat.take_turn(session, chat.Exchange(visitor, CHANNEL, turn.turn_id), deed["text"])
    links = links_of(session, visitor, answer)
    return answer.model_dump(mode="json", include={"messages"}) | {"links": [asdict(link) for link in links]}


def _told(text: str) -> dict[str, Any]:
    return {"messages": [{"text": text, "choices": []}]}
