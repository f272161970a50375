"""What is older than its period goes; what is younger stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from miniapp_api import holdings, vault
from miniapp_api.accounts.models import MergedVisitor, Visitor
from miniapp_api.accounts.service import create_visitor, merge
from miniapp_api.appointments.models import AttendanceMark, Booking, BookingTalk, Restriction, Waiting
from miniapp_api.cases.models import Case, CaseRemark
from miniapp_api.chat.models import ChatMessage
from miniapp_api.database import utc_now
from miniapp_api.guides.models import Guide
from miniapp_api.hall.models import Ticket
from miniapp_api.idempotency.models import Answered
from miniapp_api.outbox.models import NoticeConsent, OutboxMessage
from miniapp_api.people.models import Person
from miniapp_api.privacy import service
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity

PERIODS = {
    7: (WeChatExchange,),
    30: (Answered,),
    184: (ChatMessage,),
    365: (Guide, OutboxMessage, BookingTalk, AttendanceMark, Restriction, Waiting),
    730: (Person,),
}
"""As in the shipped `retention.yaml`."""


def count(session, model, *which):
    return session.scalar(select(func.count()).select_from(model).where(*which))


def retain(session, *, days=0, dry_run=False):
    now = utc_now() + timedelta(days=days)
    return {done.holding.id: done.rows for done in service.retain(session, now, dry_run=dry_run)}


@pytest.mark.parametrize("days", PERIODS)
def test_a_row_goes_when_its_period_is_over_and_not_before(session, somebody, days):
    somebody(days=days - 2)
    retain(session)
    assert [count(session, model) for model in PERIODS[days]] == [1] * len(PERIODS[days])
    retain(session, days=4)
    assert [count(session, model) for model in PERIODS[days]] == [0] * len(PERIODS[days])


def test_old_bookings_and_tickets_stay_without_the_person(session, somebody):
    somebody(days=400)
    somebody(days=100)
    retain(session)
    emptied = (Booking.subject_key == "", Booking.visitor_id.is_(None), Booking.person_id.is_(None))
    assert (count(session, Booking), count(session, Booking, *emptied)) == (2, 1)
    assert (count(session, Ticket), count(session, Ticket, Ticket.visitor_id.is_(None))) == (2, 1)


def test_a_booking_that_is_not_over_stays_as_it_is(session, somebody):
    left = somebody(days=400, status="confirmed")
    retain(session)
    assert session.get_one(Booking, left.booking).subject_key == left.subject


def test_a_visitor_goes_when_nothing_of_theirs_is_left(session, somebody):
    somebody(days=800)
    assert retain(session)["visitors"] == 2  # and a login
    assert (count(session, Visitor), count(session, NoticeConsent), count(session, WeChatIdentity)) == (0, 0, 0)


def test_a_visitor_of_whom_anything_is_left_stays(session, somebody):
    left = somebody(days=800)
    session.add(
        ChatMessage(visitor_id=left.visitor.id, channel="web", turn_id="t", sender="citizen", text="在", choices=[])
    )
    session.commit()
    retain(session)
    assert count(session, Visitor) == 1


def test_whoever_is_another_one_by_now_stays_as_long_as_that_one(session, somebody):
    kept, gone = somebody(days=100).visitor, create_visitor(session, "shiyan")
    gone.created_at = utc_now() - timedelta(days=2000)
    merge(session, into=kept, gone=gone)
    session.commit()
    retain(session)
    assert count(session, MergedVisitor) == 1


def test_a_follower_stays_known(session, somebody):
    left = somebody(days=2000)
    session.get_one(WeChatIdentity, left.wechat).subscribed = True
    session.commit()
    retain(session)
    assert count(session, WeChatIdentity) == 1


def test_a_dry_run_counts_the_same_and_lets_nothing_go(session, somebody):
    somebody(days=900)
    counted = retain(session, dry_run=True)
    assert count(session, ChatMessage) == 1
    assert counted["chat"] == 1
    assert {"chat", "people", "bookings", "tickets"} <= {id_ for id_, rows in counted.items() if rows}
    assert retain(session)["chat"] == counted["chat"]


def test_more_rows_than_fit_one_batch_all_go(session, somebody, monkeypatch):
    monkeypatch.setattr("miniapp_api.chat.erasing.BATCH", 2)
    for _ in range(5):
        somebody(days=200)
    assert retain(session)["chat"] == 5
    assert count(session, ChatMessage) == 0


def test_running_it_again_finds_nothing(session, somebody):
    somebody(days=900)
    retain(session)
    assert set(retain(session).values()) == {0}


def test_every_holding_is_within_the_law(session):
    least = {holding.id: holding.least for holding in holdings.registered()}
    assert least["logs"] == least["personal_reads"] == 184
    assert all(holdings.period_of(id_).days >= days for id_, days in least.items())


def test_cases_keep_no_person_when_their_period_is_over(session, somebody):
    left, old = somebody(), utc_now() - timedelta(days=1830)
    for number, state, changed in (("1", "concluded", old), ("2", "concluded", utc_now()), ("3", "accepted", old)):
        public_id = number * 32
        case = Case(
            public_id=public_id,
            number=number,
            query_index="q",
            mobile_index="m",
            subject_index="s",
            visitor_id=left.visitor.id,
            locality="shiyan",
            site_code="center",
            item="theme:item",
            item_name="事项",
            terms={},
            sealed=vault.seal("cases.sealed", public_id, "{}"),
            state=state,
            received_at=changed,
            changed_at=changed,
        )
        session.add(case)
        session.flush()
        remark = vault.seal("case_remarks.sealed", public_id, "王小明来过")
        session.add(CaseRemark(public_id=public_id, case_id=case.id, seq=1, staff="x", sealed=remark))
    session.commit()
    assert retain(session)["cases"] == 1
    kept = session.execute(select(Case.number, Case.sealed, Case.mobile_index, Case.visitor_id).order_by(Case.number))
    assert [(row.number, row.sealed is None, row.mobile_index) for row in kept] == [
        ("1", True, None),
        ("2", False, "m"),
        ("3", False, "m"),
    ]
    assert count(session, CaseRemark) == 2
    service.erase(session, left.visitor)
    assert count(session, Case, Case.visitor_id.is_not(None)) == 0
    assert count(session, Case, Case.sealed.is_not(None)) == 2
