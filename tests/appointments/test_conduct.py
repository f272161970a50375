"""What not coming costs, for how long, and how it is taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, conduct, service
from miniapp_api.appointments.acting import SYSTEM, staff
from miniapp_api.appointments.booking import Subject
from miniapp_api.appointments.models import AttendanceMark, Booking, Restriction
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from tests.appointments.world import MONDAY, NOW, act_at, book, generate, later, moment, request, subject

SATURDAY = date(2026, 9, 12)
WHO = subject(1)


def mark(now=NOW, kind="no_show", who=WHO, online=True):
    """Note a booking that was not used, as if it had been made and missed."""
    number = db.session.query(Booking).count() + 1
    row = Booking(
        code=f"{number:08d}",
        subject_key=who.key,
        name_mask="王**",
        relation="self",
        service=f"s{number}",
        pool_id=1,
        day=MONDAY,
        start=540,
        end=555,
        session="normal",
        policy_key=f"k{number}",
        channel="mini",
        online=online,
        care=who.care,
        status="missed",
    )
    db.session.add(row)
    db.session.flush()
    conduct.mark(act_at(now, SYSTEM), row, kind)
    return row


@pytest.fixture
def session(app, city):
    with app.app_context():
        yield db.session
        db.session.rollback()


def points(now=NOW):
    return conduct.points_of(db.session, WHO.key, now)


def restricted(now=NOW):
    return conduct.restriction_of(db.session, WHO.key, now)


def days(number):
    return timedelta(days=number)


def test_points_add_up_and_three_of_them_restrict_for_thirty_days(session):
    for kind in ("no_show", "late_cancel", "no_show"):
        mark(kind=kind)
    assert (points(), restricted()) == (2.5, None)
    mark(kind="late_cancel")
    assert restricted().until_at == NOW + days(30)
    assert restricted(NOW + days(30)) is None
    assert points() == 0  # spent


def test_a_booking_costs_once_and_points_are_forgotten_after_ninety_days(session):
    row = mark()
    conduct.mark(act_at(), row, "no_show")
    conduct.mark(act_at(), row, "late_cancel")
    assert points() == 1
    assert points(NOW + days(89)) == 1
    assert points(NOW + days(90)) == 0


def test_points_that_are_forgotten_do_not_restrict(session):
    mark(), mark()
    mark(now=NOW + days(91))
    assert restricted(NOW + days(91)) is None


def test_who_is_elderly_and_whom_staff_booked_cost_nothing(session):
    for _ in range(4):
        mark(who=Subject(WHO.key, "王**", care=True))
        mark(online=False)
    assert (points(), restricted()) == (0, None)


def test_whoever_is_restricted_cannot_book_weekends_and_lunch_and_all_else(session, city):
    for _ in range(3):
        mark()
    saturday, lunch = request(city.pools[0], SATURDAY, "09:00"), request(city.pools[0], MONDAY, "12:00")
    for wish in (saturday, lunch):
        for deed in (making.book, making.hold):
            with pytest.raises(Problem) as refused:
                deed(act_at(), wish)
            assert (refused.value.code, refused.value.kind) == (403, "restricted")
            assert "10月7日前不能在网上约双休日和午间" in refused.value.description
            assert "平时的号、打电话和到窗口都不受影响" in refused.value.description
            assert "申诉" in refused.value.description
    held = making.hold(act_at(), request(city.pools[1], SATURDAY, "09:00", who=Subject("visitor.x", "待填")))
    with pytest.raises(Problem, match="不能在网上约"):
        making.change_subject(act_at(), held, WHO)
    normal = making.book(act_at(), request(city.pools[0], MONDAY, "09:00"))
    with pytest.raises(Problem, match="不能在网上约"):  # nor move there
        changing.reschedule(act_at(), normal, saturday.place)
    desk = request(city.pools[0], SATURDAY, "09:15", what="tax", online=False, channel="desk")
    assert making.book(act_at(actor=staff("1" * 32)), desk).status == "confirmed"
    assert making.book(
        act_at(), request(city.pools[0], SATURDAY, "09:30", who=Subject(subject(2).key, "李*", care=True))
    )


def test_waiving_points_lifts_what_they_restricted_if_too_few_are_left(session):
    rows = [mark(kind=kind) for kind in ("no_show", "no_show", "late_cancel", "no_show")]  # 3.5
    act = act_at(actor=staff("1" * 32))
    conduct.waive(act, rows[2].id, "大厅停电")
    assert restricted() is not None
    conduct.waive(act, rows[0].id, "大厅停电")
    assert restricted() is None
    assert session.scalar(select(Restriction.decided_by)) == f"staff:{'1' * 32}"
    assert session.scalar(select(AttendanceMark.waive_reason).where(AttendanceMark.waived_by.is_not(None)).limit(1))
    with pytest.raises(Problem) as refused:
        conduct.waive(act, rows[0].id, "再免一次")
    assert refused.value.code == 404


def test_an_appeal_is_made_once_and_decided_once(session):
    for _ in range(3):
        mark()
    row = restricted()
    conduct.appeal(session, row, "那天住院了")
    with pytest.raises(Problem, match="已经申诉过了"):
        conduct.appeal(session, row, "再说一遍")
    session.refresh(row)
    assert restricted() is row  # it stands until it is decided
    conduct.decide(act_at(actor=staff("1" * 32)), row, lift=False)
    session.refresh(row)
    assert (row.state, restricted()) == ("upheld", row)
    with pytest.raises(Problem, match="没有待处理的申诉"):
        conduct.decide(act_at(actor=staff("1" * 32)), row, lift=True)


def test_an_appeal_that_is_granted_lifts_the_restriction_for_good(session):
    for _ in range(3):
        mark()
    conduct.appeal(session, restricted(), "那天住院了")
    conduct.decide(act_at(actor=staff("1" * 32)), restricted(), lift=True)
    assert (restricted(), points()) == (None, 0)


# ---------------------------------------------------------------------- when it is marked


def test_whoever_does_not_check_in_is_marked_when_the_minutes_of_grace_are_over(session, city):
    row = book(city.pools[0], MONDAY, "09:00")
    at_grace = moment(clock="09:15")
    assert changing.mark_missed(act_at(at_grace, SYSTEM)) == []
    assert [found.id for found in changing.mark_missed(act_at(later(at_grace, 1), SYSTEM))] == [row.id]
    assert (row.status, points(later(at_grace, 1))) == ("missed", 1)
    assert changing.mark_missed(act_at(later(at_grace, 2), SYSTEM)) == []


def test_whoever_did_not_come_cannot_cancel_or_move_before_the_sweep_has_noticed(session, city):
    row = book(city.pools[0], MONDAY, "09:00")
    late = moment(clock="09:16")
    with pytest.raises(Problem, match="时间已经过了"):
        changing.cancel(act_at(late), row)
    with pytest.raises(Problem, match="时间已经过了"):
        changing.reschedule(act_at(late), row, request(city.pools[0], MONDAY, "14:00").place)
    changing.cancel(act_at(late, staff("1" * 32)), row)  # staff may, if the hall was late


@pytest.mark.parametrize(("clock", "halves"), [("06:59", None), ("07:00", None), ("07:01", 1), ("09:10", 1)])
def test_cancelling_in_the_last_two_hours_costs_half_a_point(session, city, clock, halves):
    generate(moment(clock="06:00"))
    row = book(city.pools[0], MONDAY, "09:00", now=moment())
    changing.cancel(act_at(moment(clock=clock)), row)
    assert session.scalar(select(AttendanceMark.halves)) == halves


def test_letting_go_what_is_held_and_what_staff_cancel_costs_nothing(session, city):
    held = making.hold(act_at(), request(city.pools[0], MONDAY, "09:00"))
    changing.cancel(act_at(), held)
    changing.cancel(act_at(actor=staff("1" * 32)), book(city.pools[0], MONDAY, "09:15"))
    assert session.scalar(select(AttendanceMark.id)) is None
    assert conduct.cancels_of(session, WHO.key, NOW) == 0


def test_the_sixth_cancellation_in_thirty_days_is_for_the_telephone(session, city):
    tuesday = MONDAY + days(1)
    for start in (540, 555, 570, 585, 840):
        changing.cancel(act_at(), book(city.pools[0], tuesday, start))
        session.commit()
    row = book(city.pools[1], tuesday, "09:00")
    with pytest.raises(Problem) as refused:
        changing.cancel(act_at(), row)
    assert (refused.value.code, refused.value.kind) == (403, "too_many_cancels")
    assert "请打电话或到窗口取消" in refused.value.description
    changing.cancel(act_at(actor=staff("1" * 32)), row)
    elderly = book(city.pools[1], tuesday, "09:15", who=Subject(WHO.key, "王**", care=True))
    changing.cancel(act_at(), elderly)
    assert conduct.cancels_of(session, WHO.key, NOW + days(30)) == 0


def test_the_rules_are_told_in_words_before_anybody_books(session):
    told = service.view.rules(act_at().schedules.conduct)
    assert told == (
        "来不了请提前取消。约了没来记 1 分，临时取消记 0.5 分，90 天内满 3 分，30 天不能在网上约双休日和午间；"
        "平时的号、电话和现场不受影响，60 岁以上不记分。"
    )
