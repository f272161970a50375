"""Whatever citizens, staff and the clock do, in any order: the database says what the model says."""

import os
import tempfile
from contextlib import suppress
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, select

from miniapp_api import migrate
from miniapp_api.app import create_app
from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, claiming, conduct, generating, running, staffing, waiting
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.booking import Subject
from miniapp_api.appointments.models import Booking, DayOverride, Restriction, SessionRun, Slot, SlotReturn, Waiting
from miniapp_api.code_settings import read_keys
from miniapp_api.config import Settings
from miniapp_api.content.service import Content
from miniapp_api.database import load_models
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.field_settings import read_field_keys
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.people.models import Person
from miniapp_api.sites.service import Pool, Site
from tests.appointments import world
from tests.appointments.model import CANCELS, LIMIT, Model, Row, Spot, Wait, begins
from tests.appointments.world import NOW, act_at, later
from tests.conftest import CODE_KEYS, FIELD_KEYS, SECRET
from tests.fakes import FakeGuides

SCHEDULES = (
    world.SCHEDULES.replace("ahead_days: 14", "ahead_days: 7")
    .replace("limit_points: 3", f"limit_points: {LIMIT}")
    .replace("cancels_in_30_days: 5", f"cancels_in_30_days: {CANCELS}")
)
DAYS = [date(2026, 9, day) for day in (7, 8, 9, 12)]
STARTS = [540, 555, 570, 720, 840]
PEOPLE = 5
OLD = 4
"""The last of them is elderly."""

WHO = st.integers(0, PEOPLE - 1)
POOL = st.sampled_from([0, 0, 1, 3])
DAY = st.sampled_from([DAYS[0], *DAYS])
START = st.sampled_from(STARTS)
SERVICE = st.sampled_from(["licence", "licence", "tax"])
SITE = st.sampled_from([None, "center", "branch"])
PICK = st.integers(0, 999)
JUMP = st.sampled_from([1, 4, 11, 31, 45, 125, 600])
LAST = date(2026, 9, 12)

SUBJECTS = [Subject(f"{who:064x}", "王**", care=who == OLD) for who in range(PEOPLE)]
OF_THE_OVER = ("appointment.confirmed", "appointment.moved", "appointment.offered", "appointment.reminder")


