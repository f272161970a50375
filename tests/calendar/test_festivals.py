"""Near which days of an unpublished year nothing should be promised."""

from datetime import date

import pytest

from miniapp_api.calendar.days import Calendar
from miniapp_api.calendar.festivals import festivals, near_festivals
from miniapp_api.calendar.notices import DayKind
from miniapp_api.calendar.packaged import packaged_notices

CALENDAR = Calendar.of(packaged_notices().values())


def named(year, name):
    return [day.date for day in packaged_notices()[year].days if day.name == name and day.kind is not DayKind.MAKEUP]


@pytest.mark.parametrize("year", range(2008, 2027))
def test_every_festival_fell_on_a_day_off_of_its_name(year):
    for name, day in festivals(year).items():
        if (year, name) not in {(2012, "端午节"), (2020, "中秋节")}:  # left out, as a plain Saturday; on 1 October
            assert day in named(year, name), name


@pytest.mark.parametrize("year", range(2014, 2027))
def test_the_notices_before_it_would_have_warned_of_a_years_days_off(year):
    """A weekday that turned out to be off was near a festival, as far as could be known then."""
    notices = packaged_notices()
    near = near_festivals([notices[before] for before in notices if before < year], [year])
    surprises = [
        day.date
        for day in notices[year].days
        if day.kind is not DayKind.MAKEUP and day.date.weekday() < 5 and day.date not in near
    ]
    assert surprises == ([date(2015, 9, 3), date(2015, 9, 4)] if year == 2015 else [])  # an anniversary, once


@pytest.mark.parametrize("year", range(2027, 2036))
def test_most_working_days_of_a_year_to_come_are_not_near_any_festival(year):
    near = [day for day in CALENDAR.days(date(year, 1, 1), date(year, 12, 31)) if day.near_holiday]
    assert all(day in {found.date for found in near} for day in festivals(year).values())
    assert 25 <= sum(day.is_workday for day in near) <= 60


def test_around_the_festivals_of_2027():
    near = {day.date for day in CALENDAR.days(date(2027, 1, 1), date(2027, 12, 31)) if day.near_holiday}
    spring = date(2027, 2, 6)
    assert {date(2027, 2, 4), date(2027, 2, 5), spring, date(2027, 2, 12)} <= near
    assert date(2027, 1, 31) in near  # a Sunday that may be worked
    assert not near & {date(2027, 2, 1), date(2027, 2, 2), date(2027, 3, 10), date(2027, 7, 17)}
    assert date(2027, 12, 31) in near  # new year 2028


def test_how_far_days_move_is_learned_from_the_newest_notices(notice_2027):
    notices = {**packaged_notices(), 2027: notice_2027}
    learned = near_festivals(notices.values(), [2030])
    recent = near_festivals([notices[year] for year in range(2018, 2028)], [2030])
    assert learned == recent


def test_without_any_notice_only_the_festivals_and_their_neighbours_are_near():
    near = near_festivals([], [2030])
    assert {date(2030, 9, 30), date(2030, 10, 1), date(2030, 10, 2)} <= near
    assert len(near) == 7 * 3
