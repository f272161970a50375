"""Which slots there are, from when and until when: by hand around the national holiday, and day by day for years."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from miniapp_api.appointments import schedules as files
from miniapp_api.appointments.planning import Counters, Decision, plan
from miniapp_api.calendar.packaged import packaged_notices
from miniapp_api.calendar.service import CHINA, Calendar, DayKind
from tests.appointments import world

CALENDAR = Calendar.of(packaged_notices().values())
RULES = """
schema: daoban/schedules/1
ahead_days: 35
policies:
  normal: {horizon: {workdays: 10}, release: {at: "08:00"}, cutoff: {minutes: 30}}
  lunch: {horizon: {days: 7}, release: {at: "08:00"}, cutoff: {at: "11:00"}}
  weekend: {horizon: {weeks: 2}, release: {at: "09:00", spread_minutes: 120}, cutoff: {workdays: 1, at: "16:00"}}
schedules:
  center:
    - {id: morning, session: normal, days: [workday, makeup], from: "09:00", to: "12:00", policy: normal, places: counters, online: 0.8}
    - {id: lunch, session: lunch, days: [workday, makeup], from: "12:00", to: "13:30", policy: lunch, places: 1}
    - {id: weekend, session: weekend, days: [weekend], from: "09:00", to: "12:00", policy: weekend, places: 2, online: 0.5}
    - {id: special, session: special, days: [], from: "09:00", to: "16:00", policy: normal, places: counters}
  village:
    - {id: morning, session: normal, days: [workday, makeup], weekdays: [2, 4], from: "09:00", to: "11:00", policy: normal, places: 1}
conduct:
  {no_show_points: 1, late_cancel_points: 0.5, counted_days: 90, limit_points: 3, restricted_days: 30,
   restricted_sessions: [weekend, lunch], exempt_age: 60, cancels_in_30_days: 5}
