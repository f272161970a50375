"""Making a booking: held while a form is filled in, or confirmed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import claiming, conduct, reminding, states
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import Visit
from miniapp_api.appointments.claiming import GoneError, NotFreeError, SecondBookingError
from miniapp_api.appointments.looking import Ground, Place, in_the_way, look, over
from miniapp_api.appointments.models import Booking
from miniapp_api.appointments.refusing import refuse_place, refuse_second
from miniapp_api.appointments.schedules import Policy
from miniapp_api.errors import Problem
from miniapp_api.people.service import Person, age_of
from miniapp_api.signed_codes.service import Kind, issue
from miniapp_api.sites.service import Pool


@dataclass(frozen=True, slots=True)
class Subject:
    """Who will come, or be helped.

    Attributes:
        key: see `people`; one person is one key, whoever books.
        person_id: None if staff typed the document in.
        care: elderly, or in need of care for another reason.
    """

    key: str
    name_mask: str
    relation: str = "self"
    person_id: int | None = None
    care: bool = False


def nobody_yet(visitor: Visitor) -> Subject:
    """The subject of a place held before it is said for whom: the telephone stands for whoever it will be."""
    return Subject(f"visitor.{visitor.public_id}", "待填")


def subject_of(act: Act, person: Person) -> Subject:
    """Somebody's relative or themselves, as the subject of a booking."""
    age = age_of(person, act.today)
    care = age is not None and age >= act.schedules.conduct.exempt_age
    return Subject(person.subject_key, person.name_mask, person.relation, person.id, care)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be booked.

    Attributes:
        visitor_id: on whose telephone it will be; None if on nobody's.
        channel: one of `models.CHANNELS`.
        online: of the citizens' quota and by their rules; else staff book it.
        guide: public id of the guide whose list it is for.
    """

    subject: Subject
    service: str
    pool: Pool
    units: int
    day: date
    start: int
    channel: str
    visitor_id: int | None = None
    online: bool = True
    guide: str | None = None

    @property
    def place(self) -> Place:
        """Its place."""
        return Place(Visit.of(self.pool, self.units), self.day, self.start)


def hold(act: Act, request: Request, *, minutes: int | None = None, freed: Sequence[Booking] = ()) -> Booking:
    """Hold a place for some minutes, by default those of the policy.

    Args:
        act: in whose name.
        request: what is to be held.
        minutes: how long.
        freed: bookings that have just ceased to be live, whose places are given back for this.

    Raises:
        Problem: 409 that says why it cannot be had, and what can; 403 if the person is restricted.
    """
    ground = found(act, request.place, request.subject.key, online=request.online)
    lasting = act.schedules.policies[ground.policy].hold_minutes if minutes is None else minutes
    booking = _make(act, request, ground)
    booking.status, booking.hold_until = "held", act.now + timedelta(minutes=lasting)
    _take(act, request, booking, ground, freed)
    return booking


def book(act: Act, request: Request) -> Booking:
    """Book a place at once.

    Raises:
        Problem: as `hold`.
    """
    ground = found(act, request.place, request.subject.key, online=request.online)
    booking = _make(act, request, ground)
    booking.status, booking.hold_until = "confirmed", None
    booking.sign = issue(act.session, Kind.APPOINTMENT).id
    _take(act, request, booking, ground)
    reminding.confirmed(act, booking)
    return booking


def confirm(act: Act, booking: Booking) -> Booking:
    """Confirm what is held; who confirms twice gets the same.

    Raises:
        Problem: 409 if it is no longer held.
    """
    changed = states.change(act, booking.id, "confirmed", Booking.hold_until > act.now)
    if changed is None:
        current = act.session.get_one(Booking, booking.id, populate_existing=True)
        if current.status == "confirmed":
            return current
        raise Problem(409, "hold_expired", "留的号已经过时放掉了，请重新选个时间。")
    changed.sign = issue(act.session, Kind.APPOINTMENT).id
    act.session.flush()
    reminding.forget(act, changed)  # the offer of it
    reminding.confirmed(act, changed)
    return changed


def change_subject(act: Act, held: Booking, subject: Subject) -> Booking:
    """Say for whom a held place is.

    Raises:
        Problem: 409 if it is no longer held, or the person has a booking already; 403 if they are restricted.
    """
    refuse_restricted(act, held.session, subject.key, care=subject.care)
    values = {
        "subject_key": subject.key,
        "person_id": subject.person_id,
        "name_mask": subject.name_mask,
        "relation": subject.relation,
        "care": subject.care,
        "version": Booking.version + 1,
    }
    freed = _expire(act, Booking.subject_key == subject.key, Booking.id != held.id)
    swap = update(Booking).where(Booking.id == held.id, Booking.status == "held", Booking.hold_until > act.now)
    try:
        with act.session.begin_nested():
            done = act.session.execute(swap.values(values), execution_options={"synchronize_session": False})
    except IntegrityError:
        existing = claiming.rival(act.session, subject.key, (held.policy_key, held.service), besides=held.id)
        raise refuse_second(existing, held.visitor_id) from None
    claiming.give_back(act.session, freed, cool=None, now=act.now)
    if done.rowcount != 1 and held.status != "confirmed":
        raise Problem(409, "hold_expired", "留的号已经过时放掉了，请重新选个时间。")
    return act.session.get_one(Booking, held.id, populate_existing=True)


def end_holds(act: Act, *which: ColumnElement[bool], most: int = 200) -> int:
    """End the holds that nobody confirmed in time, and give their places back.

    Args:
        act: in whose transaction.
        which: the holds that are looked at, all by default.
        most: at most so many.

    Returns:
        How many ended.
    """
    ended = _expire(act, *which, most=most)
    claiming.give_back(act.session, ended, cool=None, now=act.now)
    return len(ended)


def policy_key(policy: Policy, day: date, session_kind: str, service: str) -> str:
    """What the person may have one live booking of."""
    by = {"day": str(day), "session": f"{day}.{session_kind}", "service": f"service.{service}"}
    return by[policy.one_per]


def found(act: Act, place: Place, subject_key: str, *, online: bool) -> Ground:
    """What there is at a place that somebody wants; see `looking.look`.

    Raises:
        Problem: 409 with other times if no slot begins then.
    """
    ground = look(act.session, place, subject_key, act.now)
    if ground is None:
        raise refuse_place(act, place, online=online)
    return ground


def _make(act: Act, request: Request, ground: Ground) -> Booking:
    """The booking, not yet inserted, if the person may have it."""
    if request.online:
        refuse_restricted(act, ground.session, request.subject.key, care=request.subject.care)
    policy = act.schedules.policies[ground.policy]
    return Booking(
        visitor_id=request.visitor_id,
        person_id=request.subject.person_id,
        subject_key=request.subject.key,
        name_mask=request.subject.name_mask,
        relation=request.subject.relation,
        care=request.subject.care,
        service=request.service,
        pool_id=request.pool.id,
        day=request.day,
        start=request.start,
        end=request.place.end,
        session=ground.session,
        policy_key=policy_key(policy, request.day, ground.session, request.service),
        channel=request.channel,
        created_at=act.now,
        online=request.online,
        guide=request.guide,
    )


def _take(act: Act, request: Request, booking: Booking, ground: Ground, freed: Sequence[Booking] = ()) -> None:
    freed = [*freed, *expire_in_the_way(act, booking.subject_key, ground)]
    try:
        claiming.insert_booking(act.session, booking)
        claiming.occupy(act.session, booking, ground, act.now, freed=freed)
    except SecondBookingError as refused:
        raise refuse_second(refused.existing, booking.visitor_id) from None
    except GoneError:
        raise Problem(409, "gone_meanwhile", "这个人的信息刚刚被删掉了，请刷新以后重新选。") from None
    except NotFreeError:
        raise refuse_place(act, request.place, online=request.online) from None
    states.note(act, booking.id, (None, booking.status))


def expire_in_the_way(act: Act, subject_key: str, ground: Ground) -> list[Booking]:
    """End holds of a person, and at a place, that are over and not yet swept; their slots are still to be freed."""
    if not ground.overdue:
        return []
    return _expire(act, in_the_way(subject_key, ground.place.visit.pool_id, ground.place.day))


def _expire(act: Act, *which: ColumnElement[bool], most: int = 200) -> list[Booking]:
    ended = over(act.now)
    wanted = select(Booking.id, Booking.pool_id).where(ended, *which).order_by(Booking.id).limit(most)
    due = act.session.execute(wanted).all()
    if due:
        claiming.share(act.session, *{pool_id for _, pool_id in due})
    changed = (states.change(act.by_system(), booking_id, "expired", ended) for booking_id, _ in due)
    return [booking for booking in changed if booking]


def refuse_restricted(act: Act, session_kind: str, subject_key: str, *, care: bool) -> None:
    """Refuse with 403 who may not book such a session online for a while."""
    if care or session_kind not in act.schedules.conduct.restricted_sessions:
        return
    restriction = conduct.restriction_of(act.session, subject_key, act.now)
    if restriction:
        until = restriction.until_at
        detail = (
            f"因为前几次约了没来，{until.month}月{until.day}日前不能在网上约双休日和午间。"
            "平时的号、打电话和到窗口都不受影响；有特殊原因可以在“我的预约”里申诉。"
        )
        raise Problem(403, "restricted", detail)
