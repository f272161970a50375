"""Everything that may happen to a case, in any order, beside the plain notes of `reckoning`."""

from collections import Counter
from datetime import date, timedelta
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import (
    booleans,
    builds,
    dates,
    frozensets,
    integers,
    just,
    none,
    one_of,
    sampled_from,
)

from guidance.theme import Limit
from miniapp_api.cases import clock, events
from miniapp_api.cases.course import Course
from miniapp_api.cases.events import Event
from miniapp_api.cases.rules import IllegalEventError, fold, follow
from miniapp_api.cases.terms import Terms
from tests.cases.reckoning import Notes
from tests.cases.world import APPLICANT, CALENDAR, CHIEF, RECEIVER, REVIEWER, SYSTEM, on

PAPERS = ("平面图", "制度目录", "健康证明")
TERMS = (
    Terms(statutory=Limit(20), promised=Limit(5), provisional=("制度目录",), commitment=True),
    Terms(statutory=Limit(10), promised=Limit(3), inspection=True),
    Terms(statutory=Limit(45), handling="joint"),
    Terms(statutory=Limit(30, "day"), promised=Limit(7)),
    Terms(statutory=Limit(3), promised=Limit(0.5), one_person=True),
    Terms(promised=Limit(4, "hour"), commitment=True, inspection=True),
)
LATEST = date(2026, 5, 1)
"""Nothing begins later, so that no last day is in a year that is not published."""

some = frozensets(sampled_from(PAPERS), min_size=1).map(lambda names: tuple(sorted(names)))
days = dates(date(2026, 1, 1), date(2026, 7, 1))
facts = one_of(
    builds(
        events.CorrectionRequested,
        until=days,
        items=some,
        superior=sampled_from([None, "chief"]),
        reason=sampled_from([None, "新的规定"]),
    ),
    builds(events.Corrected, items=some),
    builds(events.Accepted),
    builds(events.Accepted, owed=just(("制度目录",)), owed_until=one_of(none(), days)),
    builds(events.Accepted, owed=some, owed_until=days),
    builds(events.Accepted, commitment=just(True)),
    builds(events.DeemedAccepted),
    builds(events.NotRequired, reason=just("不用办")),
    builds(events.NotOurs, reason=just("不归我们"), go_to=just("区税务局")),
    builds(events.TakenUp),
    builds(events.Completed, items=one_of(some, just(("制度目录",)))),
    builds(events.Inspected, inspectors=sampled_from([("a", "b"), ("a", "a"), ("a",)]), passed=booleans()),
    builds(events.Stopped, cause=sampled_from(list(events.Cause)), workdays=integers(1, 12)),
    builds(events.Resumed),
    builds(
        events.Extended,
        workdays=sampled_from([1, 10, 11, 15, 16]),
        reason=just("复杂"),
        approved_by=just("chief"),
        level=sampled_from(["head", "government"]),
    ),
    builds(events.Granted),
    builds(events.Denied, reason=just("不合条件"), basis=just("第十条")),
    builds(events.DeemedRenewed),
    builds(events.Checked, kept=booleans()),
    builds(events.Revoked, reason=just("不实")),
    builds(events.Delivered, way=sampled_from(["counter", "post", "electronic"])),
    builds(events.Concluded),
    builds(events.Withdrawn),
    builds(events.Terminated, reason=just("没有补齐")),
    builds(events.Asked, what=sampled_from(["objection", "call"])),
    builds(events.Answered),
    builds(events.Received),
)


class Life(RuleBasedStateMachine):
    """The life of one case."""

    steps: ClassVar[Counter] = Counter()

    @initialize(terms=sampled_from(TERMS), start=dates(date(2026, 1, 1), LATEST), expires=one_of(none(), days))
    def receive(self, terms, start, expires):
        """Hand it in."""
        self.terms, self.day, self.hour, self.log = terms, start, 9, []
        self.course, self.notes = Course(terms), Notes(terms)
        self._happen(Event(on(start, "09:00"), RECEIVER, events.Received(expires=expires)))

    @rule(later=sampled_from([0, 1, 1, 2, 3, 5, 8, 15]))
    def wait(self, later):
        """Let days go by."""
        self.day += timedelta(days=later)
        self.hour = 9 if later else self.hour

    @rule(fact=facts, by=sampled_from([RECEIVER, REVIEWER, CHIEF, APPLICANT, SYSTEM]))
    def anything(self, fact, by):
        """Try whatever it is."""
        self._happen(Event(on(self.day, f"{self.hour:02}:00"), by, fact))

    @rule(
        way=sampled_from(["received", "granted", "stopped", "delivered"]),
        yes=booleans(),
        by=sampled_from([REVIEWER, RECEIVER]),
    )
    def what_is_likely(self, way, yes, by):
        """Go on as cases do, so that their late states are reached too."""
        fact = {
            "received": events.Accepted(),
            "granted": events.Granted() if yes else events.Denied(reason="不合条件", basis="第十条"),
            "stopped": events.Stopped(cause=events.Cause.TESTING, workdays=5) if yes else events.Resumed(),
            "delivered": events.Delivered(way="post") if yes else events.Concluded(),
        }[way]
        self._happen(Event(on(self.day, f"{self.hour:02}:00"), by, fact))

    @rule()
    def yesterday(self):
        """A clock that went back is noticed."""
        past = Event(self.log[-1].at - timedelta(seconds=1), SYSTEM, events.Asked(what="call"))
        try:
            follow(self.course, past, CALENDAR)
        except IllegalEventError as illegal:
            assert illegal.code == "clock_went_back"
        else:
            raise AssertionError("an event before the last one")

    def _happen(self, event):
        Life.steps["all"] += 1
        allowed, before = self.notes.allows(event), self.course
        try:
            self.course = follow(self.course, event, CALENDAR)
        except IllegalEventError as illegal:
            assert not allowed, (illegal.code, event)
            assert illegal.reason.endswith("。")
            assert self.course is before
            return
        assert allowed, event
        Life.steps["happened"] += 1
        self.notes.note(event)
        self.log.append(event)

    @invariant()
    def the_same_case(self):
        """Engine and notes tell the same, and the events alone tell all of it."""
        if not hasattr(self, "log"):
            return
        course, notes = self.course, self.notes
        assert (course.state or "") == notes.state
        assert (course.accepted_on, course.owed, course.unanswered) == (
            notes.accepted_on,
            notes.owed,
            notes.open_questions,
        )
        assert fold(self.terms, self.log, CALENDAR) == course
        statutory, promised = clock.statutory(course, CALENDAR), clock.promised(course, CALENDAR)
        assert (statutory.day if statutory else None) == notes.due(self.terms.statutory)
        assert (promised.day if promised else None) == notes.due(self.terms.promised or self.terms.statutory)


def run(examples, steps):
    """Play it without shrinking; gives how many events were tried, and how many happened."""
    phases = [phase for phase in Phase if phase not in {Phase.shrink, Phase.explain}]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=phases,
        report_multiple_bugs=False,
    )
    Life.steps.clear()
    run_state_machine_as_test(Life, settings=chosen)
    return Life.steps["all"], Life.steps["happened"]
