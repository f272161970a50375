"""Bookings per second beside bare SQL on the same database, in turn in one run.

Two things are called bare: the least that can be called a claim (the booking, its slot's guarded counters,
and which slot it is; three statements), and the very rows that a claim of ours has to write, with the event,
the signed code and the three messages that its citizen is owed.
"""

from __future__ import annotations

import os
import secrets
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import cycle, pairwise
from statistics import median

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from benchmarks.appointments import network, same_rows
from benchmarks.appointments.application import application
from benchmarks.appointments.catalogue import GRID
from benchmarks.appointments.crowd import Attempt, Caller
from benchmarks.appointments.databases import KINDS, database
from benchmarks.appointments.network import SERVICE, Citizen
from benchmarks.appointments.serving import Serving, serving
from benchmarks.figures import Figure
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import open_for_citizens
from miniapp_api.appointments.booking import Request, Subject, book
from miniapp_api.appointments.models import Booking, BookingSlot, Slot
from miniapp_api.appointments.schedules import load
from miniapp_api.appointments.service import acting
from miniapp_api.calendar.service import now
from miniapp_api.database import create_engine
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool

ROUNDS = 15
CLAIMS = 20
"""In each round, of each way."""

WARM_UP = 20
PLACES = 10_000
"""Of a slot: nobody is refused."""

REF = "claims.hall"


@dataclass(frozen=True, slots=True)
class Turn:
    """One claim to make."""

    citizen: Citizen
    slot_id: int
    day: date
    minute: int

    @property
    def time(self) -> str:
        """09:30."""
        return f"{self.minute // 60:02d}:{self.minute % 60:02d}"


def figures() -> list[Figure]:
    """Measure."""
    return [figure for kind in KINDS for figure in _figures(kind)]


def _figures(kind: str) -> list[Figure]:
    load_ = os.getloadavg()[0]
    with database(kind) as url, serving(url, background=False) as running:
        turns = iter(_turns(url, running))
        with (
            application(url, running.catalogue),
            create_engine(url).connect() as connection,
            same_rows.writer(url) as write,
        ):
            caller, act = Caller(running.port), acting(db.session)
            pool = db.session.scalars(select(Pool)).one()
            db.session.commit()
            ways: dict[str, Callable[[Turn], None]] = {
                "bare": lambda turn: _bare(connection, turn),
                "same rows": lambda turn: write(_row(turn), turn.slot_id),
                "service": lambda turn: _service(act, pool, turn),
                "http": lambda turn: _http(caller, running, turn),
            }
            _compare(url, ways["service"], ways["same rows"], turns)
            seconds = _measured(ways, turns)
    least, same = seconds["bare"], seconds["same rows"]
    how = f"one client; medians of {ROUNDS} rounds of {CLAIMS}; load {load_:.1f} at start"
    found = []
    for way, bar in (("service", "≥ 0.5"), ("http", "≥ 0.15")):
        took = seconds[way]
        told = f"{kind}: {1 / took:.0f}/s ÷ {1 / least:.0f}/s by three statements, {how}"
        found.append(Figure(f"appointments.claims_{way}_{kind}", least / took, "×", bar, told))
        told = f"{kind}: {1 / took:.0f}/s ÷ {1 / same:.0f}/s by the driver writing the same rows, {how}"
        found.append(Figure(f"appointments.claims_{way}_to_same_rows_{kind}", same / took, "×", "", told))
    return found


def _compare(url: str, service: Callable[[Turn], None], same: Callable[[Turn], None], turns: Iterator[Turn]) -> None:
    """See that both add as many rows to each table, or the comparison would be none."""
    counts = [same_rows.counted(url)]
    for claim in (service, same):
        claim(next(turns))
        counts.append(same_rows.counted(url))
    added = [[after - before for before, after in zip(*pair, strict=True)] for pair in pairwise(counts)]
    if added[0] != added[1]:
        raise RuntimeError(f"a claim adds {added[0]} rows, bare SQL {added[1]}")


def _turns(url: str, running: Serving) -> list[Turn]:
    """A person of their own for every claim, and slots with room for all."""
    engine = create_engine(url)
    with Session(engine) as session:
        pool = network.add_pool(session, REF.partition(".")[0])
        network.generate(session, pool, load(running.catalogue))
        session.execute(update(Slot).values(cap_total=PLACES, cap_online=PLACES))
        wanted = select(Slot.id, Slot.day, Slot.start).where(Slot.day.in_(network.days(10))).order_by(Slot.id)
        slots = cycle(session.execute(wanted).all())
        people = network.add_people(session, 2 + 4 * (WARM_UP + ROUNDS * CLAIMS))
        session.commit()
    engine.dispose()
    return [Turn(person[0], slot.id, slot.day, slot.start) for person, slot in zip(people, slots, strict=False)]


def _measured(ways: dict[str, Callable[[Turn], None]], turns: Iterator[Turn]) -> dict[str, float]:
    """The median time of a claim, by way."""
    for claim in ways.values():
        for _ in range(WARM_UP):
            claim(next(turns))
    measured: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, claim in ways.items():
            started = time.perf_counter()
            for _ in range(CLAIMS):
                claim(next(turns))
            measured[name].append((time.perf_counter() - started) / CLAIMS)
    return {name: median(times) for name, times in measured.items()}


def _bare(connection: Connection, turn: Turn) -> None:
    """Insert the booking, raise the guarded counters, note the slot; nothing else."""
    moment = now()
    inserted = connection.execute(insert(Booking), _row(turn))
    raised = update(Slot).where(Slot.id == turn.slot_id, open_for_citizens(Slot, moment))
    values = {"used_total": Slot.used_total + 1, "used_online": Slot.used_online + 1}
    if connection.execute(raised.values(values)).rowcount != 1:
        raise RuntimeError("a place that should be there is not")
    connection.execute(insert(BookingSlot), {"booking_id": inserted.inserted_primary_key[0], "slot_id": turn.slot_id})
    connection.commit()


def _row(turn: Turn) -> dict[str, object]:
    return {
        "public_id": secrets.token_hex(16),
        "code": secrets.token_hex(4),
        "visitor_id": turn.citizen.visitor_id,
        "person_id": turn.citizen.person_id,
        "subject_key": turn.citizen.subject,
        "name_mask": "王**",
        "relation": "self",
        "service": SERVICE,
        "pool_id": 1,
        "day": turn.day,
        "start": turn.minute,
        "end": turn.minute + GRID,
        "session": "normal",
        "policy_key": str(turn.day),
        "channel": "mini",
        "online": True,
        "status": "confirmed",
        "moves": 0,
        "version": 1,
        "care": False,
        "created_at": now(),
    }


def _service(act: Act, pool: Pool, turn: Turn) -> None:
    """Book as the use case does: with the event, the signed code and the messages that are owed."""
    citizen = turn.citizen
    subject = Subject(citizen.subject, "王**", person_id=citizen.person_id)
    request = Request(subject, SERVICE, pool, 1, turn.day, turn.minute, "mini", citizen.visitor_id)
    book(replace(act, now=now()), request)
    act.session.commit()


def _http(caller: Caller, running: Serving, turn: Turn) -> None:
    attempt = Attempt(turn.citizen, str(turn.day), turn.time, uuid.uuid4().hex)
    statuses, body = caller.book(REF, attempt, running.token(turn.citizen.visitor))
    if statuses != [201]:
        raise RuntimeError(f"a place that should be there is not: {statuses} {body}")
