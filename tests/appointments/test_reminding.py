"""A citizen is told what they booked, reminded of what stands, and never of what does not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.outbox.models import OutboxMessage
from tests.appointments.world import MONDAY, NOW, act_at, book, later, moment, request

WEDNESDAY = MONDAY + timedelta(days=2)


@pytest.fixture
def told(session, city):
    """Give the messages to a citizen, by what they are about: topic, state, from when, until when."""

    def messages(visitor=0):
        wanted = select(OutboxMessage).filter_by(visitor_id=city.visitors[visitor]).order_by(OutboxMessage.id)
        return session.scalars(wanted, execution_options={"populate_existing": True}).all()

    return messages


def brief(messages, state="waiting"):
    return [
        (one.topic.removeprefix("appointment."), one.dedupe_key.split(".")[-1])
        for one in messages
        if one.state == state
    ]


def test_a_booking_is_confirmed_at_once_and_reminded_of_a_day_and_two_hours_before(session, city, told):
    row = book(city.pools[0], WEDNESDAY, "09:00", visitor_id=city.visitors[0])
    confirmed, day_before, hours_before = told()
    assert brief(told()) == [("confirmed", "confirmed"), ("reminder", "day_before"), ("reminder", "hours_before")]
    start = moment(WEDNESDAY, "09:00")
    assert confirmed.not_after == start
    assert (day_before.not_before, day_before.not_after) == (start - timedelta(days=1), start - timedelta(hours=2))
    assert (hours_before.not_before, hours_before.not_after) == (start - timedelta(hours=2), start)
    assert all(one.due_at == one.not_before for one in told())
    assert {one.link for one in told()} == {f"/appointments/{row.public_id}"}
    assert "9月9日（周三）09:00 在政务服务中心办“营业执照”" in confirmed.text
    assert "来不了请点开取消" in day_before.text
    assert set(confirmed.fields) == {"thing", "time", "tip"}


def test_a_reminder_whose_time_is_past_when_one_books_is_none(session, city, told):
    book(city.pools[0], MONDAY, "14:00", visitor_id=city.visitors[0])  # in six hours
    assert brief(told()) == [("confirmed", "confirmed"), ("reminder", "hours_before")]


def test_a_booking_in_less_than_two_hours_is_confirmed_only(session, city, told):
    book(city.pools[0], MONDAY, "09:00", visitor_id=city.visitors[0])
    assert brief(told()) == [("confirmed", "confirmed")]


def test_what_is_held_is_not_told_before_it_is_confirmed(session, city, told):
    held = making.hold(act_at(), request(city.pools[0], WEDNESDAY, "09:00", visitor_id=city.visitors[0]))
    assert told() == []
    making.confirm(act_at(), held)
    making.confirm(act_at(), held)
    session.commit()
    assert len(told()) == 3


def test_who_books_at_the_desk_has_no_telephone_here(session, city):
    book(city.pools[0], WEDNESDAY, "09:00", online=False, channel="desk")
    assert session.scalars(select(OutboxMessage.id)).all() == []


def test_after_moving_one_is_reminded_of_the_new_time_only(session, city, told):
    row = book(city.pools[0], WEDNESDAY, "09:00", visitor_id=city.visitors[0])
    changing.reschedule(act_at(), row, request(city.pools[0], MONDAY + timedelta(days=1), "14:00").place)
    session.commit()
    assert brief(told(), "withdrawn") == [
        ("confirmed", "confirmed"),
        ("reminder", "day_before"),
        ("reminder", "hours_before"),
    ]
    assert brief(told()) == [("moved", "moved"), ("reminder", "day_before"), ("reminder", "hours_before")]
    assert all("9月8日（周二）14:00" in one.text for one in told() if one.state == "waiting")
    changing.reschedule(act_at(), row, request(city.pools[0], WEDNESDAY, "09:30").place)  # new messages again
    session.commit()
    assert len(brief(told())) == 3


@pytest.mark.parametrize("end", ["cancel", "revoke"])
def test_after_its_end_one_is_told_of_the_end_and_of_nothing_else(session, city, told, end):
    row = book(city.pools[0], WEDNESDAY, "09:00", visitor_id=city.visitors[0])
    if end == "cancel":
        changing.cancel(act_at(), row)
        changing.cancel(act_at(), row)
    else:
        changing.revoke(act_at(actor=SYSTEM), row, "停电")
    session.commit()
    assert [topic for topic, _ in brief(told())] == ["cancelled" if end == "cancel" else "revoked"]
    assert told()[-1].not_after == moment(WEDNESDAY, "09:15")


def test_who_has_come_is_reminded_of_nothing(session, city, told):
    row = book(city.pools[0], MONDAY, "14:00", visitor_id=city.visitors[0])
    changing.check_in(act_at(moment(clock="13:30"), SYSTEM), row)
    session.commit()
    assert brief(told()) == []


def test_the_end_of_a_hold_is_told_to_nobody(session, city, told):
    making.hold(act_at(), request(city.pools[0], WEDNESDAY, "09:00", visitor_id=city.visitors[0]))
    assert making.end_holds(act_at(later(NOW, 10), SYSTEM)) == 1
    session.commit()
    assert told() == []


def test_what_a_transaction_that_fails_would_have_told_is_never_told(session, city, told):
    making.book(act_at(), request(city.pools[0], WEDNESDAY, "09:00", visitor_id=city.visitors[0]))
    session.rollback()
    assert told() == []
