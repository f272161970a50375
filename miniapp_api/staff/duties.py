"""Who has which duty: given, taken, asked. The one place that keeps apart what one person may not have both."""

from __future__ import annotations

from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.staff.models import StaffDuty, StaffMember
from miniapp_api.staff.roles import Duty, clash


def add_duty(session: Session, member: StaffMember, duty: Duty) -> None:
    """Give somebody a duty; one that they have already stays as it is.

    Raises:
        Problem: 409 if they have another that has to be somebody else's (受审分离).
    """
    session.refresh(member, with_for_update=True)  # two at once would each see the other's duty missing
    session.refresh(member, ["duties"])
    held = duties_of(member)
    if pair := clash(held | {duty}):
        other = next(iter(pair - {duty})).label
        raise Problem(
            409,
            "duties_apart",
            f"{member.name}已经是“{other}”，不能再加“{duty.label}”：受理、审查、出件要由不同的人办。"
            f"请换一个人，或者先去掉“{other}”。",
        )
    if duty not in held:
        member.duties.append(StaffDuty(duty=duty))
        session.flush()


def remove_duty(session: Session, member: StaffMember, duty: Duty) -> None:
    """Take a duty from somebody, if they have it."""
    member.duties = [row for row in member.duties if row.duty is not duty]
    session.flush()


def duties_of(member: StaffMember) -> frozenset[Duty]:
    """Give all duties of somebody."""
    return frozenset(row.duty for row in member.duties)


def has_duty(member: StaffMember, duty: Duty) -> bool:
    """Tell whether somebody has a duty; an administrator has none unless it was given."""
    return duty in duties_of(member)


def title(member: StaffMember) -> str:
    """Say in Chinese what somebody is: their duties, else their role."""
    held = duties_of(member)
    return "、".join(duty.label for duty in Duty if duty in held) or member.role.label
