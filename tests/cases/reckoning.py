"""A second and simpler reckoning of the law, which shares nothing with the engine.

Last days are counted off day by day; what is legal is asked of a few plain notes. Of the calendar it
uses only whether a day is worked.
"""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.cases.world import CALENDAR

ONE = timedelta(days=1)
OPEN = {"received", "correcting", "accepted", "under_review"}
RUNNING = {"accepted", "under_review"}


def last_day(start, limit, extension=0, stops=()):
    """Count a limit off, then its extension in working days; days of stops, `(since, until]`, do not count."""
    day, left = start, math.ceil(limit.days / 8 if limit.unit == "hour" else limit.days)
    counted = [limit.unit == "day"] * left + [False] * extension
    while counted:
        day += ONE
        stands = any(since < day <= until for since, until in stops)
        if not stands and (counted[0] or CALENDAR.is_workday(day)):
            counted.pop(0)
    return day


@dataclass
class Notes:
    """What somebody would note who watched a case, and what they would then allow."""

    terms: object
    state: str = ""
    receiver: object = None
    received_on: date | None = None
    expires: date | None = None
    demanded: set = field(default_factory=set)
    lacking: set = field(default_factory=set)
    corrected: bool = False
    accepted_on: date | None = None
    owed: set = field(default_factory=set)
    owed_until: date | None = None
    commitment: bool = False
    inspected: bool | None = None
    stops: list = field(default_factory=list)
    extension: int = 0
    decided_on: date | None = None
    granted: bool = False
    delivered: bool = False
    checked: bool | None = None
    open_questions: int = 0

    # ------------------------------------------------------------- the clock

    def intervals(self):
        """Since when and until when the clock stood still."""
        return [(since, resumed or last_day(since, WorkDays(days))) for since, days, resumed in self.stops]

    def silent_too_long(self, today):
        """Five working days after the materials came, nobody had said a word."""
        return today > last_day(self.received_on, WorkDays(5))

    def stands(self, today):
        """The clock stands still today."""
        return bool(self.stops) and self.stops[-1][2] is None and today <= self.intervals()[-1][1]

    def due(self, limit):
        """The last day of a limit, None where there is none."""
        if self.accepted_on is None or limit is None:
            return None
        return last_day(self.accepted_on, limit, self.extension, self.intervals())

    # ------------------------------------------------------------- what is allowed

    def allows(self, event):
        """Whether an event may happen now."""
        return bool(getattr(self, f"_{event.fact.kind}")(event, event.fact, event.day))

    def _received(self, _event, _fact, _today):
        return self.state == ""

    def _correction_requested(self, _event, fact, today):
        new = set(fact.items) - self.demanded
        fair = not self.corrected or not new or (fact.superior and fact.reason)
        return self.state == "received" and not self.silent_too_long(today) and fair and fact.until > today

    def _corrected(self, _event, fact, _today):
        return self.state == "correcting" and set(fact.items) <= self.lacking

    def _accepted(self, _event, fact, today):
        in_time = self.state == "received" and not self.silent_too_long(today)
        promise = not fact.commitment or self.terms.commitment
        owed = set(fact.owed) <= set(self.terms.provisional) and bool(fact.owed) == bool(fact.owed_until)
        return in_time and promise and owed and (not fact.owed_until or fact.owed_until > today)

    def _deemed_accepted(self, _event, _fact, today):
        return self.state == "received" and self.silent_too_long(today)

    def _not_required(self, _event, _fact, today):
        return self.state == "received" and not self.silent_too_long(today)

    _not_ours = _not_required

    def _taken_up(self, _event, _fact, _today):
        return self.state == "accepted"

    def _completed(self, _event, fact, _today):
        return self.state in RUNNING and set(fact.items) <= self.owed

    def _inspected(self, _event, fact, _today):
        return self.state in RUNNING and len(set(fact.inspectors)) >= 2

    def _stopped(self, _event, _fact, today):
        return self.state in RUNNING and not self.stands(today)

    def _resumed(self, _event, _fact, today):
        return self.state in RUNNING and self.stands(today)

    def _extended(self, _event, fact, today):
        joint = self.terms.handling == "joint"
        right = fact.level == ("government" if joint else "head") and fact.workdays <= (15 if joint else 10)
        due = self.due(self.terms.statutory)
        return self.state in RUNNING and not self.extension and right and (due is None or today <= due)

    def _denied(self, event, _fact, today):
        other = event.by != self.receiver or self.terms.one_person
        return self.state in RUNNING and not self.stands(today) and other

    def _granted(self, event, fact, today):
        seen = not self.terms.inspection or self.commitment or self.inspected
        return self._denied(event, fact, today) and not self.owed and seen

    def _deemed_renewed(self, _event, _fact, today):
        return self.state in RUNNING and self.expires and today > self.expires

    def _checked(self, _event, _fact, _today):
        return self.state in {"decided", "concluded"} and self.commitment and self.granted and self.checked is None

    def _revoked(self, _event, _fact, _today):
        return self.state in {"decided", "concluded"} and self.checked is False

    def _delivered(self, _event, _fact, _today):
        return self.state == "decided" and not self.delivered

    def _concluded(self, _event, _fact, _today):
        return self.state == "decided" and self.delivered

    def _withdrawn(self, _event, _fact, _today):
        return self.state in OPEN

    def _terminated(self, event, _fact, today):
        late = bool(self.owed) and today > self.owed_until
        return self.state in OPEN and (late or (self.state == "correcting" and event.by.kind == "staff"))

    def _asked(self, _event, _fact, _today):
        return self.state != "" and self.open_questions < 3

    def _answered(self, _event, _fact, _today):
        return self.state != "" and self.open_questions > 0

    # ------------------------------------------------------------- what is noted

    def note(self, event):  # noqa: C901, PLR0912 - one line for each kind
        """Note what happened."""
        fact, today = event.fact, event.day
        match fact.kind:
            case "received":
                self.state, self.receiver, self.received_on, self.expires = "received", event.by, today, fact.expires
            case "correction_requested":
                self.state, self.lacking = "correcting", set(fact.items)
                self.demanded |= self.lacking
            case "corrected":
                self.lacking -= set(fact.items)
                if not self.lacking:
                    self.state, self.corrected, self.received_on = "received", True, today
            case "accepted":
                self.state, self.accepted_on, self.commitment = "accepted", today, fact.commitment
                self.owed, self.owed_until = set(fact.owed), fact.owed_until
            case "deemed_accepted":
                self.state, self.accepted_on = "accepted", self.received_on
            case "taken_up":
                self.state = "under_review"
            case "completed":
                self.owed -= set(fact.items)
            case "inspected":
                self.inspected = fact.passed
            case "stopped":
                self.stops.append((today, fact.workdays, None))
            case "resumed":
                self.stops[-1] = (*self.stops[-1][:2], today)
            case "extended":
                self.extension = fact.workdays
            case "granted" | "denied" | "deemed_renewed":
                self.state, self.decided_on, self.granted = "decided", today, fact.kind != "denied"
            case "checked":
                self.checked = fact.kept
            case "delivered":
                self.delivered = True
            case "asked":
                self.open_questions += 1
            case "answered":
                self.open_questions = 0
            case ending:
                self.state = {"not_required": "not_accepted", "not_ours": "not_accepted"}.get(ending, ending)


@dataclass(frozen=True)
class WorkDays:
    """A limit in working days."""

    days: int
    unit: str = "workday"
