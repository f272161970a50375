"""Whether the list of days, the list of times, the nearest time and the claim say the same of random states."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benchmarks.appointments import network
from benchmarks.appointments.databases import KINDS, database
from benchmarks.figures import Figure
from miniapp_api.appointments.availability import Visit, Wanted, free_days, free_times, next_free
from miniapp_api.appointments.claiming import NotFreeError, insert_booking, occupy
from miniapp_api.appointments.looking import Place, look
from miniapp_api.appointments.models import Booking, Slot
from miniapp_api.calendar.service import CHINA, now
from miniapp_api.database import create_engine

STATES = 60
"""Of a pool, on each database."""

DAYS, SLOTS, GRID = 3, 8, 15
MOST_UNITS = 4
SEED = 8


def figures() -> list[Figure]:
    """Measure."""
    load, disagreed, answers = os.getloadavg()[0], 0, Counter[str]()
    for kind in KINDS:
        with database(kind) as url:
            engine = create_engine(url)
            with Session(engine) as session:
                pool = network.add_pool(session, "agreement").id
                session.commit()
                random = Random(SEED)
                for _ in range(STATES):
                    wrong, counted = _compare(session, pool, random)
                    disagreed += wrong
                    answers += counted
            engine.dispose()
    asked = answers["free"] + answers["not free"]
    told = f"{asked} claims tried in {STATES} random states on each of {', '.join(KINDS)}; load {load:.1f} at start"
    return [
        Figure("appointments.list_and_claim_disagree", disagreed, "", "= 0", told),
        Figure("appointments.list_and_claim_free", answers["free"], "", "≥ 100", "of them had a place"),
    ]


def _compare(session: Session, pool: int, random: Random) -> tuple[int, Counter[str]]:
    """Make a state, ask all lists, and try every claim; nothing of it stays."""
    moment = now()
    today = moment.astimezone(CHINA).date()
    dates = [today + timedelta(days=number) for number in range(DAYS)]
    session.execute(insert(Slot), _state(pool, dates, random))
    visit = Visit(pool, GRID, random.randint(1, MOST_UNITS))
    listed = {(day, row.start) for day in dates for row in free_times(session, visit, day, moment)}
    claimed = {(day, start) for day in dates for start in _starts() if _claim(session, Place(visit, day, start))}
    first = next_free(session, [visit], Wanted(dates[0], dates[-1]), moment).get(pool)
    listed_days = set(free_days(session, visit, dates[0], dates[-1], moment))
    wrong = len(listed ^ claimed) + len(listed_days ^ {day for day, _ in listed})
    wrong += first != min(listed, default=None)
    session.rollback()
    return wrong, Counter({"free": len(claimed), "not free": len(dates) * SLOTS - len(claimed)})


def _starts() -> list[int]:
    return [9 * 60 + number * GRID for number in range(SLOTS)]


def _state(pool: int, dates: list[date], random: Random) -> list[dict[str, Any]]:
    """Slots in every condition, some of them missing; most are free, or long visits never would be."""
    moment = now()

    def near(chance: float) -> Any:
        return moment + timedelta(hours=random.uniform(1, 48)) * (1 if random.random() < chance else -1)

    rows = []
    for day in dates:
        change = random.randrange(SLOTS)  # the session changes there
        for number, start in enumerate(_starts()):
            if random.random() < 0.05:
                continue
            total = random.randint(1, 3)
            online = random.randint(0, total)
            used = random.choice((0, 0, random.randint(0, total)))
            rows.append(
                {
                    "pool_id": pool,
                    "day": day,
                    "start": start,
                    "end": start + GRID,
                    "session": "normal" if number < change else "lunch",
                    "rule": "random",
                    "policy": "normal",
                    "cap_total": total,
                    "cap_online": online,
                    "used_total": used,
                    "used_online": random.randint(0, used),
                    "cooling": random.randint(0, total - used) if random.random() < 0.2 else 0,
                    "status": random.choices(("open", "paused", "closed"), (18, 1, 1))[0],
                    "release_at": None if random.random() < 0.03 else near(0.05),
                    "book_until": near(0.92),
                    "pooled_at": near(0.5),
                }
            )
    return rows


def _claim(session: Session, place: Place) -> bool:
    """Take a place if it can be had, and undo that."""
    moment, savepoint = now(), session.begin_nested()
    try:
        ground = look(session, place, secrets.token_hex(32), moment)
        if ground is None:
            return False
        booking = _booking(place, ground.session)
        insert_booking(session, booking)
        occupy(session, booking, ground, moment)
    except NotFreeError:
        return False
    finally:
        savepoint.rollback()
    return True


def _booking(place: Place, kind: str) -> Booking:
    return Booking(
        code=secrets.token_hex(4),
        subject_key=secrets.token_hex(32),
        name_mask="王**",
        relation="self",
        service=network.SERVICE,
        pool_id=place.visit.pool_id,
        day=place.day,
        start=place.start,
        end=place.end,
        session=kind,
        policy_key=str(place.day),
        channel="mini",
        online=True,
        status="confirmed",
    )
