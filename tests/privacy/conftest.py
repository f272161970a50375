"""Somebody who has left something in every corner."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from miniapp_api import vault
from miniapp_api.accounts.models import Login, Visitor
from miniapp_api.appointments.models import AttendanceMark, Booking, BookingEvent, BookingTalk, Restriction, Waiting
from miniapp_api.chat.models import ChatMessage
from miniapp_api.content.models import PublishedRelease
from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.guides.models import Guide, GuideStep
from miniapp_api.hall.models import Ticket
from miniapp_api.idempotency.models import Answered
from miniapp_api.outbox.models import NoticeConsent, OutboxMessage
from miniapp_api.people.models import Person
from miniapp_api.people.service import SEALED
from miniapp_api.sites.models import Pool
from miniapp_api.wechat.logging_in import SESSION_KEY
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity
from tests.appointments import world

NUMBER = "11010519491231002X"


@pytest.fixture
def session(app):
    """Give the session of a request, in a city with one pool."""
    with app.app_context():
        world.build(db.session, visitors=0)
        db.session.add(
            PublishedRelease(digest="0" * 64, theme="open-restaurant", version="1", locality="shiyan", texts=b"")
        )
        db.session.commit()
        yield db.session
        db.session.rollback()


@pytest.fixture
def somebody(session):
    """Make visitors who left something in every domain, some time ago."""

    def make(*, days=0, status="served"):
        left = _leave(session, utc_now() - timedelta(days=days), status)
        session.commit()
        return left

    return make


def _leave(session, at, status):
    visitor = Visitor(locality="shiyan", created_at=at)
    session.add(visitor)
    session.flush()
    who, name = visitor.id, visitor.public_id
    person = Person(
        public_id=f"{who:032x}",
        visitor_id=who,
        relation="self",
        subject_key=f"{who:064x}",
        sealed=vault.seal(SEALED, f"{who:032x}", f"secret of {name}"),
        name_mask="王**",
        number_tail="002X",
        born=at.date(),
        created_at=at,
    )
    guide = Guide(visitor_id=who, theme="open-restaurant", locality="shiyan", release="0" * 64, changed_at=at)
    wechat = WeChatIdentity(
        app_id="wx1", openid=f"o{name}", visitor_id=who, subscribed=False, rest=[], created_at=at, menu=None
    )
    session.add_all([person, guide, wechat])
    session.flush()
    wechat.session_key = vault.seal(SESSION_KEY, str(wechat.id), f"key of {name}")
    booking = _booking(session, person, at, status)
    pool = session.query(Pool).first()
    session.add_all(
        [
            Login(digest=f"{who:064x}", visitor_id=who, created_at=at, expires_at=at),
            ChatMessage(visitor_id=who, channel="web", turn_id="t", sender="citizen", text=name, choices=[], at=at),
            GuideStep(guide_id=guide.id, number=1, turn=1, fact="x", answer=1, quote=name, at=at),
            WeChatExchange(identity_id=wechat.id, key=name, received_at=at, asked_at=at),
            Answered(visitor_id=who, key="k", answer={"of": name}, at=at),
            NoticeConsent(visitor_id=who, topic="appointment.reminder", remaining=1),
            BookingTalk(visitor_id=who, state={"of": name}, changed_at=at),
            Waiting(
                visitor_id=who,
                person_id=person.id,
                subject_key=person.subject_key,
                locality="shiyan",
                service="licence",
                first_day=at.date(),
                last_day=at.date(),
            ),
            Ticket(
                issued_pool_id=pool.id,
                pool_id=pool.id,
                day=at.date(),
                prefix="A",
                number=who,
                kind="booked",
                booking_id=booking.id,
                visitor_id=who,
                key=name,
                state="finished",
                eligible_at=at,
                rank_at=at,
            ),
            OutboxMessage(
                visitor_id=who,
                dedupe_key=name,
                topic="appointment.reminder",
                title="提醒",
                text=name,
                fields={},
                not_before=at,
                due_at=at,
            ),
        ]
    )
    session.flush()
    return SimpleNamespace(
        visitor=visitor, name=name, booking=booking.id, person=person.id, subject=person.subject_key, wechat=wechat.id
    )


def _booking(session, person, at, status):
    pool = session.query(Pool).first()
    booking = Booking(
        code=f"{person.visitor_id:08d}",
        visitor_id=person.visitor_id,
        person_id=person.id,
        subject_key=person.subject_key,
        name_mask="王**",
        relation="self",
        service="licence",
        pool_id=pool.id,
        day=at.date(),
        start=540,
        end=555,
        session="normal",
        policy_key="day",
        channel="mini",
        online=True,
        status=status,
        guide="0" * 32,
    )
    session.add(booking)
    session.flush()
    session.add_all(
        [
            BookingEvent(booking_id=booking.id, after=status, actor="staff:x", reason=f"{person.public_id} 打过电话"),
            AttendanceMark(
                booking_id=booking.id, subject_key=person.subject_key, kind="no_show", halves=2, at=at, expires_at=at
            ),
            Restriction(subject_key=person.subject_key, from_at=at, until_at=at, appeal="我去过了"),
        ]
    )
    return booking
