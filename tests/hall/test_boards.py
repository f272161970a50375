"""What the screen shows, and what the desk sees."""

from datetime import timedelta

from sqlalchemy import select

from miniapp_api.hall import service
from miniapp_api.hall.models import Serving, Ticket
from tests.hall import halls
from tests.hall.halls import NINE, after


def test_the_screen_shows_who_is_called_where_and_who_is_next(session, hall):
    first, second, _ = hall.counters[0]
    for _ in range(9):
        halls.walk_in(session, hall.pools[0])
    halls.walk_in(session, hall.pools[1])
    service.call_next(session, first, halls.staffed(session, first), after(1))
    clerk = halls.staffed(session, second)
    service.start_serving(session, service.call_next(session, second, clerk, after(2)), clerk, after(3))
    shown = service.board(session, hall.site, after(3))
    assert [(row["number"], row["counter"], row["state"]) for row in shown["called"]] == [
        ("A002", "A02", "serving"),
        ("A001", "A01", "called"),
    ]
    assert shown["queues"] == [
        {"pool": "pool-0", "name": "1 号区", "waiting": 7, "next": ["A003", "A004", "A005", "A006", "A007"]},
        {"pool": "pool-1", "name": "2 号区", "waiting": 1, "next": ["B001"]},
    ]


def test_the_screen_shows_neither_other_days_nor_other_sites(session, hall):
    other = halls.build(session, 1)
    halls.walk_in(session, other.pools[0])
    halls.walk_in(session, hall.pools[0], NINE - timedelta(days=1))
    shown = service.board(session, hall.site, NINE)
    assert shown["called"] == []
    assert [queue["waiting"] for queue in shown["queues"]] == [0, 0]


def test_the_screen_shows_nothing_about_persons(session, hall):
    citizen = halls.visitor(session)
    booking = halls.book(session, hall.pools[0], NINE, visitor_id=citizen.id)
    ticket = service.check_in_here(session, booking, service.hall_token(hall.site, NINE), NINE)
    said = str(service.board(session, hall.site, NINE))
    assert all(secret not in said for secret in ("王", ticket.public_id, booking.public_id, citizen.public_id))


def test_the_desk_sees_the_day(session, hall):
    booking = halls.book(session, hall.pools[0], NINE)
    halls.book(session, hall.pools[0], after(30))
    halls.book(session, hall.pools[0], NINE + timedelta(days=1))
    service.check_in_here(session, booking, service.hall_token(hall.site, NINE), NINE)
    halls.walk_in(session, hall.pools[1])
    counter = hall.counters[1][0]
    clerk = halls.staffed(session, counter)
    service.call_next(session, counter, clerk, NINE)
    seen = service.today(session, hall.site, NINE.date())
    assert [(row["start"], row["status"], row["number"]) for row in seen["bookings"]] == [
        (540, "checked_in", "A001"),
        (570, "confirmed", None),
    ]
    assert [(row["number"], row["pool"], row["state"], row["counter"]) for row in seen["tickets"]] == [
        ("A001", "pool-0", "waiting", None),
        ("B001", "pool-1", "called", "B01"),
    ]
    assert [(row["counter"], row["staff"], row["number"]) for row in seen["counters"]] == [
        ("A01", None, None),
        ("A02", None, None),
        ("A03", None, None),
        ("B01", clerk.public_id, "B001"),
    ]


def test_when_a_day_is_over_nothing_of_it_is_left_open(session, hall):
    served, called, _ = hall.counters[0]
    bookings = [halls.book(session, hall.pools[0], NINE) for _ in range(4)]
    for booking in bookings:
        service.check_in_here(session, booking, service.hall_token(hall.site, NINE), NINE)
    clerk = halls.staffed(session, served)
    service.start_serving(session, service.call_next(session, served, clerk, after(1)), clerk, after(1))
    service.call_next(session, called, halls.staffed(session, called), after(2))
    parked = service.call_next(session, hall.counters[0][2], other := halls.staffed(session, hall.counters[0][2]), NINE)
    service.park(session, parked, other, after(4))
    tomorrow = NINE + timedelta(days=1)
    assert service.close_days(session, NINE.date(), after(60)) == 0
    assert service.close_days(session, tomorrow.date(), tomorrow) == 4
    assert service.close_days(session, tomorrow.date(), tomorrow) == 0
    tickets = session.scalars(select(Ticket).order_by(Ticket.number)).all()
    assert [ticket.state for ticket in tickets] == ["finished", "missed", "left", "left"]
    assert [booking.status for booking in bookings] == ["served", "missed", "served", "served"]
    assert session.scalars(select(Serving)).all() == []
    assert {halls.events_of(session, ticket)[-1].actor for ticket in tickets} == {"system"}
    again = halls.staffed(session, served, tomorrow)
    halls.walk_in(session, hall.pools[0], tomorrow)
    assert service.call_next(session, served, again, tomorrow).number == 1
