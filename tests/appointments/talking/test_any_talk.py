"""Whatever is said and tapped: nothing breaks, and no place stays held that the conversation does not know of."""

import secrets
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from miniapp_api.accounts.service import create_visitor
from miniapp_api.appointments import changing
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, BookingTalk
from miniapp_api.conversation import service as conversation
from miniapp_api.conversation.service import Hints
from miniapp_api.people import service as people
from tests.appointments import world
from tests.appointments.talking.conftest import Answer, check, id_number

SENTENCES = [
    "这周六上午能去办营业执照吗", "我要预约", "帮我预约", "税务登记", "办执照", "周三", "下午",
    "9月10号9点", "换个大厅", "去东区分中心", "给我妈约", "本人", "好的", "不", "第二个", "换一天",
    "都不行", "改约", "改到周四", "把周三的改到周日", "取消预约", "周六那个不去了", "我的预约",
    "候补", "取消候补", "你们周六上班吗", "先不约了", "算了", "老年证", "我想开个小饭馆", "80平",
    "对", "沿街独立门面", "今天天气不错", "元旦后第一个工作日去办执照", "9月25日", "九点", "嗯嗯嗯",
]  # fmt: skip

steps = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.integers(0, 9)),
        st.tuples(st.just("say"), st.sampled_from(SENTENCES)),
        st.tuples(st.just("guess"), st.sampled_from(SENTENCES)),
        st.tuples(st.just("wait"), st.sampled_from([1, 12, 35])),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(0, 2))
def test_any_talk_ends_well(session, clock, talk, known):
    clock.now = world.NOW
    visitor = create_visitor(session, "shiyan")
    for relation in ("self", "parent")[:known]:
        people.add(session, visitor, people.NewPerson("王小明", id_number("19600101"), None, relation, True))
    session.commit()
    last = []
    for kind, what in talk:
        if kind == "wait":
            clock.now += timedelta(minutes=what)
            continue
        hints = Hints("book_appointment", 0.9) if kind == "guess" else Hints()
        text = what if kind != "tap" else last[what % len(last)] if last else "你好"
        answer = Answer(conversation.turn(session, visitor, text, hints, secrets.token_hex(16)))
        session.commit()
        check(answer)
        last = answer.choices
        assert forgotten(session, visitor, clock.now) == []
    _give_back(session, visitor)


def forgotten(session, visitor, now):
    """The bookings that are held and that the conversation does not remember."""
    row = session.get(BookingTalk, visitor.id, populate_existing=True)
    held = select(Booking.public_id).filter_by(visitor_id=visitor.id, status="held", person_id=None)
    live = session.scalars(held.where(Booking.hold_until > now))
    return [public_id for public_id in live if row is None or row.state["held"] != public_id]


def _give_back(session, visitor):
    """Leave the city as free as it was; in the system's name, for whom no limit of cancellations applies."""
    live = select(Booking).where(Booking.visitor_id == visitor.id, Booking.status.in_(("held", "confirmed")))
    for row in session.scalars(live).all():
        changing.cancel(world.act_at(world.NOW, SYSTEM), row)
    session.commit()