"""  # noqa: E501 - as long as lines of YAML are
CENTER = Counters("center.p0", 15, 4, "center")


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    return files.load(world.folder(tmp_path_factory.mktemp("rules") / "city", RULES))


def planned(rules, day, *decisions, counters=CENTER, calendar=CALENDAR):
    return plan(counters, calendar.day(date.fromisoformat(day)), calendar, rules, decisions)


def sessions(rules, day, **how):
    return sorted({slot.session for slot in planned(rules, day, **how)})


def first(rules, day, session):
    return next(slot for slot in planned(rules, day) if slot.session == session)


def china(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


# ---------------------------------------------------------------------- which days


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-18", ["lunch", "normal"]),  # Friday
        ("2026-09-19", ["weekend"]),  # Saturday
        ("2026-09-20", ["lunch", "normal"]),  # Sunday, worked for the national day
        ("2026-09-24", ["lunch", "normal"]),
        ("2026-09-25", []),  # mid-autumn
        ("2026-09-26", []),
        ("2026-09-27", []),
        ("2026-09-28", ["lunch", "normal"]),
        ("2026-10-01", []),  # national day
        ("2026-10-03", []),  # a Saturday in it
        ("2026-10-06", []),  # in lieu
        ("2026-10-07", []),
        ("2026-10-08", ["lunch", "normal"]),
        ("2026-10-10", ["lunch", "normal"]),  # Saturday, worked
        ("2026-10-11", ["weekend"]),
    ],
)
def test_every_kind_of_day_has_its_sessions(rules, day, expected):
    assert sessions(rules, day) == expected


def test_for_three_years_every_day_has_the_sessions_of_its_kind(rules):
    by_kind = {
        DayKind.WORKDAY: {"normal", "lunch"},
        DayKind.MAKEUP: {"normal", "lunch"},
        DayKind.WEEKEND: {"weekend"},
        DayKind.HOLIDAY: set(),
        DayKind.IN_LIEU: set(),
    }
    naive = 0
    for day in CALENDAR.days(date(2024, 1, 1), date(2026, 12, 31)):
        slots = plan(CENTER, day, CALENDAR, rules)
        assert {slot.session for slot in slots} == by_kind[day.kind], day
        assert bool(slots) == (day.kind not in (DayKind.HOLIDAY, DayKind.IN_LIEU))
        naive += ("normal" in {slot.session for slot in slots}) != (day.date.weekday() < 5)
    assert naive > 50  # so often would Monday to Friday be wrong


def test_a_rule_for_some_weekdays_is_for_those_only_a_worked_saturday_included(rules):
    village = Counters("v.p", 15, 1, "village")
    for day in CALENDAR.days(date(2026, 1, 1), date(2026, 12, 31)):
        has = bool(plan(village, day, CALENDAR, rules))
        assert has == (day.is_workday and day.date.isoweekday() in (2, 4)), day


def test_slots_fill_the_session_and_never_reach_beyond_it(rules):
    slots = planned(rules, "2026-09-18", counters=Counters("center.p0", 25, 4, "center"))
    morning = [(slot.start, slot.end) for slot in slots if slot.session == "normal"]
    assert morning == [(540 + 25 * step, 565 + 25 * step) for step in range(7)]
    assert [slot.start for slot in slots if slot.session == "lunch"] == [720, 745, 770]


@pytest.mark.parametrize(("count", "places"), [(1, (1, 1)), (2, (2, 1)), (4, (4, 3)), (5, (5, 4))])
def test_citizens_get_their_share_of_the_places_and_at_least_one(rules, count, places):
    slot = planned(rules, "2026-09-18", counters=Counters("center.p0", 15, count, "center"))[0]
    assert (slot.cap_total, slot.cap_online) == places


# ---------------------------------------------------------------------- from when, until when


@pytest.mark.parametrize(
    ("day", "release"),
    [
        # ten working days before: of these, 24 Sep is followed by 3 days off, 30 Sep by 7
        ("2026-09-18", "2026-09-04 08:00"),
        ("2026-09-20", "2026-09-07 08:00"),  # the worked Sunday: 7-11, 14-18 Sep
        ("2026-09-21", "2026-09-08 08:00"),  # 8-11, 14-18 and the 20th
        ("2026-09-28", "2026-09-14 08:00"),  # 14-18, 20-24 Sep
        ("2026-10-08", "2026-09-17 08:00"),  # 17, 18, 20-24, 28-30 Sep
        ("2026-10-10", "2026-09-20 08:00"),  # 20-24, 28-30 Sep, 8, 9 Oct
        ("2026-10-12", "2026-09-21 08:00"),
    ],
)
def test_ten_working_days_ahead_are_counted_over_holidays_and_worked_weekends(rules, day, release):
    assert first(rules, day, "normal").release_at == china(release)


@pytest.mark.parametrize(
    ("day", "until"),
    [
        ("2026-09-19", "2026-09-18 16:00"),  # Saturday: on Friday
        ("2026-09-13", "2026-09-11 16:00"),  # Sunday: on Friday
        ("2026-10-11", "2026-10-10 16:00"),  # Sunday after a worked Saturday: on that Saturday
        ("2026-10-17", "2026-10-16 16:00"),
    ],
)
def test_a_weekend_closes_on_the_last_working_day_before_it(rules, day, until):
    assert {slot.book_until for slot in planned(rules, day)} == {china(until)}


def test_a_day_closes_half_an_hour_before_each_time_and_lunch_at_eleven(rules):
    slots = planned(rules, "2026-09-18")
    morning = [slot for slot in slots if slot.session == "normal"]
    assert [slot.book_until for slot in morning][:2] == [china("2026-09-18 08:30"), china("2026-09-18 08:45")]
    lunch = [slot for slot in slots if slot.session == "lunch"]
    assert {slot.book_until for slot in lunch} == {china("2026-09-18 11:00")}
    assert {slot.release_at for slot in lunch} == {china("2026-09-11 08:00")}  # days, not working days
    assert {slot.pooled_at for slot in lunch} == {china("2026-09-18 09:00")}


def test_weekends_open_on_the_monday_of_the_week_before_each_pool_at_its_own_minute(rules):
    minutes = set()
    for number in range(200):
        slot = planned(rules, "2026-09-19", counters=Counters(f"hall-{number}.p0", 15, 2, "center"))[0]
        assert china("2026-09-07 09:00") <= slot.release_at <= china("2026-09-07 11:00")
        minutes.add(slot.release_at)
    assert len(minutes) > 60
    again = planned(rules, "2026-09-19", counters=Counters("hall-7.p0", 15, 2, "center"))[0]
    assert (
        again.release_at == planned(rules, "2026-09-19", counters=Counters("hall-7.p0", 15, 9, "center"))[0].release_at
    )


@given(day=st.dates(date(2024, 2, 1), date(2026, 12, 31)))
@chosen(max_examples=200)
def test_a_day_is_released_before_it_closes_and_what_staff_keep_is_pooled_in_between(rules, day):
    for slot in plan(CENTER, CALENDAR.day(day), CALENDAR, rules):
        assert (
            slot.release_at < slot.pooled_at < slot.book_until <= china(f"{day} 00:00") + timedelta(minutes=slot.start)
        )


# ---------------------------------------------------------------------- a year nobody has published yet


def test_in_a_year_that_is_not_published_working_days_open_and_weekends_wait(rules):
    monday, saturday = "2027-03-15", "2027-03-13"
    assert first(rules, monday, "normal").release_at == china("2027-03-01 08:00")
    assert first(rules, saturday, "weekend").release_at is None


def test_in_a_year_that_is_not_published_working_days_near_a_festival_wait_too(rules):
    near = [day for day in CALENDAR.days(date(2027, 9, 25), date(2027, 10, 12)) if day.near_holiday]
    assert date(2027, 10, 4) in {day.date for day in near}
    for day in near:
        assert {slot.release_at for slot in plan(CENTER, day, CALENDAR, rules)} <= {None}


def test_across_the_end_of_the_published_years_the_horizon_counts_weekdays(rules):
    assert CALENDAR.confirmed_until == date(2026, 12, 31)
    slot = first(rules, "2026-12-31", "normal")
    assert slot.release_at == china("2026-12-17 08:00")
    later = [day for day in CALENDAR.days(date(2027, 1, 1), date(2027, 1, 31)) if plan(CENTER, day, CALENDAR, rules)]
    shown = [day for day in later if plan(CENTER, day, CALENDAR, rules)[0].release_at]
    assert shown
    assert all(day.is_workday and not day.near_holiday for day in shown)


# ---------------------------------------------------------------------- what staff decide

WHOLE = {"reason": "停电"}


def states(slots):
    return {slot.start: (slot.status, slot.cap_total, slot.cap_online) for slot in slots}


def test_closing_closes_what_it_touches_be_it_partly_and_says_why(rules):
    slots = planned(rules, "2026-09-18", Decision("close", "停电", 547, 600))
    closed = [slot for slot in slots if slot.status == "closed"]
    assert [slot.start for slot in closed] == [540, 555, 570, 585]
    assert {slot.reason for slot in closed} == {"停电"}
    assert {slot.status for slot in planned(rules, "2026-09-18", Decision("close", "停电"))} == {"closed"}


def test_of_two_decisions_the_later_one_counts(rules):
    close, opened = Decision("close", "停电"), Decision("open", "来电了", rule="morning")
    assert {slot.status for slot in planned(rules, "2026-09-18", close, opened)} == {"open"}
    assert {slot.status for slot in planned(rules, "2026-09-18", opened, close)} == {"closed"}
    two, one = Decision("cap", "人少", cap_total=2), Decision("cap", "人更少", cap_total=1)
    assert {slot.cap_total for slot in planned(rules, "2026-09-18", two, one)} == {1}
    assert {slot.cap_total for slot in planned(rules, "2026-09-18", one, two)} == {2}


def test_fewer_places_are_for_citizens_too_unless_it_is_said_otherwise(rules):
    assert states(planned(rules, "2026-09-18", Decision("cap", "人少", cap_total=2)))[540] == ("open", 2, 2)
    kept = Decision("cap", "人少", 540, 600, cap_total=3, cap_online=1)
    some = states(planned(rules, "2026-09-18", kept))
    assert (some[540], some[600]) == (("open", 3, 1), ("open", 4, 3))


def test_a_holiday_can_be_opened_after_the_manner_of_any_rule(rules):
    slots = planned(rules, "2026-10-02", Decision("open", "高校报到专场", rule="special"))
    assert [slot.start for slot in slots] == list(range(540, 960, 15))
    assert {(slot.session, slot.rule, slot.cap_total) for slot in slots} == {("special", "special", 4)}


def test_what_is_opened_takes_the_place_of_what_it_meets_and_no_more(rules):
    slots = planned(rules, "2026-09-19", Decision("open", "专场", rule="special"))
    assert {slot.session for slot in slots} == {"special"}
    slots = planned(rules, "2026-09-18", Decision("open", "加开", rule="weekend"))
    assert {slot.session for slot in slots if slot.start < 720} == {"weekend"}
    assert {slot.session for slot in slots if slot.start >= 720} == {"lunch"}


def test_a_decision_about_a_rule_that_is_no_longer_in_the_file_changes_nothing(rules):
    assert planned(rules, "2026-10-02", Decision("open", "专场", rule="gone")) == []


@given(
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    grid=st.integers(5, 120),
    decisions=st.lists(
        st.builds(
            Decision,
            action=st.sampled_from(["open", "close", "cap"]),
            reason=st.just("原因"),
            start=st.integers(0, 1400),
            end=st.integers(0, 1440),
            rule=st.sampled_from([None, "morning", "lunch", "weekend", "special"]),
            cap_total=st.none() | st.integers(1, 9),
            cap_online=st.none() | st.integers(0, 9),
        ),
        max_size=5,
    ),
)
@chosen(max_examples=200, deadline=None)
def test_whatever_is_decided_slots_never_overlap_and_their_figures_fit_the_table(rules, day, grid, decisions):
    slots = plan(Counters("c.p", grid, 3, "center"), CALENDAR.day(day), CALENDAR, rules, decisions)
    assert [slot.start for slot in slots] == sorted(slot.start for slot in slots)
    for slot, after in pairwise(slots):
        assert slot.end <= after.start
    for slot in slots:
        assert 0 <= slot.start < slot.end <= 1440
        assert 0 <= slot.cap_online <= slot.cap_total
        assert (slot.status == "open") == (slot.reason is None)
