"""Checking in, by the citizen's code or by the hall's."""

import pytest

from miniapp_api.errors import Problem
from miniapp_api.guides import sharing as guide_sharing
from miniapp_api.hall import service
from miniapp_api.hall.presence import LASTS
from miniapp_api.signed_codes import service as signed_codes
from miniapp_api.signed_codes.service import Kind
from tests.hall import halls
from tests.hall.conftest import CLERKS
from tests.hall.halls import NINE, after
from tests.hall.test_numbers import at_once

DESK = "staff:1"


@pytest.fixture
def confirmation(session, hall):
    """A booking at nine, and the digits on its confirmation."""
    code = signed_codes.issue(session, Kind.APPOINTMENT)
    booking = halls.book(session, hall.pools[0], NINE, sign=code.id)
    session.commit()
    return booking, signed_codes.link_of(code).rpartition("/")[2]


def refused(act, *arguments):
    with pytest.raises(Problem) as caught:
        act(*arguments)
    return caught.value


def at_desk(session, digits, site, now=NINE):
    return service.check_in_by_code(session, digits, site, DESK, now)


def test_who_shows_their_code_gets_a_number(session, hall, confirmation):
    booking, digits = confirmation
    ticket = at_desk(session, digits, hall.site, after(-20))
    assert (service.label(ticket), ticket.kind, ticket.booking_id) == ("A001", "booked", booking.id)
    assert (ticket.eligible_at, booking.status) == (NINE, "checked_in")
    assert [(event.what, event.actor) for event in halls.events_of(session, ticket)] == [("issued", DESK)]


def test_who_comes_a_little_late_may_be_called_from_then_on(session, hall, confirmation):
    assert at_desk(session, confirmation[1], hall.site, after(10)).eligible_at == after(10)


def test_who_needs_care_gets_it(session, hall):
    booking = halls.book(session, hall.pools[0], NINE, care=True)
    ticket = service.check_in_here(session, booking, service.hall_token(hall.site, NINE), NINE)
    assert ticket.kind == "special"


def test_a_used_code_tells_when_and_the_number(session, hall, confirmation):
    ticket = at_desk(session, confirmation[1], hall.site)
    problem = refused(at_desk, session, confirmation[1], hall.site, after(7))
    assert (problem.code, problem.kind) == (409, "already_checked_in")
    assert "09:00" in problem.description
    assert "A001" in problem.description
    assert (problem.extra["ticket"], problem.extra["number"]) == (ticket.public_id, "A001")


def test_a_forged_code_is_refused(session, hall, confirmation):
    digits = confirmation[1]
    other = ("1" if digits[-1] != "1" else "2").join((digits[:-1], ""))
    problem = refused(at_desk, session, other, hall.site)
    assert (problem.code, problem.kind) == (422, "code_forged")


@pytest.mark.parametrize("digits", ["", "1", "0" * 179, "²" * 179, "x" * 200])
def test_what_is_no_code_is_refused(session, hall, digits):
    assert refused(at_desk, session, digits, hall.site).kind == "code_forged"


def test_a_code_on_something_else_is_no_booking(session, hall):
    digits = signed_codes.link_of(signed_codes.issue(session, Kind.ACCEPTANCE)).rpartition("/")[2]
    problem = refused(at_desk, session, digits, hall.site)
    assert (problem.code, problem.kind) == (404, "no_booking")


def test_at_another_site_one_is_told_the_right_one(session, hall, confirmation):
    elsewhere = halls.build(session, 1).site
    problem = refused(at_desk, session, confirmation[1], elsewhere)
    assert (problem.code, problem.kind, problem.extra) == (409, "other_site", {"site": hall.site.code})
    assert hall.site.name in problem.description
    assert hall.site.address in problem.description
    assert confirmation[0].status == "confirmed"


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (after(-61), "check_in_too_early"),
        (after(16), "check_in_too_late"),
        (after(-24 * 60), "wrong_day"),
    ],
)
def test_at_the_wrong_time_there_is_no_number(session, hall, confirmation, now, kind):
    assert refused(at_desk, session, confirmation[1], hall.site, now).kind == kind


def test_a_cancelled_booking_gets_no_number(session, hall):
    booking = halls.book(session, hall.pools[0], NINE, status="cancelled")
    token = service.hall_token(hall.site, NINE)
    assert refused(service.check_in_here, session, booking, token, NINE).kind == "not_live"


def test_of_many_who_scan_a_code_at_once_one_gets_a_number_and_all_are_told_it(in_app, engine, hall, confirmation):
    site_id = hall.site.id

    def scan(session, _number):
        with in_app.app_context():
            try:
                number = service.label(at_desk(session, confirmation[1], session.get_one(type(hall.site), site_id)))
            except Problem as problem:
                session.rollback()
                return problem.kind, problem.extra["number"]
            session.commit()
            return "checked in", number

    outcomes = at_once(engine, scan)
    assert sorted(outcomes) == [("already_checked_in", "A001")] * (CLERKS - 1) + [("checked in", "A001")]


class TestTheHallsCode:
    """What the screen shows changes all the time."""

    @pytest.fixture
    def booking(self, session, hall):
        return halls.book(session, hall.pools[0], NINE)

    def test_who_scans_it_is_checked_in_and_again_it_is_the_same_ticket(self, session, hall, booking):
        token = service.hall_token(hall.site, NINE)
        first = service.check_in_here(session, booking, token, NINE)
        assert service.check_in_here(session, booking, token, after(1)) is first
        assert halls.story_of(session, first) == ["issued"]

    def test_it_is_good_for_ninety_seconds(self, session, hall, booking):
        token = service.hall_token(hall.site, NINE)
        problem = refused(service.check_in_here, session, booking, token, after(seconds=91))
        assert (problem.code, problem.kind) == (422, "hall_code_expired")
        assert service.check_in_here(session, booking, token, NINE + LASTS)

    @pytest.mark.parametrize(
        "spoil", [lambda token: token[:-2], lambda token: f"x{token}", lambda _: "", lambda _: "码"]
    )
    def test_a_forged_one_is_refused(self, session, hall, booking, spoil):
        token = spoil(service.hall_token(hall.site, NINE))
        problem = refused(service.check_in_here, session, booking, token, NINE)
        assert (problem.code, problem.kind) == (422, "hall_code_forged")

    def test_what_was_signed_for_something_else_is_forged(self, session, hall, booking, in_app):
        shared = guide_sharing.token_for(in_app.extensions["settings"].signing_key, hall.site.code)
        assert refused(service.check_in_here, session, booking, shared, NINE).kind == "hall_code_forged"

    def test_another_halls_tells_the_right_hall(self, session, hall, booking):
        token = service.hall_token(halls.build(session, 1).site, NINE)
        problem = refused(service.check_in_here, session, booking, token, NINE)
        assert (problem.kind, problem.extra) == ("other_site", {"site": hall.site.code})
