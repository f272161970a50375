"""A small city to book in: two halls with two groups of counters each, and people with valid ID numbers."""

import itertools
import shutil
import threading
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from flask import has_app_context
from sqlalchemy import func, select
from stdnum.cn import ric

from miniapp_api.accounts.models import Visitor
from miniapp_api.appointments import booking as making
from miniapp_api.appointments import generating, service, staffing
from miniapp_api.appointments.acting import VISITOR, Act, staff
from miniapp_api.appointments.booking import Request, Subject
from miniapp_api.appointments.models import Booking, BookingEvent, BookingSlot, Slot, SlotReturn
from miniapp_api.appointments.staffing import Decision
from miniapp_api.calendar.service import CHINA
from miniapp_api.database import transact
from miniapp_api.extensions import db
from miniapp_api.sites.service import Counter, Pool, PoolService, Site

MONDAY = date(2026, 9, 7)
"""An ordinary week; the mid-autumn and national holidays are three weeks off."""

SCHEDULES = """
schema: daoban/schedules/1
ahead_days: 14
policies:
  normal:
    horizon: {workdays: 3}
    release: {at: "08:00"}
    cutoff: {minutes: 30}
  lunch:
    horizon: {workdays: 3}
    release: {at: "08:00"}
    cutoff: {at: "11:00"}
  weekend:
    horizon: {weeks: 2}
    release: {at: "09:00"}
    cutoff: {workdays: 1, at: "16:00"}
schedules:
  center:
    - id: morning
      session: normal
      days: [workday, makeup]
      from: "09:00"
      to: "10:00"
      policy: normal
      places: counters
      online: 0.5
    - {id: lunch, session: lunch, days: [workday], from: "12:00", to: "12:30", policy: lunch, places: 1, needs: 1}
    - {id: afternoon, session: normal, days: [workday, makeup], from: "14:00", to: "15:00", policy: normal, places: 1}
    - {id: weekend, session: weekend, days: [weekend], from: "09:00", to: "10:00", policy: weekend, places: 2, needs: 2}
    - {id: special, session: special, days: [], from: "09:00", to: "10:00", policy: normal, places: 1}
  branch:
    - {id: morning, session: normal, days: [workday, makeup], from: "09:00", to: "10:00", policy: normal, places: 1}
    - id: weekend
      session: weekend
      days: [weekend]
      weekdays: [6]
      from: "09:00"
      to: "09:30"
      policy: weekend
      places: 1
conduct:
  no_show_points: 1
  late_cancel_points: 0.5
  counted_days: 90
  limit_points: 3
  restricted_days: 30
  restricted_sessions: [weekend, lunch]
  exempt_age: 60
  cancels_in_30_days: 5
"""

SERVICES = """
schema: daoban/services/1
services:
  licence: {name: 营业执照, minutes: 15, say: [营业执照], bring: [身份证]}
  tax: {name: 税务登记, minutes: 30, say: [税务登记]}
  permit: {name: 施工许可, minutes: 45, say: [施工许可]}
facilities: {}
"""

UNITS = {"licence": 1, "tax": 2, "permit": 3}

_numbers = itertools.count(1)


CATALOGUE = Path(__file__).parents[2] / "catalogue"


def folder(path, schedules=SCHEDULES):
    """Write the part of a catalogue that appointments read."""
    path.mkdir(exist_ok=True)
    (path / "schedules.yaml").write_text(schedules, "utf-8")
    (path / "services.yaml").write_text(SERVICES, "utf-8")
    for file in ("casework.yaml", "papers.yaml", "retention.yaml"):
        shutil.copy(CATALOGUE / file, path)
    return Path(path)


def moment(day=MONDAY, clock="08:10"):
    """A moment in China."""
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), CHINA)  # noqa: DTZ007 - China's


NOW = moment()


@dataclass
class City:
    """Ids of what was built."""

    pools: list[int]
    visitors: list[int]


def build(session, *, visitors=2):
    """Add the two halls: a center with 2 and 1 counters, and a branch with 1 and 1."""
    pools = []
    for code, tier, schedule, sizes in (("center", "center", "center", (2, 1)), ("branch", "branch", "branch", (1, 1))):
        site = Site(
            code=code,
            locality="shiyan",
            name={"center": "政务服务中心", "branch": "东区分中心"}[code],
            tier=tier,
            address="人民路 1 号",
            phone="0719-0000000",
            hours="9:00–15:00",
            latitude=32.6 if code == "center" else 32.7,
            longitude=110.8,
            facilities=[],
        )
        session.add(site)
        session.flush()
        for index, size in enumerate(sizes):
            pool = Pool(site_id=site.id, code=f"p{index}", name=f"{index + 1} 号区", grid=15, schedule=schedule)
            pool.services = [PoolService(service=name, units=units) for name, units in UNITS.items()]
            session.add(pool)
            session.flush()
            session.add_all(
                Counter(site_id=site.id, pool_id=pool.id, code=f"{'AB'[index]}{seat + 1:02d}") for seat in range(size)
            )
            session.flush()
            pools.append(pool.id)
    people = [Visitor(locality="shiyan") for _ in range(visitors)]
    session.add_all(people)
    session.flush()
    session.expire_all()
    return City(pools, [each.id for each in people])


def act_at(now=NOW, actor=VISITOR):
    """Act in the session of the current application context."""
    return Act(db.session, service.acting(db.session).schedules, actor, now)


