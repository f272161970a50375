"""Appointments in plain dictionaries: what should become of each deed, worked out without a database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from miniapp_api.calendar.service import CHINA
from tests.appointments.world import UNITS, later

LIVE = ("held", "confirmed", "checked_in")
TAKING = (*LIVE, "served", "missed")
RESTRICTED = ("weekend", "lunch")
LIMIT = 1
CANCELS = 2
NEEDS = {("center", "lunch"): 1, ("center", "weekend"): 2}


@dataclass
class Spot:
    """A slot: `planned` is (cap, online) as the rules say."""

    site: str
    session: str
    release: datetime | None
    until: datetime
    pooled: datetime
    planned: tuple
    cap: int = 0
    online: int = 0
    open: bool = True


@dataclass
class Row:
    """A booking."""

    id: int
    who: int
    service: str
    pool: int
    day: object
    start: int
    online: bool
    status: str
    until: datetime | None = None
    moves: int = 0
    session: str = ""

    @property
    def spots(self):
        return spots_of(self.pool, self.day, self.start, self.service)


@dataclass
class Wait:
    """An entry of the waiting list."""

    id: int
    who: int
    service: str
    site: str | None
    first: object
    last: object
    state: str = "waiting"
    offers: int = 0
    row: int | None = None


@dataclass
class Mark:
    """Halves of points."""

    row: int
    who: int
    halves: int
    at: datetime
    waived: bool = False


@dataclass
class Restricted:
    """That somebody is."""

    who: int
    at: datetime
    lifted: bool = False


def spots_of(pool, day, start, service):
    return [(pool, day, start + 15 * step) for step in range(UNITS[service])]


def begins(day, start):
    return datetime.combine(day, datetime.min.time(), CHINA) + timedelta(minutes=start)


@dataclass
class Model:
    """The whole state."""

    now: datetime
    elderly: frozenset
    spots: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    returns: list = field(default_factory=list)  # (spot, due)
    waits: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    restricted: list = field(default_factory=list)
    cancels: list = field(default_factory=list)  # (who, at)
    decisions: dict = field(default_factory=dict)  # (pool, day) -> [[action, cap]]
    runs: dict = field(default_factory=dict)  # (pool, day, session) -> on or off

    # ------------------------------------------------------------------ what is

    def is_over(self, row):
        return row.status == "held" and row.until <= self.now

    def is_live(self, row):
        return row.status in LIVE and not self.is_over(row)

    def used(self, spot, *, online=False, without=()):
        rows = (row for row in self.rows.values() if row.status in TAKING and not self.is_over(row))
        return sum(spot in row.spots and (row.online or not online) and row.id not in without for row in rows)

    def cooling(self, spot):
        return sum(one == spot and due > self.now for one, due in self.returns)

    def free(self, spot, *, online=True, without=()):
        slot = self.spots.get(spot)
        if slot is None or not slot.open or slot.release is None or slot.release > self.now:
            return False
        cool = self.cooling(spot)
        if self.used(spot, without=without) + cool >= slot.cap:
            return False
        if not online:
            return begins(*spot[1:]) > self.now
        pooled = slot.pooled <= self.now
        quota = self.used(spot, online=True, without=without) + cool < slot.online
        return slot.until > self.now and (pooled or quota)

    def fits(self, pool, day, start, service, **how):
        spots = spots_of(pool, day, start, service)
        sessions = {self.spots[spot].session for spot in spots if spot in self.spots}
        return len(sessions) == 1 and all(self.free(spot, **how) for spot in spots)

    def rival(self, who, service, day, *, without=()):
        mine = (row for row in self.rows.values() if row.who == who and row.id not in without)
        return any(self.is_live(row) and (row.day == day or row.service == service) for row in mine)

    def is_restricted(self, who, session):
        if session not in RESTRICTED or who in self.elderly:
            return False
        return any(
            each.who == who and not each.lifted and later(each.at, 30 * 1440) > self.now for each in self.restricted
        )

    def verdict(self, who, service, pool, day, start, *, online=True, without=()):
        """What becomes of a booking: `ok`, or why not."""
        first = self.spots.get((pool, day, start))
        if first is None:
            return "refused"
        if online and self.is_restricted(who, first.session):
            return "restricted"
        if self.rival(who, service, day, without=without):
            return "booked_already"
        return "ok" if self.fits(pool, day, start, service, online=online, without=without) else "refused"

    def is_past(self, row):
        return later(begins(row.day, row.start), 15) < self.now

    def is_soon(self, row):
        return begins(row.day, row.start) - timedelta(hours=2) <= self.now

    def points(self, who):
        since = max((each.at for each in self.restricted if each.who == who), default=None)
        return self._points(who, lambda at: since is None or at > since)

    def _points(self, who, counts):
        mine = (each for each in self.marks if each.who == who and not each.waived)
        return sum(each.halves for each in mine if later(each.at, 90 * 1440) > self.now and counts(each.at)) / 2

    # ------------------------------------------------------------------ what happens

    def add(self, row):
        row.session = self.spots[row.pool, row.day, row.start].session
        self.rows[row.id] = row

    def expire(self):
        for row in self.rows.values():
            if self.is_over(row):
                row.status = "expired"

    def mark(self, row, halves):
        if not row.online or row.who in self.elderly:
            return
        self.marks.append(Mark(row.id, row.who, halves, self.now))
        if self.points(row.who) >= LIMIT:
            self.restricted.append(Restricted(row.who, self.now))

    def waive(self, row):
        mark = next((each for each in self.marks if each.row == row.id and not each.waived), None)
        if mark is None:
            return False
        mark.waived = True
        mine = [each for each in self.restricted if each.who == row.who]
        latest = max((each.at for each in mine), default=None)
        before = max((each.at for each in mine if each.at < latest), default=None) if latest else None
        left = self._points(row.who, lambda at: latest and at <= latest and (before is None or at > before))
        if left < LIMIT:
            for each in mine:
                each.lifted = True
        return True

    def takers(self, row):
        """Who on the waiting list is asked for what a booking gives up, in order."""
        if not row.online or begins(row.day, row.start) - timedelta(hours=1) < self.now:
            return []
        site = self.spots[row.pool, row.day, row.start].site

        def can(wait):
            return (
                (wait.state, wait.service) == ("waiting", row.service)
                and wait.site in (None, site)
                and wait.first <= row.day <= wait.last
                and wait.who != row.who
                and not self.rival(wait.who, wait.service, row.day)
            )

        asked = sorted(filter(can, self.waits), key=lambda wait: (wait.offers, wait.id))
        return asked[:3]

    def taker(self, row):
        """Who of them gets it."""
        for wait in self.takers(row):
            if self.verdict(wait.who, row.service, row.pool, row.day, row.start) == "ok":
                return wait
        return None

    def offered(self, wait, row):
        self.add(row)
        wait.state, wait.row = "offered", row.id
        wait.offers += 1

    def settle(self):
        for wait in self.waits:
            if wait.state == "offered":
                status = self.rows[wait.row].status
                if status in ("confirmed", "checked_in", "served"):
                    wait.state = "booked"
                elif status != "held":
                    wait.state = "ended" if wait.offers >= 3 else "waiting"
            if wait.state == "waiting" and wait.last < self.now.date():
                wait.state = "ended"

    def queue(self):
        """Who is asked whether what is free will do, in order."""

        def can(wait):
            mine = (row for row in self.rows.values() if row.who == wait.who and row.service == wait.service)
            anything = any(
                wait.first <= spot[1] <= wait.last and wait.site in (None, slot.site) and self.free(spot)
                for spot, slot in self.spots.items()
            )
            return wait.state == "waiting" and anything and not any(self.is_live(row) for row in mine)

        return sorted(filter(can, self.waits), key=lambda wait: (wait.offers, wait.id))

    def openings(self, wait):
        """The places that may be offered: of the first time of each pool those that come first and can be had."""
        firsts = []
        for pool in sorted({spot[0] for spot in self.spots}):
            times = sorted(
                (spot[1], spot[2])
                for spot, slot in self.spots.items()
                if spot[0] == pool
                and wait.site in (None, slot.site)
                and max(wait.first, self.now.date()) <= spot[1] <= wait.last
                and self.fits(pool, spot[1], spot[2], wait.service)
            )
            if times:
                firsts.append((*times[0], pool))
        can = [one for one in firsts if self.verdict(wait.who, wait.service, one[2], one[0], one[1]) == "ok"]
        return {(pool, day, start) for day, start, pool in can if (day, start) == min(can)[:2]}

    def generate(self, pool, day):
        """Bring a day of a pool in line with what was decided; gives how many spots are crowded."""
        crowded = 0
        for spot, slot in self.spots.items():
            if spot[:2] != (pool, day) or self.runs.get((pool, day, slot.session)) == "off":
                continue
            cap, online, is_open = *slot.planned, True
            for action, number in self.decisions.get((pool, day), ()):
                if action == "cap":
                    cap = online = number
                else:
                    is_open = action == "open"
            if not is_open:
                self.close(spot)
                continue
            taken = self.used(spot) + self.cooling(spot)
            crowded += taken > cap
            slot.cap, slot.online, slot.open = max(cap, taken), online, True
        return crowded

    def close(self, spot):
        self.spots[spot].open = False
        for row in self.rows.values():
            if row.status in ("held", "confirmed") and spot in row.spots:
                row.status = "revoked"

    def due_runs(self):
        """Sessions whose cut-off is past and about which nothing is decided."""
        sessions = {(spot[0], spot[1], slot.session) for spot, slot in self.spots.items() if slot.session in RESTRICTED}
        for pool, day, session in sorted(sessions):
            slots = {
                spot: slot
                for spot, slot in self.spots.items()
                if (spot[0], spot[1], slot.session) == (pool, day, session) and slot.open
            }
            here = [row for row in self.rows.values() if (row.pool, row.day, row.session) == (pool, day, session)]
            if (pool, day, session) in self.runs or not slots or day < self.now.date():
                continue
            if max(slot.until for slot in slots.values()) <= self.now and all(row.status != "held" for row in here):
                coming = sum(row.status in ("confirmed", "checked_in", "served") for row in here)
                yield (pool, day, session), slots, coming

    def decide_runs(self):
        for key, slots, coming in list(self.due_runs()):
            site = next(iter(slots.values())).site
            self.runs[key] = "on" if coming >= NEEDS.get((site, key[2]), 0) else "off"
            if self.runs[key] == "off":
                for spot in slots:
                    self.close(spot)

    def miss(self):
        rows = sorted(self.rows.values(), key=lambda row: (row.day, row.start, row.id))
        for row in rows:
            if row.status == "confirmed" and row.day <= self.now.date() and self.is_past(row):
                row.status = "missed"
                self.mark(row, 2)
