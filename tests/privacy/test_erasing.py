"""Erasing takes a person out of every table, and leaves everybody else and what is counted."""

import pytest
from sqlalchemy import String, cast, func, or_, select

from miniapp_api.accounts.models import Visitor
from miniapp_api.accounts.service import create_visitor, merge, token_for
from miniapp_api.appointments.models import AttendanceMark, Booking, Restriction
from miniapp_api.database import Base, load_models
from miniapp_api.errors import Problem
from miniapp_api.hall.models import Ticket
from miniapp_api.privacy import service

LEFT_AS_PSEUDONYM = {"attendance_marks", "restrictions"}
"""Points belong to a person, not to a telephone: they stay under a pseudonym until they end."""


def traces_of(session, left):
    """The tables in which somebody can still be found, by any reference or text."""
    needles = (left.name, left.subject, f"{left.visitor.id:032x}")
    found = set()
    for table in load_models().sorted_tables:
        texts = [cast(column, String).contains(needle) for column in table.columns for needle in needles]
        refers = [
            column == left.visitor.id
            for column in table.columns
            if any(key.references(Visitor.__table__) for key in column.foreign_keys)
        ]
        if session.scalar(select(func.count()).select_from(table).where(or_(*texts, *refers))):
            found.add(table.name)
    return found


def rows(session):
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
    }


def test_nothing_is_left_of_whoever_is_erased(session, somebody):
    left, other = somebody(), somebody()
    others_before = traces_of(session, other)
    before = traces_of(session, left)
    assert {"visitors", "people", "chat_messages", "bookings", "tickets", "outbox_messages", "answered"} <= before
    done = service.erase(session, left.visitor)
    assert {part.holding.id for part in done if part.rows} >= {"visitors", "people", "chat", "bookings", "wechat"}
    assert traces_of(session, left) == LEFT_AS_PSEUDONYM
    assert traces_of(session, other) == others_before


def test_what_is_counted_stays_without_the_person(session, somebody):
    left = somebody()
    service.erase(session, left.visitor)
    booking = session.get_one(Booking, left.booking)
    session.refresh(booking)
    assert (booking.visitor_id, booking.person_id, booking.subject_key, booking.name_mask) == (None, None, "", "")
    assert (booking.service, booking.status, booking.guide) == ("licence", "served", None)
    ticket = session.scalars(select(Ticket)).one()
    session.refresh(ticket)
    assert (ticket.visitor_id, ticket.key, ticket.booking_id) == (None, None, booking.id)
    assert session.scalar(select(func.count()).select_from(AttendanceMark)) == 1
    assert session.scalar(select(func.count()).select_from(Restriction)) == 1


@pytest.mark.parametrize("status", ["confirmed", "checked_in"])
def test_what_is_still_going_on_is_not_torn_apart(session, somebody, status):
    left = somebody(status=status)
    before = rows(session)
    with pytest.raises(Problem) as refused:
        service.erase(session, left.visitor)
    session.rollback()
    assert (refused.value.code, refused.value.kind) == (409, "bookings_not_over")
    assert "先取消" in refused.value.description
    assert rows(session) == before


def test_a_dry_run_counts_the_same_and_erases_nothing(session, somebody):
    left = somebody()
    before = rows(session)
    counted = {part.holding.id: part.rows for part in service.erase(session, left.visitor, dry_run=True)}
    assert rows(session) == before
    assert {part.holding.id: part.rows for part in service.erase(session, left.visitor)} == counted


def test_whoever_became_one_with_them_goes_too(session, somebody):
    left = somebody()
    gone = create_visitor(session, "shiyan")
    merge(session, into=left.visitor, gone=gone)
    session.commit()
    service.erase(session, left.visitor)
    assert session.scalar(select(func.count()).select_from(Visitor)) == 0


def test_citizens_erase_themselves(app, session, somebody):
    left, client = somebody(), app.test_client()
    headers = {"Authorization": f"Bearer {token_for(left.visitor)}"}
    session.rollback()
    assert client.delete("/api/v1/visitors/me").status_code == 401
    assert client.delete("/api/v1/visitors/me", headers=headers).status_code == 204
    assert client.delete("/api/v1/visitors/me", headers=headers).status_code == 401
    assert traces_of(session, left) == LEFT_AS_PSEUDONYM
