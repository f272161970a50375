"""The engine of cases beside plain notes: nothing illegal happens, and last days follow from the events alone."""

from datetime import date, timedelta

import pytest

from guidance.theme import Limit
from miniapp_api.cases import clock, rules
from miniapp_api.cases.course import Stop
from miniapp_api.cases.events import Accepted, Cause, Granted, Received
from miniapp_api.cases.terms import Terms
from tests.cases.machine import TERMS, Life, run
from tests.cases.reckoning import last_day
from tests.cases.world import CALENDAR, RECEIVER, REVIEWER, course, event

EXAMPLES, STEPS = 60, 40


def test_whatever_is_tried_in_whatever_order_the_law_holds():
    run(EXAMPLES, STEPS)


def test_a_broken_rule_is_noticed(monkeypatch):
    """A negative control, walked by hand: who received may decide, and the machine sees it."""
    monkeypatch.setitem(rules._RULES, "granted", rules._RULES["granted"]._replace(guard=rules._nothing))
    life = Life()
    life.receive(terms=TERMS[0], start=date(2026, 3, 2), expires=None)
    life.what_is_likely(way="received", yes=True, by=RECEIVER)
    with pytest.raises(AssertionError):
        life.what_is_likely(way="granted", yes=True, by=RECEIVER)


def test_a_broken_clock_is_noticed(monkeypatch):
    """A negative control, walked by hand: a stop takes a day too much."""
    until = Stop.until
    monkeypatch.setattr(Stop, "until", lambda stop, calendar: until(stop, calendar) + timedelta(days=1))
    life = Life()
    life.receive(terms=TERMS[0], start=date(2026, 3, 2), expires=None)
    life.what_is_likely(way="received", yes=True, by=RECEIVER)
    life.what_is_likely(way="stopped", yes=True, by=REVIEWER)
    with pytest.raises(AssertionError):
        life.the_same_case()


@pytest.mark.parametrize("start", [date(2026, month, 1) for month in range(1, 11)])
def test_limits_agree_with_counting_off_day_by_day(start):
    for offset in range(31):
        day = start + timedelta(days=offset)
        for workdays in (1, 5, 20):
            running = course(event(day, Received()), event(day, Accepted()), terms=Terms(statutory=Limit(workdays)))
            assert clock.statutory(running, CALENDAR).day == last_day(day, Limit(workdays))


def test_who_received_does_not_decide():
    with pytest.raises(rules.IllegalEventError, match="收件的人不能作决定"):
        course(event("11-02", Received()), event("11-02", Accepted()), event("11-03", Granted(), RECEIVER))


def test_only_the_causes_of_article_45_stop_the_clock():
    assert {cause.value for cause in Cause} == {
        "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review",
    }  # fmt: skip
