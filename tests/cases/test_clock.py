"""The law's clock, by examples that were counted by hand on the calendar of 2026."""

from datetime import date

import pytest

from guidance.theme import Limit
from miniapp_api.cases import clock
from miniapp_api.cases.events import (
    Accepted,
    Cause,
    Corrected,
    CorrectionRequested,
    DeemedAccepted,
    Extended,
    Granted,
    Received,
    Resumed,
    Stopped,
)
from miniapp_api.cases.terms import Terms
from tests.cases.world import CALENDAR, CHIEF, LICENCE, REVIEWER, SYSTEM, course, event


def test_five_working_days_to_say_what_lacks_then_silence_counts_from_the_day_of_receipt():
    waiting = course(event("02-12", Received()))
    assert clock.notice(waiting, CALENDAR).day == date(2026, 2, 26)  # 2/14 is worked, 2/15-23 are off
    deemed = course(event("02-12", Received()), event("02-27", DeemedAccepted(), SYSTEM))
    assert deemed.accepted_on == date(2026, 2, 12)
    assert clock.promised(deemed, CALENDAR).day == date(2026, 2, 26)


def test_what_was_corrected_begins_the_five_days_again():
    corrected = course(
        event("11-02", Received()),
        event("11-03", CorrectionRequested(items=("平面图",), until=date(2026, 12, 1))),
        event("11-20", Corrected(items=("平面图",))),
    )
    assert clock.notice(corrected, CALENDAR).day == date(2026, 11, 27)
    assert clock.promised(corrected, CALENDAR) is None


@pytest.mark.parametrize(
    ("accepted", "workdays", "last"),
    [("09-18", 5, "09-24"), ("09-24", 20, "10-29"), ("04-30", 10, "05-18"), ("11-20", 20, "12-18")],
)
def test_limits_count_the_days_that_are_worked(accepted, workdays, last):
    terms = Terms(statutory=Limit(workdays))
    running = course(event(accepted, Received()), event(accepted, Accepted()), terms=terms)
    assert clock.statutory(running, CALENDAR).day == date.fromisoformat(f"2026-{last}")
    assert clock.promised(running, CALENDAR) == clock.statutory(running, CALENDAR)


def test_a_stop_moves_both_last_days_by_its_working_days_and_the_first_promise_stays():
    stopped = course(
        event("11-02", Received()),
        event("11-02", Accepted()),
        event("11-04", Stopped(cause=Cause.TESTING, workdays=30), REVIEWER),
        event("11-11", Resumed(), REVIEWER),
    )
    assert clock.first_promised(stopped, CALENDAR).day == date(2026, 11, 9)
    assert clock.promised(stopped, CALENDAR).day == date(2026, 11, 16)
    assert clock.statutory(stopped, CALENDAR).day == date(2026, 12, 7)
    assert clock.workdays_stopped(stopped, date(2026, 11, 11), CALENDAR) == 5


def test_a_stop_ends_by_itself_after_the_time_that_was_told():
    stopped = course(
        event("11-02", Received()),
        event("11-02", Accepted()),
        event("11-04", Stopped(cause=Cause.HEARING, workdays=3), REVIEWER),
    )
    assert clock.promised(stopped, CALENDAR).day == date(2026, 11, 12)
    assert clock.stop_on(stopped, date(2026, 11, 9), CALENDAR) is not None
    assert clock.stop_on(stopped, date(2026, 11, 10), CALENDAR) is None


def test_stopped_and_resumed_on_one_day_loses_nothing():
    stopped = course(
        event("11-02", Received()),
        event("11-02", Accepted()),
        event("11-04", Stopped(cause=Cause.HEARING, workdays=3), REVIEWER),
        event("11-04", Resumed(), REVIEWER, "15:00"),
    )
    assert clock.promised(stopped, CALENDAR) == clock.first_promised(stopped, CALENDAR)


def test_an_extension_adds_its_working_days():
    extended = course(
        event("11-02", Received()),
        event("11-02", Accepted()),
        event("11-20", Extended(workdays=10, reason="案情复杂", approved_by="chief", level="head"), CHIEF),
    )
    assert clock.statutory(extended, CALENDAR).day == date(2026, 12, 14)
    assert clock.promised(extended, CALENDAR).day == date(2026, 11, 23)


def test_beyond_the_published_years_nothing_is_guessed():
    running = course(event("11-20", Received()), event("11-20", Accepted()), terms=Terms(statutory=Limit(30)))
    due = clock.statutory(running, CALENDAR)
    assert due.day is None
    assert "2027" in due.unknown


def test_natural_days_run_on_over_weekends():
    terms = Terms(statutory=Limit(30, "day"))
    running = course(event("11-20", Received()), event("11-20", Accepted()), terms=terms)
    assert clock.statutory(running, CALENDAR).day == date(2026, 12, 20)


def test_ten_working_days_to_deliver_what_was_decided():
    decided = course(
        event("11-02", Received()), event("11-02", Accepted()), event("11-06", Granted(), REVIEWER), terms=LICENCE
    )
    assert clock.delivery(decided, CALENDAR).day == date(2026, 11, 20)