class Appointments(RuleBasedStateMachine):
    """Every rule does one deed in the database and in the model, and compares what came of it."""

    app = None
    steps = 0

    def __init__(self):
        super().__init__()
        self.context = self.app.app_context()
        self.context.push()
        self.session = db.session
        self._empty()
        city = world.build(self.session)
        self.pools, self.visitors = city.pools, city.visitors
        self.people = [self._person(who) for who in range(PEOPLE)]
        world.generate()
        self.session.commit()
        self.model = Model(NOW, frozenset({OLD}))
        sites = dict(self.session.execute(select(Pool.id, Site.code).join(Site)).all())
        for slot in self.session.scalars(select(Slot)):
            self.model.spots[slot.pool_id, slot.day, slot.start] = Spot(
                sites[slot.pool_id],
                slot.session,
                slot.release_at,
                slot.book_until,
                slot.pooled_at,
                (slot.cap_total, slot.cap_online),
                slot.cap_total,
                slot.cap_online,
            )
        self.session.rollback()

    def _empty(self):
        for table in reversed(load_models().sorted_tables):
            self.session.execute(delete(table))
        self.session.commit()

    def _person(self, who):
        row = Person(
            visitor_id=self.visitors[who % 2],
            relation="other",
            subject_key=SUBJECTS[who].key,
            sealed="",
            name_mask="王**",
            number_tail="0000",
            born=date(1950 if who == OLD else 1990, 1, 1),
        )
        self.session.add(row)
        self.session.flush()
        return row.id

    def teardown(self):
        self.session.rollback()
        self.context.pop()

    # ------------------------------------------------------------------ help

    def act(self, actor=None):
        return act_at(self.model.now, *([actor] if actor else []))

    def do(self, deed):
        """Do something in a transaction; gives its result, or the kind of refusal as text."""
        try:
            result = deed()
        except Problem as refused:
            self.session.rollback()
            return refused.kind
        self.session.commit()
        return result

    def pick(self, number, *statuses):
        rows = [row for row in self.model.rows.values() if not statuses or row.status in statuses]
        return rows[number % len(rows)] if rows else None

    def request(self, who, service, pool, day, start, *, online=True):
        visitor = self.visitors[who % 2] if online else None
        return world.request(
            pool,
            day,
            start,
            who=SUBJECTS[who],
            what=service,
            visitor_id=visitor,
            online=online,
            channel="mini" if online else "desk",
        )

    def stored(self, booking_id):
        return self.session.get_one(Booking, booking_id, populate_existing=True)

    def learn_returns(self):
        """Learn when places that cool down are free again; nobody can know before."""
        known = dict(self.session.execute(select(SlotReturn.id, SlotReturn.due_at)).all())
        spots = dict(self.session.execute(select(SlotReturn.id, SlotReturn.slot_id)).all())
        slots = {row.id: (row.pool_id, row.day, row.start) for row in self.session.scalars(select(Slot))}
        self.session.rollback()
        return sorted((slots[spots[id_]], due) for id_, due in known.items())

    def cool(self, spots, *, cools):
        """Compare which places cool down now, and for how long."""
        before = [each for each in self.model.returns if each[1] > self.model.now]
        now = [each for each in self.learn_returns() if each[1] > self.model.now]
        fresh = [each for each in now if each not in before]
        assert sorted(spot for spot, _ in fresh) == (sorted(spots) if cools else [])
        assert all(later(self.model.now, 10) <= due <= later(self.model.now, 40) for _, due in fresh)
        self.model.returns = now

    def sweep_quietly(self):
        """End what is over, in both."""
        making.end_holds(self.act(SYSTEM))
        self.session.commit()
        claiming.end_cooling(self.session, self.model.now)
        self.session.commit()
        self.model.expire()

    def adopt_offer(self, wait):
        """Take over into the model what somebody on the list was offered."""
        held = self.stored(self.session.get_one(Waiting, wait.id, populate_existing=True).booking_id)
        until = later(self.model.now, 30)
        row = Row(held.id, wait.who, wait.service, held.pool_id, held.day, held.start, True, "held", until)
        assert (held.status, held.hold_until, held.subject_key) == ("held", until, SUBJECTS[wait.who].key)
        self.model.offered(wait, row)
        self.session.rollback()
        return row

    # ------------------------------------------------------------------ citizens

    @rule(who=WHO, service=SERVICE, pool=POOL, day=DAY, start=START)
    def books(self, who, service, pool, day, start):
        self._books(who, service, pool, day, start, "book")

    @rule(who=WHO, service=SERVICE, pool=POOL, day=DAY, start=START, how=st.sampled_from(["book", "hold", "desk"]))
    def books_somehow(self, who, service, pool, day, start, how):
        self._books(who, service, pool, day, start, how)

    def _books(self, who, service, pool, day, start, how):
        pool, online = self.pools[pool], how != "desk"
        verdict = self.model.verdict(who, service, pool, day, start, online=online)
        wish = lambda: self.request(who, service, pool, day, start, online=online)  # noqa: E731 - one transaction
        result = self.do(lambda: (making.hold if how == "hold" else making.book)(self.act(), wish()))
        if isinstance(result, str):
            assert verdict == (result if result in ("restricted", "booked_already") else "refused"), result
            return
        assert verdict == "ok"
        until = later(self.model.now, 10) if how == "hold" else None
        self.model.add(Row(result.id, who, service, pool, day, start, online, result.status, until))

    @precondition(lambda self: self.model.rows)
    @rule(number=PICK)
    def confirms(self, number):
        row = self.pick(number)
        result = self.do(lambda: making.confirm(self.act(), self.stored(row.id)))
        if row.status == "held" and not self.model.is_over(row):
            row.status = "confirmed"
        if row.status == "confirmed":
            assert result.status == "confirmed"
        else:
            assert result == "hold_expired"

    @precondition(lambda self: self.model.rows)
    @rule(number=PICK, twice=st.booleans())
    def cancels(self, number, twice):
        self.sweep_quietly()
        row = self.pick(number, "held", "confirmed") or self.pick(number)
        before, held = row.status, row.status == "held"
        lately = sum(who == row.who and later(at, 30 * 1440) > self.model.now for who, at in self.model.cancels)
        result = self.do(lambda: changing.cancel(self.act(), self.stored(row.id)))
        if before not in ("held", "confirmed", "cancelled") or (before == "confirmed" and self.model.is_past(row)):
            assert result == "not_live"
            return
        if before == "confirmed" and lately >= CANCELS and row.who != OLD:
            assert result == "too_many_cancels"
            return
        assert result.status == "cancelled"
        if before != "cancelled":
            self.gives_up(row, held=held)
        if twice:
            version = result.version
            assert self.do(lambda: changing.cancel(self.act(), self.stored(row.id))).version == version

    def gives_up(self, row, *, held):
        """What the model makes of a booking that was cancelled."""
        row.status = "cancelled"
        if not held:
            self.model.cancels.append((row.who, self.model.now))
            if begins(row.day, row.start) < later(self.model.now, 120):
                self.model.mark(row, 1)
        taker = self.model.taker(row)
        if taker:
            passed = self.adopt_offer(taker)
            assert passed.spots == row.spots
        self.cool(row.spots, cools=not held and taker is None and not self.model.is_soon(row))

    @precondition(lambda self: any(row.status == "confirmed" for row in self.model.rows.values()))
    @rule(number=PICK, pool=POOL, day=DAY, start=START)
    def moves(self, number, pool, day, start):
        row, pool = self.pick(number, "confirmed"), self.pools[pool]
        model = self.model
        same = (row.pool, row.day, row.start) == (pool, day, start)
        verdict = model.verdict(row.who, row.service, pool, day, start, online=row.online, without=(row.id,))
        wish = lambda: self.request(row.who, row.service, pool, day, start, online=row.online)  # noqa: E731
        result = self.do(lambda: changing.reschedule(self.act(), self.stored(row.id), wish().place))
        if same:
            assert result.moves == row.moves
            return
        if model.is_past(row):
            verdict = "not_live"
        elif row.moves >= 2:
            verdict = "moved_too_often"
        if isinstance(result, str):
            known = ("restricted", "booked_already", "not_live", "moved_too_often")
            assert verdict == (result if result in known else "refused"), result
            return
        assert verdict == "ok"
        old, cools = row.spots, not model.is_soon(row)
        row.pool, row.day, row.start, row.moves = pool, day, start, row.moves + 1
        row.session = model.spots[pool, day, start].session
        self.cool([spot for spot in old if spot not in row.spots], cools=cools)

    @initialize(
        bookings=st.lists(st.tuples(WHO, SERVICE, POOL, DAY, START), max_size=6),
        wishes=st.lists(st.tuples(WHO, SERVICE, SITE, st.tuples(DAY, DAY)), max_size=6),
    )
    def begins_with_something(self, bookings, wishes):
        for booking in bookings:
            self._books(*booking, "book")
        for wish in wishes:
            self._waits(*wish)

    @rule(who=WHO, service=SERVICE, site=SITE, days=st.tuples(DAY, DAY))
    def waits(self, who, service, site, days):
        self._waits(who, service, site, days)

    def _waits(self, who, service, site, days):
        first, last = sorted(days)
        mine = [w for w in self.model.waits if w.who == who and w.state in ("waiting", "offered")]
        same = next((w for w in mine if (w.service, w.site) == (service, site)), None)
        entry = Waiting(
            visitor_id=self.visitors[who % 2],
            person_id=self.people[who],
            subject_key=SUBJECTS[who].key,
            locality="shiyan",
            service=service,
            site=site,
            first_day=first,
            last_day=last,
        )
        result = self.do(lambda: waiting.enter(self.act(), entry))
        if last < self.model.now.date():
            assert result == "invalid"
        elif same:
            assert result.id == same.id
        elif len(mine) >= 2:
            assert result == "waiting_enough"
        else:
            self.model.waits.append(Wait(result.id, who, service, site, first, last))

    # ------------------------------------------------------------------ the hall

    @precondition(lambda self: self.model.rows)
    @rule(number=PICK)
    def checks_in(self, number):
        row = self.pick(number, "confirmed") or self.pick(number)
        begin = begins(row.day, row.start)
        result = self.do(lambda: changing.check_in(self.act(SYSTEM), self.stored(row.id)))
        in_time = later(begin, -60) <= self.model.now <= later(begin, 15) and row.day == self.model.now.date()
        if row.status == "confirmed" and in_time:
            row.status = "checked_in"
            assert result.status == "checked_in"
        else:
            assert isinstance(result, str)

    @precondition(lambda self: any(row.status == "checked_in" for row in self.model.rows.values()))
    @rule(number=PICK)
    def serves(self, number):
        row = self.pick(number, "checked_in")
        assert self.do(lambda: changing.served(self.act(SYSTEM), row.id)).status == "served"
        row.status = "served"

    @rule(pool=POOL, day=DAY, action=st.sampled_from(["close", "open", "cap", "cap"]), cap=st.integers(1, 3))
    def decides(self, pool, day, action, cap):
        self.sweep_quietly()
        pool, more = self.pools[pool], {"cap_total": cap} if action == "cap" else {}
        name = "weekend" if day == DAYS[3] else "morning"
        deed = lambda: world.decide(pool, action, day, now=self.model.now, rule=name, **more)  # noqa: E731
        report = self.do(deed)
        if day < self.model.now.date():
            assert report == "invalid"
            return
        self.model.decisions.setdefault((pool, day), []).append([action, cap])
        assert len(report.crowded) == self.model.generate(pool, day)
        self.model.returns = self.learn_returns()

    @rule(number=PICK)
    def thinks_better_of_it(self, number):
        """Take back the last decision about a day; or, if there is none, let the task run that makes slots."""
        self.sweep_quietly()
        if not self.model.decisions:
            self.regenerate()
            return
        key = sorted(self.model.decisions)[number % len(self.model.decisions)]
        wanted = select(DayOverride).filter_by(pool_id=key[0], day=key[1], withdrawn_at=None)
        row = self.session.scalars(wanted.order_by(DayOverride.id.desc())).first()
        site = self.session.get_one(Pool, key[0]).site
        report = self.do(lambda: staffing.withdraw(self.act(SYSTEM), site, row.id))
        self.model.decisions[key].pop()
        if not self.model.decisions[key]:
            del self.model.decisions[key]
        assert len(report.crowded) == self.model.generate(*key)

    def regenerate(self):
        last = max(spot[1] for spot in self.model.spots)
        today = self.model.now.date()
        for pool in self.pools:
            row = self.session.get_one(Pool, pool)
            report = self.do(lambda row=row: generating.generate(self.act(SYSTEM), row, today, last))
            days = sorted({spot[1] for spot in self.model.spots if spot[0] == pool and spot[1] >= today})
            assert len(report.crowded) == sum(self.model.generate(pool, day) for day in days)
            assert (report.created, report.closed, report.revoked) == (0, 0, [])

    @precondition(lambda self: self.model.marks)
    @rule(number=PICK)
    def waives(self, number):
        row = self.model.rows[self.model.marks[number % len(self.model.marks)].row]
        refused = self.do(lambda: conduct.waive(self.act(SYSTEM), row.id, "大厅停电"))
        assert (refused is None) == self.model.waive(row)

    # ------------------------------------------------------------------ the clock

    @precondition(lambda self: self.model.now.date() <= LAST)
    @rule(minutes=JUMP)
    def time_passes(self, minutes):
        self.model.now = later(self.model.now, minutes)

    @precondition(lambda self: self.model.rows)
    @rule(number=PICK, minutes=st.sampled_from([-119, -61, -59, -29, 14, 15, 16, 16]))
    def the_time_comes(self, number, minutes):
        """It becomes some minutes before or after a booking begins."""
        row = self.pick(number, "confirmed", "held") or self.pick(number)
        if row.day == self.model.now.date():
            self.model.now = max(self.model.now, later(begins(row.day, row.start), minutes))

    @rule()
    def sweeps(self):
        """Do what the tasks do."""
        model = self.model
        self.sweep_quietly()
        self.do(lambda: waiting.settle(self.act(SYSTEM)))
        model.settle()
        queue = self.do(lambda: waiting.queue(self.act(SYSTEM)))
        assert list(queue) == [wait.id for wait in model.queue()]
        for entry_id in queue:
            wait = next(each for each in model.waits if each.id == entry_id)
            allowed = model.openings(wait)
            held = self.do(lambda id_=entry_id: waiting.serve(self.act(SYSTEM), id_))
            assert (held is not None) == bool(allowed)
            if held is not None:
                row = self.adopt_offer(wait)
                assert (row.pool, row.day, row.start) in allowed
        self.do(lambda: changing.mark_missed(self.act(SYSTEM)))
        model.miss()
        self.do(lambda: running.decide(self.act(SYSTEM)))
        model.decide_runs()

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def it_adds_up(self):
        type(self).steps += 1
        assert world.faults(self.session) == []

    @invariant()
    def the_database_says_what_the_model_says(self):
        model, session = self.model, self.session
        for row in session.scalars(select(Booking)):
            mine = model.rows[row.id]
            if model.is_over(mine) or (mine.status, row.status) == ("held", "expired"):
                assert row.status in ("held", "expired")  # a claim may have ended it, or no sweep yet
                continue
            assert (row.status, row.pool_id, row.day, row.start, row.moves) == (
                mine.status,
                mine.pool,
                mine.day,
                mine.start,
                mine.moves,
            )
        for slot in session.scalars(select(Slot)):
            spot = model.spots[slot.pool_id, slot.day, slot.start]
            assert (slot.status == "open", slot.cap_total, slot.cap_online) == (spot.open, spot.cap, spot.online) or (
                not spot.open and slot.status == "closed"
            )
        waits = {row.id: (row.state, row.offers) for row in session.scalars(select(Waiting))}
        assert waits == {wait.id: (wait.state, wait.offers) for wait in model.waits}
        assert session.query(Restriction).count() == len(model.restricted)
        assert session.query(SessionRun).count() == len(model.runs)
        session.rollback()

    @invariant()
    def points_are_what_they_should_be(self):
        for who in range(PEOPLE):
            assert conduct.points_of(self.session, SUBJECTS[who].key, self.model.now) == self.model.points(who)
        self.session.rollback()

    @invariant()
    def nothing_is_due_about_what_is_over(self):
        over = {
            row.public_id
            for row in self.session.scalars(select(Booking).where(~Booking.status.in_(("held", "confirmed"))))
        }
        due = select(OutboxMessage.dedupe_key).where(
            OutboxMessage.state == "waiting",
            OutboxMessage.not_after > self.model.now,
            OutboxMessage.topic.in_(OF_THE_OVER),
        )
        assert not [key for key in self.session.scalars(due) if key.split(":")[1] in over]
        self.session.rollback()


