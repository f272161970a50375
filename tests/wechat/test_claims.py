"""One answer, claimed by many at the same moment, in several connections: it goes one way."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from miniapp_api import database
from miniapp_api.accounts.models import Visitor
from miniapp_api.wechat import exchanges, identities, sending
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity

ROUNDS = 40
RIVALS = 3


@pytest.fixture
def engine(database_url):
    """Open the database with a connection for each rival."""
    engine = database.create_engine(database_url)
    yield engine
    engine.dispose()


def answered(engine, number):
    with Session(engine) as session, session.begin():
        visitor = Visitor(locality="shiyan")
        session.add(visitor)
        session.flush()
        identity = WeChatIdentity(app_id="wx", openid=f"o{number}", visitor_id=visitor.id, rest=[])
        session.add(identity)
        session.flush()
        exchange = WeChatExchange(
            identity_id=identity.id,
            key=f"key {number}",
            state="answered",
            answer={"messages": [{"text": "好", "choices": []}]},
        )
        session.add(exchange)
        session.flush()
        return exchange.id, identity.id


def reply(session, exchange_id, identity_id):
    held = identities.hold(session, identity_id)
    return isinstance(exchanges.try_reply(session, held, exchange_id, attempts=3), exchanges.Reply)


def send(session, exchange_id, identity_id):
    held = identities.hold(session, identity_id)
    if isinstance(exchanges.give_up_replying(session, held, exchange_id), exchanges.Reply):
        return False
    return sending.begin_sending(session, identity_id, 20) is not None


def ways(engine):
    """How many ways each answer went."""
    counts = []
    with ThreadPoolExecutor(2 * RIVALS) as pool:
        for number in range(ROUNDS):
            ids = answered(engine, number)
            start = threading.Barrier(2 * RIVALS)

            def rival(way, ids=ids, start=start):
                with Session(engine) as session:
                    start.wait()
                    with session.begin():
                        return way(session, *ids)

            went = list(pool.map(rival, [reply, send] * RIVALS))
            counts.append(any(went[::2]) + sum(went[1::2]))  # those who reply share one attempt
    return counts


def test_an_answer_goes_one_way(engine):
    assert ways(engine) == [1] * ROUNDS


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_lock_it_would_go_two_ways(engine, monkeypatch):
    """A negative control."""
    for module in (identities, sending):
        monkeypatch.setattr(module, "hold", lambda session, id_: session.get_one(WeChatIdentity, id_))
    assert max(ways(engine)) > 1


def test_a_copy_that_gives_up_replies_too_if_another_has_claimed_the_answer(engine):
    """The other's process may die before it has written, and WeChat hear this one alone."""
    exchange_id, identity_id = answered(engine, 0)
    with Session(engine) as session, session.begin():
        held = identities.hold(session, identity_id)
        claimed = exchanges.try_reply(session, held, exchange_id, attempts=3)
    with Session(engine) as session, session.begin():
        held = identities.hold(session, identity_id)
        assert exchanges.give_up_replying(session, held, exchange_id) == claimed
