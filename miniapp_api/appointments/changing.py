"""What becomes of a booking: cancelled, rescheduled, taken back, checked in, served, missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import bindparam, select, update

from miniapp_api.appointments import claiming, conduct, reminding, states, waiting
from miniapp_api.appointments.acting import VISITOR, Act
from miniapp_api.appointments.booking import expire_in_the_way, found, policy_key, refuse_restricted
from miniapp_api.appointments.claiming import NO_COOLING, NotFreeError, SecondBookingError
from miniapp_api.appointments.looking import Place
from miniapp_api.appointments.models import Booking, Slot, Waiting
from miniapp_api.appointments.planning import at
from miniapp_api.appointments.refusing import refuse_place, refuse_second
from miniapp_api.appointments.schedules import Policy
from miniapp_api.appointments.wording import clock, when_text
from miniapp_api.calendar.service import CHINA
from miniapp_api.errors import Problem
from miniapp_api.signed_codes.service import revoke as revoke_code

_ENDED = {
    "cancelled": "这个预约已经取消了。",
    "revoked": "这个预约因为大厅的安排已经取消，请重新约。",
    "expired": "留的号已经过时放掉了，请重新约。",
    "served": "这个预约已经办过了。",
    "missed": "这个预约的时间已经过了。",
    "checked_in": "已经签到取号了，不能再改。不办了请告诉大厅的工作人员。",
}


_POLICY = select(Slot.policy).where(
    Slot.pool_id == bindparam("pool"), Slot.day == bindparam("on"), Slot.start == bindparam("minute")
)


def cancel(act: Act, booking: Booking) -> Booking:
    """Cancel a booking or let a held place go; who cancels twice gets the same.

    Its places go to the waiting list, or cool down so that nobody can pass them on.

    Raises:
        Problem: 409 if it is over; 403 if the citizen cancelled too often lately.
    """
    if booking.status == "cancelled":
        return booking
    held = booking.status == "held"
    if act.actor == VISITOR and not held:
        _refuse_past(act, booking)
        _refuse_too_many(act, booking)
    changed = states.change(act, booking.id, "cancelled")
    if changed is None:
        current = act.session.get_one(Booking, booking.id, populate_existing=True)
        if current.status == "cancelled":  # at this very moment
            return current
        raise over(act, current)
    if not held:
        late = at(changed.day, changed.start) - timedelta(minutes=policy_of(act, changed).cancel_minutes) < act.now
        if late and act.actor == VISITOR:
            conduct.mark(act, changed, "late_cancel")
        reminding.cancelled(act, changed)
    else:
        reminding.forget(act, changed)
    _end_code(act, changed)
    if not (changed.online and waiting.pass_on(act, changed)):
        cool = None if held else _cooling(act, changed)
        claiming.give_back(act.session, [changed], cool=cool, now=act.now)
    return changed


def revoke(act: Act, booking: Booking, reason: str) -> Booking | None:
    """Take a booking back because the hall cannot keep it, and tell the citizen; None if it is over already."""
    changed = states.change(act, booking.id, "revoked", reason=reason)
    if changed is None:
        return None
    reminding.revoked(act, changed, reason)
    _end_code(act, changed)
    claiming.give_back(act.session, [changed], cool=None, now=act.now)
    return changed


def reschedule(act: Act, booking: Booking, place: Place) -> Booking:
    """Move a booking: the new place is taken before the old one is given up, and its code stays.

    Args:
        act: in the transaction that is rolled back if this raises.
        booking: confirmed.
        place: the new one.

    Raises:
        Problem: 409 if it is over, was moved too often, or the new place cannot be had.
    """
    if booking.status != "confirmed":
        raise over(act, booking)
    if (booking.pool_id, booking.day, booking.start) == (place.visit.pool_id, place.day, place.start):
        return booking
    policy, cool = policy_of(act, booking), _cooling(act, booking)
    if act.actor == VISITOR:
        _refuse_past(act, booking)
    if booking.moves >= policy.moves and act.actor == VISITOR:
        raise Problem(409, "moved_too_often", f"一个号最多改 {policy.moves} 次。请先取消再约，或者打电话、到窗口改。")
    claiming.share(act.session, booking.pool_id, place.visit.pool_id)
    swap = update(Booking).where(
        Booking.id == booking.id, Booking.status == "confirmed", Booking.version == booking.version
    )
    values = {"version": Booking.version + 1, "moves": Booking.moves + 1}
    if act.session.execute(swap.values(values), execution_options={"synchronize_session": False}).rowcount != 1:
        raise over(act, booking)
    old = when_text(booking.day, booking.start)
    moved = _at_new_place(act, booking, place, cool)
    states.note(act, moved.id, ("confirmed", "confirmed"), f"改期，原来是{old}")
    act.session.flush()
    reminding.moved(act, moved)
    return moved


def _at_new_place(act: Act, booking: Booking, place: Place, cool: tuple[int, int] | None) -> Booking:
    ground = found(act, place, booking.subject_key, online=booking.online)
    if booking.online:
        refuse_restricted(act, ground.session, booking.subject_key, care=booking.care)
    key = policy_key(act.schedules.policies[ground.policy], place.day, ground.session, booking.service)
    freed = expire_in_the_way(act, booking.subject_key, ground)
    try:
        return claiming.move(act.session, booking, ground, act.now, policy_key=key, cool=cool, freed=freed)
    except SecondBookingError as refused:
        raise refuse_second(refused.existing, booking.visitor_id) from None
    except NotFreeError:
        raise refuse_place(act, place, online=booking.online) from None


def stop_waiting(act: Act, entry: Waiting) -> None:
    """Take somebody off the waiting list; what they were offered is let go."""
    held = act.session.get(Booking, entry.booking_id) if entry.booking_id else None
    waiting.leave(act.session, entry)
    if held and held.status == "held":
        cancel(act, held)


def check_in(act: Act, booking: Booking) -> Booking:
    """Note that the citizen is at the hall.

    Raises:
        Problem: 409 `wrong_day`, `check_in_too_early`, `check_in_too_late`, `already_checked_in` or `not_live`.
    """
    policy, start, now = policy_of(act, booking), at(booking.day, booking.start), act.now
    when = when_text(booking.day, booking.start)
    if booking.status == "confirmed" and booking.day != act.today:
        raise Problem(409, "wrong_day", f"这个号是{when}的，请那天再来。要改到今天，请到导办台。")
    if booking.status == "confirmed" and now < (opens := start - timedelta(minutes=policy.early_minutes)):
        detail = f"这个号是{when}的，{opens.astimezone(CHINA):%H:%M} 起可以签到，请先坐一会儿。"
        raise Problem(409, "check_in_too_early", detail)
    if booking.status == "confirmed" and now > start + timedelta(minutes=policy.late_minutes):
        raise Problem(409, "check_in_too_late", f"这个号是{when}的，已经过时了。请到导办台取一个现场号。")
    changed = states.change(act, booking.id, "checked_in")
    if changed is None:
        current = act.session.get_one(Booking, booking.id, populate_existing=True)
        if current.status == "checked_in":
            raise Problem(409, "already_checked_in", "这个号已经签到过了，请留意叫号。")
        raise over(act, current)
    reminding.forget(act, changed)
    return changed


def served(act: Act, booking_id: int) -> Booking | None:
    """Note that the business of a booking is done; None if it was not checked in."""
    return states.change(act, booking_id, "served")


def missed(act: Act, booking_id: int) -> Booking | None:
    """Note that nobody came; None if that is settled otherwise. Its places are over, and stay counted."""
    changed = states.change(act, booking_id, "missed")
    if changed is not None:
        conduct.mark(act, changed, "no_show")
    return changed


def mark_missed(act: Act, *, most: int = 200) -> Sequence[Booking]:
    """Mark as missed whoever did not check in in time, all over the city.

    Returns:
        Those that were marked.
    """
    wanted = select(Booking).where(Booking.status == "confirmed", Booking.day <= act.today)
    earliest = wanted.order_by(Booking.day, Booking.start, Booking.id)
    past = [row for row in act.session.scalars(earliest.limit(most)).all() if is_past(act, row, policy_of(act, row))]
    claiming.share(act.session, *(row.pool_id for row in past))
    return [marked for row in past if (marked := missed(act.by_system(), row.id))]


def is_past(act: Act, booking: Booking, policy: Policy) -> bool:
    """Whether it is too late to check in, by the policy of the booking."""
    return at(booking.day, booking.start) + timedelta(minutes=policy.late_minutes) < act.now


def policy_of(act: Act, booking: Booking) -> Policy:
    """The policy that a booking was made under, or that of normal hours if its slot is gone."""
    slot = {"pool": booking.pool_id, "on": booking.day, "minute": booking.start}
    name = act.session.scalar(_POLICY, slot)
    return act.schedules.policies.get(name or "") or next(iter(act.schedules.policies.values()))


def over(act: Act, booking: Booking) -> Problem:
    """Say that it is too late to change a booking: 409."""
    current = act.session.get_one(Booking, booking.id, populate_existing=True)
    if current.status == "held":
        return Problem(409, "not_confirmed", "这个号还没确认，请先确认预约。")
    if current.status == "confirmed":
        return Problem(409, "changed_meanwhile", f"这个预约刚刚改过，现在是{when_text(current.day, current.start)}。")
    return Problem(409, "not_live", _ENDED[current.status])


def _end_code(act: Act, booking: Booking) -> None:
    if booking.sign:
        revoke_code(act.session, booking.sign, "预约已取消")


def _cooling(act: Act, booking: Booking) -> tuple[int, int] | None:
    """How long the places of a booking cool down if it is given up now."""
    soon = at(booking.day, booking.start) - NO_COOLING <= act.now
    return None if soon else policy_of(act, booking).cooling_minutes


def _refuse_past(act: Act, booking: Booking) -> None:
    """Whoever did not come cannot cancel or move it afterwards, before the sweep has noticed."""
    if booking.status == "confirmed" and is_past(act, booking, policy_of(act, booking)):
        raise Problem(409, "not_live", _ENDED["missed"])


def _refuse_too_many(act: Act, booking: Booking) -> None:
    most = act.schedules.conduct.cancels_in_30_days
    if not booking.care and conduct.cancels_of(act.session, booking.subject_key, act.now) >= most:
        detail = f"30 天里已经取消了 {most} 次。这次请打电话或到窗口取消，{clock(booking.start)} 前都可以。"
        raise Problem(403, "too_many_cancels", detail)