def machine(app):
    """The machine on an application's database, which it empties."""
    return type("AppointmentsOf", (Appointments,), {"app": app, "steps": 0})


def play(of, examples, steps):
    """Play it; gives after how many steps everything was compared."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(of, settings=chosen)
    return of.steps


def run(examples, steps):
    """Play it on a SQLite database of its own; for the benchmark."""
    with tempfile.TemporaryDirectory() as folder, suppress(OSError):
        url = f"sqlite:///{folder}/daoban.sqlite3"
        migrate.upgrade(url)
        chosen = Settings(
            secret_key=SECRET,
            database_url=url,
            rasa_url="http://127.0.0.1:9",
            log_level="WARNING",
            catalogue_dir=world.folder(Path(folder) / "city", SCHEDULES),
            code_keys=read_keys(CODE_KEYS),
            field_keys=read_field_keys(FIELD_KEYS),
        )
        app = create_app(chosen, content=Content(Path("catalogue")), guides=FakeGuides())
        of = machine(app)
        play(of, examples, steps)
        with app.app_context():
            db.engine.dispose()
        return of.steps


EXAMPLES = int(os.environ.get("APPOINTMENT_EXAMPLES", "8"))
STEPS = int(os.environ.get("APPOINTMENT_STEPS", "30"))