def generate(now=NOW):
    """Make the slots of all pools."""
    pools = db.session.scalars(select(Pool).order_by(Pool.id)).all()
    return generating.generate_ahead(act_at(now), pools)


def decide(pool_id, action, day, *, now=NOW, whole_site=False, **more):
    """Let staff decide about a day of a pool, in the current transaction."""
    pool = db.session.get_one(Pool, pool_id)
    act = act_at(now, staff("1" * 32))
    return staffing.decide(act, Decision(pool.site, None if whole_site else pool, day, action, "停电", **more))


def subject(number):
    """Somebody, by a number."""
    return Subject(f"{number:064x}", "王**")


def request(pool_id, day, start, *, who=1, what="licence", visitor_id=None, **more):
    """What somebody wants to book; `start` in minutes, or as a clock."""
    pool = db.session.get_one(Pool, pool_id)
    minute = int(start[:2]) * 60 + int(start[3:]) if isinstance(start, str) else start
    more = {"units": UNITS[what], "channel": "mini"} | more
    named = who if isinstance(who, Subject) else subject(who)
    return Request(named, what, pool, day=day, start=minute, visitor_id=visitor_id, **more)


def book(pool_id, day, start, *, now=NOW, **more):
    """Book at once, and commit."""
    done = making.book(act_at(now), request(pool_id, day, start, **more))
    db.session.commit()
    return done


def id_number(born="19900101"):
    """A valid resident identity number that nobody has had yet."""
    digits = f"110105{born}{next(_numbers) % 1000:03d}"
    return digits + ric.calc_check_digit(f"{digits}0")


def at_once(app, *jobs):
    """Run jobs that take a session, each in a thread and a transaction of its own, all beginning together.

    Returns:
        By job, what it returned, or the exception that it ended with; then its transaction was rolled back.
    """
    if has_app_context():
        db.session.rollback()
    results = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(index, job):
        with app.app_context():
            start.wait()
            try:
                results[index] = transact(db.session, partial(job, db.session))
            except Exception as error:
                db.session.rollback()
                results[index] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


KEPT = ("held", "confirmed", "checked_in", "served", "missed")
"""States of a booking whose places stay counted: what was served or missed has taken them up."""


def faults(session):
    """Say what is not as it must always be, a line each."""
    session.rollback()
    found = [*_counters(session), *_returns(session), *_keys(session), *_chains(session), *_events(session)]
    session.rollback()  # a transaction left open would keep others from writing
    return found


def _counters(session):
    taken = dict(
        session.execute(
            select(BookingSlot.slot_id, func.count())
            .join(Booking, Booking.id == BookingSlot.booking_id)
            .where(Booking.status.in_(KEPT))
            .group_by(BookingSlot.slot_id)
        ).all()
    )
    online = dict(
        session.execute(
            select(BookingSlot.slot_id, func.count())
            .join(Booking, Booking.id == BookingSlot.booking_id)
            .where(Booking.status.in_(KEPT), Booking.online)
            .group_by(BookingSlot.slot_id)
        ).all()
    )
    for slot in session.scalars(select(Slot)):
        counted = (slot.used_total, slot.used_online)
        real = (taken.get(slot.id, 0), online.get(slot.id, 0))
        if counted != real:
            yield f"slot {slot.id} counts {counted}, has {real}"
        if slot.used_total + slot.cooling > slot.cap_total:
            yield f"slot {slot.id} is oversold"


def _returns(session):
    due = dict(session.execute(select(SlotReturn.slot_id, func.count()).group_by(SlotReturn.slot_id)).all())
    for slot in session.scalars(select(Slot)):
        if slot.cooling != due.get(slot.id, 0):
            yield f"slot {slot.id} cools {slot.cooling}, {due.get(slot.id, 0)} will return"


def _keys(session):
    for key in (Booking.policy_key, Booking.service):
        live = select(Booking.subject_key, key).where(Booking.status.in_(service.LIVE))
        for twice in session.execute(live.group_by(Booking.subject_key, key).having(func.count() > 1)):
            yield f"{twice} has two live bookings"


def _chains(session):
    found = session.execute(select(BookingSlot.booking_id, Slot).join(Slot, Slot.id == BookingSlot.slot_id)).all()
    taken = _grouped(found)
    for row in session.scalars(select(Booking)):
        slots = taken.get(row.id, [])
        if row.status not in KEPT:
            if slots:
                yield f"booking {row.id} is {row.status} and has slots"
            continue
        steps = sorted((slot.start, slot.end) for slot in slots)
        whole = [(start, start + 15) for start in range(row.start, row.end, 15)]
        places = {(slot.pool_id, slot.day, slot.session) for slot in slots}
        if steps != whole or places != {(row.pool_id, row.day, row.session)}:
            yield f"booking {row.id} at {row.start}-{row.end} has {steps} of {places}"
        if row.status in ("held", "confirmed") and any(slot.status == "closed" for slot in slots):
            yield f"booking {row.id} is live in a closed slot"


def _events(session):
    found = session.execute(select(BookingEvent.booking_id, BookingEvent).order_by(BookingEvent.id)).all()
    stories = _grouped(found)
    for row in session.scalars(select(Booking)):
        events = stories.get(row.id, [])
        befores, afters = [event.before for event in events], [event.after for event in events]
        if befores != [None, *afters[:-1]] or afters[-1] != row.status:
            yield f"booking {row.id} is {row.status}, its story {befores} -> {afters}"


def _grouped(pairs):
    grouped = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped


def later(now, minutes):
    """So many minutes later."""
    return now + timedelta(minutes=minutes)
