"""Halls with slots and people, written straight into the tables."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from benchmarks.appointments.catalogue import FIRST, GRID, NAME, STARTS
from miniapp_api.accounts.models import Visitor
from miniapp_api.appointments.acting import SYSTEM, Act
from miniapp_api.appointments.generating import generate_ahead
from miniapp_api.appointments.models import Booking, BookingSlot, Slot, SlotReturn
from miniapp_api.appointments.schedules import Schedules
from miniapp_api.calendar.service import now, today
from miniapp_api.people.models import Person
from miniapp_api.sites.service import Pool, PoolService, Site

SERVICE = "food-licence"
LOCALITY = "shiyan"


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person on a telephone.

    Attributes:
        visitor: public id of the telephone's visitor, whose row is `visitor_id`.
        person: public id of the person on that telephone, whose row is `person_id`.
        subject: the key of the person, the same on every telephone.
    """

    visitor_id: int
    visitor: str
    person_id: int
    person: str
    subject: str


def add_pool(session: Session, code: str, units: int = 1) -> Pool:
    """Add a site with one pool where a visit takes so many slots."""
    site = Site(
        code=code,
        locality=LOCALITY,
        name=f"政务服务大厅 {code}",
        tier="branch",
        address="人民路 1 号",
        latitude=32.6,
        longitude=110.8,
        phone="12345",
        hours="9:00–17:00",
        facilities=[],
    )
    session.add(site)
    session.flush()
    pool = Pool(site_id=site.id, code="hall", name="综合窗口", grid=GRID, schedule=NAME)
    pool.services = [PoolService(service=SERVICE, units=units)]
    session.add(pool)
    session.flush()
    return pool


def days(count: int) -> list[date]:
    """So many days in a row, from the day after tomorrow."""
    return [today() + timedelta(days=2 + number) for number in range(count)]


def starts() -> list[int]:
    """The starts of the slots of a day, in minutes."""
    return [FIRST + number * GRID for number in range(STARTS)]


def generate(session: Session, pool: Pool, schedules: Schedules) -> None:
    """Make the slots of a pool, as the product does."""
    generate_ahead(Act(session, schedules, SYSTEM, now()), [pool])


def add_people(session: Session, count: int, telephones: int = 1) -> list[list[Citizen]]:
    """Add people, each of them on so many telephones.

    Returns:
        For each person, them on each telephone.
    """
    subjects = [secrets.token_hex(32) for _ in range(count) for _ in range(telephones)]
    subjects = [subjects[number - number % telephones] for number in range(len(subjects))]
    visitors = [{"public_id": secrets.token_hex(16), "locality": LOCALITY} for _ in subjects]
    visitor_ids = _insert(session, Visitor, visitors)
    people = [
        {
            "public_id": secrets.token_hex(16),
            "visitor_id": visitor_id,
            "relation": "self",
            "subject_key": subject,
            "sealed": "",
            "name_mask": "王**",
            "number_tail": "002X",
            "born": date(1990, 1, 1),
        }
        for visitor_id, subject in zip(visitor_ids, subjects, strict=True)
    ]
    person_ids = _insert(session, Person, people)
    found = [
        Citizen(visitor_id, visitor["public_id"], person_id, person["public_id"], person["subject_key"])
        for visitor_id, visitor, person_id, person in zip(visitor_ids, visitors, person_ids, people, strict=True)
    ]
    return [found[first : first + telephones] for first in range(0, len(found), telephones)]


def _insert(session: Session, model: type[Visitor | Person], rows: list[dict[str, Any]]) -> Sequence[int]:
    return session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows).all()


def add_loose_ends(session: Session, pool: Pool, people: Sequence[Citizen], seconds: float, random: Random) -> None:
    """Leave places that come free at some moment to come: given back and cooling, or held and not confirmed.

    Args:
        session: to write with.
        pool: whose slots; one in five gets one of each.
        people: who hold; some of them will book as well.
        seconds: within which the moments lie.
        random: draws.
    """
    slots = session.execute(select(Slot.id, Slot.day, Slot.start).where(Slot.pool_id == pool.id)).all()
    for slot in random.sample(slots, len(slots) // 5):
        session.execute(update(Slot).where(Slot.id == slot.id).values(cooling=Slot.cooling + 1))
        session.add(SlotReturn(slot_id=slot.id, due_at=_within(seconds, random)))
    for slot, citizen in zip(random.sample(slots, len(slots) // 5), people, strict=False):
        taken = {"used_total": Slot.used_total + 1, "used_online": Slot.used_online + 1}
        session.execute(update(Slot).where(Slot.id == slot.id).values(taken))
        booking = _held(pool, slot.day, slot.start, citizen, _within(seconds, random))
        session.add(booking)
        session.flush()
        session.add(BookingSlot(booking_id=booking.id, slot_id=slot.id))
    session.flush()


def _within(seconds: float, random: Random) -> datetime:
    return now() + timedelta(seconds=random.uniform(0, seconds))


def _held(pool: Pool, day: date, start: int, citizen: Citizen, until: datetime) -> Booking:
    return Booking(
        code=secrets.token_hex(4),
        visitor_id=citizen.visitor_id,
        person_id=citizen.person_id,
        subject_key=citizen.subject,
        name_mask="王**",
        relation="self",
        service=SERVICE,
        pool_id=pool.id,
        day=day,
        start=start,
        end=start + GRID,
        session="normal",
        policy_key=str(day),
        channel="mini",
        online=True,
        status="held",
        hold_until=until,
    )
