"""What each day is, and arithmetic on working days, against the library day by day."""

from dataclasses import FrozenInstanceError
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidance.theme import Limit
from miniapp_api.calendar.days import Calendar, CalendarUnknownError
from miniapp_api.calendar.notices import DayKind, Notice, SpecialDay
from miniapp_api.calendar.packaged import packaged_notices
from tests.calendar.limits import COUNTED

CALENDAR = Calendar.of(packaged_notices().values())
ONE = timedelta(days=1)


def span(first, last):
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def weekend_days(year):
    return [day for day in span(date(year, 1, 1), date(year, 12, 31)) if day.weekday() >= 5]


def test_every_day_of_every_published_year_is_what_the_library_says():
    for day in CALENDAR.days(date(2004, 1, 1), date(2026, 12, 31)):
        assert day.is_workday == CALENDAR.is_workday(day.date) == chinese_calendar.is_workday(day.date), day
        assert (day.kind is DayKind.IN_LIEU) == chinese_calendar.is_in_lieu(day.date), day
        assert (day.kind is DayKind.MAKEUP) == (day.is_workday and day.date.weekday() >= 5), day
        assert day.confirmed, day
        assert not day.near_holiday, day


def test_an_ordinary_saturday_is_a_weekend_and_no_holiday():
    day = CALENDAR.day(date(2026, 11, 28))
    assert (day.kind, day.name, day.is_workday) == (DayKind.WEEKEND, None, False)
    assert chinese_calendar.is_holiday(day.date)  # what the library calls it


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 10, 1), DayKind.HOLIDAY, "国庆节"),
        (date(2026, 10, 3), DayKind.HOLIDAY, "国庆节"),  # a Saturday
        (date(2026, 10, 6), DayKind.IN_LIEU, "国庆节"),
        (date(2026, 10, 10), DayKind.MAKEUP, "国庆节"),
        (date(2026, 9, 25), DayKind.HOLIDAY, "中秋节"),
        (date(2026, 11, 25), DayKind.WORKDAY, None),
    ],
)
def test_days_have_their_kind_and_the_name_of_the_festival(day, kind, name):
    found = CALENDAR.day(day)
    assert (found.kind, found.name) == (kind, name)


def test_2026_has_248_working_days():
    assert sum(day.is_workday for day in CALENDAR.days(date(2026, 1, 1), date(2026, 12, 31))) == 248


@pytest.mark.parametrize(("year", "wrong"), [(2024, 17), (2025, 15), (2026, 20)])
def test_the_weekday_alone_is_often_wrong_about_weekends(year, wrong):
    """A negative control: a calendar that only looks at weekdays must fail here."""
    found = [day for day in weekend_days(year) if CALENDAR.day(day).kind is not DayKind.WEEKEND]
    assert len(found) == wrong
    assert len(weekend_days(2026)) == 104


@pytest.mark.parametrize(("start", "workdays", "end"), [limit for limit in COUNTED if limit[2]])
def test_a_legal_limit_ends_on_the_day_counted_by_hand(start, workdays, end):
    assert CALENDAR.add_workdays(start, workdays) == end
    assert CALENDAR.elapse(start, Limit(days=workdays, unit="workday")) == end


def test_a_legal_limit_into_an_unpublished_year_is_refused():
    with pytest.raises(CalendarUnknownError, match="2027 年的放假安排还没有公布"):
        CALENDAR.add_workdays(date(2026, 11, 20), 30)
    with pytest.raises(CalendarUnknownError):
        CALENDAR.elapse(date(2026, 11, 20), Limit(days=30, unit="workday"))
    assert CALENDAR.add_workdays(date(2026, 11, 20), 30, guess=True) == date(2027, 1, 1)  # why it is refused


def test_days_and_hours_of_a_limit():
    assert CALENDAR.elapse(date(2026, 9, 30), Limit(days=20, unit="day")) == date(2026, 10, 20)
    assert CALENDAR.elapse(date(2026, 9, 30), Limit(days=4, unit="hour")) == date(2026, 10, 8)
    assert CALENDAR.elapse(date(2026, 9, 30), Limit(days=12, unit="hour")) == date(2026, 10, 9)


def test_counting_agrees_with_walking_from_every_day_of_seven_years():
    worked = [day for day in span(date(2019, 6, 1), date(2026, 12, 31)) if chinese_calendar.is_workday(day)]
    after = 0
    for start in span(date(2020, 1, 1), date(2026, 12, 31)):
        while after < len(worked) and worked[after] <= start:
            after += 1
        before = after - (chinese_calendar.is_workday(start))
        for n in range(1, 61):
            assert CALENDAR.add_workdays(start, -n) == worked[before - n]
            if after + n <= len(worked):
                assert CALENDAR.add_workdays(start, n) == worked[after + n - 1]
            else:
                with pytest.raises(CalendarUnknownError):
                    CALENDAR.add_workdays(start, n)


any_day = st.dates(date(2006, 1, 1), date(2034, 12, 31))
counts = st.integers(0, 200)


@settings(deadline=None)
@given(any_day, counts)
def test_there_and_back_again(day, n):
    end = CALENDAR.add_workdays(day, n, guess=True)
    if n:
        assert CALENDAR.day(end).is_workday
        assert CALENDAR.day(end).workday_no - CALENDAR.day(day).workday_no == n
    if CALENDAR.day(day).is_workday:
        assert CALENDAR.add_workdays(end, -n, guess=True) == day


@settings(deadline=None)
@given(any_day, counts, counts)
def test_limits_add_up(day, first, second):
    for sign in (1, -1):
        at_once = CALENDAR.add_workdays(day, sign * (first + second), guess=True)
        stopped = CALENDAR.add_workdays(day, sign * first, guess=True)
        assert CALENDAR.add_workdays(stopped, sign * second, guess=True) == at_once


@settings(deadline=None)
@given(any_day)
def test_the_running_number_grows_on_working_days_only(day):
    today, yesterday = CALENDAR.day(day), CALENDAR.day(day - ONE)
    assert today.workday_no - yesterday.workday_no == today.is_workday


@settings(deadline=None)
@given(any_day, counts)
def test_what_is_counted_without_guessing_is_confirmed(day, n):
    for signed in (n, -n):
        guessed = CALENDAR.add_workdays(day, signed, guess=True)
        counted = CALENDAR.days(day + ONE, guessed) if signed > 0 else CALENDAR.days(guessed, day - ONE)
        if signed and not all(found.confirmed for found in counted):
            with pytest.raises(CalendarUnknownError):
                CALENDAR.add_workdays(day, signed)
        else:
            assert CALENDAR.add_workdays(day, signed) == guessed


def test_backwards_from_new_year_needs_no_guess():
    assert CALENDAR.add_workdays(date(2027, 1, 1), -1) == date(2026, 12, 31)
    with pytest.raises(CalendarUnknownError):
        CALENDAR.add_workdays(date(2027, 1, 5), -1)


def test_an_unpublished_year_is_the_plain_week_and_says_so():
    assert CALENDAR.confirmed_until == date(2026, 12, 31)
    for day in CALENDAR.days(date(2027, 1, 1), date(2028, 12, 31)):
        assert (day.kind is DayKind.WEEKEND) == (day.date.weekday() >= 5)
        assert (day.name, day.confirmed) == (None, False)
        with pytest.raises(CalendarUnknownError):
            CALENDAR.is_workday(day.date)


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2037, 1, 1), date.min, date.max])
def test_far_away_there_is_not_even_a_guess(day):
    with pytest.raises(CalendarUnknownError):
        CALENDAR.day(day)
    with pytest.raises(CalendarUnknownError):
        CALENDAR.add_workdays(day, 1, guess=True)
    with pytest.raises(CalendarUnknownError):
        CALENDAR.is_workday(day)


def test_counting_ends_where_the_calendar_does():
    for n in (10_000, -10_000):
        with pytest.raises(CalendarUnknownError):
            CALENDAR.add_workdays(date(2026, 1, 1), n, guess=True)
    with pytest.raises(CalendarUnknownError):
        CALENDAR.add_workdays(date(2004, 1, 1), -1)


def test_a_calendar_does_not_change():
    with pytest.raises(FrozenInstanceError):
        CALENDAR.last = date(2030, 1, 1)
    with pytest.raises(FrozenInstanceError):
        CALENDAR.day(date(2026, 1, 1)).kind = DayKind.WORKDAY


def test_years_after_a_gap_are_not_confirmed():
    notices = packaged_notices()
    calendar = Calendar.of(notice for year, notice in notices.items() if year != 2025)
    assert calendar.confirmed_until == date(2024, 12, 31)
    assert not calendar.day(date(2026, 10, 1)).confirmed


def test_new_years_days_off_may_begin_in_december():
    notice = packaged_notices()[2019]
    assert [day.date for day in notice.days if day.date.year == 2018] == [
        date(2018, 12, 29),
        date(2018, 12, 30),
        date(2018, 12, 31),
    ]
    before = Calendar.of(notice for year, notice in packaged_notices().items() if year < 2019)
    assert before.day(date(2018, 12, 31)).kind is DayKind.WORKDAY
    assert CALENDAR.day(date(2018, 12, 31)).kind is DayKind.IN_LIEU


def test_one_notice_is_a_calendar():
    only = Notice(2030, "test", (SpecialDay(date(2030, 1, 1), DayKind.HOLIDAY, "元旦"),))
    calendar = Calendar.of([only])
    assert calendar.add_workdays(date(2030, 1, 1), 1) == date(2030, 1, 2)
    assert calendar.day(date(2030, 1, 2)).workday_no == 1
    assert calendar.day(date(2031, 10, 1)).near_holiday
